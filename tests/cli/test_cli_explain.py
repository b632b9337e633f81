"""`estimator explain` as a user runs it."""

import json
from pathlib import Path

import pytest
from command import command

from estimator.cli.main import run

TRIAGE = str(Path(__file__).parents[2] / "examples" / "triage.yaml")


def test_a_ledger_line() -> None:
    done = command("explain", TRIAGE, "inference.gpu", "--draws", "50")
    assert done.returncode == 0, done.stderr
    assert "serving GPUs: replicas" in done.stdout
    assert "serving.usable_share" in done.stdout


def test_the_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", TRIAGE, "--option", "lora", "--draws", "20", "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["options"] == ["lora"]
    assert all(item["source"] and item["origin"] and item["basis"] for item in data["inputs"])
    assert all(line["formula"] for line in data["lines"])


def test_an_input_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", TRIAGE, "workload.growth", "--draws", "20", "-f", "json"]) == 0
    (story,) = json.loads(capsys.readouterr().out)["inputs"]
    assert (story["value"], story["moved_to"]) == (0.02, {"low": pytest.approx(0.018), "high": pytest.approx(0.022)})
    assert story["default"]["mode"] == 0
    assert {move["key"] for move in story["moves"]} >= {"inference.output", "value.correct"}


def test_csv_and_markdown_into_files(tmp_path: Path) -> None:
    for name, start in (("a.csv", "kind,key"), ("a.md", "<!-- estimator: ")):
        assert run(["explain", TRIAGE, "tuning.labels", "--draws", "20", "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ((TRIAGE, "inference.gpus"), 3, "did you mean 'inference.gpu'"),
        ((TRIAGE, "workload.growth", "--option", "loro"), 3, "did you mean 'lora'"),
        ((TRIAGE, "--draws", "0"), 3, "draws: 0 is outside"),
        ((TRIAGE, "--on", "soon"), 2, "--on: 'soon' is not a date"),
        (("none.yaml",), 2, "none.yaml"),
    ],
)
def test_bad_input(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, text: str) -> None:
    assert run(["explain", *arguments]) == code
    error = capsys.readouterr().err
    assert text in error
    assert error.count("\n") == 1
