"""What changed from one scenario to another."""

from dataclasses import dataclass
from typing import Any


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


def difference_data(item: Difference) -> dict[str, Any]:
    """A difference as plain data."""
    return {
        "from": item.before,
        "to": item.after,
        "inputs": [{"key": key, "from": old, "to": new} for key, old, new in item.inputs],
        "options": [
            {
                "option": change.option,
                "measure": change.measure,
                "from": change.before,
                "to": change.after,
                "difference": change.difference,
                "percent": change.percent,
            }
            for change in item.options
        ],
        "only_from": list(item.only_before),
        "only_to": list(item.only_after),
    }
