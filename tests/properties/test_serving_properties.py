"""What holds for all requests, replicas and loads."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.catalog import PriceTier, TokenPrice, load_catalog
from estimator.serving import (
    ApiAnswer,
    Ask,
    ByToken,
    Request,
    api_request_usd,
    closed_loop,
    engine_of,
    engines,
    prompt_tokens,
    queue_wait_seconds,
    quote,
    replica,
    replica_hours,
    saturated_requests_per_s,
    saturated_throughput,
    serving_plan,
    token_rates,
)
from estimator.units import SECONDS_PER_MONTH

few = settings(max_examples=40, deadline=None)
tokens = st.floats(0, 1e5)
usd = st.floats(0.01, 100)
shares = st.floats(0, 1)
CATALOG = load_catalog()
MODELS = ("Qwen/Qwen3-8B", "Qwen/Qwen3-30B-A3B")


def price(read: float, write: float, cached: float, storing: float) -> TokenPrice:
    tier = PriceTier(0.0, read, cached * read, storing * read, write)
    dear = PriceTier(50_000.0, 2 * read, 2 * cached * read, 2 * storing * read, 2 * write)
    return TokenPrice(provider="p", model="m", tiers=(tier, dear), on=date(2026, 11, 1), source="generated")


def asked(instructions: float, user: float, passages: float, output: float) -> Request:
    return Request(
        instructions=instructions,
        instructions_saved=0.0,
        user_text=user,
        few_shot=0.0,
        retrieved_context=passages,
        output=output,
        reasoning=0.0,
    )


@few
@given(tokens, tokens, tokens, tokens, usd, usd, shares, st.floats(1, 2), shares)
def test_a_request_costs_the_same_by_kind_of_token_and_in_the_ledger(
    instructions: float,
    user: float,
    passages: float,
    output: float,
    read: float,
    write: float,
    cached: float,
    storing: float,
    hit: float,
) -> None:
    request, paid = asked(instructions, user, passages, output), price(read, write, cached, storing)
    rates = token_rates(price=paid, input_tokens=request.input)
    billed = prompt_tokens(request=request, cache_hit_rate=hit, rates=rates)
    answer = ApiAnswer(rates=rates, hit_rate=hit, hosting_usd_per_hour=0.0, retires_on=None, warnings=())
    ledger = request.input * rates.input_usd + answer.caching_usd(request.prefix) + output * rates.output_usd
    found = quote(by=ByToken(price=paid, cache_hit_rate=hit), request=request, requests_per_month=1.0)
    assert float(billed.input) == pytest.approx(request.input)
    assert float(found.usd_per_month) == pytest.approx(float(ledger), rel=1e-9, abs=1e-12)
    assert float(ledger) <= float(request.input * rates.input_usd + output * rates.output_usd) * (1 + 1e-9)


@few
@given(tokens, tokens, tokens, usd, usd)
def test_more_tokens_never_cost_less(fresh: float, output: float, more: float, read: float, write: float) -> None:
    def total(extra_in: float, extra_out: float) -> float:
        cost = api_request_usd(
            price=price(read, write, 0.1, 1.25),
            fresh_input_tokens=fresh + extra_in,
            cached_input_tokens=0.0,
            cache_write_tokens=0.0,
            output_tokens=output + extra_out,
        )
        return float(cost.total)

    assert total(more, 0.0) >= total(0.0, 0.0)
    assert total(0.0, more) >= total(0.0, 0.0)


@few
@given(st.sampled_from(MODELS), st.integers(0, 3), st.floats(1, 2e4), st.floats(1, 4e3), st.floats(1, 2000))
def test_a_larger_batch_never_lowers_the_rate(
    model: str, doublings: int, read: float, written: float, batch: float
) -> None:
    on = replica(
        architecture=CATALOG.architecture(model),
        accelerator=CATALOG.accelerator("H100-80GB"),
        gpus=2**doublings,
        precision="fp8",
    )
    rates = saturated_requests_per_s(
        on=on, batch=np.array([batch, batch * 1.1, batch * 10]), input_tokens=read, output_tokens=written
    )
    assert (np.diff(rates) >= 0).all()


@few
@given(st.sampled_from([item.label for item in engines()]), st.floats(1, 2e4), st.floats(1, 4e3), st.floats(1, 500))
def test_a_larger_batch_never_lowers_the_rate_of_any_engine(
    engine: str, read: float, written: float, batch: float
) -> None:
    on = replica(
        architecture=CATALOG.architecture(MODELS[0]),
        accelerator=CATALOG.accelerator("A100"),
        gpus=4,
        precision="int4",
        engine=engine_of(engine),
    )
    rates = [
        float(closed_loop(on=on, input_tokens=read, output_tokens=written, open_requests=size).requests_per_s)
        for size in (batch, batch * 1.1, batch * 10)
    ]
    assert rates == sorted(rates)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 50), st.floats(1, 3), st.floats(1, 4000), st.floats(1, 1000), st.booleans())
def test_more_requests_and_longer_ones_never_cost_less_on_own_replicas(
    rate: float, more: float, read: float, written: float, autoscale: bool
) -> None:
    def month(**changed: float) -> float:
        asked = {"requests_per_s": rate, "input_tokens": read, "output_tokens": written} | changed
        ask = Ask(model=MODELS[0], autoscale=autoscale, **asked)
        return float(serving_plan(ask=ask, catalog=CATALOG, on=date(2026, 11, 25)).quote.usd_per_month)

    base = month() * (1 - 1e-9)
    assert month(requests_per_s=rate * more) >= base
    assert month(input_tokens=read * more) >= base
    assert month(output_tokens=written * more) >= base


@few
@given(st.sampled_from(MODELS), st.floats(1, 2e4), st.floats(1, 4e3), st.floats(0, 1e4))
def test_longer_requests_are_never_served_faster(model: str, read: float, written: float, more: float) -> None:
    on = replica(
        architecture=CATALOG.architecture(model),
        accelerator=CATALOG.accelerator("H100-80GB"),
        gpus=2,
        precision="bf16",
    )
    short = saturated_throughput(on=on, input_tokens=read, output_tokens=written) / written
    long_read = saturated_throughput(on=on, input_tokens=read + more, output_tokens=written) / written
    long_write = saturated_throughput(on=on, input_tokens=read, output_tokens=written + more) / (written + more)
    assert float(long_read) <= float(short) * (1 + 1e-9)
    assert float(long_write) <= float(short) * (1 + 1e-9)


@few
@given(st.floats(0.01, 100), st.floats(0.01, 1), st.floats(1, 20), st.integers(0, 5))
def test_autoscaling_never_needs_more_hours_and_replicas_carry_the_load(
    mean: float, usable: float, peak: float, minimum: int
) -> None:
    load = {
        "requests": np.full((1, 2), mean * SECONDS_PER_MONTH),
        "peak_to_mean": peak,
        "requests_per_s": 3.0,
        "usable_share": usable,
        "minimum_replicas": minimum,
    }
    always, scaled = replica_hours(**load, autoscale=False), replica_hours(**load, autoscale=True)
    assert (scaled <= always * (1 + 1e-12)).all()
    assert (always * 3600 * 3.0 * usable >= mean * peak * SECONDS_PER_MONTH * (1 - 1e-9)).all()


@few
@given(st.integers(1, 200), st.floats(0.01, 100), st.floats(0.01, 0.99))
def test_the_wait_grows_with_the_load(servers: int, service: float, usage: float) -> None:
    full = servers / service
    waits = queue_wait_seconds(
        servers=servers, service_seconds=service, requests_per_s=full * np.array([usage / 2, usage, 1.0])
    )
    assert 0 <= waits[0] <= waits[1] < waits[2] == np.inf
