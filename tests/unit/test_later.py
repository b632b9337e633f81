"""Modules that load at their first use are else what they would have been."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from estimator.later import later


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("slow_part", "quick_part"):
        (tmp_path / f"{name}.py").write_text("import sys\nsys.loaded_parts.append(__name__)\nvalue = 3\n")
    (tmp_path / "user_of_parts.py").write_text("import quick_part, slow_part\ndef f():\n    return slow_part.value\n")
    (tmp_path / "taker_of_parts.py").write_text("from slow_part import value\n")
    monkeypatch.setattr(sys, "loaded_parts", [], raising=False)
    for name in ("slow_part", "quick_part", "user_of_parts", "taker_of_parts"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


def loaded() -> list[str]:
    names: list[str] = vars(sys)["loaded_parts"]
    return names


def test_a_module_waits_until_it_is_used(folder: Path) -> None:
    finders = list(sys.meta_path)
    with later("slow_part", "no_such_module"):
        user = __import__("user_of_parts")
        with pytest.raises(ModuleNotFoundError, match="no_such_module"):
            __import__("no_such_module")
    assert loaded() == ["quick_part"]
    assert sys.meta_path == finders
    assert user.f() == 3
    assert loaded() == ["quick_part", "slow_part"]
    assert sys.modules["slow_part"].__file__ == str(folder / "slow_part.py")


def test_one_whose_names_are_taken_loads_at_once(folder: Path) -> None:
    with later("slow_part"):
        taker = __import__("taker_of_parts")
    assert (taker.value, loaded()) == (3, ["slow_part"])


def test_one_that_is_loaded_stays(folder: Path) -> None:
    first = __import__("slow_part")
    with later("slow_part"):
        user = __import__("user_of_parts")
    assert user.slow_part is first
    assert loaded() == ["slow_part", "quick_part"]


def test_threads_that_use_one_at_once_all_get_it_whole(folder: Path) -> None:
    (folder / "slow_part.py").write_text("import time\ntime.sleep(0.05)\nvalue = 3\n")
    with later("slow_part"):
        user = __import__("user_of_parts")
    assert "slow_part" not in sys.modules
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(user.f if place % 2 else lambda: __import__("slow_part").value) for place in range(4)]
    assert [each.result() for each in asked] == [3] * 4


def test_prices_of_tokens_come_without_an_http_client_and_can_still_be_fetched() -> None:
    code = """
import sys
from estimator.catalog.tokens import is_hosted
assert is_hosted("openai/gpt-4o")
assert not {"httpx2._client", "asyncio.events"} & set(sys.modules)
from genai_prices import UpdatePrices
assert UpdatePrices().request_timeout.connect == 5
assert "httpx2._client" in sys.modules
import asyncio
assert asyncio.run(asyncio.sleep(0, 7)) == 7
"""
    subprocess.run([sys.executable, "-c", code], check=True)
