"""Scenario files: text → Scenario → text, with messages that name file, line and field."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from estimator.errors import FieldError, ScenarioError, UsageError
from estimator.reading import bounded_text
from estimator.scenario import memo
from estimator.scenario.messages import explain
from estimator.scenario.overrides import FLAG, with_overrides
from estimator.scenario.reference import places_of_key
from estimator.scenario.scenario import Scenario
from estimator.scenario.text import parse_yaml

MAX_BYTES = 200_000
_KINDS: Mapping[type, str] = {str: "plain text", list: "a list"}
"""What a file can be instead of a mapping, in words; the rest is a number, a date or the like."""


def load(path: str | Path, *, overrides: Mapping[str, Any] | None = None, flag: str = FLAG) -> Scenario:
    """Read a scenario from a file, or from a memo that carries one.

    Args:
        path: The file.
        overrides: Values by path, such as `workload.requests_per_month`, that stand before those of the file.
        flag: What brought them, for messages and sources.

    Raises:
        UsageError: the file is missing or cannot be read.
        ScenarioError: its content is not a valid scenario, or a path of the overrides leads nowhere.
    """
    return loads(text_of(path), origin=str(path), overrides=overrides, flag=flag)


def text_of(path: str | Path) -> str:
    """Text of a scenario file or memo, unchecked but for its size.

    Raises:
        UsageError: the file is missing or cannot be read.
        ScenarioError: it is too large, or no text.
    """
    file = Path(path)
    most = memo.MAX_BYTES if file.suffix.lower() in memo.SUFFIXES else MAX_BYTES
    try:
        size = file.stat().st_size
        if size > most:
            raise ScenarioError(
                f"{file}: {size:,} bytes is larger than the limit of {most:,}; a scenario is a few kilobytes"
            )
        return bounded_text(file, most)
    except FileNotFoundError:
        raise UsageError(f"{file}: no such file or folder; check the path, or start one with: estimator init") from None
    except IsADirectoryError:
        raise UsageError(f"{file}: is a folder; name the scenario files in it") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{file}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}; check the path and its permissions") from None


def loads(
    text: str, *, origin: str = "scenario", overrides: Mapping[str, Any] | None = None, flag: str = FLAG
) -> Scenario:
    """Read a scenario from YAML (or JSON) text, or a memo that carries one; `overrides` and `flag` as for `load`.

    Raises:
        ScenarioError: the text is not a valid scenario; the message names origin, line and field.
    """
    if memo.is_memo(text):
        text, origin = memo.scenario_text(text, origin=origin), f"scenario inside {origin}"
    if len(text) > MAX_BYTES:
        raise ScenarioError(f"{origin}: longer than {MAX_BYTES:,} characters; a scenario is a few kilobytes")
    data, root = parse_yaml(text, origin)
    return from_data(data, origin=origin, root=root, overrides=overrides, flag=flag)


def from_data(
    data: Any,
    *,
    origin: str = "scenario",
    root: Node | None = None,
    overrides: Mapping[str, Any] | None = None,
    flag: str = FLAG,
) -> Scenario:
    """Validate plain data as a scenario; `overrides` and `flag` as for `load`.

    Raises:
        ScenarioError: it is none.
    """
    if not isinstance(data, Mapping):
        kind = "empty" if data is None else _KINDS.get(type(data), "a single value")
        raise ScenarioError(
            f"{origin}: {kind}, not a mapping with name, start, horizon, workload, task, options; "
            "start one with: estimator init"
        )
    try:
        return Scenario.model_validate(with_overrides(data, overrides or {}, flag=flag))
    except ValidationError as error:
        path, message = explain(error, Scenario, places_of_key)
        if overrides and not path:
            raise ScenarioError(f"{origin} with {flag} {', '.join(overrides)}: {message}") from None
        if changed := _changed_at(path, overrides or {}):
            repeated = message.startswith(f"{changed}:")
            raise FieldError(f"{flag} {message}" if repeated else f"{flag} {changed}: {message}") from None
        where = path or tuple(message.partition(" ")[0].rstrip(":").split("."))  # a problem of several fields names one
        line = f" line {_line(root, where)}:" if root is not None else ""
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


def _changed_at(path: tuple[str | int, ...], overrides: Mapping[str, Any]) -> str:
    """Path of the override that a problem lies in; empty where it lies in the file."""
    field = ".".join(map(str, path))
    return next((key for key in overrides if f"{field}.".startswith(f"{key}.") or key.startswith(f"{field}.")), "")


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
        elif isinstance(node, SequenceNode) and str(step).isdecimal() and int(step) < len(node.value):
            node = node.value[int(step)]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1
