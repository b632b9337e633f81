"""Accelerators, their short forms, and the offers to rent them."""

from datetime import date
from pathlib import Path

import pytest

from estimator.catalog import Accelerator, default_directory, load_catalog
from estimator.catalog.accelerators import alias_table
from estimator.errors import CatalogError, UnknownNameError
from estimator.units import GIB

CATALOG = load_catalog()
ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("H100-80GB", "H100-SXM5-80GB"),
        ("H100", "H100-SXM5-80GB"),
        ("h100", "H100-SXM5-80GB"),
        ("NVIDIA H100 80GB", "H100-SXM5-80GB"),
        ("H100-PCIe", "H100-PCIe-80GB"),
        ("A100-80GB", "A100-SXM4-80GB"),
        ("A100", "A100-SXM4-80GB"),
        ("A100-40GB", "A100-SXM4-40GB"),
        ("4090", "RTX-4090-24GB"),
        ("RTX4090", "RTX-4090-24GB"),
        ("GeForce RTX 4090", "RTX-4090-24GB"),
        ("L4", "L4-24GB"),
        ("L40S", "L40S-48GB"),
        ("L40", "L40-48GB"),
        ("T4", "T4-16GB"),
        ("H200", "H200-SXM-141GB"),
        ("B200", "B200-SXM-180GB"),
        ("MI300X", "MI300X"),
        ("AMD Instinct MI300X", "MI300X"),
        ("GH200", "GH200-96GB/144GB"),
    ],
)
def test_short_forms(short: str, name: str) -> None:
    assert CATALOG.accelerator(short).name == name


@pytest.mark.parametrize("name", CATALOG.accelerators())
def test_every_device_is_complete_and_plausible(name: str) -> None:
    device = CATALOG.accelerator(name)
    assert device.name == name
    assert 0.85 * device.memory_bytes < device.usable_memory_bytes <= device.memory_bytes / 1e9 * GIB
    assert 3e11 <= device.bandwidth_bytes_per_s <= 1e13
    assert set(device.peak_flops_per_s) == set(device.matmul_flops_per_s)
    assert device.peak_flops_per_s.get("bf16") or device.peak_flops_per_s["fp16"]
    for dtype, peak in device.peak_flops_per_s.items():
        assert 0.4 * peak < device.matmul_flops_per_s[dtype] <= peak, dtype
    assert 1e10 <= device.link_bytes_per_s <= 1e12
    assert 50 <= device.tdp_w <= 1500
    assert 1 <= device.devices_per_node <= 16
    assert device.source
    if not device.matmul_is_measured:
        assert "Matmul rate" in device.note


def test_h100_figures_are_those_of_its_data_sheet_and_of_the_sweep() -> None:
    h100 = CATALOG.accelerator("H100")
    assert h100.memory_bytes == 80e9
    assert h100.usable_memory_bytes == 79.11 * GIB
    assert h100.bandwidth_bytes_per_s == 3.35e12
    assert h100.peak_flops_per_s["bf16"] == pytest.approx(989.4e12)
    assert h100.matmul_flops_per_s["bf16"] == pytest.approx(794.5e12)
    assert h100.matmul_flops_per_s["fp8"] == pytest.approx(1402.6e12)
    assert h100.matmul_is_measured
    assert (h100.link_bytes_per_s, h100.tdp_w, h100.devices_per_node) == (450e9, 700, 8)


def test_l40s_does_not_pretend_to_its_printed_peak() -> None:
    l40s = CATALOG.accelerator("L40S")
    assert l40s.matmul_flops_per_s["bf16"] == pytest.approx(230e12)
    assert not l40s.matmul_is_measured


def test_unknown_device_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown GPU 'H10O'; did you mean 'H100'"):
        CATALOG.accelerator("H10O")
    with pytest.raises(UnknownNameError):
        CATALOG.accelerator("")


def test_a_short_form_of_two_devices_is_an_error() -> None:
    def device(name: str, *aliases: str) -> Accelerator:
        return Accelerator(name, "V", 1, 1, 1, {}, {}, False, 1, 1, 1, aliases)

    with pytest.raises(CatalogError, match="'X1' means X-1-A and X-1-B"):
        alias_table([device("X-1-A", "X-1"), device("X-1-B", "X1")])


def test_offers_are_sorted_by_the_price_of_one_device() -> None:
    offers = CATALOG.gpu_offers(on=ON)
    prices = [offer.usd_per_gpu_hour for offer in offers]
    assert len(prices) > 250
    assert prices == sorted(prices)


def test_offers_can_be_filtered() -> None:
    offers = CATALOG.gpu_offers(on=ON, gpu="H100", provider="aws", term="on_demand", region="us-east-1")
    assert {offer.instance for offer in offers} == {"p5.48xlarge", "p5.4xlarge"}
    eight = next(offer for offer in offers if offer.gpus == 8)
    assert (eight.usd_per_instance_hour, eight.usd_per_gpu_hour) == (55.04, 6.88)
    assert CATALOG.gpu_offers(on=ON, provider="nobody") == ()


def test_offers_before_their_day_are_not_there() -> None:
    assert not CATALOG.gpu_offers(on=date(2026, 7, 19), provider="aws")
    assert CATALOG.gpu_offers(on=date(2026, 7, 20), provider="aws")


def test_offers_of_an_unknown_device() -> None:
    with pytest.raises(UnknownNameError, match="unknown GPU 'H1000'"):
        CATALOG.gpu_offers(on=ON, gpu="H1000")


def test_pcie_cards_are_not_priced_as_sxm() -> None:
    offers = CATALOG.gpu_offers(on=ON, provider="azure", gpu="A100-PCIe-80GB")
    assert {offer.instance for offer in offers} == {f"Standard_NC{n}ads_A100_v4" for n in (24, 48, 96)}


OFFER_HEADER = (
    "id,what,unit,value,low,mode,high,from,read_on,source,source_kind,basis,provider,instance,gpu,gpus,term\n"
)


@pytest.mark.parametrize(
    ("usd", "tail", "message"),
    [
        ("2", "T4-16GB,,on_demand", "gpus '' is no whole number from 1 on"),
        ("2", "T4-16GB,0,on_demand", "gpus '0' is no whole number from 1 on"),
        ("2", "T4-16GB,1.5,on_demand", "gpus '1.5' is no whole number from 1 on"),
        ("2", "T4-16GB,1,monthly", "term 'monthly' is not one of on_demand, spot, reserved"),
        ("2", "T5,1,spot", "unknown GPU 'T5'"),
        ("0.002", "T4-16GB,1,spot", "0.002 USD per GPU-hour is outside 0.05 to 45; check for a factor of 1000"),
        ("400", "T4-16GB,8,spot", "50 USD per GPU-hour is outside 0.05 to 45; check for a factor of 1000"),
    ],
)
def test_broken_offers_name_file_row_and_what_to_do(tmp_path: Path, usd: str, tail: str, message: str) -> None:
    row = f"gpu/x/y,What,USD/hour,{usd},,,,2026-01-01,2026-02-01,vendor page,primary,published,x,y,{tail}\n"
    (tmp_path / "gpu_offers.csv").write_text(OFFER_HEADER + row, encoding="utf-8")
    devices = (default_directory() / "accelerators.json").read_text(encoding="utf-8")
    (tmp_path / "accelerators.json").write_text(devices, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path).gpu_offers(on=ON)
    assert str(caught.value).startswith("gpu_offers.csv: gpu/x/y: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
