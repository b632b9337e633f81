"""Print how fast the dashboard is for one person: python benchmarks/dashboard_speed.py.

Starts the server (`docs/screenshots.py` does), opens the first page in Debian's Chromium, and changes the volume again
and again, so that every change is a new scenario of 10,000 futures: through the form in the browser, and over the
websocket without a browser. Nothing here is a test.
"""

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

from dashboard_client import VOLUME, Session, server_of  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402
from screenshots import LAPTOP, browser, served, verdict  # noqa: E402

CHANGES = 15
FIRST, STEP = 60_000, 7_000
"""Volumes far enough apart that the cost shown changes with each. [requests/month]"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"


def first_paint(chromium: Browser, address: str) -> tuple[Page, float, float]:
    """A new browser: the page, seconds to its first content and to the verdict."""
    page = chromium.new_context(viewport=LAPTOP).new_page()
    start = time.perf_counter()
    page.goto(address)
    verdict(page)
    return page, float(page.evaluate(PAINT)), time.perf_counter() - start


def in_browser(page: Page) -> list[float]:
    """Seconds from the click to another cost on the screen."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    value = page.get_by_test_id("stMetric").filter(has_text="Cost").get_by_test_id("stMetricValue")
    took = []
    for place in range(CHANGES):
        before = value.inner_text()
        page.get_by_label(VOLUME, exact=True).fill(str(FIRST + STEP * place + 1))
        start = time.perf_counter()
        page.get_by_role("button", name="Apply").click()
        page.wait_for_function(
            "before => [...document.querySelectorAll('[data-testid=stMetric]')]"
            ".some(one => one.innerText.startsWith('Cost') && !one.innerText.includes(before))",
            arg=before,
            polling=10,
        )
        took.append(time.perf_counter() - start)
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return took


def show(case: str, seconds: Sequence[float], aim: str = "") -> None:
    """One row."""
    print(f"{case:52} {statistics.median(seconds):6.3f} s  {max(seconds):6.3f} s  {aim}")


def main() -> None:
    """Print the table."""
    print(f"{'case':52} {'median':>8}  {'slowest':>8}  aim")
    with browser() as chromium, served() as address:
        _, painted, answered = first_paint(chromium, address)
        show("first browser of a cold server: first content", [painted], "below 2.5 s")
        show("first browser of a cold server: verdict", [answered])
        page, painted, answered = first_paint(chromium, address)
        show("second browser: first content", [painted], "below 2.5 s")
        show("second browser: verdict", [answered])
        show("change in the browser: new figures on the screen", in_browser(page), "below 0.3 s")
        session = Session(address)
        server = server_of(address)
        before = sum(server.cpu_times()[:2])
        answers = [session.change(FIRST + STEP * place) for place in range(CHANGES)]
        processor = sum(server.cpu_times()[:2]) - before
        session.close()
        show("change over the websocket: new figures sent", [item.answered_seconds for item in answers], "below 0.3 s")
        show("change over the websocket: whole page sent", [item.drawn_seconds for item in answers])
        show("processor time of the server per change", [processor / CHANGES])


if __name__ == "__main__":
    main()
