"""Private rates on the command line."""

import json
from pathlib import Path

import pytest

from estimator.catalog.schema import REQUIRED
from estimator.cli.main import run

TRIAGE = Path(__file__).resolve().parents[2] / "examples" / "triage.yaml"
ROW = "labour/ml_engineer,Contractor,USD/hour,500,,,,2026-01-01,2026-11-01,contract 17,primary,published\n"


def private(folder: Path, row: str = ROW) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "rates.csv").write_text(",".join(REQUIRED) + "\n" + row, encoding="utf-8")
    return folder


def result(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, object]:
    assert run(["compare", str(TRIAGE), "--draws", "100", "-f", "json", "-q", *more]) == 0
    data: dict[str, object] = json.loads(capsys.readouterr().out)["scenarios"][0]
    return data


def test_private_rate_changes_the_bill_and_is_named_in_the_inputs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = result(capsys), result(capsys, "--catalog", str(private(tmp_path / "mine")))
    (used,) = [item for item in after["inputs"] if item["key"] == "labour/ml_engineer"]  # type: ignore[attr-defined]
    assert (used["value"], used["origin"]) == (500, "yours")
    assert "contract 17" in used["source"]
    assert str(tmp_path / "mine" / "rates.csv") in used["source"]
    cost = [data["options"]["lora"]["cost_usd"]["p50"] for data in (before, after)]  # type: ignore[index]
    assert cost[1] > cost[0]
    monkeypatch.setenv("ESTIMATOR_CATALOG", str(tmp_path / "mine"))
    assert result(capsys) == after


@pytest.mark.parametrize(
    ("folder", "message"),
    [("nowhere", "is no folder"), ("empty", "holds no .csv table"), ("broken", "rates.csv line 2: value 'x'")],
)
def test_bad_folders_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    private(tmp_path / "broken", ROW.replace("500", "x"))
    assert run(["compare", str(TRIAGE), "--catalog", str(tmp_path / folder)]) == 3
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
