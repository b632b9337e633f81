"""Weighted errors, groups, intervals, and the reading of case files."""

import json
from pathlib import Path

import pytest

from estimator.errors import InputError, UsageError
from estimator.report import SHEET_FORMATS
from estimator.validation import Scored, Skipped, Validation, read_cases, summary_rows, validation_sheet


def cases() -> Validation:
    return Validation(
        kind="memory",
        unit="GiB",
        predicted_key="predicted_gib",
        measured_key="measured_gib",
        scored=(
            Scored(id="a", predicted=11.0, measured=10.0, weight=1.0, groups={"source": "one"}, low=9.0, high=10.5),
            Scored(id="b", predicted=8.0, measured=10.0, weight=3.0, groups={"source": "two"}, low=5.0, high=9.0),
            Scored(id="c", predicted=14.0, measured=10.0, allowed_ratio=1.5, groups={"source": "two"}),
        ),
        skipped=(Skipped("d", "model: unknown"),),
        groupings=((), ("source",)),
    )


def test_weights_move_the_quantiles() -> None:
    everything, one, two = summary_rows(cases())
    assert everything["n"] == 3
    assert everything["median"] == pytest.approx(0.2)  # b holds three fifths of the weight
    assert everything["bias"] == pytest.approx(-0.2)
    assert everything["coverage"] == pytest.approx(0.25)  # a is covered, b is not, c has no interval
    assert one["median"] == pytest.approx(0.1)
    assert two["group"] == "two"


def test_one_sided_cases_are_not_wrong_within_the_allowance() -> None:
    assert cases().scored[2].signed_error == 0.0
    above = Scored(id="x", predicted=16.0, measured=10.0, allowed_ratio=1.5)
    below = Scored(id="x", predicted=9.0, measured=10.0, allowed_ratio=1.5)
    assert above.signed_error == pytest.approx(0.6)
    assert below.signed_error == pytest.approx(-0.1)


def test_every_format_holds_the_cases() -> None:
    sheet = validation_sheet(cases())
    data = json.loads(SHEET_FORMATS["json"](sheet))
    assert [case["predicted_gib"] for case in data["cases"]] == [11.0, 8.0, 14.0]
    assert data["skipped"] == [{"id": "d", "reason": "model: unknown"}]
    assert SHEET_FORMATS["csv"](sheet).splitlines()[0].startswith("id,predicted_gib,measured_gib")
    for name in ("table", "markdown"):
        text = SHEET_FORMATS[name](sheet)
        assert "20.0 %" in text
        assert "model: unknown" in text


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "{", "not JSON"),
        ("a.json", "3", "neither a list"),
        ("a.json", '{"cases": [1]}', "case 1"),
    ],
)
def test_broken_case_files(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_cases(path)


def test_case_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_cases(tmp_path / "none.json")
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="UTF-8"):
        read_cases(tmp_path / "b.json")


def test_csv_and_wrapped_lists_are_read(tmp_path: Path) -> None:
    table = tmp_path / "cases.csv"
    table.write_text("lib,n\nhnswlib,3\n", encoding="utf-8")
    assert read_cases(table)[0] == {"id": "case-2", "lib": "hnswlib", "n": "3"}
    wrapped = tmp_path / "cases.json"
    wrapped.write_text('{"cases": [{"id": "x"}]}', encoding="utf-8")
    assert read_cases(wrapped)[0]["id"] == "x"
