"""Prices and devices of one's own in a scenario, and what cannot be served: each by hand or by its message."""

from datetime import date

import numpy as np
import pytest

from estimator import estimate, loads
from estimator.catalog import load_catalog
from estimator.errors import EstimatorError, InfeasibleError, InputError
from estimator.results import Estimate
from estimator.serving import HostedAsk, hosted_plan
from estimator.serving.rent import ways_to_pay

CATALOG = load_catalog()
DAY = date(2026, 11, 25)
BASE = """
name: t
start: 2027-02
horizon: 12 months
discount_rate: 0%
workload: {requests_per_month: 100000, growth: 0%, tokens: {prompt: 600, output: 100}}
task: {kind: classification, value_per_success: 0.5}
CONSTRAINTS
options:
  a: {model: openai/gpt-5-mini}
  b: OPTION
"""
TUNED = "tuning: {method: lora, labels: 100}"


def run(option: str, constraints: str = "") -> Estimate:
    text = BASE.replace("OPTION", option).replace("CONSTRAINTS", f"constraints: {constraints}" if constraints else "")
    return estimate(loads(text), draws=2, seed=0, on=DAY)


def spent(found: Estimate, key: str) -> float:
    ledger = found.options["b"].ledger
    (line,) = (line for line in ledger.lines if line.key == key)
    return float(line.present_value(ledger.factors)[0])


def test_written_token_prices_take_the_place_of_the_list() -> None:
    serving = "serving: {mode: api, input_usd_per_mtok: 2, output_usd_per_mtok: 10}"
    found = run(f"{{model: openai/gpt-5-mini, {serving}}}")
    assert spent(found, "inference.output") == pytest.approx(12 * 100_000 * 100 * 10 / 1e6)


def test_a_negotiated_hour_takes_the_place_of_the_cheapest_offer() -> None:
    options = [
        f"{{model: Qwen/Qwen3-8B, {TUNED}, serving: {{gpu: L4, usd_per_gpu_hour: {usd}}}}}" for usd in (1.0, 2.0)
    ]
    once, twice = (spent(run(option), "inference.gpu") for option in options)
    assert twice == pytest.approx(2.0 * once)


def test_a_bought_device_serves() -> None:
    found = run(f"{{model: Qwen/Qwen3-8B, {TUNED}, serving: {{gpu: L4, owned: {{purchase_usd: 3000}}}}}}")
    assert not found.options["b"].outcome.infeasible
    assert (
        0
        < spent(found, "inference.gpu")
        < spent(
            run(f"{{model: Qwen/Qwen3-8B, {TUNED}, serving: {{gpu: L4, owned: {{purchase_usd: 90000}}}}}}"),
            "inference.gpu",
        )
    )


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("{model: Qwen/Qwen3-8B, serving: {mode: self_hosted, gpu: L4, provider: azure}, region: jp}", "offer of L4"),
        ("{model: Qwen/Qwen3-8B, serving: {mode: api}}", "has no API price; give serving.input_usd_per_mtok"),
    ],
)
def test_what_cannot_be_served_says_why(option: str, words: str) -> None:
    assert words in str(run(option).options["b"].outcome.infeasible)


@pytest.mark.parametrize(
    ("option", "barred", "words"),
    [
        (
            "{model: openai/gpt-4.1-mini-2025-04-14, tuning: {method: managed, labels: 100}}",
            "no_training_on_data: true",
            "openai",
        ),
        (
            "{model: Qwen/Qwen3-8B, tuning: {method: lora, labels: 9, annotation: {model: openai/gpt-5}}}",
            "providers_barred: [openai]",
            "labelling",
        ),
        (
            "{model: Qwen/Qwen3-8B, retrieval: {documents: 10k, tokens_per_document: 300, store: pinecone},"
            " serving: {mode: self_hosted}}",
            "providers_barred: [pinecone]",
            "keeping the index",
        ),
    ],
)
def test_who_sees_the_data_is_held_against_the_constraints(option: str, barred: str, words: str) -> None:
    found = run(option, f"{{{barred}}}").options["b"]
    assert not found.outcome.infeasible
    assert words in found.standing.why_not


