"""Memory, hours and price of every plan, family by family, as columns of arrays."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

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
_NAMES = ("family", "offer", "micro_batch", "accumulation", "tokens", "needed_bytes", "tokens_per_s")


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
class _Batches:
    """Micro-batches that a number of data-parallel copies may take."""

    micro_batch: Array
    accumulation: Array
    tokens: Array
    """Worked through in one run. [token]"""


@record
class _Cases:
    """Device counts and micro-batches of families that differ in nothing else, one case after the other."""

    family: Index
    """Row of the family. [1]"""
    size: Index
    """Place of the device count in `Market.counts`. [1]"""
    gpus: Array
    micro_batch: Array
    accumulation: Array
    tokens: Array
    offered: npt.NDArray[np.bool_]
    """Whether an offer can hold the devices, shape (offers, cases)."""


def _batches(job: Job, replicas: int, space: Space) -> _Batches:
    """Micro-batches to try, and the gradient accumulation and the tokens each needs."""
    share = job.global_batch / replicas
    if space.micro_batches is not None:
        micro = np.array(sorted(space.micro_batches), dtype=float)
    elif share < 1.0:
        micro = np.zeros(0)
    else:
        micro = 2.0 ** np.arange(math.floor(math.log2(min(share, LARGEST_MICRO_BATCH))) + 1.0)
    tokens = np.broadcast_to(job.tokens(micro), micro.shape)
    return _Batches(micro, np.maximum(np.ceil(share / micro), 1.0), tokens)


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
    groups: dict[tuple[object, ...], list[int]] = {}
    for row, family in enumerate(tried):
        choices = (family.method, family.sharding, family.checkpointing, family.offload, family.tensor, family.pipeline)
        groups.setdefault((*choices, family.gpus > 1), []).append(row)
    return list(groups.values())


def _cases(rows: Sequence[int], tried: Sequence[Family], market: Market, batches: Mapping[int, _Batches]) -> _Cases:
    found = [batches[tried[row].replicas] for row in rows]
    many = [each.micro_batch.size for each in found]
    size = np.repeat([market.counts.index(tried[row].gpus) for row in rows], many)
    return _Cases(
        family=np.repeat(rows, many),
        size=size,
        gpus=np.array(market.counts, dtype=float)[size],
        micro_batch=np.concatenate([each.micro_batch for each in found]),
        accumulation=np.concatenate([each.accumulation for each in found]),
        tokens=np.concatenate([each.tokens for each in found]),
        offered=market.known_holds[:, size] & (tried[rows[0]].tensor <= market.sizes),
    )


def _timed(family: Family, cases: _Cases, market: Market) -> dict[str, npt.NDArray[np.generic]]:
    """Memory and speed of the plans of families that differ in their device count alone; 0 tokens/s if not asked."""
    job, gpus = market.job, cases.gpus
    peak = device_peak(job=job, family=family, gpus=gpus, micro_batch=cases.micro_batch)
    any_device = market.accelerators[market.offers[0].gpu]
    needed = np.broadcast_to(fit(peak=peak, accelerator=any_device, margin=job.margin).needed_bytes, gpus.shape)
    fitting = ((needed <= market.memory) & cases.offered).any(axis=0)
    some_fit = np.zeros(cases.family.max() + 1, dtype=bool)
    some_fit[cases.family[fitting]] = True
    asked = some_fit[cases.family]
    rate = np.zeros((len(market.machines), gpus.size))
    if asked.any():
        step = plan_step(
            job=job,
            family=family,
            gpus=gpus[asked],
            devices=market.rates(cases.size[asked]),
            micro_batch=cases.micro_batch[asked],
            accumulation=cases.accumulation[asked],
        )
        rate[:, asked] = gpus[asked] * step.tokens_per_s_per_gpu
    offer, case = np.nonzero(cases.offered)
    return {
        "family": cases.family[case],
        "offer": offer,
        "micro_batch": cases.micro_batch[case],
        "accumulation": cases.accumulation[case],
        "tokens": cases.tokens[case],
        "needed_bytes": needed[case],
        "tokens_per_s": rate[market.machine[offer], case],
    }


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
    batches = {replicas: _batches(job, replicas, space) for replicas in {family.replicas for family in tried}}
    parts = []
    for rows in _alike(tried) if known else ():
        cases = _cases(rows, tried, market, batches)
        if cases.offered.any():
            parts.append(_timed(tried[rows[0]], cases, market))
    joined = {name: np.concatenate([part[name] for part in parts]) if parts else np.zeros(0, int) for name in _NAMES}
    order = np.argsort(joined["family"] * len(known) + joined["offer"], kind="stable")  # micro-batches rise already
    return _priced(tried, market, {name: column[order] for name, column in joined.items()})


def _priced(tried: tuple[Family, ...], market: Market, plans: Mapping[str, npt.NDArray[Any]]) -> Searched:
    """Hours and price of plans whose memory and speed are known."""
    job, family, offer, rate = market.job, *(plans[name] for name in ("family", "offer", "tokens_per_s"))
    gpus = np.array([each.gpus for each in tried], dtype=float)[family]
    instances = np.ceil(gpus / market.sizes[offer, 0])
    rent = instances * market.prices[offer, 0]
    hours, usd = np.full(len(family), np.inf), np.full(len(family), np.inf)
    kinds = [(each.method, each.checkpointing) for each in tried]
    for kind in dict.fromkeys(kinds):
        alike = np.array([each == kind for each in kinds])
        asked = np.flatnonzero(alike[family] & (rate > 0.0))
        run = plan_hours(
            job=job,
            family=tried[kinds.index(kind)],
            gpus=gpus[asked],
            tokens=plans["tokens"][asked],
            tokens_per_s=rate[asked],
            instances=instances[asked],
            is_spot=market.spot[offer[asked], 0],
        )
        hours[asked] = run.hours
        usd[asked] = run.hours * rent[asked]
    host = np.array([host_bytes(job=job, family=each) for each in tried])
    return Searched(
        families=tried,
        offers=market.offers,
        family=family,
        offer=offer,
        instances=instances,
        micro_batch=plans["micro_batch"],
        accumulation=plans["accumulation"],
        needed_bytes=plans["needed_bytes"],
        usable_bytes=market.memory[offer, 0],
        host_needed_bytes=host[family] / instances,
        host_usable_bytes=market.servers[offer, 0],
        tokens_per_s=rate,
        hours=hours,
        usd=usd,
    )
