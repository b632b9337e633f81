"""In Chromium: an input edited in its row, a second scenario beside yours, a chart saved as a picture."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from estimator.dashboard import starts
from estimator.dashboard.address import text_of
from estimator.scenario import loads

YOURS_COLUMN = (340, 53)
"""A point in the first row of the column that can be written in, from the corner of the table."""


def settled(page: Page) -> None:
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_an_input_is_edited_in_its_row_and_a_wrong_value_is_refused_below_it(page: Page):
    page.get_by_role("link", name="Sources").click()
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("canvas").first).to_be_visible()
    expect(page.get_by_text("Errors by group, and the worst cases")).to_be_visible()  # the end of the page
    settled(page)
    for given in ("10%", "900%"):
        corner = table.bounding_box()
        assert corner is not None
        page.mouse.click(corner["x"] + YOURS_COLUMN[0], corner["y"] + YOURS_COLUMN[1])
        page.wait_for_timeout(500)  # the cell is drawn on a canvas: nothing says when it takes keys
        page.keyboard.type(given, delay=80)
        expect(page.locator("#portal textarea, #portal input")).to_have_value(given)
        page.wait_for_timeout(500)
        page.keyboard.press("Enter")
        settled(page)
        if given == "10%":
            expect(page).to_have_url(re.compile("discount_rate=10%25"))
            settled(page)
    expect(page.get_by_role("alert").filter(has_text="discount_rate")).to_be_visible()
    expect(page.get_by_label("Discount rate per year", exact=True)).to_have_value("10%")
    parameters = dict(pair.split("=") for pair in page.url.split("?")[1].split("&"))
    text = text_of({name: value.replace("%25", "%") for name, value in parameters.items()})
    assert text is not None
    rate = loads(text).discount_rate
    assert rate is not None
    assert rate.mode == 0.1


def test_a_second_scenario_stands_beside_yours_and_its_chart_can_be_saved(page: Page, tmp_path: Path):
    other = tmp_path / "other.yaml"
    other.write_text(re.sub(r"cost_per_error: .*", "cost_per_error: 0.01", starts.example("triage")), encoding="utf-8")
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="A file of your own").click()
    page.locator("[data-testid=stMain] input[type=file]").set_input_files(other)
    expect(page.get_by_text("1 changed inputs")).to_be_visible()
    expect(page.get_by_role("cell", name="task.cost_per_error")).to_be_visible()
    settled(page)
    figures = page.locator("[data-testid=stMain] .js-plotly-plot")
    expect(figures).to_have_count(2)
    figures.last.hover()
    with page.expect_download() as download:
        figures.last.locator(".modebar-btn").first.click()
    picture = Path(download.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert download.value.suggested_filename == "estimator-compare-effects.png"
    page.get_by_role("button", name="Use the other scenario").click()
    expect(page).to_have_url(re.compile(r"[?&]s="))  # the other scenario is no example: the address holds it whole
    settled(page)
    expect(page.get_by_label("Cost per error (USD)", exact=True)).to_have_value("0.01")