def test_own_prices_of_retrieval_by_hand() -> None:
    own = "documents: 10k, tokens_per_document: 300, embedding: own, embedding_parameters: 300M"
    once, twice = (
        spent(run(f"{{model: openai/gpt-5-mini, retrieval: {{{own}, usd_per_gpu_hour: {usd}}}}}"), "retrieval.corpus")
        for usd in (1, 2)
    )
    assert twice == pytest.approx(2 * once)
    found = run(
        "{model: openai/gpt-5-mini, retrieval: {documents: 10k, tokens_per_document: 300, rerank_usd_per_query: 0.002}}"
    )
    assert spent(found, "retrieval.rerank") == pytest.approx(12 * 100_000 * 0.002)


def test_a_reranker_by_the_token_reads_the_question_with_every_candidate() -> None:
    corpus = "documents: 10k, tokens_per_document: 3000, rerank: cohere/rerank-v5.0-pro"
    option = f"{{model: openai/gpt-5-mini, retrieval: {{{corpus}, CHUNK}}}}"
    short, long = (
        spent(run(option.replace("CHUNK", f"chunk_tokens: {tokens}, overlap_tokens: 0")), "retrieval.rerank")
        for tokens in (200, 1000)
    )
    assert long / short == pytest.approx((1000 + 600) / (200 + 600))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"requests_per_s": 0.0}, "rps: 0 is not above 0"),
        ({"requests_per_s": 1e12}, "rps: 1e\\+12 is above"),
        ({"hit_rate": 1.5}, "hit-rate: 1.5 is not from 0 to 1"),
        ({"cached_prefix": 2000.0}, "cached-prefix: 2000"),
        ({"region_surcharge": 2.0}, "region-surcharge must be a share"),
        ({"months": 0}, "months: 0 is not from 1 to 240"),
    ],
)
def test_an_impossible_question_about_a_hosted_model_is_refused(changes: dict[str, float], words: str) -> None:
    given = {"requests_per_s": 1.0, "input_tokens": 1000.0, "output_tokens": 100.0, **changes}
    with pytest.raises(InputError, match=words):
        hosted_plan(ask=HostedAsk(model="openai/gpt-4o-mini", **given), catalog=CATALOG, on=DAY)


def test_a_day_before_the_defaults_is_refused() -> None:
    ask = HostedAsk(model="openai/gpt-4o-mini", requests_per_s=1.0, input_tokens=1000.0, output_tokens=100.0)
    with pytest.raises(EstimatorError, match="no value on 2025-01-01"):
        hosted_plan(ask=ask, catalog=CATALOG, on=date(2025, 1, 1))


def test_a_discount_of_ones_own_takes_the_place_of_the_default() -> None:
    given = {"requests_per_s": 1.0, "input_tokens": 1000.0, "output_tokens": 100.0, "batch_share": 1.0}
    costs = [
        float(np.asarray(hosted_plan(ask=ask, catalog=CATALOG, on=DAY).quote.usd_per_month))
        for ask in (HostedAsk(model="openai/gpt-4o-mini", batch_discount=share, **given) for share in (0.0, 0.25))
    ]
    assert costs[1] == pytest.approx(0.75 * costs[0])


def test_your_own_price_comes_first() -> None:
    device = CATALOG.accelerator("L4")
    found = ways_to_pay(catalog=CATALOG, on=DAY, device=device, gpus=2, usd_per_gpu_hour=0.5)
    assert (found[0].term, found[0].usd_per_replica_hour) == ("yours", 1.0)
    with pytest.raises(InfeasibleError, match="nobody offers L4-24GB on 2000-01-01"):
        ways_to_pay(catalog=CATALOG, on=date(2000, 1, 1), device=device, gpus=1)
