"""YAML text → plain data, within bounds that hostile text cannot exceed."""

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from estimator.errors import ScenarioError

MAX_NODES = 20_000
MAX_DEPTH = 40
MAX_DIGITS = 400
"""Digits of a whole number; more are no figure of anybody, and slow to turn into one."""


class _TooDeepError(Exception):
    """Nested deeper than the limit."""


class _BoundedComposer(Composer):
    """Stops at the depth limit, before the time of reading grows with its square."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One value and what is below it."""
        self.depth += 1
        if self.depth > MAX_DEPTH + 1:
            raise _TooDeepError
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def parse_yaml(text: str, origin: str) -> tuple[Any, Node | None]:
    """Plain data of a YAML (or JSON) text, and its tree with the lines; None where the text is empty.

    Raises:
        ScenarioError: the text is no YAML, or explodes when its anchors are expanded.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _BoundedComposer
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
    except (RecursionError, _TooDeepError):
        raise ScenarioError(f"{origin}: nested deeper than {MAX_DEPTH} levels; a scenario has at most five") from None


def _check_size(root: Node, origin: str) -> None:
    """Refuse documents that explode when their aliases are expanded, before expanding them."""
    sizes: dict[int, int] = {}

    def size(node: Node, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise ScenarioError(f"{origin}: nested deeper than {MAX_DEPTH} levels; a scenario has at most five")
        if isinstance(node, ScalarNode) and str(node.tag).endswith(":int") and len(node.value) > MAX_DIGITS:
            raise ScenarioError(
                f"{origin}: line {node.start_mark.line + 1}: a whole number of {len(node.value):,} digits is longer "
                f"than {MAX_DIGITS}; correct it"
            )
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
