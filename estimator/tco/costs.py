"""All costs of an option as ledger lines, in the order in which the money is spent."""

import numpy as np

from estimator.serving import OwnAnswer
from estimator.tco.answering import inference_lines, retrieval_lines
from estimator.tco.items import Book
from estimator.tco.ledger import Ledger, Line, every_month
from estimator.tco.parts import Parts
from estimator.units import MINUTES_PER_HOUR


def costs_of(parts: Parts) -> Ledger:
    """The ledger of costs of one option.

    Args:
        parts: What the rooms said.

    Returns:
        Lines by month. [USD]

    Source: definition.
    """
    book = Book.of(parts.option.months)
    lines = (
        *_data(book, parts),
        *_build(book, parts),
        *_training(book, parts),
        *inference_lines(book, parts),
        *retrieval_lines(book, parts),
        *_operations(book, parts),
        *_evaluation(book, parts),
        *_renewal(book, parts),
        _escalations(book, parts),
    )
    return Ledger(lines, parts.option.months, parts.option["discount_rate"])


def benefits_of(parts: Parts) -> Ledger:
    """The ledger of benefits: value of right answers, damage of wrong ones.

    Args:
        parts: What the rooms said.

    Returns:
        Lines by month. [USD]

    Source: net benefit per answer a V − (1 − a) C_e, with escalated answers counted as right.
    """
    book, option = Book.of(parts.option.months), parts.option
    right, wrong = parts.right, parts.wrong
    worth, caught = option["task.value_per_success"], option["task.escalation_share"]
    damage = -1.0 * option["task.cost_per_error"] * (1.0 - caught)
    lines = (
        book.path("value.correct", "value of correct answers", "quality", "correct answer", usd=worth, units=right),
        book.path(
            "value.escalated", "value of escalated answers", "quality", "wrong answer", usd=worth * caught, units=wrong
        ),
        book.path("value.errors", "damage of uncaught errors", "quality", "wrong answer", usd=damage, units=wrong),
    )
    return Ledger(lines, option.months, option["discount_rate"])


def _data(book: Book, parts: Parts) -> list[Line]:
    data, option = parts.data, parts.option
    if data is None:
        return []
    bill = data.bill
    each = bill.labelling / data.labels
    lines = [
        book.once(
            "data.collection",
            "collecting and cleaning examples",
            "data",
            "example",
            usd=data.collection_usd / data.labels,
            units=data.labels,
        ),
        book.once("data.labelling", "labelling", "data", "label", usd=each, units=data.labels),
        book.once("data.fees", "platform fees", "data", "project", usd=bill.fees, units=1.0),
        book.once("data.rejected", "rejected labels made again", "data", "project", usd=bill.rejected, units=1.0),
        book.once("data.review", "review and adjudication", "data", "project", usd=bill.review, units=1.0),
        book.once("data.guidelines", "labelling guidelines", "data", "project", usd=bill.guidelines, units=1.0),
        book.once("data.training", "annotators learning them", "data", "project", usd=bill.training, units=1.0),
    ]
    if np.any(np.asarray(data.synthetic) > 0):
        usd = option["tuning.synthetic_usd"]
        lines.append(
            book.once("data.synthetic", "generated examples", "data", "example", usd=usd, units=data.synthetic)
        )
    return lines


def _build(book: Book, parts: Parts) -> list[Line]:
    option = parts.option
    engineer = option.price("labour/ml_engineer")
    wanted = [("prompt", "prompt engineering", "prompt.build_hours")]
    if parts.retrieval is not None:
        wanted.append(("retrieval", "building retrieval", "retrieval.build_hours"))
    if option.spec.tuning is not None:
        wanted.append(("tuning", "building the tuning pipeline", "tuning.build_hours"))
    lines = [
        book.once(f"build.{name}", label, "build", "hour", usd=engineer, units=option[key])
        for name, label, key in wanted
    ]
    if parts.retrieval is not None:
        hours, judge = option["retrieval.evaluation_hours"], option.price("labour/qa")
        label = "questions with known passages"
        lines.append(book.once("evaluation.retrieval", label, "evaluation", "hour", usd=judge, units=hours))
    return lines


