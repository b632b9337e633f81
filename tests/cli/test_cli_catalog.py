"""`estimator catalog` as a user runs it."""

import csv
import io
import json
from pathlib import Path

import pytest
from command import Done, command

from estimator.catalog import load_catalog, price_rows, stale_rows
from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[2]


def catalog(*arguments: str) -> Done:
    return command("catalog", *arguments)


@pytest.mark.parametrize(
    ("kind", "key", "least"),
    [
        ("models", "models", 80),
        ("gpus", "gpus", 35),
        ("prices", "rows", 350),
        ("evidence", "rows", 60),
        ("licences", "licences", 15),
    ],
)
def test_every_kind_is_listed_with_its_source(kind: str, key: str, least: int) -> None:
    done = catalog("list", kind, "-f", "json")
    assert done.returncode == 0, done.stderr
    entries = json.loads(done.stdout)[key]
    assert len(entries) >= least
    assert all(entry["source"] for entry in entries)


def test_search_and_show_agree() -> None:
    found = list(csv.DictReader(io.StringIO(catalog("search", "prices", "H100-SXM5", "-f", "csv").stdout)))
    assert found
    assert all("h100-sxm5" in (row["id"] + row["what"] + row["note"]).lower() for row in found)
    shown = json.loads(catalog("show", "prices", found[0]["id"], "-f", "json").stdout)["rows"]
    assert shown[-1]["mode"] == float(found[0]["mode"])
    model = json.loads(catalog("show", "models", "Qwen/Qwen3-8B", "-f", "json").stdout)
    assert model["parameters"] == pytest.approx(model["published_parameters"], rel=0.02)
    assert (model["licence"], model["may_tune"], model["may_serve_commercially"]) == ("apache-2.0", "yes", "yes")
    assert json.loads(catalog("show", "gpus", "4090", "-f", "json").stdout)["name"] == "RTX-4090-24GB"
    rows = csv.DictReader(io.StringIO(catalog("search", "gpus", "H100-SXM5", "-f", "csv").stdout))
    assert json.loads(next(rows)["aliases"])[0] == "H100"
    terms = json.loads(catalog("show", "licences", "llama-3.1-community", "-f", "json").stdout)
    assert "700 million" in terms["conditions"]


def test_the_value_of_a_day() -> None:
    series = json.loads(catalog("show", "prices", "trend/h100_level", "-f", "json").stdout)["rows"]
    assert len(series) > 1
    then = json.loads(catalog("show", "prices", "trend/h100_level", "--on", "2026-07-01", "-f", "json").stdout)["rows"]
    assert [row["from"] for row in then] == ["2026-06-30"]
    listed = json.loads(catalog("list", "prices", "--on", "2026-11-24", "-f", "json").stdout)["rows"]
    ids = [row["id"] for row in listed]
    assert len(ids) == len(set(ids))
    assert "fee/mturk" not in ids


@pytest.mark.parametrize(
    ("kind", "text", "key", "name"),
    [
        ("models", "apache", "models", "Qwen/Qwen3-8B"),
        ("gpus", "tesla-t4", "gpus", "T4-16GB"),
        ("gpus", "no bf16", "gpus", "V100-PCIe"),
        ("prices", "marketplace", "rows", "gpu/vast/1x-L40S-32-65536/bulgaria/on_demand"),
    ],
)
def test_search_reads_licences_aliases_and_notes(kind: str, text: str, key: str, name: str) -> None:
    found = json.loads(catalog("search", kind, text, "-f", "json").stdout)[key]
    assert name in [entry.get("name", entry.get("id")) for entry in found]


def test_stale_prices_end_with_code_four() -> None:
    fresh = catalog("stale", "--older-than", "90d", "--on", "2026-11-25")
    assert fresh.returncode == 0, fresh.stdout
    old = catalog("stale", "--older-than", "90d", "--on", "2028-01-01", "-f", "json")
    assert old.returncode == 4
    rows = json.loads(old.stdout)["rows"]
    assert rows
    assert all(row["read_on"] < "2027-10-04" for row in rows)


def test_an_ended_row_does_not_grow_stale() -> None:
    from datetime import date

    known = load_catalog()
    ended = {row.id for row in price_rows(known) if row.available_until and row.available_until < date(2027, 1, 1)}
    stale = {row.id for row in stale_rows(known, older_than_hours=24.0, on=date(2028, 1, 1))}
    reopened = {row.id for row in price_rows(known) if row.available_until is None}
    assert not (ended - reopened) & stale


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("show", "models", "Qwen/Qwen3-8Z"), 3, "did you mean 'Qwen/Qwen3-8B'"),
        (("show", "gpus", "H1000"), 3, "unknown GPU"),
        (
            ("show", "prices", "labour/lawyer", "--on", "2020-01-01"),
            3,
            "no value on 2020-01-01, the first is from 2024",
        ),
        (("show", "prices", "fee/mturk", "--on", "2026-10-01"), 3, "ended on 2026-09-30"),
        (("list", "prices", "--on", "2001-01-01"), 3, "no value on 2001-01-01"),
        (("list", "gpus", "--on", "2026-01-01"), 2, "gpus carry no dates"),
        (("search", "prices", "h100", "--on", "soon"), 2, "not a date"),
        (("show", "prices", "gpu/nobody/none"), 3, "unknown row"),
        (("list", "cars"), 2, "cars"),
        (("stale", "--older-than", "soon"), 2, "no unit of time"),
        (("stale", "--older-than", "99999999d"), 3, "above a century"),
        (("stale", "--on", "tomorrow"), 2, "not a date"),
        (("list", "gpus", "--catalog", "/nowhere"), 3, "/nowhere"),
    ],
)
def test_bad_input_is_one_line(
    arguments: tuple[str, ...], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["catalog", *arguments]) == code
    error = capsys.readouterr().err.strip()
    assert "\n" not in error
    assert message in error
