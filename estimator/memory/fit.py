"""Does a run fit on a device, and how large a micro-batch or a sequence does?"""

import numpy as np

from estimator.catalog.types import Accelerator, Architecture
from estimator.errors import InputError
from estimator.memory.invert import largest_whole
from estimator.memory.peak import Peak, training_peak
from estimator.memory.setup import TrainingSetup
from estimator.record import record
from estimator.units import Array, Value, central

LARGEST_MICRO_BATCH = 2**20
"""Where the search for a micro-batch ends. [count]"""
LARGEST_SEQ_LEN = 2**27
"""Where the search for a sequence length ends. [token]"""


@record(kw_only=True)
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

    def beyond(self, live_bytes: float) -> float:
        """What is needed besides live tensors, central case: slack, context, margin. [B]."""
        return central(self.needed_bytes) - live_bytes

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
    return Fit(
        accelerator=accelerator.name,
        needed_bytes=_with_margin(peak, margin),
        usable_bytes=accelerator.usable_memory_bytes,
    )


def largest_micro_batch(
    *,
    architecture: Architecture,
    setup: TrainingSetup,
    seq_len: Value,
    usable_bytes: Value,
    margin: float,
    limit: int = LARGEST_MICRO_BATCH,
) -> Array:
    """Largest whole micro-batch that fits at the central case; 0 if not even 1 does.

    Args:
        architecture: Model shape. [count]
        setup: Training configuration.
        seq_len: Length of the longest sequence. [token]
        usable_bytes: What a framework can allocate; one device or many. [B]
        margin: Share of the usable memory kept free. [1]
        limit: Largest micro-batch tried. [count]

    Returns:
        Sequences per device, in the shape of `usable_bytes`. [count]

    Raises:
        InputError: the limit is below 1, or the margin is outside 0 to below 1.

    Source: inversion of `training_peak`, which grows with the micro-batch.
    """
    length = central(seq_len)

    def needed(sizes: Array) -> Value:
        peak = training_peak(architecture=architecture, setup=setup, micro_batch=sizes, seq_len=length)
        return _with_margin(peak, margin)

    return largest_whole(needed=needed, budget=usable_bytes, limit=limit)


def largest_seq_len(
    *,
    architecture: Architecture,
    setup: TrainingSetup,
    micro_batch: Value,
    usable_bytes: Value,
    margin: float,
    limit: int = LARGEST_SEQ_LEN,
) -> Array:
    """Largest whole sequence length that fits at the central case; 0 if not even one token does.

    Args:
        architecture: Model shape; the context it was trained for does not limit the answer. [count]
        setup: Training configuration.
        micro_batch: Sequences per device. [count]
        usable_bytes: What a framework can allocate; one device or many. [B]
        margin: Share of the usable memory kept free. [1]
        limit: Largest length tried. [token]

    Returns:
        Tokens per sequence, in the shape of `usable_bytes`. [token]

    Raises:
        InputError: the limit is below 1, or the margin is outside 0 to below 1.

    Source: inversion of `training_peak`, which grows with the length.
    """
    batch = central(micro_batch)

    def needed(lengths: Array) -> Value:
        peak = training_peak(architecture=architecture, setup=setup, micro_batch=batch, seq_len=lengths)
        return _with_margin(peak, margin)

    return largest_whole(needed=needed, budget=usable_bytes, limit=limit)


def _with_margin(peak: Peak, margin: Value) -> Value:
    if not np.all((np.asarray(margin) >= 0.0) & (np.asarray(margin) < 1.0)):
        raise InputError(f"memory margin: {margin} is outside 0 to below 1; 0.05 is usual")
    return peak.pressed_bytes / (1.0 - margin)
