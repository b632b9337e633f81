"""Memory, hours and price of every plan, family by family, as columns of arrays."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from estimator.catalog.types import Accelerator, GpuOffer
from estimator.errors import InputError
from estimator.memory import fit
from estimator.record import record
from estimator.training.cases import Cases, Index, cases_alike, tried_families
from estimator.training.evaluate import device_peak, host_bytes, plan_hours, plan_work, server_bytes
from estimator.training.families import Family, cheapest_offers
from estimator.training.market import Market
from estimator.training.spec import Job, Space
from estimator.training.step import combine
from estimator.training.work import Work
from estimator.units import Array

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


def _needed_bytes(family: Family, cases: Cases, market: Market) -> Array:
    """Memory of one device with its margin, families differing in their device count alone. [B]"""
    job = market.job
    peak = device_peak(job=job, family=family, gpus=cases.gpus, micro_batch=cases.micro_batch)
    any_device = market.accelerators[market.offers[0].gpu]
    return np.broadcast_to(fit(peak=peak, accelerator=any_device, margin=job.margin).needed_bytes, len(cases))


def _rates(tried: Sequence[Family], groups: Sequence[Cases], market: Market) -> Array:
    """Tokens per second of whole jobs on every machine, shape (machines, cases)."""
    job, sizes = market.job, [len(cases) for cases in groups]
    ends = np.cumsum(sizes)
    columns = {item.name: np.empty(sum(sizes)) for item in fields(Work)}
    bubble = np.empty(sum(sizes))
    for cases, first, end in zip(groups, ends - sizes, ends, strict=True):
        family = tried[cases.family[0]]
        load = plan_work(
            job=job,
            family=family,
            gpus=cases.gpus,
            micro_batch=cases.micro_batch,
            accumulation=cases.accumulation,
        )
        for name, column in columns.items():
            column[first:end] = getattr(load, name)
        bubble[first:end] = family.split.bubble(cases.accumulation)
    every = Cases.joined(groups)
    step = combine(
        load=Work(**columns),
        device=market.rates(every.size),
        stack=job.stack,
        bubble_share=bubble,
        constants=job.constants,
    )
    rates: Array = every.gpus * step.tokens_per_s_per_gpu
    return rates


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
    tried = tried_families(job, space)
    market = Market(job, known, accelerators, tuple(sorted({family.gpus for family in tried})))
    return _priced(tried, market, _timed(tried, cases_alike(tried, market, space), market))


def _timed(tried: Sequence[Family], groups: Sequence[Cases], market: Market) -> dict[str, npt.NDArray[np.generic]]:
    """Memory and speed of all plans, by family, offer and micro-batch; 0 tokens/s where no plan of a family fits."""
    if not groups:
        return dict.fromkeys(_NAMES, np.zeros(0, int))
    needed = np.concatenate([_needed_bytes(tried[cases.family[0]], cases, market) for cases in groups])
    every = Cases.joined(groups)
    some_fit = np.zeros(len(tried), dtype=bool)
    some_fit[every.family[((needed <= market.memory) & every.offered).any(axis=0)]] = True
    rate = np.zeros((len(market.machines), len(every)))
    if some_fit.any():
        asked = [cases.of(some_fit[cases.family]) for cases in groups]
        rate[:, some_fit[every.family]] = _rates(tried, [cases for cases in asked if len(cases)], market)
    offer, case = np.nonzero(every.offered)
    order = np.argsort(every.family[case] * len(market.offers) + offer, kind="stable")  # micro-batches rise already
    offer, case = offer[order], case[order]
    return {
        "family": every.family[case],
        "offer": offer,
        "micro_batch": every.micro_batch[case],
        "accumulation": every.accumulation[case],
        "tokens": every.tokens[case],
        "needed_bytes": needed[case],
        "tokens_per_s": rate[market.machine[offer], case],
    }


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
    on_host = {(each.method, each.offload): host_bytes(job=job, family=each) for each in tried}
    host = np.array([on_host[each.method, each.offload] for each in tried])
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
