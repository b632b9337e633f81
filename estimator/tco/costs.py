"""All costs of an option as ledger lines, in the order in which the money is spent."""

from dataclasses import dataclass

import numpy as np

from estimator.inputs import OptionInputs
from estimator.labels import Data
from estimator.retrieval import RetrievalBill
from estimator.serving import Answer, ApiAnswer, OwnAnswer, Request, replica_hours
from estimator.tco.items import Book
from estimator.tco.ledger import Ledger, Line, every_month
from estimator.training import Sizing
from estimator.units import HOURS_PER_MONTH, MINUTES_PER_HOUR, Array, Value
from estimator.upkeep import Upkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the rooms said about one option."""

    option: OptionInputs
    request: Request
    requests: Array
    """Requests per month, shape (1 or n, months)."""
    asked: Array
    """The same with the empty month before launch, shape (1 or n, months + 1)."""
    right: Array
    """Correct answers per month, shape (1 or n, months + 1)."""
    wrong: Array
    """Wrong answers per month, shape (1 or n, months + 1)."""
    data: Data | None
    sizing: Sizing | None
    answer: Answer
    retrieval: RetrievalBill | None
    care: Upkeep
    retrain_usd: "Retraining | None"
    judge_usd_per_hour: Value
    """Pay of those who label evaluation sets and checks. [USD/hour]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraining:
    """Cost of one retraining."""

    labels: Value
    compute: Value
    release: Value

    @property
    def total(self) -> Value:
        """Sum of the parts. [USD]"""
        return self.labels + self.compute + self.release


def retraining_of(option: OptionInputs, *, data: Data | None, sizing: Sizing | None) -> Retraining | None:
    """Cost of one retraining of an option; None where nothing is tuned.

    Args:
        option: Inputs of the option.
        data: Its labels.
        sizing: Its training run.

    Returns:
        Labels refreshed, one run, release labour. [USD]

    Source: definition.
    """
    if data is None or sizing is None:
        return None
    return Retraining(
        labels=option["upkeep.refresh_labels"] * data.labels * data.usd_per_label,
        compute=sizing.usd_per_run,
        release=option["upkeep.release_hours"] * option.price("labour/ml_engineer"),
    )


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
        *_inference(book, parts),
        *_retrieval(book, parts),
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
    return [
        book.once(f"build.{name}", label, "build", "hour", usd=engineer, units=option[key])
        for name, label, key in wanted
    ]


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


def _inference(book: Book, parts: Parts) -> list[Line]:
    if isinstance(parts.answer, ApiAnswer):
        return _by_token(book, parts, parts.answer)
    return _by_replica(book, parts, parts.answer)


def _by_token(book: Book, parts: Parts, answer: ApiAnswer) -> list[Line]:
    request, rates = parts.request, answer.rates
    asked = parts.asked
    read, write = rates.input_usd, rates.output_usd
    caching = answer.caching_usd(request.prefix)
    kinds = [
        ("instructions", "instructions", request.instructions * read),
        ("user_text", "user text", request.user_text * read),
        ("few_shot", "few-shot examples", request.few_shot * read),
        ("retrieved_context", "retrieved passages in the prompt", request.retrieved_context * read),
        ("prompt_saving", "instructions a tuned model does not need", -1.0 * request.instructions_saved * read),
        ("caching", "prompt caching", caching),
        ("output", "answers", request.output * write),
        ("reasoning", "reasoning", request.reasoning * write),
    ]
    each = request.input * read + caching + request.written * write
    again = each * parts.option["task.retry_share"]
    lines = [
        book.path(f"inference.{key}", label, "inference", "request", usd=usd, units=asked)
        for key, label, usd in kinds
        if np.any(np.asarray(usd) != 0)
    ]
    lines.append(book.path("inference.retries", "retries", "inference", "wrong answer", usd=again, units=parts.wrong))
    if np.any(np.asarray(answer.hosting_usd_per_hour) > 0):
        lines.append(
            book.monthly(
                "inference.hosting",
                "hosting of the endpoint",
                "inference",
                "hour",
                usd=answer.hosting_usd_per_hour,
                units=HOURS_PER_MONTH,
            )
        )
    return lines


def _by_replica(book: Book, parts: Parts, answer: OwnAnswer) -> list[Line]:
    option = parts.option
    usd = answer.usd_per_replica_hour
    again = 1.0 + (1.0 - parts.care.quality) * _column(option["task.retry_share"])
    full = _hours(parts, parts.requests, answer.unsaved_requests_per_s)
    short = full
    lines = [book.path("inference.gpu", "serving GPUs", "inference", "replica-hour", usd=usd, units=full)]
    if np.any(np.asarray(parts.request.instructions_saved) > 0):
        short = _hours(parts, parts.requests, answer.requests_per_s)
        label = "instructions a tuned model does not need"
        lines.append(
            book.path("inference.prompt_saving", label, "inference", "replica-hour", usd=usd, units=short - full)
        )
    total = _hours(parts, parts.requests * again, answer.requests_per_s)
    overhead = usd * option["serving.cloud_overhead"]
    lines += [
        book.path("inference.retries", "retries", "inference", "replica-hour", usd=usd, units=total - short),
        book.path(
            "inference.overhead",
            "network, storage, control plane",
            "inference",
            "replica-hour",
            usd=overhead,
            units=total,
        ),
    ]
    return lines


def _hours(parts: Parts, requests: Array, rate: Value) -> Array:
    option = parts.option
    serving = option.spec.serving
    return every_month(
        per_month=replica_hours(
            requests=requests,
            peak_to_mean=option["serving.peak_to_mean"],
            requests_per_s=rate,
            usable_share=option["serving.usable_share"],
            minimum_replicas=serving.minimum_replicas if serving is not None else 1,
            autoscale=serving.autoscale if serving is not None else False,
        )
    )


def _retrieval(book: Book, parts: Parts) -> list[Line]:
    bill = parts.retrieval
    if bill is None:
        return []
    asked = parts.asked
    rerank, question = bill.rerank_usd_per_query, bill.question_usd
    return [
        book.once("retrieval.corpus", "embedding the corpus", "retrieval", "corpus", usd=bill.corpus_usd, units=1.0),
        book.monthly(
            "retrieval.refresh",
            "embedding changed and new documents",
            "retrieval",
            "month",
            usd=bill.refresh_usd_per_month,
            units=1.0,
        ),
        book.monthly(
            "retrieval.reembed", "full re-embeddings", "retrieval", "month", usd=bill.reembed_usd_per_month, units=1.0
        ),
        book.monthly("retrieval.index", "index", "retrieval", "month", usd=bill.index_usd_per_month, units=1.0),
        book.path("retrieval.question", "embedding questions", "retrieval", "request", usd=question, units=asked),
        book.path("retrieval.rerank", "reranking", "retrieval", "request", usd=rerank, units=asked),
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
    if care.migrations.any():
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


def _column(value: Value) -> Array:
    return np.atleast_1d(np.asarray(value, dtype=float))[:, None]
