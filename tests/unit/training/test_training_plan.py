"""The plan search, energy, owned GPUs and pretraining."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from estimator.catalog import Catalog, GpuOffer, load_catalog
from estimator.errors import InputError
from estimator.training import (
    Bounds,
    Job,
    Lengths,
    Overheads,
    Plan,
    Power,
    Searched,
    Space,
    choose,
    co2e_kg,
    energy_kwh,
    families,
    owned_gpu_usd_per_hour,
    pareto_rows,
    plan,
    pretraining,
    pretraining_tokens,
    run_of,
    search,
)

ON = date(2026, 11, 24)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def job(catalog: Catalog, model: str = "Qwen/Qwen3-8B", **changes: object) -> Job:
    plain = Job(
        architecture=catalog.architecture(model),
        methods=("lora",),
        examples=3000.0,
        epochs=3.0,
        lengths=Lengths(mean_tokens=600.0, spread=2.0),
        global_batch=16.0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # keyword bundle of the test


def searched(catalog: Catalog, offers: Sequence[GpuOffer], question: Job, space: Space | None = None) -> Searched:
    devices = {offer.gpu: catalog.accelerator(offer.gpu) for offer in offers}
    return search(job=question, offers=offers, accelerators=devices, space=space)


def cheapest(
    catalog: Catalog,
    offers: Sequence[GpuOffer],
    question: Job | None = None,
    space: Space | None = None,
    bounds: Bounds | None = None,
) -> Plan:
    devices = {offer.gpu: catalog.accelerator(offer.gpu) for offer in offers}
    return plan(job=question or job(catalog), offers=offers, accelerators=devices, space=space, bounds=bounds)


def test_the_chosen_plan_is_no_dearer_than_any_feasible_one(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON)
    question = job(catalog)
    found = searched(catalog, offers, question)
    best = choose(found=found, job=question)
    assert best.chosen is not None
    assert len(found) == best.searched > 10_000
    assert float(best.chosen.usd_per_run) == pytest.approx(found.usd[found.fits].min())
    assert best.fitting == int(found.fits.sum())
    costs = [float(item.usd_per_run) for item in best.considered]
    assert costs == sorted(costs)
    assert len({(item.gpu, item.term) for item in best.considered}) == len(best.considered) > 20
    assert all(item.needed_bytes <= item.usable_bytes for item in best.considered)


def test_the_front_holds_what_no_other_beats(catalog: Catalog) -> None:
    question = job(catalog)
    found = searched(catalog, catalog.gpu_offers(on=ON), question)
    front = choose(found=found, job=question).front
    for item in front:
        hours, usd = float(item.hours_per_run), float(item.usd_per_run)
        better = found.fits & (found.hours <= hours * (1 - 1e-9)) & (found.usd <= usd * (1 - 1e-9))
        assert not better.any()
    assert [float(item.usd_per_run) for item in front] == sorted(float(item.usd_per_run) for item in front)
    assert [float(item.hours_per_run) for item in front] == sorted(
        (float(item.hours_per_run) for item in front), reverse=True
    )


def test_ties_are_one_point_of_the_front() -> None:
    usd, hours = np.array([1.0, 1.0, 2.0]), np.array([3.0, 3.0, 3.0])
    assert pareto_rows(usd=usd, hours=hours, allowed=np.array([True, True, True])) == [0]
    assert pareto_rows(usd=usd, hours=hours, allowed=np.array([False, False, False])) == []


def test_what_does_not_fit_is_named_with_what_it_lacks(catalog: Catalog) -> None:
    offers = [offer for offer in catalog.gpu_offers(on=ON, gpu="T4", term="on_demand") if offer.gpus == 1]
    question = job(catalog, "Qwen/Qwen2.5-32B", methods=("full",))
    found = cheapest(catalog, offers, question, Space(gpu_counts=(1,), offloads=("none",)))
    assert found.chosen is None
    assert found.front == ()
    miss = found.misses[0]
    assert (miss.gpu, miss.kind) == ("T4-16GB", "memory")
    lacks = (miss.candidate.needed_bytes - miss.candidate.usable_bytes) / 2**30
    assert f"does not fit by {lacks:.1f} GiB" in miss.reason
    assert miss.reason in found.reason


def test_offloaded_states_must_fit_in_the_server(catalog: Catalog) -> None:
    offers = [offer for offer in catalog.gpu_offers(on=ON, gpu="H100", term="on_demand") if offer.gpus == 1]
    space = Space(gpu_counts=(1,), offloads=("params",))
    question = job(catalog, "meta-llama/Llama-3.1-70B", methods=("full",), host_bytes_per_gpu=200e9)
    small = cheapest(catalog, offers, question, space)
    assert small.chosen is None
    assert "server memory lacks" in small.misses[0].reason
    assert cheapest(catalog, offers, replace(question, host_bytes_per_gpu=2e12), space).chosen is not None


def test_a_deadline_and_a_budget_hold_for_all_runs(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON, term="on_demand")
    question = job(catalog, runs=4.0)
    free = cheapest(catalog, offers, question).chosen
    assert free is not None
    hours, usd = float(free.hours), float(free.usd)
    assert hours == pytest.approx(4 * float(free.hours_per_run))
    tight = cheapest(catalog, offers, question, bounds=Bounds(deadline_hours=hours / 3)).chosen
    assert tight is not None
    assert float(tight.hours) <= hours / 3
    assert float(tight.usd) >= usd
    poor = cheapest(catalog, offers, question, bounds=Bounds(budget_usd=usd / 2))
    assert poor.chosen is None
    assert poor.misses[0].kind == "budget"
    assert f"over budget by ${usd / 2:,.2f}: costs ${usd:,.2f}" in poor.misses[0].reason
    late = cheapest(catalog, offers, question, bounds=Bounds(deadline_hours=hours / 1000))
    assert late.chosen is None
    assert "too slow by" in late.reason


@pytest.mark.parametrize(
    ("bounds", "word"), [(Bounds(deadline_hours=0), "deadline"), (Bounds(budget_usd=-1), "budget")]
)
def test_bounds_of_nothing_are_refused(catalog: Catalog, bounds: Bounds, word: str) -> None:
    with pytest.raises(InputError, match=f"{word}: .* is not above 0"):
        cheapest(catalog, catalog.gpu_offers(on=ON, gpu="H100"), bounds=bounds)


def test_spot_pays_for_its_interruptions_in_hours(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON, gpu="H100", term="spot")
    calm = Overheads(startup_hours=0.25, checkpoint_bytes_per_s=1e9)
    nervous = replace(calm, spot_interruptions_per_hour=0.5)
    hours = [
        float(cheapest(catalog, offers, job(catalog, examples=300_000.0, overheads=over)).considered[0].hours_per_run)
        for over in (calm, nervous)
    ]
    assert hours[1] > 1.05 * hours[0]


def test_draws_keep_the_central_case(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON, gpu="H100", term="on_demand")
    over = Overheads(time_uncertainty=np.array([1.0, 0.7, 2.0]))
    with_draws = cheapest(catalog, offers, job(catalog, overheads=over)).chosen
    without = cheapest(catalog, offers).chosen
    assert with_draws is not None
    assert without is not None
    hours = np.asarray(with_draws.hours_per_run)
    assert hours[0] == pytest.approx(float(without.hours_per_run))
    assert hours[1] < hours[0] < hours[2]


def test_a_run_in_full_agrees_with_its_plan(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON, term="on_demand")
    question = job(catalog, overheads=Overheads(startup_hours=0.25, evaluation_share=0.1))
    chosen = cheapest(catalog, offers, question).chosen
    assert chosen is not None
    device = catalog.accelerator(chosen.gpu)
    run = run_of(job=question, candidate=chosen, accelerator=device, power=Power(pue=1.2, grid_g_per_kwh=100.0))
    assert float(run.hours.hours) == pytest.approx(float(chosen.hours_per_run))
    assert run.usd is not None
    assert float(run.usd) == pytest.approx(float(chosen.usd_per_run))
    assert run.tokens_per_s == pytest.approx(chosen.tokens_per_s)
    assert run.fit.fits
    assert float(run.energy.kwh) == pytest.approx(float(run.hours.hours) * chosen.gpus * device.tdp_w * 1.2 / 1000)
    assert float(run.hours.training) == pytest.approx(float(run.tokens) / run.tokens_per_s / 3600)


def test_families_are_what_the_method_makes_sense_of() -> None:
    full = families(method="full", gpu_counts=(8,), checkpointings=("full",), offloads=("none",))
    assert {item.sharding for item in full} == {"ddp", "zero1", "zero2", "zero3", "fsdp"}
    split = families(method="full", gpu_counts=(32,), checkpointings=("none",), offloads=("none",), model_parallel=True)
    assert {(item.tensor, item.pipeline) for item in split} >= {(1, 1), (8, 1), (8, 4)}
    assert all(item.tensor * item.pipeline * item.replicas == 32 for item in split)


def test_a_tensor_split_stays_inside_an_instance(catalog: Catalog) -> None:
    offers = [offer for offer in catalog.gpu_offers(on=ON, gpu="L4", term="on_demand") if offer.gpus < 8]
    question = job(catalog, global_batch=64.0)
    found = searched(catalog, offers, question, Space(gpu_counts=(8,), model_parallel=True))
    for family, offer in zip(found.family, found.offer, strict=True):
        assert found.families[int(family)].tensor <= found.offers[int(offer)].gpus


def test_pretraining_is_of_the_published_order(catalog: Catalog) -> None:
    # Llama 2 7B: 2 T tokens in 184,320 A100 hours (Touvron et al. 2023, arXiv:2307.09288, table 2)
    offers = catalog.gpu_offers(on=ON, term="on_demand")
    run = pretraining(
        architecture=catalog.architecture("meta-llama/Llama-2-7b-hf"),
        tokens=2e12,
        gpu="A100-SXM4-80GB",
        offers=offers,
        accelerators={offer.gpu: catalog.accelerator(offer.gpu) for offer in offers},
    )
    assert float(run.gpu_hours) == pytest.approx(184_320, rel=0.25)
    assert pretraining_tokens(parameters=70e9) == 1.4e12


def test_energy_and_owned_hours_by_hand() -> None:
    kwh = energy_kwh(gpu_hours=100.0, tdp_w=700.0, utilisation=0.8, pue=1.25)
    assert kwh == pytest.approx(70.0)
    assert co2e_kg(energy_kwh=kwh, grid_g_per_kwh=400.0) == pytest.approx(28.0)
    hour = owned_gpu_usd_per_hour(
        purchase_usd=36_500.0,
        life_months=50.0,
        utilisation=0.5,
        hosting_usd_per_month=0.0,
        power_kw=1.0,
        pue=1.2,
        usd_per_kwh=0.1,
        hours_per_month=730.0,
    )
    assert hour == pytest.approx(730 / 365 + 0.12)


def test_what_cannot_be_pretrained_says_why(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON, term="on_demand")
    known = {offer.gpu: catalog.accelerator(offer.gpu) for offer in offers}
    small, large = (catalog.architecture(name) for name in ("meta-llama/Llama-2-7b-hf", "meta-llama/Llama-3.1-405B"))
    with pytest.raises(InputError, match="gpu: no offer of 'H100-SXM5-80G' on that day; did you mean 'H100-SXM5-80GB'"):
        pretraining(architecture=small, tokens=1e9, offers=offers, accelerators=known, gpu="H100-SXM5-80G")
    with pytest.raises(InputError, match=r"gpus: 3 × L4-24GB cannot hold the training states of .*405B"):
        pretraining(architecture=large, tokens=1e9, offers=offers, accelerators=known, gpu="L4-24GB", gpus=3)


@pytest.mark.parametrize(
    ("changes", "space", "words"),
    [
        ({"examples": 0.0}, Space(), "tokens: the job trains on 0 tokens"),
        ({"global_batch": 0.5}, Space(), "tuning.global_batch: 0.5 is below 1"),
        ({"margin": 1.0}, Space(), "memory margin: 1.0 is outside 0 to below 1"),
        ({}, Space(gpu_counts=(0, 1)), r"gpus: \(0, 1\) is below 1"),
        ({}, Space(micro_batches=()), r"micro_batch: \(\) is below 1"),
    ],
)
def test_a_job_that_cannot_be_planned_is_refused(
    catalog: Catalog, changes: dict[str, float], space: Space, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        search(job=job(catalog, **changes), offers=(), accelerators={}, space=space)
