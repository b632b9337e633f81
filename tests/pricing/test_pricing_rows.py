"""Every row of every table loads, is sourced, dated and plausible."""

import csv
from datetime import date
from pathlib import Path

import pytest

from estimator.catalog import BOUNDS, UNITS, Row, default_directory, load_catalog
from estimator.catalog.schema import REQUIRED

CATALOG = load_catalog()
TABLES = CATALOG.tables()
LAST_READING = date(2027, 12, 31)  # a typing error in a year shows


def rows() -> list[tuple[str, Row]]:
    return [(table, row) for table in TABLES for row in CATALOG.rows(table)]


@pytest.mark.parametrize("table", TABLES)
def test_table_has_rows_and_our_columns(table: str) -> None:
    path = default_directory() / f"{table}.csv"
    assert CATALOG.rows(table)
    header = next(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert set(REQUIRED) <= set(header)
    assert len(header) == len(set(header))


def test_every_named_table_is_there() -> None:
    named = "gpu_offers annotation labour vector_stores embeddings managed_finetuning infrastructure price_trends"
    assert {*named.split(), "evidence", "retirements"} <= set(TABLES)


def test_every_unit_has_bounds() -> None:
    assert set(BOUNDS) == UNITS


@pytest.mark.parametrize("table", TABLES)
def test_values_lie_inside_the_bounds_of_their_unit(table: str) -> None:
    for row in CATALOG.rows(table):
        low, high = BOUNDS[row.unit]
        assert low <= row.low <= row.mode <= row.high <= high, row


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_sourced_and_dated(table: str) -> None:
    for row in CATALOG.rows(table):
        assert len(row.source) >= 8, row
        assert row.valid_from <= row.read_on <= LAST_READING or row.basis == "judgement", row
        text = f"{row.what} {row.source} {row.note}"
        assert "/work" not in text
        assert not row.source.startswith((",", ":", "(", "0.")), row
        assert text.count("(") == text.count(")"), row


@pytest.mark.parametrize("table", TABLES)
def test_a_judgement_does_not_pose_as_a_measurement(table: str) -> None:
    for row in CATALOG.rows(table):
        if "team judgement" in row.source:
            assert row.basis == "judgement", row


def test_ids_are_unique_over_all_price_tables() -> None:
    home: dict[str, str] = {}
    for table, row in rows():
        if not table.startswith("defaults/"):
            assert home.setdefault(row.id, table) == table


def test_gpu_offers_name_known_devices_at_plausible_prices() -> None:
    known = set(CATALOG.accelerators())
    for offer in CATALOG.gpu_offers(on=date(2026, 11, 24)):
        assert offer.gpu in known
        assert 0.05 <= offer.usd_per_gpu_hour <= 30, offer
        assert offer.row.region
        assert offer.row.id.startswith(f"gpu/{offer.provider}/")


def test_spot_is_not_dearer_than_on_demand() -> None:
    on = date(2026, 11, 24)
    spot = {(o.provider, o.instance, o.row.region): o for o in CATALOG.gpu_offers(on=on, term="spot")}
    both = 0
    for offer in CATALOG.gpu_offers(on=on, term="on_demand"):
        other = spot.get((offer.provider, offer.instance, offer.row.region))
        if other is not None:
            both += 1
            assert other.usd_per_instance_hour < offer.usd_per_instance_hour
    assert both > 50


def test_traps_of_the_upstream_tables_are_left_out() -> None:
    offers = CATALOG.rows("gpu_offers")
    assert not any("attach" in row.id for row in offers)
    assert not any(row.attributes["provider"] == "crusoe" and "B200" in row.attributes["gpu"] for row in offers)


def test_closed_services_are_history() -> None:
    for row_id in ("fee/mturk", "fee/ground_truth/first_50k"):
        row = CATALOG.row(row_id, date(2026, 9, 30))
        assert row.available_until == date(2026, 9, 30)


def test_no_file_besides_tables_json_and_text() -> None:
    strange = [
        p for p in Path(default_directory()).rglob("*") if p.is_file() and p.suffix not in {".csv", ".json", ".md"}
    ]
    assert strange == []


PUBLISHED_FIT = {  # error at zero labels, floor, scale: medians of the fit at b = 0.7
    "classification": (0.826, 0.080, 19),
    "sentiment": (0.115, 0.053, 24),
    "domain_classification": (0.192, 0.040, 36),
    "inference": (0.260, 0.100, 309),
    "question_answering": (0.476, 0.150, 54),
    "knowledge": (0.358, 0.193, 78),
    "reasoning": (0.612, 0, 113),
    "all": (0.435, 0.059, 86),
}


@pytest.mark.parametrize("kind", PUBLISHED_FIT)
def test_learning_curve_rows_agree_with_the_published_fit(kind: str) -> None:
    found = tuple(CATALOG.evidence(f"learning_curve/{kind}/{part}").mode for part in ("e0", "c", "n0"))
    assert found == PUBLISHED_FIT[kind]
    assert CATALOG.evidence(f"learning_curve/{kind}/b").mode == 0.7


@pytest.mark.parametrize("kind", ["extraction", "summarisation", "generation", "code"])
def test_learning_curves_without_a_fit_say_so(kind: str) -> None:
    for part in ("e0", "c", "n0", "b"):
        row = CATALOG.evidence(f"learning_curve/{kind}/{part}")
        assert row.basis == "judgement"
        assert row.mode == CATALOG.evidence(f"learning_curve/all/{part}").mode


@pytest.mark.parametrize("row", CATALOG.rows("evidence"), ids=lambda row: row.id)
def test_evidence_says_what_it_applies_to(row: Row) -> None:
    assert row.attributes["applies_to"], row.id


def test_evidence_that_disagrees_stays_as_named_alternatives() -> None:
    for chosen, others in {
        "gpu_rental_change": ("h100_since_2023", "h100_winter", "b200_march"),
        "hosted_life": ("gpt-4.1", "gpt-4o-2024-08-06", "proposal"),
        "tuned_vs_gpt4": ("paper",),
        "joint_law/model_exponent": ("low", "high"),
        "retrieval_over_tuning/coverage": ("preprint",),
    }.items():
        row = CATALOG.evidence(f"evidence/{chosen}")
        for other in others:
            assert CATALOG.evidence(f"evidence/{chosen}/{other}").mode != row.mode
