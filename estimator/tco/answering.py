"""Ledger lines of answering requests: inference and retrieval."""

import numpy as np

from estimator.retrieval import CostItem
from estimator.serving import ApiAnswer, OwnAnswer, cold_start_hours, price_path, profile_of, replica_hours
from estimator.tco.items import Book
from estimator.tco.ledger import Line
from estimator.tco.months import every_month
from estimator.tco.parts import Parts
from estimator.units import HOURS_PER_MONTH, Array, Value, column


def inference_lines(book: Book, parts: Parts) -> list[Line]:
    """Cost of answering: by token, or by replica-hour.

    Args:
        book: Horizon of the ledger. [month]
        parts: What the rooms said.

    Returns:
        Lines. [USD]

    Source: definition.
    """
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
    lines += _switching(book, parts, each)
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


def _switching(book: Book, parts: Parts, each: Value) -> list[Line]:
    """What buying equal capability anew saves, and the moves it takes; nothing where the model is pinned."""
    serving = parts.option.spec.serving
    if serving is None or serving.price_path != "switching":
        return []
    every = parts.option["serving.switch_months"]
    trend = parts.option.price("trend/token_price_switching")
    path = np.atleast_2d(price_path(months=book.months, yearly_factor=trend, switch_months=every))
    moves = np.diff(np.floor(np.arange(book.months) / column(every)), axis=-1, prepend=0.0)
    empty = np.zeros((path.shape[0], 1))
    answered = parts.asked + column(parts.option["task.retry_share"]) * parts.wrong
    cheaper = answered * np.concatenate([empty, path - 1.0], axis=-1)
    moved = np.concatenate([np.zeros((moves.shape[0], 1)), np.minimum(moves, 1.0)], axis=-1)
    move = parts.option["upkeep.migration_hours"] * parts.option.price("labour/ml_engineer")
    label = "cheaper models of equal capability"
    return [
        book.path("inference.repricing", label, "inference", "request", usd=each, units=cheaper),
        book.path("inference.switching", "moving to them", "inference", "move", usd=move, units=moved),
    ]


def _by_replica(book: Book, parts: Parts, answer: OwnAnswer) -> list[Line]:
    option = parts.option
    usd = answer.usd_per_replica_hour
    again = 1.0 + (1.0 - parts.care.quality) * column(option["task.retry_share"])
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
    again_hours = total - short
    overhead = usd * option["serving.cloud_overhead"]
    if option.spec.serving is not None and option.spec.serving.autoscale:
        starting = _starting(parts, parts.requests * again, answer.requests_per_s)
        total = total + starting
        label = "GPUs while they start"
        lines.append(book.path("inference.cold_starts", label, "inference", "replica-hour", usd=usd, units=starting))
    lines += [
        book.path("inference.retries", "retries", "inference", "replica-hour", usd=usd, units=again_hours),
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
            profile=profile_of(serving.profile if serving is not None else "office"),
        )
    )


def _starting(parts: Parts, requests: Array, rate: Value) -> Array:
    option, serving = parts.option, parts.option.spec.serving
    return every_month(
        per_month=cold_start_hours(
            requests=requests,
            peak_to_mean=option["serving.peak_to_mean"],
            requests_per_s=rate,
            usable_share=option["serving.usable_share"],
            minimum_replicas=serving.minimum_replicas if serving is not None else 1,
            cold_start_seconds=option["serving.cold_start_seconds"],
            profile=profile_of(serving.profile if serving is not None else "office"),
        )
    )


def retrieval_lines(book: Book, parts: Parts) -> list[Line]:
    """Cost of the index and of each question; none where nothing is retrieved.

    Args:
        book: Horizon of the ledger. [month]
        parts: What the rooms said.

    Returns:
        Lines. [USD]

    Source: definition.
    """
    bill = parts.retrieval
    if bill is None:
        return []
    return [_retrieval_line(book, item, parts) for item in bill.cost.items]


def _retrieval_line(book: Book, item: CostItem, parts: Parts) -> Line:
    key = f"retrieval.{item.name}"
    if item.when == "once":
        return book.once(key, item.label, "retrieval", "corpus", usd=item.usd, units=1.0)
    if item.when == "month":
        return book.monthly(key, item.label, "retrieval", "month", usd=item.usd, units=1.0)
    return book.path(key, item.label, "retrieval", "request", usd=item.usd, units=parts.asked)
