"""When one thing changes, the figures move the right way."""

from pathlib import Path

import numpy as np
import pytest

from estimator import estimate, loads
from estimator.results import Estimate

TRIAGE = (Path(__file__).resolve().parents[3] / "examples" / "triage.yaml").read_text(encoding="utf-8")
DRAWS = 300


def after(*changes: tuple[str, str]) -> Estimate:
    text = TRIAGE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return estimate(loads(text), draws=DRAWS)


@pytest.fixture(scope="module")
def base() -> Estimate:
    return after()


def cost(result: Estimate, option: str, line: str | None = None) -> float:
    ledger = result.options[option].ledger
    return float(sum(item.total.mean() for item in ledger.lines if line is None or item.key == line))


@pytest.mark.parametrize(
    ("old", "new", "option", "line"),
    [
        ("growth: 2%", "growth: 6%", "prompt", "inference.output"),
        ("prompt: 700", "prompt: 1400", "prompt", "inference.user_text"),
        ("labels: 3000", "labels: 6000", "lora", "data.labelling"),
        ("rate: vendor_offshore", "rate: expert/lawyer", "lora", "data.labelling"),
        ("escalation_usd: 1.50", "escalation_usd: 3", "prompt", "quality.escalations"),
        ("horizon: 36 months", "horizon: 48 months", "lora", "operations.serving"),
        ("documents: 40k", "documents: 400k", "rag", "retrieval.corpus"),
        ("gpu: L4, precision: fp8", "gpu: H100, precision: fp8", "lora", "inference.gpu"),
    ],
)
def test_more_or_dearer_costs_more(base: Estimate, old: str, new: str, option: str, line: str) -> None:
    assert cost(after((old, new)), option, line) > cost(base, option, line) > 0


def test_a_price_list_in_another_currency_gives_the_same_result(base: Estimate) -> None:
    other = after(
        ("discount_rate: 8%", "discount_rate: 8%\ncurrency: EUR\nusd_per_currency_unit: 2"),
        ("{low: 0.10, mode: 0.25, high: 0.60}", "{low: 0.05, mode: 0.125, high: 0.30}"),
        ("{low: 0.30, mode: 0.80, high: 2.00}", "{low: 0.15, mode: 0.40, high: 1.00}"),
        ("escalation_usd: 1.50", "escalation_usd: 0.75"),
    )
    for name, option in base.options.items():
        np.testing.assert_allclose(other.options[name].outcome.net_benefit, option.outcome.net_benefit)


def test_nearly_no_requests_leave_the_fixed_cost(base: Estimate) -> None:
    idle = after(("60k to 240k", "0.001"))
    growing = {"inference.output", "inference.instructions", "quality.escalations", "retrieval.rerank"}
    for name, option in idle.options.items():
        moving = sum(cost(idle, name, line.key) for line in option.ledger.lines if line.key in growing)
        assert moving < 0.01
        assert 0 < cost(idle, name) < cost(base, name)


def test_measured_quality_beats_every_default(base: Estimate) -> None:
    result = after(
        (
            "  prompt:                              # the first option is the baseline\n",
            "  prompt:\n    quality: 0.97\n",
        )
    )
    parts = result.options["prompt"].parts
    assert parts is not None
    assert parts.quality.start == pytest.approx(0.97)
    assert result.options["prompt"].standing.quality.p50 == pytest.approx(0.97, abs=0.015)  # it drifts after launch
    assert base.options["prompt"].standing.quality.p50 < 0.9


def test_the_pilot_is_met_where_it_was_measured() -> None:
    result = after(("labels: 3000", "labels: 400"), ("retrain: economic", "retrain: every 1 months"))
    assert result.options["lora"].standing.quality.p50 == pytest.approx(0.86, abs=0.02)
    parts = result.options["prompt"].parts
    assert parts is not None
    assert np.median(np.asarray(parts.quality.start)) == pytest.approx(0.74, abs=1e-9)


def test_all_prompting_techniques_are_costed() -> None:
    result = after(
        ("options:\n", "options:\n  zero: {model: openai/gpt-6-luna}\n"),
        ("  qlora:\n", "  thinking: {model: openai/gpt-6-luna, prompt: {technique: chain_of_thought}}\n  qlora:\n"),
    )
    assert cost(result, "thinking", "inference.reasoning") > 0
    assert cost(result, "prompt", "inference.few_shot") > 0
    assert cost(result, "zero", "inference.few_shot") == 0
    quality = {name: option.standing.quality.mean for name, option in result.options.items()}
    assert quality["zero"] < quality["thinking"]
    assert quality["zero"] < quality["prompt"] or quality["zero"] == pytest.approx(0.74, abs=0.02)


def test_an_owned_gpu_competes_with_rented_ones() -> None:
    result = after(("method: lora\n", "method: lora\n      gpu: H100\n      owned: {purchase_usd: 30k to 40k}\n"))
    sizing = result.options["lora"].sizing
    assert sizing is not None
    assert sizing.plan is not None
    assert sizing.plan.chosen is not None
    assert sizing.plan.chosen.provider == "owned"


def test_tuning_ends_with_its_platform() -> None:
    change = (
        "options:\n",
        "options:\n  zero: {model: openai/gpt-6-luna}\n"
        "  ft: {model: openai/gpt-4.1-mini-2025-04-14, tuning: {method: managed, labels: 500}}\n",
    )
    open_still = after(
        change, ("start: 2027-01", "start: 2026-12"), ("discount_rate: 8%", "discount_rate: 8%\nprices_on: 2026-11-22")
    )
    closed = after(change, ("start: 2027-01", "start: 2027-02"))
    assert not open_still.options["ft"].outcome.infeasible
    assert any("shut down on 2027-01-14" in text for text in open_still.options["ft"].warnings)
    assert cost(open_still, "ft", "migration.forced") > 0
    assert "cannot be tuned by its platform" in closed.options["ft"].outcome.infeasible
    assert closed.options["ft"].standing.probability_best == 0


def test_reranking_is_paid_and_helps_only_where_a_reranker_is_named(base: Estimate) -> None:
    def quality(result: Estimate) -> float:
        parts = result.options["rag"].parts
        assert parts is not None
        return float(np.mean(parts.quality.start))

    assert cost(base, "rag", "retrieval.rerank") == 0
    named = after(("documents: 40k", "rerank: cohere/rerank-v3.5, documents: 40k"))
    assert cost(named, "rag", "retrieval.rerank") > 0
    assert quality(named) > quality(base)
    measured = [
        after(("documents: 40k", f"{more}recall: 0.85, documents: 40k"))
        for more in ("", "rerank: own, rerank_parameters: 300M, ")
    ]
    assert quality(measured[0]) == quality(measured[1])
