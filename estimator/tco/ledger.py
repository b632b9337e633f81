"""The ledger of one option: lines × months, undiscounted and discounted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from estimator.tco.cashflow import discount_factors
from estimator.units import Array, Value, central

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
CATEGORIES: tuple[Category, ...] = (
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
)
Nature = Literal["one_off", "recurring"]
Treatment = Literal["capex", "opex"]
VOLUME_UNITS = frozenset({"request", "wrong answer", "correct answer"})
"""Units of lines that grow in proportion to the requests."""


@dataclass(frozen=True)
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

    @property
    def follows_volume(self) -> bool:
        """Whether the quantity is proportional to the requests."""
        return self.unit in VOLUME_UNITS

    @property
    def quantity(self) -> Array:
        """Units per month, shape (1 or n, months + 1). [unit]"""
        units: Array = _column(self.count) * self.times
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

    @cached_property
    def monthly(self) -> Array:
        """Money per month, shape (1 or n, months + 1). [USD]"""
        return _column(self.price) * self.due

    @cached_property
    def total(self) -> Array:
        """Money over the horizon, undiscounted, shape (1 or n,). [USD]"""
        amount: Array = _column(self.price)[:, 0] * self.due.sum(axis=-1)
        return amount

    def present_value(self, factors: Array) -> Array:
        """Money over the horizon, discounted, shape (1 or n,). [USD]"""
        discounted: Array = _column(self.price)[:, 0] * np.einsum("nm,nm->n", *np.broadcast_arrays(self.due, factors))
        return discounted


@dataclass(frozen=True)
class Ledger:
    """All lines of one option; the total is the sum of the lines."""

    lines: tuple[Line, ...]
    months: int
    annual_rate: Value
    """Discount rate. [1/year]"""

    @cached_property
    def factors(self) -> Array:
        """Discount factors, shape (1 or n, months + 1). [1]"""
        return discount_factors(annual_rate=self.annual_rate, months=self.months)

    @cached_property
    def monthly(self) -> Array:
        """Money per month over all lines, shape (1 or n, months + 1). [USD]"""
        return sum_months(self.lines, self.months)

    @cached_property
    def total(self) -> Array:
        """Undiscounted total, shape (1 or n,). [USD]"""
        return _add([line.total for line in self.lines])

    @cached_property
    def present_value(self) -> Array:
        """Discounted total, shape (1 or n,). [USD]"""
        return _add([line.present_value(self.factors) for line in self.lines])

    @cached_property
    def cumulative_present_value(self) -> Array:
        """Discounted money up to each month, shape (1 or n, months + 1). [USD]"""
        return np.cumsum(self.monthly * self.factors, axis=-1)

    def by_category(self) -> dict[Category, tuple[Line, ...]]:
        """Lines grouped in the order of the categories, empty groups left out."""
        groups = {name: tuple(line for line in self.lines if line.category == name) for name in CATEGORIES}
        return {name: lines for name, lines in groups.items() if lines}

    @property
    def central_by_category(self) -> dict[Category, Array]:
        """Money per month of each category in the central case, shape (months + 1,). [USD]"""
        return {
            name: np.sum([central(line.price) * line.due[0] for line in lines], axis=0)
            for name, lines in self.by_category().items()
        }


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
    prices: dict[tuple[int, int], Value] = {}
    alike: dict[tuple[int, int], Line] = {}
    for line in lines:
        key = (id(line.times), id(line.index))
        alike[key] = line
        prices[key] = prices.get(key, 0.0) + line.price
    total = np.zeros((1, months + 1))
    for key, line in alike.items():
        price, quantity = _column(prices[key]), line.due
        size = max(total.shape[0], price.shape[0], quantity.shape[0])
        if total.shape[0] < size:
            total = np.repeat(total, size, axis=0)
        active = np.flatnonzero(quantity.any(axis=0))
        if active.size == 0:
            continue
        if active.size < quantity.shape[1] // 4:
            total[:, active] += price * quantity[:, active]
        else:
            total += price * quantity
    return total


def upfront(*, months: int, units: Value = 1.0) -> Array:
    """Quantity that falls before launch only.

    Args:
        months: Length of the horizon. [month]
        units: How many, scalar or shape (n,). [unit]

    Returns:
        Shape (1 or n, months + 1). [unit]

    Source: definition.

    >>> upfront(months=2, units=5.0).tolist()
    [[5.0, 0.0, 0.0]]
    """
    column = _column(units)
    quantity = np.zeros((column.shape[0], months + 1))
    quantity[:, 0] = column[:, 0]
    return quantity


def every_month(*, per_month: Value, months: int | None = None) -> Array:
    """Quantity of each month after launch, with an empty month 0 before it.

    Args:
        per_month: Units per month: a scalar or shape (n,) with `months`, or shape (1 or n, months). [unit/month]
        months: Length of the horizon where `per_month` has no month axis. [month]

    Returns:
        Shape (1 or n, months + 1). [unit]

    Source: definition.

    >>> every_month(per_month=2.0, months=2).tolist()
    [[0.0, 2.0, 2.0]]
    """
    path = np.asarray(per_month, dtype=float)
    if months is not None:
        path = np.repeat(_column(per_month), months, axis=1)
    path = np.atleast_2d(path)
    return np.concatenate((np.zeros((path.shape[0], 1)), path), axis=1)


def _column(value: Value) -> Array:
    return np.atleast_1d(np.asarray(value, dtype=float))[:, None]


def _add(parts: Sequence[Array]) -> Array:
    total = np.zeros(1)
    for part in parts:
        total = total + part
    return total
