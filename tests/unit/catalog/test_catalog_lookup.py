"""Rows by id and day."""

import sys
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from estimator.catalog import Catalog, default_directory, load_catalog, store
from estimator.catalog.schema import REQUIRED
from estimator.errors import CatalogError, NoPriceError, UnknownNameError

HEADER = ",".join((*REQUIRED, "available_until"))


def line(row_id: str, value: str, start: str, until: str = "") -> str:
    return f"{row_id},what,USD/hour,{value},,,,{start},2026-11-22,vendor page,primary,published,{until}"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    prices = [
        line("gpu/x", "3", "2026-06-01"),
        line("gpu/x", "4", "2026-01-01"),
        line("old", "1", "2025-01-01", "2026-03-31"),
    ]
    (tmp_path / "prices.csv").write_text("\n".join([HEADER, *prices]) + "\n", encoding="utf-8")
    (tmp_path / "defaults").mkdir()
    defaults = [
        line("upkeep.drift", "0.003", "2026-01-01"),
        line("upkeep.drift@classification", "0.001", "2026-01-01"),
        line("late", "1", "2026-05-01"),
    ]
    (tmp_path / "defaults" / "upkeep.csv").write_text("\n".join([HEADER, *defaults]) + "\n", encoding="utf-8")
    return load_catalog(tmp_path)


@pytest.mark.parametrize(("on", "value"), [("2026-01-01", 4), ("2026-05-31", 4), ("2026-06-01", 3), ("2030-01-01", 3)])
def test_row_is_the_last_value_that_started(catalog: Catalog, on: str, value: float) -> None:
    assert catalog.row("gpu/x", date.fromisoformat(on)).mode == value


def test_before_the_first_value(catalog: Catalog) -> None:
    with pytest.raises(NoPriceError, match=r"gpu/x: no value on 2025-12-31, the first is from 2026-01-01"):
        catalog.row("gpu/x", date(2025, 12, 31))
    assert catalog.find("gpu/x", date(2025, 12, 31)) is None


def test_after_the_end(catalog: Catalog) -> None:
    assert catalog.row("old", date(2026, 3, 31)).mode == 1
    with pytest.raises(NoPriceError, match=r"old: ended on 2026-03-31, asked for 2026-04-01"):
        catalog.row("old", date(2026, 4, 1))


def test_unknown_row_offers_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown price row 'gpu/y'; did you mean 'gpu/x'\?"):
        catalog.row("gpu/y", date(2026, 7, 1))
    assert catalog.find("gpu/y", date(2026, 7, 1)) is None


def test_evidence_and_constant_are_the_newest_value(catalog: Catalog) -> None:
    assert catalog.evidence("gpu/x").mode == 3
    assert catalog.constant("gpu/x").mode == 3
    with pytest.raises(UnknownNameError, match="unknown evidence row 'nothing'"):
        catalog.evidence("nothing")
    with pytest.raises(UnknownNameError, match="unknown constant 'nothing'"):
        catalog.constant("nothing")


def test_default_prefers_the_row_of_the_task_kind(catalog: Catalog) -> None:
    on = date(2026, 7, 1)
    specific = catalog.default("upkeep.drift", "classification", on)
    general = catalog.default("upkeep.drift", "code", on)
    kindless = catalog.default("upkeep.drift", None, on)
    assert specific is not None
    assert general is not None
    assert (specific.mode, general.mode) == (0.001, 0.003)
    assert kindless == general
    assert catalog.default("nothing", "code", on) is None


def test_default_not_yet_in_force(catalog: Catalog) -> None:
    with pytest.raises(NoPriceError, match="late: no value on 2026-04-30"):
        catalog.default("late", None, date(2026, 4, 30))


def test_defaults_are_no_prices(catalog: Catalog) -> None:
    with pytest.raises(UnknownNameError):
        catalog.row("upkeep.drift", date(2026, 7, 1))
    assert set(catalog.default_rows()) == {"upkeep.drift", "upkeep.drift@classification", "late"}


def test_tables_are_named_by_their_path(catalog: Catalog) -> None:
    assert catalog.tables() == ("defaults/upkeep", "prices")
    assert [row.id for row in catalog.rows("prices")] == ["gpu/x", "gpu/x", "old"]


def test_the_packaged_rows_are_found_from_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert (default_directory() / "models.json").is_file()
    assert load_catalog() is load_catalog()


def test_a_wheel_carries_its_own_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "site-packages" / "estimator" / "catalog" / "catalog.py"
    monkeypatch.setattr(store, "__file__", str(home))
    with pytest.raises(CatalogError, match="no price rows: neither"):
        store.default_directory()
    (home.parent.parent / "_pricing").mkdir(parents=True)
    assert store.default_directory() == home.parent.parent / "_pricing"


@pytest.mark.skipif(sys.gettrace() is not None, reason="coverage slows every line")
def test_loading_everything_is_fast() -> None:
    def seconds() -> float:
        catalog = Catalog(default_directory())
        start = process_time()
        for table in catalog.tables():
            catalog.rows(table)
        for name in catalog.architectures():
            catalog.architecture(name)
        catalog.gpu_offers(on=date(2026, 11, 24))
        return process_time() - start

    assert min(seconds() for _ in range(5)) < 0.1
