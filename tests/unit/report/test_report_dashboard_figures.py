"""Charts of cost, labels and upkeep show the numbers of the estimate they are drawn from."""

from importlib.resources import files

import numpy as np
import pytest

from estimator import Estimate, estimate, loads
from estimator.questions import learn, retrain, serving_of
from estimator.report.capital import budget_table, capital_table, formulas_table
from estimator.report.cost_figures import cost_waterfall, monthly_cost
from estimator.report.drawing import alt_text
from estimator.report.figures import cumulative_cost
from estimator.report.learning_figures import learning_curve
from estimator.report.numbers import money
from estimator.report.serving import latency_figure
from estimator.report.upkeep_figures import interval_costs, quality_upkeep, retirements

TRIAGE = (files("estimator.scenario") / "templates" / "triage.yaml").read_text(encoding="utf-8")
DRAWS = 200


@pytest.fixture(scope="module")
def triage() -> Estimate:
    return estimate(loads(TRIAGE), draws=DRAWS)


def test_the_steps_of_the_waterfall_add_up_to_the_cost(triage: Estimate) -> None:
    for name, option in triage.options.items():
        figure = cost_waterfall(triage, name)
        *steps, total = figure.data[0].y
        assert sum(steps) == pytest.approx(total)
        assert total == pytest.approx(option.standing.cost.central)
        assert money(total) in alt_text(figure)


def test_the_bars_of_the_months_add_up_to_the_ledger(triage: Estimate) -> None:
    for name, option in triage.options.items():
        months = sum(np.asarray(bar.y) for bar in monthly_cost(triage, name).data)
        np.testing.assert_allclose(months, option.ledger.monthly[0])


def test_only_chosen_options_are_drawn_and_keep_their_colour(triage: Estimate) -> None:
    everything = {trace.name: trace.line.color for trace in cumulative_cost(triage).data if trace.line.dash}
    chosen = {trace.name: trace.line.color for trace in cumulative_cost(triage, ["lora"]).data if trace.line.dash}
    assert chosen == {"lora": everything["lora"]}


def test_capital_and_budget_stand_as_in_the_json(triage: Estimate) -> None:
    data = triage.to_dict()["scenarios"][0]["options"]
    rows = {row[0]: row for row in capital_table(triage).rows}
    assert list(rows) == list(data)
    assert rows["prompt"][3] == "baseline"
    assert rows["lora"][3] == money(data["lora"]["cash_flow"]["against_baseline"]["npv_usd"]["p50"])
    budget = budget_table(triage, "lora").rows
    assert len(budget) == triage.scenario.horizon + 1
    assert budget[0][1] == money(data["lora"]["cash_flow"]["capex_by_month_usd"][0])
    assert len(formulas_table(triage, "lora").rows) == len(data["lora"]["lines"])


def test_the_learning_curve_shows_every_step_and_the_pilot() -> None:
    found = learn(loads(TRIAGE), draws=DRAWS)
    figure = learning_curve(found)
    for name, item in found.learning.items():
        (line,) = (trace for trace in figure.data if trace.name == name)
        assert list(line.y) == [step.quality[1] for step in item.steps]
    (pilot,) = (trace for trace in figure.data if trace.name == "measured in the pilot")
    assert list(pilot.y) == [point.quality.mode for point in found.scenario.task.pilot]


def test_the_interval_of_the_economic_policy_lies_near_the_bottom_of_the_curve() -> None:
    study = retrain(loads(TRIAGE), draws=DRAWS).retraining["lora"]
    figure = interval_costs(study)
    (both,) = (trace for trace in figure.data if trace.name == "both")
    assert min(both.y) >= study.best.total_usd * (1 - 1e-9)
    lost, spent = (next(t for t in figure.data if t.name == name) for name in ("value lost by waiting", "retraining"))
    np.testing.assert_allclose(np.add(lost.y, spent.y), both.y)
    assert money(study.costs[0].total_usd) in alt_text(figure)


def test_upkeep_shows_quality_and_every_retraining(triage: Estimate) -> None:
    figure = quality_upkeep(triage)
    (line,) = (trace for trace in figure.data if trace.name == "lora")
    assert list(line.y) == triage.options["lora"].outcome.quality[0].tolist()
    parts = triage.options["lora"].parts
    assert parts is not None
    times = (np.flatnonzero(parts.money.care.retrainings[0]) + 1).tolist()
    marks = [list(item.x) for item in retirements(triage).data if (item.hovertemplate or "").startswith("lora, retr")]
    assert marks == [times]


def test_latency_is_drawn_for_own_replicas_only(triage: Estimate) -> None:
    assert serving_of(triage, "prompt") is None
    plan = serving_of(triage, "lora")
    assert plan is not None
    answer = triage.options["lora"].parts.money.answer  # type: ignore[union-attr]
    assert plan.ask.gpu == answer.gpu  # type: ignore[union-attr]
    assert list(latency_figure(plan).data[0].x) == [at.requests_per_s for at in plan.curve]
