"""The answer to `estimator simulate`: odds, regret, fans by month, and what one correct answer must be worth."""

from typing import Any

from estimator.decision import PERCENTILES, Acceptability
from estimator.money import shown_currency
from estimator.plain import plain
from estimator.questions.simulate import OptionFutures, Simulation
from estimator.report.layout import Table
from estimator.report.numbers import compact, futures, money, share
from estimator.report.sheet import Sheet
from estimator.units import Array

MONTHS_SHOWN = 12
"""Months between two rows of the table of cumulative money; JSON and CSV hold every month."""
WORTHS_SHOWN = 6
"""Points of the curve between two rows of its table."""


def simulation_sheet(found: Simulation) -> Sheet:
    """Tables and data of a simulation."""
    estimate = found.estimate
    title = (
        f"{estimate.name}: {futures(estimate.draws)} over {estimate.scenario.horizon} months · "
        f"{shown_currency().words}, present value · "
        f"seed {estimate.seed} · prices of {estimate.on}"
    )
    blocks: list[Table | str] = []
    if found.options:
        blocks += [_odds(found), *_cautions(found), _by_month(found)]
    blocks += [f"{name} is left out: {item.standing.why_not}." for name, item in _left_out(found).items()]
    if found.acceptability is not None:
        blocks += [_curve(found, found.acceptability), _ratios(found)]
    else:
        blocks.append("No option qualifies, so there is no choice to make; the table says why for each.")
    return Sheet(title=title, blocks=tuple(blocks), data=_data(found), records=_records(found))


def _left_out(found: Simulation) -> dict[str, Any]:
    return {name: item for name, item in found.estimate.options.items() if name not in found.options}


def _odds(found: Simulation) -> Table:
    head = ("Option", "P(best)", "±", "Mean net benefit", "±", "p5", "p50", "p95", "Cost p50", "Mean regret", "p95")
    return Table("Odds; ± is one standard error", head, tuple(map(_odds_row, found.options.values())))


def _odds_row(item: OptionFutures) -> tuple[str, ...]:
    gain = item.net_benefit
    odds = (share(item.probability_best), share(item.probability_best_se)) if item.eligible else ("–", "–")
    regret = (money(item.regret.mean), money(item.regret.p95)) if item.regret is not None else ("–", "–")
    figures = (money(value) for value in (gain.mean, gain.se, gain.p5, gain.p50, gain.p95, item.cost.p50))
    return (item.name, *odds, *figures, *regret)


def _cautions(found: Simulation) -> list[str]:
    texts = []
    if found.perfect_information is not None:
        worth, verdict = found.perfect_information, found.estimate.decision.verdict
        lost = (
            f"Choosing {verdict.best} today loses {money(worth.usd)} (± {money(worth.standard_error_usd)}) on average"
        )
        texts.append(f"{lost} against knowing the future: that is the most that information can be worth.")
    if found.aim is not None:
        reached = "reached" if found.reached else "not reached"
        texts.append(f"The aim of {share(found.aim)} is {reached} with {futures(found.precision.draws)}.")
    if not found.uncertain:
        texts.append("Nothing is uncertain: all futures are alike. Give ranges to see odds.")
    if found.worth_today.p95 <= 0:
        texts.append("The scenario does not say what a correct answer is worth: net benefit is the negative cost.")
    excluded = [f"{item.name} may not be chosen: {item.why_not}." for item in found.options.values() if item.why_not]
    return [*texts, *excluded]


def _by_month(found: Simulation) -> Table:
    head = ("Option", "Month", "Cost p5", "p50", "p95", "Net benefit p5", "p50", "p95")
    rows = [
        (item.name, str(month), *(money(value) for path in _paths(item) for value in _middle(path, month)))
        for item in found.options.values()
        for month in _months(found.estimate.scenario.horizon)
    ]
    return Table("Cumulative, up to the end of each month; month 0 is before launch", head, tuple(rows))


def _months(horizon: int) -> list[int]:
    return sorted({*range(0, horizon, MONTHS_SHOWN), horizon})


def _paths(item: OptionFutures) -> tuple[Array, Array]:
    return item.cost_by_month, item.net_benefit_by_month


def _middle(path: Array, month: int) -> list[float]:
    return [path[PERCENTILES.index(percent), month] for percent in (5, 50, 95)]


