"""What a licence says reaches the estimate."""

from pathlib import Path

import pytest

from estimator import estimate, loads
from estimator.results import Estimate

TRIAGE = (Path(__file__).resolve().parents[3] / "examples" / "triage.yaml").read_text(encoding="utf-8")


def with_model(name: str) -> Estimate:
    assert "Qwen/Qwen3-8B" in TRIAGE
    return estimate(loads(TRIAGE.replace("Qwen/Qwen3-8B", name)), draws=20)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("meta-llama/Llama-3.1-8B", "licence llama-3.1-community: tuning with conditions"),
        ("Qwen/Qwen2.5-3B", "FORBIDS commercial serving of Qwen/Qwen2.5-3B, which this option does"),
        ("ibm/PowerLM-3b", "licence of ibm/PowerLM-3b unknown"),
    ],
)
def test_terms_are_a_warning_of_the_option(model: str, text: str) -> None:
    result = with_model(model)
    assert any(text in warning for warning in result.options["lora"].warnings)
    assert any(warning.startswith("W011 lora: licence") for warning in result.warnings)
    assert not any("licence" in warning for warning in result.options["prompt"].warnings)


def test_terms_and_their_source_are_part_of_the_result() -> None:
    result = with_model("google/gemma-3-4b-it")
    data = result.to_dict()["scenarios"][0]
    assert data["options"]["lora"]["licence"]["id"] == "gemma-terms"
    assert data["options"]["prompt"]["licence"] is None
    note = next(item["note"] for item in data["constants"] if item["key"] == "model/google/gemma-3-4b-it/parameters")
    assert "licence gemma-terms: https://ai.google.dev/gemma/terms (read 2026-11-28)" in note


def test_a_free_licence_gives_no_warning() -> None:
    assert not any("licence" in text for text in with_model("Qwen/Qwen3-8B").warnings)
