"""What changed from one scenario to another."""

from dataclasses import dataclass
from typing import Any

from estimator.money import USD, Currency


@dataclass(frozen=True)
class Change:
    """One figure of one option in two scenarios."""

    option: str
    measure: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def percent(self) -> float | None:
        """Difference relative to before; None where before is 0. [%]"""
        return None if self.before == 0 else 100.0 * self.difference / abs(self.before)


@dataclass(frozen=True)
class Difference:
    """What changed from one scenario to another."""

    before: str
    after: str
    inputs: tuple[tuple[str, Any, Any], ...]
    """Changed inputs: key, value before, value after; None where absent."""
    options: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


_AMOUNTS = frozenset({"cost", "net_benefit"})
"""Measures that are money."""


def difference_data(item: Difference, currency: Currency = USD) -> dict[str, Any]:
    """A difference as plain data."""
    return {
        "from": item.before,
        "to": item.after,
        "inputs": [{"key": key, "from": old, "to": new} for key, old, new in item.inputs],
        "options": [
            {
                "option": change.option,
                "measure": change.measure,
                "from": _shown(change, change.before, currency),
                "to": _shown(change, change.after, currency),
                "difference": _shown(change, change.difference, currency),
                "percent": change.percent,
            }
            for change in item.options
        ],
        "only_from": list(item.only_before),
        "only_to": list(item.only_after),
    }


def _shown(change: Change, figure: float, currency: Currency) -> float:
    return currency.of(figure) if change.measure in _AMOUNTS else figure
