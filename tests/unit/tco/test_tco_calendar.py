"""Launch, moving prices, real money and the books, line by line."""

import re
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from estimator import estimate, learn, loads, retrain
from estimator.errors import ScenarioError, UnknownNameError
from estimator.explaining import explain
from estimator.results import Estimate, OptionEstimate
from estimator.tco import CATEGORIES, Line, treatment_of
from estimator.tco.calendar import RETRIEVAL_ITEMS

ROOT = Path(__file__).resolve().parents[3]
BASE = """
name: Cash
start: 2027-01
horizon: 24 months
discount_rate: 10%
workload: {requests_per_month: 100k, tokens: {prompt: 700, output: 50}}
task: {kind: classification, value_per_success: 0.2, cost_per_error: 0.4}
options:
  prompt: {model: openai/gpt-6-luna}
  rag: {extends: prompt, retrieval: {documents: 4k, tokens_per_document: 300, churn: 5%}}
  lora:
    model: Qwen/Qwen3-8B
    tuning: {method: lora, labels: 1000}
    serving: {mode: self_hosted, gpu: L4}
"""
DRAWS = 30


def run(more: str = "", text: str = BASE) -> Estimate:
    return estimate(loads(text + more), draws=DRAWS)


def monthly(option: OptionEstimate, key: str) -> np.ndarray:
    ledgers = (option.outcome.costs, option.outcome.benefits)
    found = next(line for ledger in ledgers for line in ledger.lines if line.key == key)
    return np.broadcast_to(found.monthly, (DRAWS + 1, found.monthly.shape[1]))


@pytest.fixture(scope="module")
def plain() -> Estimate:
    return run()


def test_zeros_that_are_written_change_no_figure(plain: Estimate) -> None:
    text = BASE.replace("tokens:", "ramp_months: 0, ramp_share: 0.5, tokens:").replace(
        "prompt: {model", "prompt: {launch_month: 0, model"
    )
    zeros = run("escalation: {labour: 0, gpu: 0, operations: 0}\nmoney: real\ninflation: 0\n", text)
    for name, option in plain.options.items():
        np.testing.assert_array_equal(zeros.options[name].ledger.monthly, option.ledger.monthly)
        np.testing.assert_array_equal(zeros.options[name].outcome.net_benefit, option.outcome.net_benefit)


def test_the_most_exact_name_of_an_escalation_counts(plain: Estimate) -> None:
    moved = run("escalation: {labour: 3%, operations: 12%, operations.retrieval: -6%, inference: 50%, gpu: -10%}\n")
    years = np.maximum(np.arange(25) - 1, 0) / 12
    rates = {
        ("rag", "operations.retrieval"): -0.06,
        ("rag", "operations.prompt"): 0.03,
        ("prompt", "evaluation.checks"): 0.03,
        ("prompt", "inference.output"): 0.50,
        ("lora", "inference.gpu"): -0.10,
        ("lora", "inference.overhead"): -0.10,
        ("prompt", "evaluation.judge"): 0.0,
        ("prompt", "value.correct"): 0.0,
        ("lora", "data.labelling"): 0.03,
    }
    for (name, key), rate in rates.items():
        before, after = (monthly(result.options[name], key) for result in (plain, moved))
        np.testing.assert_allclose(after, before * (1 + rate) ** years, rtol=1e-12)
        np.testing.assert_array_equal(after[:, :2], before[:, :2])


def test_a_default_group_gives_way_to_a_category_that_is_written(plain: Estimate) -> None:
    moved = run("escalation: {operations: 12%}\n").options["prompt"]
    last = monthly(moved, "operations.prompt")[:, -1] / monthly(plain.options["prompt"], "operations.prompt")[:, -1]
    np.testing.assert_allclose(last, 1.12 ** (23 / 12))


def test_an_uncertain_escalation_has_its_own_futures_and_its_line_in_the_inputs() -> None:
    moved = run('escalation: {labour: "-2% to 8%", gpu: "-34% to 33%"}\n')
    inputs = {item.key: item for item in moved.inputs}
    labour, gpu = inputs["escalation.labour"], inputs["escalation.gpu"]
    assert labour.origin == gpu.origin == "yours"
    assert labour.central == pytest.approx(0.03)
    assert abs(np.corrcoef(labour.value, gpu.value)[0, 1]) < 0.5
    assert np.ptp(monthly(moved.options["prompt"], "operations.prompt")[1:, -1]) > 0


