"""What must hold for any job and any search."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.catalog import load_catalog
from estimator.training import (
    Bounds,
    Family,
    Job,
    Lengths,
    Overheads,
    Space,
    choose,
    expected_longest,
    job_hours,
    lognormal_sigma,
    search,
)
from estimator.training.evaluate import device_of, plan_hours, plan_step

CATALOG = load_catalog()
ON = date(2026, 11, 24)
OFFERS = tuple(offer for offer in CATALOG.gpu_offers(on=ON) if offer.gpu.startswith(("H100", "L40S", "A100", "L4")))
DEVICES = {offer.gpu: CATALOG.accelerator(offer.gpu) for offer in OFFERS}
SPACE = Space(gpu_counts=(1, 2, 8), checkpointings=("none", "full"))
OVERHEADS = Overheads(
    startup_hours=0.25,
    download_bytes_per_s=5e8,
    checkpoint_bytes_per_s=1e9,
    spot_interruptions_per_hour=0.03,
    failures_per_gpu_hour=2e-5,
)

jobs = st.builds(
    lambda model, method, examples, mean, spread, packing, batch: Job(
        architecture=CATALOG.architecture(model),
        methods=(method,),
        examples=examples,
        epochs=2.0,
        lengths=Lengths(mean_tokens=mean, spread=spread, limit_tokens=8192.0, packing=packing),
        global_batch=batch,
        overheads=OVERHEADS,
    ),
    st.sampled_from(["Qwen/Qwen3-8B", "Qwen/Qwen3-32B"]),
    st.sampled_from(["full", "lora", "qlora"]),
    st.floats(100, 1e6),
    st.floats(50, 2000),
    st.floats(1, 3),
    st.booleans(),
    st.sampled_from([8.0, 16.0, 64.0]),
)


@settings(max_examples=12, deadline=None)
@given(jobs, st.floats(0.05, 3), st.floats(0.05, 3))
def test_the_chosen_plan_is_no_dearer_than_any_that_keeps_the_bounds(job: Job, time: float, money: float) -> None:
    found = search(job=job, offers=OFFERS, accelerators=DEVICES, space=SPACE)
    free = choose(found=found, job=job)
    if free.chosen is None:
        assert not found.fits.any()
        return
    bounds = Bounds(deadline_hours=time * float(free.chosen.hours), budget_usd=money * float(free.front[-1].usd) + 1e-9)
    bound = choose(found=found, job=job, bounds=bounds)
    inside = found.fits & (found.hours <= bounds.deadline_hours) & (found.usd <= bounds.budget_usd)
    assert (bound.chosen is None) == (not inside.any())
    if bound.chosen is not None:
        assert float(bound.chosen.usd) <= found.usd[inside].min() * (1 + 1e-9)
        assert float(bound.chosen.usd) >= float(free.chosen.usd) * (1 - 1e-9)
    names = {(item.gpu, item.term) for item in (*bound.considered, *bound.misses)}
    assert names == {(found.offers[int(row)].gpu, found.offers[int(row)].term) for row in found.offer}


@settings(max_examples=10, deadline=None)
@given(jobs, st.floats(1.01, 5))
def test_more_examples_never_take_less_time(job: Job, more: float) -> None:
    cut = replace(job, lengths=replace(job.lengths, limit_tokens=512.0))  # the longest row is then the same
    same = search(job=cut, offers=OFFERS, accelerators=DEVICES, space=SPACE)
    many = search(job=replace(cut, examples=cut.examples * more), offers=OFFERS, accelerators=DEVICES, space=SPACE)
    assert len(many) == len(same)
    asked = np.isfinite(many.hours) & np.isfinite(same.hours)
    assert (many.hours[asked] > same.hours[asked]).all()


@given(
    st.floats(1e3, 1e12),
    st.floats(1.0, 10.0),
    st.floats(0, 5),
    st.floats(0, 1),
    st.floats(0, 2),
)
def test_hours_grow_with_tokens_and_interruptions(
    tokens: float, more: float, rate: float, write: float, start: float
) -> None:
    common = {"tokens_per_s": 1e4, "checkpoint_hours": write, "startup_hours": start}
    few = job_hours(tokens=tokens, interruptions_per_hour=rate, **common)
    many = job_hours(tokens=tokens * more, interruptions_per_hour=rate, **common)
    nervous = job_hours(tokens=tokens, interruptions_per_hour=rate * more, **common)
    assert float(many.hours) >= float(few.hours) * (1 - 1e-9)
    assert float(nervous.hours) >= float(few.hours) * (1 - 1e-9)
    parts = few.training + few.evaluation + few.checkpoints + few.interruptions + few.startup + few.loading
    assert float(few.hours) == pytest.approx(float(parts))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["full", "lora", "qlora"]),
    st.sampled_from(["ddp", "zero2", "fsdp"]),
    st.sampled_from([offer for offer in OFFERS if offer.gpus == 8]),
    st.sampled_from([(1, 2), (2, 4), (4, 8), (8, 16), (8, 32)]),
    st.sampled_from([1.0, 4.0]),
)
def test_more_gpus_take_longer_only_where_communication_is_the_cause(
    method: str, sharding: str, offer: object, counts: tuple[int, int], micro: float
) -> None:
    """Equal work: the same micro-batches, so that accumulation falls as devices are added."""
    job = Job(
        architecture=CATALOG.architecture("Qwen/Qwen3-8B"),
        methods=("lora",),
        examples=1e5,
        epochs=1.0,
        lengths=Lengths(mean_tokens=1024.0),
        global_batch=128.0,
    )
    hours, seconds = [], []
    for gpus in counts:
        family = Family(method=method, gpus=gpus, sharding=sharding if gpus > 1 else "none", checkpointing="full")  # type: ignore[arg-type]
        device = device_of(offer=offer, accelerator=DEVICES[offer.gpu], gpus=gpus, job=job)  # type: ignore[attr-defined, arg-type]
        accumulation = 128.0 / gpus / micro
        step = plan_step(
            job=job, family=family, gpus=gpus, devices=device, micro_batch=micro, accumulation=accumulation
        )
        run = plan_hours(
            job=job,
            family=family,
            gpus=gpus,
            tokens=job.tokens(micro),
            tokens_per_s=float(step.tokens_per_s_per_gpu) * gpus,
            instances=1.0,
            is_spot=0.0,
        )
        hours.append(float(run.hours))
        seconds.append((float(step.communication), float(step.seconds)))
    if hours[1] > hours[0]:
        spoken = seconds[1][0] / (seconds[1][1] - seconds[1][0])
        assert spoken > counts[1] / counts[0] - 1.0 - 1e-6


@settings(max_examples=60, deadline=None)
@given(st.floats(10, 5000), st.floats(1, 3.8), st.floats(1, 500), st.floats(1, 3), st.floats(10, 1e5))
def test_the_longest_grows_with_the_batch_and_stays_below_the_cut(
    mean: float, spread: float, count: float, more: float, limit: float
) -> None:
    sigma = lognormal_sigma(spread=spread)
    small, large = (
        float(expected_longest(mean_tokens=mean, sigma=sigma, count=n, limit_tokens=limit))
        for n in (count, count * more)
    )
    assert small <= large * (1 + 1e-9)
    assert large <= limit * (1 + 1e-9)
    assert small >= min(mean, limit) * 0.3
