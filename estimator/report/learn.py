"""The answer to `estimator learn`: labels → quality → USD of every tuned option, with a stop rule."""

import dataclasses
import math

from estimator.labels import Learning, LearningStep
from estimator.money import shown_currency
from estimator.plain import plain
from estimator.questions import Answers
from estimator.report.layout import Table
from estimator.report.numbers import compact, money, share
from estimator.report.sheet import Sheet


def learn_sheet(answers: Answers) -> Sheet:
    """Tables and data: what labels buy."""
    blocks: list[Table | str] = []
    for found in answers.learning.values():
        blocks += [_table(found), _advice(found)]
        blocks += [f"{found.option}: {note}." for note in found.notes]
    blocks += [f"{name} cannot be carried out: {reason}" for name, reason in answers.infeasible.items()]
    return Sheet(
        title=f"{answers.scenario.name}: what labels are worth over {answers.scenario.horizon} months, "
        f"{shown_currency().words}, present value in the central case",
        blocks=tuple(blocks),
        data={
            "name": answers.scenario.name,
            "prices_on": answers.on.isoformat(),
            "horizon_months": answers.scenario.horizon,
            "options": {name: plain(found) for name, found in answers.learning.items()},
            "infeasible": dict(answers.infeasible),
        },
        records=[_record(found, step) for found in answers.learning.values() for step in found.steps],
    )


def _record(found: Learning, step: LearningStep) -> dict[str, object]:
    record = {"option": found.option, **dataclasses.asdict(step)}
    low, middle, high = step.quality
    del record["quality"]
    return record | {"quality_p10": low, "quality_p50": middle, "quality_p90": high}


def _table(found: Learning) -> Table:
    rows = tuple(_row(step, step.labels == found.planned) for step in found.steps)
    head = ("Labels", "Quality p50", "p10 – p90", "Worth", "Cost", "Net", "Next 1,000 worth")
    return Table(f"{found.option}: labels → quality → {shown_currency().code}", head, rows)


def _row(step: LearningStep, planned: bool) -> tuple[str, ...]:
    low, middle, high = step.quality
    return (
        f"{compact(step.labels)}{' (planned)' if planned else ''}",
        f"{middle:.3f}",
        f"{low:.3f} – {high:.3f}",
        money(step.value_usd),
        money(step.cost_usd),
        money(step.net_usd),
        money(step.next_value_usd),
    )


def _advice(found: Learning) -> str:
    low, _, high = found.optimum
    more = (
        f"the next 1,000 labels are worth {money(found.next_value_usd)} and cost {money(found.next_cost_usd)} "
        f"({money(found.usd_per_label)} each, refreshes and training included)"
    )
    best = f"the best number is {compact(found.optimum_central)} (p10 – p90 {compact(low)} – {compact(high)})"
    words = {
        "label more": f"Label more than the planned {compact(found.planned)}: {more}; {best}.",
        "enough": f"Stop at the planned {compact(found.planned)}: {more}; {best}.",
        "label fewer": f"The planned {compact(found.planned)} are too many: {more}; {best}.",
        "labels do not help": f"Labels do not pay here: {more}.",
        "say what an answer is worth": (
            "Nothing says what an answer is worth, so no number of labels is best: give task.value_per_success or "
            "task.cost_per_error."
        ),
    }
    return f"{words[found.advice]}{_target(found)}"


def _target(found: Learning) -> str:
    if found.target_quality is None or found.target_labels is None:
        return ""
    wanted = share(found.target_quality)
    if math.isinf(found.target_labels):
        return f" No number of labels reaches the minimum quality of {wanted}."
    if found.target_labels == 0:
        return f" The minimum quality of {wanted} is reached without labels."
    return f" The minimum quality of {wanted} takes {compact(found.target_labels)} labels."
