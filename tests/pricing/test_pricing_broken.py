"""One broken file per message; each names file, line and field."""

from pathlib import Path

import pytest

from estimator.catalog import load_catalog, read_table
from estimator.catalog.schema import COLUMNS, REQUIRED
from estimator.errors import CatalogError, UnknownNameError

GOOD = {
    "id": "a/b",
    "what": "Something",
    "unit": "USD/hour",
    "value": "2.5",
    "low": "",
    "mode": "",
    "high": "",
    "distribution": "",
    "from": "2026-01-01",
    "read_on": "2026-02-01",
    "source": "vendor page",
    "source_kind": "primary",
    "basis": "published",
    "available_until": "",
    "region": "",
    "licence": "",
    "note": "",
}


def table(folder: Path, *changes: dict[str, str], name: str = "prices.csv") -> Path:
    lines = [",".join(COLUMNS), *(",".join({**GOOD, **change}.values()) for change in changes)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_good_row_is_read(tmp_path: Path) -> None:
    (row,) = read_table(table(tmp_path, {}))
    assert (row.low, row.mode, row.high, row.is_point) == (2.5, 2.5, 2.5, True)


def test_range_and_further_column(tmp_path: Path) -> None:
    path = table(tmp_path, {"value": "", "low": "1", "mode": "2", "high": "4"})
    path.write_text(path.read_text().replace(",note\n", ",note,gpu\n").replace(",\n", ",,L4-24GB\n"))
    (row,) = read_table(path)
    assert (row.low, row.mode, row.high, row.is_point) == (1, 2, 4, False)
    assert row.attributes == {"gpu": "L4-24GB"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ""}, "line 2: id is empty"),
        ({"what": " "}, "line 2: what is empty"),
        ({"source": ""}, "line 2: source is empty"),
        ({"unit": "USD/h"}, "line 2: unit 'USD/h' is not one of 1/year"),
        ({"value": "cheap"}, "line 2: value 'cheap' is not a number"),
        ({"value": "nan"}, "line 2: value 'nan' is not finite"),
        ({"value": "inf"}, "line 2: value 'inf' is not finite"),
        ({"value": ""}, "line 2: low '' is not a number; give value, or low, mode, high"),
        ({"low": "1"}, "line 2: value and a range are both given"),
        ({"value": "", "low": "3", "mode": "2", "high": "4"}, "line 2: low 3, mode 2, high 4 are not in rising order"),
        ({"from": "2026-13-01"}, "line 2: from '2026-13-01' is not a date"),
        ({"read_on": "2026"}, "line 2: read_on '2026' is not a date"),
        ({"available_until": "soon"}, "line 2: available_until 'soon' is not a date"),
        ({"available_until": "2025-01-01"}, "line 2: available_until 2025-01-01 is before from 2026-01-01"),
        ({"source_kind": "blog"}, "line 2: source_kind 'blog' is not one of mirror, primary, secondary"),
        (
            {"distribution": "normal"},
            "line 2: distribution 'normal' is not one of lognormal, p10_p50_p90, p5_p50_p95",
        ),
        (
            {"value": "", "low": "0", "mode": "2", "high": "4", "distribution": "lognormal"},
            "line 2: low 0 must be above 0 for a lognormal",
        ),
        ({"value": "2500"}, "line 2: 2500 USD/hour is outside 0 to 500, which is plausible for the unit"),
        ({"value": "-1"}, "line 2: -1 USD/hour is outside 0 to 500"),
        (
            {"id": "labour/x", "value": "0.05"},
            "line 2: 0.05 USD/hour is outside 5 to 500, which is plausible for an hour",
        ),
        (
            {"id": "labour/x", "value": "", "low": "6", "mode": "60", "high": "499000"},
            "line 2: 499000 USD/hour is outside 0 to 500",
        ),
        ({"value": "", "low": "1"}, "line 2: mode '' is not a number; give value, or low, mode, high"),
        ({"value": "", "low": "1", "mode": "2"}, "line 2: high '' is not a number; give value, or low, mode, high"),
        (
            {"unit": "date", "value": "", "available_until": "2055-01-01"},
            "line 2: 2055-01-01 is outside 2015 to 2040; check the year",
        ),
        ({"basis": "guess"}, "line 2: basis 'guess' is not one of judgement, measured, published"),
        ({"unit": "date", "value": ""}, "line 2: available_until is empty"),
        ({"note": "one, two"}, "line 2: 18 fields for 17 columns; quote text"),
        ({"note": '"open'}, "not CSV"),
    ],
)
def test_broken_row_names_file_line_and_field(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(CatalogError, match=r"^prices\.csv") as caught:
        read_table(table(tmp_path, change))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_line_of_a_later_row_counts_the_breaks_inside_quotes(tmp_path: Path) -> None:
    path = table(tmp_path, {"note": '"two\nlines"'}, {"id": "c", "basis": "guess"})
    with pytest.raises(CatalogError, match="line 4: basis"):
        read_table(path)


def test_missing_column(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("id,what\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"prices.csv line 1: column 'unit' is missing"):
        read_table(path)


def test_column_twice(tmp_path: Path) -> None:
    path = table(tmp_path, {})
    path.write_text(path.read_text().replace("region", "note"), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"prices.csv line 1: column 'note' is there twice"):
        read_table(path)


def test_columns_that_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(",".join(REQUIRED) + "\n" + ",".join(GOOD[key] for key in REQUIRED) + "\n", encoding="utf-8")
    (row,) = read_table(path)
    assert (row.available_until, row.region, row.licence, row.note, row.distribution) == (None, "", "", "", "pert")


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("", encoding="utf-8")
    with pytest.raises(CatalogError, match="line 1: column 'id' is missing"):
        read_table(path)


def test_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogError, match=r"prices.csv: cannot be read"):
        read_table(path)


def test_same_id_and_day_twice(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"line 3: id 'a/b' from 2026-01-01 is there twice"):
        read_table(table(tmp_path, {}, {"value": "3"}))


def test_same_id_in_two_tables(tmp_path: Path) -> None:
    table(tmp_path, {}, name="one.csv")
    table(tmp_path, {}, name="two.csv")
    with pytest.raises(CatalogError, match=r"two.csv: id 'a/b' is also in one.csv"):
        load_catalog(tmp_path).evidence("a/b")


def test_unknown_table_and_folder(tmp_path: Path) -> None:
    table(tmp_path, {}, name="labour.csv")
    with pytest.raises(UnknownNameError, match="did you mean 'labour'"):
        load_catalog(tmp_path).rows("labor")
    with pytest.raises(CatalogError, match="is no folder"):
        load_catalog(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "cannot be read as JSON"), ("[]", "must be an object of entries"), ('{"X": {"vendor": "V"}}', "X: field")],
)
def test_broken_accelerators(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "accelerators.json").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=message):
        load_catalog(tmp_path).accelerator("X")


@pytest.mark.parametrize(("text", "message"), [("{", "cannot be read as JSON"), ("[]", "must be an object of entries")])
def test_broken_models(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "models.json").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=rf"^models\.json: .*{message}|^models\.json: {message}"):
        load_catalog(tmp_path).architectures()


def test_a_folder_without_models(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"^models\.json: cannot be read as JSON"):
        load_catalog(tmp_path).architectures()
