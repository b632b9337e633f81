"""Private rows stand before the package's own."""

import json
from datetime import date
from pathlib import Path

import pytest

from estimator.catalog import load_catalog
from estimator.catalog.schema import COLUMNS
from estimator.errors import CatalogError, NoPriceError, UnknownNameError

OFFER_COLUMNS = (*COLUMNS, "provider", "instance", "gpu", "gpus", "term")
ENGINEER = "labour/ml_engineer"
P5 = "gpu/aws/p5.48xlarge/us-east-1/on_demand"


def overlay(folder: Path, *rows: dict[str, str], name: str = "rates.csv", columns: tuple[str, ...] = COLUMNS) -> Path:
    usual = {
        "what": "Negotiated",
        "unit": "USD/hour",
        "from": "2026-10-01",
        "read_on": "2026-10-02",
        "source": "contract 17",
        "source_kind": "primary",
        "basis": "published",
    }
    lines = [",".join({**dict.fromkeys(columns, ""), **usual, **row}[key] for key in columns) for row in rows]
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")
    return folder


def test_row_stands_before_the_package_from_its_first_day(tmp_path: Path) -> None:
    catalog = load_catalog(overlay=overlay(tmp_path, {"id": ENGINEER, "value": "99"}))
    own = load_catalog()
    row = catalog.row(ENGINEER, date(2026, 10, 1))
    assert (row.mode, row.overlay) == (99, str(tmp_path / "rates.csv"))
    assert row.cited == f"contract 17 (primary, read 2026-10-02, overlay {tmp_path / 'rates.csv'})"
    assert catalog.row(ENGINEER, date(2026, 9, 30)) == own.row(ENGINEER, date(2026, 9, 30))
    assert own.row(ENGINEER, date(2026, 10, 1)).overlay == ""


def test_values_of_the_package_after_the_first_day_are_gone(tmp_path: Path) -> None:
    base, private = tmp_path / "base", tmp_path / "private"
    overlay(base, {"id": "a", "value": "1", "from": "2026-01-01"}, {"id": "a", "value": "3", "from": "2026-12-01"})
    overlay(private, {"id": "a", "value": "2", "from": "2026-06-01"})
    catalog = load_catalog(base, overlay=private)
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2027, 1, 1))
    assert [catalog.row("a", day).mode for day in days] == [1, 2, 2]


def test_an_offer_needs_only_its_id_and_price(tmp_path: Path) -> None:
    catalog = load_catalog(overlay=overlay(tmp_path, {"id": P5, "value": "16"}))
    (offer,) = [item for item in catalog.gpu_offers(on=date(2026, 11, 1), provider="aws") if item.row.id == P5]
    assert (offer.gpu, offer.gpus, offer.term, offer.row.region) == ("H100-SXM5-80GB", 8, "on_demand", "us-east-1")
    assert offer.usd_per_gpu_hour == 2


def test_new_offer_joins_the_list_under_a_short_name(tmp_path: Path) -> None:
    new = {"id": "gpu/own/rack/home/on_demand", "value": "0.5", "provider": "own", "gpu": "H100", "gpus": "1"}
    catalog = load_catalog(overlay=overlay(tmp_path, {**new, "term": "on_demand"}, columns=OFFER_COLUMNS))
    offers = catalog.gpu_offers(on=date(2026, 11, 1), gpu="H100-80GB")
    assert (offers[0].provider, offers[0].gpu, len(offers) > 5) == ("own", "H100-SXM5-80GB", True)


def test_defaults_models_and_devices(tmp_path: Path) -> None:
    overlay(tmp_path, {"id": "discount_rate", "value": "0.06", "unit": "share/year"})
    shape = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 100}
    (tmp_path / "models.json").write_text(json.dumps({"me/tiny": shape}), encoding="utf-8")
    own = json.loads((load_catalog().directory / "accelerators.json").read_text(encoding="utf-8"))["H100-SXM5-80GB"]
    device = {"mine-1": {**own, "memory_gb": 96, "aliases": []}}
    (tmp_path / "accelerators.json").write_text(json.dumps(device), encoding="utf-8")
    catalog = load_catalog(overlay=tmp_path)
    default = catalog.default("discount_rate", None, date(2026, 11, 1))
    assert default is not None
    assert default.mode == 0.06
    assert catalog.architecture("me/tiny").layers == 2
    assert catalog.accelerator("mine-1").memory_bytes == 96e9
    assert set(load_catalog().architectures()) < set(catalog.architectures())


def test_retirement_of_ones_own(tmp_path: Path) -> None:
    row = {"id": "retires/openai/gpt-6-luna", "unit": "date", "available_until": "2027-03-31"}
    assert load_catalog(overlay=overlay(tmp_path, row)).retires_on("openai/gpt-6-luna") == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "x/y", "value": "cheap"}, "rates.csv line 2: value 'cheap' is not a number"),
        ({"id": ENGINEER, "value": "9000", "unit": "USD/month"}, "labour/ml_engineer is in USD/month, the row it"),
        ({"id": "gpu/own/x/home/on_demand", "value": "1"}, "gpus '' is no whole number"),
    ],
)
def test_broken_rows_are_reported_at_once(tmp_path: Path, row: dict[str, str], message: str) -> None:
    with pytest.raises(CatalogError, match=message):
        load_catalog(overlay=overlay(tmp_path, row))


def test_unknown_device_names_the_file(tmp_path: Path) -> None:
    row = {"id": "gpu/own/x/h/spot", "value": "1", "gpu": "H1000", "gpus": "1", "term": "spot"}
    with pytest.raises(CatalogError, match=r"rates\.csv: gpu/own/x/h/spot: unknown GPU 'H1000'; did you mean"):
        load_catalog(overlay=overlay(tmp_path, row, columns=OFFER_COLUMNS))


def test_missing_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="is no folder; give one with tables"):
        load_catalog(overlay=tmp_path / "nowhere")
    with pytest.raises(CatalogError, match=r"holds no \.csv table"):
        load_catalog(overlay=tmp_path)


def test_an_overlay_does_not_extend_the_life_of_an_ended_row(tmp_path: Path) -> None:
    row = {"id": "a", "value": "1", "available_until": "2026-10-31"}
    catalog = load_catalog(overlay=overlay(tmp_path, row))
    with pytest.raises(NoPriceError, match="ended on 2026-10-31"):
        catalog.row("a", date(2026, 11, 1))
    with pytest.raises(UnknownNameError):
        load_catalog().row("a", date(2026, 11, 1))
