"""`estimator breakeven` as a user runs it, and its bad questions."""

import csv
import io
import json
from pathlib import Path

import pytest
from command import command

from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = str(ROOT / "examples" / "triage.yaml")
FEW = ("--draws", "100")


def estimator(*arguments: str) -> str:
    done = command("breakeven", TRIAGE, *FEW, *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_without_a_key_every_input_is_looked_at() -> None:
    table = estimator()
    assert "Is fine-tuning worth it?" in table
    assert "workload.requests_per_month" in table
    data = json.loads(estimator("-f", "json"))
    tuning = data["questions"][0]
    volume = next(flip for flip in tuning["flips"] if flip["key"] == "workload.requests_per_month")
    assert volume["side"] == "below"
    assert (volume["before"], volume["beyond"]) == ("fine-tuning", "no fine-tuning")
    assert abs(volume["gap_usd"]) < 0.01
    assert len(data["looked_at"]) > 100


def test_one_key_gives_a_curve_and_two_a_map(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Breaks even at 17.8k" in estimator("--x", "requests_per_month")
    asked = ["breakeven", TRIAGE, *FEW, "--x", "requests_per_month", "--y", "value_per_success", "--steps", "8"]
    assert run([*asked, "--range", "10k..1M", "--option", "lora", "--against", "prompt", "-f", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 64
    volumes = {float(row["workload.requests_per_month"]) for row in rows}
    assert (min(volumes), max(volumes)) == (10e3, 1e6)
    assert {row["best"] for row in rows} <= {"prompt", "rag", "lora", "qlora", "lora_rag", "nothing"}
    assert run([*asked, "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert len(data["gain_usd"]) == len(data["gain_usd"][0]) == 8
    assert data["today"]["best"] == "lora_rag"


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["--x", "request_per_month"], 3, "did you mean 'requests_per_month'"),
        (["--x", "tuning.labels"], 3, "give one of them in full"),
        (["--x", "requests_per_month", "--steps", "1"], 3, "steps: 1"),
        (["--x", "requests_per_month", "--range", "10k"], 2, "--range: '10k' is no range"),
        (["--x", "requests_per_month", "--range", "a..b"], 2, "--range"),
        (["--x", "requests_per_month", "--range", "0..10k"], 3, "outside"),
        (["--y", "requests_per_month"], 2, "given without --x"),
        (["--steps", "9", "--range", "1..2"], 2, "--steps, --range: given without --x"),
        (["--option", "lorra"], 3, "did you mean 'lora'"),
        (["--against", "lora"], 3, "without an option"),
        (["--x", "requests_per_month", "--on", "soon"], 2, "--on"),
    ],
)
def test_a_bad_question_is_one_clear_line(
    arguments: list[str], code: int, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["breakeven", TRIAGE, *FEW, *arguments]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert expected in shown.err
    assert len(shown.err.strip().splitlines()) == 1
