"""The answer to `estimator labels`: cost by line, quality of the labels, evaluation set, calendar time."""

from typing import Any

import numpy as np

from estimator.decision import Band, band
from estimator.labels import Redundancy
from estimator.money import shown_currency
from estimator.plain import input_data, plain
from estimator.questions import LabellingProject, Votes
from estimator.report.layout import Table
from estimator.report.numbers import compact, money, share, significant
from estimator.report.sheet import Sheet
from estimator.units import Value, central

LINES = (
    ("gathering", "gathering raw examples"),
    ("deduplication", "removing copies and junk"),
    ("redaction", "removing personal data"),
    ("labelling", "labelling"),
    ("fees", "platform fees"),
    ("rejected", "rejected labels made again"),
    ("review", "review of labels"),
    ("adjudication", "disputed labels settled"),
    ("guidelines", "labelling guidelines"),
    ("training", "annotators learning them"),
    ("tooling", "labelling tools"),
)


def labels_sheet(project: LabellingProject, votes: Votes | None = None) -> Sheet:
    """Tables and data of a labelling project, and of the votes it rests on."""
    data = project.data
    amounts = _amounts(project)
    blocks: list[Table | str] = [_cost_table(project, amounts), _summary(project)]
    if project.redundancy is not None:
        blocks += [_jury_table(project.redundancy), _where(project.redundancy)]
    blocks.append(_evaluation(project))
    if votes is not None:
        blocks += [_votes_table(votes), *(f"Votes: {note}." for note in votes.consensus.notes)]
    return Sheet(
        title=(
            f"{compact(central(data.labels))} labels by {data.labeller.replace('_', '-')}: "
            f"{money(_band(data.total).p50)}, {money(_band(project.per_label(data.total)).p50)} each · "
            f"{shown_currency().code} · prices of {project.on}"
        ),
        blocks=tuple(blocks),
        data=_data(project, amounts) | {"votes": None if votes is None else _votes_data(votes)},
        records=[{"line": key, "label": label, **plain(_band(usd))} for key, label, usd in amounts],
    )


def _amounts(project: LabellingProject) -> list[tuple[str, str, Value]]:
    bill, raw = project.data.bill, project.data.collection
    rows = [(key, label, getattr(raw, key, None), getattr(bill, key, None)) for key, label in LINES]
    parts = [(key, label, one if one is not None else other) for key, label, one, other in rows]
    kept = [(key, label, usd) for key, label, usd in parts if usd is not None and np.any(np.asarray(usd) != 0)]
    return [*kept, ("total", "total", project.data.total)]


def _band(value: Value) -> Band:
    return band(np.atleast_1d(np.asarray(value, dtype=float)))


def _cost_table(project: LabellingProject, amounts: list[tuple[str, str, Value]]) -> Table:
    rows = []
    for _, label, usd in amounts:
        found, each = _band(usd), _band(project.per_label(usd))
        rows.append((label, money(found.p50), f"{money(found.p10)} – {money(found.p90)}", money(each.p50)))
    return Table("Cost", ("Line", "p50", "p10 – p90", "Per label"), tuple(rows))


def _summary(project: LabellingProject) -> str:
    data, weeks = project.data, _band(project.data.weeks)
    if not np.any(np.asarray(project.worth) > 0):
        return (
            f"Labels are right in {share(_band(project.accuracy).p50)}: no better than chance, so nothing can be "
            "learned from them; find better labellers or give the number of classes."
        )
    text = (
        f"Labels are right in {share(_band(project.accuracy).p50)}; one is worth "
        f"{significant(_band(project.worth).p50, 2)} clean labels, so a clean label costs "
        f"{money(_band(project.usd_per_effective_label).p50)}. "
        f"People work {compact(_band(data.bill.hours).p50)} hours; the last label is there after "
        f"{significant(weeks.p50, 2)} weeks ({significant(weeks.p10, 2)} to {significant(weeks.p90, 2)})."
    )
    if project.published_usd is not None:
        text += f" Published for {project.like}: {money(project.published_usd)}."
    return text


