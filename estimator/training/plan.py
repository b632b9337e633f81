"""The search for the cheapest plan that fits in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from estimator.catalog.types import Accelerator, Architecture, GpuOffer
from estimator.errors import InputError
from estimator.memory import fit, training_peak
from estimator.memory.setup import Method
from estimator.training.candidates import Candidate, Family, Plan, cheapest_offers, families, setup_of
from estimator.training.constants import CONSTANTS, Stack, StepConstants
from estimator.training.hardware import Hardware, hardware, stacked
from estimator.training.job import job_hours
from estimator.training.parallel import Parallelism
from estimator.training.step import combine
from estimator.training.work import work
from estimator.units import GIB, Array, Value, central

LARGEST_MICRO_BATCH = 256.0
NODE_DEVICES = 8  # instances of this size or more come with the network fabric of their class


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """The question, central case."""

    architecture: Architecture
    method: Method
    tokens: float
    seq_len: float
    global_batch: float
    rank: float
    margin: float
    stack: Stack
    constants: StepConstants
    accelerators: Mapping[str, Accelerator]
    overhead: Mapping[str, float]
    hours_limit: float


@dataclass(slots=True)
class _Found:
    """Best plan and nearest miss of each accelerator."""

    best: dict[str, Candidate] = field(default_factory=dict)
    short: dict[str, tuple[float, str]] = field(default_factory=dict)

    def miss(self, gpu: str, severity: float, reason: str) -> None:
        if gpu not in self.short or severity < self.short[gpu][0]:
            self.short[gpu] = (severity, reason)

    def offer(self, candidate: Candidate) -> None:
        known = self.best.get(candidate.gpu)
        if known is None or _rank(candidate) < _rank(known):
            self.best[candidate.gpu] = candidate


def _rank(candidate: Candidate) -> tuple[float, float]:
    return central(candidate.usd_per_run), central(candidate.hours_per_run)


def _device(offer: GpuOffer, gpus: int, job: _Job) -> Hardware:
    small = offer.gpus < NODE_DEVICES
    return hardware(
        accelerator=job.accelerators[offer.gpu],
        gpus=gpus,
        gpus_per_node=min(offer.gpus, gpus),
        stack=job.stack,
        precision="bf16",
        constants=job.constants,
        network_bytes_per_s=job.constants.network_plain if small else None,
    )


def _throughput(family: Family, offers: Sequence[GpuOffer], micro: Array, accumulation: Array, job: _Job) -> Array:
    """Tokens per second of the whole job, shape (offers, micro-batches)."""
    load = work(
        architecture=job.architecture,
        setup=setup_of(method=job.method, rank=job.rank, family=family, accumulation=accumulation),
        micro_batch=micro,
        seq_len=job.seq_len,
        parallelism=Parallelism(),
        stack=job.stack,
        constants=job.constants,
    )
    devices = stacked([_device(offer, family.gpus, job) for offer in offers])
    step = combine(load=load, device=devices, stack=job.stack, bubble_share=0.0, constants=job.constants)
    return np.asarray(family.gpus * step.tokens_per_s_per_gpu, dtype=float)


def _memory(family: Family, offers: Sequence[GpuOffer], micro: Array, job: _Job) -> tuple[Array, Array]:
    """Needed bytes, shape (offers, micro-batches), and usable bytes, shape (offers, 1)."""
    setup = setup_of(method=job.method, rank=job.rank, family=family, accumulation=2.0)
    peak = training_peak(architecture=job.architecture, setup=setup, micro_batch=micro, seq_len=job.seq_len)
    fits = {
        gpu: fit(peak=peak, accelerator=job.accelerators[gpu], margin=job.margin)
        for gpu in {offer.gpu for offer in offers}
    }
    needed = np.array([np.broadcast_to(fits[offer.gpu].needed_bytes, micro.shape) for offer in offers])
    usable = np.array([[central(fits[offer.gpu].usable_bytes)] for offer in offers])
    return needed, usable


def _search_family(family: Family, offers: Sequence[GpuOffer], job: _Job, found: _Found) -> None:
    share = job.global_batch / family.gpus
    if share < 1.0:
        return
    micro = 2.0 ** np.arange(np.floor(np.log2(min(share, LARGEST_MICRO_BATCH))) + 1.0)
    accumulation = np.ceil(share / micro)
    needed, usable = _memory(family, offers, micro, job)
    rate = _throughput(family, offers, micro, accumulation, job)
    hours = np.asarray(job_hours(tokens=job.tokens, tokens_per_s=rate, **job.overhead).hours, dtype=float)
    instances = np.array([[-(-family.gpus // offer.gpus)] for offer in offers])
    price = np.array([[offer.usd_per_instance_hour] for offer in offers])
    fits = needed <= usable
    cost = np.where(fits & (hours <= job.hours_limit), hours * instances * price, np.inf)
    picks = np.argmin(cost, axis=1)
    for row, (offer, pick) in enumerate(zip(offers, picks.tolist(), strict=True)):
        if np.isfinite(cost[row, pick]):
            found.offer(
                Candidate(
                    gpu=offer.gpu,
                    provider=offer.provider,
                    instance=offer.instance,
                    gpus=family.gpus,
                    instances=int(instances[row, 0]),
                    method=job.method,
                    sharding=family.sharding,
                    checkpointing=family.checkpointing,
                    micro_batch=int(micro[pick]),
                    gradient_accumulation=int(accumulation[pick]),
                    needed_bytes=float(needed[row, pick]),
                    usable_bytes=float(usable[row, 0]),
                    tokens_per_s=float(rate[row, pick]),
                    hours_per_run=float(hours[row, pick]),
                    usd_per_run=float(cost[row, pick]),
                    offer=offer,
                )
            )
        elif fits[row].any():
            fastest = float(hours[row][fits[row]].min())
            text = f"fits, but {family.gpus} GPUs take {fastest:.1f} h, the limit is {job.hours_limit:g} h"
            found.miss(offer.gpu, fastest / job.hours_limit, text)
        else:
            text = _lack(offer.gpu, family.gpus, float(needed[row, 0]), float(usable[row, 0]))
            found.miss(offer.gpu, float(needed[row, 0] / usable[row, 0]), text)


def _lack(gpu: str, gpus: int, needed: float, usable: float) -> str:
    each = "" if gpus == 1 else f" each, over {gpus} GPUs"
    return f"needs {needed / GIB:.1f} GiB{each}, {gpu} has {usable / GIB:.1f}"


def _with_draws(candidate: Candidate, tokens: Value, overhead: Mapping[str, Value]) -> Candidate:
    hours = job_hours(tokens=tokens, tokens_per_s=candidate.tokens_per_s, **overhead).hours
    usd = hours * candidate.instances * candidate.offer.usd_per_instance_hour
    return replace(candidate, hours_per_run=hours, usd_per_run=usd)


def _check(tokens: Value, global_batch: float, margin: float, gpu_counts: Sequence[int]) -> None:
    if np.any(np.asarray(tokens) <= 0.0):
        raise InputError(f"tuning tokens: {np.min(tokens):g} is not above 0; give more examples or tokens per example")
    if global_batch < 1.0:
        raise InputError(f"tuning.global_batch: {global_batch:g} is below 1; give sequences per optimizer step")
    if not 0.0 <= margin < 1.0:
        raise InputError(f"memory margin: {margin} is outside 0 to below 1; 0.05 is usual")
    if not gpu_counts or min(gpu_counts) < 1:
        raise InputError(f"gpu_counts: {tuple(gpu_counts)} has no count from 1 up; 1, 2, 4, 8 is usual")


def _answer(found: _Found, tokens: Value, overhead: Mapping[str, Value]) -> Plan:
    considered = tuple(_with_draws(item, tokens, overhead) for item in sorted(found.best.values(), key=_rank))
    misses = sorted((miss[0], gpu, miss[1]) for gpu, miss in found.short.items() if gpu not in found.best)
    rejected = tuple((gpu, text) for _, gpu, text in misses)
    if not considered:
        reason = f"nothing fits; nearest miss: {rejected[0][0]}: {rejected[0][1]}" if rejected else "no GPU offer"
        return Plan(chosen=None, considered=(), rejected=rejected, reason=reason)
    chosen = considered[0]
    reason = (
        f"cheapest of {len(considered)} GPU types that fit: {chosen.gpus} × {chosen.gpu}, "
        f"{central(chosen.hours_per_run):.1f} h, {central(chosen.usd_per_run):,.2f} USD per run"
    )
    return Plan(chosen=chosen, considered=considered, rejected=rejected, reason=reason)


def plan(
    *,
    architecture: Architecture,
    method: Method,
    tokens: Value,
    seq_len: Value,
    global_batch: float,
    offers: Sequence[GpuOffer],
    accelerators: Mapping[str, Accelerator],
    margin: float,
    rank: Value = 16.0,
    gpu_counts: Sequence[int] = (1, 2, 4, 8),
    time_uncertainty: Value = 1.0,
    startup_hours: Value = 0.0,
    evaluation_share: Value = 0.0,
    hours_limit: float | None = None,
    stack: Stack = "eager",
    constants: StepConstants = CONSTANTS,
) -> Plan:
    """The plan with the lowest hours · instances · USD/hour that fits in memory and in the time limit.

    Every combination of offer, device count, sharding, checkpointing and power-of-two micro-batch is priced at the
    central case; the answer carries hours and USD for every draw.

    Args:
        architecture: Model shape.
        method: full, lora, qlora or dora.
        tokens: Tokens of one run, padding included. [token]
        seq_len: Longest sequence of a batch. [token]
        global_batch: Sequences per optimizer step; no plan uses more devices than sequences. [count]
        offers: GPU offers; instances are paid whole.
        accelerators: Catalog by name; offers of other devices are left out.
        margin: Share of memory kept free. [1]
        rank: LoRA rank. [count]
        gpu_counts: Device counts to search. [count]
        time_uncertainty: Measured over predicted time. [1]
        startup_hours: Paid time before the first step. [h]
        evaluation_share: Time in evaluation over time in training. [1]
        hours_limit: Longest run allowed; None is no limit. [h]
        stack: Software class.
        constants: Constants of the step-time model.

    Returns:
        Chosen plan, best plan per GPU type, near misses. [h, USD]

    Raises:
        InputError: an argument is outside its range.

    Source: exhaustive search over the memory and step-time models.
    """
    _check(tokens, global_batch, margin, gpu_counts)
    overhead: dict[str, Value] = {
        "time_uncertainty": time_uncertainty,
        "startup_hours": startup_hours,
        "evaluation_share": evaluation_share,
    }
    job = _Job(
        architecture=architecture,
        method=method,
        tokens=central(tokens),
        seq_len=central(seq_len),
        global_batch=global_batch,
        rank=central(rank),
        margin=margin,
        stack=stack,
        constants=constants,
        accelerators=accelerators,
        overhead={name: central(value) for name, value in overhead.items()},
        hours_limit=np.inf if hours_limit is None else hours_limit,
    )
    found = _Found()
    known = [offer for offer in cheapest_offers(offers) if offer.gpu in accelerators]
    for family in families(gpu_counts):
        rows = [offer for offer in known if family.gpus <= offer.gpus or family.gpus % offer.gpus == 0]
        if rows:
            _search_family(family, rows, job, found)
    return _answer(found, tokens, overhead)
