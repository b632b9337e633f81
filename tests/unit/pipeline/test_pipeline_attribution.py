"""What each changed input did: effects and interaction against sums that are computed another way."""

from pathlib import Path

import pytest

from estimator import compare, estimate, loads
from estimator.attribution import Attribution, Causes, causes_between, figures_of
from estimator.pipeline import outcomes_of
from estimator.results import Comparison

EXAMPLES = Path(__file__).parents[3] / "examples"
TEXT = (EXAMPLES / "triage.yaml").read_text(encoding="utf-8")
DRAWS = 50


def changed(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def both(text: str, before: str = TEXT) -> tuple[Comparison, Causes]:
    result = compare([loads(before), loads(text)], draws=DRAWS)
    return result, result.causes[0]


def share(causes: Causes, option: str, measure: str = "cost") -> Attribution:
    return next(item for item in causes.shares if item.option == option and item.measure == measure)


GROWTH, LABELS = ("growth: 2%", "growth: 5%"), ("labels: 3000", "labels: 6000")


def test_each_effect_is_the_scenario_with_that_change_alone() -> None:
    result, causes = both(changed(GROWTH, LABELS))
    assert set(causes.changes) == {("workload.growth",), ("options.lora.tuning.labels",)}
    for keys, pair in (("workload.growth", GROWTH), ("options.lora.tuning.labels", LABELS)):
        alone = estimate(loads(changed(pair)), draws=DRAWS).central_figures
        place = causes.changes.index((keys,))
        for item in causes.shares:
            expected = alone[item.option][item.measure] - item.before
            assert item.effects[place] == pytest.approx(expected, abs=1e-6)
    first, last = (item.central_figures for item in result.estimates)
    for item in causes.shares:
        assert item.before == first[item.option][item.measure]
        assert item.after == last[item.option][item.measure]


def test_the_interaction_of_two_factors_is_their_product() -> None:
    """Cost per request × requests: (1 + a)(1 + b) − 1 − a − b = a · b of what both multiply."""
    volume, price = ("60k to 240k", "120k to 480k"), ("escalation_usd: 1.50", "escalation_usd: 4.50")
    result, causes = both(changed(volume, price))
    line = next(
        line for line in result.estimates[0].options["prompt"].lines_data() if line["key"] == "quality.escalations"
    )
    assert share(causes, "prompt").interaction == pytest.approx(1.0 * 2.0 * line["present_value_usd"], rel=1e-9)


def test_changes_of_different_lines_do_not_interact() -> None:
    _, causes = both(changed(("escalation_usd: 1.50", "escalation_usd: 3"), ("gpu: L4", "gpu: L40S")))
    found = share(causes, "lora")
    assert all(effect != 0.0 for effect in found.effects)
    assert found.interaction == pytest.approx(0.0, abs=1e-6)


def test_changes_that_make_no_scenario_alone_are_made_together() -> None:
    _, causes = both(changed(("discount_rate: 8%", "discount_rate: 8%\ninflation: 2%\nmoney: real"), GROWTH))
    assert causes.changes == (("workload.growth", "money", "inflation"),)


def test_a_model_changes_together_with_what_serves_it() -> None:
    before = changed(("  rag:", "  other: {model: openai/gpt-6-luna}\n  rag:"))
    after = changed(
        ("  rag:", "  other: {model: Qwen/Qwen3-8B, serving: {mode: self_hosted, gpu: L4, precision: fp8}}\n  rag:")
    )
    _, causes = both(after, before)
    assert causes.changes == (("options.other.model", "options.other.serving"),)
    assert share(causes, "other").interaction == pytest.approx(0.0, abs=1e-6)
    assert not share(causes, "lora").moved


def test_a_change_that_cannot_be_carried_out_alone_is_part_of_the_interaction() -> None:
    before = changed(("gpu: L4, precision: fp8", "gpu: H100, precision: bf16, gpus: 1"))
    after = changed(("gpu: L4, precision: fp8", "gpu: T4, precision: bf16, gpus: 4"))
    _, causes = both(after, before)
    found = share(causes, "lora")
    assert causes.changes[found.effects.index(None)] == ("options.lora.serving.gpu",)
    told = [effect for effect in found.effects if effect is not None]
    assert found.before + sum(told) + found.interaction == pytest.approx(found.after)


def test_an_added_option_and_another_name_move_nothing() -> None:
    text = changed(("  qlora:", "  dora:\n    extends: lora\n    tuning: {method: dora}\n  qlora:"), LABELS)
    _, causes = both(text.replace("name: Support-ticket triage", "name: Other"))
    assert causes.changes == (("options.lora.tuning.labels",),)
    assert {item.option for item in causes.shares} == {"prompt", "rag", "lora", "qlora", "lora_rag"}


def test_another_baseline_is_a_change() -> None:
    scenario = loads(TEXT)
    order = ["rag", "prompt", "lora", "qlora", "lora_rag"]
    other = scenario.model_copy(update={"options": {name: scenario.options[name] for name in order}})
    result = compare([scenario, other], draws=DRAWS)
    assert result.causes[0].changes == (("options",),)
    assert all(item.interaction == pytest.approx(0.0, abs=1e-6) for item in result.causes[0].shares)


def test_too_many_changes_are_told_when_asked_for() -> None:
    scenarios = [
        loads((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")) for name in ("triage", "contract-review")
    ]
    short = compare(scenarios, draws=DRAWS).causes[0]
    assert short.changes == ()
    assert "too many" in short.note
    causes = compare(scenarios, draws=DRAWS, thorough=True).causes[0]
    assert len(causes.changes) > 3
    for item in causes.shares:
        told = [effect for effect in item.effects if effect is not None]
        assert item.before + sum(told) + item.interaction == pytest.approx(item.after)


def test_a_scenario_without_change_has_nothing_to_tell() -> None:
    scenario = loads(TEXT)
    figures = figures_of(outcomes_of(scenario, draws=1, typical=True))
    causes = causes_between(scenario, scenario, figures=(figures, figures), run=lambda _: [])
    assert causes.changes == ()
    assert all(item.interaction == 0.0 and not item.moved for item in causes.shares)
