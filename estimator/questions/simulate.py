"""The futures of a scenario: fans, odds, regret, and what one correct answer must be worth for each option."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from estimator.catalog import Catalog
from estimator.decision import (
    Acceptability,
    Band,
    Outcome,
    Precision,
    Ratio,
    Worth,
    acceptability,
    band,
    cost_effectiveness_plane,
    incremental_ratios,
    percentiles,
    perfect_information,
    share_standard_error,
)
from estimator.errors import InputError
from estimator.pipeline import DRAWS, estimate
from estimator.questions.precise import MOST, estimate_precisely, precision_of_estimate
from estimator.record import record
from estimator.results import Estimate
from estimator.scenario import Scenario
from estimator.tco.staging import JOIN
from estimator.units import Array, Value, over_months

WORTH = "task.value_per_success"
CAUGHT = "task.escalation_share"
WORTHS = 61
"""Points of the acceptability curve."""
BEYOND = 10.0
"""Factor by which the curve reaches beyond the figures that it must show."""
DECADES = 6
"""Width of the curve at most."""
CLOUD = 400
"""Futures shown per option on the cost-effectiveness plane."""
FIRST = 1_250
"""Futures to begin with where draws are raised."""


@record(slots=False)
class OptionFutures:
    """One option over the futures; money is present value in USD."""

    name: str
    eligible: bool
    why_not: str
    probability_best: float
    probability_best_se: float
    cost: Band
    net_benefit: Band
    regret: Band | None
    """Loss against the best option of each future; None where it may not be chosen."""
    regrets: Array
    """The same in every future, empty where there is none. [USD]"""
    cost_by_month: Array
    """Cumulative cost, p5, p10, p50, p90, p95 by month, shape (5, months + 1). [USD]"""
    net_benefit_by_month: Array
    """Cumulative net benefit, p5, p10, p50, p90, p95 by month, shape (5, months + 1). [USD]"""


@record(slots=False)
class Plane:
    """More answers for more money? Every further option against the first that counts."""

    baseline: str
    successes: Mapping[str, Array]
    """Extra correct answers in a sample of the futures, discounted, shape (sample,). [count]"""
    costs: Mapping[str, Array]
    """Extra cost in the same futures, damage of errors included, shape (sample,). [USD]"""
    means: Mapping[str, tuple[float, float]]
    """Mean extra answers and mean extra cost over all futures. [count, USD]"""


@record(slots=False)
class Simulation:
    """The futures of one scenario."""

    estimate: Estimate
    precision: Precision
    aim: float | None
    """Error that was asked for; None where the number of draws was given."""
    reached: bool
    options: Mapping[str, OptionFutures]
    """Options that can be carried out."""
    eligible: tuple[str, ...]
    """Options that may be chosen, in the order of the curves below."""
    worth_today: Band
    """What one correct answer is worth in the scenario. [USD]"""
    perfect_information: Worth | None
    acceptability: Acceptability | None
    plane: Plane | None
    ratios: tuple[Ratio, ...]
    """By successes; numbers are places in `eligible`."""

    @property
    def uncertain(self) -> bool:
        """Whether any input has a range."""
        return any(item.is_uncertain for item in self.estimate.inputs)

    @property
    def turning_points(self) -> tuple[tuple[float, str], ...]:
        """Worth of one correct answer from which each option of the frontier has the highest mean. [USD]"""
        bought = [ratio for ratio in self.ratios if ratio.usd_per_success is not None]
        return tuple((ratio.usd_per_success or 0.0, self.eligible[ratio.option]) for ratio in bought)


def simulate(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    precision: float | None = None,
    worth_usd: Array | None = None,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> Simulation:
    """Fans, odds, regret, value of information and the acceptability curve of the options of a scenario.

    Args:
        scenario: What the user asks.
        draws: Futures; with `precision` the most that may be used. [count]
        seed: Seed of the futures; the same seed gives the same result, bit for bit.
        precision: Double the draws until the errors of the decision are below this share, see `estimate_precisely`. [1]
        worth_usd: What one correct answer may be worth, shape (worths,); chosen to fit where not given. [USD]
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.

    Returns:
        The simulation. [USD, shares]

    Raises:
        InputError: a number is out of range.
        EstimatorError: an input cannot be used.
    """
    if precision is None:
        found = estimate(scenario, draws=draws, seed=seed, catalog=catalog, on=on, window=draws)
        return simulation_of(found, worth_usd=worth_usd)
    most = max(draws, MOST)
    precise = estimate_precisely(
        scenario,
        relative_error=precision,
        first=min(FIRST, most),
        most=most,
        seed=seed,
        catalog=catalog,
        on=on,
        whole=True,
    )
    return simulation_of(precise.estimate, aim=precision, reached=precise.reached, worth_usd=worth_usd)


def simulation_of(
    found: Estimate, *, aim: float | None = None, reached: bool = True, worth_usd: Array | None = None
) -> Simulation:
    """The same from an estimate that is there already.

    Args:
        found: An estimate.
        aim: Error that was asked for. [1]
        reached: Whether it was reached.
        worth_usd: What one correct answer may be worth, shape (worths,). [USD]

    Returns:
        The simulation. [USD, shares]

    Raises:
        InputError: a worth is negative.
    """
    outcomes = {
        name: option.outcome
        for name, option in found.options.items()
        if not option.outcome.infeasible and np.isfinite(option.outcome.net_benefit).all()
    }
    eligible = tuple(name for name in outcomes if found.options[name].standing.eligible)
    benefit = np.stack([outcomes[name].net_benefit for name in eligible]) if eligible else None
    worth, caught = _input(found, WORTH), _input(found, CAUGHT)
    answers = {name: discounted_successes(item, caught)[1:] for name, item in outcomes.items()}
    costs = {name: cost_with_damage(item)[1:] for name, item in outcomes.items()}
    curve = plane = None
    ratios: tuple[Ratio, ...] = ()
    if eligible:
        right, paid = (np.stack([part[name] for name in eligible]) for part in (answers, costs))
        ratios = incremental_ratios(successes=right.mean(axis=1), costs=paid.mean(axis=1))
        grid = worths(worth, right, paid, ratios) if worth_usd is None else _checked(worth_usd)
        curve = acceptability(successes=right, costs=paid, worth_usd=grid)
        plane = _plane(eligible, right, paid)
    return Simulation(
        estimate=found,
        precision=precision_of_estimate(found),
        aim=aim,
        reached=reached,
        options={name: _option(found, outcome, benefit) for name, outcome in outcomes.items()},
        eligible=eligible,
        worth_today=band(np.broadcast_to(worth, (found.draws + 1,))),
        perfect_information=None if benefit is None else perfect_information(net_benefit=benefit[:, 1:]),
        acceptability=curve,
        plane=plane,
        ratios=ratios,
    )


def discounted_successes(outcome: Outcome, caught: Value) -> Array:
    """Correct answers in present value, those caught and set right by people included, shape (1 + draws,). [count]

    Multiplied by what one is worth today they give the value in the ledger.
    """
    found = np.zeros(outcome.size)
    for line in outcome.benefits.lines:
        share = {"value.correct": 1.0, "value.escalated": caught}.get(_first(line.key), 0.0)
        units = over_months(line.due, outcome.benefits.factors)
        found = found + share * np.asarray(line.count) * units
    return found


def _first(key: str) -> str:
    """The key of a line without the stage of a plan."""
    return key.split(JOIN)[0]


def cost_with_damage(outcome: Outcome) -> Array:
    """Costs and damage of uncaught errors in present value, shape (1 + draws,). [USD]"""
    errors = [line for line in outcome.benefits.lines if _first(line.key) == "value.errors"]
    damage = [line.present_value(outcome.benefits.factors) for line in errors]
    total: Array = outcome.cost - sum(damage, np.zeros(outcome.size))
    return total


def worths(today: Value, successes: Array, costs: Array, ratios: tuple[Ratio, ...]) -> Array:
    """Worths of a correct answer that show today's, the ratios and the cost of one, shape (worths,). [USD]"""
    right = successes.mean(axis=1)
    each = costs.mean(axis=1)[right > 0] / right[right > 0]
    shown = [np.median(each) if each.size else 1.0, *np.quantile(np.atleast_1d(today), (0.05, 0.95))]
    shown += [ratio.usd_per_success for ratio in ratios if ratio.usd_per_success is not None]
    positive = [float(value) for value in shown if np.isfinite(value) and value > 0] or [1.0]
    high = max(positive) * BEYOND
    return np.geomspace(max(min(positive) / BEYOND, high / 10.0**DECADES), high, WORTHS)


