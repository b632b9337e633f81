"""How far the figures of a decision still depend on chance, and how many draws would settle it."""

import math
from dataclasses import dataclass

import numpy as np

from estimator.decision.information import Worth, perfect_information
from estimator.units import Array

LEAD = 2.0
"""The lead of the best option must be this many standard errors."""
SMALL_SHARE = 0.01
"""… or its standard error must be below this share of the usual net benefit, so that a mistake hardly costs."""
ODDS = 0.01
"""Standard error of odds that is small enough."""
INFORMATION_SHARE = 0.05
"""Standard error of the EVPI that is small enough, as a share of the EVPI."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Standard errors of the figures of a decision, from the draws it was made on."""

    draws: int
    mean_usd: Array
    odds: Array
    lead_usd: float
    lead: float
    perfect_information: Worth


@dataclass(frozen=True, slots=True)
class Enough:
    """Whether the draws suffice, how many would, and which figures still move."""

    enough: bool
    draws_needed: int
    unsettled: tuple[str, ...]


def mean_standard_error(*, values: Array) -> Array:
    """s.e. of a mean = sd / √draws, of independent draws; for Latin hypercube draws of a monotone result a bound.

    Args:
        values: Draws along the last axis, at least two. [unit of the result]

    Returns:
        One figure per row. [unit of the result]

    Source: McKay, Beckman & Conover 1979, Technometrics 21(2) (Latin hypercube never worse for monotone functions).

    >>> float(mean_standard_error(values=np.array([1.0, 3.0])))
    1.0
    """
    error: Array = values.std(axis=-1, ddof=1) / math.sqrt(values.shape[-1])
    return error


def share_standard_error(*, share: Array, draws: int) -> Array:
    """s.e. of a share = √(p (1 − p) / (n + 4)) with p = (n share + 2) / (n + 4); above 0 even when it never happened.

    Args:
        share: Observed shares. [1]
        draws: Number of draws n. [count]

    Returns:
        One figure per share. [1]

    Source: Agresti & Coull 1998, The American Statistician 52(2).

    >>> share_standard_error(share=np.array([0.5, 0.0]), draws=96).round(3).tolist()
    [0.05, 0.014]
    """
    centred = (draws * share + 2.0) / (draws + 4.0)
    error: Array = np.sqrt(centred * (1.0 - centred) / (draws + 4.0))
    return error


def precision(*, net_benefit: Array) -> Precision:
    """Standard errors of E[NB_o], P(best), the lead E[NB_best − NB_second] and the EVPI.

    Args:
        net_benefit: Eligible options only, shape (options, futures). [USD]

    Returns:
        The standard errors; a single option leads by infinity. [USD, 1]

    Source: see `mean_standard_error`, `share_standard_error` and `perfect_information`; the lead uses the same draws of
    both options (common random numbers).

    >>> found = precision(net_benefit=np.array([[1.0, 5.0, 3.0], [2.0, 3.0, 2.5]]))
    >>> found.lead_usd, round(found.lead, 3)
    (0.5, 0.866)
    """
    options, draws = net_benefit.shape
    odds = np.bincount(net_benefit.argmax(axis=0), minlength=options) / draws
    order = np.argsort(-net_benefit.mean(axis=1), kind="stable")
    lead = net_benefit[order[0]] - net_benefit[order[1]] if options > 1 else np.full(draws, np.inf)
    return Precision(
        draws=draws,
        mean_usd=mean_standard_error(values=net_benefit),
        odds=share_standard_error(share=odds, draws=draws),
        lead_usd=float(lead.mean()),
        lead=float(mean_standard_error(values=lead)) if options > 1 else 0.0,
        perfect_information=perfect_information(net_benefit=net_benefit),
    )


def enough(*, net_benefit: Array) -> Enough:
    """Whether choice, odds and EVPI would hold with other draws; draws needed = n · max (s.e. / allowed s.e.)².

    Args:
        net_benefit: Eligible options only, shape (options, futures). [USD]

    Returns:
        The answer, the draws that would do, and the figures that still move. [count]

    Source: s.e. ∝ 1 / √n; limits (judgement): a lead of 2 s.e. or an s.e. of 1 % of the largest mean |NB|, odds ± 0.01,
    EVPI ± 5 % or ± 1 % of the largest mean |NB|.

    >>> steady = np.stack([np.linspace(9.0, 11.0, 10_000), np.linspace(1.0, 3.0, 10_000)])
    >>> enough(net_benefit=steady)
    Enough(enough=True, draws_needed=10000, unsettled=())
    """
    found = precision(net_benefit=net_benefit)
    slight = SMALL_SHARE * float(np.abs(net_benefit).mean(axis=1).max())
    information = found.perfect_information
    asked = {
        "choice": (found.lead, max(found.lead_usd / LEAD, slight)),
        "odds": (float(found.odds.max()), ODDS),
        "value of information": (information.standard_error_usd, max(INFORMATION_SHARE * information.usd, slight)),
    }
    excess = {name: error / allowed for name, (error, allowed) in asked.items() if error > 0}
    unsettled = tuple(name for name, ratio in excess.items() if ratio > 1)
    return Enough(not unsettled, math.ceil(found.draws * max(1.0, *excess.values()) ** 2), unsettled)
