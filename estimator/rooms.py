"""What the rooms say about one option: they are called in the order in which data flows."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from estimator.decision import Outcome
from estimator.errors import InfeasibleError
from estimator.inputs import OptionInputs
from estimator.labels import data_of, lora_penalty_of, quality_of
from estimator.record import record
from estimator.results import OptionParts
from estimator.retrieval import retrieval_of
from estimator.serving import answer_of, request_of
from estimator.tco import (
    Ledger,
    Parts,
    benefits_of,
    costs_of,
    every_month,
    on_calendar,
    requests_per_month,
    retraining_of,
)
from estimator.training import sizing_of
from estimator.units import Array
from estimator.upkeep import monitoring_of, upkeep_of


@record
class Volume:
    """Requests on the clock of an option."""

    requests: Array
    """Shape (1 or n, months)."""
    asked: Array
    """The same with the empty month before launch, shape (1 or n, months + 1)."""


def requests_of(options: Mapping[str, OptionInputs]) -> Array:
    """Requests per month of all options: they answer the same questions.

    Args:
        options: Inputs by option.

    Returns:
        Shape (1 or n, months). [requests/month]
    """
    first = next(iter(options.values()))
    return requests_per_month(
        first_month=first["workload.requests_per_month"],
        growth=first["workload.growth"],
        months=first.scenario.horizon,
        ramp_months=first["workload.ramp_months"],
        ramp_share=first["workload.ramp_share"] if first.given("workload.ramp_months") is not None else 0.0,
    )


def ask_rooms(options: Mapping[str, OptionInputs]) -> dict[str, OptionParts | str]:
    """What the rooms say about each option, in all futures at once: its parts, or why it cannot be carried out."""
    asked = requests_of(options)
    return {name: ask_option(option, options, volume_of(asked, option.launch)) for name, option in options.items()}


def volume_of(asked: Array, launch: int) -> Volume:
    """Requests from the launch of an option on."""
    seen = asked[:, launch:]
    return Volume(seen, every_month(per_month=seen))


def ask_option(option: OptionInputs, options: Mapping[str, OptionInputs], volume: Volume) -> OptionParts | str:
    """Ask the rooms about one option.

    Args:
        option: Inputs of the option.
        options: Inputs of all options; the first is the baseline.
        volume: Requests on its own clock. [requests/month]

    Returns:
        What the rooms said, or in words why it cannot be carried out.
    """
    baseline = next(iter(options.values()))
    try:
        data = data_of(option)
        retrieval = retrieval_of(option)
        request = request_of(option, context_tokens=retrieval.context_tokens if retrieval else 0.0)
        sizing = sizing_of(option, examples=data.labels + data.synthetic if data else 0.0)
        quality = quality_of(option, baseline=baseline, lora_penalty=lora_penalty_of(option))
        answer = answer_of(option, request=request)
    except InfeasibleError as error:
        return str(error)
    once = retraining_of(option, data=data, sizing=sizing)
    care = upkeep_of(
        option,
        quality=quality,
        retrain_usd=once.total if once else 0.0,
        requests=volume.requests,
    )
    right = every_month(per_month=volume.requests * care.quality)
    money = Parts(
        option=option,
        request=request,
        requests=volume.requests,
        asked=volume.asked,
        right=right,
        wrong=volume.asked - right,
        data=data,
        sizing=sizing,
        answer=answer,
        retrieval=retrieval,
        care=care,
        retrain_usd=once,
        monitoring=monitoring_of(option, quality=quality.start),
    )
    return OptionParts(quality=quality, money=money)


def condensed_parts(parts: OptionParts) -> OptionParts:
    """The same parts with the central months alone of what differs by month and future.

    Args:
        parts: What the rooms said about one option.

    Returns:
        Parts that hold no months of the futures.
    """
    money, care = parts.money, parts.money.care
    quality, migrations, trainable = (path[:1].copy() for path in (care.quality, care.migrations, care.trainable))
    requests, asked, right, wrong = (
        path[:1].copy() for path in (money.requests, money.asked, money.right, money.wrong)
    )
    care = replace(care, quality=quality, migrations=migrations, trainable=trainable)
    money = replace(money, care=care, requests=requests, asked=asked, right=right, wrong=wrong)
    return replace(parts, money=money)


def ask_one(option: OptionInputs, options: Mapping[str, OptionInputs], requests: Array) -> Outcome:
    """Outcome of one option for the requests of its months: what a later stage of a plan is made of."""
    return outcome_of(option, ask_option(option, options, volume_of(requests, 0)), requests)


def outcome_of(option: OptionInputs, parts: OptionParts | str, asked: Array) -> Outcome:
    """One option, costed and valued on the calendar of its scenario.

    Args:
        option: Inputs of the option.
        parts: What the rooms said, or why it cannot be carried out.
        asked: Requests per month of the scenario, shape (1 or n, months). [requests/month]

    Returns:
        The outcome. [USD]
    """
    size = option.world.size
    if isinstance(parts, str):
        empty = Ledger((), option.scenario.horizon, 0.0)
        nothing = np.zeros((1, option.scenario.horizon))
        return Outcome(option.name, option.kind, empty, empty, asked, nothing, size, infeasible=parts)
    costs, benefits = (on_calendar(ledger, option) for ledger in (costs_of(parts.money), benefits_of(parts.money)))
    care = parts.money.care
    requests, quality = (_from_launch(path, option.launch) for path in (parts.money.requests, care.quality))
    full = option["workload.requests_per_month"]
    ends = tuple(str(text) for text in care.warnings)
    return Outcome(option.name, option.kind, costs, benefits, requests, quality, size, full, ends=ends)


def _from_launch(path: Array, months: int) -> Array:
    return np.pad(path, ((0, 0), (months, 0))) if months else path