def _training(book: Book, parts: Parts) -> list[Line]:
    sizing = parts.sizing
    if sizing is None:
        return []
    run = sizing.usd_per_run
    if sizing.pretraining is not None:
        return [book.once("training.pretraining", "pre-training from scratch", "training", "run", usd=run, units=1.0)]
    others = sizing.runs - 1.0
    return [
        book.once("training.kept_run", "the training run that is kept", "training", "run", usd=run, units=1.0),
        book.once("training.other_runs", "search and failed runs", "training", "run", usd=run, units=others),
    ]


def _operations(book: Book, parts: Parts) -> list[Line]:
    option = parts.option
    engineer = option.price("labour/ml_engineer")
    wanted = [("prompt", "prompt maintenance", "prompt.maintain_hours")]
    if parts.retrieval is not None:
        wanted.append(("retrieval", "operating retrieval", "retrieval.operations_hours"))
    if isinstance(parts.answer, OwnAnswer):
        wanted.append(("serving", "operating own serving", "serving.operations_hours"))
    return [
        book.monthly(f"operations.{name}", label, "operations", "hour", usd=engineer, units=option[key])
        for name, label, key in wanted
    ]


def _evaluation(book: Book, parts: Parts) -> list[Line]:
    option = parts.option
    key = "tuning.evaluation_labels" if option.spec.tuning is not None else "task.evaluation_labels"
    label_usd = option["tuning.annotation.minutes"] / MINUTES_PER_HOUR * parts.judge_usd_per_hour
    check_usd = option["upkeep.minutes_per_check_label"] / MINUTES_PER_HOUR * parts.judge_usd_per_hour
    checked = option["upkeep.checks_per_month"] * option["upkeep.labels_per_check"]
    tooling = option["upkeep.tooling_usd_per_month"]
    return [
        book.once("evaluation.set", "evaluation set", "evaluation", "label", usd=label_usd, units=option[key]),
        book.monthly("evaluation.checks", "quality checks", "evaluation", "label", usd=check_usd, units=checked),
        book.monthly("evaluation.tooling", "monitoring tools", "evaluation", "month", usd=tooling, units=1.0),
    ]


def _renewal(book: Book, parts: Parts) -> list[Line]:
    option, care = parts.option, parts.care
    engineer = option.price("labour/ml_engineer")
    lines: list[Line] = []
    if parts.retrain_usd is not None:
        times = every_month(per_month=care.retrainings)
        once = parts.retrain_usd
        unit = "retraining"
        lines += [
            book.path("retraining.labels", "labels refreshed", "retraining", unit, usd=once.labels, units=times),
            book.path("retraining.compute", "training runs", "retraining", unit, usd=once.compute, units=times),
            book.path(
                "retraining.release", "evaluation and release", "retraining", unit, usd=once.release, units=times
            ),
        ]
    serving = option.spec.serving
    switches = serving is not None and serving.price_path == "switching"  # moves before anything retires
    if care.migrations.any() and not switches:
        moves = every_month(per_month=care.migrations)
        tuned = parts.retrain_usd is not None and option.given("upkeep.migration_hours") is None
        hours = option["upkeep.migration_hours_tuned" if tuned else "upkeep.migration_hours"]
        again = parts.retrain_usd.total if parts.retrain_usd is not None else 0.0
        usd = hours * engineer + again
        lines.append(
            book.path("migration.forced", "moving to another base model", "migration", "move", usd=usd, units=moves)
        )
    return lines


def _escalations(book: Book, parts: Parts) -> Line:
    option = parts.option
    written = option.given("task.escalation_usd") is not None
    each = option["task.escalation_usd"] if written else option["task.cost_per_error"]
    usd = option["task.escalation_share"] * each
    return book.path(
        "quality.escalations", "wrong answers handed to people", "quality", "wrong answer", usd=usd, units=parts.wrong
    )
