"""The adapter of genai-prices, on a price list of our own that has each of its quirks."""

from datetime import date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import pytest
from genai_prices.types import (
    ClauseContains,
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    PriceVariant,
    Provider,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)

from estimator.catalog import tokens
from estimator.errors import NoPriceError, UnknownNameError

ON = date(2026, 11, 24)


def dollars(value: str) -> Decimal:
    return Decimal(value)


def price(read: str, written: str, **more: Any) -> ModelPrice:
    return ModelPrice(input_mtok=dollars(read), output_mtok=dollars(written), **more)


MODELS = [
    ModelInfo(id="plain", match=ClauseEquals("plain"), prices=price("1", "5")),
    ModelInfo(id="cached", match=ClauseEquals("cached"), prices=price("1", "5", cache_read_mtok=dollars("0.1"))),
    ModelInfo(
        id="tiered",
        match=ClauseEquals("tiered"),
        prices=ModelPrice(
            input_mtok=TieredPrices(base=dollars("1"), tiers=[Tier(start=200_000, price=dollars("2"))]),
            output_mtok=TieredPrices(base=dollars("5"), tiers=[Tier(start=500_000, price=dollars("8"))]),
        ),
    ),
    ModelInfo(
        id="dated",
        match=ClauseEquals("dated"),
        prices=[
            ConditionalPrice(prices=price("4", "8")),
            ConditionalPrice(StartDateConstraint(date(2026, 7, 30)), prices=price("2", "4")),
        ],
    ),
    ModelInfo(
        id="later",
        match=ClauseEquals("later"),
        prices=[ConditionalPrice(StartDateConstraint(date(2026, 7, 30)), prices=price("2", "4"))],
    ),
    ModelInfo(
        id="off-peak",
        match=ClauseEquals("off-peak"),
        prices=[
            ConditionalPrice(prices=price("1", "2")),
            ConditionalPrice(TimeOfDateConstraint(time(1), time(4)), prices=price("2", "4")),
        ],
    ),
    ModelInfo(id="family-3-latest", match=ClauseContains("family"), prices=price("1", "2"), deprecated=True),
    ModelInfo(id="free", match=ClauseEquals("free"), prices=price("0", "0")),
    ModelInfo(id="embedding", match=ClauseEquals("embedding"), prices=ModelPrice(input_mtok=dollars("0.02"))),
    ModelInfo(
        id="batched",
        match=ClauseEquals("batched"),
        prices=price("2", "6"),
        price_variants=[PriceVariant(when={"processing": "batch"}, prices=price("1", "3"))],
    ),
    ModelInfo(id="none", match=ClauseEquals("none"), prices=ModelPrice()),
    ModelInfo(id="never-matched", match=ClauseEquals("other"), prices=price("1", "2")),
]


pytestmark = pytest.mark.usefixtures("own_list")


@pytest.fixture
def own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Provider(id="host", name="Host", api_pattern="", fallback_model_providers=["maker"])
    maker = Provider(id="maker", name="Maker", api_pattern="", models=MODELS)
    monkeypatch.setattr(tokens, "_providers", lambda: {"host": host, "maker": maker})


def test_missing_cache_prices_cost_what_input_costs() -> None:
    found = tokens.token_price("maker/plain", on=ON)
    (tier,) = found.tiers
    assert (tier.input_usd_per_mtok, tier.output_usd_per_mtok) == (1, 5)
    assert (tier.cached_input_usd_per_mtok, tier.cache_write_usd_per_mtok) == (1, 1)
    assert found.warnings == ()
    assert tokens.token_price("maker/cached", on=ON).tiers[0].cached_input_usd_per_mtok == 0.1


def test_each_cliff_of_any_price_is_a_tier() -> None:
    tiers = tokens.token_price("maker/tiered", on=ON).tiers
    assert [(t.above_input_tokens, t.input_usd_per_mtok, t.output_usd_per_mtok) for t in tiers] == [
        (0, 1, 5),
        (200_000, 2, 5),
        (500_000, 2, 8),
    ]


