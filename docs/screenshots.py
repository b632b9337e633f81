"""Take the pictures of the dashboard: python docs/screenshots.py.

Writes docs/images/dashboard.png for the README and, beside it, the sentence that it shows, from which a test sees
whether the picture is out of date; and docs/images/page-NAME.png for every further page. Needs Debian's chromium.
"""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "dashboard.png"
SENTENCE = PICTURE.with_suffix(".txt")
CHROMIUM = Path("/usr/bin/chromium")
LAPTOP: ViewportSize = {"width": 1366, "height": 850}
START_SECONDS = 60


@contextmanager
def served() -> Iterator[str]:
    """Start the dashboard on a free port; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait(f"http://localhost:{port}/_stcore/health", process)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        raise FileNotFoundError(f"{CHROMIUM} is missing; install it: apt-get install chromium chromium-driver")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()


def verdict(page: Page) -> str:
    """The verdict sentence on the first page, once it is drawn."""
    sentence = page.locator(".st-key-verdict h3")
    sentence.wait_for(timeout=START_SECONDS * 1000)
    return sentence.inner_text()


def picture_of(page: Page, address: str, path: Path) -> None:
    """A whole page, once nothing is computed any more."""
    page.goto(address)
    page.locator("h1").wait_for(timeout=START_SECONDS * 1000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=START_SECONDS * 1000)
    height = int(page.get_by_test_id("stMain").evaluate("element => element.scrollHeight"))
    page.set_viewport_size({"width": LAPTOP["width"], "height": height})
    page.wait_for_timeout(1500)
    page.screenshot(path=path)
    page.set_viewport_size(LAPTOP)


def main() -> None:
    """Take the pictures."""
    from estimator.dashboard.main import PAGES  # loads streamlit, which tests that only serve do not need

    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with served() as address, browser() as chromium:
        page = chromium.new_page(viewport={"width": LAPTOP["width"], "height": 1480}, device_scale_factor=1)
        page.goto(address)
        sentence = verdict(page)
        page.locator(".js-plotly-plot .main-svg").first.wait_for()
        page.wait_for_timeout(1500)
        page.screenshot(path=PICTURE)
        for name, _ in PAGES[1:]:
            picture_of(page, f"{address}/{name}", PICTURE.with_name(f"page-{name}.png"))
    SENTENCE.write_text(f"{sentence}\n", encoding="utf-8")


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the dashboard ended with code {process.returncode}; run: streamlit run app.py")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"the dashboard did not answer within {START_SECONDS} s")


if __name__ == "__main__":
    main()
