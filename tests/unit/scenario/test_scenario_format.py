"""The scenario format: quantities, composition, round trip, schema."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.errors import ScenarioError, UsageError
from estimator.scenario import Quantity, dumps, json_schema, load, loads
from estimator.scenario.reference import reference

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
BASE = """
name: Small
start: 2027-01
horizon: 12 months
workload: {requests_per_month: 1k, tokens: {prompt: 100, output: 10}}
task: {kind: classification}
options:
  base: {model: Qwen/Qwen3-8B, prompt: {few_shot_tokens: 500}, serving: {gpu: L4, gpus: 2}}
"""


@pytest.mark.parametrize(
    ("text", "kind", "low", "mode", "high"),
    [
        (3, "point", 3, 3, 3),
        ("63k", "point", 63e3, 63e3, 63e3),
        ("1.5M", "point", 1.5e6, 1.5e6, 1.5e6),
        ("8%", "point", 0.08, 0.08, 0.08),
        ("1e3", "point", 1000, 1000, 1000),
        ("1_000", "point", 1000, 1000, 1000),
        ("20k to 200k", "range", 20e3, 63245.55, 200e3),
        ("-5% to 5%", "range", -0.05, 0, 0.05),
        ("7 to 7", "point", 7, 7, 7),
        ({"low": 1, "mode": 2, "high": "6"}, "pert", 1, 2, 6),
        ({"low": 1, "high": 4, "source": "us"}, "range", 1, 2, 4),
        ({"value": "5k", "source": "us"}, "point", 5e3, 5e3, 5e3),
        ({"low": 1, "mode": 2, "high": 6, "shape": "pert"}, "pert", 1, 2, 6),
        ({"low": 1, "mode": 2, "high": 6, "shape": "triangular"}, "triangular", 1, 2, 6),
        ({"low": 1, "high": 4, "shape": "uniform"}, "uniform", 1, 2.5, 4),
        ({"low": 1, "high": 4, "shape": "range"}, "range", 1, 2, 4),
        ({"p5": "1k", "p50": "2k", "p95": "8k"}, "p5_p50_p95", 1e3, 2e3, 8e3),
        ({"p10": 1, "p50": 2, "p90": 8, "source": "us"}, "p10_p50_p90", 1, 2, 8),
        ({"values": [4, "1%", 2, 8]}, "discrete", 0.01, 2, 8),
        ({"values": [0.3, 0.1], "weights": [0.3, 0.7]}, "discrete", 0.1, 0.1, 0.3),
        ({"values": [3, 3], "source": "us"}, "point", 3, 3, 3),
    ],
)
def test_forms_of_a_quantity(text: object, kind: str, low: float, mode: float, high: float) -> None:
    quantity = Quantity.parse(text)
    assert quantity.kind == kind
    assert (quantity.low, quantity.mode, quantity.high) == pytest.approx((low, mode, high))
    if isinstance(text, dict) and "source" in text:
        assert quantity.source == "us"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", "not a number"),
        (True, "boolean"),
        (float("inf"), "finite"),
        (10**400, "finite"),
        ("5 to 2", "smaller number first"),
        ({"low": 1, "mode": 0, "high": 2}, "does not hold"),
        ({"low": 1}, "make no quantity"),
        ({"low": 1, "high": 2, "shape": "triangular"}, "shape 'triangular' is not one of range, uniform"),
        ({"low": 1, "mode": 1, "high": 2, "shape": "box"}, "shape 'box' is not one of pert, triangular"),
        ({"low": 1, "mode": 1, "high": 2, "shape": ["pert"]}, "is not one of pert, triangular"),
        ({"value": 1, "shape": "pert"}, "make no quantity"),
        ({"p5": 1, "p50": 2, "p90": 3}, "make no quantity"),
        ({"p5": 1, "p50": 0, "p95": 3}, "p5 ≤ p50 ≤ p95 does not hold"),
        ({"values": []}, "is not a list of numbers"),
        ({"values": "1 2"}, "is not a list of numbers"),
        ({"values": 5}, "is not a list of numbers"),
        ({"values": [1, "x"]}, "'x' is not a number"),
        ({"values": [1, float("nan")]}, "finite"),
        ({"values": [1, 2], "weights": [1]}, "2 values, but 1 weights"),
        ({"values": [1, 2], "weights": [1, 0]}, "weight 0 is not above 0"),
        ({"weights": [1, 2]}, "make no quantity"),
        ({1: 2}, "make no quantity"),
        ({"value": 1, "source": 5}, "source must be text"),
        (None, "not a number"),
        ([1], "not a number"),
        ("1 to 2 to 3", "not a number"),
        ("5kk", "not a number"),
    ],
)
def test_what_is_no_quantity(text: object, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        Quantity.parse(text)


finite = st.floats(min_value=1e-6, max_value=1e12, allow_nan=False)


@settings(max_examples=60)
@given(
    st.lists(finite, min_size=3, max_size=3), st.sampled_from(["point", "range", "pert"]), st.sampled_from(["", "us"])
)
def test_a_quantity_survives_its_own_text(numbers: list[float], kind: str, source: str) -> None:
    low, mode, high = sorted(numbers)
    written = {
        "point": {"value": mode, "source": source},
        "range": {"low": low, "high": high, "source": source},
        "pert": {"low": low, "mode": mode, "high": high, "source": source},
    }[kind]
    quantity = Quantity.parse(written)
    assert Quantity.parse(quantity.dump()) == quantity


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_load_dump_load_is_identity(path: Path) -> None:
    scenario = load(path)
    assert loads(dumps(scenario)) == scenario
    assert dumps(loads(dumps(scenario))) == dumps(scenario)


def test_extends_changes_only_what_is_written() -> None:
    scenario = loads(BASE + "  child: {extends: base, serving: {gpus: 4}}\n  bare: {extends: child, prompt: null}\n")
    child, bare = scenario.composed["child"], scenario.composed["bare"]
    assert child.model == "Qwen/Qwen3-8B"
    assert child.serving is not None
    assert (child.serving.gpu, child.serving.gpus) == ("L4", 4)
    assert child.prompt is not None
    assert bare.prompt is None
    assert bare.serving == child.serving


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("  a: {extends: a}\n", "circle: a → a"),
        ("  a: {extends: b}\n  b: {extends: a}\n", "circle"),
        ("  a: {extends: bse}\n", "did you mean 'base'"),
        ("  a: {prompt: {few_shot_tokens: 1}}\n", "options.a.model is missing"),
        ("  a: {extends: base, tuning: {method: lora}}\n", "options.a.tuning.labels is missing"),
        ("  a: {extends: base, retrieval: {documents: 5}}\n", "tokens_per_document is missing"),
        ("  a: {extends: base, tuning: {method: lora, labels: 5}, pretraining: {}}\n", "both tuning and pretraining"),
    ],
)
def test_options_that_cannot_be_composed(extra: str, expected: str) -> None:
    with pytest.raises(ScenarioError, match=expected):
        loads(BASE + extra)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "horizon:",
            "region: eu\nhorizon:",
            "'region'; it belongs at constraints.data_residency or options.NAME.region",
        ),
        ("horizon:", "growth: 2%\nhorizon:", "'growth'; it belongs at workload.growth"),
        ("horizon:", "horizn: 3\nhorizon:", "'horizn'; did you mean 'horizon'"),
    ],
)
def test_a_key_at_a_wrong_place_is_told_where_it_belongs(old: str, new: str, expected: str) -> None:
    with pytest.raises(ScenarioError, match=expected):
        loads(BASE.replace(old, new))


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("  a: {extends: base}\n  b: {extends: bse}\n", "line 10: options.b.extends names no option"),
        ("  a: {extends: base}\n  b:\n    extends: b\n", "line 11: options.b.extends goes in a circle"),
        (
            "  b:\n    stages:\n    - use: base\n    - use: bse\n      from: month 6\n",
            "line 12: options.b.stages.1.use",
        ),
    ],
)
def test_a_problem_between_fields_names_the_line_of_the_option(extra: str, expected: str) -> None:
    with pytest.raises(ScenarioError, match=f"^f.yaml: {expected}"):
        loads(BASE + extra, origin="f.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BASE.split("options:")[0] + "options: {}\n", "line 7: options is empty; add at least 1$"),
        (BASE.split("options:")[0] + "options:\n", "line 7: options is empty; write its keys below it$"),
        ("month,usd\n1,2\n", "f.csv: plain text, not a mapping with name"),
        ("- a\n", "f.csv: a list, not a mapping with name"),
        ("3\n", "f.csv: a single value, not a mapping with name"),
    ],
)
def test_what_is_no_scenario_is_told_in_plain_words(text: str, expected: str) -> None:
    with pytest.raises(ScenarioError, match=expected):
        loads(text, origin="f.csv")


def test_messages_name_the_line() -> None:
    with pytest.raises(ScenarioError, match=r"f.yaml: line 5: unknown key 'workload.requests'; did you mean"):
        loads(BASE.replace("requests_per_month", "requests"), origin="f.yaml")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("horizon: 12 months", "horizon: 3 years", None),
        *(
            (
                "horizon: 12 months",
                f"horizon: {text}",
                f"line 4: horizon: {said} is no number of whole months from 1 to",
            )
            for text, said in (("2.5 months", "'2.5 months'"), ("24 weeks", "'24 weeks'"), ("24m", "'24m'"), ("0", "0"))
        ),
        ("horizon: 12 months", 'horizon: "24 to 36"', "240; give e.g. 36 months or 3 years$"),
        ("start: 2027-01", "start: 2027-01-15", None),
        ("start: 2027-01", "start: 2027-13", "not a month"),
        ("name: Small", "name: Small\ncurrency: EUR", None),
        ("name: Small", "name: Small\ncurrency: euro", "currency"),
        ("name: Small", "name: Small\nusd_per_currency_unit: 1.1", "remove it"),
        ("name: Small", "name: ''", "name"),
        ("output: 10}", "output: 10, instructions: 200}", "exceeds workload.tokens.prompt"),
        ("gpus: 2", "gpus: 0", "gpus"),
    ],
)
def test_durations_dates_and_currencies(old: str, new: str, expected: str | None) -> None:
    assert old in BASE
    if expected is None:
        assert loads(BASE.replace(old, new)).horizon in {12, 36}
        return
    with pytest.raises(ScenarioError, match=expected):
        loads(BASE.replace(old, new))


def test_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        load(tmp_path / "nope.yaml")
    with pytest.raises(UsageError, match="is a folder"):
        load(tmp_path)
    file = tmp_path / "small.yaml"
    file.write_text(BASE, encoding="utf-8")
    assert load(file).name == "Small"


def test_schema_and_reference_know_every_field() -> None:
    schema = json_schema()
    definitions = schema["$defs"]
    assert definitions["Tuning"]["additionalProperties"] is False
    assert {"method", "labels", "annotation", "rank"} <= set(definitions["Tuning"]["properties"])
    fields = reference()
    for key in ("workload.tokens.prompt", "task.kind", "tuning.annotation.minutes", "serving.owned.purchase_usd"):
        assert key in fields
    assert fields["workload.growth"].limits is not None
    units = {field.limits.unit for field in fields.values() if field.limits}
    assert {"share", "tokens", "USD", "hours", "months"} <= units


def test_every_field_says_what_it_means_and_what_may_stand_there() -> None:
    fields = reference()
    for field in fields.values():
        assert len(field.description) > 8, field.key
        assert field.limits or field.kind, field.key
    kinds = {key: field.kind for key, field in fields.items()}
    assert kinds["task.narrow"] == kinds["serving.autoscale"] == "true or false"
    assert kinds["money"] == "one of nominal, real"
    assert kinds["task.domain"] == "one of general, specialised, deep"
    assert kinds["prices_on"] == "day, e.g. 2027-01-31"
    assert kinds["horizon"] == "text, e.g. 36 months"
    assert kinds["launch_month"] == "whole number from 0 to 239"
    assert kinds["workload.growth"] == "[-0.5, 1] per month"
    assert fields["serving.precision"].default == "bf16"
    assert fields["serving.merged_adapter"].default == "true"
    assert not fields["template"].default


@pytest.mark.parametrize(
    "text",
    [
        "horizon: '" + "1" * 50_000 + "x'",
        "horizon: '" + " " * 50_000 + "months'",
        "workload: {growth: '" + " to " * 30_000 + "'}",
        "upkeep: {retrain: '" + "every " * 20_000 + "'}",
        "[" * 20_000,
        "a: [" + "1," * 30_000 + "1]",
    ],
    ids=["digits", "spaces", "range", "policy", "brackets", "values"],
)
def test_hostile_text_is_refused_in_bounded_time(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ScenarioError):
        loads(text)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("growth", "value"),
    [
        ("{values: [2%, 700%]}", "7 is outside"),
        ("{p5: -200%, p50: 0, p95: 1%}", "-2 is outside"),
        ("{low: 0, high: 900%, shape: uniform}", "9 is outside"),
        ("{low: 0, mode: 1%, high: 900%, shape: triangular}", "9 is outside"),
    ],
)
def test_every_value_a_distribution_may_take_must_be_allowed(growth: str, value: str) -> None:
    with pytest.raises(ScenarioError, match=f"line 5: workload.growth: {value}"):
        loads(BASE.replace("1k,", f"1k, growth: {growth},"))


def test_the_schema_knows_every_form() -> None:
    forms = json_schema()["$defs"]["Workload"]["properties"]["requests_per_month"]["anyOf"][-1]["properties"]
    assert {"low", "p5", "p90", "values", "weights", "shape"} <= set(forms)
    assert forms["shape"]["enum"] == ["range", "uniform", "pert", "triangular"]
