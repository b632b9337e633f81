"""How much one replica of an open-weights model can answer, and whether the model fits on it at all."""

import numpy as np

from estimator.catalog import Accelerator, Architecture
from estimator.errors import InputError
from estimator.record import record
from estimator.serving.constants import CACHE_BYTES, TIGHT_WEIGHTS
from estimator.serving.engines import Engine
from estimator.serving.roofline import (
    decode_step_seconds,
    kv_room_bytes,
    largest_batch,
    saturated_requests_per_s,
    time_to_first_token_seconds,
    weight_memory_bytes,
)
from estimator.serving.work import Replica, replica
from estimator.units import GIB, Value, central

ROOM_TOKENS = 2048.0
"""Context of the one request that must fit beside the weights where no length is given. Judgement. [token]"""


@record(kw_only=True)
class Capacity:
    """What one saturated replica does; rates are 0 where it does not fit."""

    on: Replica
    reason: str
    """Why it does not fit in the central case; empty where it does."""
    warnings: tuple[str, ...]
    weight_bytes: float
    """Weights over all devices. [B]"""
    kv_room_bytes: float
    """Memory left for the cache. [B]"""
    batch: Value
    """Sequences in flight, at least 1. [count]"""
    rate_factor: Value
    """Measured over predicted rate, times what unmerged adapters leave. [1]"""
    requests_per_s: Value
    """Saturated rate. [1/s]"""
    output_tokens_per_s: Value
    """Saturated output rate. [token/s]"""
    first_token_s: Value
    """Time to the first token at no load. [s]"""
    token_s: Value
    """Time per output token at this batch. [s]"""

    @property
    def fits(self) -> bool:
        """Whether weights and one request fit in the central case."""
        return not self.reason


def self_hosted_capacity(
    *,
    architecture: Architecture,
    accelerator: Accelerator,
    gpus: int,
    precision: str,
    input_tokens: Value,
    output_tokens: Value,
    kv_precision: str | None = None,
    concurrency: Value | None = None,
    adapters: int = 0,
    adapter_bytes: Value = 0.0,
    lora_throughput: Value = 1.0,
    throughput_error: Value = 1.0,
    engine: Engine | None = None,
) -> Capacity:
    """Rates and latency of one replica at B = B_max: X = ε φ/(t_prefill + OSL t_decode(B)/B).

    Whether it fits is decided at the central case. A future whose requests are longer than the room holds runs them
    one at a time.

    Args:
        architecture: Model shape.
        accelerator: The device.
        gpus: Tensor-parallel degree. [count]
        precision: Of the weights: bf16, fp16, fp8, int8, int4 or fp4.
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]
        kv_precision: Of the cache; follows the weights where not given.
        concurrency: Requests a closed loop keeps open; as many as fit where not given. [count]
        adapters: Adapters served unmerged on one base; 0 where merged or none. [count]
        adapter_bytes: Memory of one of them. [B]
        lora_throughput: φ, throughput with unmerged adapters over without; used where there are adapters. [1]
        throughput_error: ε, measured over predicted throughput. [1]
        engine: Engine generation; the newest vLLM where not given.

    Returns:
        Rates and latencies. [1/s, s]

    Raises:
        InputError: unknown precision, fewer than one GPU, or impossible token counts.

    Source: formulas of this room; φ from multi-adapter engines, arXiv:2310.18547 (Punica).
    """
    if np.any(np.asarray(input_tokens) < 0):
        raise InputError(f"input_tokens: {np.min(input_tokens):g} is below 0; give the tokens a request reads")
    if np.any(np.asarray(output_tokens) <= 0):
        raise InputError(
            f"output_tokens: {np.min(output_tokens):g} is not above 0; a request writes at least one token"
        )
    on = replica(
        architecture=architecture,
        accelerator=accelerator,
        gpus=gpus,
        precision=precision,
        cache_bytes=_cache_bytes(kv_precision),
        engine=engine,
    )
    reserved = adapters * adapter_bytes
    fitting = largest_batch(on=on, input_tokens=input_tokens, output_tokens=output_tokens, reserved_bytes=reserved)
    fits = central(fitting) >= 1.0
    batch = np.maximum(fitting if concurrency is None else np.minimum(concurrency, fitting), 1.0)
    factor = throughput_error * lora_throughput if adapters > 0 else throughput_error
    rate = factor * saturated_requests_per_s(on=on, batch=batch, input_tokens=input_tokens, output_tokens=output_tokens)
    served = rate if fits else 0.0 * rate
    return Capacity(
        on=on,
        reason="" if fits else _why_not(on, reserved),
        warnings=_warnings(on) if fits else (),
        weight_bytes=central(weight_memory_bytes(on=on)),
        kv_room_bytes=central(kv_room_bytes(on=on)) - central(reserved),
        batch=batch,
        rate_factor=factor,
        requests_per_s=served,
        output_tokens_per_s=served * output_tokens,
        first_token_s=time_to_first_token_seconds(on=on, input_tokens=input_tokens),
        token_s=decode_step_seconds(on=on, batch=batch, context_tokens=input_tokens + output_tokens / 2.0),
    )


