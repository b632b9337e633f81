"""Templates: every size loads, estimates and says where its values come from."""

import re

import pytest

from estimator import estimate, loads
from estimator.errors import ScenarioError
from estimator.results import Estimate
from estimator.scenario import Scenario
from estimator.scenario.templates import NAMES, SIZES, about, starter, template_text

SIZE_NAMES = ("small", "medium", "large")
EVERY = [(name, size) for name in NAMES for size in SIZE_NAMES]
FEW = 300


def _text(name: str, size: str) -> str:
    return starter(name, size)  # type: ignore[arg-type]


def _verdict(found: Estimate) -> str | None:
    return found.decision.verdict.best


@pytest.mark.parametrize(("name", "size"), EVERY)
def test_every_size_gives_a_verdict_from_presets_alone(name: str, size: str) -> None:
    scenario = loads(_text(name, size))
    assert scenario.template == f"{name}, {size}"
    found = estimate(scenario, draws=FEW)
    assert _verdict(found) in found.options
    origins = {item.origin for item in found.inputs}
    assert origins == {"preset", "default", "catalog"}
    assert all(item.basis == "judgement" for item in found.inputs if item.origin == "preset")


@pytest.mark.parametrize(("name", "size"), EVERY)
def test_comments_stay_and_say_that_it_is_a_preset(name: str, size: str) -> None:
    text = _text(name, size)
    head = text[: text.index("name:")]
    assert "to be replaced by your own" in head
    assert text.count("#") >= template_text(name).count("#")
    assert len(about(name)) > 20


@pytest.mark.parametrize("name", NAMES)
def test_sizes_differ_by_volume_documents_and_labels_alone(name: str) -> None:
    small, medium, large = (_text(name, size) for size in SIZE_NAMES)
    scenario = loads(medium)
    assert _unmarked(medium) == _unmarked(template_text(name))
    for other in (small, large):
        changed = [(old, new) for old, new in zip(medium.splitlines(), other.splitlines(), strict=True) if old != new]
        body = [old for old, _ in changed if not old.startswith(("#", "template:"))]
        assert body
        assert all(re.search(r"\b(requests_per_month|documents|labels): ", old) for old in body)
    volumes = [loads(text).workload.requests_per_month.mode for text in (small, medium, large)]
    assert volumes == sorted(volumes)
    assert scenario.workload.requests_per_month.mode / volumes[0] >= 5
    assert {key for key, *_ in SIZES[name]} == {"requests_per_month", "documents", "labels"}
    for key, *values in SIZES[name]:
        for text, value in zip((small, medium, large), values, strict=True):
            assert f"{key}: {value}" in text


def _unmarked(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(("#", "template:"))]


def test_a_changed_value_counts_as_yours() -> None:
    text = _text("triage", "medium")
    mine = loads(text.replace("growth: 2%", "growth: 4%").replace("quality: 0.86", "quality: 0.87"))
    origins = {item.key: item.origin for item in estimate(mine, draws=FEW).inputs}
    assert origins["workload.growth"] == "yours"
    assert origins["workload.requests_per_month"] == "preset"
    assert origins["task.pilot.quality_at_400_labels"] == "yours"
    assert origins["task.pilot.quality_at_200_labels"] == "preset"
    assert origins["task.pilot.fitted_floor"] == "yours"
    assert origins["options.lora.tuning.labels"] == "preset"


def test_without_the_line_every_value_is_yours() -> None:
    written = loads(_text("triage", "medium")).model_copy(update={"template": None})
    assert isinstance(written, Scenario)
    assert {item.origin for item in estimate(written, draws=FEW).inputs} == {"yours", "default", "catalog"}


def test_small_teams_rather_prompt_and_each_template_has_its_point() -> None:
    best = {(name, size): _verdict(estimate(loads(_text(name, size)), draws=2000)) for name, size in EVERY}
    assert best["triage", "small"] == "prompt"
    assert best["triage", "large"] == "lora_rag"
    assert {best["policy-assistant", size] for size in SIZE_NAMES} == {"rag"}
    assert best["brand-voice", "small"] == "prompt"
    assert best["brand-voice", "large"] == "managed"
    assert best["code-assistant", "small"] == "prompt"


@pytest.mark.parametrize("given", ["triage", "triage, tiny", "nothing, small", "", "triage,small"])
def test_an_unknown_template_is_refused(given: str) -> None:
    with pytest.raises(ScenarioError, match="template"):
        loads(template_text("triage").replace("name:", f"template: '{given}'\nname:", 1))
