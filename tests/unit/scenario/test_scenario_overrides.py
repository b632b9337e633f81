"""Values that stand before those of a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from estimator import EstimatorError, dumps, estimate, load, loads
from estimator.errors import ScenarioError, UsageError
from estimator.scenario import parse_overrides, to_data, with_overrides

TRIAGE = Path(__file__).parents[3] / "examples" / "triage.yaml"


def test_an_override_is_what_the_file_could_have_said() -> None:
    changed = load(TRIAGE, overrides={"workload.requests_per_month": "63k", "horizon": 24})
    assert changed.workload.requests_per_month.mode == 63_000
    assert changed.horizon == 24
    assert changed.task == load(TRIAGE).task
    assert loads(dumps(changed)) == changed


def test_a_list_item_a_part_of_a_range_and_an_inherited_key() -> None:
    overrides = {
        "task.pilot.0.quality": "60%",
        "task.value_per_success.mode": 0.3,
        "options.qlora.tuning.labels": 2000,
        "options.big": {"extends": "lora", "tuning": {"labels": "5k"}},
        "escalation.inference.gpu": "3%",
    }
    changed = load(TRIAGE, overrides=overrides)
    assert [point.quality.mode for point in changed.task.pilot] == [0.6, 0.83, 0.86]
    worth = changed.task.value_per_success
    assert worth is not None
    assert (worth.low, worth.mode, worth.high) == (0.1, 0.3, 0.6)
    labels = {name: option.tuning.labels.mode for name, option in changed.composed.items() if option.tuning}
    assert labels == {"lora": 3000, "qlora": 2000, "lora_rag": 3000, "big": 5000}
    assert changed.escalation["inference.gpu"].mode == 0.03


def test_what_was_given_stays_as_it_is() -> None:
    shared = {"low": 1, "high": 2}
    data: dict[str, Any] = {"task": {"value_per_success": shared, "cost_per_error": shared}}
    changed = with_overrides(data, {"task.value_per_success.high": 3}, sourced=False)
    assert changed["task"] == {"value_per_success": {"low": 1, "high": 3}, "cost_per_error": {"low": 1, "high": 2}}
    assert shared == {"low": 1, "high": 2}


def test_every_number_of_an_override_says_where_it_comes_from() -> None:
    overrides = {
        "workload.requests_per_month": "63k",
        "workload.tokens": {"prompt": 500, "output": {"value": 30, "source": "log"}},
        "task.cost_per_error.mode": 0.9,
    }
    changed = load(TRIAGE, overrides=overrides, flag="--set")
    items = {item.key: item for item in estimate(changed, draws=2).inputs}
    assert items["workload.requests_per_month"].origin == "yours"
    assert items["workload.requests_per_month"].source == "--set workload.requests_per_month"
    assert items["workload.tokens.prompt"].source == "--set workload.tokens"
    assert items["workload.tokens.output"].source == "log"
    assert items["task.cost_per_error"].source == "--set task.cost_per_error.mode"
    assert items["task.value_per_success"].source == "scenario file"


def test_values_are_read_as_in_a_file() -> None:
    texts = ["a.b=63k", "c={low: 0.1, mode: 0.3, high: 1}", "d=2 to 3", "e = [1, 2]", "f=true", "g=x=y"]
    assert parse_overrides(texts) == {
        "a.b": "63k",
        "c": {"low": 0.1, "mode": 0.3, "high": 1},
        "d": "2 to 3",
        "e": [1, 2],
        "f": True,
        "g": "x=y",
    }


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("workload.request_per_month=3", ScenarioError, "did you mean 'workload.requests_per_month'"),
        ("requests_per_month=3", ScenarioError, "did you mean 'workload.requests_per_month'"),
        ("options.lorra.tuning.labels=3", ScenarioError, "did you mean 'options.lora.tuning.labels'"),
        ("options.lora.tuning.label=3", ScenarioError, "did you mean 'options.lora.tuning.labels'"),
        ("zzz=3", ScenarioError, "no such key"),
        ("task.pilot.3.quality=3", ScenarioError, "give an index from 0 to 2"),
        ("task.pilot.x=3", ScenarioError, "give an index from 0 to 2"),
        ("correlations.0.rank=0.3", ScenarioError, "there is no such list"),
        ("task.kind.x=3", ScenarioError, "end the path before 'x'"),
        ("task.minimum_quality.low=3", ScenarioError, "set it as a whole"),
        ("workload.requests_per_month=-1", ScenarioError, "--set workload.requests_per_month: -1 is outside"),
        ("workload={tokens: 3}", ScenarioError, "--set workload: workload.requests_per_month is missing"),
        ("task.kind=poetry", ScenarioError, "--set task.kind: 'poetry' is not one of"),
        ("options.lora.launch_month=40", ScenarioError, "with --set options.lora.launch_month"),
        ("horizon=[", ScenarioError, "--set horizon: line 1: not valid YAML"),
        ("horizon", UsageError, "is not PATH=VALUE"),
        ("horizon=", UsageError, "is not PATH=VALUE"),
        ("=3", UsageError, "is not PATH=VALUE"),
        (".=3", ScenarioError, "no such key"),
        ("a" * 300 + "=3", ScenarioError, "no such key"),
    ],
)
def test_messages_name_the_flag_and_the_field(text: str, kind: type[EstimatorError], words: str) -> None:
    with pytest.raises(kind) as caught:
        load(TRIAGE, overrides=parse_overrides([text], flag="--set"), flag="--set")
    assert words in str(caught.value)
    assert str(caught.value).startswith(("--set", str(TRIAGE)))
    assert len(str(caught.value)) < 400


def test_a_path_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="horizon is given twice"):
        parse_overrides(["horizon=3", "horizon=4"])


def test_a_mistake_of_the_file_is_not_blamed_on_the_flag() -> None:
    data = to_data(load(TRIAGE))
    data["task"]["kind"] = "poetry"
    with pytest.raises(ScenarioError, match=r"^scenario: line") as caught:
        loads(json.dumps(data), overrides={"horizon": 3})
    assert "override" not in str(caught.value)


def test_text_that_is_no_scenario_stays_an_error() -> None:
    with pytest.raises(ScenarioError):
        loads("[1, 2]", overrides={"horizon": 3})
    with pytest.raises(ScenarioError, match="workload"):
        loads("workload: 3", overrides={"workload.growth": 3})
