"""`estimator calibrate` and `--calibration` as a user runs them."""

import json
from pathlib import Path

import pytest
from command import command as estimator

from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[2]


def test_logs_become_a_file_that_compare_accepts(tmp_path: Path) -> None:
    log = "model,gpu,method,seq_len,micro_batch,tokens_per_s\n" + "Qwen/Qwen3-8B,H100,lora,1024,4,3000\n" * 4
    (tmp_path / "runs.csv").write_text(log)
    done = estimator("calibrate", "runs.csv", "-o", "calibration.json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    data = json.loads((tmp_path / "calibration.json").read_text())
    assert data["factors"][0]["n"] == 4
    triage = str(ROOT / "examples" / "triage.yaml")
    shown = estimator("compare", triage, "--calibration", "calibration.json", "-f", "json", folder=tmp_path)
    assert "calibrated, n = 4" in shown.stdout
    by_environment = estimator(
        "compare", triage, "-f", "json", folder=tmp_path, ESTIMATOR_CALIBRATION="calibration.json"
    )
    assert by_environment.stdout == shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("calibrate", "none.json"), 2),
        (("calibrate",), 2),
        (("calibrate", "broken.json"), 3),
        (("compare", str(ROOT / "examples" / "triage.yaml"), "--calibration", "none.json"), 2),
        (("compare", str(ROOT / "examples" / "triage.yaml"), "--calibration", "broken.json"), 3),
    ],
)
def test_bad_input_is_one_line(
    arguments: tuple[str, ...],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.json").write_text('{"log_history": "none"}')
    assert run(arguments) == code
    message = capsys.readouterr().err
    assert message.startswith("error: ")
    assert message.count("\n") == 1
