"""From load to replicas: queueing, peaks, autoscaling, break-even against an API."""

from typing import Any

import numpy as np
import numpy.typing as npt

from estimator.serving.profiles import OFFICE_DAY
from estimator.units import (
    HOURS_PER_MONTH,
    MILLION,
    SECONDS_PER_HOUR,
    SECONDS_PER_MONTH,
    Array,
    Value,
    column,
)

_FUTURES = 256
"""Futures whose months are looked at together: their load by hour stays in the cache. [count]"""


def erlang_c(*, servers: int, offered_load: Value) -> Value:
    """Probability that a request waits: C(c, a) from the Erlang-B recursion.

    Args:
        servers: c. [count]
        offered_load: a = arrival rate × service time, below c. [erlang]

    Returns:
        Probability; 1 at or above saturation. [1]

    Source: Erlang 1917; C(12, 10) = 0.449388.

    >>> round(float(erlang_c(servers=12, offered_load=10.0)), 6)
    0.449388
    """
    load = np.asarray(offered_load, dtype=float)
    blocked = np.ones_like(load)
    for server in range(1, servers + 1):
        blocked = load * blocked / (server + load * blocked)
    usage = np.minimum(load / servers, 1.0)
    waits: Value = np.where(usage < 1.0, blocked / (1.0 - usage * (1.0 - blocked)), 1.0)
    return waits


def queue_wait_seconds(*, servers: int, service_seconds: Value, requests_per_s: Value) -> Value:
    """Mean wait for a free slot: W = C(c, λ s)/(c/s − λ).

    Args:
        servers: c, slots. [count]
        service_seconds: s, time a request holds its slot. [s]
        requests_per_s: λ, arrivals. [1/s]

    Returns:
        Seconds; infinite at or above saturation. [s]

    Source: M/M/c queue, Erlang 1917; c = 12, s = 1, λ = 10 is 0.224694.

    >>> round(float(queue_wait_seconds(servers=12, service_seconds=1.0, requests_per_s=10.0)), 6)
    0.224694
    """
    arriving = np.asarray(requests_per_s, dtype=float)
    spare = servers / np.asarray(service_seconds, dtype=float) - arriving
    waits = erlang_c(servers=servers, offered_load=arriving * service_seconds)
    seconds: Value = np.where(spare > 0.0, waits / np.where(spare > 0.0, spare, 1.0), np.inf)
    return seconds


def replicas(*, peak_requests_per_s: Value, requests_per_s: Value, usable_share: Value) -> Value:
    """Replicas for a peak: ⌈λ_peak/(X ρ)⌉.

    Args:
        peak_requests_per_s: λ_peak. [1/s]
        requests_per_s: X, saturated rate of one replica. [1/s]
        usable_share: ρ, share of X that may be planned with. [1]

    Returns:
        Replicas. [count]

    Source: definition.

    >>> float(replicas(peak_requests_per_s=40.0, requests_per_s=13.43, usable_share=0.7))
    5.0
    """
    needed: Value = np.ceil(peak_requests_per_s / (requests_per_s * usable_share))
    return needed


def replica_hours(
    *,
    requests: Array,
    peak_to_mean: Value,
    requests_per_s: Value,
    usable_share: Value,
    minimum_replicas: int,
    autoscale: bool,
    profile: Array = OFFICE_DAY,
) -> Array:
    """Replica-hours per month: replicas for the peak around the clock, or hour by hour along an office day.

    Args:
        requests: Requests per month, shape (1 or n, months). [requests]
        peak_to_mean: Peak over mean load, scalar or shape (n,). [1]
        requests_per_s: Saturated rate of one replica, scalar or shape (n,). [1/s]
        usable_share: Share of it that may be planned with. [1]
        minimum_replicas: Replicas kept up at any time. [count]
        autoscale: Follow the load of the profile.
        profile: Load by hour over the peak hour. [1]

    Returns:
        Shape (1 or n, months). [h]

    Source: definition; a peak of 40 requests/s on 13.43 requests/s replicas at ρ = 0.7 is 120 hours a day always on,
        73 autoscaled.

    >>> month = 40.0 * 2_629_800 * np.ones((1, 1))
    >>> hours = replica_hours(requests=month, peak_to_mean=1.0, requests_per_s=13.43, usable_share=0.7,
    ...                       minimum_replicas=1, autoscale=False)
    >>> round(float(hours[0, 0]) / 730.5)
    5
    """
    load = _load(requests, peak_to_mean, requests_per_s, usable_share)
    if _at_minimum(load, minimum_replicas, profile if autoscale else np.ones(1)):
        return np.full((1, load.shape[1]), minimum_replicas * HOURS_PER_MONTH)
    if not autoscale:
        always: Array = np.maximum(np.ceil(load), minimum_replicas) * HOURS_PER_MONTH
        return always
    shares, times = np.unique(profile, return_counts=True)
    total = _weighted(load, minimum_replicas, shares, times)
    hours: Array = total / len(profile) * HOURS_PER_MONTH
    return hours


