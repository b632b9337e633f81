"""The ledger of one option: lines × months, undiscounted and discounted."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from estimator.record import record
from estimator.tco.cashflow import discount_factors
from estimator.tco.paths import Path
from estimator.units import Array, Value, central, column, over_months

Category = Literal[
    "data",
    "build",
    "training",
    "inference",
    "retrieval",
    "operations",
    "evaluation",
    "retraining",
    "migration",
    "quality",
]
CATEGORIES: tuple[Category, ...] = get_args(Category)
Nature = Literal["one_off", "recurring"]
Treatment = Literal["capex", "opex"]
_FUTURES = 256
"""Futures whose months are added up together: they stay in the cache. [count]"""
VOLUME_UNITS = frozenset({"request", "wrong answer", "correct answer"})  # of lines that grow with the requests


@record(slots=False)
class Line:
    """One kind of money: unit price × quantity per month."""

    key: str
    """Stable name, e.g. `inference.output`."""
    label: str
    category: Category
    unit: str
    """What is counted, e.g. request, hour, label."""
    unit_usd: Value
    """Price of one unit, scalar or shape (n,). [USD]"""
    times: Array
    """How often it falls due per month, shape (1 or n, months + 1); column 0 is the time before launch."""
    count: Value = 1.0
    """Units each time, scalar or shape (n,). [unit]"""
    nature: Nature = "recurring"
    """one_off is paid once to get ready, recurring comes with use and time."""
    treatment: Treatment = "opex"
    """How the books treat it: capitalised (capex) or expensed (opex)."""
    index: Array | None = None
    """Price of a month over today's, shape (1 or n, months + 1); None where prices stay. [1]"""
    summed: Array | None = None
    """Its money over the horizon in each future where the figures above are of the central case alone; else None."""

    @property
    def follows_volume(self) -> bool:
        """Whether the quantity is proportional to the requests."""
        return self.unit in VOLUME_UNITS

    @property
    def is_fixed(self) -> bool:
        """Whether it falls due alike in all futures.

        Replicas may do so in some windows of futures alone and do not count: windows add up in the order of the whole.
        """
        rows = max(len(self.times), 1 if self.index is None else len(self.index))
        return rows == 1 and self.unit != "replica-hour"

    @property
    def quantity(self) -> Array:
        """Units per month, shape (1 or n, months + 1). [unit]"""
        units: Array = column(self.count) * self.times
        return units

    @property
    def price(self) -> Value:
        """Money each time, scalar or shape (n,). [USD]"""
        return self.unit_usd * self.count

    @property
    def due(self) -> Array:
        """How often it falls due at today's price to cost what it costs, shape (1 or n, months + 1)."""
        return self.times if self.index is None else self.times * self.index

    @property
    def mean_index(self) -> float:
        """Amount over quantity × today's price in the central case; 1 where prices stay. [1]"""
        quantity = float(self.times[0].sum())
        return float(self.due[0].sum()) / quantity if self.index is not None and quantity != 0 else 1.0

    @property
    def monthly(self) -> Array:
        """Money per month, shape (1 or n, months + 1). [USD]"""
        return column(self.price) * self.due

    @cached_property
    def total(self) -> Array:
        """Money over the horizon, undiscounted, shape (1 or n,). [USD]"""
        return self.summed if self.summed is not None else column(self.price)[:, 0] * over_months(self.due)

    def present_value(self, factors: Array) -> Array:
        """Money over the horizon, discounted, shape (1 or n,). [USD]"""
        if self.summed is not None:
            raise ValueError(f"{self.key}: its months are let go; ask for the central case, or its ledger")
        worth: Array = column(self.price)[:, 0] * over_months(self.due, factors)
        return worth

    def central_value(self, factors: Array) -> float:
        """Money over the horizon, discounted, in the central case. [USD]"""
        return central(self.unit_usd) * central(self.count) * float((self.due[0] * factors[0]).sum())


@record
class Held:
    """What a ledger keeps where the months of its lines are let go."""

    monthly: Path
    total: Array
    present_value: Array
    stays: Array
    """Present value of the lines that stay when the volume changes."""
    follows: Array
    """Present value of the lines that follow the volume."""


