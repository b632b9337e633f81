"""Changes of the machine: more devices, or larger ones."""

import math
from collections.abc import Iterable
from dataclasses import replace

from estimator.catalog.types import Accelerator
from estimator.training.rungs import Change, SizedRun, with_setup
from estimator.units import central

MOST_DEVICES = 64
SHARED_PARAMETERS = ("zero3", "fsdp")


def share_of_step(run: SizedRun, gpus: int) -> SizedRun:
    """The same sequences per optimizer step over more devices: first less accumulation, then a smaller micro-batch.

    Args:
        run: The run.
        gpus: Devices that share it. [count]

    Returns:
        The run with fully sharded states; at least one sequence per device. [1]

    Source: definition.
    """
    each = max(math.ceil(run.sequences * run.setup.gpus / gpus), 1)
    micro = next(size for size in range(int(min(run.micro_batch, each)), 0, -1) if each % size == 0)
    sharding = run.setup.sharding if run.setup.sharding in SHARED_PARAMETERS else "fsdp"
    changed = with_setup(
        run, gpus=gpus, sharding=sharding, gradient_accumulation=each / micro, optimizer_in_backward=False
    )
    return replace(changed, micro_batch=float(micro))


def _first_that_fits(candidates: Iterable[SizedRun]) -> SizedRun | None:
    """The first run that fits, else the last one."""
    last = None
    for last in candidates:
        if last.fit.fits:
            break
    return last


def more_gpus() -> Change:
    """FSDP over the fewest devices, in powers of two, that make the run fit.

    Returns:
        The change. [1]

    Source: definition.
    """

    def apply(run: SizedRun) -> SizedRun | None:
        if run.setup.sharding == "layer_split":
            return None
        counts = (2**power for power in range(1, int(math.log2(MOST_DEVICES)) + 1))
        return _first_that_fits(share_of_step(run, gpus) for gpus in counts if gpus > run.setup.gpus)

    def words(run: SizedRun) -> str:
        return f"FSDP over {run.setup.gpus} × {run.accelerator.name}"

    return Change("more_gpus", "hardware", "rent and network", apply, words)


def larger_gpu(accelerators: Iterable[Accelerator]) -> Change:
    """The smallest larger device of the same vendor that makes the run fit.

    Args:
        accelerators: Devices to choose from.

    Returns:
        The change. [1]

    Source: definition.
    """
    known = sorted(accelerators, key=lambda item: (item.usable_memory_bytes, item.name))

    def apply(run: SizedRun) -> SizedRun | None:
        now = run.accelerator
        larger = [item for item in known if item.vendor == now.vendor and _usable(item) > _usable(now)]
        return _first_that_fits(replace(run, accelerator=item) for item in larger)

    def words(run: SizedRun) -> str:
        return f"a larger device: {run.accelerator.name}"

    return Change("larger_gpu", "hardware", "rent", apply, words)


def _usable(accelerator: Accelerator) -> float:
    return central(accelerator.usable_memory_bytes)
