"""Where each option stands beside the others."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import numpy as np

from estimator.decision.constraints import Check
from estimator.decision.odds import expected_regret, probability_best
from estimator.decision.outcome import Band, Outcome, band
from estimator.inputs import Kind
from estimator.record import record
from estimator.tco import break_even_month
from estimator.threads import begun
from estimator.units import Array, Value

AT_ONCE = 2_500
"""Futures whose months a thread looks at together: as many as the cache of a core holds. [count]"""
THREADS = 2
"""They gain as long as arithmetic over arrays is most of the work. [count]"""
QUALITY_ODDS = 0.5
"""An option counts as good enough when it reaches the wanted quality in at least half of the futures."""


@record
class Blocker:
    """A reason why an option may not be chosen."""

    text: str
    trace: tuple[str, ...]
    """Key of the constraint or input behind it."""


@record
class Standing:
    """The figures of one option that a decision is made on; money is present value in USD."""

    name: str
    kind: Kind
    eligible: bool
    blockers: tuple[Blocker, ...]
    """Every reason why it may not be chosen; none when it may."""
    cost: Band
    net_benefit: Band
    quality: Band
    cost_per_success: Band
    relative_cost: float | None
    """Median cost over that of the baseline; None where one of them has no cost. [1]"""
    break_even_month: Band | None
    """Month from which it stays ahead of the baseline in net benefit; None where there is nothing to compare."""
    probability_break_even: float | None
    probability_best: float
    probability_good_enough: float
    """Share of futures that reach the minimum quality. [1]"""
    regret_usd: float
    """Mean loss against perfect foresight; nan where the option may not be chosen. [USD]"""

    @property
    def why_not(self) -> str:
        """The reasons in one line; empty when it may be chosen."""
        return "; ".join(item.text for item in self.blockers)


def standings(
    outcomes: Sequence[Outcome],
    *,
    minimum_quality: Value | None,
    checked: Mapping[str, Sequence[Check]] = MappingProxyType({}),
) -> dict[str, Standing]:
    """Compare options with each other and with the first of them.

    Args:
        outcomes: Options in the order of the scenario; the first is the baseline. [USD]
        minimum_quality: Share of correct answers that is asked for, or None. [1]
        checked: Hard constraints by option; one that does not hold excludes it. [1]

    Returns:
        One standing per option, in the same order. [USD]

    Source: net monetary benefit, Stinnett & Mullahy 1998.
    """
    floor: Value = -np.inf if minimum_quality is None else minimum_quality
    good = np.array([_share_good(outcome, floor) for outcome in outcomes])
    blockers = [
        _blockers(outcome, share, minimum_quality, checked.get(outcome.name, ()))
        for outcome, share in zip(outcomes, good, strict=True)
    ]
    eligible = np.array([not reasons for reasons in blockers])
    net_benefit = np.stack([_finite(_futures(outcome.net_benefit)) for outcome in outcomes])
    odds = probability_best(net_benefit=net_benefit, eligible=eligible)
    regret = expected_regret(net_benefit=net_benefit, eligible=eligible)
    base = outcomes[0]
    found: dict[str, Standing] = {}
    ahead = _break_even_months(outcomes)
    for position, outcome in enumerate(outcomes):
        month = ahead.get(outcome.name)
        cost = band(outcome.cost)
        found[outcome.name] = Standing(
            name=outcome.name,
            kind=outcome.kind,
            eligible=bool(eligible[position]),
            blockers=blockers[position],
            cost=cost,
            net_benefit=band(outcome.net_benefit),
            quality=band(outcome.mean_quality),
            cost_per_success=band(outcome.cost_per_success),
            relative_cost=_relative(cost.p50, band(base.cost).p50),
            break_even_month=None if month is None else band(month),
            probability_break_even=None if month is None else float(np.isfinite(_futures(month)).mean()),
            probability_best=float(odds[position]),
            probability_good_enough=float(good[position]),
            regret_usd=float(regret[position]) if eligible[position] else float("nan"),
        )
    return found


def _share_good(outcome: Outcome, floor: Value) -> float:
    if outcome.infeasible:
        return 0.0
    return float(_futures(np.where(outcome.mean_quality >= floor, 1.0, 0.0)).mean())


def _relative(cost: float, base: float) -> float | None:
    return cost / base if cost > 0 and base > 0 else None


def _break_even_months(outcomes: Sequence[Outcome]) -> dict[str, Array]:
    """By option that can be compared with the first: the month in each future from which it stays ahead of it."""
    base = outcomes[0]
    others = [outcome for outcome in outcomes[1:] if _has_figures(outcome) and _has_figures(base)]

    def some(first: int) -> list[Array]:
        end = min(first + AT_ONCE, base.size)
        theirs = base.cumulative_net_benefit_of(first, end)
        gains = (outcome.cumulative_net_benefit_of(first, end) - theirs for outcome in others)
        return [np.broadcast_to(break_even_month(cumulative_gain=gain), end - first) for gain in gains]

    if not others:
        return {}
    with ThreadPoolExecutor(THREADS) as pool:
        begins = [begun(pool, some, first) for first in range(0, base.size, AT_ONCE)]
    blocks = [block.result() for block in begins]
    return {outcome.name: np.concatenate(months) for outcome, *months in zip(others, *blocks, strict=True)}


def _blockers(
    outcome: Outcome, share_good: float, minimum_quality: Value | None, checked: Sequence[Check]
) -> tuple[Blocker, ...]:
    if outcome.infeasible:
        return (Blocker(outcome.infeasible, ("feasible",)),)
    found = []
    if outcome.is_comparison or "pretraining" in outcome.stages:
        text = "shown for comparison only: training from scratch is never recommended silently"
        found.append(Blocker(text, ("pretraining",)))
    if not np.isfinite(outcome.net_benefit).all():
        text = "its net benefit is no finite number in some futures; check the ranges of its inputs"
        found.append(Blocker(text, ("total.net_benefit_usd",)))
    if minimum_quality is not None and share_good < QUALITY_ODDS:
        asked = band(np.atleast_1d(minimum_quality)).p50
        text = (
            f"reaches the minimum quality of {asked:.2f} in {share_good:.0%} of futures "
            f"(median quality {band(outcome.mean_quality).p50:.2f})"
        )
        found.append(Blocker(text, ("task.minimum_quality",)))
    found += [Blocker(check.text, (check.constraint,)) for check in checked if check.holds is False]
    return tuple(dict.fromkeys(found))


def _futures(values: Array) -> Array:
    return values[1:] if values.size > 1 else values


def _has_figures(outcome: Outcome) -> bool:
    return not outcome.infeasible and bool(np.isfinite(outcome.net_benefit).all())


def _finite(values: Array) -> Array:
    """Infinite money becomes no number, which spoils the figures of its own option alone."""
    return np.where(np.isfinite(values), values, np.nan)
