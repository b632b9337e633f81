"""Memos, HTML and FOCUS columns as a user writes them."""

import csv
import json
from pathlib import Path

import pytest
from command import command as estimator

from estimator.cli.main import run
from estimator.cli.verbs import MEMO_SUFFIXES
from estimator.scenario.memo import SUFFIXES

ROOT = Path(__file__).parents[2]
TRIAGE = str(ROOT / "examples" / "triage.yaml")
FEW = ("--draws", "100")


@pytest.mark.parametrize("name", ["memo.html", "memo.md"])
def test_a_memo_reopens_with_the_same_numbers(tmp_path: Path, name: str) -> None:
    memo = tmp_path / name
    assert estimator("report", TRIAGE, "-o", str(memo), *FEW).returncode == 0
    assert "compare MEMO --draws 100 --seed 0, where" in memo.read_text(encoding="utf-8")
    again = estimator("compare", str(memo), "-f", "json", *FEW)
    assert again.returncode == 0, again.stderr
    assert again.stdout == estimator("compare", TRIAGE, "-f", "json", *FEW).stdout
    second = tmp_path / f"again-{name}"
    assert estimator("report", "-", "-o", str(second), *FEW, given=memo.read_text(encoding="utf-8")).returncode == 0
    assert second.read_bytes() == memo.read_bytes()


def test_the_day_and_the_names_are_those_given(capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--date", "2026-11-28", "--prepared-by", "A | B", "--approved-by", "C", "-q")
    assert run(["report", TRIAGE, *given, *FEW]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("<!-- estimator: memo Support ticket triage -->\n")
    assert "written on 2026-11-28" in shown.out
    assert r"| Prepared by | A \| B | 2026-11-28 |  |" in shown.out
    assert "| Approved by | C |  |  |" in shown.out
    assert shown.err == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("report", TRIAGE, "-f", "json"), "'json' is not one of"),
        (("report", TRIAGE, "-o", "memo.pdf"), "a memo is HTML or Markdown"),
        (("report", TRIAGE, "--date", "soon"), "--date: 'soon' is not a date"),
        (("compare", TRIAGE, "--columns", "focus", "-f", "json"), "--columns focus: goes with -f csv"),
        (("compare", TRIAGE, "--columns", "focus", "--compare-to", "a.json"), "--columns: has no meaning with"),
        (("compare", TRIAGE, "--all", "--compare-to", "a.json"), "--all: has no meaning with --compare-to"),
        (("diff", "-", "-"), "BEFORE, AFTER: - is given twice"),
        (("compare", TRIAGE, "--columns", "focus", "-o", "plan.html"), "--columns focus: goes with -f csv"),
    ],
)
def test_wrong_use_is_one_line(arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, *FEW]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1


def test_a_page_that_is_no_memo_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert run(["compare", TRIAGE, "-o", str(page), "-q", *FEW]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run(["compare", str(page), *FEW]) == 3
    assert "holds no scenarios" in capsys.readouterr().err


def test_a_memo_stands_for_its_scenario_wherever_one_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memo = str(tmp_path / "memo.md")
    assert run(["report", TRIAGE, "-o", memo, "-q", *FEW]) == 0
    for arguments in ([], ["plan"], ["explain"], ["learn"], ["breakeven"]):
        assert run([*arguments[:1], memo, "-q", "--draws", "20"]) == 0, capsys.readouterr().err
    assert MEMO_SUFFIXES == SUFFIXES


def test_focus_columns_into_a_file(tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    assert run(["compare", TRIAGE, "--columns", "focus", "-o", str(plan), "-q", *FEW]) == 0
    rows = list(csv.DictReader(plan.read_text(encoding="utf-8").splitlines()))
    assert {row["ResourceName"] for row in rows} == {"prompt", "rag", "lora", "qlora", "lora_rag"}
    assert {row["BillingCurrency"] for row in rows} == {"USD"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("memory", "Qwen/Qwen3-8B"),
        ("train", "Qwen/Qwen3-8B", "--examples", "3k", "--tokens-per-example", "600", "--draws", "50"),
        ("serve", "Qwen/Qwen3-8B", "--rps", "5", "--input", "1500", "--output", "200"),
        ("catalog", "list", "gpus"),
        ("explain", TRIAGE, "inference.gpu", "--draws", "20"),
        ("learn", TRIAGE, "--draws", "50"),
        ("validate", "index"),
    ],
)
def test_every_sheet_is_a_page_too(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "-f", "html"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>\n<!-- estimator: ")
    assert page.endswith("</html>\n")
    assert "<script" not in page
    assert run([*arguments, "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema_version"] >= 1
