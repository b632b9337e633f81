"""Time of prefill and decode on one replica: bytes over bandwidth plus FLOPs over rate plus fixed costs."""

import numpy as np

from estimator.serving.work import Deployment
from estimator.units import Value

VOCABULARY = 128_256.0
"""Vocabulary at which the time per sequence of an engine is stated. [count]"""


def weight_memory_bytes(*, on: Deployment) -> Value:
    """Weights in memory: N w, embedding and head kept at 16 bit in quantized checkpoints.

    Args:
        on: The replica.

    Returns:
        Bytes over all devices. [B]

    Source: layout of FP8, AWQ and NVFP4 checkpoints on model hubs.
    """
    return on.work.resident_bytes


def kv_room_bytes(*, on: Deployment) -> Value:
    """Memory left for the cache: u g M − weights − g act, or u of what is free; below 0 the weights do not fit.

    Args:
        on: The replica.

    Returns:
        Bytes over all devices. [B]

    Source: gpu_memory_utilization of vLLM, kv_cache_free_gpu_mem_fraction of TensorRT-LLM.
    """
    w, e, p = on.work, on.engine, on.physics
    working = w.gpus * p.activation_bytes + 2.0 * p.activation_copies * w.hidden * p.step_tokens
    whole = w.gpus * w.memory_bytes
    share = np.asarray(e.memory_share)
    room: Value = np.where(
        np.asarray(e.of_free) > 0,
        share * (whole - w.resident_bytes - working),
        share * whole - w.resident_bytes - working,
    )
    return room


def cached_bytes(*, on: Deployment, context_tokens: Value) -> Value:
    """Cache of one sequence: ctx · KV · (1 − s (1 − min(1, W/ctx))).

    Args:
        on: The replica.
        context_tokens: ctx. [token]

    Returns:
        Bytes over all devices. [B]

    Source: as `kv_cache_bytes_per_token` of the memory room, for stacked replicas.
    """
    w = on.work
    kept = np.minimum(context_tokens, np.where(np.asarray(w.window) > 0, w.window, np.inf))
    cache: Value = w.token_cache_bytes * ((1.0 - w.windowed) * context_tokens + w.windowed * kept)
    return cache


def largest_batch(*, on: Deployment, input_tokens: Value, output_tokens: Value, reserved_bytes: Value = 0.0) -> Value:
    """Sequences whose cache fits beside the weights: (room − reserved)/KV(ISL + r OSL), at most the scheduler's cap.

    Args:
        on: The replica.
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]
        reserved_bytes: Taken from the room by something else, such as adapters. [B]

    Returns:
        Batch, at most the engine's limit; below 1 it does not fit. [count]

    Source: admission rules of vLLM and TensorRT-LLM; r is half of the output where
        requests are preempted and all of it where they never are.
    """
    context = input_tokens + on.physics.reserved_output * output_tokens
    each = cached_bytes(on=on, context_tokens=context)
    cap = on.engine.largest_batch * np.asarray(on.work.gpus) / on.work.split
    batch: Value = np.minimum(cap, (kv_room_bytes(on=on) - reserved_bytes) / each)
    return batch


def weight_bytes_read(*, on: Deployment, batch: Value) -> Value:
    """Weights that one step touches: s + e (1 − (1 − k/E)^B) for a mixture of experts.

    Args:
        on: The replica.
        batch: B, tokens in the step. [count]

    Returns:
        Bytes of one copy. [B]

    Source: expected number of distinct experts under uniform routing.
    """
    if not np.any(on.work.expert_bytes):
        return on.work.shared_bytes
    touched = 1.0 - (1.0 - np.asarray(on.work.expert_share)) ** batch
    read: Value = on.work.shared_bytes + on.work.expert_bytes * touched
    return read


def _working_gpus(on: Deployment) -> Value:
    alone: Value = np.where(np.asarray(on.engine.one_at_a_time) > 0, 1.0, on.work.gpus)
    return alone


def _split(on: Deployment) -> Value:
    split: Value = np.where(np.asarray(on.engine.one_at_a_time) > 0, 1.0, on.work.split)
    return split


def _reading_share(on: Deployment) -> Value:
    """Share of the usual memory efficiency at which the kernels read the weights."""
    share: Value = np.where(np.asarray(on.work.is_weight_only) > 0, on.physics.weight_only_reading, 1.0)
    return share


def _matmul_seconds(on: Deployment, tokens: Value, together: Value, efficiency: Value, heads: Value) -> Value:
    """Products of some tokens, of which so many run together: experts with few tokens each are slower."""
    w, p = on.work, on.physics
    share = np.where(np.asarray(w.is_fp4) > 0, p.matmul_efficiency_fp4 / p.matmul_efficiency, 1.0)
    share = np.where(np.asarray(w.is_weight_only) > 0, p.weight_only_efficiency, share)
    each = np.maximum(together * np.asarray(w.expert_share), 1e-9)
    experts = w.expert_parameters / p.expert_efficiency * (1.0 + p.expert_tokens / each)
    products = 2.0 * (tokens * (w.dense_parameters + experts) + heads * w.head_parameters)
    handed = 2.0 * p.routing_passes * tokens * w.routed_width / (_split(on) * w.bandwidth_bytes_per_s)
    multiplied = products / (_working_gpus(on) * w.flops_per_s * share * efficiency)
    seconds: Value = (multiplied + handed) / on.engine.speed
    return seconds


