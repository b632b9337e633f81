"""The peak of a training step: which bytes are alive in each phase, and which phase needs most."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from estimator.catalog.types import Architecture
from estimator.errors import InputError
from estimator.memory.activations import block_bytes
from estimator.memory.backward import gradient_bytes
from estimator.memory.constants import (
    ALLOCATOR_FACTOR,
    CUBLAS_WORKSPACE_BYTES,
    CUDA_CONTEXT_BYTES,
    DDP_BUCKET_COPIES,
    NCCL_BYTES,
)
from estimator.memory.counts import ParameterCount, parameter_count
from estimator.memory.loss import loss_bytes
from estimator.memory.precision import Precision, precision_of
from estimator.memory.setup import TrainingSetup
from estimator.memory.shape import Shape, shape_of
from estimator.memory.states import States, states_of
from estimator.units import Value, central

Lines = dict[str, Value]
FORWARD, LOSS = "end of forward", "start of backward"
FIRST, LAST, END = "first block backward", "last block backward", "end of backward"
STEP = "optimizer step"
HALF = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Bytes per device by phase and item."""

    phases: dict[str, dict[str, Value]]
    gpus: int
    """Devices that share the job. [count]"""

    @property
    def totals(self) -> dict[str, Value]:
        """Bytes of each phase. [B]."""
        return {name: sum(lines.values()) for name, lines in self.phases.items()}

    @property
    def allocated_bytes(self) -> Value:
        """Live bytes at the peak: the largest phase, draw by draw. [B]."""
        peak: Value = reduce(np.maximum, self.totals.values())
        return peak

    @property
    def reserved_bytes(self) -> Value:
        """What the caching allocator holds at the peak. [B]."""
        return self.allocated_bytes * ALLOCATOR_FACTOR

    @property
    def device_bytes(self) -> Value:
        """What the device reports: reserved memory, CUDA context, communicators. [B]."""
        return self.reserved_bytes + CUDA_CONTEXT_BYTES + (NCCL_BYTES if self.gpus > 1 else 0.0)

    @property
    def peak_phase(self) -> str:
        """The phase that needs most at the central case."""
        totals = self.totals
        return max(totals, key=lambda name: central(totals[name]))

    @property
    def lines(self) -> dict[str, float]:
        """Items of the peak phase at the central case; they sum to the live bytes. [B]."""
        return {name: central(value) for name, value in self.phases[self.peak_phase].items()}


@dataclass(frozen=True, slots=True)
class _Share:
    """Share of each kind of state that one device holds."""

    weights: float
    gradients: float
    optimizer: float


def _shares(setup: TrainingSetup) -> _Share:
    n = 1.0 / setup.gpus
    kinds = {
        "zero1": (1.0, 1.0, n),
        "zero2": (1.0, n, n),
        "zero3": (n, n, n),
        "fsdp": (n, n, n),
        "layer_split": (n, n, n),
    }
    weights, gradients, optimizer = kinds.get(setup.sharding, (1.0, 1.0, 1.0))
    offload = setup.offload
    return _Share(
        weights=0.0 if offload in ("params", "all") else weights,
        gradients=0.0 if offload in ("params", "all") else gradients,
        optimizer=0.0 if offload in ("params", "optimizer", "all") else optimizer,
    )


def _communication(setup: TrainingSetup, states: States, architecture: Architecture, precision: Precision) -> Value:
    """Reducer buckets, or the gathered parameters of the blocks in flight."""
    if setup.sharding == "ddp":
        return DDP_BUCKET_COPIES * states.gradients
    if setup.sharding in ("fsdp", "zero3"):
        count = parameter_count(architecture=architecture)
        block = states.weights / count.total * count.per_layer
        head = precision.compute * count.embedding
        return 2.0 * block + head
    return 0.0


def _check(setup: TrainingSetup, micro_batch: Value, seq_len: Value) -> None:
    for name, value in (("micro_batch", micro_batch), ("seq_len", seq_len), ("rank", setup.rank)):
        if np.any(np.asarray(value) <= 0):
            raise InputError(f"{name}: {np.min(value):g} is not above 0; give a positive number")
    if setup.gpus < 1:
        raise InputError(f"gpus: {setup.gpus} is below 1; give the number of devices that share the job")


def _kept(setup: TrainingSetup, shape: Shape, precision: Precision, block: Value, tokens: Value) -> tuple[Value, Value]:
    """Saved activations and checkpoints of all blocks."""
    checkpoint = precision.stream * shape.hidden * tokens
    layers = shape.layers / (setup.gpus if setup.sharding == "layer_split" else 1.0)
    if setup.checkpointing == "none":
        return layers * block, 0.0 * tokens
    if setup.checkpointing == "selective":
        return 0.5 * layers * block, 0.5 * layers * checkpoint
    if setup.checkpointing == "offloaded" or setup.offload in ("activations", "all"):
        return 0.0 * tokens, 2.0 * checkpoint
    return 0.0 * tokens, layers * checkpoint


