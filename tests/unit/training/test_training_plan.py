"""The plan search, energy, owned GPUs and pre-training."""

from datetime import date

import pytest

from estimator.catalog import Catalog, GpuOffer, load_catalog
from estimator.training import Plan, co2e_kg, energy_kwh, owned_gpu_usd_per_hour, plan, pretraining, pretraining_tokens

ON = date(2026, 11, 24)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def cheapest(catalog: Catalog, offers: tuple[GpuOffer, ...], model: str = "Qwen/Qwen3-8B", **changes: object) -> Plan:
    given: dict[str, object] = {
        "architecture": catalog.architecture(model),
        "method": "lora",
        "tokens": 10e6,
        "seq_len": 1024.0,
        "global_batch": 16.0,
        "offers": offers,
        "accelerators": {name: catalog.accelerator(name) for name in {offer.gpu for offer in offers}},
        "margin": 0.05,
    }
    return plan(**{**given, **changes})  # type: ignore[arg-type]  # keyword bundle of the test


def test_the_chosen_plan_is_the_cheapest_of_all_considered(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON, term="on_demand")
    found = cheapest(catalog, offers)
    assert found.chosen is not None
    assert len(found.considered) > 8
    costs = [float(item.usd_per_run) for item in found.considered]
    assert costs == sorted(costs)
    assert float(found.chosen.usd_per_run) == costs[0]
    assert all(item.needed_bytes <= item.usable_bytes for item in found.considered)
    alone = [cheapest(catalog, (offer,)).chosen for offer in offers[:40]]
    assert min(float(item.usd_per_run) for item in alone if item) >= costs[0] - 1e-9


def test_what_does_not_fit_is_named_with_what_it_lacks(catalog: Catalog) -> None:
    offers = tuple(offer for offer in catalog.gpu_offers(on=ON, gpu="T4", term="on_demand") if offer.gpus == 1)
    found = cheapest(catalog, offers, model="Qwen/Qwen2.5-32B", method="full", gpu_counts=(1,))
    assert found.chosen is None
    assert "GiB" in found.reason
    assert found.rejected[0][0] == "T4-16GB"


def test_a_time_limit_excludes_slow_plans(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON, term="on_demand")
    free, tight = cheapest(catalog, offers), cheapest(catalog, offers, hours_limit=0.1)
    assert free.chosen is not None
    assert tight.chosen is None or float(tight.chosen.hours_per_run) <= 0.1
    assert tight.chosen is None or float(tight.chosen.usd_per_run) >= float(free.chosen.usd_per_run)


def test_more_tokens_cost_more(catalog: Catalog) -> None:
    offers = catalog.gpu_offers(on=ON, gpu="H100", term="on_demand")
    costs = [cheapest(catalog, offers, tokens=tokens).chosen for tokens in (1e6, 1e7, 1e8)]
    usd = [float(item.usd_per_run) for item in costs if item]
    assert usd == sorted(usd)
    assert len(usd) == 3


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
