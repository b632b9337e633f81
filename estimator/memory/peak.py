"""The peak of a training step, as three counters see it."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from estimator.catalog.types import Architecture
from estimator.errors import InputError
from estimator.memory.constants import ALLOCATOR_FACTOR, CUBLAS_WORKSPACE_BYTES, CUDA_CONTEXT_BYTES, NCCL_BYTES
from estimator.memory.counters import Interval
from estimator.memory.phases import phases_of, run_of
from estimator.memory.setup import TrainingSetup
from estimator.units import Value, central


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Bytes per device, by phase and item."""

    phases: dict[str, dict[str, Value]]
    gpus: int
    """Devices that share the job. [count]"""

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
        return self.allocated_bytes * ALLOCATOR_FACTOR

    @property
    def device_bytes(self) -> Value:
        """What the device reports: reserved memory, CUDA context, communicators. [B]."""
        return self.reserved_bytes + CUDA_CONTEXT_BYTES + (NCCL_BYTES if self.gpus > 1 else 0.0)

    @property
    def replayed(self) -> Interval:
        """Live storages without the workspace of the matrix library. [B]."""
        live = self.allocated_bytes - CUBLAS_WORKSPACE_BYTES
        return Interval(0.97 * live, live, 1.03 * live)

    @property
    def allocated(self) -> Interval:
        """Live bytes. [B]."""
        live = self.allocated_bytes
        return Interval(0.9 * live, live, 1.1 * live)

    @property
    def reserved(self) -> Interval:
        """Bytes the caching allocator holds. [B]."""
        return Interval(0.9 * self.reserved_bytes, self.reserved_bytes, 1.2 * self.reserved_bytes)

    @property
    def device(self) -> Interval:
        """Bytes the device reports. [B]."""
        return Interval(0.9 * self.device_bytes, self.device_bytes, 1.2 * self.device_bytes)

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


def _check(setup: TrainingSetup, micro_batch: Value, seq_len: Value) -> None:
    for name, value in (("micro_batch", micro_batch), ("seq_len", seq_len), ("rank", setup.rank)):
        if not np.all(np.asarray(value) > 0.0):
            raise InputError(f"{name}: {np.min(value):g} is not above 0; give a positive number")
    if setup.gpus < 1:
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
    return Peak(phases=phases_of(run), gpus=setup.gpus)
