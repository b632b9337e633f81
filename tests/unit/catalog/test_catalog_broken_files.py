"""Private files that could be read in two ways, or hold figures that no device has, are refused."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from estimator.catalog import default_directory, load_catalog
from estimator.catalog.accelerators import accelerator_of
from estimator.catalog.exchange import currency_of
from estimator.catalog.models import architecture_from_config, read_config
from estimator.catalog.overlay import overlay_tables
from estimator.catalog.run_logs import read_log
from estimator.errors import CatalogError, InputError

HEADER = "id,what,unit,value,low,mode,high,from,read_on,source,source_kind,basis\n"
ROW = "labour/mine,x,USD/hour,{},,,,{},2026-01-01,s,primary,published\n"
DEVICES = json.loads((default_directory() / "accelerators.json").read_text(encoding="utf-8"))
DEVICE = next(iter(DEVICES.values()))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("memory_gb", -80),
        ("usable_gib", float("nan")),
        ("bandwidth_gb_s", 0),
        ("link_gb_s", 0),
        ("tdp_w", float("inf")),
        ("devices_per_node", 0.5),
        ("aliases", "H100"),
        ("peak_tflops", {}),
        ("matmul_tflops", {}),
    ],
)
def test_a_device_with_an_impossible_figure_is_refused(field: str, value: Any) -> None:
    with pytest.raises(CatalogError, match=f"mine: field '{field}'"):
        accelerator_of("mine", {**DEVICE, field: value})


def test_a_device_that_computes_nothing_is_refused() -> None:
    with pytest.raises(CatalogError, match="mine: field 'bf16'"):
        accelerator_of("mine", {**DEVICE, "matmul_tflops": {"bf16": 0}})


def test_one_day_of_an_id_in_two_private_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + ROW.format(50, "2026-01-01"), encoding="utf-8")
    (tmp_path / "b.csv").write_text(HEADER + ROW.format(60, "2026-01-01"), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"b\.csv: id 'labour/mine' from 2026-01-01 is also in .*a\.csv"):
        overlay_tables(tmp_path, {})


def test_values_of_an_id_over_time_may_stand_in_two_private_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + ROW.format(50, "2026-01-01"), encoding="utf-8")
    (tmp_path / "b.csv").write_text(HEADER + ROW.format(60, "2026-02-01"), encoding="utf-8")
    rows = [row for found in overlay_tables(tmp_path, {}).values() for row in found]
    assert [(row.mode, row.valid_from) for row in rows] == [(50.0, date(2026, 1, 1)), (60.0, date(2026, 2, 1))]


def test_json_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"hidden_size": 8}), encoding="utf-8-sig")
    (tmp_path / "accelerators.json").write_text(json.dumps({"Mine": {**DEVICE, "aliases": []}}), encoding="utf-8-sig")
    assert read_config(tmp_path) == {"hidden_size": 8}
    assert load_catalog(overlay=tmp_path).accelerator("Mine").vendor == DEVICE["vendor"]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [("first_k_dense_replace", 9, "has 9 of 2 layers"), ("num_experts_per_tok", 5, "5 is above the 4 experts")],
)
def test_a_mixture_of_experts_with_more_parts_than_it_has_is_refused(key: str, value: int, message: str) -> None:
    shape = {
        "hidden_size": 8,
        "num_attention_heads": 2,
        "num_hidden_layers": 2,
        "intermediate_size": 16,
        "vocab_size": 10,
        "num_experts": 4,
        "num_experts_per_tok": 2,
    }
    assert architecture_from_config("mine", shape).experts == 4
    with pytest.raises(CatalogError, match=message):
        architecture_from_config("mine", {**shape, key: value})


def test_an_exchange_rate_in_another_unit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(HEADER + "fx/EUR,x,ratio,0.86,,,,2026-01-01,2026-01-01,s,primary,published\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="fx/EUR is in ratio; give the USD that one unit buys"):
        currency_of(load_catalog(), "EUR", on=date(2026, 11, 1), rates=file)


def test_a_log_with_a_comma_in_a_number_is_refused_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    file.write_text("model,tokens_per_s\n\na,1,234\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"runs\.csv line 3: more fields than the 2 columns"):
        read_log(file)