def _all_reduce_seconds(on: Deployment, tokens: Value) -> Value:
    """Bytes of two all-reduces a layer, for the tokens of one copy."""
    split = np.asarray(_split(on))
    moved = 2.0 * tokens / (_working_gpus(on) / split) * on.work.hidden * 2.0 * (split - 1.0) / split
    seconds: Value = 2.0 * on.work.layers * moved / (on.work.link_bytes_per_s * on.physics.link_efficiency)
    return seconds


def _latency_seconds(on: Deployment) -> Value:
    latency: Value = 2.0 * on.work.layers * on.physics.collective_seconds * np.log2(np.asarray(_split(on), dtype=float))
    return latency


def host_seconds(*, on: Deployment, batch: Value) -> Value:
    """Work beside the device in one step: t0 + L t_L + B t_seq (b + (1 − b) V/128,256).

    Args:
        on: The replica.
        batch: B, over all copies. [count]

    Returns:
        Seconds. [s]

    Source: fitted per engine generation.
    """
    w, e, base = on.work, on.engine, on.physics.sampling_base
    each = e.sequence_seconds * (base + (1.0 - base) * w.vocab / VOCABULARY)
    seconds: Value = e.step_seconds + w.layers * e.layer_seconds + batch * np.asarray(w.split) / w.gpus * each
    return seconds


def decode_step_seconds(*, on: Deployment, batch: Value, context_tokens: Value) -> Value:
    """One token for each of B sequences: (reading^p + computing^p)^(1/p) + cache + all-reduces + host.

    Args:
        on: The replica.
        batch: B. [count]
        context_tokens: Mean context of a sequence. [token]

    Returns:
        Seconds. [s]

    Source: model of this room fitted to published throughput of eight engines, see docs/method/serving.md.
    """
    w, e, p = on.work, on.engine, on.physics
    bandwidth = w.bandwidth_bytes_per_s * p.memory_efficiency
    kernel = _reading_share(on)
    working, split = _working_gpus(on), _split(on)
    shared = w.shared_bytes / split
    experts = (weight_bytes_read(on=on, batch=batch) - w.shared_bytes) / working
    reading = (shared + experts) / (bandwidth * kernel)
    computing = _matmul_seconds(on, batch, batch, p.matmul_efficiency, batch)
    device = (reading**p.overlap + computing**p.overlap) ** (1.0 / p.overlap)
    widened = np.where(np.asarray(e.expands_cache) > 0, 2.0 * (1.0 + w.heads_per_cache), 1.0)
    cache = batch * cached_bytes(on=on, context_tokens=context_tokens) * widened
    device = device + cache / (bandwidth * p.cache_efficiency * working)
    device = device + _all_reduce_seconds(on, batch) + _latency_seconds(on)
    host = host_seconds(on=on, batch=batch)
    step: Value = np.where(np.asarray(e.overlaps_launches) > 0, np.maximum(device, host), device + host)
    return step


def prefill_seconds(*, on: Deployment, input_tokens: Value) -> Value:
    """Reading one prompt, share of a full step: 2 N_a ISL/(g F e_p) + 2 L h d ISL²/(g F_16 e_a) + all-reduces.

    Args:
        on: The replica.
        input_tokens: ISL. [token]

    Returns:
        Seconds. [s]

    Source: FLOP count of a causal forward pass.
    """
    w, p = on.work, on.physics
    together = np.maximum(input_tokens, p.step_tokens)
    products = _matmul_seconds(on, input_tokens, together, p.prefill_efficiency, 1.0)
    half = np.asarray(input_tokens) / 2.0
    seen = (1.0 - w.windowed) * half + w.windowed * np.minimum(half, w.window)
    flops = 4.0 * w.layers * w.attention_width * input_tokens * seen
    attention = flops / (_working_gpus(on) * w.wide_flops_per_s * on.engine.speed * p.attention_efficiency)
    seconds: Value = products + attention + _all_reduce_seconds(on, input_tokens)
    return seconds


def time_to_first_token_seconds(*, on: Deployment, input_tokens: Value) -> Value:
    """Latency of the first token at no load: max(t_prefill, weights/BW) + host + latency of the all-reduces.

    Args:
        on: The replica.
        input_tokens: ISL. [token]

    Returns:
        Seconds. [s]

    Source: model of this room; compared with published times in docs/method/serving.md.
    """
    w, p = on.work, on.physics
    read = weight_bytes_read(on=on, batch=np.maximum(input_tokens, 1.0))
    bandwidth = _split(on) * w.bandwidth_bytes_per_s * p.memory_efficiency * _reading_share(on)
    alone = prefill_seconds(on=on, input_tokens=input_tokens) * _working_gpus(on) / _split(on)
    first: Value = np.maximum(alone, read / bandwidth) + host_seconds(on=on, batch=1.0) + _latency_seconds(on)
    return first


def saturated_requests_per_s(*, on: Deployment, batch: Value, input_tokens: Value, output_tokens: Value) -> Value:
    """Requests a full replica finishes per second: 1/(t_prefill + (OSL t_decode(B) + t0)/B).

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
    once = prefill_seconds(on=on, input_tokens=input_tokens)
    return 1.0 / (once + (output_tokens * decode + on.engine.step_seconds) / batch)


def saturated_throughput(
    *, on: Deployment, input_tokens: Value, output_tokens: Value, concurrency: Value | None = None
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
