"""The decision memo: what it says, and that it gives its scenario back."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator import Comparison, Estimate, estimate, load_catalog, loads
from estimator.catalog import newest_reading
from estimator.errors import ScenarioError
from estimator.questions import with_flips
from estimator.questions.sensitivity import advice_on
from estimator.report.flips import flip_items
from estimator.report.html import page_html
from estimator.report.memo import MEMOS, Frame, memo_page
from estimator.report.numbers import money
from estimator.report.page import Embedded, Page, page_markdown
from estimator.scenario import dumps
from estimator.scenario.memo import MAX_BYTES, scenario_text
from estimator.scenario.templates import template_text

TEXT = template_text("triage")
FRAME = Frame(catalog_read_on=date(2026, 11, 24))


@pytest.fixture(scope="module")
def result() -> Estimate:
    return estimate(loads(TEXT), draws=200, seed=3)


@pytest.mark.parametrize("form", list(MEMOS))
def test_a_memo_gives_its_scenario_back(form: str, result: Estimate) -> None:
    again = loads(MEMOS[form](result, FRAME))
    assert dumps(again) == dumps(result.scenario)
    assert estimate(again, draws=200, seed=3).to_dict() == result.to_dict()


@pytest.mark.parametrize("form", list(MEMOS))
def test_another_day_of_prices_travels_with_the_memo(form: str) -> None:
    asked = estimate(loads(TEXT), draws=50, on=date(2026, 11, 24))
    again = estimate(loads(MEMOS[form](asked, FRAME)), draws=50)
    assert again.on == date(2026, 11, 24)
    assert again.to_dict()["scenarios"][0]["options"] == asked.to_dict()["scenarios"][0]["options"]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60))
def test_any_text_comes_back_from_both_forms(name: str) -> None:
    text = dumps(loads(TEXT).model_copy(update={"name": name}))
    page = Page("memo", "T", (Embedded(text),))
    assert scenario_text(page_markdown(page), origin="m").rstrip() == text.rstrip()
    assert scenario_text(page_html(page), origin="m").rstrip() == text.rstrip()


@pytest.mark.parametrize("form", list(MEMOS))
def test_a_memo_says_what_was_used(form: str, result: Estimate) -> None:
    text = re.sub(r"\\(.)", r"\1", MEMOS[form](result, FRAME))
    for words in ("200 futures", "seed 3", "prices of 2027-01-01", "catalog read up to 2026-11-24", "estimator 0."):
        assert words in text
    assert result.decision.verdict.sentence in text
    for option in result.options.values():
        assert money(option.standing.cost.p50) in text
    assert all(notice in text for notice in result.warnings)
    assert result.decision.drivers[0].key in text
    assert "Prepared by" in text
    assert "Approved by" in text
    assert "What to measure next" in text


def test_the_same_estimate_gives_the_same_bytes(result: Estimate) -> None:
    again = estimate(loads(TEXT), draws=200, seed=3)
    for render in MEMOS.values():
        assert render(again, FRAME) == render(result, FRAME)
    dated = Frame(catalog_read_on=date(2026, 11, 24), written_on=date(2026, 11, 28), prepared_by="<b>A</b>")
    page = MEMOS["html"](result, dated)
    assert "written on 2026-11-28" in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page


def test_flips_and_measurements_are_shown_where_known(result: Estimate) -> None:
    frame = Frame(catalog_read_on=date(2026, 11, 24), measure="Drift first.")
    [turned] = with_flips(Comparison((result,))).estimates
    lead, *flips = flip_items(turned)
    text = re.sub(r"\\(.)", r"\1", html.unescape(page_markdown(memo_page(turned, frame))))
    assert "\n\n".join(("### What would have to be true", lead, "\n".join(f"- {flip}" for flip in flips))) in text
    assert "### What to measure next\n\nDrift first.\n" in text
    assert "What would have to be true" not in page_markdown(memo_page(result, FRAME))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!doctype html><p>nothing</p>", "no scenarios"),
        ("<html><pre id=estimator-scenario>a</pre><pre id=estimator-scenario>b</pre>", "2 scenarios"),
        ("<!-- estimator: memo -->\n" + "x" * MAX_BYTES, "longer than"),
        ("<html>" + "<pre " * 300_000, "no scenarios"),
        ("<html><pre id='estimator-scenario'>name: a\nworkload: [</pre>", "scenario inside scenario: line"),
        ("<html><pre id='estimator-scenario'>" + "a: b\n" * 60_000 + "</pre>", "longer than 200,000"),
    ],
)
def test_what_is_no_memo_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message) as caught:
        loads(text)
    assert len(str(caught.value).splitlines()) == 1


def test_the_catalog_knows_how_old_it_is() -> None:
    catalog = load_catalog()
    assert newest_reading(catalog) >= max(row.read_on for row in catalog.rows("labour"))


def test_advice_needs_enough_futures(result: Estimate) -> None:
    assert advice_on(result) == ""
    enough = estimate(loads(TEXT), draws=1_000)
    advice = advice_on(enough)
    assert advice.startswith("Measure ")
    assert advice in re.sub(r"\\(.)", r"\1", page_markdown(memo_page(enough, replace(FRAME, measure=advice))))
