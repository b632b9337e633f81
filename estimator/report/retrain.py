"""The answer to `estimator retrain`: interval and cost of every retraining policy of every tuned option."""

from typing import Any

from estimator.money import shown_currency
from estimator.plain import plain
from estimator.questions import Answers, RetrainStudy
from estimator.report.layout import Table
from estimator.report.numbers import compact, money, points, significant
from estimator.report.sheet import Sheet
from estimator.units import central
from estimator.upkeep import PolicyCost


def retrain_sheet(answers: Answers) -> Sheet:
    """Tables and data: when to retrain."""
    blocks: list[Table | str] = []
    for study in answers.retraining.values():
        blocks += [_table(study), _words(study)]
        blocks += [f"{study.option}: {text}." for text in study.warnings]
    blocks += [f"{name} cannot be carried out: {reason}" for name, reason in answers.infeasible.items()]
    return Sheet(
        title=(
            f"{answers.scenario.name}: when to retrain, {answers.scenario.horizon} months, "
            f"{shown_currency().words}, central case, undiscounted"
        ),
        blocks=tuple(blocks),
        data={
            "name": answers.scenario.name,
            "prices_on": answers.on.isoformat(),
            "horizon_months": answers.scenario.horizon,
            "options": {name: _study(study) for name, study in answers.retraining.items()},
            "infeasible": dict(answers.infeasible),
        },
        records=[
            {"option": study.option, **_cost(cost)} for study in answers.retraining.values() for cost in study.costs
        ],
    )


def _study(study: RetrainStudy) -> dict[str, Any]:
    return {
        "start_quality": study.start_quality,
        "retrain_usd": study.case.retrain_usd,
        "closed_form_months": plain(study.case.closed_form),
        "policies": [_cost(cost) for cost in study.costs],
        "best": study.best.policy.kind,
        "warnings": list(study.warnings),
    }


def _cost(cost: PolicyCost) -> dict[str, Any]:
    return {
        "policy": cost.policy.kind,
        "interval_months": plain(central(cost.policy.interval_months)),
        "retrainings": cost.retrainings,
        **{f"{name}_usd": usd for name, usd in cost.parts_usd.items()},
        "retraining_usd": cost.retraining_usd,
        "lost_usd": cost.lost_usd,
        "total_usd": cost.total_usd,
        "mean_quality_lost": cost.mean_quality_lost,
    }


def _table(study: RetrainStudy) -> Table:
    own, best = study.costs[0], study.best
    rows = tuple(_row(cost, own=cost is own, best=cost is best) for cost in study.costs)
    head = (
        "Policy",
        "Months",
        "Retrainings",
        "Labels",
        "Compute",
        "Evaluation",
        "Release",
        "Lost value",
        "Total",
        "Quality",
    )
    return Table(f"{study.option}: what each policy costs", head, rows)


def _row(cost: PolicyCost, *, own: bool, best: bool) -> tuple[str, ...]:
    marks = [mark for mark, shown in (("yours", own), ("least", best)) if shown]
    parts = cost.parts_usd
    return (
        cost.policy.kind + (f" ({', '.join(marks)})" if marks else ""),
        significant(central(cost.policy.interval_months), 2),
        compact(cost.retrainings),
        *(money(parts.get(name, 0.0)) for name in ("labels", "compute", "evaluation", "release")),
        money(cost.lost_usd),
        money(cost.total_usd),
        points(-cost.mean_quality_lost),
    )


def _words(study: RetrainStudy) -> str:
    own, best = study.costs[0], study.best
    once, wait = money(study.case.retrain_usd), study.case.closed_form
    closed = (
        f"by the closed form every {significant(wait, 3)} months"
        if wait < study.case.months
        else "by the closed form never within the horizon"
    )
    if study.case.value_usd.sum() <= 0:
        return (
            "Nothing says what an answer is worth, so waiting costs nothing: give task.value_per_success or "
            "task.cost_per_error."
        )
    text = f"One retraining costs {once}; {closed}. Yours is {own.policy.description}"
    if study.saving_usd > 0:
        return f"{text}; {best.policy.description} would save {money(study.saving_usd)}."
    return f"{text}, and none of these costs less."
