"""One server and one browser for all browser tests; every page fails on a console error or a request to elsewhere."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
os.environ.pop("COLUMNS", None)  # xdist sets it for its workers; output is tested as it is in a pipe of no known width
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts tests in the background has it ignored
settings.register_profile("untimed", deadline=None)  # the first example may load a library on a busy machine
settings.load_profile("untimed")
sys.path.insert(0, str(ROOT / "docs"))  # the command that takes the README's picture starts the same server

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from screenshots import LAPTOP, browser, served  # noqa: E402


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    try:
        with browser() as found:
            yield found
    except FileNotFoundError as error:
        pytest.fail(str(error))


@pytest.fixture
def page(address: str, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=LAPTOP, accept_downloads=True)
    found = context.new_page()
    found.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)  # a busy machine draws late
    problems: list[str] = []
    found.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    found.on("pageerror", lambda error: problems.append(str(error)))
    found.on("request", lambda request: None if _is_local(request.url, address) else problems.append(request.url))
    found.goto(address)
    yield found
    context.close()
    assert problems == []


def _is_local(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))
