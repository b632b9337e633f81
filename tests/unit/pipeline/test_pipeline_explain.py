"""Nothing in a result is without provenance, and what an input moves is what a run with it moves."""

from pathlib import Path

import pytest

from estimator import estimate, load, load_catalog
from estimator.errors import UnknownNameError
from estimator.explaining import explain, plain_key
from estimator.report.explain import explain_sheet
from estimator.report.sheet import SHEET_FORMATS
from estimator.results import Estimate
from estimator.scenario import Scenario, loads
from estimator.tco import formula_of

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))
SCENARIO = """
name: small
start: 2026-11
prices_on: 2026-11-22
horizon: 12 months
workload: {requests_per_month: 10k to 30k, growth: 0, tokens: {instructions: 2000, prompt: 2100, output: 50}}
task: {kind: classification, value_per_success: 0.1, cost_per_error: 0.2}
options:
  prompt: {model: openai/gpt-6-luna}
  lora: {model: Qwen/Qwen3-8B, tuning: {method: lora, labels: 500}}
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return loads(SCENARIO)


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def result(request: pytest.FixtureRequest) -> Estimate:
    return estimate(load(request.param), draws=2)


def test_no_number_is_without_provenance(result: Estimate) -> None:
    data = result.to_dict()["scenarios"][0]
    for item in (*data["inputs"], *data["constants"]):
        assert item["origin"] in {"yours", "preset", "default", "catalog"}, item
        assert item["source"], item
        assert item["unit"], item
        assert item["basis"] in {"given", "measured", "published", "judgement"}, item
        assert item["on"] or item["origin"] == "yours", item


def test_constants_hold_rooms_devices_and_models_once(result: Estimate) -> None:
    keys = [item.key for item in result.constants]
    assert len(keys) == len(set(keys))
    assert not set(keys) & {item.key for item in result.inputs}
    for start in ("memory.", "training.", "serving.", "labels.", "upkeep.", "decision.", "accelerator/", "model/"):
        assert any(key.startswith(start) for key in keys), start


def test_every_rented_gpu_names_its_device(result: Estimate) -> None:
    rented = [item.key for item in result.inputs if item.key.startswith("gpu/")]
    keys = {item.key for item in result.constants}
    assert rented
    for row_id in rented:
        device = load_catalog().row(row_id, result.on).attributes["gpu"]
        assert f"accelerator/{device}/usable_memory" in keys


def test_every_line_names_a_formula_and_its_inputs(result: Estimate) -> None:
    for option in result.options.values():
        for line in option.lines_data():
            formula = formula_of(line["key"])
            assert line["formula"] == formula.text
            assert any(formula.uses(plain_key(item.key)) for item in result.inputs), line["key"]


def test_figures_of_a_chosen_labeller_are_marked_as_preset() -> None:
    text = SCENARIO.replace("labels: 500", "labels: 500, annotation: {labeller: llm}")
    origins = {item.key: item.origin for item in estimate(loads(text), draws=2).inputs}
    assert origins["labeller/llm/annotators"] == "preset"


def test_an_unknown_line_has_no_formula() -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'inference\.output'"):
        formula_of("inference.outputs")


def test_an_uncertain_input_is_moved_to_its_ends(scenario: Scenario) -> None:
    story = explain(scenario, key="workload.requests_per_month", draws=20).inputs[0]
    assert (story.low, story.high) == (10_000, 30_000)
    assert story.item.origin == "yours"
    assert story.default is None
    output = next(move for move in story.moves if (move.option, move.key) == ("prompt", "inference.output"))
    assert output.low_usd is not None
    assert output.high_usd is not None
    assert output.high_usd / output.low_usd == pytest.approx(3.0)


def test_a_certain_price_is_moved_ten_percent_and_moves_its_line_as_much(scenario: Scenario) -> None:
    story = explain(scenario, key="token/openai/gpt-6-luna/output", draws=20).inputs[0]
    move = next(item for item in story.moves if item.key == "inference.output")
    assert move.low_usd == pytest.approx(0.9 * move.usd)
    assert move.high_usd == pytest.approx(1.1 * move.usd)
    assert not any(item.key.startswith("operations") for item in story.moves)


def test_the_rent_of_a_gpu_moves_what_runs_on_it(scenario: Scenario) -> None:
    keys = [item.key for item in explain(scenario, draws=2).keys if item.key.startswith("gpu/")]
    moved = {move.key for key in keys for move in explain(scenario, key=key, draws=2).inputs[0].moves}
    assert {"inference.gpu", "training.kept_run"} <= moved


def test_a_default_tells_its_row_and_its_table(scenario: Scenario) -> None:
    story = explain(scenario, key="serving.peak_to_mean", draws=2).inputs[0]
    assert story.table == "pricing/defaults/serving.csv"
    assert story.default is not None
    assert story.default.mode == story.item.central


def test_a_key_without_its_option_finds_it(scenario: Scenario) -> None:
    stories = explain(scenario, key="tuning.labels", draws=2).inputs
    assert [story.item.key for story in stories] == ["options.lora.tuning.labels"]
    assert (stories[0].low, stories[0].high) == (pytest.approx(450), pytest.approx(550))


def test_a_constant_is_told_but_not_moved(scenario: Scenario) -> None:
    story = explain(scenario, key="training.matmul_efficiency", draws=2).inputs[0]
    assert not story.moves
    assert "constant" in story.note
    assert story.table == "pricing/constants/training.csv"


def test_a_line_is_quantity_times_price(scenario: Scenario) -> None:
    answer = explain(scenario, key="build.prompt", draws=50)
    (line,) = answer.lines
    assert {amount.option for amount in line.amounts} == {"prompt", "lora"}
    for amount in line.amounts:
        assert amount.quantity * amount.unit_usd == pytest.approx(amount.usd.central)
    assert {item.key for item in line.inputs} == {"prompt.build_hours", "labour/ml_engineer"}


def test_a_line_names_only_the_gpu_that_it_rents(scenario: Scenario) -> None:
    (line,) = explain(scenario, key="inference.gpu", draws=2).lines
    rents = [item.key for item in line.inputs if item.key.startswith("gpu/")]
    assert len(rents) == 1


def test_one_option_shows_only_its_own(scenario: Scenario) -> None:
    answer = explain(scenario, option="prompt", draws=2)
    assert {amount.option for amount in answer.amounts} == {"prompt"}
    assert not any(item.key.startswith("options.lora") for item in answer.keys)
    with pytest.raises(UnknownNameError, match="unknown option 'promt'; did you mean 'prompt'"):
        explain(scenario, option="promt", draws=2)


def test_an_unknown_key_offers_the_nearest(scenario: Scenario) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'workload\.growth'"):
        explain(scenario, key="workload.growt", draws=2)


def test_a_pinned_value_changes_only_the_run_it_is_given_to(scenario: Scenario) -> None:
    before = estimate(scenario, draws=2).to_dict()
    pinned = estimate(scenario, draws=2, pinned={"labour/ml_engineer": 200.0})
    assert next(item.central for item in pinned.inputs if item.key == "labour/ml_engineer") == 200.0
    assert estimate(scenario, draws=2).to_dict() == before


@pytest.mark.parametrize("form", SHEET_FORMATS)
@pytest.mark.parametrize("key", [None, "task.retry_share", "inference.gpu"])
def test_every_format_shows_every_kind(scenario: Scenario, form: str, key: str | None) -> None:
    text = SHEET_FORMATS[form](explain_sheet(explain(scenario, key=key, draws=2)))
    assert (key or "inference.gpu") in text.replace("\\_", "_")  # Markdown escapes it
