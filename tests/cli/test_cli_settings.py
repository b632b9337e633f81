"""`--set`, the environment, and what `explain` tells about both."""

import json
from pathlib import Path

import pytest

from estimator.cli.main import run

TRIAGE = str(Path(__file__).parents[2] / "examples" / "triage.yaml")
FEW = ("--draws", "10")


@pytest.mark.parametrize("verb", ["compare", "explain", "learn", "retrain", "simulate", "check"])
def test_set_changes_what_a_verb_reads(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    texts = []
    for change in ((), ("--set", "workload.requests_per_month=5k"), ("--set", "workload.requests_per_month=900k")):
        assert run([verb, TRIAGE, *FEW, "-f", "json", *change]) == 0
        texts.append(capsys.readouterr().out)
    assert len(set(texts)) == 3


def test_set_reaches_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    costs = []
    for labels in ("1k", "30k"):
        change = f"options.lora.tuning.labels={labels}"
        assert run(["plan", TRIAGE, *FEW, "--set", change, "-f", "json"]) == 0
        costs.append(capsys.readouterr().out)
    assert costs[0] != costs[1]
    assert run(["plan", "Qwen/Qwen3-8B", *FEW, "--set", "horizon=3"]) == 2
    assert "--set changes a scenario file, but a model is given" in capsys.readouterr().err


def test_set_reads_stdin_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = Path(TRIAGE).open("rb")  # noqa: SIM115  # closed below

    monkeypatch.setattr("sys.stdin", Stdin)
    assert run(["compare", "-", *FEW, "-f", "json", "--set", "horizon=7"]) == 0
    Stdin.buffer.close()
    assert json.loads(capsys.readouterr().out)["scenarios"][0]["horizon_months"] == 7


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ("workload.request_per_month=3", 3, "--set workload.request_per_month: no such key; did you mean"),
        ("horizon", 2, "--set: 'horizon' is not PATH=VALUE"),
        ("horizon=0", 3, "--set horizon: 0 is no number of whole months from 1 to 240"),
    ],
)
def test_a_bad_change_is_one_line(capsys: pytest.CaptureFixture[str], change: str, code: int, words: str) -> None:
    assert run(["compare", TRIAGE, *FEW, "--set", change]) == code
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def _settings(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, tuple[str, str]]:
    assert run(["explain", *arguments, "-f", "json"]) == 0
    settings = json.loads(capsys.readouterr().out)["settings"]
    return {item["name"]: (item["value"], item["origin"]) for item in settings}


def test_a_flag_beats_the_environment_that_the_file_that_the_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dated = tmp_path / "dated.yaml"
    dated.write_text(f"prices_on: 2027-02-03\n{Path(TRIAGE).read_text(encoding='utf-8')}", encoding="utf-8")
    plain = _settings(capsys, TRIAGE, *FEW)
    assert plain["draws"] == ("10", "flag")
    assert plain["seed"] == ("0", "default")
    assert plain["on"] == ("2027-01-01", "default")
    assert plain["catalog"] == ("the package's own", "default")
    assert _settings(capsys, str(dated), *FEW)["on"] == ("2027-02-03", "file")
    monkeypatch.setenv("ESTIMATOR_ON", "2027-03-04")
    monkeypatch.setenv("ESTIMATOR_SEED", "7")
    monkeypatch.setenv("ESTIMATOR_DRAWS", "12")
    by_env = _settings(capsys, str(dated))
    assert by_env["on"] == ("2027-03-04", "env")
    assert by_env["seed"] == ("7", "env")
    assert by_env["draws"] == ("12", "env")
    by_flag = _settings(capsys, str(dated), "--on", "2027-04-05", "--seed", "8", "--set", "horizon=12")
    assert by_flag["on"] == ("2027-04-05", "flag")
    assert by_flag["seed"] == ("8", "flag")
    assert by_flag["set horizon"] == ("12", "flag")


def test_the_table_of_explain_shows_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", TRIAGE, *FEW, "--set", "workload.growth=3%"]) == 0
    text = capsys.readouterr().out
    assert "set workload.growth" in text
    assert "--set workload.growth" in text


def test_format_of_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ESTIMATOR_FORMAT", "json")
    assert run(["compare", TRIAGE, *FEW]) == 0
    assert json.loads(capsys.readouterr().out)["schema_version"] == 1
    assert run(["compare", TRIAGE, *FEW, "-f", "csv"]) == 0
    assert not capsys.readouterr().out.startswith("{")
    assert run(["compare", TRIAGE, *FEW, "-o", str(tmp_path / "a.csv")]) == 0
    assert not (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("{")
    monkeypatch.setenv("ESTIMATOR_FORMAT", "yaml")
    assert run(["compare", TRIAGE, *FEW]) == 2
    assert "ESTIMATOR_FORMAT: 'yaml' is no format" in capsys.readouterr().err


def test_a_bad_number_of_the_environment_names_its_variable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESTIMATOR_SEED", "many")
    assert run(["compare", TRIAGE, *FEW]) == 2
    assert "ESTIMATOR_SEED" in capsys.readouterr().err
