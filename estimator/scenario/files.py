"""Scenario files: text → Scenario → text, with messages that name file, line and field."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from estimator.errors import ScenarioError, UsageError
from estimator.scenario.messages import explain
from estimator.scenario.scenario import Scenario

MAX_BYTES = 200_000
MAX_NODES = 20_000
MAX_DEPTH = 40


def load(path: str | Path) -> Scenario:
    """Read a scenario from a file.

    Raises:
        UsageError: the file is missing or cannot be read.
        ScenarioError: its content is not a valid scenario.
    """
    file = Path(path)
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise ScenarioError(
                f"{file}: {size:,} bytes is larger than the limit of {MAX_BYTES:,}; a scenario is a few kilobytes"
            )
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{file}: no such file; check the path, or start one with: estimator init") from None
    except IsADirectoryError:
        raise UsageError(f"{file}: is a folder; name the scenario files in it") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{file}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}; check the path and its permissions") from None
    return loads(text, origin=str(file))


def loads(text: str, *, origin: str = "scenario") -> Scenario:
    """Read a scenario from YAML (or JSON) text.

    Raises:
        ScenarioError: the text is not a valid scenario; the message names origin, line and field.
    """
    if len(text) > MAX_BYTES:
        raise ScenarioError(f"{origin}: longer than {MAX_BYTES:,} characters; a scenario is a few kilobytes")
    data, root = _parse(text, origin)
    return from_data(data, origin=origin, root=root)


def from_data(data: Any, *, origin: str = "scenario", root: Node | None = None) -> Scenario:
    """Validate plain data as a scenario.

    Raises:
        ScenarioError: it is none.
    """
    if not isinstance(data, Mapping):
        kind = "empty" if data is None else f"a {type(data).__name__}"
        raise ScenarioError(
            f"{origin}: {kind}, not a mapping with name, start, horizon, workload, task, options; "
            "start one with: estimator init"
        )
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        path, message = explain(error, Scenario)
        line = f" line {_line(root, path)}:" if root is not None else ""
        raise ScenarioError(f"{origin}:{line} {message}") from None
    except RecursionError:
        raise ScenarioError(f"{origin}: nested too deeply; a scenario has at most five levels") from None


def dumps(scenario: Scenario) -> str:
    """The scenario as YAML text that loads back to an equal scenario."""
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # keep the order of the model
    yaml.dump(to_data(scenario), out)
    return out.getvalue()


def to_data(scenario: Scenario) -> dict[str, Any]:
    """The scenario as plain data: what was written and nothing else."""
    data: dict[str, Any] = scenario.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return data


def _parse(text: str, origin: str) -> tuple[Any, Node | None]:
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(io.StringIO(text))
        if root is None:
            return None, None
        _check_size(root, origin)
        return yaml.constructor.construct_document(root), root
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f" line {mark.line + 1}:" if mark else ""
        problem = " ".join(str(error.problem or error.context).split())
        raise ScenarioError(f"{origin}:{line} not valid YAML: {problem:.200}; correct this line") from None
    except (YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())
        raise ScenarioError(f"{origin}: not valid YAML: {problem:.200}; correct the file") from None
    except RecursionError:
        raise ScenarioError(f"{origin}: nested too deeply; a scenario has at most five levels") from None


def _check_size(root: Node, origin: str) -> None:
    """Refuse documents that explode when their aliases are expanded, before expanding them."""
    sizes: dict[int, int] = {}

    def size(node: Node, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise ScenarioError(f"{origin}: nested deeper than {MAX_DEPTH} levels; a scenario has at most five")
        if id(node) not in sizes:
            sizes[id(node)] = 0
            sizes[id(node)] = 1 + sum(size(child, depth + 1) for child in _children(node))
        return sizes[id(node)]

    if size(root, 0) > MAX_NODES:
        raise ScenarioError(
            f"{origin}: holds more than {MAX_NODES:,} values, counting what its anchors repeat; use extends instead"
        )


def _children(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _line(root: Node, path: tuple[str | int, ...]) -> int:
    """Line of the deepest part of a path that the file really has."""
    node = root
    line = node.start_mark.line
    for step in path:
        if isinstance(node, MappingNode):
            found = [
                (key, value) for key, value in node.value if isinstance(key, ScalarNode) and key.value == str(step)
            ]
            if not found:
                break
            line, node = found[0][0].start_mark.line, found[0][1]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1
