"""What the pages draw equals what `estimator compare -f json` says, on every example."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from estimator.cli.main import run
from estimator.dashboard import starts
from estimator.dashboard.main import PAGES
from estimator.dashboard.words import escaped
from estimator.report.numbers import money

ROOT = Path(__file__).resolve().parents[2]


def told(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The scenario in the JSON of the command line."""
    assert run(["compare", str(ROOT / "examples" / f"{name}.yaml"), "-f", "json", "--quiet"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)["scenarios"][0]
    return found


def drawn(app: AppTest, key: str) -> dict[str, list[dict[str, Any]]]:
    """Traces of a chart on the page, by name."""
    (chart,) = (item for item in app.get("plotly_chart") if key in item.proto.id)
    traces: dict[str, list[dict[str, Any]]] = {}
    for trace in json.loads(chart.proto.spec)["data"]:
        traces.setdefault(trace["name"], []).append(trace)
    return traces


def numbers(values: Any) -> list[float]:
    """Numbers of a trace, which plotly may have packed."""
    if isinstance(values, dict):
        return list(np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).astype(float))
    return [float(value) for value in values]


def check_odds(trace: dict[str, Any], benefit: dict[str, float]) -> None:
    (middle,) = numbers(trace["x"])
    assert middle == benefit["p50"]
    (above,), (below,) = numbers(trace["error_x"]["array"]), numbers(trace["error_x"]["arrayminus"])
    assert (middle - below, middle + above) == pytest.approx((benefit["p10"], benefit["p90"]))


def check_costs(lines: list[dict[str, Any]], bands: list[dict[str, Any]], path: dict[str, list[float]]) -> None:
    (line,), (band,) = lines, bands
    assert numbers(line["y"]) == path["p50"]
    assert numbers(band["y"]) == [*path["p90"], *reversed(path["p10"])]


@pytest.mark.parametrize("name", starts.EXAMPLES)
def test_every_page_of_an_example_shows_the_numbers_of_the_command_line(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = told(name, capsys)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    if name != next(iter(starts.EXAMPLES)):
        app.selectbox("example").select(name).run()
    assert not app.exception
    options = scenario["options"]
    assert escaped(scenario["verdict"]["sentence"]) in [item.value for item in app.subheader]
    best = options[scenario["verdict"]["best"]]
    metrics = {item.label: item.value for item in app.metric}
    assert metrics["Cost"] == escaped(money(best["cost_usd"]["p50"]))
    assert metrics["Mean net benefit"] == escaped(money(best["net_benefit_usd"]["mean"]))
    rows = app.table[0].value.to_dict("records")
    for row, option in zip(rows, options.values(), strict=True):
        assert not option["feasible"] or escaped(money(option["cost_usd"]["p50"])) in row["Cost"]
    cost, odds = drawn(app, "decide-cost"), drawn(app, "decide-odds")
    for option, (trace,) in odds.items():
        check_odds(trace, options[option]["net_benefit_usd"])
    possible = [option for option, data in options.items() if data["feasible"]]
    for option in possible:
        check_costs(cost[option], cost[f"{option}, p10–p90"], options[option]["by_month"]["cumulative_cost_usd"])
    for page, _ in PAGES[1:]:
        app.switch_page(f"estimator/dashboard/app_pages/{page}.py").run()
        assert not app.exception
        assert app.title[0].value == escaped(scenario["name"])
        if page == "costs":
            bars = {category: numbers(bar["x"]) for category, (bar,) in drawn(app, "costs-category").items()}
    for place, option in enumerate(possible):
        shown = {category: values[place] for category, values in bars.items() if values[place]}
        assert shown == {key: usd for key, usd in options[option]["cost_by_category_usd"].items() if usd}
