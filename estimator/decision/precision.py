"""How far may the figures of a decision be off because futures are a sample, and are there enough of them?"""

import numpy as np

from estimator.record import record
from estimator.units import Array

CLEAR = 2.0
"""Standard errors by which a lead must differ from 0 before the order of two options counts as clear. Convention."""


@record
class Precision:
    """Sampling error of the lead of the best option over the runner-up, and of its odds."""

    draws: int
    """Futures used. [count]"""
    lead_usd: float
    """Expected net benefit of the best option minus that of the runner-up. [USD]"""
    lead_se_usd: float
    """Standard error of the lead. [USD]"""
    lead_spread_usd: float
    """Standard deviation of the lead over the futures. [USD]"""
    probability_best: float
    """Share of futures in which the best option is the best. [1]"""
    probability_best_se: float
    """Standard error of that share. [1]"""

    @property
    def order_is_clear(self) -> bool:
        """Whether the lead is too large to come from the choice of futures alone."""
        return self.lead_usd > CLEAR * self.lead_se_usd


def standard_error(*, futures: Array) -> float:
    """Standard error of a mean over futures: s/√n.

    It treats the futures as independent. They are a Latin hypercube sample, whose means vary less where a result is
    nearly a sum of effects of single inputs, so the true error is at most about this one, often far less.

    Args:
        futures: Futures of a result, shape (n,). [any unit]

    Returns:
        Standard error; nan for one future, whose error is unknown, and where a future is infinite. [unit of the result]

    Source: Stein 1987, Technometrics 29(2) (the variance of a Latin hypercube mean is not above that of random draws).

    >>> standard_error(futures=np.array([1.0, 2.0, 3.0, 4.0])).__round__(4)
    0.6455
    """
    if futures.size < 2 or not np.isfinite(futures).all():
        return float("nan")
    return float(futures.std(ddof=1) / np.sqrt(futures.size))


def share_standard_error(*, share: float, draws: int) -> float:
    """Standard error of a share of n futures: √(p (1 − p)/(n + 4)) with p = (n share + 2)/(n + 4).

    Two futures of each kind are added, so that a share of 0 or 1 in few futures does not look certain.

    Args:
        share: Share that was counted. [1]
        draws: Futures, n. [count]

    Returns:
        Standard error. [1]

    Source: Agresti & Coull 1998, The American Statistician 52(2).

    >>> round(share_standard_error(share=0.5, draws=10_000), 4), round(share_standard_error(share=1.0, draws=96), 3)
    (0.005, 0.014)
    """
    moved = (draws * share + 2.0) / (draws + 4.0)
    return float(np.sqrt(moved * (1.0 - moved) / (draws + 4.0)))


def precision_of(*, lead: Array, probability_best: float) -> Precision:
    """Sampling errors of a decision.

    Args:
        lead: Net benefit of the best option minus that of the runner-up in each future, shape (n,). [USD]
        probability_best: Share of futures in which the best option is the best. [1]

    Returns:
        Lead and odds with their standard errors. [USD, 1]

    Source: `standard_error`, `share_standard_error`.

    >>> precision_of(lead=np.array([1.0, 3.0]), probability_best=1.0).lead_se_usd
    1.0
    """
    error = standard_error(futures=lead)
    return Precision(
        draws=lead.size,
        lead_usd=float(lead.mean()),
        lead_se_usd=error,
        lead_spread_usd=error * float(np.sqrt(lead.size)),
        probability_best=probability_best,
        probability_best_se=share_standard_error(share=probability_best, draws=lead.size),
    )


def precise_enough(*, precision: Precision, relative_error: float) -> bool:
    """Whether se(lead) ≤ ε · max(|lead|, spread of the lead) and se(P(best)) ≤ ε.

    Measured against the spread too, a lead near 0 does not ask for futures without end: taking the wrong one of two
    options that are this close costs nearly nothing. So 1/ε² futures are always enough.

    Args:
        precision: Errors of the decision. [USD, 1]
        relative_error: Aim ε. [1]

    Returns:
        True when no more futures are needed. [1]

    Source: definition.

    >>> found = precision_of(lead=np.array([1.0, 3.0] * 50), probability_best=1.0)
    >>> precise_enough(precision=found, relative_error=0.06), precise_enough(precision=found, relative_error=0.01)
    (True, False)
    """
    size = max(abs(precision.lead_usd), precision.lead_spread_usd)
    return precision.lead_se_usd <= relative_error * size and precision.probability_best_se <= relative_error
