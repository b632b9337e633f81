"""How the choice depends on what one correct answer is worth: acceptability curve, plane, ratios."""

from typing import Literal

import numpy as np

from estimator.decision.odds import first_best
from estimator.record import record
from estimator.units import Array

AT_ONCE = 4_000_000
"""Numbers held at a time while the curve is computed (32 MB)."""


@record
class Acceptability:
    """Per worth of one correct answer: odds and mean net benefit of each option, and the option to choose."""

    worth_usd: Array
    probability_best: Array
    expected_usd: Array
    chosen: Array

    @property
    def frontier(self) -> Array:
        """Odds that the option with the highest mean is the best, per worth (the acceptability frontier)."""
        odds: Array = np.take_along_axis(self.probability_best, self.chosen.astype(int)[None, :], axis=0)[0]
        return odds


def acceptability(*, successes: Array, costs: Array, worth_usd: Array) -> Acceptability:
    """P(option is best) and E[λ · successes − cost] for every worth λ of one correct answer.

    Args:
        successes: Correct answers of the eligible options, shape (options, futures). [count]
        costs: Costs and the damage of errors, shape (options, futures). [USD]
        worth_usd: Grid of λ, shape (worths,). [USD]

    Returns:
        Odds and means of shape (options, worths); chosen option of shape (worths,). [1, USD]

    Source: van Hout et al. 1994, Health Economics 3(5) (curve); Fenwick, Claxton & Sculpher 2001, Health Economics
    10(8) (frontier); Stinnett & Mullahy 1998 (net benefit).

    >>> curve = acceptability(
    ...     successes=np.array([[10.0, 10.0], [20.0, 15.0]]), costs=np.array([[1.0, 1.0], [6.0, 8.0]]),
    ...     worth_usd=np.array([0.0, 1.0, 2.0]))
    >>> curve.probability_best[1].tolist(), curve.chosen.tolist(), curve.frontier.tolist()
    ([0.0, 0.5, 1.0], [0, 1, 1], [1.0, 0.5, 1.0])
    """
    options, futures = successes.shape
    odds = np.empty((options, worth_usd.size))
    step = max(1, AT_ONCE // (options * futures))
    for start in range(0, worth_usd.size, step):
        part = slice(start, start + step)
        best = first_best(worth_usd[part, None, None] * successes - costs, axis=1)
        odds[:, part] = (best == np.arange(options)[:, None, None]).mean(axis=2)
    expected = worth_usd * successes.mean(axis=1)[:, None] - costs.mean(axis=1)[:, None]
    return Acceptability(worth_usd, odds, expected, expected.argmax(axis=0))


def cost_effectiveness_plane(*, successes: Array, costs: Array, baseline: int) -> tuple[Array, Array]:
    """(Δ successes, Δ cost) of every option against a baseline in every future.

    Args:
        successes: Correct answers, shape (options, futures). [count]
        costs: Costs, shape (options, futures). [USD]
        baseline: Index of the option to compare with. [1]

    Returns:
        Extra successes and extra cost, each of shape (options, futures); zeros for the baseline. [count, USD]

    Source: Black 1990, Medical Decision Making 10(3) (the plane).

    >>> more, dearer = cost_effectiveness_plane(
    ...     successes=np.array([[10.0], [14.0]]), costs=np.array([[5.0], [7.0]]), baseline=0)
    >>> more.ravel().tolist(), dearer.ravel().tolist()
    ([0.0, 4.0], [0.0, 2.0])
    """
    return successes - successes[baseline], costs - costs[baseline]


@record
class Ratio:
    """An option in order of successes: where it stands and what one more success costs compared with the one before."""

    option: int
    standing: Literal["on the frontier", "dominated", "extendedly dominated"]
    usd_per_success: float | None
    compared_with: int | None


def incremental_ratios(*, successes: Array, costs: Array) -> tuple[Ratio, ...]:
    """ICER = Δ cost / Δ successes between neighbours on the lower convex hull; the others are marked as dominated.

    Dominated: another option has at least as many successes for no more money. Extendedly dominated: a mix of two
    others does.

    Args:
        successes: Mean correct answers, shape (options,). [count]
        costs: Mean costs, shape (options,). [USD]

    Returns:
        Every option, by successes; the first on the frontier and the dominated ones have no ratio. [USD]

    Source: Johannesson & Weinstein 1993, J. Health Economics 12(4); Drummond et al. 2015, chapter 4.

    >>> found = incremental_ratios(
    ...     successes=np.array([10.0, 20.0, 30.0, 25.0]), costs=np.array([100.0, 400.0, 500.0, 600.0]))
    >>> [(item.option, item.standing) for item in found], found[-1].usd_per_success
    ([(0, 'on the frontier'), (1, 'extendedly dominated'), (3, 'dominated'), (2, 'on the frontier')], 20.0)
    """
    order = sorted(range(successes.size), key=lambda option: (successes[option], -costs[option], -option))
    undominated: list[int] = []
    for option in reversed(order):
        if not undominated or costs[option] < costs[undominated[-1]]:
            undominated.append(option)
    frontier: list[int] = []
    for option in reversed(undominated):
        while len(frontier) > 1 and _ratio(frontier[-1], option, successes, costs) <= _ratio(
            frontier[-2], frontier[-1], successes, costs
        ):
            frontier.pop()
        frontier.append(option)
    before = dict(zip(frontier[1:], frontier[:-1], strict=True))
    return tuple(
        Ratio(option, "on the frontier", _ratio(before[option], option, successes, costs), before[option])
        if option in before
        else Ratio(option, _standing(option, undominated, frontier), None, None)
        for option in order
    )


def _standing(
    option: int, undominated: list[int], frontier: list[int]
) -> Literal["on the frontier", "dominated", "extendedly dominated"]:
    if option in frontier:
        return "on the frontier"
    return "extendedly dominated" if option in undominated else "dominated"


def _ratio(one: int, other: int, successes: Array, costs: Array) -> float:
    return float((costs[other] - costs[one]) / (successes[other] - successes[one]))