def cold_start_hours(
    *,
    requests: Array,
    peak_to_mean: Value,
    requests_per_s: Value,
    usable_share: Value,
    minimum_replicas: int,
    cold_start_seconds: Value,
    profile: Array = OFFICE_DAY,
) -> Array:
    """Replica-hours per month paid while autoscaled replicas start: Σ_h max(0, R_h − R_{h−1}) · cycles · s/3600.

    Args:
        requests: Requests per month, shape (1 or n, months). [requests]
        peak_to_mean: Peak over mean load, scalar or shape (n,). [1]
        requests_per_s: Saturated rate of one replica, scalar or shape (n,). [1/s]
        usable_share: Share of it that may be planned with. [1]
        minimum_replicas: Replicas kept up at any time. [count]
        cold_start_seconds: s, from starting a replica to its first request. [s]
        profile: Load by hour over the peak hour. [1]

    Returns:
        Shape (1 or n, months). [h]

    Source: definition; every replica added along the office day starts once. A peak of 40 requests/s on replicas of
        13.43 requests/s at ρ = 0.7 starts five a day.
    """
    load = _load(requests, peak_to_mean, requests_per_s, usable_share)
    if _at_minimum(load, minimum_replicas, profile):
        return np.zeros((1, load.shape[1]))
    rises = (profile > np.roll(profile, 1)).astype(float)  # replicas follow the load, so none starts while it falls
    times = rises - np.roll(rises, -1)
    turns = times != 0.0
    starts = _weighted(load, minimum_replicas, profile[turns], times[turns])
    seconds = column(cold_start_seconds)
    hours: Array = starts * (HOURS_PER_MONTH / len(profile)) * seconds / SECONDS_PER_HOUR
    return hours


def _load(requests: Array, peak_to_mean: Value, requests_per_s: Value, usable_share: Value) -> Array:
    """Peak load over what one replica may carry, shape (1 or n, months)."""
    per_request = peak_to_mean / (SECONDS_PER_MONTH * requests_per_s * usable_share)
    load: Array = requests * column(per_request)
    return load


def _at_minimum(load: Array, minimum_replicas: int, shares: Array) -> bool:
    """Whether the replicas that are kept up suffice at any hour of any future, so that all futures are alike."""
    return bool(load.max(initial=0.0) * shares.max() <= minimum_replicas)


def _weighted(load: Array, minimum_replicas: int, shares: Array, times: npt.NDArray[Any]) -> Array:
    """Σ times × replicas needed at a share of the peak load, a few futures at a time so that they stay in the cache."""
    total = np.zeros(load.shape)
    for start in range(0, load.shape[0], _FUTURES):
        block, found = load[start : start + _FUTURES], total[start : start + _FUTURES]
        if block.max(initial=0.0) * shares.max(initial=0.0) <= minimum_replicas:
            found += minimum_replicas * float(times.sum())
            continue
        needed = np.empty(block.shape)
        for share, weight in zip(shares.tolist(), times.tolist(), strict=True):
            np.multiply(block, share, out=needed)
            np.ceil(needed, out=needed)
            np.maximum(needed, minimum_replicas, out=needed)
            needed *= weight
            found += needed
    return total


def usd_per_million_output_tokens(*, usd_per_hour: Value, output_tokens_per_s: Value, utilisation: Value) -> Value:
    """c/(3600 X u)·10⁶: price of a million written tokens at the utilisation a workload really has.

    Args:
        usd_per_hour: c, price of the replica. [USD/hour]
        output_tokens_per_s: X, saturated output rate. [token/s]
        utilisation: u. [1]

    Returns:
        Price. [USD/Mtok]

    Source: definition.

    >>> round(usd_per_million_output_tokens(usd_per_hour=2.95, output_tokens_per_s=13430.5, utilisation=0.6), 5)
    0.10169
    """
    return usd_per_hour / SECONDS_PER_HOUR / (output_tokens_per_s * utilisation) * MILLION


def break_even_utilisation(*, usd_per_hour: Value, requests_per_s: Value, api_usd_per_request: Value) -> Value:
    """Utilisation at which own serving costs as much as an API: c/(3600 X c_api); above 1 the API always wins.

    Args:
        usd_per_hour: c, price of the replica. [USD/hour]
        requests_per_s: X, saturated rate. [1/s]
        api_usd_per_request: c_api. [USD/request]

    Returns:
        Utilisation. [1]

    Source: definition.

    >>> round(break_even_utilisation(usd_per_hour=2.95, requests_per_s=13.4305, api_usd_per_request=0.0006), 5)
    0.10169
    """
    return usd_per_hour / (SECONDS_PER_HOUR * requests_per_s * api_usd_per_request)


def break_even_requests_per_month(
    *, usd_per_hour: Value, api_usd_per_request: Value, hours_per_month: float = HOURS_PER_MONTH
) -> Value:
    """Requests per month at which one always-on replica costs as much as an API: c h/c_api.

    Args:
        usd_per_hour: c, price of the replica. [USD/hour]
        api_usd_per_request: c_api. [USD/request]
        hours_per_month: h. [h/month]

    Returns:
        Requests per month. [requests/month]

    Source: definition.

    >>> round(break_even_requests_per_month(usd_per_hour=2.95, api_usd_per_request=0.006, hours_per_month=730))
    358917
    """
    return usd_per_hour * hours_per_month / api_usd_per_request
