"""`estimator sweep` as a user runs it."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from estimator import read_sweep
from estimator.cli.main import run

TRIAGE = Path(__file__).parents[2] / "examples" / "triage.yaml"
FEW = ("--draws", "20", "--vary", "workload.requests_per_month=10k,250k", "--vary", "task.cost_per_error=0.5..1/2")


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    """The example without what it trains, so that it is quick."""
    text = TRIAGE.read_text(encoding="utf-8")
    file = tmp_path / "small.yaml"
    file.write_text(text[: text.index("  lora:")], encoding="utf-8")
    return str(file)


def test_processes_write_what_one_process_writes(scenario: str, tmp_path: Path) -> None:
    outputs = []
    for name, more in (("one", ()), ("two", ("--workers", "2"))):
        command = [sys.executable, "-m", "estimator", "sweep", scenario, *FEW, "-o", str(tmp_path / name), *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        outputs.append(done.stdout.replace(str(tmp_path / name), "FOLDER"))
    assert outputs[0] == outputs[1]
    assert "4 computed now, 0 found in the folder" in outputs[0]
    assert read_sweep(tmp_path / "one").equals(read_sweep(tmp_path / "two"))


def test_formats_agree_and_the_second_call_computes_nothing(
    capsys: pytest.CaptureFixture[str], scenario: str, tmp_path: Path
) -> None:
    folder = str(tmp_path / "s")
    assert run(["sweep", scenario, *FEW, "-o", folder, "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["points"], data["computed"], data["reused"], data["failed"]) == (4, 4, 0, 0)
    assert [choice["task.cost_per_error"] for choice in data["choices"]] == [0.5, 1.0, 0.5, 1.0]
    assert sum(option["best"] for option in data["options"]) == 4
    assert run(["sweep", scenario, *FEW, "-o", folder, "-f", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["best"] for row in rows] == [choice["best"] for choice in data["choices"]]
    assert [float(row["cost_usd_p50"]) for row in rows] == [choice["cost_usd_p50"] for choice in data["choices"]]
    assert run(["sweep", scenario, *FEW, "-o", folder]) == 0
    text = capsys.readouterr().out
    assert "0 computed now, 4 found in the folder" in text
    assert "workload.requests_per_month" in text


def test_a_point_without_a_result_is_told(capsys: pytest.CaptureFixture[str], scenario: str, tmp_path: Path) -> None:
    arguments = ["sweep", scenario, "--draws", "20", "--vary", "horizon=6,12", "-o", str(tmp_path / "s")]
    assert run([*arguments, "--set", "options.rag.launch_month=7"]) == 0
    text = capsys.readouterr().out
    assert "1 without a result" in text
    assert "Point 0 has no result: options.rag.launch_month: 7 is not before" in text


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_is_one_line_and_keeps_what_is_done(scenario: str, tmp_path: Path) -> None:
    grid = "workload.requests_per_month=1k..100k/400"
    command = [sys.executable, "-m", "estimator", "sweep", scenario, "--draws", "2000", "--vary", grid]
    with subprocess.Popen(
        [*command, "-o", str(tmp_path / "s"), "--workers", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        deadline = time.monotonic() + 120
        while not list((tmp_path / "s").glob("part-*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    assert (process.returncode, out, error.split()) == (130, b"", [b"interrupted"])
    assert 0 < read_sweep(tmp_path / "s").num_rows < 800


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "--vary"),
        (("--vary", "horizon"), 2, "--vary: 'horizon' is not PATH=VALUES"),
        (("--vary", "horizn=3"), 3, "--vary horizn: no such key; did you mean 'horizon'"),
        (("--vary", "workload.requests_per_month=1k,-2"), 3, "requests_per_month: -2 is outside (0, 1e+12] requests"),
        (("--vary", "horizon=3,9", "--vary", "task.kind=code,cod"), 3, "--vary task.kind: 'cod' is not one of"),
        (("--vary", "horizon=3", "--workers", "0"), 3, "workers: 0 is outside"),
        (("--vary", "horizon=3", "--draws", "0"), 3, "draws: 0 is outside"),
        (("--vary", "horizon=3", "--set", "horizn=3"), 3, "--set horizn: no such key"),
    ],
)
def test_bad_input(
    capsys: pytest.CaptureFixture[str], scenario: str, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    assert run(["sweep", scenario, "-o", str(tmp_path / "s"), *arguments]) == code
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not (tmp_path / "s").exists()
