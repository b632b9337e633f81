"""What a month of answers costs and how fast they are, by token or on own replicas, and which of the two is cheaper."""

from dataclasses import field

import numpy as np

from estimator.catalog import TokenPrice
from estimator.errors import InfeasibleError, InputError
from estimator.record import record
from estimator.serving.api import api_request_usd, token_rates
from estimator.serving.capacity import Capacity
from estimator.serving.latency import Latency, at_load
from estimator.serving.load import (
    break_even_requests_per_month,
    break_even_utilisation,
    cold_start_hours,
    replica_hours,
)
from estimator.serving.profiles import OFFICE_DAY
from estimator.serving.request import Request, prompt_tokens
from estimator.units import (
    HOURS_PER_MONTH,
    MILLION,
    SECONDS_PER_HOUR,
    SECONDS_PER_MONTH,
    THOUSAND,
    Array,
    Value,
    column,
)


@record(kw_only=True)
class ByToken:
    """A hosted model: prices per token, and an hourly price where the endpoint is billed even when idle."""

    price: TokenPrice
    cache_hit_rate: Value
    """Share of requests that find the fixed prefix in the cache. [1]"""
    hosting_usd_per_hour: Value = 0.0
    factor: Value = 1.0
    """Paid over list price of tokens: batch discount, region. [1]"""


@record(kw_only=True)
class ByReplica:
    """Own replicas of an open-weights model under an uneven load."""

    capacity: Capacity
    usd_per_gpu_hour: Value
    peak_to_mean: Value
    """Peak over mean load. [1]"""
    usable_share: Value
    """ρ, share of the saturated rate that may be planned with. [1]"""
    cloud_overhead: Value
    """Network, storage and control plane on top of GPU hours. [1]"""
    operations_hours: Value
    """Labour to keep it running. [h/month]"""
    usd_per_labour_hour: Value
    cold_start_seconds: Value = 0.0
    """From starting a replica to its first request; only autoscaled replicas pay it. [s]"""
    minimum_replicas: int = 1
    autoscale: bool = False
    profile: Array = field(default_factory=lambda: OFFICE_DAY)
    """Load by hour over the peak hour. [1]"""


@record(kw_only=True)
class QuoteLine:
    """One item of a monthly bill."""

    name: str
    label: str
    usd_per_month: Value


@record(kw_only=True)
class FairComparison:
    """Own replicas against an API at the utilisation the workload really has."""

    api_usd_per_month: Value
    break_even_utilisation: Value
    """Of one always-on replica, labour and overhead included; above 1 the API always wins. [1]"""
    break_even_requests_per_month: Value
    """Requests at which the smallest always-on set of replicas costs as much as the API. [requests/month]"""


@record(kw_only=True)
class Quote:
    """A month of answers, item by item."""

    lines: tuple[QuoteLine, ...]
    requests_per_month: Value
    output_tokens: Value
    """Of one request. [token]"""
    replica_hours: Value
    """0 by token. [h/month]"""
    utilisation: Value | None
    """Mean load over the saturated rate of the replicas paid for; None by token. [1]"""
    latency: Latency | None
    against_api: FairComparison | None

    @property
    def usd_per_month(self) -> Value:
        """Sum of the lines. [USD/month]"""
        return sum((line.usd_per_month for line in self.lines), start=0.0)

    @property
    def usd_per_request(self) -> Value:
        """All costs over all requests. [USD/request]"""
        return self.usd_per_month / self.requests_per_month

    @property
    def usd_per_thousand_requests(self) -> Value:
        """All costs over all requests, times 1,000. [USD]"""
        return self.usd_per_request * THOUSAND

    @property
    def usd_per_mtok_output(self) -> Value:
        """All costs over all written tokens. [USD/Mtok]"""
        return self.usd_per_request / self.output_tokens * MILLION


def quote(
    *,
    by: ByToken | ByReplica,
    request: Request,
    requests_per_month: Value,
    api_usd_per_request: Value | None = None,
) -> Quote:
    """A month of answers: Σ tokens × price, or replica-hours × price + overhead + labour, with latency.

    Args:
        by: Prices per token, or own replicas and their load.
        request: Tokens of one request. [token]
        requests_per_month: Above 0. [requests/month]
        api_usd_per_request: Price of an API to compare own replicas with. [USD/request]

    Returns:
        Itemised month, latency and comparison. [USD/month]

    Raises:
        InputError: not one request.
        InfeasibleError: the model does not fit on the replica.

    Source: formulas of this room.
    """
    if np.any(np.asarray(requests_per_month) <= 0):
        raise InputError(f"requests_per_month: {np.min(requests_per_month):g} is not above 0; give at least one")
    if isinstance(by, ByToken):
        return _by_token(by, request, requests_per_month)
    if not by.capacity.fits:
        raise InfeasibleError(by.capacity.reason)
    return _by_replica(by, request, requests_per_month, api_usd_per_request)


