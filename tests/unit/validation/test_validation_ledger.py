"""The ledger of all predictions: nothing bad goes unexplained, and no explanation outlives its case."""

from pathlib import Path

import pytest

from estimator.cli.main import run
from estimator.validation import KINDS, ledger_sheet, validate
from estimator.validation.ledger import WHAT, explanations, overview_table, worst_cases, worst_table

PAGE = Path(__file__).resolve().parents[3] / "docs" / "validation.md"


@pytest.fixture(scope="module")
def quick():
    return [validate(kind) for kind in ("memory", "fit", "index")]


def test_every_kind_has_words():
    assert list(WHAT) == list(KINDS)


def test_the_worst_cases_are_explained_and_every_explanation_still_has_a_case():
    page = PAGE.read_text(encoding="utf-8")  # held fresh by the test of the generated pages
    assert "not looked into" not in page
    assert [why for _, _, why in explanations() if why not in page] == []


def test_runs_on_devices_are_not_hidden_among_replayed_ones(quick):
    rows = {row[0]: row for row in overview_table(quick).rows}
    measured, replayed = (rows[f"peak memory of a training step, {kind}"] for kind in ("on devices", "replayed"))
    assert int(measured[1]) + int(replayed[1]) == len(quick[0].scored)
    assert float(measured[2].split()[0]) > float(replayed[2].split()[0])


def test_the_sheet_tells_the_worst_with_its_reason(quick):
    sheet = ledger_sheet(quick)
    memory = sheet.data["kinds"]["memory"]["worst"]
    assert [item["id"] for item in memory] == [case.id for case in worst_cases(quick[0])]
    assert all(item["why"] for item in memory)
    errors = [abs(item["error"]) for item in memory]
    assert errors == sorted(errors, reverse=True)
    assert len(worst_table(quick[1]).rows) == sum(case.signed_error != 0.0 for case in quick[1].scored)
    assert {record["kind"] for record in sheet.records} == {"memory", "fit", "index"}


def test_all_kinds_take_no_cases_of_one(tmp_path, capsys):
    assert run(["validate", "all", "--cases", str(tmp_path / "mine.json")]) == 2
    assert "name that kind in place of all" in capsys.readouterr().err