def smallest_gpus(
    *,
    architecture: Architecture,
    accelerator: Accelerator,
    precision: str,
    limit: int = 8,
    input_tokens: float = ROOM_TOKENS,
    output_tokens: float = 0.0,
    engine: Engine | None = None,
) -> int:
    """Smallest power of two of devices that holds the weights with room for a cache; 0 if none up to a limit.

    A number at which the weights crowd out the cache counts only where no larger one is within the limit.

    Args:
        architecture: Model shape.
        accelerator: The device.
        precision: Of the weights.
        limit: Most devices to try. [count]
        input_tokens: ISL of the request that must fit. [token]
        output_tokens: OSL of it. [token]
        engine: Engine generation; the newest vLLM where not given.

    Returns:
        Tensor-parallel degree, or 0. [count]

    Raises:
        InputError: unknown precision.

    Source: definition; tensor-parallel degrees of serving engines are powers of two.
    """
    crowded, gpus = 0, 1
    while gpus <= limit:
        on = replica(architecture=architecture, accelerator=accelerator, gpus=gpus, precision=precision, engine=engine)
        if central(largest_batch(on=on, input_tokens=input_tokens, output_tokens=output_tokens)) >= 1.0:
            if not _warnings(on):
                return gpus
            crowded = crowded or gpus
        gpus *= 2
    return crowded


def _cache_bytes(precision: str | None) -> float | None:
    if precision is None:
        return None
    if precision not in CACHE_BYTES:
        raise InputError(f"kv_precision: {precision!r} is not one of {', '.join(CACHE_BYTES)}")
    return CACHE_BYTES[precision]


def _why_not(on: Replica, reserved: Value) -> str:
    weights = f"{central(weight_memory_bytes(on=on)) / GIB:.0f} GiB of {on.precision} weights"
    devices = f"{on.gpus} × {on.accelerator.name} ({on.gpus * on.accelerator.usable_memory_bytes / GIB:.0f} GiB)"
    advice = "take more or larger GPUs or a smaller precision"
    room = central(kv_room_bytes(on=on))
    if 0.0 < room <= central(reserved):
        kept = f"{central(reserved) / GIB:.0f} GiB of adapters"
        return (
            f"{kept} leave no room for a cache beside {weights} on {devices}; keep fewer adapters in memory or {advice}"
        )
    if room <= central(reserved):
        return f"{weights} leave no room for a cache on {devices}; {advice}"
    return f"the cache of one request does not fit beside {weights} on {devices}; shorten the request or {advice}"


def _warnings(on: Replica) -> tuple[str, ...]:
    share = central(weight_memory_bytes(on=on)) / (on.gpus * on.accelerator.memory_bytes)
    if share <= TIGHT_WEIGHTS:
        return ()
    return (f"weights take {share:.0%} of the memory: throughput of long answers collapses; take more GPUs",)