def _by_token(by: ByToken, request: Request, asked: Value) -> Quote:
    rates = token_rates(price=by.price, input_tokens=request.input)
    billed = prompt_tokens(request=request, cache_hit_rate=by.cache_hit_rate, rates=rates)
    cost = api_request_usd(
        price=by.price,
        fresh_input_tokens=billed.fresh_input_tokens,
        cached_input_tokens=billed.cached_input_tokens,
        cache_write_tokens=billed.cache_write_tokens,
        output_tokens=billed.output_tokens,
    )
    paid = asked * by.factor
    items: list[tuple[str, str, Value]] = [
        ("input", "input", paid * cost.input),
        ("cached_input", "input read from the cache", paid * cost.cached_input),
        ("cache_write", "input written to the cache", paid * cost.cache_write),
        ("output", "output, reasoning included", paid * cost.output),
        ("hosting", "hosting of the endpoint", by.hosting_usd_per_hour * HOURS_PER_MONTH),
    ]
    return Quote(
        lines=_lines(items),
        requests_per_month=asked,
        output_tokens=request.written,
        replica_hours=0.0,
        utilisation=None,
        latency=None,
        against_api=None,
    )


def _by_replica(by: ByReplica, request: Request, asked: Value, api_usd: Value | None) -> Quote:
    rate = by.capacity.requests_per_s
    load = column(asked)
    hours = _flat(
        replica_hours(
            requests=load,
            peak_to_mean=by.peak_to_mean,
            requests_per_s=rate,
            usable_share=by.usable_share,
            minimum_replicas=by.minimum_replicas,
            autoscale=by.autoscale,
            profile=by.profile,
        )
    )
    starting: Value = 0.0
    if by.autoscale:
        starting = _flat(
            cold_start_hours(
                requests=load,
                peak_to_mean=by.peak_to_mean,
                requests_per_s=rate,
                usable_share=by.usable_share,
                minimum_replicas=by.minimum_replicas,
                cold_start_seconds=by.cold_start_seconds,
                profile=by.profile,
            )
        )
    hourly = by.usd_per_gpu_hour * by.capacity.on.gpus
    labour = by.operations_hours * by.usd_per_labour_hour
    items: list[tuple[str, str, Value]] = [
        ("gpu", "serving GPUs", hourly * hours),
        ("cold_starts", "GPUs while they start", hourly * starting),
        ("overhead", "network, storage, control plane", hourly * (hours + starting) * by.cloud_overhead),
        ("operations", "operating own serving", labour),
    ]
    return Quote(
        lines=_lines(items),
        requests_per_month=asked,
        output_tokens=request.written,
        replica_hours=hours + starting,
        utilisation=asked / (rate * (hours + starting) * SECONDS_PER_HOUR),
        latency=_latency(by, request, asked),
        against_api=None if api_usd is None else _comparison(by, asked, hourly, labour, api_usd),
    )


def _latency(by: ByReplica, request: Request, asked: Value) -> Latency:
    """At the peak of the day, requests spread evenly over the replicas."""
    peak = asked / SECONDS_PER_MONTH * by.peak_to_mean
    count = np.maximum(np.ceil(peak / (by.capacity.requests_per_s * by.usable_share)), by.minimum_replicas)
    return at_load(
        capacity=by.capacity,
        requests_per_s=peak / np.maximum(count, 1.0),
        input_tokens=request.input,
        output_tokens=request.written,
    )


def _comparison(by: ByReplica, asked: Value, hourly: Value, labour: Value, api_usd: Value) -> FairComparison:
    always_on = max(by.minimum_replicas, 1) * hourly * (1.0 + by.cloud_overhead) + labour / HOURS_PER_MONTH
    rate = by.capacity.requests_per_s * max(by.minimum_replicas, 1)
    return FairComparison(
        api_usd_per_month=asked * api_usd,
        break_even_utilisation=break_even_utilisation(
            usd_per_hour=always_on, requests_per_s=rate, api_usd_per_request=api_usd
        ),
        break_even_requests_per_month=break_even_requests_per_month(
            usd_per_hour=always_on, api_usd_per_request=api_usd
        ),
    )


def _lines(items: list[tuple[str, str, Value]]) -> tuple[QuoteLine, ...]:
    """Lines that are not zero everywhere."""
    return tuple(
        QuoteLine(name=name, label=label, usd_per_month=usd)
        for name, label, usd in items
        if np.any(np.asarray(usd) != 0)
    )


def _flat(monthly: Array) -> Value:
    """Shape (1 or n, 1) as a number or shape (n,)."""
    column = monthly[:, 0]
    return float(column[0]) if column.size == 1 else column
