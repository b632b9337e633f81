"""Work goes on where no further thread can be started."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from estimator.threads import begun

EXAMPLE = Path(__file__).parents[2] / "examples" / "triage.yaml"
LATE = f"""
import threading
from estimator import estimate, load

def asked():
    threading.main_thread().join()
    print(len(estimate(load({str(EXAMPLE)!r}), draws=10).options))

threading.Thread(target=asked).start()
"""


def test_an_estimate_can_be_asked_for_after_the_main_thread_has_ended() -> None:
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("5\n", "")


def test_what_fails_is_told_where_it_is_asked_for_and_not_done_twice() -> None:
    asked: list[int] = []

    def fail(given: int) -> None:
        asked.append(given)
        raise RuntimeError("no")

    with ThreadPoolExecutor(1) as pool:
        failing = begun(pool, fail, 1)
        with pytest.raises(RuntimeError, match="no"):
            failing.result()
    assert asked == [1]
