"""What several scenarios can share: replicas of one base model with an adapter each, and an index."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, cast

import numpy as np

from estimator.decision import Band, band
from estimator.errors import InputError
from estimator.questions.calendar import Calendar
from estimator.record import record
from estimator.results import OptionEstimate
from estimator.scenario import Retrieval, Scenario, Serving
from estimator.serving import OwnAnswer, answer_of, profile_of, replica_hours
from estimator.tco import Line, Parts, every_month
from estimator.units import Array, column

REPLICA_LINES = (
    "inference.gpu",
    "inference.prompt_saving",
    "inference.retries",
    "inference.cold_starts",
    "inference.overhead",
)
INDEX_LINES = ("build.retrieval", "operations.retrieval", "migration.embedding")
"""Lines of an index beside those of the retrieval bill that do not follow the questions."""
PER_QUESTION = frozenset(
    {
        "shared",
        "chunks_in_prompt",
        "rerank",
        "rerank_parameters",
        "rerank_candidates",
        "rerank_usd_per_query",
        "rewrite_calls",
        "rewrite_input_tokens",
        "rewrite_output_tokens",
        "recall",
        "context_use",
        "evaluation_hours",
        "gpu",
        "usd_per_gpu_hour",
    }
)
"""Keys of retrieval in which users of one index may differ."""


@record(kw_only=True)
class User:
    """One scenario of a portfolio with the option that is taken."""

    label: str
    scenario: Scenario
    option: OptionEstimate


@record(kw_only=True)
class Saving:
    """What is shared, with the cost on its own and together, undiscounted."""

    kind: Literal["base model", "index"]
    name: str
    users: tuple[str, ...]
    separate_usd: Band
    shared_usd: Band
    separate_hours: float | None = None
    """Replica-hours in the central case; None for an index. [h]"""
    shared_hours: float | None = None
    applied: bool
    """Whether it is counted: sharing that costs more on average is shown and left out."""
    saved: Array
    """By calendar month, shape (1 or n, months). [USD]"""


def savings(users: Sequence[User], calendar: Calendar) -> tuple[Saving, ...]:
    """Everything that some scenarios can share.

    Args:
        users: Scenarios with their options, in order.
        calendar: Months of all of them.

    Returns:
        Savings; the base models first. [USD]

    Raises:
        InputError: one name stands for two different indexes.
    """
    bases = [_base(group, calendar) for group in _groups(users, _base_key)]
    return (*bases, *(_index(group, calendar) for group in _groups(users, _index_key)))


def _groups(users: Sequence[User], key: Callable[[User], Hashable | None]) -> list[list[User]]:
    found: dict[Hashable, list[User]] = {}
    for user in users:
        name = key(user)
        if name is not None:
            found.setdefault(name, []).append(user)
    return [group for group in found.values() if len(group) > 1]


def _money(user: User) -> Parts | None:
    return user.option.parts.money if user.option.parts is not None else None


def _base_key(user: User) -> Hashable | None:
    """Model, device and engine of an option that serves an adapter on its own replicas."""
    money = _money(user)
    if money is None or not isinstance(money.answer, OwnAnswer):
        return None
    tuning, serving, answer = money.option.spec.tuning, money.option.spec.serving or Serving(), money.answer
    if tuning is None or tuning.method not in {"lora", "qlora", "dora"} or serving.owned is not None:
        return None
    place = (answer.gpu, answer.gpus, answer.provider, answer.precision, serving.kv_precision, serving.engine)
    return (user.option.model, *place, serving.autoscale, serving.profile)


def _base(users: Sequence[User], calendar: Calendar) -> Saving:
    first = _parts(users[0])
    serving = first.option.spec.serving or Serving()
    load, active, least = np.zeros((1, calendar.months)), np.zeros(calendar.months), 0
    for user in users:
        money = _parts(user)
        with np.errstate(divide="ignore"):  # adapters that leave no room for a request need endless replicas
            load = load + calendar.place(_load(money, adapters=len(users)), user.scenario)
        active = active + calendar.place(every_month(per_month=1.0, months=money.option.months), user.scenario)[0]
        least = max(least, (money.option.spec.serving or serving).minimum_replicas)
    hours = (active > 0) * replica_hours(
        requests=load,
        peak_to_mean=1.0,
        requests_per_s=1.0,
        usable_share=1.0,
        minimum_replicas=least,
        autoscale=serving.autoscale,
        profile=profile_of(serving.profile),
    )
    answer = cast(OwnAnswer, first.answer)  # by its key
    usd = np.atleast_1d(np.asarray(answer.usd_per_replica_hour * (1.0 + first.option["serving.cloud_overhead"])))
    lines = [(user, line) for user in users for line in _lines(user, REPLICA_LINES)]
    separate_hours = sum(float(line.quantity[0].sum()) for _, line in lines if line.key != "inference.overhead")
    return _saving(
        "base model",
        f"{users[0].option.model} on {answer.gpus} × {answer.gpu}",
        users,
        separate=_placed(lines, calendar),
        shared=usd[:, None] * hours,
        hours=(separate_hours, float(hours[0].sum())),
    )


def _load(money: Parts, *, adapters: int) -> Array:
    """Replicas' worth of requests by month when several adapters share the base: requests × peak / usable rate.

    The rate is that of a replica that keeps all adapters beside the base and does not merge them.
    """
    option = money.option
    serving = (option.spec.serving or Serving()).model_copy(update={"merged_adapter": False, "adapters": adapters})
    together = replace(option, spec=option.spec.model_copy(update={"serving": serving}))
    answer = cast(OwnAnswer, answer_of(together, request=money.request))
    asked = money.requests * (1.0 + (1.0 - money.care.quality) * column(option["task.retry_share"]))
    rate = answer.requests_per_s * option["serving.usable_share"] / option["serving.peak_to_mean"]
    return every_month(per_month=asked / column(rate))


def _index_key(user: User) -> Hashable | None:
    money = _money(user)
    retrieval = money.option.spec.retrieval if money is not None else None
    return retrieval.shared if retrieval is not None else None


def _index(users: Sequence[User], calendar: Calendar) -> Saving:
    """The dearest user of each month pays what all would; work before launch is paid by the first."""
    _same_index(users)
    lines = [(user, line) for user in users for line in _lines(user, _index_lines(user))]
    once = [(user, line) for user, line in lines if not line.times[:, 1:].any()]
    first = min(users, key=lambda user: calendar.offset(user.scenario))
    paid = _placed([(user, line) for user, line in once if user is first], calendar)
    monthly = [pair for pair in lines if pair not in once]
    for key in dict.fromkeys(line.key for _, line in monthly):
        same = [calendar.place(line.monthly, user.scenario) for user, line in monthly if line.key == key]
        dearest = same[0]
        for other in same[1:]:
            dearest = np.maximum(dearest, other)
        paid = paid + dearest
    return _saving("index", str(_index_key(users[0])), users, separate=_placed(lines, calendar), shared=paid)


def _index_lines(user: User) -> tuple[str, ...]:
    bill = _parts(user).retrieval
    items = bill.cost.items if bill is not None else ()
    return (*INDEX_LINES, *(f"retrieval.{item.name}" for item in items if item.when != "query"))


def _same_index(users: Sequence[User]) -> None:
    first = users[0]
    for other in users[1:]:
        one, two = (_index_data(user) for user in (first, other))
        for key in (*one, *(key for key in two if key not in one)):
            if one.get(key) != two.get(key):
                name = _index_key(first)
                raise InputError(
                    f"retrieval.shared: {name!r} differs between {first.label} and {other.label} in {key}; "
                    "make them equal, or give the indexes two names"
                )


def _index_data(user: User) -> Mapping[str, object]:
    retrieval = _parts(user).option.spec.retrieval or Retrieval()
    return {key: value for key, value in retrieval.model_dump().items() if key not in PER_QUESTION}


def _parts(user: User) -> Parts:
    return cast(Parts, _money(user))  # users without parts have no key


def _lines(user: User, keys: Sequence[str]) -> list[Line]:
    return [line for line in user.option.ledger.lines if line.key in keys]


def _placed(lines: Sequence[tuple[User, Line]], calendar: Calendar) -> Array:
    total = np.zeros((1, calendar.months))
    for user, line in lines:
        total = total + calendar.place(line.monthly, user.scenario)
    return total


def _saving(
    kind: Literal["base model", "index"],
    name: str,
    users: Sequence[User],
    *,
    separate: Array,
    shared: Array,
    hours: tuple[float, float] | None = None,
) -> Saving:
    saved = separate - shared
    mean = float((saved[1:] if saved.shape[0] > 1 else saved).sum(axis=1).mean())
    return Saving(
        kind=kind,
        name=name,
        users=tuple(user.label for user in users),
        separate_usd=band(separate.sum(axis=1)),
        shared_usd=band(shared.sum(axis=1)),
        separate_hours=hours[0] if hours else None,
        shared_hours=hours[1] if hours else None,
        applied=mean > 0,
        saved=saved,
    )
