"""The verbs labels, learn and retrain: every format, every bad input."""

import csv
import io
import json
from pathlib import Path

import pytest
from command import command as estimator

from estimator import labelling_project, learn, load, retrain
from estimator.cli.main import run
from estimator.units import central

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = ROOT / "examples" / "triage.yaml"
POLICY = ROOT / "examples" / "policy-assistant.yaml"
FEW = ("--draws", "300")


def test_labels_says_what_the_library_says() -> None:
    done = estimator("labels", "--labels", "3k", "--by", "expert", "--minutes", "2 to 6", "-f", "json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    project = labelling_project(labels=3000, annotation={"labeller": "expert", "minutes": "2 to 6"})
    assert data["lines_usd"]["total"]["central"] == pytest.approx(central(project.data.total))
    parts = [band["central"] for key, band in data["lines_usd"].items() if key != "total"]
    assert sum(parts) == pytest.approx(data["lines_usd"]["total"]["central"])
    assert data["redundancy"]["training_votes"] == 1
    assert {item["key"] for item in data["inputs"]} >= {"rate/expert/generic", "labeller/expert/accuracy"}
    assert data["weeks"]["p10"] <= data["weeks"]["p50"] <= data["weeks"]["p90"]


def test_labels_like_cuad_in_words() -> None:
    done = estimator("labels", "--like", "cuad")
    assert done.returncode == 0
    assert "$2.32M" in done.stdout
    assert "Published for cuad: $2M" in done.stdout


def test_learn_in_every_format() -> None:
    data = json.loads(estimator("learn", str(TRIAGE), "-f", "json", *FEW).stdout)
    own = learn(load(TRIAGE), draws=300).learning["lora"]
    lora = data["options"]["lora"]
    assert set(data["options"]) == {"lora", "qlora", "lora_rag"}
    assert lora["optimum_central"] == pytest.approx(own.optimum_central)
    assert own.optimum_central == pytest.approx(own.optimum_exact, rel=0.01)
    rows = list(csv.DictReader(io.StringIO(estimator("learn", str(TRIAGE), "-f", "csv", *FEW).stdout)))
    assert len(rows) == sum(len(option["steps"]) for option in data["options"].values())
    for option in data["options"].values():
        quality = [step["quality"][1] for step in option["steps"]]
        assert quality == sorted(quality)
        worth = [step["next_value_usd"] for step in option["steps"]]
        assert worth == sorted(worth, reverse=True)
        for step in option["steps"]:
            assert step["net_usd"] == pytest.approx(step["value_usd"] - step["cost_usd"])
    table = estimator("learn", str(TRIAGE), *FEW).stdout
    assert "the next 1,000 labels are worth $" in table
    assert estimator("learn", str(TRIAGE), "-f", "markdown", *FEW).stdout.startswith("<!-- estimator: ")


def test_retrain_in_every_format() -> None:
    data = json.loads(estimator("retrain", str(TRIAGE), "-f", "json", *FEW).stdout)
    own = retrain(load(TRIAGE), draws=300).retraining["lora"]
    lora = data["options"]["lora"]
    assert lora["closed_form_months"] == pytest.approx(own.case.closed_form)
    assert lora["best"] == "economic"
    totals = {}
    for cost in lora["policies"]:
        parts = sum(cost[f"{name}_usd"] for name in ("labels", "compute", "evaluation", "release"))
        assert parts == pytest.approx(cost["retraining_usd"])
        assert cost["total_usd"] == pytest.approx(cost["retraining_usd"] + cost["lost_usd"])
        totals[cost["policy"], cost["interval_months"]] = cost["total_usd"]
    assert min(totals.values()) == totals[lora["policies"][0]["policy"], lora["policies"][0]["interval_months"]]
    assert next(cost for cost in lora["policies"] if cost["policy"] == "never")["retrainings"] == 0
    rows = list(csv.DictReader(io.StringIO(estimator("retrain", str(TRIAGE), "-f", "csv", *FEW).stdout)))
    assert len(rows) == sum(len(option["policies"]) for option in data["options"].values())
    assert "One retraining costs $" in estimator("retrain", str(TRIAGE), *FEW).stdout


def test_the_ledger_retrains_as_often_as_the_sheet_says() -> None:
    from estimator import estimate

    scenario = load(TRIAGE)
    study = retrain(scenario, draws=50).retraining["lora"]
    parts = estimate(scenario, draws=50).options["lora"].parts
    assert parts is not None
    assert parts.money.care.retrainings.sum() == study.costs[0].retrainings
    assert parts.money.retrain_usd is not None
    assert central(parts.money.retrain_usd.total) == pytest.approx(study.case.retrain_usd)


def test_votes_settle_the_accuracy(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    lines = ["ann,bob,cid"] + ["x,x,x", "y,y,x", "x,x,y", "y,y,y"] * 20
    file.write_text("\n".join(lines), encoding="utf-8")
    done = estimator("labels", "--votes", str(file), "-f", "json")
    assert done.returncode == 0, done.stderr
    votes = json.loads(done.stdout)["votes"]
    assert votes["labels"][:4] == ["x", "y", "x", "y"]
    assert votes["annotators"]["cid"] < votes["annotators"]["ann"]
    assert "settled by one-coin" in estimator("labels", "--votes", str(file)).stdout


def failed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(list(arguments))
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return code, err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("labels", "--minutes", "-1"), 3, "--minutes: -1 is outside"),
        (("labels", "--rate", "expert/lawer"), 3, "--rate: unknown price row"),
        (("labels", "--by", "robots"), 2, "--by"),
        (("labels", "--like", "sqad"), 3, "did you mean 'squad'"),
        (("labels", "--kind", "poetry"), 3, "--kind"),
        (("labels", "--labels", "0"), 3, "--labels: 0 is outside"),
        (("labels", "--quality", "2"), 3, "quality 2"),
        (("labels", "--half-width", "0"), 3, "half_width 0"),
        (("labels", "--by", "llm", "--model", "openai/gpt-5-mini", "--prompt-tokens", "x"), 3, "'x' is not a number"),
        (("labels", "--prompt-tokens", "900"), 2, "--prompt-tokens: goes with --model"),
        (("labels", "--usd-per-label", "1", "--prompt-tokens", "9"), 2, "--usd-per-label is the price already"),
        (("labels", "--by", "llm", "--fee", "50%", "--adjudicate"), 2, "--fee, --adjudicate: only people have that"),
        (("labels", "--like", "rlaif_llm", "--training-hours", "9"), 2, "--training-hours: only people have that"),
        (("labels", "--by", "synthetic", "--kept-share", "50%"), 2, "--kept-share: generated examples are not"),
        (("labels", "--votes", "nowhere.csv"), 2, "nowhere.csv: cannot be read"),
        (("labels", "--on", "soon"), 2, "'soon' is not a date"),
        (("labels", "--model", "openai/none", "--by", "llm"), 3, "--model: unknown hosted model"),
        (("learn", "nowhere.yaml"), 2, "nowhere.yaml: no such file"),
        (("retrain", "nowhere.yaml"), 2, "nowhere.yaml: no such file"),
        (("learn", str(TRIAGE), "--draws", "0"), 3, "draws: 0 is outside"),
        (("retrain", str(TRIAGE), "--draws", "many"), 2, "--draws"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, words: str
) -> None:
    found, text = failed(capsys, *arguments)
    assert found == code
    assert words in text


@pytest.mark.parametrize("verb", ["learn", "retrain"])
def test_a_file_without_tuning_is_told_so(capsys: pytest.CaptureFixture[str], tmp_path: Path, verb: str) -> None:
    file = tmp_path / "prompt.yaml"
    text = TRIAGE.read_text(encoding="utf-8")
    file.write_text(text[: text.index("  rag:")], encoding="utf-8")
    code, words = failed(capsys, verb, str(file))
    assert code == 3
    assert "none has a tuning section" in words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("quality: 0.83}", "quality: 1.2}", "outside [0, 1]"),
        ("narrow: true", "narrow: true\n  evidence: lakatos", "did you mean 'lakatos-2025'"),
        ("retrain: economic", "retrain: sometimes", "is no policy"),
        ("retrain: economic", "retrain: economic, drift_shape: stairs", "drift_shape"),
        ("rate: vendor_offshore}", "labeller: elves}", "labeller"),
        ("rate: vendor_offshore}", "labeller: llm, model: openai/none}", "tuning.annotation.model: unknown hosted"),
        ("labels: 3000", "labels: 3000\n      collection_minutes: 3", "did you mean 'collection'"),
    ],
)
def test_bad_scenarios_name_the_field(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = TRIAGE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "bad.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    code, found = failed(capsys, "learn", str(file))
    assert code == 3
    assert words in found


def test_without_a_value_the_sheets_ask_for_one(tmp_path: Path) -> None:
    text = POLICY.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "value_per_success" not in line and "cost_per_error" not in line]
    file = tmp_path / "cost.yaml"
    file.write_text("\n".join(kept), encoding="utf-8")
    for verb in ("learn", "retrain"):
        shown = " ".join(estimator(verb, str(file), *FEW).stdout.split())
        assert "Nothing says what an answer is worth" in shown
