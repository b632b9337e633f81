"""Independent sources agree within a stated ratio; what does not is listed with its reason."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from statistics import median

import pytest
from genai_prices import data_snapshot

from estimator.catalog import load_catalog, tokens

CATALOG = load_catalog()
ON = date(2026, 11, 24)
PROVIDERS_RATIO = 2.5
"""Cheapest offer of a provider over the median of all providers for the same device."""
INSTANCES_RATIO = 2.5
"""Per device, an instance over the cheapest of the same provider, region and term."""
LISTS_RATIO = 1.11
"""Price of an embedding model in one public list over that in the other; regional Azure costs 10 % more."""
TUNED_RATIO = 2.0
"""Price of a tuned model over that of its base at the same vendor."""
LARGE_HOSTS = {
    "g4dn.16xlarge": "64 cores for one GPU",
    "g4dn.8xlarge": "32 cores for one GPU",
    "g5.16xlarge": "64 cores for one GPU",
    "g6.16xlarge": "64 cores for one GPU",
    "g6.8xlarge": "32 cores for one GPU",
    "g6e.16xlarge": "64 cores for one GPU",
}
OLD_TUNED = {
    "babbage-002": "legacy completion model",
    "davinci-002": "legacy completion model",
    "gpt-3.5-turbo": "legacy model, base price cut since",
    "o4-mini-2025-04-16": "reinforcement tuning has prices of its own",
}


def cheapest_by_provider() -> dict[tuple[str, str], dict[str, float]]:
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for offer in CATALOG.gpu_offers(on=ON):  # cheapest first
        found[offer.gpu, offer.term].setdefault(offer.provider, offer.usd_per_gpu_hour)
    return {key: prices for key, prices in found.items() if len(prices) > 1}


def test_providers_agree_on_a_device() -> None:
    compared, odd = 0, []
    for (gpu, term), prices in cheapest_by_provider().items():
        middle = median(prices.values())
        for provider, usd in prices.items():
            compared += 1
            if not 1 / PROVIDERS_RATIO <= usd / middle <= PROVIDERS_RATIO:
                odd.append((gpu, term, provider, round(usd, 2), round(middle, 2)))
    assert compared > 60
    assert odd == []


def test_instances_of_a_provider_agree_on_a_device() -> None:
    least: dict[tuple[str, ...], float] = {}
    compared, odd = 0, []
    for offer in CATALOG.gpu_offers(on=ON):
        key = (offer.gpu, offer.provider, offer.row.region, offer.term)
        if key in least:
            compared += 1
            if offer.usd_per_gpu_hour > INSTANCES_RATIO * least[key] and offer.instance not in LARGE_HOSTS:
                odd.append((offer.row.id, offer.usd_per_gpu_hour, least[key]))
        least.setdefault(key, offer.usd_per_gpu_hour)
    assert compared > 100
    assert odd == []


def test_feeds_agree_on_a_device() -> None:
    """Feeds of the clouds, as generated into Karpenter, against the SkyPilot catalogue and the vendors' pages."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for offer in CATALOG.gpu_offers(on=ON, term="on_demand"):
        source = "karpenter" if "karpenter" in offer.row.source else "other"
        found[offer.gpu].setdefault(source, offer.usd_per_gpu_hour)
    both = {gpu: prices for gpu, prices in found.items() if len(prices) == 2}
    assert len(both) > 5
    for gpu, prices in both.items():
        assert 1 / 4 <= prices["other"] / prices["karpenter"] <= 1.5, (gpu, prices)


def test_rental_index_is_near_the_cheap_offers() -> None:
    index = CATALOG.row("trend/h100_level", ON).mode
    cheap = CATALOG.gpu_offers(on=ON, gpu="H100-SXM5-80GB", term="on_demand")[0].usd_per_gpu_hour
    assert 1 / 1.5 <= cheap / index <= 1.5


def input_prices() -> dict[str, float]:
    """USD per million input tokens in genai-prices, by provider and model."""
    found = {}
    for provider in data_snapshot.get_snapshot().providers:
        for model in provider.models:
            usd = model.get_prices(datetime.combine(ON, tokens.NOON)).input_mtok
            if isinstance(usd, Decimal):
                found[f"{provider.id}/{model.id}".lower()] = float(usd)
    return found


def test_embedding_prices_agree_with_the_other_price_list() -> None:
    compared, other = 0, input_prices()
    for row in CATALOG.rows("embeddings"):
        reference = tokens.canonical(row.id.partition("/")[2])
        if row.unit == "USD/Mtok" and reference in other and not row.id.endswith("/batch"):
            usd = other[reference]
            compared += 1
            assert 1 / LISTS_RATIO <= row.mode / usd <= LISTS_RATIO, (row.id, row.mode, usd)
    assert compared >= 40


def test_tuned_models_cost_at_least_what_their_base_does() -> None:
    compared = 0
    for row in CATALOG.rows("managed_finetuning"):
        _, vendor, model, *more = row.id.split("/")
        if vendor not in ("openai", "google") or model in OLD_TUNED or len(more) != 1:
            continue
        if more[0] not in ("input", "cached_input", "output"):
            continue
        base = getattr(CATALOG.token_price(f"{vendor}/{model}", on=ON).tiers[0], f"{more[0]}_usd_per_mtok")
        compared += 1
        assert 1.0 <= row.mode / base <= TUNED_RATIO, (row.id, row.mode, base)
    assert compared >= 20


def test_the_default_batch_discount_is_that_of_the_price_list() -> None:
    shares = []
    for provider in data_snapshot.get_snapshot().providers:
        for model in provider.models:
            standard = model.get_prices(datetime.combine(ON, tokens.NOON)).output_mtok
            batch = model.get_prices(datetime.combine(ON, tokens.NOON), {"processing": "batch"}).output_mtok
            if (
                model.price_variants
                and isinstance(standard, Decimal)
                and isinstance(batch, Decimal)
                and batch < standard
            ):
                shares.append(float(1 - batch / standard))
    default = CATALOG.default("serving.batch_discount", None, ON)
    assert default is not None
    assert len(shares) > 20
    assert median(shares) == pytest.approx(default.mode, abs=0.05)


@pytest.mark.parametrize(
    ("rate", "labour"), [("data_scientist", "data_scientist"), ("lawyer", "lawyer"), ("paralegal", "paralegal")]
)
def test_experts_cost_what_their_profession_does(rate: str, labour: str) -> None:
    assert CATALOG.evidence(f"rate/expert/{rate}").mode == CATALOG.evidence(f"labour/{labour}").mode


def test_totals_of_published_projects_agree_with_their_labels() -> None:
    def value(name: str) -> float:
        return CATALOG.evidence(f"project/{name}").mode

    assert value("alpaca/usd") / value("alpaca/labels") == pytest.approx(value("alpaca/usd_per_label"), rel=0.01)
    hourly = value("biographies/minutes") / 60 * value("biographies/usd_per_hour")
    assert value("biographies/usd") / value("biographies/labels") == pytest.approx(hourly, rel=0.01)
    pages = value("cuad/labels") * value("cuad/redundancy") * value("cuad/minutes") / 60 * value("cuad/usd_per_hour")
    assert 1 / 1.5 <= value("cuad/usd") / pages <= 1.5