def _jury_table(plan: Redundancy) -> Table:
    rows = [
        (
            str(jury.votes),
            share(jury.vote_accuracy),
            money(jury.usd_per_effective_label),
            share(jury.evaluation_bias),
            compact(jury.evaluation_items),
            money(jury.evaluation_usd),
        )
        for jury in plan.juries
    ]
    head = ("Votes", "Right", "Training: per clean label", "Evaluation: off by", "Items", "Cost")
    return Table("Where votes are worth their money", head, tuple(rows))


def _where(plan: Redundancy) -> str:
    training = "one vote" if plan.training_votes == 1 else f"{plan.training_votes} votes"
    if plan.evaluation_votes is None:
        other = "for the evaluation set none of these juries is right often enough: use better judges"
    elif plan.evaluation_votes == 1:
        other = "one vote is right often enough for the evaluation set too"
    else:
        other = (
            f"the evaluation set needs {plan.evaluation_votes}: wrong votes shift the measured quality, however many "
            "items there are"
        )
    return f"Training labels are cheapest with {training} each; {other}."


def _evaluation(project: LabellingProject) -> Table:
    need = project.evaluation
    wanted = f"± {significant(100 * need.half_width, 2)} points at quality {need.quality:g} (95 %)"
    rows = (
        (f"{wanted}, Wald", compact(need.wald)),
        (f"{wanted}, Wilson", compact(need.wilson)),
        ("two options that differ by that much, judged on the same items", compact(need.paired)),
        ("judged by people, one vote", money(_band(need.human_usd).p50)),
        ("judged by a model, a share audited", money(_band(need.judge_usd).p50)),
    )
    return Table("Evaluation set", ("Wanted", "Items or cost"), rows)


def _votes_table(votes: Votes) -> Table:
    found = votes.consensus
    rows = tuple(
        (name, compact(count), share(accuracy))
        for name, count, accuracy in zip(votes.annotators, votes.votes, found.annotator_accuracy, strict=True)
    )
    title = (
        f"Votes on {compact(votes.items)} items, settled by one-coin Dawid–Skene: "
        f"{share(found.expected_accuracy)} of the labels expected right"
    )
    return Table(title, ("Annotator", "Votes", "Right"), rows)


def _votes_data(votes: Votes) -> dict[str, Any]:
    found = votes.consensus
    return {
        "classes": list(votes.classes),
        "class_shares": found.class_shares.tolist(),
        "annotators": dict(zip(votes.annotators, found.annotator_accuracy.tolist(), strict=True)),
        "mean_accuracy": votes.mean_accuracy,
        "expected_accuracy": found.expected_accuracy,
        "labels": list(votes.labels),
        "confidence": found.confidence.tolist(),
        "notes": list(found.notes),
    }


def _data(project: LabellingProject, amounts: list[tuple[str, str, Value]]) -> dict[str, Any]:
    data = project.data
    return {
        "labels": plain(data.labels),
        "labeller": data.labeller,
        "prices_on": project.on.isoformat(),
        "lines_usd": {key: plain(_band(usd)) for key, _, usd in amounts},
        "usd_per_label": plain(_band(project.per_label(data.total))),
        "hours": plain(_band(data.bill.hours)),
        "weeks": plain(_band(data.weeks)),
        "raw_documents": plain(_band(data.collection.gathered)),
        "accuracy": plain(_band(project.accuracy)),
        "effective_labels_per_label": plain(_band(project.worth)),
        "usd_per_effective_label": plain(_band(project.usd_per_effective_label)),
        "redundancy": plain(project.redundancy),
        "evaluation": plain(project.evaluation),
        "like": project.like or None,
        "published_usd": project.published_usd,
        "inputs": [input_data(item) for item in project.inputs],
    }
