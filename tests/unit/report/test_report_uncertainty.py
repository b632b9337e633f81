"""Figures and sheets of simulations and sensitivities show the numbers of the result."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from estimator import load
from estimator.questions.sensitivity import Sensitivity, sensitivity
from estimator.questions.simulate import Simulation, simulate
from estimator.report.drawing import alt_text, option_style
from estimator.report.naming import worded
from estimator.report.sensitivity import CERTAIN, sensitivity_sheet
from estimator.report.sensitivity_figures import measure_next, sobol_bars, tornado_chart
from estimator.report.sheet import SHEET_FORMATS
from estimator.report.simulate import simulation_sheet
from estimator.report.simulation_figures import acceptability_curve, cost_effectiveness, fan, regret_histogram

CONTRACT = Path(__file__).parents[3] / "examples" / "contract-review.yaml"


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate(load(CONTRACT), draws=300)


@pytest.fixture(scope="module")
def tornado() -> Sensitivity:
    return sensitivity(load(CONTRACT), draws=300, top=6)


@pytest.fixture(scope="module")
def sobol() -> Sensitivity:
    return sensitivity(load(CONTRACT), method="sobol", draws=300, top=3, points=64)


@pytest.fixture(scope="module")
def evppi() -> Sensitivity:
    return sensitivity(load(CONTRACT), method="evppi", draws=300, top=6)


def test_the_fan_ends_at_the_figures_of_the_options(simulation: Simulation) -> None:
    figure = fan(simulation)
    lines = {trace.name: trace for trace in figure.data if trace.fill is None}
    styles = option_style(list(simulation.estimate.options))
    for name, item in simulation.options.items():
        assert lines[name].y[-1] == pytest.approx(item.net_benefit.p50)
        assert (lines[name].line.color, lines[name].line.dash) == styles[name]
    assert lines["distilled"].visible == "legendonly"
    assert "reasoning ends at" in alt_text(figure)
    cost = next(trace for trace in fan(simulation, net_benefit=False).data if trace.name == "lora")
    assert cost.y[-1] == pytest.approx(simulation.options["lora"].cost.p50)


def test_the_curve_follows_the_odds(simulation: Simulation) -> None:
    curve = simulation.acceptability
    assert curve is not None
    figure = acceptability_curve(simulation)
    traces = {trace.name: trace for trace in figure.data}
    for place, name in enumerate(simulation.eligible):
        np.testing.assert_array_equal(traces[name].y, curve.probability_best[place])
    np.testing.assert_array_equal(traces["chosen by mean"].y, curve.frontier)
    (today,) = figure.layout.annotations
    assert 10**today.x == pytest.approx(simulation.worth_today.central)


def test_the_plane_shows_means_and_futures(simulation: Simulation) -> None:
    plane = simulation.plane
    assert plane is not None
    traces = {trace.name: trace for trace in cost_effectiveness(simulation).data}
    for name, mean in plane.means.items():
        assert (traces[name].x[0], traces[name].y[0]) == mean
        assert len(traces[f"{name}, futures"].x) == 300


def test_regret_is_drawn_for_what_may_be_chosen(simulation: Simulation) -> None:
    traces = regret_histogram(simulation).data
    assert [trace.name for trace in traces] == list(simulation.eligible)
    for trace in traces:
        regret = simulation.options[trace.name].regret
        assert regret is not None
        assert trace.x.mean() == pytest.approx(regret.mean)


def test_bars_of_the_tornado_reach_from_today_to_the_ends(tornado: Sensitivity) -> None:
    study = tornado.tornado
    assert study is not None
    low, high = tornado_chart(tornado).data
    for place, item in enumerate(study.moved):
        assert low.base + low.x[place] == pytest.approx(item.bar.at_low)
        assert high.base + high.x[place] == pytest.approx(item.bar.at_high)


def test_bars_of_the_indices(sobol: Sensitivity) -> None:
    study = sobol.sobol
    assert study is not None
    alone, total = sobol_bars(sobol).data
    assert list(total.x) == [item.total for item in study.indices]
    assert list(alone.x) == [item.first for item in study.indices]
    assert total.x[0] + total.error_x.array[0] == pytest.approx(study.indices[0].total_high)


def test_bars_of_what_to_measure(evppi: Sensitivity) -> None:
    study = evppi.information
    assert study is not None
    (bars,) = measure_next(evppi).data
    assert list(bars.x) == [item.worth.usd for item in study.inputs]
    assert alt_text(measure_next(evppi)) == worded(study.advice, [item.key for item in evppi.estimate.inputs])


def test_figures_without_figures_say_why(
    simulation: Simulation, tornado: Sensitivity, sobol: Sensitivity, evppi: Sensitivity
) -> None:
    bare = replace(
        simulation,
        options={name: replace(item, regret=None) for name, item in simulation.options.items()},
        acceptability=None,
        plane=None,
    )
    empty = [
        acceptability_curve(bare),
        cost_effectiveness(bare),
        regret_histogram(bare),
        fan(replace(simulation, options={})),
        tornado_chart(sobol),
        sobol_bars(evppi),
        measure_next(tornado),
    ]
    for figure in empty:
        assert not figure.data
        assert figure.layout.annotations[0].text == alt_text(figure)


def test_sheets_hold_the_numbers_in_every_format(
    simulation: Simulation, tornado: Sensitivity, sobol: Sensitivity, evppi: Sensitivity
) -> None:
    sheets = [simulation_sheet(simulation), *map(sensitivity_sheet, (tornado, sobol, evppi))]
    for sheet in sheets:
        for name, render in SHEET_FORMATS.items():
            assert render(sheet), name
        assert len(list(csv.DictReader(io.StringIO(SHEET_FORMATS["csv"](sheet))))) == len(sheet.records) > 0
    data = json.loads(SHEET_FORMATS["json"](sheets[0]))
    lora = data["options"]["lora"]
    assert lora["by_month"]["cumulative_cost_usd"]["p50"][-1] == pytest.approx(simulation.options["lora"].cost.p50)
    assert len(sheets[0].records) == len(simulation.options) * (simulation.estimate.scenario.horizon + 1)
    assert tornado.tornado is not None
    assert sheets[1].data["inputs"][0]["swing_usd"] == tornado.tornado.moved[0].bar.swing
    assert evppi.information is not None
    assert evppi.information.advice in " ".join(SHEET_FORMATS["markdown"](sheets[3]).replace("\\", "").split())


def test_an_unreached_aim_and_certain_inputs_are_said(simulation: Simulation, sobol: Sensitivity) -> None:
    shown = SHEET_FORMATS["table"](simulation_sheet(replace(simulation, aim=0.001, reached=False)))
    assert "The aim of 0.1 % is not reached with 300 futures." in " ".join(shown.split())
    certain = replace(simulation, estimate=replace(simulation.estimate, inputs=()))
    assert "Nothing is uncertain" in SHEET_FORMATS["table"](simulation_sheet(certain))
    assert sobol.sobol is not None
    nothing = replace(sobol, sobol=replace(sobol.sobol, indices=()))
    assert CERTAIN in SHEET_FORMATS["table"](sensitivity_sheet(nothing))
