"""All costs of an option as ledger lines, in the order in which the money is spent."""

import numpy as np

from estimator.serving import OwnAnswer
from estimator.tco.answering import inference_lines, retrieval_lines
from estimator.tco.items import Book
from estimator.tco.ledger import Ledger, Line
from estimator.tco.months import every_month
from estimator.tco.parts import Parts, evaluation_set_of


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
    data = parts.data
    if data is None:
        return []
    bill, raw = data.bill, data.collection
    each = bill.labelling / data.labels
    projects = [
        ("gathering", "gathering raw examples", raw.gathering),
        ("deduplication", "removing copies and junk", raw.deduplication),
        ("redaction", "removing personal data", raw.redaction),
        ("fees", "platform fees", bill.fees),
        ("rejected", "rejected labels made again", bill.rejected),
        ("review", "review of labels", bill.review),
        ("adjudication", "disputed labels settled", bill.adjudication),
        ("guidelines", "labelling guidelines", bill.guidelines),
        ("training", "annotators learning them", bill.training),
        ("tooling", "labelling tools", bill.tooling),
    ]
    lines = [book.once("data.labelling", "labelling", "data", "label", usd=each, units=data.labels)]
    lines += [
        book.once(f"data.{key}", label, "data", "project", usd=usd, units=1.0)
        for key, label, usd in projects
        if np.any(np.asarray(usd) != 0)
    ]
    if np.any(np.asarray(data.synthetic) > 0):
        usd = data.synthetic_usd
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
        return [book.once("training.pretraining", "pretraining from scratch", "training", "run", usd=run, units=1.0)]
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
    items, label_usd = evaluation_set_of(parts.option)
    watch = parts.monitoring
    checked, judged = watch.checks_per_month * watch.labels_per_check, watch.judged_answers
    check_usd, judge_usd = watch.usd_per_check_label, watch.usd_per_judgement
    hours, engineer = watch.on_call_hours, watch.on_call_usd_per_hour
    return [
        book.once("evaluation.set", "evaluation set", "evaluation", "label", usd=label_usd, units=items),
        book.monthly("evaluation.checks", "quality checks", "evaluation", "label", usd=check_usd, units=checked),
        book.monthly("evaluation.judge", "judging by a model", "evaluation", "answer", usd=judge_usd, units=judged),
        book.monthly("evaluation.tooling", "monitoring tools", "evaluation", "month", usd=watch.tooling_usd, units=1.0),
        book.monthly("evaluation.on_call", "engineers on call", "evaluation", "hour", usd=engineer, units=hours),
    ]


def _renewal(book: Book, parts: Parts) -> list[Line]:
    return [*_retraining(book, parts), *_repairs(book, parts), *_migration(book, parts)]


def _retraining(book: Book, parts: Parts) -> list[Line]:
    once = parts.retrain_usd
    if once is None:
        return []
    times, unit = every_month(per_month=parts.care.retrainings), "retraining"
    names = {
        "labels": "labels refreshed",
        "compute": "training runs",
        "evaluation": "evaluation set refreshed",
        "release": "release of a retrained model",
    }
    return [
        book.path(f"retraining.{key}", names[key], "retraining", unit, usd=usd, units=times)
        for key, usd in once.parts.items()
    ]


def _repairs(book: Book, parts: Parts) -> list[Line]:
    """After a jump a tuned model is trained again where that is possible; else, and untuned, prompts are reworked."""
    option, policy, once = parts.option, parts.care.policy, parts.retrain_usd
    events = parts.care.repairs_per_month
    if not np.any(np.asarray(events) > 0):
        return []
    trains = policy is not None and policy.kind != "never" and once is not None
    trained = parts.care.trainable if trains else np.zeros((1, option.months))
    lines = []
    if once is not None and trained.any():
        label, usd = "retraining after a jump", once.total
        times = every_month(per_month=trained)
        lines.append(book.path("retraining.jumps", label, "retraining", "jump", usd=usd, units=times, count=events))
    if np.any(trained < 1):
        usd = option["upkeep.repair_hours"] * option.price("labour/ml_engineer")
        label = "prompts repaired after a jump or a change of the provider"
        times = every_month(per_month=1.0 - trained)
        lines.append(book.path("operations.repairs", label, "operations", "jump", usd=usd, units=times, count=events))
    return lines


def _migration(book: Book, parts: Parts) -> list[Line]:
    option, care, once = parts.option, parts.care, parts.retrain_usd
    lines = _reembedding(book, parts)
    serving = option.spec.serving
    switches = serving is not None and serving.price_path == "switching"  # moves before anything retires
    if switches or not care.migrations.any():
        return lines
    moves = every_month(per_month=care.migrations)
    tuned = once is not None and option.given("upkeep.migration_hours") is None
    hours = option["upkeep.migration_hours_tuned" if tuned else "upkeep.migration_hours"]
    items, label_usd = evaluation_set_of(option)
    judged = items * label_usd
    kinds = [
        ("forced", "moving to another base model", hours * option.price("labour/ml_engineer")),
        ("evaluation", "evaluating the new base model", judged),
    ]
    if once is not None:
        tuned_usd = once.total - once.evaluation  # the whole evaluation set is paid above
        kinds.append(("retraining", "tuning the new base model", tuned_usd))
    return lines + [
        book.path(f"migration.{key}", label, "migration", "move", usd=usd, units=moves) for key, label, usd in kinds
    ]


def _reembedding(book: Book, parts: Parts) -> list[Line]:
    times, bill = parts.care.reembeddings, parts.retrieval
    if times is None or bill is None:
        return []
    label, moves = "embedding everything with another model", every_month(per_month=times)
    return [book.path("migration.embedding", label, "migration", "move", usd=bill.corpus_usd, units=moves)]


def _escalations(book: Book, parts: Parts) -> Line:
    option = parts.option
    written = option.given("task.escalation_usd") is not None
    each = option["task.escalation_usd"] if written else option["task.cost_per_error"]
    usd = option["task.escalation_share"] * each
    return book.path(
        "quality.escalations", "wrong answers handed to people", "quality", "wrong answer", usd=usd, units=parts.wrong
    )