def test_lines_sum_to_the_total_in_every_future_and_month() -> None:
    text = BASE.replace("tokens:", 'growth: 2%, ramp_months: "3 to 9", ramp_share: 0.2, tokens:').replace(
        "lora:\n", "lora:\n    launch_month: 5\n"
    )
    moved = run('escalation: {labour: "0% to 8%", gpu: -10%}\nmoney: real\ninflation: "1% to 4%"\n', text)
    for option in moved.options.values():
        for ledger in (option.outcome.costs, option.outcome.benefits):
            summed = sum(np.broadcast_to(line.monthly, (DRAWS + 1, 25)) for line in ledger.lines)
            monthly = np.broadcast_to(ledger.monthly, (DRAWS + 1, 25))
            np.testing.assert_allclose(monthly[0], summed[0], rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(monthly, summed, rtol=1e-7, atol=1e-9)  # futures are held in single precision
            np.testing.assert_allclose((summed * ledger.factors).sum(axis=1), ledger.present_value, rtol=1e-9)
            np.testing.assert_allclose(summed.sum(axis=1), ledger.total, rtol=1e-9)


def test_real_money_is_nominal_money_deflated_and_worth_the_same() -> None:
    more = "escalation: {labour: 3%}\ninflation: 2.5%\n"
    nominal, real = run(more), run(more + "money: real\n")
    for name, option in nominal.options.items():
        deflated = option.ledger.monthly / 1.025 ** (np.arange(25) / 12)
        np.testing.assert_allclose(real.options[name].ledger.monthly, deflated, rtol=2e-7)  # single precision
        np.testing.assert_allclose(real.options[name].outcome.net_benefit, option.outcome.net_benefit)
        months = (real.options[name].standing.break_even_month, option.standing.break_even_month)
        np.testing.assert_equal(*(None if month is None else astuple(month) for month in months))


def test_a_ramp_scales_what_follows_the_volume_and_nothing_else(plain: Estimate) -> None:
    ramped = run(text=BASE.replace("tokens:", "ramp_months: 4, ramp_share: 20%, tokens:"))
    share = np.concatenate(([1.0, 0.4, 0.6, 0.8], np.ones(21)))
    for key, factor in (("inference.output", share), ("value.correct", share), ("operations.prompt", 1.0)):
        before, after = (monthly(result.options["prompt"], key) for result in (plain, ramped))
        np.testing.assert_allclose(after, before * factor)


def test_a_late_launch_has_no_money_between_preparation_and_its_first_request(plain: Estimate) -> None:
    late = run(text=BASE.replace("lora:\n", "lora:\n    launch_month: 5\n")).options["lora"]
    soon = plain.options["lora"]
    assert not late.outcome.costs.monthly[:, 1:6].any()
    assert not late.outcome.benefits.monthly[:, 1:6].any()
    np.testing.assert_allclose(late.outcome.costs.monthly[:, 0], soon.outcome.costs.monthly[:, 0])
    np.testing.assert_allclose(monthly(late, "inference.gpu")[:, 6:], monthly(soon, "inference.gpu")[:, 1:20])
    assert not late.outcome.requests[:, :5].any()
    np.testing.assert_allclose(late.outcome.quality[:, 5], soon.outcome.quality[:, 0])
    assert late.standing.quality.p50 >= soon.standing.quality.p50 - 0.02  # months without answers are no wrong answers


def test_a_late_launch_meets_the_volume_and_the_prices_of_its_day() -> None:
    grown = BASE.replace("tokens:", "growth: 2%, tokens:")
    late = run("escalation: {inference: 12%}\n", grown.replace("prompt: {model", "prompt: {launch_month: 6, model"))
    soon = run("escalation: {inference: 12%}\n", grown)
    found, expected = (monthly(result.options["prompt"], "inference.output")[:, 7:] for result in (late, soon))
    np.testing.assert_allclose(found, expected)


def test_questions_about_an_option_that_starts_late_look_at_its_live_months() -> None:
    late = loads(BASE.replace("lora:\n", "lora:\n    launch_month: 5\n"))
    [study] = retrain(late, draws=5).retraining.values()
    assert study.case.months == 19
    assert learn(late, draws=5).learning.keys() == {"lora"}


def test_a_known_shutdown_stays_on_its_day_when_the_launch_moves() -> None:
    tuned = """
  managed:
    model: openai/gpt-4.1-mini-2025-04-14
    tuning: {method: managed, labels: 500}
    upkeep: {model_life_months: 200, platform_closes: 2028-01-01}
"""
    soon = run(text=BASE + tuned).options["managed"]
    late = run(text=BASE + tuned.replace("tuning:", "launch_month: 4\n    tuning:")).options["managed"]
    moved = [np.flatnonzero(monthly(option, "migration.forced")[0]) for option in (soon, late)]
    assert [int(months[0]) for months in moved] == [12, 12]


def test_names_that_no_cost_has_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"cost in escalation 'labor'; did you mean 'labour'"):
        run("escalation: {labor: 3%}\n")
    with pytest.raises(UnknownNameError, match=r"cost in capitalise 'xyzzy'; give a category"):
        run("capitalise: [xyzzy]\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("discount_rate: 10%", "discount_rate: 10%\nmoney: real", "money: real needs inflation"),
        ("discount_rate: 10%", "discount_rate: 10%\nescalation: {labour: 400%}", "outside [-0.9, 2] per year"),
        ("tokens:", "ramp_share: 50%, tokens:", "without workload.ramp_months"),
        ("tokens:", "ramp_months: 300, tokens:", "outside [0, 240] months"),
        ("prompt: {model", "prompt: {launch_month: 24, model", "options.prompt.launch_month: 24 is not before the end"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        loads(BASE.replace(old, new))


def test_what_is_paid_once_is_one_off_and_what_builds_is_capitalised(plain: Estimate) -> None:
    lines = {line.key: line for option in plain.options.values() for line in option.ledger.lines}
    for key in ("build.tuning", "data.labelling", "training.kept_run", "evaluation.set"):
        assert (lines[key].nature, lines[key].treatment) == ("one_off", "capex")
    for key in ("retrieval.corpus",):
        assert (lines[key].nature, lines[key].treatment) == ("one_off", "opex")
    for key in ("inference.gpu", "operations.prompt", "retraining.compute"):
        assert (lines[key].nature, lines[key].treatment) == ("recurring", "opex")
    flow = plain.to_dict()["scenarios"][0]["options"]["lora"]["cash_flow"]
    total = plain.options["lora"].ledger.total[0]
    assert flow["capex_usd"]["central"] + flow["opex_usd"]["central"] == pytest.approx(total)
    assert flow["one_off_usd"]["central"] + flow["recurring_usd"]["central"] == pytest.approx(total)
    assert sum(flow["capex_by_month_usd"]) + sum(flow["opex_by_month_usd"]) == pytest.approx(total)


def test_the_books_follow_the_scenario_and_the_owner_of_the_gpus() -> None:
    line = Line("inference.gpu", "GPUs", "inference", "replica-hour", 1.0, np.ones((1, 3)))
    assert treatment_of(line, capitalised=None, owned=True) == "capex"
    assert treatment_of(line, capitalised=(), owned=True) == "opex"
    assert treatment_of(line, capitalised=("gpu",), owned=False) == "capex"
    chosen = run("capitalise: [operations, build.prompt]\n").options["lora"].ledger.lines
    assert {line.category for line in chosen if line.treatment == "capex"} == {"operations", "build"}


def test_every_item_of_a_retrieval_bill_can_be_escalated() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "estimator/retrieval").glob("*.py"))
    named = set(re.findall(r'\b(?:once|monthly|per_query)\(\s*"([a-z_]+)"', source))
    assert len(named) > 20
    assert named == set(RETRIEVAL_ITEMS)
    assert "retrieval" in CATEGORIES


def test_quantity_times_price_times_index_is_the_amount() -> None:
    moved = run("escalation: {labour: 3%, inference: -20%}\ninflation: 2%\nmoney: real\n")
    for option in moved.to_dict()["scenarios"][0]["options"].values():
        for line in option["lines"]:
            amount = line["quantity"] * line["unit_usd"] * line["price_index"]
            assert amount == pytest.approx(line["amount_usd"]["central"], rel=1e-9, abs=1e-9), line["key"]


def test_explain_names_the_escalation_among_the_inputs_of_a_line() -> None:
    scenario = loads(BASE + 'escalation: {operations.prompt: "0% to 6%"}\n')
    [line] = explain(scenario, key="operations.prompt", draws=DRAWS).lines
    assert "escalation.operations.prompt" in {item.key for item in line.inputs}
    [item] = explain(scenario, key="escalation.operations.prompt", draws=DRAWS).inputs
    assert {move.key for move in item.moves} == {"operations.prompt"}
