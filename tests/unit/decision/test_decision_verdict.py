"""The verdict follows from the figures and never contradicts them."""

from pathlib import Path

import pytest

from estimator import estimate, loads
from estimator.decision import TaskFacts, rules
from estimator.results import Estimate

TRIAGE = (Path(__file__).resolve().parents[3] / "examples" / "triage.yaml").read_text(encoding="utf-8")
DRAWS = 400


def decided(*changes: tuple[str, str]) -> Estimate:
    text = TRIAGE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return estimate(loads(text), draws=DRAWS)


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (("60k to 240k", "100 to 400"),),
        (("labels: 3000", "labels: 50"),),
        (("minimum_quality: 0.70", "minimum_quality: 0.99"),),
        (("minimum_quality: 0.70", "minimum_quality: 0.80"),),
        (("{low: 0.10, mode: 0.25, high: 0.60}", "0"), ("{low: 0.30, mode: 0.80, high: 2.00}", "0")),
        (
            (
                "annotation: {minutes: 0.5 to 1.5, rate: vendor_offshore}",
                "annotation: {minutes: 200, rate: expert/lawyer}",
            ),
        ),
    ],
)
def test_words_agree_with_figures(changes: tuple[tuple[str, str], ...]) -> None:
    result = decided(*changes)
    verdict, found = result.decision.verdict, result.decision.standings
    eligible = {name: item for name, item in found.items() if item.eligible}
    if not eligible:
        assert verdict.answer == "nothing qualifies"
        assert verdict.best is None
        return
    assert verdict.best == max(eligible, key=lambda name: eligible[name].net_benefit.mean)
    assert str(verdict.best) in verdict.sentence
    tuned = [name for name, item in eligible.items() if item.kind in {"tuning", "hybrid"}]
    if verdict.answer in {"no", "probably not"}:
        assert "not worth it" in verdict.sentence
    if verdict.answer in {"yes", "probably"}:
        assert tuned
        assert "not worth" not in verdict.sentence
        assert verdict.probability_tuning_pays is not None
        assert verdict.probability_tuning_pays >= 0.6
    for name, item in found.items():
        assert item.eligible == (not item.why_not)
        if not item.eligible:
            assert item.probability_best == 0
            about = [argument for argument in verdict.arguments if argument.about == name]
            assert [argument.text for argument in about] == [blocker.text for blocker in item.blockers]
            assert {argument.sign for argument in about} == {"against"}


def test_few_requests_speak_against_tuning() -> None:
    many, few = decided(), decided(("60k to 240k", "100 to 400"))
    assert many.decision.verdict.best in {"lora", "qlora", "lora_rag"}
    assert few.decision.verdict.best in {"prompt", "rag"}
    assert few.decision.verdict.answer in {"no", "probably not"}


def test_without_value_the_cheapest_wins() -> None:
    result = decided(("{low: 0.10, mode: 0.25, high: 0.60}", "0"), ("{low: 0.30, mode: 0.80, high: 2.00}", "0"))
    standings = result.decision.standings
    assert result.decision.verdict.best == min(standings, key=lambda name: standings[name].cost.mean)
    assert "lowest mean cost" in result.decision.verdict.sentence


def test_better_quality_saves_retries_and_escalations() -> None:
    result = decided(
        ("model: Qwen/Qwen3-8B", "model: openai/gpt-6-luna\n    quality: 0.9"),
        ("method: lora\n", "method: managed\n      usd_per_mtok: 3\n"),
        ("serving: {mode: self_hosted, gpu: L4, precision: fp8}", "serving: {mode: api}"),
        ("{method: qlora}", "{method: managed}"),
    )
    lines = {
        name: {line.key: float(line.total[0]) for line in option.ledger.lines}
        for name, option in result.options.items()
    }
    assert lines["lora"]["quality.escalations"] < lines["prompt"]["quality.escalations"]
    assert lines["lora"]["inference.retries"] < lines["prompt"]["inference.retries"]
    assert lines["lora"]["inference.prompt_saving"] < 0
    assert "inference.prompt_saving" not in lines["prompt"]


def _facts(**changes: object) -> TaskFacts:
    plain = {
        "facts_change": 0.0,
        "knowledge_share": 0.1,
        "must_cite": False,
        "domain": "general",
        "narrow": False,
        "style": False,
        "labels": 3000.0,
        "requests_per_month": 1e5,
        "upkeep_share": 0.1,
    }
    return TaskFacts(**{**plain, **changes})  # type: ignore[arg-type]  # keyword bundle of the test


@pytest.mark.parametrize(
    ("changes", "code", "favours"),
    [
        ({"facts_change": 0.2}, "changing-facts", "rag"),
        ({"must_cite": True}, "citations", "rag"),
        ({"knowledge_share": 0.8}, "hallucination", "rag"),
        ({"domain": "deep"}, "domain-depth", "tuning"),
        ({"narrow": True}, "narrow-task", "tuning"),
        ({"style": True}, "style", "tuning"),
        ({"labels": 50.0}, "scarce-data", "prompt"),
        ({"requests_per_month": 200.0}, "low-volume", "prompt"),
        ({"upkeep_share": 0.6}, "maintenance", None),
    ],
)
def test_each_rule_of_the_guide_speaks_when_it_applies(
    changes: dict[str, object], code: str, favours: str | None
) -> None:
    assert rules(_facts()) == ()
    found = rules(_facts(**changes))
    assert [(reason.code, reason.favours) for reason in found] == [(code, favours)]


def test_a_deep_domain_that_changes_does_not_favour_tuning() -> None:
    assert {reason.favours for reason in rules(_facts(domain="deep", facts_change=0.3))} == {"rag"}
