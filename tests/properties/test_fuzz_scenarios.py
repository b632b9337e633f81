"""Whatever stands in a scenario file: one clear line and a documented exit code, quickly, and no half-written file.

`FUZZ_INPUTS=50000 FUZZ_PROCESSES=1000 python -m pytest tests/properties/test_fuzz_scenarios.py` runs longer;
`FUZZ_SEED` starts elsewhere.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_mutations import NASTY, SMALL, hostile, mutated

from estimator import estimate
from estimator.cli.main import run
from estimator.errors import EstimatorError
from estimator.policy import check
from estimator.scenario import from_data, loads, names_in, parse_condition, to_data

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "examples").glob("*.yaml"))]
INPUTS = int(os.environ.get("FUZZ_INPUTS", "1600"))
PROCESSES = int(os.environ.get("FUZZ_PROCESSES", "50"))
FIRST = int(os.environ.get("FUZZ_SEED", "0"))
CODES = {0, 2, 3, 4}
SLOWEST = 10.0
"""One hostile file on a busy machine, parsed in pure Python. [s]"""


def outcome(text: str) -> str:
    """ok, or the message of the error; anything but an error for users fails the test."""
    try:
        scenario = loads(text)
        data = estimate(scenario, draws=2).to_dict()["scenarios"][0]
        json.dumps(data, allow_nan=False)
        if scenario.policy is not None:
            check(scenario.policy, data)
    except EstimatorError as error:
        return str(error).strip() or "an error without words"
    return "ok"


@pytest.mark.parametrize("part", range(8))
def test_changed_texts_give_a_result_or_an_error_in_words(part: int) -> None:
    seeds = range(FIRST + part, FIRST + INPUTS, 8)
    found = [outcome(mutated(seed)) for seed in seeds]
    assert "an error without words" not in found
    assert 1 <= found.count("ok") < 0.8 * len(found), "the changes are too mild or too harsh to test anything"


def test_changed_examples_give_a_result_or_an_error_in_words() -> None:
    found = [outcome(mutated(FIRST + seed, EXAMPLES[seed % len(EXAMPLES)])) for seed in range(INPUTS // 16)]
    assert len(set(found)) > len(found) // 4


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(NASTY),
    st.dates(),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
PLAIN = to_data(loads(SMALL))


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in items for found in _paths(value, (*path, key)))]


def _with(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = dict(data) if isinstance(data, dict) else list(data)
    changed[path[0]] = _with(data[path[0]], path[1:], value)
    return changed


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(_paths(PLAIN)), value=VALUES)
def test_any_value_anywhere_gives_a_result_or_an_error_in_words(path: tuple[Any, ...], value: Any) -> None:
    with contextlib.suppress(EstimatorError):
        estimate(from_data(_with(PLAIN, path, value)), draws=2).to_dict()


WORDS = st.sampled_from(
    ["a.b", "best.cost.p50", "and", "or", "not", "(", ")", "<", ">", "==", "+", "-", "*", "/", "1", "5%", "2k"]
)


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.text(max_size=60), st.lists(WORDS).map(" ".join)))
def test_any_condition_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert names_in(parse_condition(text)) is not None


@pytest.mark.parametrize("name", hostile())
def test_hostile_files_end_soon_with_one_line(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file, target = tmp_path / "hostile.yaml", tmp_path / "out.json"
    file.write_bytes(hostile()[name])
    start = time.process_time()
    code = run(["check", str(file), "-o", str(target), "--draws", "2"])
    assert time.process_time() - start < SLOWEST
    assert code in CODES
    assert json.loads(target.read_text(encoding="utf-8"))["checks"]
    shown = capfd.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == (0 if code == 0 else 1)
    assert "Traceback" not in shown.err


def test_the_command_line_in_one_process_writes_whole_files_or_none(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "fuzz.yaml"
    for seed in range(FIRST, FIRST + 40):
        target = tmp_path / f"{seed}.json"
        file.write_text(mutated(seed), encoding="utf-8", errors="surrogatepass", newline="")
        code = run(["compare", str(file), "-o", str(target), "--draws", "2", "-q"])
        assert code in CODES, (seed, capfd.readouterr().err)
        assert target.exists() == (code == 0)
        assert code != 0 or json.loads(target.read_text(encoding="utf-8"))["scenarios"]
        assert len(capfd.readouterr().err.splitlines()) == (0 if code == 0 else 1)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".json", ".yaml"}


def _process(folder: Path, seed: int) -> tuple[int, str, bool]:
    """Exit code, stderr, and whether a file was written, of one process with one file."""
    file, target = folder / f"{seed}.yaml", folder / f"{seed}.json"
    file.write_text(mutated(seed), encoding="utf-8", errors="surrogatepass", newline="")
    command = [sys.executable, "-m", "estimator", "compare", str(file), "-o", str(target), "--draws", "2", "-q"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert done.stdout == ""
    if target.exists():
        assert json.loads(target.read_text(encoding="utf-8"))["scenarios"]
    return done.returncode, done.stderr, target.exists()


def test_the_command_line_as_a_process_has_a_documented_exit_code(tmp_path: Path) -> None:
    seeds = [1_000_000 + FIRST + place for place in range(PROCESSES)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(partial(_process, tmp_path), seeds))
    for code, error, wrote in found:
        assert code in CODES, error
        assert "Traceback" not in error
        assert len(error.splitlines()) == (0 if code == 0 else 1), error
        assert wrote == (code == 0)
    assert len({code for code, _, _ in found}) > 1, "the changes are too mild or too harsh to test anything"
    assert {path.suffix for path in tmp_path.iterdir()} <= {".json", ".yaml"}
