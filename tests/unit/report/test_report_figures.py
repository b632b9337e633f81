"""Figures draw the numbers of the result, in one style per option."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from estimator.decision import Outcome, TaskFacts, decide
from estimator.inputs import Kind
from estimator.report.figures import (
    alt_text,
    cost_by_category,
    cumulative_cost,
    cumulative_net_benefit,
    net_benefit_odds,
    option_style,
    quality_over_time,
    spread,
)
from estimator.results import Estimate, OptionEstimate
from estimator.scenario import Scenario, loads
from estimator.tco import Category, Ledger, Line, every_month, upfront

MONTHS = 12
SCENARIO = """
name: Hand-made
start: 2027-01
horizon: 12 months
workload: {requests_per_month: 1000, tokens: {prompt: 10, output: 5}}
task: {kind: classification, value_per_success: 1, minimum_quality: 60%}
options: {prompt: {model: a/b}, lora: {model: a/b}, scratch: {model: a/b}}
"""
FUTURES = np.array([1.0, 0.5, 1.0, 1.5])
"""Central case, then three futures."""
LINES = {"inference": "inference.output", "build": "build.prompt", "value": "value.correct"}
"""A real ledger line of each category, so that it has a formula."""


def outcome(name: str, kind: Kind, *, build_usd: float, request_usd: float, quality: float) -> Outcome:
    volume = every_month(per_month=1000.0, months=MONTHS)

    def line(key: str, category: Category, usd: float, quantity: np.ndarray, factor: np.ndarray | float) -> Line:
        return Line(LINES.get(key, key), key, category, "unit", usd * factor, quantity)

    costs = [line("inference", "inference", request_usd, volume, FUTURES)]
    if build_usd:
        costs.append(line("build", "build", build_usd, upfront(months=MONTHS), 1.0))
    value = line("value", "quality", quality, volume, 1.0)
    return Outcome(
        name=name,
        kind=kind,
        costs=Ledger(tuple(costs), MONTHS, 0.0),
        benefits=Ledger((value,), MONTHS, 0.0),
        requests_by_month=np.full((1, MONTHS), 1000.0),
        quality_by_month=np.full((1, MONTHS), quality),
        size=FUTURES.size,
    )


def estimated(outcomes: list[Outcome], scenario: Scenario | None = None) -> Estimate:
    facts = TaskFacts(0.0, 0.0, False, "general", False, False, None, 1e6, None)
    decision = decide(outcomes, facts=facts, minimum_quality=0.6, valued=True, inputs=())
    options = {
        item.name: OptionEstimate(item.name, "a/b", item, decision.standings[item.name], None) for item in outcomes
    }
    return Estimate(scenario or loads(SCENARIO), date(2027, 1, 1), 3, 0, options, decision, ())


@pytest.fixture
def estimate() -> Estimate:
    return estimated(
        [
            outcome("prompt", "prompt", build_usd=0.0, request_usd=0.2, quality=0.7),
            outcome("lora", "tuning", build_usd=900.0, request_usd=0.1, quality=0.9),
            outcome("scratch", "pretraining", build_usd=1e6, request_usd=0.1, quality=0.9),
        ]
    )


def trace(figure, name):  # type: ignore[no-untyped-def]
    return next(item for item in figure.data if item.name == name)


def test_cumulative_cost_draws_the_median_of_the_futures(estimate):
    line = trace(cumulative_cost(estimate), "lora")
    assert list(line.x) == list(range(MONTHS + 1))
    assert list(line.y) == pytest.approx([900.0 + 100.0 * month for month in range(MONTHS + 1)])


def test_the_band_runs_along_p90_and_back_along_p10(estimate):
    band = trace(cumulative_cost(estimate), "prompt, p10–p90")
    assert band.y[MONTHS] > band.y[MONTHS + 1] > 0
    path = estimate.to_dict()["scenarios"][0]["options"]["prompt"]["by_month"]["cumulative_cost_usd"]
    assert list(band.y) == [*path["p90"], *reversed(path["p10"])]


def test_the_break_even_marker_stands_at_the_median_month_on_the_line(estimate):
    # per month lora gains 0.2 × 1000 in value and saves 0.1 × 1000: 900 / 300 = month 3 in the median future
    marker = trace(cumulative_cost(estimate), "lora breaks even")
    assert (marker.x, marker.y) == ((3,), pytest.approx((1200.0,)))
    assert not any(item.name == "prompt breaks even" for item in cumulative_cost(estimate).data)


def test_no_marker_where_an_option_never_breaks_even():
    worse = outcome("lora", "tuning", build_usd=1e5, request_usd=0.3, quality=0.9)
    figure = cumulative_cost(estimated([outcome("prompt", "prompt", build_usd=0, request_usd=0.2, quality=0.7), worse]))
    assert [item.name for item in figure.data if "breaks even" in item.name] == []


def test_net_benefit_over_time_ends_at_the_net_benefit(estimate):
    line = trace(cumulative_net_benefit(estimate), "lora")
    assert line.y[-1] == pytest.approx(12 * 1000 * 0.9 - 900 - 12 * 100)


def test_training_from_scratch_is_hidden_at_first_and_does_not_set_the_scale(estimate):
    assert trace(cumulative_cost(estimate), "scratch").visible == "legendonly"
    assert cost_by_category(estimate).layout.xaxis.range[1] < 1e5
    texts = [note.text for note in cost_by_category(estimate).layout.annotations]
    assert any("→" in text for text in texts)


def test_bars_of_an_option_sum_to_its_present_value(estimate):
    figure = cost_by_category(estimate)
    for place, name in enumerate(estimate.options):
        total = sum(bar.x[place] for bar in figure.data)
        assert total == pytest.approx(float(estimate.options[name].ledger.present_value[0]), abs=0.005)
    assert {bar.name for bar in figure.data} == {"build", "inference"}


def test_quality_is_drawn_from_month_1_with_the_minimum(estimate):
    figure = quality_over_time(estimate)
    line = trace(figure, "lora")
    assert (line.x[0], line.x[-1], line.y[0]) == (1, MONTHS, pytest.approx(0.9))
    assert figure.layout.shapes[0].y0 == pytest.approx(0.6)
    assert any("60 %" in note.text for note in figure.layout.annotations if "minimum" in note.text)


def test_odds_show_the_p10_and_p90_of_the_net_benefit(estimate):
    dot = trace(net_benefit_odds(estimate), "lora")
    benefit = estimate.decision.standings["lora"].net_benefit
    assert dot.x[0] == pytest.approx(benefit.p50)
    assert dot.x[0] - dot.error_x.arrayminus[0] == pytest.approx(benefit.p10)
    assert dot.x[0] + dot.error_x.array[0] == pytest.approx(benefit.p90)
    assert "best in 100 of 100" in dot.y[0]


def test_every_option_keeps_its_colour_and_dash_in_all_figures(estimate):
    styles = option_style(list(estimate.options))
    for draw in (cumulative_cost, cumulative_net_benefit, quality_over_time):
        figure = draw(estimate)
        for name, (colour, dash) in styles.items():
            line = trace(figure, name)
            assert (line.line.color, line.line.dash) == (colour, dash)


def test_forty_options_have_forty_styles():
    assert len(set(option_style([f"o{place}" for place in range(40)]).values())) == 40


@pytest.mark.parametrize(
    "draw", [cumulative_cost, cumulative_net_benefit, cost_by_category, quality_over_time, net_benefit_odds]
)
def test_every_figure_has_a_title_units_and_a_sentence(estimate, draw):
    figure = draw(estimate)
    assert figure.layout.title.text
    titles = f"{figure.layout.xaxis.title.text} {figure.layout.yaxis.title.text}"
    assert "USD" in titles or "share" in titles
    assert "lora" in alt_text(figure) or "month" in alt_text(figure)
    assert figure.to_json() == draw(estimate).to_json()


def test_one_option_in_one_future_without_minimum_is_drawn():
    scenario = loads(SCENARIO)
    bare = scenario.model_copy(update={"task": scenario.task.model_copy(update={"minimum_quality": None})})
    alone = replace(outcome("prompt", "prompt", build_usd=0.0, request_usd=0.0, quality=0.7), size=4)
    estimate = estimated([alone], bare)
    assert not quality_over_time(estimate).layout.shapes
    assert cost_by_category(estimate).layout.xaxis.range[1] > 0
    assert cumulative_cost(estimate).data


def test_an_option_that_cannot_be_carried_out_is_not_drawn():
    prompt = outcome("prompt", "prompt", build_usd=0.0, request_usd=0.2, quality=0.7)
    empty = Ledger((), MONTHS, 0.0)
    lora = outcome("lora", "tuning", build_usd=900.0, request_usd=0.1, quality=0.9)
    estimate = estimated([prompt, replace(lora, costs=empty, benefits=empty, infeasible="does not fit")])
    for draw in (cumulative_cost, cumulative_net_benefit, quality_over_time, net_benefit_odds):
        assert not any("lora" in item.name for item in draw(estimate).data)
    assert all(list(bar.y) == ["prompt"] for bar in cost_by_category(estimate).data)


def test_figures_are_empty_when_nothing_can_be_carried_out():
    empty = Ledger((), MONTHS, 0.0)
    only = outcome("lora", "tuning", build_usd=900.0, request_usd=0.1, quality=0.9)
    estimate = estimated([replace(only, costs=empty, benefits=empty, infeasible="does not fit")])
    for draw in (cumulative_cost, cumulative_net_benefit, quality_over_time, net_benefit_odds, cost_by_category):
        assert not draw(estimate).data


def test_labels_are_spread_in_their_order():
    assert spread([10.0, 10.5, 30.0], 2.0) == pytest.approx([9.25, 11.25, 30.0])
    assert spread([3.0], 2.0) == [3.0]