@record(slots=False)
class Ledger:
    """All lines of one option; the total is the sum of the lines."""

    lines: tuple[Line, ...]
    months: int
    annual_rate: Value
    """Discount rate. [1/year]"""
    held: Held | None = None
    """Its months and sums where they are not computed from the lines; else None."""

    @cached_property
    def factors(self) -> Array:
        """Discount factors, shape (1 or n, months + 1). [1]"""
        return discount_factors(annual_rate=self.annual_rate, months=self.months)

    def factors_of(self, first: int, end: int) -> Array:
        """Rows of `factors` from the first to before the end, shape (1 or rows, months + 1). [1]"""
        return self.factors[first:end] if self.factors.shape[0] > 1 else self.factors

    @property
    def monthly(self) -> Array:
        """Money per month over all lines, shape (1 or n, months + 1). [USD]"""
        return self.held.monthly.all() if self.held is not None else self._months

    def monthly_of(self, first: int, end: int) -> Array:
        """Rows of `monthly` from the first to before the end, shape (1 or rows, months + 1). [USD]"""
        if self.held is not None:
            return self.held.monthly.some(first, end)
        return self._months[first:end] if self._months.shape[0] > 1 else self._months

    @cached_property
    def total(self) -> Array:
        """Undiscounted total, shape (1 or n,). [USD]"""
        return self.held.total if self.held is not None else self._sum(self.lines, np.ones((1, self.months + 1)))

    @cached_property
    def present_value(self) -> Array:
        """Discounted total, shape (1 or n,). [USD]"""
        if self.held is not None:
            return self.held.present_value
        return self.stays + self.follows

    @cached_property
    def stays(self) -> Array:
        """Discounted total of the lines that stay when the volume changes, shape (1 or n,). [USD]"""
        return self.held.stays if self.held is not None else self._present(follows=False)

    @cached_property
    def follows(self) -> Array:
        """Discounted total of the lines that follow the volume, shape (1 or n,). [USD]"""
        return self.held.follows if self.held is not None else self._present(follows=True)

    def _present(self, *, follows: bool) -> Array:
        return self._sum([line for line in self.lines if line.follows_volume is follows], self.factors)

    def _sum(self, lines: Sequence[Line], factors: Array) -> Array:
        """Σ price × Σ_m quantity × factor; lines that fall due alike are counted once."""
        if any(line.summed is not None for line in lines):
            return _add([line.total for line in lines])
        return _add([column(price)[:, 0] * over_months(due, factors) for price, due in _alike(lines)])

    @property
    def cumulative_present_value(self) -> Array:
        """Discounted money up to each month, shape (1 or n, months + 1). [USD]"""
        worth = self.monthly * self.factors
        return np.cumsum(worth, axis=-1, out=worth)

    @cached_property
    def _months(self) -> Array:
        return sum_months(self.lines, self.months)

    def by_category(self) -> dict[Category, tuple[Line, ...]]:
        """Lines grouped in the order of the categories, empty groups left out."""
        groups = {name: tuple(line for line in self.lines if line.category == name) for name in CATEGORIES}
        return {name: lines for name, lines in groups.items() if lines}


def sum_months(lines: Iterable[Line], months: int) -> Array:
    """Money per month over several lines: Σ price × quantity.

    Lines that fall due at the same times and whose prices move alike share their arrays and are multiplied once.

    Args:
        lines: Lines of one option. [USD]
        months: Length of the horizon. [month]

    Returns:
        Sum of shape (1 or n, months + 1). [USD]

    Source: definition.

    >>> line = Line("a", "a", "data", "label", 2.0, np.ones((1, 3)))
    >>> sum_months([line, line], 2).tolist()
    [[4.0, 4.0, 4.0]]
    """
    given = list(lines)
    fixed, moving = (
        [(column(price), due) for price, due in _alike(line for line in given if line.is_fixed is is_fixed)]
        for is_fixed in (True, False)
    )
    rows = max((max(len(price), len(due)) for price, due in fixed + moving), default=1)
    total = np.zeros((rows, months + 1))
    prices = np.concatenate([np.zeros((rows, 0)), *(np.broadcast_to(price, (rows, 1)) for price, _ in fixed)], axis=1)
    dues = np.concatenate([np.zeros((0, months + 1)), *(due for _, due in fixed)])
    for start in range(0, rows, _FUTURES):
        here = slice(start, start + _FUTURES)
        found = total[here]
        np.matmul(prices[here], dues, out=found)  # what falls due alike in all futures
        money = np.empty(found.shape)
        for price, due in moving:
            paid, units = (each if len(each) == 1 else each[here] for each in (price, due))
            np.multiply(paid, units, out=money)
            found += money
    return total


def totals(lines: Sequence[Line]) -> list[Array]:
    """Money of each line over the horizon, undiscounted; lines that fall due alike are counted once.

    Args:
        lines: Lines of one option. [USD]

    Returns:
        One total per line, shape (1 or n,). [USD]

    Source: `Line.total`.

    >>> line = Line("a", "a", "data", "label", 2.0, np.ones((1, 3)))
    >>> [total.tolist() for total in totals([line, line])]
    [[6.0], [6.0]]
    """
    due: dict[tuple[int, int], Array] = {}
    found = []
    for line in lines:
        key = (id(line.times), id(line.index))
        if line.summed is None and key not in due:
            due[key] = over_months(line.due)
        found.append(line.summed if line.summed is not None else column(line.price)[:, 0] * due[key])
    return found


def _alike(lines: Iterable[Line]) -> list[tuple[Value, Array]]:
    """Price and times of the lines, those that fall due at the same times and whose prices move alike as one."""
    prices: dict[tuple[int, int], Value] = {}
    alike: dict[tuple[int, int], Line] = {}
    for line in lines:
        key = (id(line.times), id(line.index))
        alike[key] = line
        prices[key] = prices.get(key, 0.0) + line.price
    return [(prices[key], line.due) for key, line in alike.items()]


def _add(parts: Sequence[Array]) -> Array:
    total = np.zeros(1)
    for part in parts:
        total = total + part
    return total
