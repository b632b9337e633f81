"""Hold the quantities of a result against the conditions of a policy."""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Literal

from estimator.errors import ScenarioError, did_you_mean
from estimator.policy.quantities import Figure, documented_as, quantities_of
from estimator.record import record
from estimator.scenario import Minus, Named, Node, Not, Number, Pair, Policy, names_in, parse_condition

Level = Literal["warn", "fail"]
Found = Literal["clear", "holds", "unjudged"]
Status = Literal["ok", "warned", "failed"]
_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class _NoFigureError(Exception):
    """A condition needs a figure that the result does not have."""


@record
class Ruling:
    """One condition and what was found."""

    level: Level
    condition: str
    found: Found
    """holds: it warns or fails; unjudged: a figure is missing, which counts as if it held."""
    values: Mapping[str, Figure]
    """The quantities it names, as they are."""
    reason: str
    """Why it could not be judged; empty where it was."""


@record
class Checked:
    """One scenario held against a policy."""

    rulings: tuple[Ruling, ...]

    @property
    def status(self) -> Status:
        """The worst that was found."""
        levels = {ruling.level for ruling in self.rulings if ruling.found != "clear"}
        return "failed" if "fail" in levels else "warned" if "warn" in levels else "ok"


def check(policy: Policy, result: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> Checked:
    """Hold one scenario of a result against a policy.

    Args:
        policy: The conditions.
        result: The scenario as plain data.
        base: The same scenario as it was, for `increase.` and `change.`.

    Returns:
        One ruling per condition, those that fail first.

    Raises:
        ScenarioError: a condition names a quantity that no result has.
    """
    known = quantities_of(result, base)
    written: tuple[tuple[Level, tuple[str, ...]], ...] = (("fail", policy.fail_if), ("warn", policy.warn_if))
    return Checked(tuple(_ruling(level, text, known) for level, texts in written for text in texts))


def _ruling(level: Level, text: str, known: Mapping[str, Figure]) -> Ruling:
    tree = parse_condition(text)
    names = names_in(tree)
    for name in names:
        if name not in known:
            raise ScenarioError(f"{level}_if: {text!r:.80}: {_unknown(name, known)}")
    values = {name: known[name] for name in names}
    try:
        return Ruling(level, text, "holds" if _truth(tree, known) else "clear", values, "")
    except _NoFigureError as missing:
        return Ruling(level, text, "unjudged", values, str(missing))


def _unknown(name: str, known: Mapping[str, Figure]) -> str:
    if name.startswith(("increase.", "change.")) and "change.cost.p50" not in known:
        return f"{name} needs the result before; name it with --compare-to base.json"
    near = did_you_mean(name, known)
    if not near and documented_as(name) is not None:
        near = f"; the options are {', '.join(_options(known))}, best, baseline"
    return f"unknown quantity {name!r}{near or '; docs/method/policy.md lists all'}"


def _options(known: Mapping[str, Figure]) -> list[str]:
    found = (name.removesuffix(".feasible") for name in known if name.endswith(".feasible"))
    return [name for name in found if name not in {"best", "baseline"}]


def _truth(node: Node, known: Mapping[str, Figure]) -> bool:
    if isinstance(node, Not):
        return not _truth(node.inner, known)
    if isinstance(node, Pair) and node.sign == "and":
        return _truth(node.left, known) and _truth(node.right, known)
    if isinstance(node, Pair) and node.sign == "or":
        return _truth(node.left, known) or _truth(node.right, known)
    if isinstance(node, Pair):
        return bool(_SIGNS[node.sign](_amount(node.left, known), _amount(node.right, known)))
    name = node.name if isinstance(node, Named) else ""
    figure = _figure(name, known)
    if not isinstance(figure, bool):
        raise ScenarioError(f"{name} is an amount, not a condition; compare it, e.g. {name} > 10k")
    return figure


def _amount(node: Node, known: Mapping[str, Figure]) -> float:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Named):
        figure = _figure(node.name, known)
        if isinstance(figure, bool):
            raise ScenarioError(f"{node.name} is yes or no; write {node.name} or not {node.name}")
        return figure
    if isinstance(node, Minus):
        return -_amount(node.inner, known)
    if not isinstance(node, Pair):
        raise ScenarioError("a condition stands where an amount is expected; correct it")
    left, right = _amount(node.left, known), _amount(node.right, known)
    if node.sign == "/" and right == 0:
        raise _NoFigureError("it divides by 0")
    result = float(_SIGNS[node.sign](left, right))
    if math.isnan(result):
        raise _NoFigureError("it comes to no number")
    return result


def _figure(name: str, known: Mapping[str, Figure]) -> float | bool:
    figure = known[name]
    if figure is None:
        raise _NoFigureError(f"{name} has no value in this result")
    return figure
