"""When to retrain: the economic interval, a fixed one, a threshold, or never; and what each costs."""

from collections.abc import Callable, Mapping
from dataclasses import field

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.units import Array, Value
from estimator.upkeep.path import mean_age, retraining_times
from estimator.upkeep.retraining import linear_retraining_interval, trigger_delay_months

SHORTEST_INTERVAL_MONTHS = 1.0
"""A retraining with labels, evaluation and release takes about a month. Judgement."""
LABELLING_LAG_MONTHS = 0.25
"""A week until the labels of a check are there. Judgement."""
LONGEST_WAIT_MONTHS = 1200.0
"""A drop that takes longer than a century never comes."""
KINDS = ("economic", "threshold", "every", "never")


@record(kw_only=True)
class Policy:
    """Interval between retrainings and why."""

    kind: str
    interval_months: Value
    description: str


@record(kw_only=True)
class PolicyCost:
    """What one policy costs over the horizon, central case, undiscounted."""

    policy: Policy
    retrainings: float
    retraining_usd: float
    lost_usd: float
    """Value of the quality that is lost while waiting. [USD]"""
    mean_quality_lost: float
    """Weighted with the requests. [1]"""
    parts_usd: Mapping[str, float] = field(default_factory=dict)
    """The retrainings by what they are spent on. [USD]"""

    @property
    def total_usd(self) -> float:
        """Retraining and lost value. [USD]"""
        return self.retraining_usd + self.lost_usd


@record(kw_only=True)
class Case:
    """What a policy is judged on, central case."""

    months: int
    retrain_usd: float
    value_usd: Array
    """Worth of one unit of quality in each month, shape (months,). [USD]"""
    loss: Callable[[Array], Array]
    """Quality lost at an age. [1]"""
    checks_per_month: float
    threshold: float | None
    """Drop that triggers the threshold policy; that of the closed-form interval where None. [1]"""
    closed_from: float = np.inf
    reopened_at: float = np.inf

    def times(self, interval: float) -> Array:
        """Times of retraining at an interval. [month]"""
        return retraining_times(
            interval_months=interval,
            months=self.months,
            closed_from=self.closed_from,
            reopened_at=self.reopened_at,
        )

    def cost(self, interval: float) -> tuple[float, float, float]:
        """Retrainings, value lost and mean loss at an interval. [count, USD, 1]"""
        times = self.times(interval)
        resets = np.append(times, self.reopened_at) if self.reopened_at < self.months else times
        loss = self.loss(mean_age(resets=resets, months=self.months)[0])
        worth = self.value_usd.sum()
        lost = float((self.value_usd * loss).sum())
        return float(times.size), lost, lost / worth if worth > 0 else float(loss.mean())

    @property
    def closed_form(self) -> float:
        """√(2 K/(N v δ)) with the loss of the first month as δ. [month]"""
        return float(
            linear_retraining_interval(
                retrain_usd=self.retrain_usd,
                tasks_per_month=float(self.value_usd.mean()),
                value_per_quality_usd=1.0,
                drift_per_month=float(self.loss(np.array([1.0]))[0]),
            )
        )


def policy_of(case: Case, *, kind: str, every_months: float | None = None) -> Policy:
    """Interval between retrainings of a policy.

    economic: the horizon cut into k + 1 equal parts, k ≥ 0 the number of retrainings with the lowest sum of their cost
    and lost value; for a long horizon and linear drift this is τ* = √(2K/(N v δ)). threshold: the drop is reached, seen
    half a check interval later, and labelled; every: as given; never: infinite. No interval is shorter than a month.

    Args:
        case: What it is judged on, central case.
        kind: economic, threshold, every or never.
        every_months: Interval of `every`. [month]

    Returns:
        The policy. [month]

    Raises:
        InputError: unknown kind.

    Source: Mahadevan & Mathioudakis 2024 (cost-aware retraining); economic order quantity over a finite horizon.
    """
    if kind == "never":
        return Policy(kind=kind, interval_months=np.inf, description="never retrained")
    if kind == "every" and every_months is not None:
        text = f"retrained every {every_months:.0f} months"
        return Policy(kind=kind, interval_months=every_months, description=text)
    if kind not in {"economic", "threshold"}:
        raise InputError(f"upkeep.retrain: {kind!r} is no policy; give economic, threshold, never, or every N months")
    interval = _economic(case) if kind == "economic" else _threshold(case)
    if not np.isfinite(interval) or interval >= case.months:
        text = "never retrained within the horizon: " + (
            "waiting costs less" if kind == "economic" else "the drop that triggers it does not come"
        )
        return Policy(kind=kind, interval_months=np.inf, description=text)
    how = (
        "the interval with the lowest sum of retraining and lost value" if kind == "economic" else "when a drop is seen"
    )
    text = f"retrained about every {interval:.1f} months, {how}"
    return Policy(kind=kind, interval_months=interval, description=text)


def policy_cost(case: Case, chosen: Policy, *, parts_usd: Mapping[str, float]) -> PolicyCost:
    """Retrainings and lost value of a policy over the horizon.

    Args:
        case: What it is judged on, central case.
        chosen: The policy.
        parts_usd: Cost of one retraining by what it is spent on. [USD]

    Returns:
        Its cost. [USD]

    Source: definition.
    """
    count, lost, share = case.cost(float(np.atleast_1d(chosen.interval_months)[0]))
    return PolicyCost(
        policy=chosen,
        retrainings=count,
        retraining_usd=count * case.retrain_usd,
        lost_usd=lost,
        mean_quality_lost=share,
        parts_usd={name: count * usd for name, usd in parts_usd.items()},
    )


def _economic(case: Case) -> float:
    """Best of 0, 1, 2 … retrainings at equal intervals, each at least a month."""
    most = max(int(case.months / SHORTEST_INTERVAL_MONTHS) - 1, 0)
    best, least = np.inf, case.cost(np.inf)[1]
    for count in range(1, most + 1):
        interval = case.months / (count + 1.0)
        made, lost, _ = case.cost(interval)
        total = made * case.retrain_usd + lost
        if total < least * (1.0 - 1e-12):
            best, least = interval, total
        if made * case.retrain_usd > least:
            break
    return best


def _threshold(case: Case) -> float:
    """Age at which the drop is reached, plus the time to notice it."""
    wait = case.closed_form
    if case.threshold is None and not np.isfinite(wait):
        return np.inf
    drop = case.threshold if case.threshold is not None else float(case.loss(np.array([wait]))[0])
    if drop <= 0 or float(case.loss(np.array([LONGEST_WAIT_MONTHS]))[0]) < drop:
        return np.inf
    low, high = 0.0, LONGEST_WAIT_MONTHS
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if float(case.loss(np.array([middle]))[0]) < drop else (low, middle)
    delay = trigger_delay_months(
        checks_per_month=max(case.checks_per_month, 1e-3), labelling_lag_months=LABELLING_LAG_MONTHS
    )
    return max(high + float(delay), SHORTEST_INTERVAL_MONTHS)
