"""Does a run fit on a device, and how large a micro-batch does?"""

from dataclasses import dataclass

import numpy as np

from estimator.catalog.types import Accelerator, Architecture
from estimator.errors import InputError
from estimator.memory.peak import Peak, training_peak
from estimator.memory.setup import TrainingSetup
from estimator.units import Array, Value, central


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Needed and usable bytes of one device."""

    accelerator: str
    needed_bytes: Value
    """Device bytes of the peak with the margin on top. [B]"""
    usable_bytes: Value
    """What a framework can allocate. [B]"""

    @property
    def headroom_bytes(self) -> Value:
        """Usable minus needed bytes; below 0 the run does not fit. [B]."""
        return self.usable_bytes - self.needed_bytes

    @property
    def fits(self) -> bool:
        """Whether the central case fits."""
        return central(self.headroom_bytes) >= 0.0


def fit(*, peak: Peak, accelerator: Accelerator, margin: Value) -> Fit:
    """Needed = device bytes / (1 − margin), compared with the usable memory of the device.

    Args:
        peak: Peak of the run per device. [B]
        accelerator: The device.
        margin: Share of the usable memory kept free. [1]

    Returns:
        Needed and usable bytes. [B]

    Raises:
        InputError: the margin is outside 0 to below 1.

    Source: definition.
    """
    if np.any(np.asarray(margin) < 0.0) or np.any(np.asarray(margin) >= 1.0):
        raise InputError(f"memory margin: {margin} is outside 0 to below 1; 0.05 is usual")
    return Fit(
        accelerator=accelerator.name,
        needed_bytes=peak.device_bytes / (1.0 - margin),
        usable_bytes=accelerator.usable_memory_bytes,
    )


def largest_micro_batch(
    *,
    architecture: Architecture,
    setup: TrainingSetup,
    seq_len: Value,
    accelerator: Accelerator,
    margin: Value,
    limit: int = 512,
) -> int:
    """Largest power of two that fits as micro-batch at the central case; 0 if not even 1 does.

    Args:
        architecture: Model shape. [count]
        setup: Training configuration.
        seq_len: Length of the longest sequence. [token]
        accelerator: The device.
        margin: Share of the usable memory kept free. [1]
        limit: Largest micro-batch tried. [count]

    Returns:
        Sequences per device. [count]

    Raises:
        InputError: the limit is below 1, or the margin is outside 0 to below 1.

    Source: inversion of `training_peak`, which grows with the micro-batch.
    """
    if limit < 1:
        raise InputError(f"limit: {limit} is below 1; give the largest micro-batch to try")
    sizes: Array = np.exp2(np.arange(int(np.log2(limit)) + 1, dtype=np.float64))
    peak = training_peak(architecture=architecture, setup=setup, micro_batch=sizes, seq_len=central(seq_len))
    result = fit(peak=peak, accelerator=accelerator, margin=central(margin))
    fitting = sizes[np.asarray(result.headroom_bytes) >= 0.0]
    return int(fitting.max()) if fitting.size else 0
