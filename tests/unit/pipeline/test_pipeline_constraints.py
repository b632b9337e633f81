"""Constraints of a scenario file, held against what the rooms say."""

from pathlib import Path

import numpy as np
import pytest

from estimator import estimate, loads
from estimator.errors import ScenarioError
from estimator.results import Estimate

TRIAGE = (Path(__file__).resolve().parents[3] / "examples" / "triage.yaml").read_text(encoding="utf-8")


def held(constraint: str, *changes: tuple[str, str]) -> Estimate:
    text = TRIAGE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return estimate(loads(text.replace("options:\n", f"constraints: {{{constraint}}}\noptions:\n", 1)), draws=100)


def out(result: Estimate) -> dict[str, str]:
    return {name: option.standing.why_not for name, option in result.options.items() if option.standing.why_not}


@pytest.mark.parametrize(
    ("constraint", "excluded", "words"),
    [
        ("must_cite: true", {"prompt", "lora", "qlora"}, "retrieves none"),
        ("self_hosted_only: true", {"prompt", "rag", "lora_rag"}, "openai does"),
        ("providers_barred: [OpenAI]", {"prompt", "rag", "lora_rag"}, "openai may not be used"),
        ("skills: [prompting, retrieval]", {"lora", "qlora", "lora_rag"}, "fine-tuning, serving"),
        ("data_residency: [jp]", {"lora", "qlora", "lora_rag"}, "data must stay in jp"),
        ("weeks_to_launch: 0.1", {"prompt", "rag", "lora", "qlora", "lora_rag"}, "weeks to launch"),
        ("budget_usd: {upfront: 1}", {"prompt", "rag", "lora", "qlora", "lora_rag"}, "$1 may be spent"),
        ("latency_seconds: {first_token: 0.001}", {"lora", "qlora", "lora_rag"}, "0.001 s are allowed"),
        ("licence: commercial", set(), ""),
        ("deadline: 2030-12", set(), ""),
    ],
)
def test_a_constraint_excludes_with_its_reason(constraint: str, excluded: set[str], words: str) -> None:
    result = held(constraint)
    assert set(out(result)) == excluded
    assert all(words in reason for reason in out(result).values())
    assert result.decision.verdict.best not in excluded
    for name in excluded:
        about = [item for item in result.decision.verdict.arguments if item.about == name]
        assert all(item.sign == "against" and item.trace[0].startswith("constraints.") for item in about)


def test_what_cannot_be_checked_warns_and_excludes_nothing() -> None:
    result = held("data_residency: [eu], latency_seconds: {answer: 5}")
    assert "prompt" not in out(result)
    texts = [notice.text for notice in result.notices if (notice.code, notice.option) == ("W013", "prompt")]
    assert len(texts) == 2


def test_gpus_are_rented_where_the_data_must_stay() -> None:
    result = held("data_residency: [eu]")
    assert not {"lora", "qlora", "lora_rag"} & set(out(result))
    answer = result.to_dict()["scenarios"][0]["options"]["lora"]["serving"]
    assert answer["region"] == "europe-west4"


def test_a_stated_region_settles_residency_and_rents_there() -> None:
    result = held(
        "data_residency: [eu]",
        ("  lora:\n", "  lora:\n    region: eu\n"),
        ("model: openai/gpt-6-luna", "region: us\n    model: openai/gpt-6-luna"),
    )
    assert "lora" not in out(result)
    assert "openai does answering in us" in out(result)["prompt"]
    answer = result.to_dict()["scenarios"][0]["options"]["lora"]["serving"]
    assert answer["region"] == "europe-west4"


def test_all_reasons_are_shown() -> None:
    reason = out(held("must_cite: true, skills: [prompting], providers_barred: [openai]"))["prompt"]
    assert reason.count("; ") == 1


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ("must_cit: true", "did you mean 'must_cite'"),
        ("licence: free", "constraints.licence"),
        ("skills: [cooking]", "constraints.skills"),
        ("budget_usd: {upfront: -1}", "constraints.budget_usd.upfront"),
        ("deadline: soon", "constraints.deadline"),
    ],
)
def test_a_wrong_constraint_names_its_field(constraint: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        held(constraint)


LATER = "\n  later:\n    stages:\n      - use: prompt\n      - {use: lora, from: month 6}\n"


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("self_hosted_only: true", "prompt: data may not leave"),
        ("skills: [prompting, retrieval]", "lora: the team lacks a skill that it needs: fine-tuning, serving"),
        ("budget_usd: {per_month: 1}", "$1 a month may be spent"),
        ("weeks_to_launch: 0.1", "prompt: it takes"),
    ],
)
def test_a_staged_plan_is_held_to_the_constraints_of_its_stages(constraint: str, words: str) -> None:
    text = TRIAGE.replace("options:\n", f"constraints: {{{constraint}}}\noptions:\n", 1) + LATER
    result = estimate(loads(text), draws=100)
    assert words in out(result)["later"]
    assert result.decision.verdict.best != "later"


def test_a_staged_plan_within_all_constraints_stays() -> None:
    text = TRIAGE.replace("options:\n", "constraints: {providers_barred: [nobody], licence: commercial}\noptions:\n", 1)
    result = estimate(loads(text + LATER), draws=100)
    assert "later" not in out(result)
    assert {check.constraint for check in result.options["later"].checks} >= {"constraints.licence"}


def test_money_of_a_plan_is_checked_on_the_plan_not_on_its_later_stage() -> None:
    """The later option costs far more before launch than the plan, which starts with the cheap one."""
    result = held("budget_usd: {upfront: 1000000}")
    upfront = {name: float(option.outcome.costs.monthly[:, 0].max()) for name, option in result.options.items()}
    limit = (upfront["prompt"] + upfront["lora"]) / 2
    text = TRIAGE.replace("options:\n", f"constraints: {{budget_usd: {{upfront: {limit:.0f}}}}}\noptions:\n", 1)
    assert {"lora"} <= out(estimate(loads(text + LATER), draws=100)).keys()
    assert "later" not in out(estimate(loads(text + LATER), draws=100))


def test_an_option_that_may_not_be_chosen_has_no_regret() -> None:
    result = held("skills: [prompting]")
    for option in result.options.values():
        standing = option.standing
        assert standing.regret_usd >= 0.0 if standing.eligible else np.isnan(standing.regret_usd)
    options = result.to_dict()["scenarios"][0]["options"]
    assert options["lora"]["regret_usd"] is None
    assert options["prompt"]["regret_usd"] == pytest.approx(0.0)


def test_an_option_that_cannot_be_carried_out_is_never_good_enough() -> None:
    text = TRIAGE.replace("  minimum_quality: 0.70\n", "").replace("Qwen/Qwen3-8B", "Qwen/Qwen3-235B-A22B")
    text = text.replace("gpu: L4, precision: fp8", "gpu: L4, gpus: 1, precision: bf16")
    result = estimate(loads(text), draws=100)
    assert result.options["lora"].outcome.infeasible
    assert result.options["lora"].standing.probability_good_enough == 0.0
