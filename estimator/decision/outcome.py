"""What the decision is made on: money, value and quality of each option over the futures."""

from functools import cached_property

import numpy as np

from estimator.decision.precision import standard_error
from estimator.inputs import Kind
from estimator.record import record
from estimator.tco import Ledger, Path
from estimator.units import Array, Value, over_months

PERCENTILES = (5, 10, 50, 90, 95)


@record
class Band:
    """A result over the futures, and in the central case."""

    central: float
    mean: float
    se: float
    """Standard error of the mean, see `standard_error`; nan where the mean is infinite."""
    p5: float
    p10: float
    p50: float
    p90: float
    p95: float


def band(values: Array) -> Band:
    """Central case, mean with its standard error, and p5, p10, p50, p90, p95 of a result.

    Args:
        values: Element 0 is the central case, the rest are futures; shape (1,) where nothing is uncertain. [any unit]

    Returns:
        The figures. [unit of the values]

    Source: definition.

    >>> band(np.array([2.0, 1.0, 2.0, 3.0])).p50
    2.0
    """
    futures = values[1:] if values.size > 1 else values
    error = standard_error(futures=futures) if values.size > 1 else 0.0
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is no number
        mean = float(futures.mean())
    return Band(float(values[0]), mean, error, *percentiles(futures=futures).tolist())


def percentiles(*, futures: Array) -> Array:
    """p5, p10, p50, p90 and p95: the smallest future that at least p % of the futures do not exceed.

    Args:
        futures: Futures of a result, shape (n, …). [any unit]

    Returns:
        Shape (5, …). [unit of the futures]

    Source: the inverse of the empirical distribution function (Hyndman & Fan 1996, definition 1), so that infinite
        futures (never) are allowed.

    >>> percentiles(futures=np.arange(1.0, 101.0)).tolist()
    [5.0, 10.0, 50.0, 90.0, 95.0]
    """
    places = [max(-(-futures.shape[0] * percent // 100) - 1, 0) for percent in PERCENTILES]
    months = futures.reshape(futures.shape[0], -1).T  # one after the other: all of them ranked would be a copy of all
    found: Array = np.stack([np.sort(month)[places] for month in months], axis=-1)
    return found.reshape(len(places), *futures.shape[1:])


@record
class Answers:
    """Answers over the horizon in each future, shape (1 or n,)."""

    asked: Array
    right: Array


@record(slots=False)
class Outcome:
    """One option, costed and valued."""

    name: str
    kind: Kind
    costs: Ledger
    benefits: Ledger
    """Value of right answers and, negative, the damage of wrong ones."""
    requests_by_month: Array | Path
    quality_by_month: Array | Path
    size: int
    """1 + number of futures. [count]"""
    full_requests: Value = np.nan
    """Requests of the first month at full volume, scalar or shape (n,). [requests/month]"""
    infeasible: str = ""
    """Why the option cannot be carried out; empty when it can."""
    ends: tuple[str, ...] = ()
    """Known ends of its model or platform within the horizon."""
    stages: tuple[Kind, ...] = ()
    """Kinds of the options of a staged plan, in order; empty for an option of its own."""
    answers: Answers | None = None
    """Counts over the horizon where they are not computed from the months; else None."""

    @property
    def requests(self) -> Array:
        """Requests per month, shape (1 or n, months)."""
        path = self.requests_by_month
        return path.all() if isinstance(path, Path) else path

    @property
    def quality(self) -> Array:
        """Share of correct answers per month, shape (1 or n, months)."""
        path = self.quality_by_month
        return path.all() if isinstance(path, Path) else path

    @property
    def is_comparison(self) -> bool:
        """Whether the option is shown for comparison only and never chosen."""
        return "pretraining" in (self.kind, *self.stages)

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
        right = self.answers.right if self.answers is not None else over_months(self.requests, self.quality)
        return self._full(right)

    @cached_property
    def mean_quality(self) -> Array:
        """Share of correct answers over the horizon, shape (n,). [1]"""
        asked = self.answers.asked if self.answers is not None else over_months(self.requests)
        return self._full(self.successes / asked)

    @cached_property
    def cost_per_success(self) -> Array:
        """Undiscounted cost per correct answer, damage of errors left out, shape (n,). [USD]"""
        return self._full(self.costs.total) / np.maximum(self.successes, 1e-12)

    @property
    def cumulative_cost(self) -> Array:
        """Discounted cost up to each month, shape (n, months + 1). [USD]"""
        return self.costs.cumulative_present_value

    @property
    def cumulative_net_benefit(self) -> Array:
        """Discounted net benefit up to each month, shape (n, months + 1). [USD]"""
        return self.cumulative_net_benefit_of(0, self.size)

    def cumulative_net_benefit_of(self, first: int, end: int) -> Array:
        """Rows of it from the first to before the end, shape (1 or rows, months + 1). [USD]"""
        gain = self.net_flow_of(first, end) * self.costs.factors_of(first, end)
        return np.cumsum(gain, axis=-1, out=gain)

    def net_flow_of(self, first: int, end: int) -> Array:
        """Value minus cost of each month, undiscounted, in the rows from the first to before the end. [USD]"""
        return self.benefits.monthly_of(first, end) - self.costs.monthly_of(first, end)

    @property
    def upkeep_share(self) -> float:
        """Retraining and forced moves as a share of all costs, central case, undiscounted. [1]"""
        upkeep = sum(float(line.total[0]) for line in self.costs.lines if line.category in {"retraining", "migration"})
        total = float(self.costs.total[0])
        return upkeep / total if total > 0 else 0.0

    def _full(self, values: Array) -> Array:
        return np.broadcast_to(values, (self.size,))
