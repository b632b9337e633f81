"""A published run as inputs of the step-time model, and what is assumed where its source is silent."""

from dataclasses import replace
from itertools import product
from typing import Literal, NamedTuple

from estimator.catalog.types import Accelerator, Architecture
from estimator.memory import DEFAULT_MARGIN, TrainingSetup, fit, largest_micro_batch, parameter_count, training_peak
from estimator.record import record
from estimator.training import Parallelism, Precision, Stack
from estimator.training.hardware import Kernel
from estimator.units import central

Checkpointing = Literal["none", "selective", "full", "offloaded"]
Sharding = Literal["none", "ddp", "zero1", "zero2", "zero3", "fsdp", "layer_split"]
LARGEST_MICRO_BATCH = 64
MOST_TENSOR_RANKS = 8
LAYERS_PER_CHUNK = 2
"""Layers of a virtual pipeline stage where the source does not say, as in NVIDIA's recipes (1 to 5). [count]"""
ACTIVATION_BYTES = 34.0
"""Saved bytes per token, layer and hidden unit without recomputation, Korthikanti et al. 2022, arXiv:2205.05198. [B]"""
STATE_BYTES, SHARED_BYTES = 6.0, 12.0
"""Of a trained weight: 16-bit weight and 32-bit gradient; master weight and moments, split over replicas. [B]"""


@record(kw_only=True)
class TimeCase:
    """Inputs of the step-time model for one published run."""

    architecture: Architecture
    setup: TrainingSetup
    accelerator: Accelerator
    micro_batch: float
    seq_len: float
    gpus_per_node: int
    stack: Stack
    precision: Precision
    parallelism: Parallelism
    attention_kernel: Kernel
    assumed: tuple[str, ...] = ()
    """What the source does not say. [text]"""


class Stated(NamedTuple):
    """What a source says about the layout of a run."""

    global_batch: int
    """Sequences of one optimizer step; 0 where absent. [count]"""
    parallelism: bool
    checkpointing: Checkpointing | None


def completed(case: TimeCase, stated: Stated) -> TimeCase:
    """The case with layout, recomputation, micro-batch and accumulation filled in where the source is silent.

    Args:
        case: What is known.
        stated: What the source says about the layout.

    Returns:
        The whole layout. [1]

    Source: what users of a framework run: the smallest split that holds the model; the largest power-of-two
    micro-batch that fits; recomputation only where nothing fits without, and in Megatron-class stacks only where
    stated, because their splits are chosen to do without; short pipeline chunks; micro-batch 1 in pipelines.
    """
    return _accumulated(_filled(_placed(case, stated), stated), stated)


def _placed(case: TimeCase, stated: Stated) -> TimeCase:
    """Where the source states no split: the smallest one that holds the model and leaves each replica a sequence."""
    if stated.parallelism or case.stack != "megatron":
        return case
    gpus, shape = case.setup.gpus, case.architecture
    batch = stated.global_batch or gpus
    for ranks in (2**power for power in range(gpus.bit_length())):
        tensor = min(ranks, MOST_TENSOR_RANKS)
        more = ranks // tensor
        for split in (Parallelism(tensor=tensor, context=more), _piped(tensor, more, shape.layers)):
            if gpus % ranks or shape.heads % tensor or gpus / ranks > batch:
                continue
            found = replace(case, parallelism=split, assumed=(*case.assumed, "parallelism"))
            if _megatron_bytes(found) <= case.accelerator.usable_memory_bytes:
                return found
    return case


def _piped(tensor: int, pipeline: int, layers: int) -> Parallelism:
    return Parallelism(tensor=tensor, pipeline=pipeline, virtual_stages=usual_chunks(pipeline, layers))


