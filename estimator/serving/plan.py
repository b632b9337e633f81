"""A serving plan in one call: replicas, latency by load, the month's bill, ways to pay, an API beside it."""

from datetime import date

import numpy as np

from estimator.catalog import Accelerator, Architecture, Catalog, TokenPrice
from estimator.errors import InfeasibleError, InputError
from estimator.memory import lora_parameters
from estimator.record import record
from estimator.serving.capacity import Capacity, self_hosted_capacity, smallest_gpus
from estimator.serving.engines import DEFAULT_ENGINE, engine_of
from estimator.serving.latency import Latency, at_load
from estimator.serving.profiles import profile_of
from estimator.serving.quote import ByReplica, ByToken, Quote, quote
from estimator.serving.rent import Rent, ways_to_pay
from estimator.serving.request import Request
from estimator.units import SECONDS_PER_MONTH, Array, Value, central

MOST_GPUS = 8
"""Largest replica tried where no number is given: one node. Judgement. [count]"""
LARGEST_REPLICA = 64
LARGEST_RATE = 1e6
SERVING_GPU = "H100-80GB"
"""GPU where none is named. Judgement: the most offered one."""
SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Loads of the curve over the saturated rate. [1]"""
ADAPTER_RANK = 16.0
ADAPTER_BYTES = 2.0


@record(kw_only=True)
class Ask:
    """What is to be served."""

    model: str
    requests_per_s: float
    """Mean over the profile. [1/s]"""
    input_tokens: float
    output_tokens: float
    gpu: str = SERVING_GPU
    gpus: int | None = None
    precision: str = "bf16"
    kv_precision: str | None = None
    engine: str = DEFAULT_ENGINE
    profile: str = "office"
    autoscale: bool = False
    minimum_replicas: int = 1
    adapters: int = 0
    """LoRA adapters of rank 16 kept on one base. [count]"""
    against: str | None = None
    """A hosted model to compare with, provider/model."""
    usd_per_gpu_hour: float | None = None
    purchase_usd: float | None = None
    """Price of one device with its share of the server, where bought. [USD]"""


@record(kw_only=True)
class AtLoad:
    """Latency in an hour of the profile, or at a share of the saturated rate."""

    name: str
    requests_per_s: float
    """Over all replicas. [1/s]"""
    replicas: float
    utilisation: float
    output_tokens_per_s: float
    latency: Latency


@record(kw_only=True)
class ServingPlan:
    """What it takes to serve a model on own replicas."""

    ask: Ask
    capacity: Capacity
    peak_requests_per_s: float
    peak_replicas: float
    loads: tuple[AtLoad, ...]
    """Median, 95th percentile and peak hour."""
    curve: tuple[AtLoad, ...]
    """One replica from idle to saturated."""
    quote: Quote
    rents: tuple[Rent, ...]
    """Ways to pay for the same replica-hours, cheapest first; the first is the one of the quote."""
    api: TokenPrice | None


def serving_plan(*, ask: Ask, catalog: Catalog, on: date) -> ServingPlan:
    """Plan own replicas for a load: R = ⌈λ_peak/(X ρ)⌉, billed by the hour, compared at the use they really have.

    Args:
        ask: Model, load and device.
        catalog: Models, devices, prices.
        on: Day of the prices.

    Returns:
        Replicas, latencies and money. [USD/month]

    Raises:
        InputError: an impossible token count, rate, precision, engine or profile.
        InfeasibleError: the model does not fit.
        UnknownNameError: unknown model, GPU or hosted model.

    Source: formulas of this room; defaults `serving.*`.
    """
    _check(ask)
    architecture, device = catalog.architecture(ask.model), catalog.accelerator(ask.gpu)
    _check_context(ask, architecture)
    capacity = _capacity(ask, architecture, device, _default(catalog, "serving.lora_throughput", on))
    if not capacity.fits:
        raise InfeasibleError(f"{ask.model}: {capacity.reason}")
    profile, usable = profile_of(ask.profile), _default(catalog, "serving.usable_share", on)
    rents = ways_to_pay(
        catalog=catalog,
        on=on,
        device=device,
        gpus=capacity.on.gpus,
        usd_per_gpu_hour=ask.usd_per_gpu_hour,
        purchase_usd=ask.purchase_usd,
    )
    api = None if ask.against is None else catalog.token_price(ask.against, on=on)
    by = ByReplica(
        capacity=capacity,
        usd_per_gpu_hour=rents[0].usd_per_replica_hour / capacity.on.gpus,
        peak_to_mean=1.0 / float(profile.mean()),
        usable_share=usable,
        cloud_overhead=_default(catalog, "serving.cloud_overhead", on),
        operations_hours=_default(catalog, "serving.operations_hours", on),
        usd_per_labour_hour=catalog.row("labour/ml_engineer", on).mode,
        cold_start_seconds=_default(catalog, "serving.cold_start_seconds", on),
        minimum_replicas=ask.minimum_replicas,
        autoscale=ask.autoscale,
        profile=profile,
    )
    request = plain_request(ask.input_tokens, ask.output_tokens)
    return ServingPlan(
        ask=ask,
        capacity=capacity,
        peak_requests_per_s=ask.requests_per_s / float(profile.mean()),
        peak_replicas=float(_replicas(ask, capacity, usable, 1.0 / float(profile.mean()))),
        loads=_loads(ask, capacity, usable, profile),
        curve=tuple(
            _at(ask, capacity, f"{share:.0%}", share * central(capacity.requests_per_s), 1.0) for share in SHARES
        ),
        quote=quote(
            by=by,
            request=request,
            requests_per_month=ask.requests_per_s * SECONDS_PER_MONTH,
            api_usd_per_request=None if api is None else _api_request(api, request),
        ),
        rents=rents,
        api=api,
    )


def plain_request(input_tokens: Value, output_tokens: Value) -> Request:
    """A request of which nothing is known but its size: nothing is cached.

    Args:
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]

    Returns:
        Tokens by purpose. [token]

    Source: definition.
    """
    return Request(
        instructions=0.0,
        instructions_saved=0.0,
        user_text=input_tokens,
        few_shot=0.0,
        retrieved_context=0.0,
        output=output_tokens,
        reasoning=0.0,
    )


def _api_request(price: TokenPrice, request: Request) -> Value:
    return quote(by=ByToken(price=price, cache_hit_rate=0.0), request=request, requests_per_month=1.0).usd_per_month


def _check(ask: Ask) -> None:
    for name, value, least in (
        ("rps", ask.requests_per_s, 0.0),
        ("input", ask.input_tokens, 0.0),
        ("output", ask.output_tokens, 0.0),
    ):
        if not np.isfinite(value) or value <= least:
            raise InputError(f"{name}: {value:g} is not above 0; give a number above 0")
    if ask.gpus is not None and not 1 <= ask.gpus <= LARGEST_REPLICA:
        raise InputError(f"gpus: {ask.gpus} is not from 1 to {LARGEST_REPLICA}; give the GPUs of one replica")
    if ask.requests_per_s > LARGEST_RATE:
        raise InputError(f"rps: {ask.requests_per_s:g} is above {LARGEST_RATE:g}; give requests per second")
    for name, count, least in (("adapters", ask.adapters, 0), ("minimum-replicas", ask.minimum_replicas, 0)):
        if count < least:
            raise InputError(f"{name}: {count} is below {least}; give {least} or more")


def _check_context(ask: Ask, architecture: Architecture) -> None:
    longest = ask.input_tokens + ask.output_tokens
    if longest > architecture.max_positions:
        raise InputError(
            f"input + output: {longest:g} tokens are more than the context window of {ask.model} "
            f"({architecture.max_positions}); shorten the request or choose another model"
        )


def _default(catalog: Catalog, key: str, on: date) -> float:
    row = catalog.default(key, None, on)
    if row is None:
        raise InputError(f"{key}: no default on {on}; ask for a later day")
    return row.mode


def _capacity(ask: Ask, architecture: Architecture, device: Accelerator, lora: float) -> Capacity:
    engine = engine_of(ask.engine)
    size = {"input_tokens": ask.input_tokens, "output_tokens": ask.output_tokens}
    gpus = ask.gpus or smallest_gpus(
        architecture=architecture,
        accelerator=device,
        precision=ask.precision,
        limit=MOST_GPUS,
        engine=engine,
        **size,
    )
    each = ADAPTER_BYTES * lora_parameters(architecture=architecture, rank=ADAPTER_RANK, targets="all-linear")
    return self_hosted_capacity(
        architecture=architecture,
        accelerator=device,
        gpus=gpus or MOST_GPUS,
        precision=ask.precision,
        kv_precision=ask.kv_precision,
        engine=engine,
        adapters=ask.adapters,
        adapter_bytes=each,
        lora_throughput=lora,
        input_tokens=ask.input_tokens,
        output_tokens=ask.output_tokens,
    )


def _replicas(ask: Ask, capacity: Capacity, usable: float, over_mean: float) -> float:
    """Replicas that run when the load is a multiple of its mean."""
    needed = np.ceil(ask.requests_per_s * over_mean / (central(capacity.requests_per_s) * usable))
    return float(max(needed, ask.minimum_replicas, 1))


def _loads(ask: Ask, capacity: Capacity, usable: float, profile: Array) -> tuple[AtLoad, ...]:
    found = []
    for name, share in (("median hour", 0.5), ("p95 hour", 0.95), ("peak hour", 1.0)):
        over_mean = float(np.quantile(profile, share) / profile.mean())
        running = _replicas(ask, capacity, usable, over_mean if ask.autoscale else 1.0 / float(profile.mean()))
        found.append(_at(ask, capacity, name, ask.requests_per_s * over_mean, running))
    return tuple(found)


def _curve(ask: Ask, capacity: Capacity) -> tuple[AtLoad, ...]:
    full = central(capacity.requests_per_s)
    return tuple(_at(ask, capacity, f"{share:.0%}", share * full, 1.0) for share in SHARES)


def _at(ask: Ask, capacity: Capacity, name: str, requests_per_s: float, replicas: float) -> AtLoad:
    return AtLoad(
        name=name,
        requests_per_s=requests_per_s,
        replicas=replicas,
        utilisation=requests_per_s / (replicas * central(capacity.requests_per_s)),
        output_tokens_per_s=requests_per_s * ask.output_tokens,
        latency=at_load(
            capacity=capacity,
            requests_per_s=requests_per_s / replicas,
            input_tokens=ask.input_tokens,
            output_tokens=ask.output_tokens,
        ),
    )