def _casts(setup: TrainingSetup, precision: Precision, states: States, count: ParameterCount) -> tuple[Value, Value]:
    """16-bit copies of fp32 weights that autocast makes: in the forward pass, and what outlives it."""
    if not precision.autocast:
        return 0.0, 0.0
    head = HALF * count.embedding if precision.embeddings > HALF else 0.0
    if precision.trains_base:
        copies: Value = HALF * count.matmul if precision.weights > HALF else 0.0
    else:
        copies = (HALF * states.trained if precision.adapters > HALF else 0.0) + head
    return copies, (copies if setup.checkpointing == "none" else head)


def training_peak(*, architecture: Architecture, setup: TrainingSetup, micro_batch: Value, seq_len: Value) -> Peak:
    """Peak = max over phases of (weights + states + gradients so far + saved activations + transients of the phase).

    Args:
        architecture: Model shape. [count]
        setup: Training configuration.
        micro_batch: Sequences per device and step of accumulation. [count]
        seq_len: Length of the longest sequence, padding included. [token]

    Returns:
        Bytes per device, by phase and item. [B]

    Raises:
        InputError: a size is not above 0.

    Source: closed forms read off the replayed PyTorch training step; see docs/method/memory.md.
    """
    _check(setup, micro_batch, seq_len)
    shape = shape_of(architecture)
    precision = precision_of(setup, float_norm=shape.float_norm, layer_norm=not shape.rms)
    states = states_of(architecture=architecture, setup=setup, precision=precision)
    share = _shares(setup)
    tokens = micro_batch * seq_len
    count = parameter_count(architecture=architecture)
    block = block_bytes(architecture, shape, precision, setup)
    per_block = block.total.of(tokens=tokens, seq_len=seq_len, rank=setup.rank)
    saved, checkpoints = _kept(setup, shape, precision, per_block, tokens)
    extra = gradient_bytes(
        architecture=architecture,
        shape=shape,
        precision=precision,
        setup=setup,
        block=block,
        tokens=tokens,
        seq_len=seq_len,
    )
    loss = loss_bytes(shape=shape, setup=setup, precision=precision)
    logits = tokens * shape.vocab
    gradients = share.gradients * states.gradients
    held = gradients * np.where(np.asarray(setup.gradient_accumulation) > 1.0, 1.0, 0.0)
    casts, kept_casts = _casts(setup, precision, states, count)
    base: Lines = {
        "weights": share.weights * states.weights,
        "adapters": share.weights * states.adapters,
        "optimizer states": share.optimizer * states.optimizer,
        "communication buffers": _communication(setup, states, architecture, precision),
        "workspace": CUBLAS_WORKSPACE_BYTES,
    }
    final = tokens * (8.0 * shape.hidden if precision.trains_base else 4.0 * shape.hidden)
    activations: Lines = {"saved activations": saved + final, "checkpoints": checkpoints}
    fused = tokens * loss.per_token + loss.fixed
    recomputed = 0.0 if setup.checkpointing == "none" else per_block
    embedding = share.gradients * precision.weights * count.embedding if precision.trains_base else 0.0
    first = np.maximum(held, embedding)
    one = per_block if setup.checkpointing == "none" else 0.0
    stream = precision.stream * shape.hidden * tokens
    layer_grads = share.gradients * states.gradients * count.per_layer / count.total if precision.trains_base else 0.0
    late = np.maximum(held, gradients - embedding * (not shape.tied) - layer_grads)
    twice = embedding * (1.0 if precision.weights > HALF else 2.0) if shape.tied else 0.0
    phases: dict[str, Lines] = {
        FORWARD: {
            **base, "gradients": held, **activations, "weight casts": casts, "logits and loss": loss.forward * logits + fused
        },
        LOSS: {
            **base, "gradients": held, **activations, "weight casts": kept_casts, "logits and loss": loss.backward * logits + fused
        },
        FIRST: {
            **base,
            "gradients": first,
            "saved activations": saved,
            "checkpoints": checkpoints,
            "recompute working set": recomputed,
            "activation gradients": extra,
            "logits and loss": fused,
        },
        LAST: {
            **base,
            "gradients": late,
            "saved activations": one,
            "checkpoints": 0.0 if setup.checkpointing == "none" else stream,
            "recompute working set": recomputed,
            "activation gradients": extra,
        },
        END: {**base, "gradients": gradients, "activation gradients": stream + twice},
        STEP: {**base, "gradients": gradients, "optimizer transient": share.optimizer * states.transient},
    }
    return Peak(phases=phases, gpus=setup.gpus)
