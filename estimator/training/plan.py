"""The cheapest plan that keeps memory, deadline and budget, and why the others lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from estimator.catalog.types import Accelerator, GpuOffer
from estimator.errors import InputError
from estimator.money import amount
from estimator.training.candidates import Candidate, Miss, MissKind, Plan
from estimator.training.evaluate import plan_hours
from estimator.training.families import OWNED
from estimator.training.search import Searched, search
from estimator.training.spec import Bounds, Job, Space
from estimator.units import GIB, Array, central

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
TERM_WORDS = {"on_demand": "on demand", "spot": "spot", "reserved": "reserved"}


def candidate_of(*, found: Searched, row: int, job: Job, draws: bool = True) -> Candidate:
    """One plan of a search with its hours and price for every draw of the job.

    Args:
        found: Answer of the search.
        row: Row of the plan. [1]
        job: What is trained, with draws.
        draws: Whether they are wanted; the central case alone is known from the search.

    Returns:
        The plan; its central case equals its row. [h, USD]

    Source: definition.
    """
    family, offer = found.families[int(found.family[row])], found.offers[int(found.offer[row])]
    rate, instances, micro = (float(part[row]) for part in (found.tokens_per_s, found.instances, found.micro_batch))
    runs = job.runs if draws else central(job.runs)
    hours, usd = found.hours[row], found.usd[row]
    if draws and np.isfinite(hours):
        spot = float(offer.term == "spot")
        run = plan_hours(
            job=job,
            family=family,
            gpus=family.gpus,
            tokens=job.tokens(micro),
            tokens_per_s=rate,
            instances=instances,
            is_spot=spot,
        )
        hours, usd = run.hours, run.hours * instances * offer.usd_per_instance_hour
    return Candidate(
        gpu=offer.gpu,
        provider=offer.provider,
        instance=offer.instance,
        region=offer.row.region,
        term=offer.term,
        gpus=family.gpus,
        instances=int(instances),
        method=family.method,
        sharding=family.sharding,
        checkpointing=family.checkpointing,
        offload=family.offload,
        tensor=family.tensor,
        pipeline=family.pipeline,
        micro_batch=int(micro),
        gradient_accumulation=int(found.accumulation[row]),
        needed_bytes=float(found.needed_bytes[row]),
        usable_bytes=float(found.usable_bytes[row]),
        tokens_per_s=rate,
        hours_per_run=hours,
        usd_per_run=usd,
        runs=runs,
        offer=offer,
    )


def pareto_rows(*, usd: Array, hours: Array, allowed: Mask) -> list[int]:
    """Rows that no other beats in both price and time, cheapest first.

    Args:
        usd: Price of each plan. [USD]
        hours: Time of each plan. [h]
        allowed: Plans that count. [1]

    Returns:
        Rows of the front. [1]

    Source: definition of the Pareto front: sorted by price, each member is strictly faster than all before it.

    >>> pareto_rows(usd=np.array([3.0, 1.0, 2.0, 4.0]), hours=np.array([1.0, 5.0, 6.0, 1.0]),
    ...             allowed=np.array([True, True, True, True]))
    [1, 0]
    """
    rows = np.flatnonzero(allowed)
    order = rows[np.lexsort((hours[rows], usd[rows]))]
    fastest = np.minimum.accumulate(hours[order]) if order.size else order
    better = np.concatenate(([True], hours[order][1:] < fastest[:-1])) if order.size else order.astype(bool)
    return [int(row) for row in order[better]]


def choose(*, found: Searched, job: Job, bounds: Bounds | None = None) -> Plan:
    """The plan with the lowest price among those that fit and keep the bounds; ties go to the faster.

    Args:
        found: Answer of the search.
        job: What is trained, with draws.
        bounds: Deadline and budget of all runs; None has neither.

    Returns:
        Chosen plan, best per GPU type and term, Pareto front, near misses. [h, USD]

    Source: definition.
    """
    bounds, runs, fits = bounds or Bounds(), central(job.runs), found.fits
    hours, usd = found.hours * runs, found.usd * runs
    inside = fits & (hours <= bounds.deadline_hours) & (usd <= bounds.budget_usd)
    best: list[int] = []
    lost: list[Miss] = []
    for rows in _groups(found):
        kept = rows[inside[rows]]
        if kept.size:
            best.append(_cheapest(kept, hours, usd))
        else:
            lost.append(_miss(found, rows, rows[fits[rows]], (hours, usd), job, bounds))
    considered = sorted(best, key=lambda row: (usd[row], hours[row], row))
    misses = tuple(sorted(lost, key=lambda miss: (miss.kind == "memory", miss.excess)))
    plans = tuple(candidate_of(found=found, row=row, job=job, draws=place == 0) for place, row in enumerate(considered))
    front = pareto_rows(usd=usd, hours=hours, allowed=fits & np.isfinite(hours))
    return Plan(
        chosen=plans[0] if plans else None,
        considered=plans,
        front=tuple(candidate_of(found=found, row=row, job=job, draws=False) for row in front),
        misses=misses if plans else _with_ends(misses, found, (hours, usd), job, bounds),
        searched=len(found),
        fitting=int(fits.sum()),
        reason=_reason(plans, misses),
    )


def _groups(found: Searched) -> list[Rows]:
    """Rows of each pair of GPU type and term."""
    kinds = [(offer.gpu, offer.provider == OWNED, offer.term) for offer in found.offers]
    numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    number = np.array([numbers[kind] for kind in kinds], dtype=np.int64)[found.offer] if len(found) else np.zeros(0)
    groups = (np.flatnonzero(number == each) for each in numbers.values())
    return [rows for rows in groups if rows.size]


def _cheapest(rows: Rows, hours: Array, usd: Array) -> int:
    """The cheapest of some plans; ties go to the faster, then to the first."""
    least = rows[usd[rows] == usd[rows].min()]
    return int(least[np.argmin(hours[least])])


def _miss(found: Searched, rows: Rows, fitting: Rows, totals: tuple[Array, Array], job: Job, bounds: Bounds) -> Miss:
    """The plan of a group that comes nearest to its limits, and what it lacks."""
    hours, usd = totals
    kind: MissKind
    if not fitting.size:
        host = found.host_needed_bytes[rows] / found.host_usable_bytes[rows]
        device = found.needed_bytes[rows] / found.usable_bytes[rows]
        ratio = np.maximum(device, host)
        row = int(rows[np.lexsort((device, ratio))[0]])
        kind, excess, text = "memory", float(ratio.min()), _lack(found, row)
    else:
        late, dear = hours[fitting] / bounds.deadline_hours, usd[fitting] / bounds.budget_usd
        excess = float(np.min(np.maximum(late, dear)))
        row = int(fitting[np.argmin(np.maximum(late, dear))])
        kind, text = _over(hours[row], usd[row], bounds)
    offer = found.offers[int(found.offer[row])]
    candidate = candidate_of(found=found, row=row, job=job, draws=False)
    return Miss(gpu=offer.gpu, term=offer.term, kind=kind, excess=excess - 1.0, reason=text, candidate=candidate)


def _with_ends(
    misses: tuple[Miss, ...], found: Searched, totals: tuple[Array, Array], job: Job, bounds: Bounds
) -> tuple[Miss, ...]:
    """Behind the nearest miss the plans that come nearest to each of two limits: the cheapest and the fastest."""
    hours, usd = totals
    fitting = np.flatnonzero(found.fits & np.isfinite(hours))
    if not fitting.size or not np.isfinite(bounds.deadline_hours + bounds.budget_usd):
        return misses
    cheapest, fastest = _cheapest(fitting, hours, usd), _cheapest(fitting, usd, hours)
    near = {cheapest: "price"} | {fastest: "price and time" if fastest == cheapest else "time"}
    ends = []
    for row, limit in near.items():
        miss = _miss(found, np.array([row]), np.array([row]), totals, job, bounds)
        ends.append(replace(miss, reason=f"nearest in {limit}: {miss.reason}"))
    others = [miss for miss in misses if all(miss.candidate != end.candidate for end in ends)]
    return tuple(sorted([*ends, *others], key=lambda miss: miss.candidate != misses[0].candidate))


def _lack(found: Searched, row: int) -> str:
    gpus = found.families[int(found.family[row])].gpus
    where = "" if gpus == 1 else f" on each of {gpus} GPUs"
    if found.needed_bytes[row] <= found.usable_bytes[row]:
        needed, usable = found.host_needed_bytes[row] / GIB, found.host_usable_bytes[row] / GIB
        return (
            f"server memory lacks {needed - usable:.1f} GiB: the offload needs {needed:.1f}, a server has {usable:.1f}"
        )
    needed, usable = found.needed_bytes[row] / GIB, found.usable_bytes[row] / GIB
    return f"does not fit by {needed - usable:.1f} GiB: needs {needed:.1f}{where}, has {usable:.1f}"


def _over(hours: float, usd: float, bounds: Bounds) -> tuple[MissKind, str]:
    late = f"too slow by {_duration(hours - bounds.deadline_hours)}: takes {_duration(hours)}"
    dear = f"over budget by {amount(usd - bounds.budget_usd, decimals=2)}: costs {amount(usd, decimals=2)}"
    if hours > bounds.deadline_hours and usd > bounds.budget_usd:
        return "both", f"{late}; {dear}"
    return (
        ("deadline", f"{late}, {dear.split(': ')[1]}")
        if hours > bounds.deadline_hours
        else (
            "budget",
            f"{dear}, {late.split(': ')[1]}",
        )
    )


def _duration(hours: float) -> str:
    return (
        f"{hours * 60.0:.1f} min" if hours < 1.0 else f"{hours:.1f} h" if hours < 48.0 else f"{hours / 24.0:.1f} days"
    )


def lost_because(*, candidate: Candidate, chosen: Candidate) -> str:
    """Why a plan that keeps every limit was not chosen.

    Args:
        candidate: The plan.
        chosen: The cheapest one.

    Returns:
        What it costs more, and what time it saves or takes. [text]

    Source: definition.
    """
    dearer = central(candidate.usd) - central(chosen.usd)
    longer = central(candidate.hours) - central(chosen.hours)
    price = f"costs {amount(dearer, decimals=2)} more" if dearer > 0.005 else "costs the same"
    return f"{price}, {_duration(abs(longer))} {'slower' if longer > 0 else 'faster'}"


def _reason(plans: Sequence[Candidate], misses: Sequence[Miss]) -> str:
    if not plans:
        if not misses:
            return "no plan: no GPU offer can hold so many devices; change gpus or the offers"
        near = misses[0]
        where = f"{near.candidate.gpus} × {near.gpu}, {TERM_WORDS.get(near.term, near.term)}"
        return f"no plan keeps every limit; nearest: {where}: {near.reason}"
    best = plans[0]
    return (
        f"cheapest of {len(plans)} kinds of hardware that keep every limit: {best.gpus} × {best.gpu}, "
        f"{_duration(central(best.hours))} and {amount(central(best.usd), decimals=2)} for all runs"
    )


def plan(
    *,
    job: Job,
    offers: Sequence[GpuOffer],
    accelerators: Mapping[str, Accelerator],
    space: Space | None = None,
    bounds: Bounds | None = None,
) -> Plan:
    """The plan with the lowest hours · instances · USD/hour that fits in memory and keeps deadline and budget.

    Args:
        job: What is trained; choices are made at its central case, figures carry its draws.
        offers: GPU offers, rented and owned; instances are paid whole.
        accelerators: Catalog by name; offers of other devices are left out.
        space: What may be chosen; None searches everything sensible.
        bounds: Deadline and budget of all runs; None has neither.

    Returns:
        Chosen plan, best plan per GPU type and term, Pareto front, near misses. [h, USD]

    Raises:
        InputError: an argument is outside its range.

    Source: exhaustive search over the memory and step-time models.
    """
    bounds = bounds or Bounds()
    for name, value, example in (
        ("deadline", bounds.deadline_hours, "24h"),
        ("budget", bounds.budget_usd, "500"),
    ):
        if not value > 0.0:
            raise InputError(f"{name}: {value:g} is not above 0; give e.g. {example}")
    found = search(job=job, offers=offers, accelerators=accelerators, space=space)
    return choose(found=found, job=job, bounds=bounds)
