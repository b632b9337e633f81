"""Does this fine-tuning run fit on these GPUs, and what would make it fit? From names to one answer."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from estimator.catalog import Accelerator, Architecture, Catalog, load_catalog
from estimator.errors import InputError
from estimator.memory import (
    DEFAULT_MARGIN,
    Fit,
    Peak,
    TrainingSetup,
    fit,
    largest_micro_batch,
    largest_seq_len,
    training_peak,
)
from estimator.memory.choices import number, usual_setup
from estimator.record import record
from estimator.units import central

if TYPE_CHECKING:
    from estimator.training.ladder import Ladder

LARGEST_MICRO_BATCH = 65_536.0
LARGEST_SEQ_LEN = 1e8
USUAL_SEQ_LEN = 2048
"""Where the user says nothing. [token]"""
GPU_VENDORS = ("NVIDIA", "AMD")
"""Vendors whose devices run the PyTorch stack that the memory model describes."""
COUNTERS = ("allocated", "reserved", "device")
"""Live tensors, what the allocator holds, what the device reports."""


@record(kw_only=True)
class Place:
    """A run on one kind of device."""

    accelerator: Accelerator
    fit: Fit
    largest_micro_batch: int
    """At the asked sequence length; 0 where none fits. [count]"""
    largest_seq_len: int
    """At the asked micro-batch; 0 where none fits. [token]"""


@record(kw_only=True)
class MemoryAnswer:
    """Memory of a run per device, where it fits, and what can be done where it does not."""

    architecture: Architecture
    setup: TrainingSetup
    micro_batch: float
    seq_len: float
    margin: float
    """Share of the usable memory kept free. [1]"""
    peak: Peak
    places: tuple[Place, ...]
    """The named device first, then the others from small to large."""
    ladder: "Ladder | None"
    """For the named device, where the run does not fit on it."""
    warnings: tuple[str, ...]

    @property
    def counters(self) -> dict[str, tuple[float, float, float]]:
        """Low, central and high value of each counter at the peak. [B]."""
        return {name: _interval(self.peak, name) for name in COUNTERS}


def memory_of(
    model: str | Architecture,
    *,
    gpu: str | None = None,
    all_gpus: bool = False,
    micro_batch: float = 1.0,
    seq_len: float | None = None,
    margin: float = DEFAULT_MARGIN,
    catalog: Catalog | None = None,
    **choices: Any,
) -> MemoryAnswer:
    """Memory of a fine-tuning run, where it fits, and the ladder of changes where it does not.

    Args:
        model: Catalog name, path of a `config.json`, or a shape.
        gpu: Device; None asks about every GPU of the catalog.
        all_gpus: Every other GPU besides the named one.
        micro_batch: Sequences per device and forward pass. [count]
        seq_len: Length of the longest sequence, padding included; None takes 2,048, or what the model can read if that
            is less. [token]
        margin: Share of the usable memory kept free. [1]
        catalog: Models and devices; the package's own where not given.
        choices: Fields of `TrainingSetup`: method, rank, optimizer, gpus, sharding …; the rest is usual for the method.

    Returns:
        Itemised peak, counters, fit on each device, and the ladder. [B]

    Raises:
        EstimatorError: an unknown name, a value outside its range, or choices that contradict each other.

    >>> answer = memory_of("meta-llama/Llama-3.1-8B", method="qlora", gpu="4090", seq_len=1024)
    >>> answer.places[0].fit.fits, answer.setup.quantization
    (True, 'nf4_dq')
    """
    world = catalog or load_catalog()
    setup = usual_setup(**choices)
    batch = number("micro_batch", micro_batch, low=1.0, high=LARGEST_MICRO_BATCH, whole=True)
    free = number("margin", margin, low=0.0, high=0.99)
    shape = model if isinstance(model, Architecture) else world.architecture(model)
    asked = min(USUAL_SEQ_LEN, shape.max_positions) if seq_len is None else seq_len
    length = number("seq_len", asked, low=1.0, high=LARGEST_SEQ_LEN, whole=True)
    named = world.accelerator(gpu) if gpu is not None else None
    every = [world.accelerator(name) for name in world.accelerators()]
    warnings = (*_model_warnings(shape, length, world), *_device_warnings(setup, named))
    run = training_peak(architecture=shape, setup=setup, micro_batch=batch, seq_len=length)
    places = _places(shape, setup, batch, length, free, run, _devices(named, every, all_gpus))
    return MemoryAnswer(
        architecture=shape,
        setup=setup,
        micro_batch=batch,
        seq_len=length,
        margin=free,
        peak=run,
        places=places,
        ladder=None
        if named is None or places[0].fit.fits
        else _ladder(shape, setup, batch, length, free, named, every),
        warnings=warnings,
    )


def _ladder(
    architecture: Architecture,
    setup: TrainingSetup,
    micro_batch: float,
    seq_len: float,
    margin: float,
    accelerator: Accelerator,
    accelerators: Sequence[Accelerator],
) -> "Ladder":
    """The changes that would make the run fit; only here the training room is needed, which loads slowly."""
    from estimator.training.ladder import SizedRun, ladder

    run = SizedRun(
        architecture=architecture,
        setup=setup,
        micro_batch=micro_batch,
        seq_len=seq_len,
        accelerator=accelerator,
        margin=margin,
    )
    return ladder(run=run, accelerators=accelerators)


def _devices(named: Accelerator | None, every: Iterable[Accelerator], all_gpus: bool) -> list[Accelerator]:
    first = [named] if named is not None else []
    if named is not None and not all_gpus:
        return first
    others = [item for item in every if item.vendor in GPU_VENDORS and item is not named]
    return first + sorted(others, key=lambda item: (item.usable_memory_bytes, item.name))


def _places(
    architecture: Architecture,
    setup: TrainingSetup,
    micro_batch: float,
    seq_len: float,
    margin: float,
    peak: Peak,
    devices: Sequence[Accelerator],
) -> tuple[Place, ...]:
    usable = np.array([device.usable_memory_bytes for device in devices])
    batches = largest_micro_batch(
        architecture=architecture, setup=setup, seq_len=seq_len, usable_bytes=usable, margin=margin
    )
    lengths = largest_seq_len(
        architecture=architecture, setup=setup, micro_batch=micro_batch, usable_bytes=usable, margin=margin
    )
    return tuple(
        Place(
            accelerator=device,
            fit=fit(peak=peak, accelerator=device, margin=margin),
            largest_micro_batch=int(batch),
            largest_seq_len=int(length),
        )
        for device, batch, length in zip(devices, batches, lengths, strict=True)
    )


def _model_warnings(architecture: Architecture, seq_len: float, catalog: Catalog) -> list[str]:
    found = []
    if seq_len > architecture.max_positions:
        text = f"{seq_len:,.0f} tokens are more than the {architecture.max_positions:,} positions of the model"
        if architecture.learned_positions:
            raise InputError(f"seq_len: {text}, which has no embedding for them; give at most that many")
        found.append(f"{text}; its quality there is unknown")
    names = catalog.architectures()
    if architecture.name not in names and architecture.model_type not in {
        catalog.architecture(name).model_type for name in names
    }:
        found.append(f"model_type {architecture.model_type[:40]!r} is not known; its blocks are taken to be Llama-like")
    return found


def _device_warnings(setup: TrainingSetup, device: Accelerator | None) -> list[str]:
    if device is None:
        return []
    found = []
    if device.vendor not in GPU_VENDORS:
        found.append(
            f"{device.name} runs another stack than PyTorch on {' or '.join(GPU_VENDORS)} GPUs; expect differences"
        )
    wants = "bf16" in (setup.autocast, setup.weights_dtype if setup.autocast == "none" else "")
    if wants and "bf16" not in device.peak_flops_per_s:
        found.append(f"{device.name} does not compute in bf16; choose fp16, which needs as much memory")
    return found


def _interval(peak: Peak, name: str) -> tuple[float, float, float]:
    """Low, central and high bytes of a counter; they coincide where no interval is known. [B]."""
    value = central(getattr(peak, f"{name}_bytes"))
    known = getattr(peak, name, None)
    return (value, value, value) if known is None else (central(known.low), value, central(known.high))
