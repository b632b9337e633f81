"""The tool's own recommendation moves the right way when one thing changes."""

from functools import cache

import numpy as np
import pytest

from estimator import estimate, loads
from estimator.results import Estimate

BASE = """
name: any task
start: 2027-01
horizon: 36 months
prices_on: 2026-11-24
workload:
  requests_per_month: 40k to 90k
  growth: 1%
  tokens: {prompt: 1500, output: 80, instructions: 1200}
task:
  kind: question_answering
  facts_change: 0.5%
  value_per_success: {low: 0.05, mode: 0.15, high: 0.30}
  cost_per_error: {low: 0.10, mode: 0.30, high: 0.60}
options:
  prompt: {model: openai/gpt-6-luna, prompt: {few_shot_tokens: 1000}}
  rag:
    model: openai/gpt-6-luna
    retrieval: {documents: 20k, tokens_per_document: 800, churn: 5%}
  tuned:
    model: Qwen/Qwen3-8B
    tuning: {method: lora, labels: 2000, annotation: {minutes: 2, rate: vendor_offshore}}
    serving: {mode: self_hosted, gpu: L4, precision: fp8}
  managed:
    model: google/gemini-2.5-flash-lite
    tuning: {method: managed, labels: 2000, annotation: {minutes: 2, rate: vendor_offshore}}
"""
TUNING = "tuning: {method: lora, labels: 2000, annotation: {minutes: 2, rate: vendor_offshore}}"
MANAGED = "tuning: {method: managed, labels: 2000, annotation: {minutes: 2, rate: vendor_offshore}}"


@cache
def after(*changes: tuple[str, str]) -> Estimate:
    text = BASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return estimate(loads(text), draws=600)


def ahead(result: Estimate, option: str, other: str) -> float:
    """Mean net benefit of one option over another. [USD]"""
    benefit = {name: result.options[name].outcome.net_benefit[1:].mean() for name in (option, other)}
    return float(benefit[option] - benefit[other])


def odds(result: Estimate, option: str) -> float:
    return result.options[option].standing.probability_best


@pytest.mark.parametrize(
    ("changes", "option", "other", "gains"),
    [
        # facts change weekly: retrieval gains on everything that keeps facts in weights
        ((("facts_change: 0.5%", "facts_change: 60%"),), "rag", "tuned", True),
        ((("facts_change: 0.5%", "facts_change: 60%"),), "rag", "prompt", True),
        ((("facts_change: 0.5%", "facts_change: 0"),), "rag", "tuned", False),
        # labels scarce or costly: tuning loses
        (((TUNING, TUNING.replace("2000", "60")),), "tuned", "prompt", False),
        (((TUNING, TUNING.replace("vendor_offshore", "expert/lawyer_billed")),), "tuned", "prompt", False),
        (((TUNING, TUNING.replace("minutes: 2", "minutes: 40")),), "tuned", "prompt", False),
        (((TUNING, TUNING.replace("minutes: 2", "minutes: 2, accuracy: 0.6")),), "tuned", "prompt", False),
        # stable narrow task: tuning gains
        ((("facts_change: 0.5%", "facts_change: 0\n  narrow: true\n  knowledge_share: 2%"),), "tuned", "rag", True),
        (((TUNING, TUNING + "\n    upkeep: {drift: 0, jumps_per_year: 0}"),), "tuned", "prompt", True),
        (((TUNING, TUNING + "\n    upkeep: {drift: 3%}"),), "tuned", "prompt", False),
        # a platform that closes inside the horizon: managed tuning loses
        (((MANAGED, MANAGED + "\n    upkeep: {platform_closes: 2028-01-15}"),), "managed", "prompt", False),
        (((MANAGED, MANAGED + "\n    upkeep: {platform_closure: 2}"),), "managed", "tuned", False),
        # retrieval that finds nothing, and retrieval that finds everything
        ((("churn: 5%", "churn: 5%, recall: 10%"),), "rag", "prompt", False),
        ((("churn: 5%", "churn: 5%, recall: 99%"),), "rag", "prompt", True),
        # a house style is learned from examples
        ((("kind: question", "style: true\n  kind: question"),), "tuned", "prompt", True),
        # findings by name
        ((("facts_change: 0.5%", "facts_change: 0.5%\n  evidence: luu-2022-politics"),), "tuned", "prompt", False),
        ((("facts_change: 0.5%", "facts_change: 0.5%\n  evidence: ushio-2024-stable"),), "tuned", "prompt", True),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, tuple) else None,
)
def test_one_change_moves_the_gap(changes: tuple[tuple[str, str], ...], option: str, other: str, gains: bool) -> None:
    before, now = ahead(after(), option, other), ahead(after(*changes), option, other)
    assert (now > before) is gains, (before, now)


