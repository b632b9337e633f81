"""Ageing, schedules, monitoring and the end of platforms, by hand and on small scenarios."""

from datetime import date

import numpy as np
import pytest

from estimator import estimate, loads
from estimator.results import Estimate, OptionEstimate
from estimator.upkeep import (
    Ageing,
    Case,
    age_since,
    closing_months,
    drift_loss,
    expected_migrations,
    labels_to_detect_drop,
    mean_age,
    policy_of,
    retraining_times,
)

BASE = """
name: small
start: 2026-12
horizon: 24 months
prices_on: 2026-11-24
workload: {requests_per_month: 50k, tokens: {prompt: 500, output: 50}}
task:
  kind: classification
  value_per_success: 0.3
  cost_per_error: 0.5
  facts_change: 0
options:
  prompt: {model: openai/gpt-6-luna}
  own:
    model: Qwen/Qwen3-8B
    tuning: {method: lora, labels: 1000}
    serving: {mode: self_hosted, gpu: L4, precision: fp8}
  managed:
    model: openai/gpt-4.1-mini-2025-04-14
    tuning: {method: managed, labels: 1000}
"""


def after(*changes: tuple[str, str], draws: int = 200) -> Estimate:
    text = BASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return estimate(loads(text), draws=draws)


@pytest.fixture(scope="module")
def base() -> Estimate:
    return after()


def line(option: OptionEstimate, key: str) -> np.ndarray:
    """Money per month, central case."""
    return sum((item.monthly[0] for item in option.ledger.lines if item.key == key), np.zeros(25))


def care(option: OptionEstimate):  # type: ignore[no-untyped-def]
    assert option.parts is not None
    return option.parts.money.care


def test_drift_shapes() -> None:
    given = {"drift_per_month": 0.01, "at_stake": 0.1, "half_life_months": 6.0}
    assert drift_loss(age_months=3.0, shape="linear", **given) == pytest.approx(0.03)
    assert drift_loss(age_months=6.0, shape="exponential", **given) == pytest.approx(0.05)
    assert drift_loss(age_months=1e4, shape="exponential", **given) == pytest.approx(0.1)


def test_facts_of_the_last_training_and_of_the_base_age_apart() -> None:
    ageing = Ageing(
        drift_per_month=0.0,
        shape="linear",
        at_stake=0.0,
        half_life_months=1.0,
        trained_facts=0.2,
        base_facts=0.1,
        facts_change=0.5,
        base_facts_change=0.1,
        constant=0.01,
    )
    ages = {"age": np.array([[1.0]]), "base_age": np.array([[2.0]])}
    assert ageing.quality(start=0.8, **ages)[0, 0] == pytest.approx(0.8 - 0.01 - 0.2 * 0.5 - 0.1 * (1 - 0.9**2))
    assert ageing.quality(start=0.05, **ages)[0, 0] == 0.0
    assert ageing.central_loss(np.array([1.0]))[0] == pytest.approx(0.1)


def test_a_saw_tooth_by_hand() -> None:
    assert retraining_times(interval_months=2.5, months=8).tolist() == [2.5, 5.0, 7.5]
    age = mean_age(resets=np.array([1.5]), months=3)[0]
    assert age == pytest.approx([0.5, (1.25 * 0.5 + 0.25 * 0.5), 1.0])
    moved = age_since(events=np.array([[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0]]), months=4)
    assert moved.tolist() == [[0.5, 1.5, 2.5, 0.5], [0.5, 0.5, 1.5, 2.5]]


def test_threshold_is_seen_half_a_check_and_a_week_later() -> None:
    given = Case(
        months=60,
        retrain_usd=1000.0,
        value_usd=np.full(60, 1e4),
        loss=lambda age: 0.01 * age,
        checks_per_month=0.5,
        threshold=0.05,
    )
    assert policy_of(given, kind="threshold").interval_months == pytest.approx(5 + 1 + 0.25)
    never = Case(
        months=60, retrain_usd=1.0, value_usd=np.ones(60), loss=np.zeros_like, checks_per_month=1.0, threshold=0.05
    )
    assert np.isinf(policy_of(never, kind="threshold").interval_months)


