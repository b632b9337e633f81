"""Time of prefill and decode on one replica: bytes over bandwidth plus FLOPs over rate plus fixed costs."""

from dataclasses import dataclass

import numpy as np

from estimator.catalog import Accelerator, Architecture
from estimator.errors import InputError
from estimator.memory import kv_cache_bytes_per_token, parameter_count
from estimator.serving import constants as c
from estimator.units import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """One copy of a model on some devices at one precision."""

    architecture: Architecture
    accelerator: Accelerator
    gpus: int
    precision: str
    cache_bytes: float
    """Bytes per cached element. [B]"""

    @property
    def weight_bytes(self) -> float:
        """Bytes per weight. [B]"""
        return c.WEIGHT_BYTES[self.precision]

    @property
    def flops_per_s(self) -> float:
        """Achievable matmul rate of all devices. [FLOP/s]"""
        peak = self.accelerator.peak_flops_per_s
        moe = self.architecture.is_moe
        if self.precision == "fp4" and "fp4" in peak:
            return self.gpus * peak["fp4"] * (c.MOE_FLOPS_EFFICIENCY_FP4 if moe else c.FLOPS_EFFICIENCY_FP4)
        order = ("fp8", "int8", "bf16", "fp16") if self.precision in {"fp8", "int8", "fp4"} else ("bf16", "fp16")
        rate = next((peak[dtype] for dtype in order if dtype in peak), None)
        if rate is None:
            raise InputError(f"{self.accelerator.name}: no {self.precision} rate is known; choose another GPU")
        return self.gpus * rate * (c.MOE_FLOPS_EFFICIENCY if moe else c.FLOPS_EFFICIENCY)

    @property
    def bandwidth_bytes_per_s(self) -> float:
        """Achievable memory bandwidth of all devices. [B/s]"""
        return self.gpus * self.accelerator.bandwidth_bytes_per_s * c.MEMORY_EFFICIENCY


def replica(
    *,
    architecture: Architecture,
    accelerator: Accelerator,
    gpus: int,
    precision: str,
    cache_bytes: float | None = None,
) -> Replica:
    """A replica, checked.

    Args:
        architecture: Model shape.
        accelerator: The device.
        gpus: Tensor-parallel degree. [count]
        precision: bf16, fp16, fp8, int8, int4 or fp4.
        cache_bytes: Bytes per cached element; follows the precision where not given. [B]

    Returns:
        The replica. [1]

    Raises:
        InputError: unknown precision, or fewer than one GPU.

    Source: definition.
    """
    if precision not in c.WEIGHT_BYTES:
        raise InputError(f"serving.precision: {precision!r} is not one of {', '.join(c.WEIGHT_BYTES)}")
    if gpus < 1:
        raise InputError(f"serving.gpus: {gpus} is below 1; give the GPUs of one replica")
    return Replica(
        architecture=architecture,
        accelerator=accelerator,
        gpus=gpus,
        precision=precision,
        cache_bytes=c.CACHE_BYTES[precision] if cache_bytes is None else cache_bytes,
    )


def weight_memory_bytes(*, on: Replica) -> float:
    """Weights in memory: N w, embedding and head kept at 16 bit in quantised checkpoints.

    Args:
        on: The replica.

    Returns:
        Bytes over all devices. [B]

    Source: layout of FP8, AWQ and NVFP4 checkpoints on model hubs.
    """
    count = parameter_count(architecture=on.architecture)
    quantised = on.precision not in {"bf16", "fp16"}
    wide = 2.0 * on.architecture.vocab * on.architecture.hidden * (2.0 - on.weight_bytes) if quantised else 0.0
    return float(count.total * on.weight_bytes + wide)


def kv_room_bytes(*, on: Replica) -> float:
    """Memory left for the cache: g (u M − act) − weights; below 0 the weights alone do not fit.

    Args:
        on: The replica.

    Returns:
        Bytes over all devices. [B]

    Source: definition.
    """
    usable = on.gpus * (on.accelerator.memory_bytes * c.USABLE_MEMORY - c.ACTIVATION_BYTES)
    return usable - weight_memory_bytes(on=on)


def largest_batch(*, on: Replica, input_tokens: Value, output_tokens: Value, reserved_bytes: Value = 0.0) -> Value:
    """Sequences whose cache fits beside the weights: (KV room − reserved)/(KV ctx), ctx = ISL + OSL/2.

    Args:
        on: The replica.
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]
        reserved_bytes: Taken from the room by something else, such as adapters. [B]

    Returns:
        Batch, at most the engine's limit; below 1 it does not fit. [count]

    Source: continuous batching in steady state.
    """
    context = input_tokens + output_tokens / 2.0
    cache = kv_cache_bytes_per_token(
        architecture=on.architecture, context_tokens=context, bytes_per_element=on.cache_bytes
    )
    batch: Value = np.minimum(c.LARGEST_BATCH, (kv_room_bytes(on=on) - reserved_bytes) / (cache * context))
    return batch


def weight_bytes_read(*, on: Replica, batch: Value) -> Value:
    """Weights that one decode step touches: s w + e w (1 − (1 − k/E)^B) for a mixture of experts.

    Args:
        on: The replica.
        batch: B, sequences in the step. [count]

    Returns:
        Bytes over all devices. [B]

    Source: expected number of distinct experts under uniform routing.
    """
    arch = on.architecture
    count = parameter_count(architecture=arch)
    if not arch.is_moe:
        return float(count.total) * on.weight_bytes
    per_expert = (count.total - count.active) / (arch.experts - arch.experts_per_token)
    shared = count.active - arch.experts_per_token * per_expert
    touched = 1.0 - (1.0 - arch.experts_per_token / arch.experts) ** batch
    return (shared + per_expert * arch.experts * touched) * on.weight_bytes