@pytest.mark.parametrize(("on", "read"), [(date(2026, 7, 29), 4), (date(2026, 7, 30), 2)])
def test_dated_price_is_that_of_the_day(on: date, read: float) -> None:
    assert tokens.token_price("maker/dated", on=on).tiers[0].input_usd_per_mtok == read


def test_before_the_first_price() -> None:
    with pytest.raises(NoPriceError, match="no price on 2026-07-29, the first is from 2026-07-30"):
        tokens.token_price("maker/later", on=date(2026, 7, 29))
    assert tokens.token_price("maker/later", on=date(2026, 7, 30)).tiers[0].input_usd_per_mtok == 2


def test_price_that_depends_on_the_hour_warns() -> None:
    found = tokens.token_price("maker/off-peak", on=ON)
    assert found.tiers[0].input_usd_per_mtok == 1
    assert "time of day" in found.warnings[0]


def test_fuzzy_match_is_named_and_deprecation_too() -> None:
    found = tokens.token_price("maker/family-3-turbo", on=ON)
    assert found.model == "family-3-latest"
    assert "priced as maker/family-3-latest" in found.warnings[0]
    assert "deprecated" in found.warnings[1]


def test_unrelated_match_is_unknown() -> None:
    MODELS[0].match, kept = ClauseContains("unrelated"), MODELS[0].match
    try:
        with pytest.raises(UnknownNameError, match="unknown hosted model 'maker/unrelated'"):
            tokens.token_price("maker/unrelated", on=ON)
    finally:
        MODELS[0].match = kept


@pytest.mark.parametrize("model", ["free", "embedding", "none"])
def test_no_price_is_an_error_and_not_zero(model: str) -> None:
    with pytest.raises(NoPriceError, match=f"maker/{model}: .* has no price for input and output tokens"):
        tokens.token_price(f"maker/{model}", on=ON)


def test_an_id_finds_itself_even_where_the_matcher_does_not() -> None:
    assert tokens.token_price("maker/never-matched", on=ON).model == "never-matched"


def test_host_of_foreign_models() -> None:
    found = tokens.token_price("host/plain", on=ON)
    assert (found.provider, found.model) == ("host", "plain")


def test_retired_model_warns() -> None:
    day = date(2026, 10, 23)
    assert tokens.token_price("maker/plain", on=date(2026, 10, 22), retires_on=day).warnings == ()
    found = tokens.token_price("maker/plain", on=day, retires_on=day)
    assert found.retires_on == day
    assert "shut down on 2026-10-23" in found.warnings[0]


@pytest.mark.parametrize("reference", ["plain", "maker/", "/plain", "nobody/plain", ""])
def test_unknown_names(reference: str) -> None:
    assert not tokens.is_hosted(reference)
    with pytest.raises(UnknownNameError, match="unknown hosted model"):
        tokens.token_price(reference, on=ON)


def test_nearest_names_are_those_of_the_provider() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'maker/tiered'"):
        tokens.token_price("maker/tierd", on=ON)


def test_the_list_answers_an_unknown_context_with_its_standard_price_so_none_is_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = next(model for model in MODELS if model.id == "batched")
    noon = datetime.combine(ON, tokens.NOON)
    assert model.get_prices(noon, {"processing": "batch"}).input_mtok == 1
    assert model.get_prices(noon, {"procesing": "batch"}).input_mtok == 2  # the quirk: no complaint
    asked: list[tuple[object, ...]] = []
    plain = ModelInfo.get_prices

    def seen(self: ModelInfo, *arguments: Any) -> ModelPrice:
        asked.append(arguments)
        return plain(self, *arguments)

    monkeypatch.setattr(ModelInfo, "get_prices", seen)
    assert tokens.token_price("maker/batched", on=ON).tiers[0].input_usd_per_mtok == 2
    assert asked == [(noon,)]


def test_the_list_has_no_date_of_its_own_so_its_version_is_cited() -> None:
    before, after = (tokens.token_price("maker/plain", on=on) for on in (date(2020, 1, 1), date(2027, 1, 1)))
    assert before.source == after.source == f"genai-prices {version('genai-prices')}, price list of Maker"
    assert before.tiers == after.tiers  # a price without a date holds for all days
    assert (before.on, after.on) == (date(2020, 1, 1), date(2027, 1, 1))
