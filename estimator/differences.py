"""What changed from one scenario to another: inputs, figures of options, lines of cost."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from estimator.money import USD, Currency
from estimator.record import record

Path = tuple[str, ...]
"""Place of a value in a scenario; keys may hold dots."""
Sign = Literal["~", "+", "-", "="]
"""Changed, only after, only before, the same."""
_QUANTITY_KEYS = frozenset(
    {"value", "low", "mode", "high", "shape", "p5", "p10", "p50", "p90", "p95", "values", "weights", "source"}
)


@record(slots=False)
class Change:
    """One figure of one option in two scenarios."""

    option: str
    measure: str
    before: float
    after: float
    statistic: str = "central"
    """Of the futures: central, p50 or mean."""

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def percent(self) -> float | None:
        """Difference relative to before; None where before is 0. [%]"""
        return None if self.before == 0 else 100.0 * self.difference / abs(self.before)

    @property
    def ratio(self) -> float | None:
        """After over before; None where before is not positive. [1]"""
        return self.after / self.before if self.before > 0 else None


@record(slots=False)
class Difference:
    """What changed from one scenario to another."""

    before: str
    after: str
    inputs: tuple[tuple[str, Any, Any], ...]
    """Changed inputs: key, value before, value after; None where absent."""
    options: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


COMPARED_BY = {"cost": "p50", "net_benefit": "mean", "quality": "p50"}
"""Statistic by which scenarios are compared; the verdict goes by the mean net benefit."""
_AMOUNTS = frozenset({"cost", "net_benefit"})
"""Measures that are money."""


def difference_data(item: Difference, currency: Currency = USD) -> dict[str, Any]:
    """A difference as plain data."""
    return {
        "from": item.before,
        "to": item.after,
        "inputs": inputs_data(item.inputs),
        "options": [{"option": change.option, **change_data(change, currency)} for change in item.options],
        "only_from": list(item.only_before),
        "only_to": list(item.only_after),
    }


def inputs_data(inputs: tuple[tuple[str, Any, Any], ...]) -> list[dict[str, Any]]:
    """Changed inputs as plain data."""
    return [{"key": key, "from": old, "to": new} for key, old, new in inputs]


def change_data(change: Change, currency: Currency = USD) -> dict[str, Any]:
    """A changed figure as plain data."""
    return {
        "measure": change.measure,
        "statistic": change.statistic,
        "from": _shown(change, change.before, currency),
        "to": _shown(change, change.after, currency),
        "difference": _shown(change, change.difference, currency),
        "percent": change.percent,
    }


def changed_inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    """Key, value before and value after of every input that differs between two scenarios as plain data.

    >>> changed_inputs({"task": {"kind": "chat"}}, {"task": {"kind": "code", "narrow": True}})
    (('task.kind', 'chat', 'code'), ('task.narrow', None, True))
    """
    before, after = leaves(old), leaves(new)
    paths = (*before, *(path for path in after if path not in before))
    return tuple(
        (".".join(path), before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    )


def leaves(data: Mapping[str, Any]) -> dict[Path, Any]:
    """Values by place; a quantity written as a mapping, a list and an empty section are one value.

    >>> leaves({"a": {"b": {"low": 1, "high": 2}, "c": {}}})
    {('a', 'b'): {'low': 1, 'high': 2}, ('a', 'c'): {}}
    """
    return dict(_leaves(data, ()))


def _leaves(data: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(data, Mapping) and data and not data.keys() <= _QUANTITY_KEYS:
        for name, item in data.items():
            yield from _leaves(item, (*path, str(name)))
    else:
        yield path, data


def _shown(change: Change, figure: float, currency: Currency) -> float:
    return currency.of(figure) if change.measure in _AMOUNTS else figure
