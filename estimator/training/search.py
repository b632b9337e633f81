"""Memory, hours and price of every plan, family by family, as columns of arrays."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from estimator.catalog.types import Accelerator, GpuOffer
from estimator.errors import InputError
from estimator.memory import fit, parameter_count
from estimator.training.evaluate import device_of, device_peak, host_bytes, plan_hours, plan_step, server_bytes
from estimator.training.families import OWNED, Family, cheapest_offers, families
from estimator.training.hardware import Hardware, stacked
from estimator.training.spec import Job, Space
from estimator.units import Array

LARGEST_MICRO_BATCH = 256.0
LARGE_WEIGHTS = 20e9  # from here on tensor and pipeline splits are worth trying
Index = npt.NDArray[np.int64]
_NAMES = (
    *("family", "offer", "instances", "micro_batch", "accumulation", "needed_bytes", "usable_bytes"),
    *("host_needed_bytes", "host_usable_bytes"),
    *("tokens_per_s", "hours", "usd"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """All plans of a search; one row per plan."""

    families: tuple[Family, ...]
    offers: tuple[GpuOffer, ...]
    family: Index
    """Row of `families`. [1]"""
    offer: Index
    """Row of `offers`. [1]"""
    instances: Array
    micro_batch: Array
    accumulation: Array
    needed_bytes: Array
    usable_bytes: Array
    host_needed_bytes: Array
    """Of one server. [B]"""
    host_usable_bytes: Array
    tokens_per_s: Array
    hours: Array
    """Of one run; infinite where the time was not asked because nothing fits. [h]"""
    usd: Array
    """Of one run. [USD]"""

    @property
    def fits(self) -> npt.NDArray[np.bool_]:
        """Whether a plan fits in the memory of its devices and servers."""
        return (self.needed_bytes <= self.usable_bytes) & (self.host_needed_bytes <= self.host_usable_bytes)

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(slots=True)
class _Columns:
    parts: dict[str, list[npt.NDArray[np.generic]]] = field(default_factory=dict)

    def add(self, **columns: npt.NDArray[np.generic]) -> None:
        shape = columns["hours"].shape
        for name, column in columns.items():
            self.parts.setdefault(name, []).append(np.broadcast_to(column, shape).ravel())

    def joined(self, name: str) -> npt.NDArray[np.generic]:
        return np.concatenate(self.parts[name]) if name in self.parts else np.zeros(0)


@dataclass(frozen=True, slots=True)
class _World:
    """The job, the devices, and the rates of offers already looked up."""

    job: Job
    offers: tuple[GpuOffer, ...]
    accelerators: Mapping[str, Accelerator]
    known: dict[tuple[int, tuple[int, ...]], Hardware] = field(default_factory=dict)

    def rates(self, gpus: int, rows: tuple[int, ...]) -> Hardware:
        """Rates of some offers in a job of some size, as columns."""
        if (gpus, rows) not in self.known:
            offers = [self.offers[row] for row in rows]
            self.known[gpus, rows] = stacked(
                [
                    device_of(offer=item, accelerator=self.accelerators[item.gpu], gpus=gpus, job=self.job)
                    for item in offers
                ]
            )
        return self.known[gpus, rows]


def _micro_batches(job: Job, family: Family, space: Space) -> tuple[Array, Array]:
    """Micro-batches to try and the gradient accumulation each needs."""
    share = job.global_batch / family.replicas
    if space.micro_batches is not None:
        micro = np.array(sorted(space.micro_batches), dtype=float)
    elif share < 1.0:
        return np.zeros(0), np.zeros(0)
    else:
        micro = 2.0 ** np.arange(math.floor(math.log2(min(share, LARGEST_MICRO_BATCH))) + 1.0)
    return micro, np.maximum(np.ceil(share / micro), 1.0)


def _usable_rows(family: Family, offers: Sequence[GpuOffer]) -> list[int]:
    """Offers that can hold the devices: in one instance, or in several whole ones unless they are owned."""
    rows = []
    for row, offer in enumerate(offers):
        inside = family.gpus <= offer.gpus
        several = family.gpus % offer.gpus == 0 and offer.provider != OWNED
        if (inside or several) and family.tensor <= offer.gpus:
            rows.append(row)
    return rows


def _family_list(job: Job, space: Space) -> list[Family]:
    large = parameter_count(architecture=job.architecture).total >= LARGE_WEIGHTS
    return [
        family
        for method in job.methods
        for family in families(
            method=method,
            gpu_counts=space.gpu_counts,
            shardings=space.shardings,
            checkpointings=space.checkpointings,
            offloads=space.offloads,
            model_parallel=large if space.model_parallel is None else space.model_parallel,
        )
    ]


def _price(
    columns: _Columns,
    index: int,
    family: Family,
    rows: Mapping[int, GpuOffer],
    counts: tuple[Array, Array],
    world: _World,
) -> None:
    """Append the plans of one family, shape (offers, micro-batches)."""
    job, (micro, accumulation) = world.job, counts
    offers = tuple(rows.values())
    peak = device_peak(job=job, family=family, micro_batch=micro)
    devices = [world.accelerators[offer.gpu] for offer in offers]
    needed = np.broadcast_to(fit(peak=peak, accelerator=devices[0], margin=job.margin).needed_bytes, micro.shape)
    usable = np.array([[device.usable_memory_bytes] for device in devices])
    instances = np.array([[float(-(-family.gpus // offer.gpus))] for offer in offers])
    rate, hours = np.zeros((len(offers), len(micro))), np.full((len(offers), len(micro)), np.inf)
    if np.any(needed <= usable):
        rates = world.rates(family.gpus, tuple(rows))
        step = plan_step(job=job, family=family, devices=rates, micro_batch=micro, accumulation=accumulation)
        rate = np.asarray(family.gpus * step.tokens_per_s_per_gpu, dtype=float)
        spot = np.array([[float(offer.term == "spot")] for offer in offers])
        run = plan_hours(
            job=job, family=family, tokens=job.tokens(micro), tokens_per_s=rate, instances=instances, is_spot=spot
        )
        hours = np.asarray(run.hours, dtype=float)
    known = np.isfinite(hours)
    prices = instances * np.array([[offer.usd_per_instance_hour] for offer in offers])
    columns.add(
        hours=hours,
        family=np.array(index),
        offer=np.array([[row] for row in rows]),
        instances=instances,
        micro_batch=micro,
        accumulation=accumulation,
        needed_bytes=needed,
        usable_bytes=usable,
        host_needed_bytes=host_bytes(job=job, family=family) / instances,
        host_usable_bytes=np.array([[server_bytes(job=job, offer=offer)] for offer in offers]),
        tokens_per_s=rate,
        usd=np.where(known, np.where(known, hours, 0.0) * prices, np.inf),
    )


def check(job: Job, space: Space) -> None:
    """Refuse what no plan can be made of.

    Args:
        job: What is trained, central case.
        space: What may be chosen.

    Raises:
        InputError: an argument is outside its range; the message names it. [1]

    Source: definition.
    """
    if not float(np.asarray(job.tokens(1.0))) > 0.0:
        raise InputError("tokens: the job trains on 0 tokens; give more examples, tokens or epochs")
    if job.global_batch < 1.0:
        raise InputError(f"tuning.global_batch: {job.global_batch:g} is below 1; give sequences per optimizer step")
    if not 0.0 <= job.margin < 1.0:
        raise InputError(f"memory margin: {job.margin} is outside 0 to below 1; 0.05 is usual")
    for name, numbers in (("gpus", space.gpu_counts), ("micro_batch", space.micro_batches)):
        if numbers is not None and (not numbers or min(numbers) < 1):
            raise InputError(f"{name}: {tuple(numbers)} is below 1; give whole numbers from 1")


def search(
    *, job: Job, offers: Sequence[GpuOffer], accelerators: Mapping[str, Accelerator], space: Space | None = None
) -> Searched:
    """Memory, hours and price of every combination of offer, devices, sharding, split, micro-batch and the rest.

    Args:
        job: What is trained; its central case is searched.
        offers: GPU offers; instances are paid whole.
        accelerators: Catalog by name; offers of other devices are left out.
        space: What may be chosen; None searches everything sensible.

    Returns:
        One row per plan. [B, h, USD]

    Raises:
        InputError: an argument is outside its range.

    Source: exhaustive evaluation of the memory and step-time models.
    """
    job, space = job.central(), space or Space()
    check(job, space)
    question = (job, tuple(offers), dict(accelerators), space)
    for asked, found in _ANSWERED:
        if asked == question:
            return found
    found = _search(*question)
    _ANSWERED.append((question, found))
    return found


_ANSWERED: deque[tuple[tuple[Job, tuple[GpuOffer, ...], dict[str, Accelerator], Space], Searched]] = deque(maxlen=8)
"""The latest questions with their answers: sliders and what-ifs mostly ask the same again."""


def _search(job: Job, offers: Sequence[GpuOffer], accelerators: Mapping[str, Accelerator], space: Space) -> Searched:
    offered = [offer for offer in offers if offer.gpu in accelerators]
    known = tuple(cheapest_offers(offered, memory=[server_bytes(job=job, offer=offer) for offer in offered]))
    world, columns, tried = _World(job, known, accelerators), _Columns(), tuple(_family_list(job, space))
    for index, family in enumerate(tried):
        rows = {row: known[row] for row in _usable_rows(family, known)}
        micro, accumulation = _micro_batches(job, family, space)
        if rows and micro.size:
            _price(columns, index, family, rows, (micro, accumulation), world)
    return Searched(
        families=tried,
        offers=known,
        **{name: columns.joined(name) for name in _NAMES},  # type: ignore[arg-type]  # one dtype per column
    )