def _checked(worth_usd: Array) -> Array:
    grid = np.asarray(worth_usd, dtype=float)
    if grid.size == 0 or not (np.isfinite(grid) & (grid >= 0)).all():
        raise InputError("worth_usd: give amounts of 0 or more")
    return grid


def _input(found: Estimate, key: str) -> Value:
    return next((item.value for item in found.inputs if item.key == key), 0.0)


def _plane(names: tuple[str, ...], successes: Array, costs: Array) -> Plane:
    more, dearer = cost_effectiveness_plane(successes=successes, costs=costs, baseline=0)
    shown = slice(None, None, max(1, successes.shape[1] // CLOUD))
    others = [(place, name) for place, name in enumerate(names) if place > 0]
    return Plane(
        baseline=names[0],
        successes={name: more[place, shown] for place, name in others},
        costs={name: dearer[place, shown] for place, name in others},
        means={name: (float(more[place].mean()), float(dearer[place].mean())) for place, name in others},
    )


def _option(found: Estimate, outcome: Outcome, benefit: Array | None) -> OptionFutures:
    standing = found.options[outcome.name].standing
    regrets = benefit.max(axis=0) - outcome.net_benefit if benefit is not None and standing.eligible else np.empty(0)
    shown = (outcome.cumulative_cost, outcome.cumulative_net_benefit)
    cost, gain = (percentiles(futures=path[1:] if path.shape[0] > 1 else path) for path in shown)
    odds = standing.probability_best
    return OptionFutures(
        name=outcome.name,
        eligible=standing.eligible,
        why_not=standing.why_not,
        probability_best=odds,
        probability_best_se=share_standard_error(share=odds, draws=found.draws) if standing.eligible else 0.0,
        cost=standing.cost,
        net_benefit=standing.net_benefit,
        regret=band(regrets) if regrets.size else None,
        regrets=regrets[1:],
        cost_by_month=cost,
        net_benefit_by_month=gain,
    )
