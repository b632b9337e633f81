"""Sheets and figures of training plans."""

from datetime import date

import pytest

from estimator.catalog import load_catalog
from estimator.planning import Futures, TrainingAnswer, plan_training, training_scenario
from estimator.report import SHEET_FORMATS
from estimator.report.plans import considered_table
from estimator.report.training import plan_sheet, train_sheet
from estimator.report.training_figures import price_against_time, time_of_a_run
from estimator.training import Bounds
from estimator.units import central


def ask(**limits: float) -> TrainingAnswer:
    scenario = training_scenario(
        model="Qwen/Qwen3-8B", method="lora", on=date(2026, 11, 22), catalog=load_catalog(), tokens=5e6
    )
    return plan_training(scenario, bounds=Bounds(**limits), futures=Futures(draws=50))


@pytest.fixture(scope="module")
def answer() -> TrainingAnswer:
    return ask()


@pytest.mark.parametrize("form", SHEET_FORMATS)
def test_every_format_renders_also_without_a_plan(answer: TrainingAnswer, form: str) -> None:
    for given in (answer, ask(deadline_hours=1e-3)):
        for sheet in (train_sheet(given), plan_sheet(given)):
            text = SHEET_FORMATS[form](sheet)
            assert "NaN" not in text
            assert "nan" not in text.replace("finance", "")
            assert "Infinity" not in text


def test_exactly_one_plan_is_marked_and_the_others_say_why_not(answer: TrainingAnswer) -> None:
    table = considered_table(answer.planned.plan)
    marks = [row[-2] for row in table.rows]
    assert marks[0] == "✔"
    assert marks.count("✔") == 1
    assert all("costs" in row[-1] for row in table.rows[1:])


def test_the_figures_draw_what_the_plan_says(answer: TrainingAnswer) -> None:
    plan, run = answer.planned.plan, answer.planned.run
    assert plan.chosen is not None
    assert run is not None
    figure = price_against_time(plan)
    points = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}
    assert points["chosen"] == ([central(plan.chosen.hours)], [central(plan.chosen.usd)])
    assert len(points["best of each kind of hardware"][0]) == len(plan.considered)
    assert plan.chosen.gpu in figure.layout.meta["alt"]
    bars = time_of_a_run(run).data[0]
    assert sum(bars.x) == pytest.approx(central(run.hours.hours), abs=1e-3)  # parts of less than a second are left out
    assert price_against_time(ask(deadline_hours=1e-3).planned.plan).layout.meta["alt"].startswith("0 kinds")
