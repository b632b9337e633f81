"""The figure of a serving plan shows what its data says."""

from datetime import date

from estimator.catalog import load_catalog
from estimator.report.drawing import alt_text
from estimator.report.serving import latency_figure, serving_data
from estimator.serving import Ask, serving_plan


def test_the_figure_has_the_curve_and_a_sentence() -> None:
    ask = Ask(model="Qwen/Qwen3-8B", requests_per_s=2.0, input_tokens=500.0, output_tokens=100.0)
    plan = serving_plan(ask=ask, catalog=load_catalog(), on=date(2026, 11, 25))
    figure = latency_figure(plan)
    curve = serving_data(plan)["curve"]
    assert list(figure.data[0].x) == [item["requests_per_s"] for item in curve]
    assert list(figure.data[1].y) == [item["token_s"] for item in curve]
    assert "Qwen/Qwen3-8B" in alt_text(figure)
