"""The question of the plan search: what is trained, what an hour carries beside training, what may be chosen."""

import math
from collections.abc import Mapping
from dataclasses import field, fields, replace
from functools import lru_cache
from typing import Any

from estimator.catalog.types import Architecture
from estimator.memory import DEFAULT_MARGIN
from estimator.memory.setup import Method
from estimator.record import record
from estimator.training.constants import CONSTANTS, Stack, StepConstants
from estimator.training.families import Checkpointing, Offload, Sharding
from estimator.training.lengths import Lengths
from estimator.units import Value, central


@record(kw_only=True)
class Overheads:
    """What a run pays beside its training steps."""

    time_uncertainty: Value = 1.0
    """Measured over predicted training time. [1]"""
    startup_hours: Value = 0.0
    """Booking, image, data before the first step. [h]"""
    download_bytes_per_s: Value = math.inf
    """Rate at which the weights arrive. [B/s]"""
    checkpoint_bytes_per_s: Value = math.inf
    """Rate at which a checkpoint is written. [B/s]"""
    checkpoint_interval_hours: Value | None = None
    """Training time between checkpoints; None takes the interval that loses least. [h]"""
    evaluation_share: Value | None = None
    """Time in evaluation over time in training; None derives it from the evaluation set. [1]"""
    evaluation_examples: Value = 0.0
    evaluations: Value = 0.0
    """Passes over the evaluation set during a run. [count]"""
    spot_interruptions_per_hour: Value = 0.0
    """Evictions of one spot instance. [1/h]"""
    failures_per_gpu_hour: Value = 0.0
    """Failures of one device with its share of the server. [1/h]"""

    def central(self) -> "Overheads":
        """The same at the central case."""
        given: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        middle: dict[str, Any] = {key: None if value is None else central(value) for key, value in given.items()}
        return replace(self, **middle)


@record(kw_only=True)
class Job:
    """What is trained."""

    architecture: Architecture
    methods: tuple[Method, ...]
    """Methods the search may choose from."""
    examples: Value
    """Training examples. [count]"""
    epochs: Value
    lengths: Lengths
    global_batch: float
    """Sequences per optimizer step. [count]"""
    rank: Value = 16.0
    optimizer: str = "adamw_fused"
    targets: str | tuple[str, ...] = "all-linear"
    runs: Value = 1.0
    """Full-size runs until the keeper, one after the other. [count]"""
    margin: float = DEFAULT_MARGIN
    """Share of memory kept free. [1]"""
    host_bytes_per_gpu: float = math.inf
    """Memory of a server per device where its own is not known; it must hold what is offloaded. [B]"""
    server_bytes: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Memory of servers by provider and instance. [B]"""
    host_bytes_trained: float = 16.0
    """Host memory per trained weight whose states are offloaded. [B]"""
    stack: Stack = "eager"
    overheads: Overheads = field(default_factory=Overheads)
    constants: StepConstants = CONSTANTS

    def central(self) -> "Job":
        """The same with every uncertain value at its central case."""
        return replace(
            self,
            examples=central(self.examples),
            epochs=central(self.epochs),
            rank=central(self.rank),
            runs=central(self.runs),
            lengths=self.lengths.central(),
            overheads=self.overheads.central(),
        )

    def tokens(self, micro_batch: Value) -> Value:
        """Tokens the devices work through in one run, padding included. [token]."""
        return self.examples * self.epochs * self.lengths.processed_tokens(micro_batch)

    @property
    def row_tokens(self) -> float:
        """Longest row a device must hold. [token]."""
        return _row_tokens(self.lengths.central(), central(self.examples))


@lru_cache(maxsize=64)
def _row_tokens(lengths: Lengths, examples: float) -> float:
    return lengths.longest_tokens(examples)


@record(kw_only=True)
class Space:
    """What may be chosen; None leaves a choice to the search."""

    gpu_counts: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    """Devices of the job; above one instance, several whole ones. [count]"""
    shardings: tuple[Sharding, ...] | None = None
    checkpointings: tuple[Checkpointing, ...] = ("none", "selective", "full")
    offloads: tuple[Offload, ...] | None = None
    micro_batches: tuple[int, ...] | None = None
    """Sequences per device and pass; powers of two where not given. [count]"""
    model_parallel: bool | None = None
    """Whether tensor and pipeline splits are tried; None tries them for large models."""

    def narrowed(
        self, *, gpu_counts: tuple[int, ...] | None = None, checkpointing: Checkpointing | None = None
    ) -> "Space":
        """The same with some choices made; None leaves them open."""
        return replace(
            self,
            gpu_counts=gpu_counts or self.gpu_counts,
            checkpointings=(checkpointing,) if checkpointing else self.checkpointings,
        )


@record(kw_only=True)
class Bounds:
    """What the plan must keep, over all runs of the job."""

    deadline_hours: float = math.inf
    """Wall hours of all runs, one after the other. [h]"""
    budget_usd: float = math.inf
    """Price of all runs. [USD]"""
