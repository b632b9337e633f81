"""How a job is split over devices, beyond data parallelism."""

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.units import Value


@record(kw_only=True)
class Parallelism:
    """Megatron-style degrees; devices left over are data-parallel."""

    tensor: int = 1
    pipeline: int = 1
    context: int = 1
    expert: int = 1
    """Devices a layer's experts are spread over; taken from the data-parallel ranks. [count]"""
    virtual_stages: int = 1
    """Model chunks per pipeline device (interleaving). [count]"""

    def __post_init__(self) -> None:
        """Every degree is a whole number of devices.

        Raises:
            InputError: a degree is below 1.
        """
        for name in ("tensor", "pipeline", "context", "expert", "virtual_stages"):
            if getattr(self, name) < 1:
                raise InputError(f"parallelism.{name}: {getattr(self, name)} is below 1; give a whole number from 1")

    @property
    def model_ranks(self) -> int:
        """Devices that hold one replica."""
        return self.tensor * self.pipeline * self.context

    def bubble(self, micro_batches: Value) -> Value:
        """Idle share of a pipeline, relative to its work: (pp − 1) / (v · m). [1]."""
        idle: Value = (self.pipeline - 1) / (self.virtual_stages * np.maximum(micro_batches, 1.0))
        return idle
