"""What the decision is made on: money, value and quality of each option over the futures."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from estimator.inputs import Kind
from estimator.tco import Ledger
from estimator.units import Array

PERCENTILES = (10, 50, 90)


@dataclass(frozen=True, slots=True)
class Band:
    """A result over the futures, and in the central case."""

    central: float
    mean: float
    p10: float
    p50: float
    p90: float


def band(values: Array) -> Band:
    """Central case, mean, p10, p50 and p90 of a result.

    Args:
        values: Element 0 is the central case, the rest are futures; shape (1,) where nothing is uncertain. [any unit]

    Returns:
        The five figures. [unit of the values]

    Source: definition; `inverted_cdf` percentiles, so that infinite values (never) are allowed.

    >>> band(np.array([2.0, 1.0, 2.0, 3.0])).p50
    2.0
    """
    futures = values[1:] if values.size > 1 else values
    low, middle, high = np.percentile(futures, PERCENTILES, method="inverted_cdf")
    return Band(float(values[0]), float(futures.mean()), float(low), float(middle), float(high))


@dataclass(frozen=True)
class Outcome:
    """One option, costed and valued."""

    name: str
    kind: Kind
    costs: Ledger
    benefits: Ledger
    """Value of right answers and, negative, the damage of wrong ones."""
    requests: Array
    """Requests per month, shape (1 or n, months)."""
    quality: Array
    """Share of correct answers per month, shape (1 or n, months)."""
    size: int
    """1 + number of futures. [count]"""
    infeasible: str = ""
    """Why the option cannot be carried out; empty when it can."""
    stages: tuple[Kind, ...] = ()
    """Kinds of the options of a staged plan, in order; empty for an option of its own."""

    @property
    def is_comparison(self) -> bool:
        """Whether the option is shown for comparison only and never chosen."""
        return self.kind == "pretraining"

    @cached_property
    def cost(self) -> Array:
        """Present value of all costs, shape (n,). [USD]"""
        return self._full(self.costs.present_value)

    @cached_property
    def net_benefit(self) -> Array:
        """Present value of benefits minus costs, shape (n,). [USD]"""
        return self._full(self.benefits.present_value - self.costs.present_value)

    @cached_property
    def successes(self) -> Array:
        """Correct answers over the horizon, shape (n,). [count]"""
        return self._full((self.requests * self.quality).sum(axis=1))

    @cached_property
    def mean_quality(self) -> Array:
        """Share of correct answers over the horizon, shape (n,). [1]"""
        return self._full(self.successes / self.requests.sum(axis=1))

    @cached_property
    def cost_per_success(self) -> Array:
        """Undiscounted cost per correct answer, damage of errors left out, shape (n,). [USD]"""
        return self._full(self.costs.total) / np.maximum(self.successes, 1e-12)

    @cached_property
    def cumulative_cost(self) -> Array:
        """Discounted cost up to each month, shape (n, months + 1). [USD]"""
        return self.costs.cumulative_present_value

    @cached_property
    def cumulative_net_benefit(self) -> Array:
        """Discounted net benefit up to each month, shape (n, months + 1). [USD]"""
        gain = self.benefits.monthly - self.costs.monthly
        return np.cumsum(gain * self.costs.factors, axis=-1)

    def _full(self, values: Array) -> Array:
        return np.broadcast_to(values, (self.size,))
