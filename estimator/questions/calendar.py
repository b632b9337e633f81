"""Months of several scenarios on one calendar."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from estimator.record import record
from estimator.scenario import Scenario
from estimator.units import Array


@record
class Calendar:
    """All months that any of the scenarios covers, the month before the first launch in front."""

    first: int
    """Months since year 0 of column 0. [month]"""
    months: int
    """Number of columns. [count]"""

    @classmethod
    def of(cls, scenarios: Iterable[Scenario]) -> "Calendar":
        """The calendar of some scenarios; what is paid before a launch falls in the month before it."""
        spans = [(_number(item.start) - 1, item.horizon + 1) for item in scenarios]
        first = min(start for start, _ in spans)
        return cls(first, max(start + length for start, length in spans) - first)

    @property
    def labels(self) -> tuple[str, ...]:
        """Months as 2027-01."""
        return tuple(
            f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(self.first, self.first + self.months)
        )

    def offset(self, scenario: Scenario) -> int:
        """Column of the month before a scenario starts."""
        return _number(scenario.start) - 1 - self.first

    def place(self, path: Array, scenario: Scenario) -> Array:
        """A path by month of a scenario, the column before launch first, on the calendar.

        Args:
            path: Shape (1 or n, horizon + 1). [any unit]
            scenario: Whose months they are.

        Returns:
            Shape (1 or n, months), 0 outside the horizon. [unit of the path]
        """
        placed = np.zeros((path.shape[0], self.months))
        start = self.offset(scenario)
        placed[:, start : start + path.shape[1]] = path
        return placed


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1
