"""`estimator simulate` and `estimator sensitivity` as a user runs them, and each bad input as one line."""

import csv
import io
import json
from pathlib import Path

import pytest
from command import command as estimator

from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
POLICY = str(ROOT / "examples" / "policy-assistant.yaml")
FEW = ("--draws", "300")


def test_simulate_prints_odds_months_and_the_worth_of_an_answer() -> None:
    done = estimator("simulate", POLICY, *FEW)
    assert (done.returncode, done.stderr) == (0, "")
    words = " ".join(done.stdout.split())
    for part in (
        "300 futures over",
        "P(best)",
        "may not be chosen",
        "What is one correct answer worth; today $2",
        "Mean net benefit",
        "Mean regret",
    ):
        assert part in words


def test_simulate_agrees_with_compare() -> None:
    found = json.loads(estimator("simulate", POLICY, *FEW, "-f", "json").stdout)
    base = json.loads(estimator("compare", POLICY, *FEW, "-f", "json", "-q").stdout)["scenarios"][0]
    assert found["perfect_information"]["usd"] == pytest.approx(base["perfect_information_usd"])
    for name, option in found["options"].items():
        assert option["probability_best"] == base["options"][name]["probability_best"]
        assert (
            option["by_month"]["cumulative_cost_usd"]["p95"]
            == (base["options"][name]["by_month"]["cumulative_cost_usd"]["p95"])
        )
    assert found["acceptability"]["chosen"][-1] in found["options"]


def test_simulate_from_stdin_with_a_precision_into_a_file(tmp_path: Path) -> None:
    file = tmp_path / "fan.csv"
    text = Path(POLICY).read_text(encoding="utf-8")
    done = estimator("simulate", "-", "--precision", "0.05", "-o", str(file), given=text)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert {row["month"] for row in rows} == {str(month) for month in range(25)}
    assert float(rows[-1]["cumulative_cost_p5_usd"]) <= float(rows[-1]["cumulative_cost_p95_usd"])


def test_a_tornado_as_markdown() -> None:
    done = estimator("sensitivity", POLICY, *FEW, "--top", "4", "-f", "markdown")
    assert done.returncode == 0, done.stderr
    assert "| Input | Unit | Low | Today | High | At low | At high | Swing | Choice turns |" in done.stdout
    assert done.stdout.count("\n| ") == 1 + 4 + 1


def test_indices_as_csv() -> None:
    done = estimator("sensitivity", POLICY, *FEW, "--method", "sobol", "--top", "2", "--points", "64", "-f", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 3
    assert all(float(row["total_p5"]) <= float(row["total"]) <= float(row["total_p95"]) for row in rows)


def test_what_to_measure_as_json() -> None:
    done = estimator("sensitivity", POLICY, "-m", "evppi", *FEW, "--pilot-labels", "100", "-f", "json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["method"] == "evppi"
    assert data["pilots"][0]["labels"] == 100
    assert max(item["worth_usd"] for item in data["inputs"]) <= data["perfect_information"]["usd"] + 1e-6
    assert data["advice"].count("pilot of") == 1


BAD = [
    (("simulate", POLICY, "--draws", "0"), 3, "draws: 0 is outside 1 to"),
    (("simulate", POLICY, "--precision", "2"), 3, "--precision: 2 is not between 0 and 1"),
    (("simulate", "nowhere.yaml"), 2, "nowhere.yaml"),
    (("sensitivity", POLICY, "--top", "0"), 3, "top: 0 is outside 1 to 200"),
    (("sensitivity", POLICY, "--draws", "20"), 3, "draws: 20 is below 250"),
    (("sensitivity", POLICY, *FEW, "--option", "lorra"), 3, "did you mean 'lora'"),
    (("sensitivity", POLICY, *FEW, "--option", "rag", "--against", "rag"), 3, "against: rag is the option itself"),
    (("sensitivity", POLICY, *FEW, "-m", "sobol", "--points", "100"), 3, "a power of 2"),
    (("sensitivity", POLICY, "--points", "512"), 2, "--points: goes with --method sobol, not with tornado"),
    (("sensitivity", POLICY, "-m", "sobol", "--pilot-labels", "9"), 2, "--pilot-labels: goes with --method evppi"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), BAD, ids=[message for _, _, message in BAD])
def test_bad_input_is_one_line(
    arguments: tuple[str, ...], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(list(arguments)) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.strip().splitlines()) == 1
    assert message in shown.err


def test_an_unknown_method_is_a_usage_error() -> None:
    done = estimator("sensitivity", POLICY, "--method", "morris")
    assert done.returncode == 2
    assert "morris" in done.stderr