@pytest.mark.parametrize(("volume", "gains"), [("400k to 900k", True), ("1k to 2k", False)])
def test_volume_pays_for_short_prompts(volume: str, gains: bool) -> None:
    same = ("kind: question_answering", "kind: classification\n  start_error: 40%")  # equally good before tuning
    before, now = after(same), after(same, ("40k to 90k", volume))
    assert (ahead(now, "tuned", "prompt") > ahead(before, "tuned", "prompt")) is gains
    cost = [item.options["tuned"].standing.relative_cost for item in (before, now)]
    assert cost[0] is not None
    assert cost[1] is not None
    assert (cost[1] < cost[0]) is gains


def test_the_odds_move_with_the_facts() -> None:
    changing = after(("facts_change: 0.5%", "facts_change: 60%"))
    assert odds(changing, "rag") > odds(after(), "rag")
    assert odds(changing, "tuned") < odds(after(), "tuned") or odds(after(), "tuned") == 0


def test_distillation_is_cheaper_and_learns_its_teachers_mistakes() -> None:
    teacher = "annotation: {labeller: llm, model: anthropic/claude-sonnet-5-5}"
    people = "annotation: {minutes: 2, rate: vendor_offshore}"
    distilled = after((TUNING, TUNING.replace(people, teacher)))
    own = {
        name: after().options["tuned"].parts if name == "people" else distilled.options["tuned"].parts
        for name in ("people", "model")
    }
    assert own["people"] is not None
    assert own["model"] is not None
    data = {name: part.money.data for name, part in own.items() if part is not None}
    assert data["model"] is not None
    assert data["people"] is not None
    assert np.mean(data["model"].bill.labelling) < 0.2 * np.mean(data["people"].bill.labelling)
    assert own["model"].quality.parts is not None
    assert np.mean(own["model"].quality.parts.label_errors) > 0.01
    better = after((TUNING, TUNING.replace(people, teacher.replace("}", ", accuracy: 0.99}"))))
    found = [np.mean(item.options["tuned"].parts.quality.start) for item in (distilled, better)]  # type: ignore[union-attr]
    assert found[1] > found[0]


def test_synthetic_labels_are_worth_less_than_human_ones() -> None:
    made = after((TUNING, TUNING.replace("minutes: 2, rate: vendor_offshore", "labeller: synthetic")))
    both = [np.mean(item.options["tuned"].parts.quality.start) for item in (made, after())]  # type: ignore[union-attr]
    assert both[0] < both[1]


def test_full_tuning_forgets_more_than_an_adapter() -> None:
    change = ("facts_change: 0.5%", "facts_change: 0.5%\n  off_task_share: 30%")
    full = after(change, (TUNING, TUNING.replace("lora", "full")))
    parts = [item.options["tuned"].parts.quality.parts for item in (after(change), full)]  # type: ignore[union-attr]
    assert np.mean(parts[1].forgetting) > np.mean(parts[0].forgetting) > 0


def test_measured_quality_beats_all_defaults_and_odd_pilots_are_said() -> None:
    points = [(0, 0.70), (200, 0.85), (800, 0.60)]
    pilot = ", ".join(f"{{labels: {labels}, quality: {quality}}}" for labels, quality in points)
    odd = after(("facts_change: 0.5%", f"facts_change: 0.5%\n  pilot: [{pilot}]"))
    assert any("falls to 0.60 at 800 labels" in text for text in odd.warnings)
    measured = after((TUNING, f"quality: 0.93\n    {TUNING}")).options["tuned"].parts
    assert measured is not None
    assert float(np.mean(measured.quality.start)) == pytest.approx(0.93)


def test_a_measured_range_leaves_the_curve_wider() -> None:
    pilots = (
        "{labels: 0, quality: 0.7}, {labels: 400, quality: 0.85, items: 4000}",
        "{labels: 0, quality: 0.7}, {labels: 400, quality: 0.80 to 0.90}",
    )
    spread = []
    for pilot in pilots:
        parts = after(("facts_change: 0.5%", f"facts_change: 0.5%\n  pilot: [{pilot}]")).options["tuned"].parts
        assert parts is not None
        spread.append(np.std(np.asarray(parts.quality.start)[1:]))
    assert spread[1] > spread[0]


def test_a_narrow_task_leaves_nothing_to_forget() -> None:
    narrow = after(("kind: question", "narrow: true\n  kind: question"))
    gap = [ahead(result, "tuned", "prompt") for result in (after(), narrow)]
    assert gap[1] > gap[0]
