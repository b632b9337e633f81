"""Break-even in words, tables, data and figures: all from one result."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from estimator import breakeven, compare, estimate, flip_points, load, loads, with_flips
from estimator.decision import Blocker, Flip, Turns
from estimator.questions import BreakEvenCurve, BreakEvenGrid, FlipPoints
from estimator.report import FORMATS, SHEET_FORMATS
from estimator.report.breakeven import curve_sheet, flips_sheet, grid_sheet
from estimator.report.breakeven_figures import break_even_curve, break_even_map, gain_map
from estimator.report.drawing import alt_text, option_style, transparent
from estimator.report.flips import flip_lines, in_unit
from estimator.report.numbers import money
from estimator.results import Comparison, Estimate

EXAMPLES = Path(__file__).parents[3] / "examples"
TRIAGE = load(EXAMPLES / "triage.yaml")
VOLUME, WORTH = "workload.requests_per_month", "task.value_per_success"


@pytest.fixture(scope="module")
def told() -> Comparison:
    return with_flips(compare([TRIAGE], draws=200))


@pytest.fixture(scope="module")
def flips(told: Comparison) -> FlipPoints:
    return flip_points(told.estimates[0])


@pytest.fixture(scope="module")
def curve() -> BreakEvenCurve:
    found = breakeven(TRIAGE, x=VOLUME, steps=20, draws=50)
    assert isinstance(found, BreakEvenCurve)
    return found


@pytest.fixture(scope="module")
def grid() -> BreakEvenGrid:
    found = breakeven(TRIAGE, x=VOLUME, y=WORTH, steps=20, draws=50)
    assert isinstance(found, BreakEvenGrid)
    return found


def test_the_verdict_says_what_would_turn_it_in_every_format(told: Comparison) -> None:
    turns = told.estimates[0].flips
    assert turns is not None
    volume = next(flip for flip in turns.flips if flip.key == VOLUME)
    [line] = flip_lines(told.estimates[0])
    assert line.startswith("In the central case it stops being worth it if")
    assert f"requests per month < {in_unit(volume.value, volume.unit)} (now 120k)" in line
    table = " ".join(FORMATS["table"](told).split())
    assert line in table
    assert "In the central case it stops being worth it if" in FORMATS["markdown"](told)
    data = json.loads(FORMATS["json"](told))["scenarios"][0]["flips"]
    assert data["now"] == "fine-tuning"
    assert volume.value in [flip["value"] for flip in data["flips"]]


def _flip(**changes: object) -> Flip:
    flip = Flip(
        question="tuning",
        key=VOLUME,
        unit="requests per month",
        today=3e3,
        value=11e3,
        side="above",
        before="no fine-tuning",
        beyond="fine-tuning",
        absolute=8e3,
        relative=8 / 3,
        inside_range=False,
        is_jump=False,
        gap_usd=0.0,
    )
    return replace(flip, **changes)


def _line(base: Estimate, **changes: object) -> list[str]:
    turns = Turns(question="tuning", now="no fine-tuning", flips=(_flip(),), never=("upkeep.drift",))
    return flip_lines(replace(base, flips=replace(turns, **changes)))


def test_the_lead_follows_the_verdict_and_never_contradicts_it(told: Comparison) -> None:
    yes = told.estimates[0]
    no = estimate(load(EXAMPLES / "contract-review.yaml"), draws=200)
    assert (yes.decision.verdict.answer, no.decision.verdict.answer) == ("yes", "no")
    assert _line(no)[0].startswith("In the central case it becomes worth it if")
    assert "requests per month > 11k (now 3k)" in _line(no)[0]
    assert _line(yes)[0].startswith("With every input at its central value no fine-tuning is ahead, which turns if")
    nothing = _flip(beyond="nothing")
    assert _line(no, flips=(nothing,)) == [
        "No single input turns the answer, not even far beyond its range: upkeep drift"
    ]
    stops = _line(yes, now="fine-tuning", flips=(replace(nothing, before="fine-tuning"),))
    assert stops[0].endswith("requests per month > 11k (now 3k), where nothing qualifies")
    name, option = next(iter(no.options.items()))
    barred = replace(option.standing, blockers=(Blocker("leaves the eu", ("constraints.data_residency",)),))
    kept_in = replace(no, options={**no.options, name: replace(option, standing=barred)})
    assert _line(kept_in, flips=())[0].endswith(f"upkeep drift · constraints.data_residency leaves out {name}")
    best = no.decision.verdict.best
    choice = _line(no, question="choice", now=best, flips=(_flip(before=best, beyond="lora"),))
    assert choice[0].startswith(f"In the central case {best} stops being the best choice if")
    assert choice[0].endswith(", then lora")
    assert flip_lines(replace(no, flips=None)) == []


def test_sheets_hold_everything_unrounded(flips: FlipPoints, curve: BreakEvenCurve, grid: BreakEvenGrid) -> None:
    for sheet, count in ((flips_sheet(flips), len(flips.flips)), (curve_sheet(curve), 20), (grid_sheet(grid), 400)):
        rows = list(csv.DictReader(io.StringIO(SHEET_FORMATS["csv"](sheet))))
        assert len(rows) == count
        assert json.loads(SHEET_FORMATS["json"](sheet))["name"] == "Support-ticket triage"
        assert max(map(len, SHEET_FORMATS["table"](sheet).splitlines())) < 140
        assert SHEET_FORMATS["markdown"](sheet).startswith("<!-- estimator: ")
    data = json.loads(SHEET_FORMATS["json"](grid_sheet(grid)))
    assert data["gain_usd"] == grid.gain_usd.tolist()
    assert data["best"] == [list(row) for row in grid.best]
    rows = list(csv.DictReader(io.StringIO(SHEET_FORMATS["csv"](grid_sheet(grid)))))
    assert float(rows[21]["gain_usd"]) == grid.gain_usd[1, 1]
    assert float(rows[21][WORTH]) == grid.y.values[1]


def test_the_coarse_map_marks_today_once(grid: BreakEvenGrid) -> None:
    table = SHEET_FORMATS["table"](grid_sheet(grid))
    assert table.count("[") == 1
    assert "L = lora" in table or "L2 = lora" in table
    assert "break-even line" in table


def test_a_place_without_a_gain_is_null_and_blank() -> None:
    text = (EXAMPLES / "triage.yaml").read_text(encoding="utf-8")
    found = breakeven(loads(text), x="task.minimum_quality", steps=5, draws=50, x_range=(0.5, 0.99))
    assert isinstance(found, BreakEvenCurve)
    assert np.isnan(found.gain_usd[-1])
    assert found.best[-1] == "nothing"
    assert json.loads(SHEET_FORMATS["json"](curve_sheet(found)))["gain_usd"][-1] is None
    assert SHEET_FORMATS["csv"](curve_sheet(found)).splitlines()[-1] == "0.99,,nothing"
    assert "nothing" in SHEET_FORMATS["table"](curve_sheet(found))


def test_figures_show_line_roots_map_and_today(curve: BreakEvenCurve, grid: BreakEvenGrid) -> None:
    line = break_even_curve(curve)
    assert list(line.data[0].y) == curve.gain_usd.tolist()
    assert list(line.data[1].x) == [flip.value for flip in curve.flips]
    assert "breaks even at 17.8k" in alt_text(line)
    chart = break_even_map(grid)
    heat, contour = (next(item for item in chart.data if item.type == kind) for kind in ("heatmap", "contour"))
    assert (contour.contours.start, contour.contours.end) == (0, 0)
    np.testing.assert_array_equal(np.asarray(contour.z), grid.gain_usd)
    colour = transparent(option_style(list(grid.base.options))["lora"][0], 0.35)
    assert colour in {band[1] for band in heat.colorscale}
    star = chart.data[-1]
    assert (list(star.x), list(star.y), star.name) == ([120e3], [0.25], "you are here")
    (note,) = chart.layout.annotations
    assert (10**note.x, 10**note.y) == (pytest.approx(120e3), pytest.approx(0.25))
    assert chart.layout.xaxis.type == "log"
    assert "lora_rag is ahead" in alt_text(chart)


def test_the_gain_map_holds_every_gain_and_is_balanced_around_none(grid: BreakEvenGrid) -> None:
    chart = gain_map(grid)
    heat = next(item for item in chart.data if item.type == "heatmap")
    np.testing.assert_array_equal(np.asarray(heat.z), grid.gain_usd)
    assert heat.zmin == -heat.zmax
    assert "Gain of fine-tuning over no fine-tuning" in alt_text(chart)
    assert money(grid.gain_today_usd) in alt_text(chart)