def test_untuned_options_drift_too_and_reviews_restore_them(base: Estimate) -> None:
    quality = care(base.options["prompt"]).quality[0]
    assert quality[0] > quality[2]
    assert quality[3] == pytest.approx(quality[0])
    seldom = care(after(("gpt-6-luna}", "gpt-6-luna, upkeep: {prompt_review_months: 12}}")).options["prompt"]).quality[
        0
    ]
    assert seldom[11] < quality[11]
    still = after(
        (
            "gpt-6-luna}",
            "gpt-6-luna, upkeep: {drift: 0, jumps_per_year: 0, provider_changes_per_year: 0}}",
        )
    ).options["prompt"]
    assert np.ptp(care(still).quality[0]) == pytest.approx(0)


def test_tuned_options_drift_faster_than_prompts(base: Estimate) -> None:
    never = after(
        ("tuning: {method: lora, labels: 1000}", "tuning: {method: lora, labels: 1000}\n    upkeep: {retrain: never}")
    )
    falls = {name: care(never.options[name]).quality[0] for name in ("prompt", "own")}
    assert falls["own"][0] - falls["own"][-1] > 3 * abs(falls["prompt"][0] - falls["prompt"].min())
    assert care(base.options["own"]).quality[0].mean() > falls["own"].mean()


def test_exponential_drift_flattens() -> None:
    shape = "upkeep: {retrain: never, drift_shape: exponential, drift_at_stake: 0.2, half_life_months: 4}"
    option = after(
        ("tuning: {method: lora, labels: 1000}", f"tuning: {{method: lora, labels: 1000}}\n    {shape}")
    ).options["own"]
    fall = -np.diff(care(option).quality[0])
    assert (np.diff(fall) < 1e-9).all()
    assert fall.sum() == pytest.approx(0.2 * (2 ** (-0.5 / 4) - 2 ** (-23.5 / 4)), abs=2e-3)


def test_jumps_cost_quality_and_repairs(base: Estimate) -> None:
    jumpy = after(("gpt-6-luna}", "gpt-6-luna, upkeep: {jumps_per_year: 6, jump_loss: 0.1}}")).options["prompt"]
    assert care(jumpy).quality[0].mean() < care(base.options["prompt"]).quality[0].mean() - 0.01
    assert line(jumpy, "operations.repairs").sum() > line(base.options["prompt"], "operations.repairs").sum() > 0
    assert line(base.options["own"], "retraining.jumps").sum() > 0


def test_provider_changes_hit_hosted_untuned_models_only(base: Estimate) -> None:
    wild = after(
        ("gpt-6-luna}", "gpt-6-luna, upkeep: {provider_changes_per_year: 12, provider_change_loss: 0.1}}"),
        (
            "tuning: {method: lora, labels: 1000}",
            "tuning: {method: lora, labels: 1000}\n    upkeep: {provider_changes_per_year: 12}",
        ),
    )
    assert care(wild.options["prompt"]).quality[0].mean() < care(base.options["prompt"]).quality[0].mean() - 0.02
    np.testing.assert_array_equal(care(wild.options["own"]).quality, care(base.options["own"]).quality)


def test_own_weights_never_die_and_hosted_ones_do(base: Estimate) -> None:
    assert not care(base.options["own"]).migrations.any()
    prompt = care(base.options["prompt"])
    assert prompt.migrations.sum(axis=1).mean() > 0.5
    assert line(base.options["managed"], "migration.retraining").sum() > 0
    for key in ("migration.forced", "migration.evaluation"):
        assert line(base.options["managed"], key).sum() > 0


def test_a_move_pays_its_evaluation_set_once(base: Estimate) -> None:
    option = base.options["managed"]
    assert option.parts is not None
    once = option.parts.money.retrain_usd
    assert once is not None
    moved = next(item for item in option.ledger.lines if item.key == "migration.retraining")
    assert np.all(np.asarray(once.evaluation) > 0)
    np.testing.assert_allclose(moved.unit_usd, np.asarray(once.labels + once.compute + once.release))


