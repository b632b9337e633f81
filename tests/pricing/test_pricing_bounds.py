"""A price wrong by a factor of 1000 is refused, whichever row it is in."""

from dataclasses import replace
from pathlib import Path

import pytest

from estimator.catalog import Row, load_catalog, read_table
from estimator.catalog.bounds import KINDS, SPAN, implausible_price, price_kind
from estimator.catalog.offers import offer_of
from estimator.catalog.units import BOUNDS, GPU_HOUR_BOUNDS, implausible
from estimator.errors import CatalogError

CATALOG = load_catalog()
TABLES = [name for name in CATALOG.tables() if not name.startswith(("defaults/", "constants/", "evidence"))]
PRICES = {table: [row for row in CATALOG.rows(table) if row.unit.startswith("USD")] for table in TABLES}


def refused(row: Row, factor: float) -> bool:
    """Whether the readers would refuse the row, its value multiplied."""
    low, mode, high = (value * factor for value in (row.low, row.mode, row.high))
    if implausible(unit=row.unit, low=low, high=high):
        return True
    if implausible_price(row_id=row.id, unit=row.unit, mode=mode, high=high):
        return True
    if not row.id.startswith("gpu/"):
        return False
    try:
        offer_of((replace(row, low=low, mode=mode, high=high),), row.valid_from)
    except CatalogError:
        return True
    return False


@pytest.mark.parametrize("factor", [1000.0, 0.001])
@pytest.mark.parametrize("table", [table for table, rows in PRICES.items() if rows])
def test_every_price_is_refused_when_wrong_by_a_thousand(table: str, factor: float) -> None:
    missed = [row.id for row in PRICES[table] if not refused(row, factor)]
    assert missed == []
    assert not any(refused(row, 1.0) for row in PRICES[table])


def test_prices_are_in_these_tables() -> None:
    counts = {table: len(rows) for table, rows in PRICES.items() if rows}
    assert set(counts) == set(TABLES) - {"host_memory", "retirements"}
    assert sum(counts.values()) > 650


def test_kinds_span_less_than_a_thousand_and_lie_inside_their_unit() -> None:
    for first, kinds in KINDS.items():
        for kind in kinds:
            least, most = BOUNDS[kind.unit]
            assert least <= kind.least < kind.most <= most, (first, kind)
            assert kind.most / kind.least < SPAN, (first, kind)
    assert GPU_HOUR_BOUNDS[1] / GPU_HOUR_BOUNDS[0] < SPAN


def test_every_kind_has_rows() -> None:
    used = {price_kind(row.id, row.unit) for table in TABLES for row in CATALOG.rows(table)}
    assert {kind for kinds in KINDS.values() for kind in kinds} <= used


def test_a_table_with_a_price_per_thousand_tokens_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.csv"
    header = "id,what,unit,value,low,mode,high,from,read_on,source,source_kind,basis\n"
    row = "embedding/a/b,Embedding,USD/Mtok,0.00002,,,,2026-01-01,2026-02-01,vendor page,primary,published\n"
    path.write_text(header + row, encoding="utf-8")
    message = r"embeddings.csv line 2: 2e-05 USD/Mtok is outside 0.002 to 1.9, which is plausible for embedding"
    with pytest.raises(CatalogError, match=message):
        read_table(path)


def test_an_offer_is_held_to_the_price_of_a_device() -> None:
    row = CATALOG.row("gpu/aws/p5.48xlarge/us-east-1/on_demand", CATALOG.rows("gpu_offers")[0].read_on)
    forgotten = replace(row, attributes={**row.attributes, "gpus": "1"})
    with pytest.raises(CatalogError, match=r"gpu_offers.csv: gpu/aws.* 55.04 USD per GPU-hour is outside 0.05 to 45"):
        offer_of((forgotten,), row.valid_from)