def _curve(found: Simulation, curve: Acceptability) -> Table:
    rows = [
        (
            money(curve.worth_usd[place]),
            found.eligible[int(curve.chosen[place])],
            *(share(odds) for odds in curve.probability_best[:, place]),
        )
        for place in range(0, curve.worth_usd.size, WORTHS_SHOWN)
    ]
    today = f"; today {money(found.worth_today.central)}" if found.worth_today.central > 0 else ""
    title = f"What is one correct answer worth{today}? The choice (highest mean) and the odds of each option"
    return Table(title, ("Worth", "Choice", *found.eligible), tuple(rows))


def _ratios(found: Simulation) -> Table:
    rows = []
    for ratio in found.ratios:
        before = found.eligible[ratio.compared_with] if ratio.compared_with is not None else "–"
        name = found.eligible[ratio.option]
        extra = found.plane.means.get(name) if found.plane is not None else None
        deltas = (compact(extra[0]), money(extra[1])) if extra is not None else ("–", "–")
        rows.append((name, *deltas, ratio.standing, money(ratio.usd_per_success), before))
    base = found.eligible[0]
    head = ("Option", f"Answers vs {base}", f"Cost vs {base}", "Standing", "Per further answer", "Against")
    return Table("What one further correct answer costs, damage of errors included (means)", head, tuple(rows))


def _data(found: Simulation) -> dict[str, Any]:
    estimate = found.estimate
    return {
        "name": estimate.name,
        "prices_on": estimate.on.isoformat(),
        "horizon_months": estimate.scenario.horizon,
        "draws": estimate.draws,
        "seed": estimate.seed,
        "precision": {**plain(found.precision), "aim": found.aim, "reached": found.reached},
        "options": {name: _option_data(item) for name, item in found.options.items()},
        "left_out": {name: item.standing.why_not for name, item in _left_out(found).items()},
        "perfect_information": plain(found.perfect_information),
        "worth_of_a_correct_answer_usd": plain(found.worth_today),
        "acceptability": _curve_data(found),
        "cost_effectiveness_plane": _plane_data(found),
        "incremental_ratios": [
            {
                **plain(ratio),
                "option": found.eligible[ratio.option],
                "compared_with": None if ratio.compared_with is None else found.eligible[ratio.compared_with],
            }
            for ratio in found.ratios
        ],
    }


def _option_data(item: OptionFutures) -> dict[str, Any]:
    names = [f"p{percent}" for percent in PERCENTILES]
    cost, gain = (dict(zip(names, plain(path.tolist()), strict=True)) for path in _paths(item))
    return {
        "eligible": item.eligible,
        "why_not": item.why_not,
        "probability_best": item.probability_best,
        "probability_best_se": item.probability_best_se,
        "cost_usd": plain(item.cost),
        "net_benefit_usd": plain(item.net_benefit),
        "regret_usd": plain(item.regret),
        "by_month": {"cumulative_cost_usd": cost, "cumulative_net_benefit_usd": gain},
    }


def _curve_data(found: Simulation) -> dict[str, Any] | None:
    curve = found.acceptability
    if curve is None:
        return None
    return {
        "worth_usd": curve.worth_usd.tolist(),
        "probability_best": dict(zip(found.eligible, curve.probability_best.tolist(), strict=True)),
        "expected_usd": dict(zip(found.eligible, curve.expected_usd.tolist(), strict=True)),
        "chosen": [found.eligible[int(place)] for place in curve.chosen],
        "frontier": curve.frontier.tolist(),
    }


def _plane_data(found: Simulation) -> dict[str, Any] | None:
    plane = found.plane
    if plane is None:
        return None
    points = {
        name: {
            "mean_extra_successes": plane.means[name][0],
            "mean_extra_cost_usd": plane.means[name][1],
            "extra_successes": plane.successes[name].tolist(),
            "extra_cost_usd": plane.costs[name].tolist(),
        }
        for name in plane.means
    }
    return {"baseline": plane.baseline, "options": points}


def _records(found: Simulation) -> list[dict[str, Any]]:
    """One row per option and month."""
    return [
        {
            "option": item.name,
            "eligible": item.eligible,
            "probability_best": item.probability_best,
            "month": month,
            **{
                f"cumulative_{name}_p{percent}_usd": float(path[place, month])
                for name, path in zip(("cost", "net_benefit"), _paths(item), strict=True)
                for place, percent in enumerate(PERCENTILES)
            },
        }
        for item in found.options.values()
        for month in range(found.estimate.scenario.horizon + 1)
    ]
