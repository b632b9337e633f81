"""When to retrain: the economic interval, a fixed one, a threshold, or never."""

from dataclasses import dataclass

import numpy as np

from estimator.errors import InputError
from estimator.units import Value
from estimator.upkeep.retraining import linear_retraining_interval, trigger_delay_months

SHORTEST_INTERVAL_MONTHS = 1.0
"""A retraining with labels, evaluation and release takes about a month. Judgement."""
LABELLING_LAG_MONTHS = 0.25
"""A week until the labels of a check are there. Judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Interval between retrainings and why."""

    kind: str
    interval_months: Value
    description: str


def policy(
    *,
    kind: str,
    every_months: float | None,
    retrain_usd: Value,
    tasks_per_month: Value,
    value_per_quality_usd: Value,
    drift_per_month: Value,
    checks_per_month: Value,
) -> Policy:
    """Retraining interval of a policy.

    economic: τ* = √(2K/(N v δ)); threshold: retrain when the drop of that interval is seen, later by the detection
    delay; every: as given; never: infinite. No interval is shorter than a month.

    Args:
        kind: economic, threshold, every or never.
        every_months: Interval of `every`. [month]
        retrain_usd: K. [USD]
        tasks_per_month: N. [requests/month]
        value_per_quality_usd: v. [USD]
        drift_per_month: δ. [1/month]
        checks_per_month: Quality checks. [1/month]

    Returns:
        The policy. [month]

    Raises:
        InputError: unknown kind.

    Source: Mahadevan & Mathioudakis 2024 (cost-aware retraining); closed form as in `linear_retraining_interval`.

    >>> float(policy(kind="every", every_months=6.0, retrain_usd=1.0, tasks_per_month=1.0, value_per_quality_usd=1.0,
    ...              drift_per_month=0.01, checks_per_month=1.0).interval_months)
    6.0
    """
    if kind == "never":
        return Policy(kind=kind, interval_months=np.inf, description="never retrained")
    if kind == "every" and every_months is not None:
        text = f"retrained every {every_months:.0f} months"
        return Policy(kind=kind, interval_months=every_months, description=text)
    if kind not in {"economic", "threshold"}:
        raise InputError(f"upkeep.retrain: {kind!r} is no policy; give economic, threshold, never, or every N months")
    best = linear_retraining_interval(
        retrain_usd=retrain_usd,
        tasks_per_month=tasks_per_month,
        value_per_quality_usd=value_per_quality_usd,
        drift_per_month=drift_per_month,
    )
    if kind == "threshold":
        best = best + trigger_delay_months(
            checks_per_month=np.maximum(checks_per_month, 1e-3), labelling_lag_months=LABELLING_LAG_MONTHS
        )
    interval: Value = np.maximum(best, SHORTEST_INTERVAL_MONTHS)
    shown = float(np.atleast_1d(interval)[0])
    if not np.isfinite(shown):
        return Policy(kind=kind, interval_months=interval, description="never retrained: no value is lost by waiting")
    how = (
        "the interval with the lowest sum of retraining and lost value" if kind == "economic" else "when a drop is seen"
    )
    return Policy(kind=kind, interval_months=interval, description=f"retrained about every {shown:.1f} months, {how}")
