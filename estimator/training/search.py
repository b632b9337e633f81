"""Memory, hours and price of every plan, family by family, as columns of arrays."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from estimator.catalog.types import Accelerator, GpuOffer
from estimator.errors import InputError
from estimator.memory import fit, parameter_count
from estimator.record import record
from estimator.training.evaluate import device_peak, host_bytes, plan_hours, plan_step, server_bytes
from estimator.training.families import Family, cheapest_offers, families
from estimator.training.market import Market
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


@record(kw_only=True)
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


@record
class _Cases:
    """Device counts and micro-batches of families that differ in nothing else, one case after the other."""

    family: Index
    """Row of the family. [1]"""
    gpus: Array
    micro_batch: Array
    accumulation: Array
    offered: npt.NDArray[np.bool_]
    """Whether an offer can hold the devices, shape (offers, cases)."""


def _micro_batches(job: Job, replicas: int, space: Space) -> tuple[Array, Array]:
    """Micro-batches to try and the gradient accumulation each needs."""
    share = job.global_batch / replicas
    if space.micro_batches is not None:
        micro = np.array(sorted(space.micro_batches), dtype=float)
    elif share < 1.0:
        return np.zeros(0), np.zeros(0)
    else:
        micro = 2.0 ** np.arange(math.floor(math.log2(min(share, LARGEST_MICRO_BATCH))) + 1.0)
    return micro, np.maximum(np.ceil(share / micro), 1.0)


def _offered(family: Family, gpus: Array, market: Market) -> npt.NDArray[np.bool_]:
    """Offers that can hold the devices: in one instance, or in several whole ones unless they are owned."""
    inside = gpus <= market.sizes
    several = (gpus % market.sizes == 0.0) & (market.owned == 0.0)
    offered: npt.NDArray[np.bool_] = (inside | several) & (family.tensor <= market.sizes)
    return offered


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


def _alike(tried: Sequence[Family]) -> list[list[int]]:
    """Rows of families that differ in their device count alone; one device alone has no peers to talk to."""
    groups: dict[Family, list[int]] = {}
    for row, family in enumerate(tried):
        groups.setdefault(replace(family, gpus=min(family.gpus, 2)), []).append(row)
    return list(groups.values())


def _cases(rows: Sequence[int], tried: Sequence[Family], market: Market, space: Space) -> _Cases:
    batches = [_micro_batches(market.job, tried[row].replicas, space) for row in rows]
    many = [micro.size for micro, _ in batches]
    gpus = np.repeat([float(tried[row].gpus) for row in rows], many)
    return _Cases(
        family=np.repeat(rows, many),
        gpus=gpus,
        micro_batch=np.concatenate([micro for micro, _ in batches]),
        accumulation=np.concatenate([accumulation for _, accumulation in batches]),
        offered=_offered(tried[rows[0]], gpus, market),
    )


def _priced(family: Family, cases: _Cases, market: Market) -> dict[str, npt.NDArray[np.generic]]:
    """Columns of the plans of families that differ in their device count alone."""
    job, gpus, shape = market.job, cases.gpus, cases.offered.shape
    peak = device_peak(job=job, family=family, gpus=gpus, micro_batch=cases.micro_batch)
    any_device = market.accelerators[market.offers[0].gpu]
    needed = np.broadcast_to(fit(peak=peak, accelerator=any_device, margin=job.margin).needed_bytes, gpus.shape)
    instances = np.ceil(gpus / market.sizes)
    rate, hours = np.zeros(shape), np.full(shape, np.inf)
    fitting = ((needed <= market.memory) & cases.offered).any(axis=0)
    asked = np.isin(cases.family, cases.family[fitting])
    if asked.any():
        step = plan_step(
            job=job,
            family=family,
            gpus=gpus,
            devices=market.rates(gpus),
            micro_batch=cases.micro_batch,
            accumulation=cases.accumulation,
        )
        rate = np.where(asked, gpus * step.tokens_per_s_per_gpu, 0.0)
        run = plan_hours(
            job=job,
            family=family,
            gpus=gpus,
            tokens=job.tokens(cases.micro_batch),
            tokens_per_s=np.where(asked, rate, 1.0),
            instances=instances,
            is_spot=market.spot,
        )
        hours = np.where(asked, run.hours, np.inf)
    columns = {
        "family": cases.family,
        "offer": np.arange(len(market.offers))[:, None],
        "instances": instances,
        "micro_batch": cases.micro_batch,
        "accumulation": cases.accumulation,
        "needed_bytes": needed,
        "usable_bytes": market.memory,
        "host_needed_bytes": host_bytes(job=job, family=family) / instances,
        "host_usable_bytes": market.servers,
        "tokens_per_s": rate,
        "hours": hours,
        "usd": np.where(asked, np.where(asked, hours, 0.0) * (instances * market.prices), np.inf),
    }
    return {name: np.broadcast_to(column, shape)[cases.offered] for name, column in columns.items()}


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
    for asked, found in tuple(_ANSWERED):  # another session may add one meanwhile
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
    tried = tuple(_family_list(job, space))
    market = Market(job, known, accelerators, tuple(sorted({family.gpus for family in tried})))
    parts = []
    for rows in _alike(tried) if known else ():
        cases = _cases(rows, tried, market, space)
        if cases.offered.any():
            parts.append(_priced(tried[rows[0]], cases, market))
    joined = {name: np.concatenate([part[name] for part in parts]) if parts else np.zeros(0) for name in _NAMES}
    order = np.lexsort((joined["micro_batch"], joined["offer"], joined["family"]))
    return Searched(
        families=tried,
        offers=known,
        **{name: column[order] for name, column in joined.items()},  # type: ignore[arg-type]  # one dtype per column
    )