def _megatron_bytes(case: TimeCase) -> float:
    """Weights, gradients, sharded Adam and 34 bytes of activations per token, layer and hidden unit."""
    split, shape = case.parallelism, case.architecture
    count = parameter_count(architecture=shape).total
    replicas = max(1, case.setup.gpus // split.model_ranks)
    trained = case.setup.method == "full"
    frozen = 1.0 if case.precision == "fp8" else 2.0
    per_weight = STATE_BYTES + SHARED_BYTES / replicas if trained else frozen
    tokens = max(case.micro_batch, 1.0) * case.seq_len / (split.tensor * split.context)
    weights = per_weight * count / (split.tensor * split.pipeline)
    return weights + ACTIVATION_BYTES * tokens * shape.hidden * shape.layers


def _filled(case: TimeCase, stated: Stated) -> TimeCase:
    """The first sharding and recomputation with which a micro-batch fits, and the largest such micro-batch."""
    checkpointing = stated.checkpointing
    assumed = tuple(
        name for name, absent in (("micro_batch", not case.micro_batch), ("checkpointing", not checkpointing)) if absent
    )
    keeps: tuple[Checkpointing, ...] = ("none",) if case.stack == "megatron" else ("none", "full")
    open_sharding = case.setup.sharding == "ddp" and not stated.parallelism
    shardings: tuple[Sharding, ...] = ("ddp", "fsdp") if open_sharding else (case.setup.sharding,)
    found = case
    for sharding, choice in product(shardings, (checkpointing,) if checkpointing else keeps):
        setup = replace(case.setup, checkpointing=choice, sharding=sharding)
        found = replace(case, setup=setup, assumed=(*case.assumed, *assumed))
        size = case.micro_batch or float(_largest(found, stated))
        found = replace(found, micro_batch=max(size, 1.0))
        if size and _fits(found):
            break
    return found


def _on_one_device(case: TimeCase) -> tuple[Architecture, TrainingSetup, float]:
    """The slice of the model, the data-parallel set-up and the tokens that one device of a replica holds."""
    split = case.parallelism
    ranks = split.tensor * split.pipeline
    shape = case.architecture
    if ranks > 1 or split.expert > 1:
        held = max(1, split.tensor)
        shape = replace(
            shape,
            layers=max(1, shape.layers // split.pipeline),
            dense_layers=0,
            heads=max(1, shape.heads // held),
            kv_heads=max(1, shape.kv_heads // held),
            ffn=max(1, shape.ffn // held),
            vocab=max(1, shape.vocab // held),
            experts=max(shape.experts_per_token, shape.experts // split.expert),
        )
    return shape, replace(case.setup, gpus=max(1, case.setup.gpus // ranks)), case.seq_len / split.context


def _largest(case: TimeCase, stated: Stated) -> int:
    shape, setup, tokens = _on_one_device(case)
    if case.parallelism.pipeline > 1:
        return 1  # many small micro-batches keep the bubble short
    ranks = max(1, case.setup.gpus // case.parallelism.model_ranks)
    limit = max(1, min(LARGEST_MICRO_BATCH, (stated.global_batch or LARGEST_MICRO_BATCH * ranks) // ranks))
    whole = largest_micro_batch(
        architecture=shape,
        setup=setup,
        seq_len=tokens,
        usable_bytes=case.accelerator.usable_memory_bytes,
        margin=DEFAULT_MARGIN,
        limit=limit,
    )
    return _power_of_two(int(central(whole)))


def _power_of_two(size: int) -> int:
    """The largest power of two up to a size; 0 for 0."""
    return 1 << size.bit_length() - 1 if size else 0


def _fits(case: TimeCase) -> bool:
    shape, setup, tokens = _on_one_device(case)
    flights = float(case.parallelism.pipeline)  # micro-batches a first stage keeps until the last stage is through
    peak = training_peak(architecture=shape, setup=setup, micro_batch=case.micro_batch * flights, seq_len=tokens)
    return fit(peak=peak, accelerator=case.accelerator, margin=DEFAULT_MARGIN).fits


def _accumulated(case: TimeCase, stated: Stated) -> TimeCase:
    """Micro-batches of a step; an unstated batch is one per device, and as many as keep a pipeline full."""
    replicas = max(1, case.setup.gpus // case.parallelism.model_ranks)
    times = stated.global_batch / (case.micro_batch * replicas) or float(case.parallelism.pipeline)
    return replace(case, setup=replace(case.setup, gradient_accumulation=max(1.0, times)))


def usual_chunks(pipeline: int, layers: int) -> int:
    """Virtual stages of a pipeline device where the source does not say.

    Args:
        pipeline: Pipeline devices. [count]
        layers: Layers of the model. [count]

    Returns:
        Chunks per device. [count]

    Source: NVIDIA's Megatron recipes; see `LAYERS_PER_CHUNK`.

    >>> usual_chunks(8, 128), usual_chunks(1, 32)
    (8, 1)
    """
    return max(1, layers // (LAYERS_PER_CHUNK * pipeline)) if pipeline > 1 else 1