def _all_reduce_seconds(on: Replica, tokens: Value) -> Value:
    if on.gpus == 1:
        return 0.0
    share = (on.gpus - 1) / on.gpus
    link = on.accelerator.link_bytes_per_s * c.LINK_EFFICIENCY
    moved = 2.0 * tokens * on.architecture.hidden * 2.0 * share / link
    return 2.0 * on.architecture.layers * moved


def decode_step_seconds(*, on: Replica, batch: Value, context_tokens: Value) -> Value:
    """One token for each of B sequences: bytes/BW + FLOPs/F + t0 + L t_L + B t_seq + all-reduces.

    Args:
        on: The replica.
        batch: B. [count]
        context_tokens: Mean context of a sequence. [token]

    Returns:
        Seconds. [s]

    Source: additive model fitted to published dense throughput; reference value 37.85 ms for Llama-3.1-8B FP8 on one
        H100 at batch 609.5.
    """
    arch = on.architecture
    cache = kv_cache_bytes_per_token(architecture=arch, context_tokens=context_tokens, bytes_per_element=on.cache_bytes)
    moved = weight_bytes_read(on=on, batch=batch) + batch * context_tokens * cache
    active = float(parameter_count(architecture=arch).active)
    flops = 2.0 * active * batch + 4.0 * arch.layers * arch.heads * arch.head_dim * context_tokens * batch
    latency = 2.0 * arch.layers * c.COLLECTIVE_SECONDS if on.gpus > 1 else 0.0
    fixed = c.STEP_SECONDS + arch.layers * c.LAYER_SECONDS + batch * c.SEQUENCE_SECONDS + latency
    return moved / on.bandwidth_bytes_per_s + flops / on.flops_per_s + fixed + _all_reduce_seconds(on, batch)


def prefill_seconds(*, on: Replica, input_tokens: Value) -> Value:
    """Reading one prompt: (2 N_a ISL + 2 L n_h d_h ISL²)/F + all-reduces.

    Args:
        on: The replica.
        input_tokens: ISL. [token]

    Returns:
        Seconds. [s]

    Source: FLOP count of a causal forward pass; reference value 12.365 ms for 1,000 tokens of Llama-3.1-8B FP8, H100.
    """
    arch = on.architecture
    active = float(parameter_count(architecture=arch).active)
    flops = 2.0 * active * input_tokens + 2.0 * arch.layers * arch.heads * arch.head_dim * input_tokens**2
    return flops / on.flops_per_s + _all_reduce_seconds(on, input_tokens)


def time_to_first_token_seconds(*, on: Replica, input_tokens: Value) -> Value:
    """Latency of the first token at no load: max(t_prefill, weights/BW) + t0 + L t_L, over the measured factor.

    Args:
        on: The replica.
        input_tokens: ISL. [token]

    Returns:
        Seconds. [s]

    Source: batch-1 table of TensorRT-LLM v0.5; median error 24 % before the factor.
    """
    read = weight_bytes_read(on=on, batch=input_tokens) / on.bandwidth_bytes_per_s
    busy = np.maximum(prefill_seconds(on=on, input_tokens=input_tokens), read)
    latency = 2.0 * on.architecture.layers * c.COLLECTIVE_SECONDS if on.gpus > 1 else 0.0
    total: Value = (busy + c.STEP_SECONDS + on.architecture.layers * c.LAYER_SECONDS + latency) / c.FIRST_TOKEN_FACTOR
    return total


def saturated_requests_per_s(*, on: Replica, batch: Value, input_tokens: Value, output_tokens: Value) -> Value:
    """Requests a full replica finishes per second: 1/(t_prefill + OSL t_decode(B)/B).

    Args:
        on: The replica.
        batch: B, sequences in flight. [count]
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]

    Returns:
        Requests per second. [1/s]

    Source: continuous batching, prefill and decode sharing the device.
    """
    context = input_tokens + output_tokens / 2.0
    decode = decode_step_seconds(on=on, batch=batch, context_tokens=context)
    return 1.0 / (prefill_seconds(on=on, input_tokens=input_tokens) + output_tokens * decode / batch)


def saturated_throughput(
    *, on: Replica, input_tokens: Value, output_tokens: Value, concurrency: Value | None = None
) -> Value:
    """Output rate of a full replica: OSL X at B = B_max, or at min(c, B_max) with c requests always open.

    Args:
        on: The replica.
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]
        concurrency: c, requests a closed loop keeps open; as many as fit where not given. [count]

    Returns:
        Output tokens per second; 0 where not one request fits. [token/s]

    Source: as in `saturated_requests_per_s`.
    """
    fitting = largest_batch(on=on, input_tokens=input_tokens, output_tokens=output_tokens)
    batch = np.maximum(fitting if concurrency is None else np.minimum(concurrency, fitting), 1.0)
    rate = saturated_requests_per_s(on=on, batch=batch, input_tokens=input_tokens, output_tokens=output_tokens)
    written: Value = np.where(np.asarray(fitting) >= 1.0, rate * output_tokens, 0.0)
    return written
