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


@pytest.mark.parametrize(
    ("model", "gpu", "given", "said"),
    [
        ("Qwen/Qwen3-8B", "H10", (), "runs.csv line 3: unknown GPU 'H10'; did you mean 'H100'"),
        ("Qwen/Qwen3-8", "H100", (), "runs.csv line 3: unknown model 'Qwen/Qwen3-8'; did you mean 'Qwen/Qwen3-8B'"),
        ("Qwen/Qwen3-8B", "", ("--gpu", "H10"), "--gpu: unknown GPU 'H10'"),
    ],
)
def test_an_unknown_name_says_where_it_was_read(
    model: str, gpu: str, given: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    rows = ("Qwen/Qwen3-8B,H100,2048,1,5000", f"{model},{gpu},2048,1,5000")
    text = "\n".join(("model,gpu,seq_len,micro_batch,tokens_per_s", *rows))
    (tmp_path / "runs.csv").write_text(text, encoding="utf-8")
    done = estimator("calibrate", "runs.csv", *given, folder=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"error: {said}")
    assert done.stderr.count("\n") == 1
