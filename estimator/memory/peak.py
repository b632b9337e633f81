"""The peak of a training step, as three counters see it."""

from functools import reduce

import numpy as np

from estimator.catalog.types import Architecture
from estimator.errors import InputError
from estimator.memory.constants import (
    CUBLAS_WORKSPACE_BYTES,
    CUDA_CONTEXT_BYTES,
    NCCL_BYTES,
    SLACK_PRESSED,
    SLACK_RECOMPUTE,
    SLACK_STEADY,
    SLACK_UNPACKED,
)
from estimator.memory.counters import Interval
from estimator.memory.phases import phases_of, run_of
from estimator.memory.setup import TrainingSetup
from estimator.record import record
from estimator.units import Value, central

MOVING = frozenset(
    {
        "saved activations",
        "checkpoints",
        "recompute working set",
        "activation gradients",
        "graph of the step before",
        "weight casts",
    }
)
"""Items that come and go within a step, besides logits and loss."""
LOGITS = "logits and loss"


@record(kw_only=True)
class Peak:
    """Bytes per device, by phase and item."""

    phases: dict[str, dict[str, Value]]
    gpus: Value
    """Devices that share the job. [count]"""
    slack: float = 0.0
    """Allocator slack over activations. [1]"""
    loss_slack: float = 0.0
    """The same over logits and loss. [1]"""

    @property
    def totals(self) -> dict[str, Value]:
        """Live bytes of each phase. [B]."""
        return {name: sum(lines.values()) for name, lines in self.phases.items()}

    @property
    def allocated_bytes(self) -> Value:
        """Live bytes at the peak: the largest phase, draw by draw. [B]."""
        peak: Value = reduce(np.maximum, self.totals.values())
        return peak

    @property
    def reserved_bytes(self) -> Value:
        """What the caching allocator holds at the peak. [B]."""
        return self._held(self.slack, self.loss_slack)

    @property
    def pressed_bytes(self) -> Value:
        """What the process needs of a nearly full device, whose allocator frees cached blocks and retries. [B]."""
        return self._held(SLACK_PRESSED, SLACK_PRESSED) + self._outside

    def _held(self, slack: float, loss_slack: float) -> Value:
        """Largest phase with its slack: what stays for the whole run packs without gaps. [B]."""
        phases = (
            sum(lines.values()) + slack * _moving(lines) + loss_slack * lines.get(LOGITS, 0.0)
            for lines in self.phases.values()
        )
        held: Value = reduce(np.maximum, phases)
        return held

    @property
    def _outside(self) -> Value:
        """CUDA context and communicators. [B]."""
        outside: Value = CUDA_CONTEXT_BYTES + np.where(np.asarray(self.gpus) > 1, NCCL_BYTES, 0.0)
        return outside

    @property
    def device_bytes(self) -> Value:
        """What the device reports: reserved memory, CUDA context, communicators. [B]."""
        return self.reserved_bytes + self._outside

    @property
    def replayed(self) -> Interval:
        """Live storages without the workspace of the matrix library. [B]."""
        live = self.allocated_bytes - CUBLAS_WORKSPACE_BYTES
        return Interval(0.97 * live, live, 1.03 * live)

    @property
    def allocated(self) -> Interval:
        """Live bytes. [B]."""
        live = self.allocated_bytes
        return Interval(0.85 * live, live, 1.1 * live)

    @property
    def reserved(self) -> Interval:
        """Bytes the caching allocator holds. [B]."""
        return self._around(self.reserved_bytes)

    def _around(self, held: Value) -> Interval:
        """Wider below where batches are unpacked: the stated length is then a cap that few batches reach."""
        low = 0.65 if self.loss_slack > self.slack else 0.8
        return Interval(low * held, held, 1.3 * held)

    @property
    def device(self) -> Interval:
        """Bytes the device reports. [B]."""
        return self._around(self.device_bytes)

    @property
    def peak_phase(self) -> str:
        """The phase that needs most at the central case."""
        totals = self.totals
        return max(totals, key=lambda name: central(totals[name]))

    @property
    def lines(self) -> dict[str, float]:
        """Items of the peak phase at the central case, zeros left out; they sum to the live bytes. [B]."""
        items = {name: central(value) for name, value in self.phases[self.peak_phase].items()}
        return {name: value for name, value in items.items() if value}


def _moving(lines: dict[str, Value]) -> Value:
    """Bytes that are allocated and freed in every step; what stays packs without gaps."""
    total: Value = sum((value for name, value in lines.items() if name in MOVING), 0.0)
    return total


def _slack(setup: TrainingSetup) -> tuple[float, float]:
    """Allocator slack of a setup over activations, and over logits: few, huge blocks that unpacked batches resize."""
    base = SLACK_STEADY if setup.checkpointing in ("none", "selective") else SLACK_RECOMPUTE
    return base, base + (0.0 if setup.packing else SLACK_UNPACKED)


def _check(setup: TrainingSetup, micro_batch: Value, seq_len: Value) -> None:
    for name, value in (("micro_batch", micro_batch), ("seq_len", seq_len), ("rank", setup.rank)):
        if not (np.asarray(value) > 0.0).all():
            raise InputError(f"{name}: {np.min(value):g} is not above 0; give a positive number")
    if (np.asarray(setup.gpus) < 1).any():
        raise InputError(f"gpus: {setup.gpus} is below 1; give the number of devices that share the job")


def training_peak(*, architecture: Architecture, setup: TrainingSetup, micro_batch: Value, seq_len: Value) -> Peak:
    """Peak = max over phases of (weights + states + gradients + saved activations + transients of the phase).

    Args:
        architecture: Model shape. [count]
        setup: Training configuration.
        micro_batch: Sequences per device and step of accumulation. [count]
        seq_len: Length of the longest sequence, padding included. [token]

    Returns:
        Bytes per device, by phase and item. [B]

    Raises:
        InputError: a size is not above 0.

    Valid for: transformers, PEFT and bitsandbytes on PyTorch; other stacks keep other temporaries.

    Source: the order in which PyTorch allocates and frees in a training step; see docs/method/memory.md.

    >>> llama = Architecture(name="Llama-3.1-8B", model_type="llama", layers=32, hidden=4096, heads=32, kv_heads=8,
    ...     head_dim=128, ffn=14336, vocab=128256, max_positions=131072)
    >>> full = TrainingSetup(method="full", optimizer="adamw")
    >>> peak = training_peak(architecture=llama, setup=full, micro_batch=1.0, seq_len=512.0)
    >>> peak.peak_phase, round(float(peak.allocated_bytes) / 8030261248, 2)
    ('optimizer step', 10.0)
    """
    _check(setup, micro_batch, seq_len)
    run = run_of(architecture=architecture, setup=setup, micro_batch=micro_batch, seq_len=seq_len)
    slack, loss_slack = _slack(setup)
    return Peak(phases=phases_of(run), gpus=setup.gpus, slack=slack, loss_slack=loss_slack)