def test_a_closing_platform_takes_no_retraining_before_the_move() -> None:
    closing = (
        "tuning: {method: managed, labels: 1000}\n    upkeep: {retrain: every 2 months, platform_closes: 2027-06-30}"
    )
    result = after(("tuning: {method: managed, labels: 1000}", closing))
    managed = care(result.options["managed"])
    # its base is shut down on 2027-01-14 already: platform_closes is later, so the base decides
    assert managed.retires_on == date(2027, 1, 14)
    assert managed.retrainings[0, :2].sum() == 0
    assert any("shut down on 2027-01-14" in text for text in result.options["managed"].warnings)
    known = after().options["managed"]
    assert any(
        "training of openai/gpt-4.1-mini-2025-04-14 on its platform ends on 2027-01-05" in t for t in known.warnings
    )


def test_after_the_training_end_quality_decays_until_the_move() -> None:
    text = (
        ("openai/gpt-4.1-mini-2025-04-14", "google/gemini-2.5-flash-lite"),
        (
            "tuning: {method: managed, labels: 1000}",
            "tuning: {method: managed, labels: 1000}\n    "
            "upkeep: {retrain: every 2 months, platform_closes: 2027-08-01}",
        ),
    )
    option = after(*text).options["managed"]
    found = care(option)
    assert found.retires_on == date(2027, 8, 1)
    assert found.migrations[0].argmax() == 7
    assert found.retrainings[0, :8].tolist() == [0, 1, 0, 1, 0, 1, 0, 0]
    assert found.retrainings[0, 9] == 1


def test_unknown_closures_are_sampled_around_their_median() -> None:
    assert closing_months(chance_per_year=0.1, uniform=0.5) == pytest.approx(83.2, abs=0.1)
    assert np.isinf(closing_months(chance_per_year=0.0, uniform=0.5))
    change = ("openai/gpt-4.1-mini-2025-04-14", "google/gemini-2.5-flash-lite")
    written = "tuning: {method: managed, labels: 1000}\n    upkeep: {model_life_months: 1000, platform_closure: 0.5}"
    moves = care(
        after(change, ("tuning: {method: managed, labels: 1000}", written), draws=4000).options["managed"]
    ).migrations
    assert (moves[1:].sum(axis=1) > 0).mean() == pytest.approx(1 - np.exp(-0.5 * 2), abs=0.03)


def test_checks_are_sized_by_the_drop_they_must_see(base: Estimate) -> None:
    fine, coarse = (
        after(("gpt-6-luna}", f"gpt-6-luna, quality: 0.9, upkeep: {{detect_drop: {drop}}}}}")).options["prompt"]
        for drop in (0.02, 0.05)
    )
    assert line(fine, "evaluation.checks").sum() > 4 * line(coarse, "evaluation.checks").sum()
    assert fine.parts is not None
    assert coarse.parts is not None
    labels = coarse.parts.money.monitoring.labels_per_check
    assert float(np.squeeze(labels)) == pytest.approx(labels_to_detect_drop(quality=0.9, drop=0.05))
    for key in ("evaluation.judge", "evaluation.tooling", "evaluation.on_call"):
        assert line(base.options["prompt"], key).sum() > 0


def test_a_named_judge_is_paid_by_the_token() -> None:
    named = after(
        ("gpt-6-luna}", "gpt-6-luna, upkeep: {judge_model: anthropic/claude-sonnet-5-5, judged_answers: 1000}}")
    )
    assert named.options["prompt"].parts is not None
    watch = named.options["prompt"].parts.money.monitoring
    used = {item.key for item in named.inputs}
    assert any(key.startswith("token/anthropic/") for key in used)
    assert line(named.options["prompt"], "evaluation.judge")[1] == pytest.approx(1000 * float(watch.usd_per_judgement))


def test_an_embedding_model_with_a_known_end_is_replaced() -> None:
    text = "retrieval: {documents: 10k, tokens_per_document: 500, embedding: azure/text-embedding-3-small}"
    option = after(("horizon: 24", "horizon: 36"), ("gpt-6-luna}", f"gpt-6-luna, {text}}}")).options["prompt"]
    money = sum(item.monthly[0] for item in option.ledger.lines if item.key == "migration.embedding")
    corpus = sum(item.total[0] for item in option.ledger.lines if item.key == "retrieval.corpus")
    assert np.flatnonzero(money).tolist() == [15]  # 2028-02-09, month 15 after 2026-12
    assert money.sum() == pytest.approx(corpus)


def test_expected_moves_of_three_years() -> None:
    assert expected_migrations(months=36.0, mean_life_months=23.966819973718792) == pytest.approx(
        1.5020766225755602, rel=1e-9
    )
