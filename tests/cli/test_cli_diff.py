"""`breakdown`, `diff`, `compare --compare-to` and folders as a user runs them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from command import command as estimator

from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = ROOT / "examples" / "triage.yaml"
TEXT = TRIAGE.read_text(encoding="utf-8")
CHANGED = TEXT.replace("growth: 2%", "growth: 5%").replace("labels: 3000", "labels: 6000")
FEW = ("--draws", "50")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "before.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "new.yml").write_text(CHANGED, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no scenario", encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run([*arguments, *FEW]) == code
    return capsys.readouterr().out


def test_diff_formats_agree(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from estimator.report.numbers import money_change

    ends = (str(folder / "before.yaml"), str(folder / "new.yml"))
    done = estimator("diff", *ends, "-f", "json", *FEW)
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert data["schema_version"] == 1
    only = data["diffs"][0]
    assert {item["key"] for item in only["inputs"]} == {"workload.growth", "options.lora.tuning.labels"}
    rows = list(csv.DictReader(io.StringIO(told(capsys, "diff", *ends, "-f", "csv"))))
    text, markdown = told(capsys, "diff", *ends), told(capsys, "diff", *ends, "-f", "markdown")
    assert markdown.startswith("<!-- estimator: diff -->")
    assert "<details>" in markdown
    for option in only["options"]:
        cost = next(item for item in option["changes"] if item["measure"] == "cost")
        assert sum(line["difference_usd"] for line in option["lines"]) == pytest.approx(cost["difference"], abs=0.5)
        row = next(r for r in rows if (r["kind"], r["option"], r["key"]) == ("option", option["option"], "cost"))
        assert float(row["difference"]) == cost["difference"]
        assert f"~ {option['option']}  {money_change(cost['difference'])} (" in text
        assert money_change(cost["difference"]) in markdown
        sizes = [abs(line["difference_usd"]) for line in option["lines"]]
        assert sizes == sorted(sizes, reverse=True)
    for item in only["attribution"]["options"]:
        effects = [effect for effect in item["effects_usd"] if effect is not None]
        assert item["from_usd"] + sum(effects) + item["interaction_usd"] == pytest.approx(item["to_usd"])
        picked = [r for r in rows if (r["kind"], r["option"]) == (item["measure"], item["option"])]
        assert [float(r["difference"]) for r in picked] == [*effects, item["interaction_usd"]]


def test_a_stored_result_is_the_base(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = folder / "base.json"
    assert run(["compare", str(folder / "before.yaml"), "-o", str(base), "-q", *FEW]) == 0
    now = json.loads(told(capsys, "compare", str(folder / "new.yml"), "--compare-to", str(base), "-f", "json"))
    same = json.loads(told(capsys, "diff", str(folder / "before.yaml"), str(folder / "new.yml"), "-f", "json"))
    assert now["diffs"][0]["options"] == same["diffs"][0]["options"]
    assert now["diffs"][0]["drift"] == []
    unchanged = told(capsys, "diff", str(base), str(folder / "before.yaml"))
    assert "No input changed" in unchanged
    assert "unchanged" in unchanged


def test_what_differs_besides_inputs_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, file = folder / "base.json", str(folder / "before.yaml")
    assert run(["compare", file, "-o", str(base), "-q", *FEW]) == 0
    given = ("compare", file, "--compare-to", str(base), "--currency", "EUR", "--seed", "7", "-f", "json")
    notes = json.loads(told(capsys, *given))["diffs"][0]["notes"]
    assert notes == [
        "also different: seed 0 → 7; figures move by that too",
        "verdicts keep their words: the one before is in USD, the one now in EUR",
    ]


def test_what_no_difference_can_be_told_of_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, new = folder / "base.json", str(folder / "new.yml")
    assert run(["compare", str(folder / "before.yaml"), "-o", str(base), "-q", *FEW]) == 0
    assert run(["diff", new, str(base), "--set", "horizon=12", *FEW]) == 2
    assert "is a stored result, whose inputs stay" in capsys.readouterr().err


def _damaged(base: Path, change: Any) -> None:
    data = json.loads(base.read_text(encoding="utf-8"))
    change(data)
    base.write_text(json.dumps(data), encoding="utf-8")


def test_drift_and_versions_of_a_stored_result_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = folder / "base.json"
    assert run(["compare", str(folder / "before.yaml"), "-o", str(base), "-q", *FEW]) == 0

    def older(data: Any) -> None:
        data["schema_version"] = 0
        data["scenarios"][0]["options"]["lora"]["cost_usd"]["central"] -= 1000.0

    _damaged(base, older)
    data = json.loads(told(capsys, "diff", str(base), str(folder / "before.yaml"), "-f", "json"))["diffs"][0]
    assert [(item["option"], item["difference"]) for item in data["drift"]] == [("lora", pytest.approx(1000.0))]
    text = told(capsys, "diff", str(base), str(folder / "before.yaml"))
    assert "schema_version 0" in text
    assert "~ lora  +$1k" in text
    assert "estimator of today" in text.replace("\n  ", " ")


@pytest.mark.parametrize(
    ("content", "code", "expected"),
    [
        ("{", 3, "not JSON"),
        ("[]", 3, "no result of: estimator compare FILE -o base.json"),
        ('{"schema_version": 1, "scenarios": []}', 2, "0 scenarios"),
    ],
)
def test_a_bad_base_is_one_line(
    folder: Path, content: str, code: int, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    base = folder / "base.json"
    base.write_text(content, encoding="utf-8")
    assert run(["diff", str(base), str(folder / "new.yml"), *FEW]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert expected in shown.err
    assert len(shown.err.strip().splitlines()) == 1
    assert run(["compare", str(folder / "new.yml"), "--compare-to", str(folder / "nope.json"), *FEW]) == 2


def test_folders_and_patterns_are_their_scenarios(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "deep.yaml").write_text(CHANGED, encoding="utf-8")
    one = told(capsys, "compare", str(folder))
    assert one == told(capsys, "compare", str(folder / "*.y*ml"))
    assert one == told(capsys, "compare", str(folder / "before.yaml"), str(folder))
    assert "before.yaml → new.yml" in one
    assert "deep.yaml" not in one
    assert "deep.yaml" in told(capsys, "compare", str(folder), "--recursive")
    assert run(["compare", str(folder / "*.nothing"), *FEW]) == 2
    assert "no scenario file matches this pattern" in capsys.readouterr().err
    assert run(["diff", str(folder), str(folder / "new.yml"), *FEW]) == 2
    assert "estimator compare" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["growth: [2%", "growth: 2%\n  grwth: 2%"])
@pytest.mark.parametrize("verb", ["compare", "diff"])
def test_a_broken_file_among_good_ones_is_named(
    folder: Path, wrong: str, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, target = folder / "new.yml", folder / "out.json"
    broken.write_text(TEXT.replace("growth: 2%", wrong), encoding="utf-8")
    assert run([verb, str(folder / "before.yaml"), str(broken), "-o", str(target), *FEW]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert str(broken) in shown.err
    assert len(shown.err.strip().splitlines()) == 1
    assert not target.exists()


def test_a_file_whose_names_the_catalog_lacks_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = folder / "new.yml"
    broken.write_text(TEXT.replace("Qwen/Qwen3-8B", "Qwen/Qwen3-8C"), encoding="utf-8")
    for arguments in (["compare", str(folder)], ["diff", str(folder / "before.yaml"), str(broken)]):
        assert run([*arguments, *FEW]) == 3
        assert f"{broken}: " in capsys.readouterr().err


def test_all_shows_every_scenario_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short, whole = told(capsys, "compare", str(folder)), told(capsys, "compare", str(folder), "--all")
    assert "How it is done" not in short
    assert whole.count("How it is done") == 2
    same = told(capsys, "compare", str(folder / "before.yaml"), str(folder / "before.yaml"))
    assert "unchanged: prompt, rag, lora, qlora, lora_rag" in same


def test_breakdown_formats_agree(capsys: pytest.CaptureFixture[str]) -> None:
    from estimator.report.numbers import money

    done = estimator("breakdown", str(TRIAGE), "--option", "lora", "-f", "json", *FEW)
    assert done.returncode == 0
    lora = json.loads(done.stdout)["options"]["lora"]
    arguments = ("breakdown", str(TRIAGE), "--option", "lora", "-f")
    rows = list(csv.DictReader(io.StringIO(told(capsys, *arguments, "csv"))))
    lines = [line for category in lora["categories"] for line in category["lines"]]
    costs = [row for row in rows if not row["line"].startswith("value.")]
    assert [row["line"] for row in costs] == [line["key"] for line in lines]
    assert sum(float(row["present_value_usd"]) for row in costs) == pytest.approx(lora["present_value_usd"], abs=0.005)
    table, markdown = told(capsys, *arguments, "table"), told(capsys, *arguments, "markdown")
    for category in lora["categories"]:
        assert money(category["present_value_usd"]) in table
        assert money(category["present_value_usd"]) in markdown
    assert all(line["label"] in table for line in lines)


def test_diff_reads_stdin(folder: Path) -> None:
    done = estimator("diff", str(folder / "before.yaml"), "-", *FEW, given=CHANGED)
    assert done.returncode == 0
    assert "workload.growth" in done.stdout
