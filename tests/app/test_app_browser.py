"""The app in Chromium: upload, change, read, download; the `page` fixture fails on any console error."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from screenshots import PICTURE, SENTENCE, verdict

from estimator import Estimate, estimate, with_flips
from estimator.dashboard import starts
from estimator.dashboard.main import PAGES
from estimator.report.numbers import money
from estimator.results import Comparison
from estimator.scenario import loads
from estimator.scenario.link import packed
from estimator.scenario.memo import scenario_text


def cost_shown(page: Page) -> str:
    return page.get_by_test_id("stMetric").filter(has_text="Cost").get_by_test_id("stMetricValue").inner_text()


def best_cost(result: Estimate) -> str:
    best = result.decision.verdict.best
    assert best is not None
    return money(result.decision.standings[best].cost.p50)


def ready(page: Page) -> None:
    verdict(page)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()


def settled(page: Page) -> None:
    """Wait until the run is over and what it replaced is gone."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def upload(page: Page, name: str, text: str) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/yaml", "buffer": text.encode()})


def saved(page: Page, button: str) -> str:
    settled(page)  # a button that is drawn again takes no click
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_first_page_shows_the_verdict_of_the_library(page: Page):
    ready(page)
    result = estimate(loads(starts.example("triage")))
    assert verdict(page) == result.decision.verdict.sentence
    assert cost_shown(page) == best_cost(result)
    described = page.locator("[aria-label^='Cumulative cost'], [alt^='Cumulative cost']")
    assert described.count() >= 1


def test_upload_change_read_and_download(page: Page):
    ready(page)
    upload(page, "mine.yaml", starts.example("policy-assistant"))
    expect(page.get_by_role("heading", name="Policy assistant")).to_be_visible()
    settled(page)
    before = cost_shown(page)
    page.get_by_label("Requests per month", exact=True).fill("150k")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_test_id("stMetric").filter(has_text="Cost")).not_to_contain_text(before)
    settled(page)
    text = saved(page, "Scenario (YAML)")
    assert "requests_per_month: 150k" in text
    result = with_flips(Comparison((estimate(loads(text)),))).estimates[0]
    assert cost_shown(page) == best_cost(result)
    assert verdict(page) == result.decision.verdict.sentence
    taken = saved(page, "Result (JSON)")
    assert json.loads(taken) == result.to_dict()
    rows = list(csv.DictReader(io.StringIO(saved(page, "Result (CSV)"))))
    assert {row["option"] for row in rows} == set(result.options)
    memo = scenario_text(saved(page, "Decision memo (HTML)"), origin="memo.html")
    assert loads(memo) == result.scenario


def test_wrong_input_shows_its_message_and_keeps_the_verdict(page: Page):
    ready(page)
    before = verdict(page)
    page.get_by_label("Minimum quality", exact=True).fill("7")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("alert")).to_contain_text("task.minimum_quality: 7 is outside [0, 1]")
    assert verdict(page) == before


def test_every_page_is_drawn_and_script_in_a_name_stays_text(page: Page):
    ready(page)
    hostile = "=HYPERLINK(1) <img src=x onerror=window.taken=1><script>window.taken=1</script>"
    upload(page, "hostile.yaml", starts.example("triage").replace("name: Support-ticket triage", f"name: '{hostile}'"))
    expect(page.locator("h1", has_text=hostile)).to_be_visible()
    rows = csv.reader(io.StringIO(saved(page, "Result (CSV)")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "\t"))]
    for _, title in PAGES:
        page.get_by_role("link", name=title).click()
        expect(page.locator("h1", has_text=hostile)).to_be_visible()
        expect(page.get_by_role("link", name=title)).to_have_attribute("aria-current", "page")
    assert page.evaluate("window.taken") is None


def test_an_upload_of_50_mb_is_refused_in_words_and_the_app_goes_on(page: Page, tmp_path):
    ready(page)
    before = verdict(page)
    large = tmp_path / "large.yaml"
    large.write_bytes(b"x" * 50_000_000)
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_test_id("stFileUploader")).to_contain_text("must be 2.0MB or smaller")
    upload(page, "mine.yaml", starts.example("policy-assistant"))
    expect(page.get_by_role("heading", name="Policy assistant")).to_be_visible()
    assert verdict(page) != before


def test_a_shared_address_shows_its_verdict_and_follows_an_undone_edit(page: Page, address):
    text = starts.example("policy-assistant")
    shared = f"{address}/?s={packed(text)}"
    page.goto(shared)
    expect(page.get_by_role("heading", name="Policy assistant")).to_be_visible()
    settled(page)
    assert verdict(page) == estimate(loads(text)).decision.verdict.sentence
    page.get_by_label("Requests per month", exact=True).fill("150k")
    page.get_by_role("button", name="Apply").click()
    expect(page).not_to_have_url(shared)
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(shared)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_is_not_wider_than_its_screen(page: Page, scheme):
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme=scheme)
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_picture_in_the_readme_shows_the_current_verdict():
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
    shown = SENTENCE.read_text(encoding="utf-8").strip()
    now = estimate(loads(starts.example("triage"))).decision.verdict.sentence
    assert shown == re.sub(r"\s+", " ", now), "run: python docs/screenshots.py"
