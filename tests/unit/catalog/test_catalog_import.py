"""Every quirk of the downloaded price catalogues, on small files that show it; damaged text is one clear error."""

import csv
import io
import random
import shutil
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from estimator.catalog import Catalog, load_catalog
from estimator.catalog.importing import (
    Reading,
    Review,
    provider_named,
    read_karpenter_aws,
    read_karpenter_azure,
    read_own_rows,
    read_skypilot,
    reviewed,
)
from estimator.catalog.importing.devices import LONGEST_INFO, Devices
from estimator.catalog.schema import REQUIRED
from estimator.errors import CatalogError, EstimatorError, UsageError
from estimator.report.importing import import_sheet
from estimator.report.sheet import sheet_csv, sheet_text

FILES = Path(__file__).parent / "catalogues"
KNOWN = load_catalog()
DAY = date(2026, 11, 25)
AWS, AZURE = "zz_generated.pricing_aws.go", "zz_generated.pricing.go"
skypilot = partial(read_skypilot, name="vms.csv", read_on=DAY, catalog=KNOWN)
karpenter_aws = partial(read_karpenter_aws, name=AWS, read_on=None, catalog=KNOWN)
karpenter_azure = partial(read_karpenter_azure, name=AZURE, read_on=None, catalog=KNOWN)
own = partial(read_own_rows, name="mine.csv", catalog=KNOWN)


def text(*path: str) -> str:
    return FILES.joinpath(*path).read_text(encoding="utf-8")


def of(provider: str, **more: object) -> Reading:
    return skypilot(text(provider, "vms.csv"), provider=provider, **more)  # type: ignore[arg-type]


def prices(reading: Reading) -> dict[str, float]:
    return {row.id: row.mode for row in reading.rows}


def gpus(reading: Reading) -> dict[str, str]:
    return {row.attributes["instance"]: row.attributes["gpu"] for row in reading.rows}


def test_zones_of_a_region_are_one_row_at_the_cheapest_price() -> None:
    found = prices(of("aws"))
    assert found["gpu/aws/p5.48xlarge/us-east-1/spot"] == 17.63
    assert prices(of("aws", zones="median"))["gpu/aws/p5.48xlarge/us-east-1/spot"] == pytest.approx(22.5)
    (row,) = [row for row in of("aws").rows if row.id == "gpu/aws/p5.48xlarge/us-east-1/spot"]
    assert "cheapest of 4 zones, 17.63 to 60.5" in row.note
    assert (row.valid_from, row.read_on) == (DAY, DAY)
    assert row.attributes["gpus"] == "8"


def test_sentinels_fractions_and_machines_without_accelerator_are_counted() -> None:
    reading = of("aws")
    assert reading.skipped == {
        "no price": 1,
        "spot price equal to the price on demand, a stand-in": 1,
        "spot: price 0, a sentinel for no price": 1,
        "spot: negative price, a sentinel for no price": 1,
        "placeholder price of 9999 and above": 1,
        "fraction of a device": 1,
        "machine without an accelerator": 1,
    }
    assert reading.unknown == {"Inferentia": 1}
    assert "spot prices above the price on demand, kept: 1" in reading.notes
    assert not any("g5.xlarge" in row_id or "eu-north-1" in row_id for row_id in prices(reading))


def test_a_spot_price_above_the_price_on_demand_says_so() -> None:
    lines = text("aws", "vms.csv").splitlines()
    reading = skypilot("\n".join([lines[0], lines[4]]), provider="aws")
    spot = next(row for row in reading.rows if row.attributes["term"] == "spot")
    assert spot.mode == 60.5
    assert "above the price on demand" in spot.note


def test_memory_tells_the_variants_apart() -> None:
    found = gpus(of("aws"))
    assert found["p4d.24xlarge"] == "A100-SXM4-40GB"
    assert found["p4de.24xlarge"] == "A100-SXM4-80GB"
    assert found["p3.2xlarge"] == "V100-SXM2-16GB"


def test_accelerators_that_are_priced_without_their_machine_are_no_offers() -> None:
    reading = of("gcp")
    assert reading.rows == ()
    assert reading.skipped == {"accelerator without its machine": 2, "machine without an accelerator": 1}
    assert any("billed on top" in note for note in reading.notes)


def test_memory_of_all_devices_together_and_regions_in_words() -> None:
    reading = of("vast")
    assert gpus(reading) == {
        "2x-H100_NVL-32-65536": "H100-NVL-94GB",
        "2x-H100_SXM-32-65536": "H100-SXM5-80GB",
        "2x-A100_SXM4-32-65536": "A100-SXM4-40GB",
        "1x-RTX_4090-32-65536": "RTX-4090-24GB",
    }
    assert {row.region for row in reading.rows} == {"california", "us", "slovenia", "the-netherlands"}
    assert reading.skipped == {"spot: price 0, a sentinel for no price": 4}


def test_gigabytes_under_the_name_of_mebibytes_and_the_form_of_the_card() -> None:
    assert gpus(of("runpod")) == {
        "1x_A100-80GB_SECURE": "A100-PCIe-80GB",
        "1x_A100-80GB-SXM_SECURE": "A100-SXM4-80GB",
    }


def test_memory_of_the_host_is_not_taken_for_that_of_the_device() -> None:
    assert set(gpus(of("nebius")).values()) == {"H100-SXM5-80GB", "L40S-48GB"}


def test_the_reviewed_machine_of_the_catalog_wins() -> None:
    wrong = text("aws", "vms.csv").replace("p5.48xlarge,H100,8.0", "p5.48xlarge,H100,12.0")
    reading = skypilot(wrong, provider="aws")
    assert {row.attributes["gpus"] for row in reading.rows if row.attributes["instance"] == "p5.48xlarge"} == {"8"}
    assert any("8 x H100-SXM5-80GB in the catalog, 12 x H100-SXM5-80GB in the file" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("name", "info", "expected"),
    [
        ("A100", "", "A100-SXM4-40GB"),  # a bare A100 has 40 GB there
        ("A100-80GB", "", "A100-SXM4-80GB"),
        ("V100", "not python", "V100-SXM2-16GB"),
        ("V100-32GB", "{'Gpus': []}", "V100-SXM2-32GB"),
        ("H100", "__import__('os').system('false')", "H100-SXM5-80GB"),
        ("H100", "(" * 300, "H100-SXM5-80GB"),
        ("H100", "-" * 3000 + "1", "H100-SXM5-80GB"),
        ("H100", "[" * LONGEST_INFO + "]", "H100-SXM5-80GB"),
        ("H100", "{'Gpus': [{'MemoryInfo': {'SizeInMiB': '1e999'}}]}", "H100-SXM5-80GB"),
        ("H200", "{'Gpus': [{'MemoryInfo': {'SizeInMiB': 144384}}]}", "H200-SXM-141GB"),
        ("B300", "{'Gpus': [{'MemoryInfo': {'SizeInMiB': 275040}}]}", "B300-SXM-288GB"),
        ("RTX3070", "", None),
        ("T4g", "", None),
    ],
)
def test_devices_by_other_peoples_names(name: str, info: str, expected: str | None) -> None:
    devices = Devices(KNOWN.accelerator(item) for item in KNOWN.accelerators())
    assert devices.meant(name, count=1, info=info) == expected


@pytest.mark.parametrize(
    ("size", "total", "expected"),
    [
        (81920, 163840, "A100-SXM4-80GB"),  # of each, and the total says so
        (81920, 81920, "A100-SXM4-40GB"),  # of both: a bare A100 has 40 GB
        (40960, 40960, "A100-SXM4-40GB"),  # of each, with a total that is none
    ],
)
def test_the_total_tells_whose_memory_it_is(size: int, total: int, expected: str) -> None:
    devices = Devices(KNOWN.accelerator(item) for item in KNOWN.accelerators())
    info = f"{{'Gpus': [{{'Name': 'A100', 'MemoryInfo': {{'SizeInMiB': {size}}}}}], 'TotalGpuMemoryInMiB': {total}}}"
    assert devices.meant("A100", count=2, info=info) == expected


def test_karpenter_aws_gives_the_day_and_only_instances_with_a_known_gpu() -> None:
    reading = karpenter_aws(text("karpenter", AWS))
    assert prices(reading) == {
        "gpu/aws/g5.12xlarge/us-east-1/on_demand": 5.672,
        "gpu/aws/g5.xlarge/us-east-1/on_demand": 1.106,
        "gpu/aws/g5.xlarge/us-west-2/on_demand": 1.006,
    }
    assert {row.valid_from for row in reading.rows} == {date(2026, 9, 19)}
    assert reading.skipped == {
        "instance without a known GPU": 2,
        "price 0, a sentinel for no price": 1,
        "placeholder price of 9999 and above": 1,
    }


def test_regions_that_are_not_billed_in_usd_are_refused() -> None:
    reading = karpenter_aws(text("karpenter", "zz_generated.pricing_aws_cn.go"))
    assert reading.rows == ()
    assert reading.skipped == {"region billed in another currency": 2}
    assert reading.notes == ("cn-north-1: refused, prices there are not in USD",)


def test_karpenter_azure_reads_names_with_spaces() -> None:
    reading = karpenter_azure(text("karpenter", AZURE))
    assert prices(reading) == {
        "gpu/azure/Standard_NC24ads_A100_v4/eastus/on_demand": 3.873,
        "gpu/azure/Standard_ND96isr_H100_v5/eastus/on_demand": 98.32,
        "gpu/azure/Standard_NC24ads_A100_v4/westus3/on_demand": 3.673,
    }
    assert reading.skipped == {"instance without a known GPU": 2}


def test_a_later_reading_may_be_named_an_earlier_one_not() -> None:
    later = read_karpenter_aws(text("karpenter", AWS), name=AWS, read_on=DAY, catalog=KNOWN)
    assert {(row.valid_from, row.read_on) for row in later.rows} == {(date(2026, 9, 19), DAY)}
    with pytest.raises(UsageError, match=r"2026-01-01 is before 2026-09-19"):
        read_karpenter_aws(text("karpenter", AWS), name=AWS, read_on=date(2026, 1, 1), catalog=KNOWN)


def test_a_file_without_a_day_needs_one() -> None:
    with pytest.raises(UsageError, match=r"--read-on: vms\.csv prints no day"):
        read_skypilot(text("aws", "vms.csv"), name="vms.csv", provider="aws", read_on=None, catalog=KNOWN)
    with pytest.raises(UsageError, match="prints no day"):
        karpenter_aws(text("karpenter", AWS).replace("// generated", "// made"))


def review(reading: Reading, catalog: Catalog = KNOWN) -> Review:
    return reviewed(reading, catalog)


def test_review_tells_new_changed_and_same() -> None:
    found = review(karpenter_aws(text("karpenter", AWS)))
    ((changed,), (new,)) = found.changed, found.new
    assert (changed.old.mode if changed.old else None, changed.row.mode) == (1.006, 1.106)
    assert changed.change_percent == pytest.approx(9.940, abs=1e-3)
    assert new.change_percent is None
    assert new.row.region == "us-west-2"
    assert found.same == 1


def test_review_holds_back_what_is_off_by_a_thousand() -> None:
    found = review(of("aws"))
    ((row, reason),) = found.held
    assert row.attributes["instance"] == "p4de.24xlarge"
    assert "outside 0.05 to 45 USD per GPU-hour" in reason
    assert row.id not in {proposal.row.id for proposal in found.proposals}


def test_review_points_at_large_moves() -> None:
    cheap = text("aws", "vms.csv").replace("17.63", "5.01")
    found = review(skypilot(cheap, provider="aws"))
    assert [proposal.warning for proposal in found.changed] == ["", "moved by more than a factor of 3"]


def test_a_file_older_than_the_catalog_changes_nothing() -> None:
    old = text("karpenter", AWS).replace("2026-09-19", "2026-01-19").replace("1.106000", "0.906000")
    found = review(karpenter_aws(old))
    assert "gpu/aws/g5.xlarge/us-east-1/on_demand" not in {proposal.row.id for proposal in found.proposals}
    assert found.skipped["older than the value of the catalog"] == 2


def test_a_second_value_for_the_same_day_is_held_back() -> None:
    same_day = text("karpenter", AWS).replace("2026-09-19", "2026-07-20")
    ((row, reason),) = review(karpenter_aws(same_day)).held
    assert row.mode == 1.106
    assert "another value from 2026-07-20" in reason


def test_an_offer_that_had_ended_is_new_again(tmp_path: Path) -> None:
    (tmp_path / "ended.csv").write_text(
        ",".join((*REQUIRED, "available_until")) + "\n"
        "gpu/aws/g5.xlarge/us-east-1/on_demand,A10G,USD/hour,1.006,,,,2026-08-01,2026-08-01,a contract,primary,"
        "published,2026-08-31\n",
        encoding="utf-8",
    )
    found = review(karpenter_aws(text("karpenter", AWS)), load_catalog(overlay=tmp_path))
    assert "gpu/aws/g5.xlarge/us-east-1/on_demand" in {proposal.row.id for proposal in found.new}


@pytest.mark.parametrize(
    "table", ["gpu_offers", "labour", "retirements", "annotation", "defaults/serving", "constants/serving"]
)
def test_our_own_tables_are_the_same_as_themselves(table: str) -> None:
    rows = own((KNOWN.directory / f"{table}.csv").read_text(encoding="utf-8"))
    found = review(rows)
    assert found.same == len(KNOWN.rows(table))
    assert found.proposals == ()
    assert found.held == ()


def test_written_rows_load_again_as_an_overlay_and_are_then_the_same(tmp_path: Path) -> None:
    readings = [of("aws"), of("vast"), of("runpod"), of("nebius"), karpenter_aws(text("karpenter", AWS))]
    for reading in [*readings, karpenter_azure(text("karpenter", AZURE))]:
        before = review(reading)
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        written = sheet_csv(import_sheet("file", before))
        (folder / "rows.csv").write_text(written, encoding="utf-8")
        after = review(reading, load_catalog(overlay=folder))
        assert before.proposals
        assert after.proposals == ()
        assert after.same == before.same + len(before.proposals)


def test_written_rows_can_be_appended_to_the_table(tmp_path: Path) -> None:
    folder = tmp_path / "pricing"
    shutil.copytree(KNOWN.directory, folder)
    written = sheet_csv(import_sheet("file", review(of("aws")))).splitlines(keepends=True)
    with (folder / "gpu_offers.csv").open("a", encoding="utf-8") as table:
        table.writelines(written[1:])
    appended = load_catalog(folder)
    assert len(appended.rows("gpu_offers")) == len(KNOWN.rows("gpu_offers")) + len(written) - 1
    row_id = "gpu/aws/p5.48xlarge/us-east-1/on_demand"
    assert [appended.row(row_id, day).mode for day in (date(2026, 11, 24), DAY)] == [55.04, 56.0]
    assert appended.gpu_offers(on=DAY, gpu="V100-16GB", provider="aws")


def test_written_rows_have_the_columns_of_the_table_they_join() -> None:
    written = sheet_csv(import_sheet("file", review(of("aws"))))
    table = (KNOWN.directory / "gpu_offers.csv").read_text(encoding="utf-8")
    assert written.splitlines()[0] == table.splitlines()[0]


def test_own_rows_keep_ranges_ends_and_further_columns() -> None:
    given = (
        ",".join((*REQUIRED, "distribution", "available_until", "team", "note")) + "\n"
        "labour/rigger,Rigger,USD/hour,,40,50,70,2026-01-01,2026-11-01,contract 17,primary,published,lognormal,"
        "2027-12-31,b,by the hour\n"
    )
    (row,) = csv.DictReader(io.StringIO(sheet_csv(import_sheet("mine.csv", review(own(given))))))
    assert (row["value"], row["low"], row["mode"], row["high"]) == ("", "40.0", "50.0", "70.0")
    assert (row["distribution"], row["available_until"], row["team"]) == ("lognormal", "2027-12-31", "b")


def test_own_offers_of_unknown_accelerators_are_listed() -> None:
    table = (KNOWN.directory / "gpu_offers.csv").read_text(encoding="utf-8").splitlines()[:3]
    reading = own("\n".join(table).replace("A100-SXM4-40GB", "A999"))
    assert reading.rows == ()
    assert reading.unknown == {"A999": 2}


HEADER = text("aws", "vms.csv").splitlines()[0]


@pytest.mark.parametrize(
    ("read", "given", "message"),
    [
        (partial(skypilot, provider="aws"), "", "vms.csv line 1: column 'InstanceType' is missing"),
        (partial(skypilot, provider="aws"), HEADER.replace("SpotPrice", "Spot"), "column 'SpotPrice' is missing"),
        (partial(skypilot, provider="aws"), f"{HEADER}\na,b\n", "vms.csv line 2: 2 fields for 10 columns"),
        (partial(skypilot, provider="aws"), f'{HEADER}\n"a', "vms.csv line 2: not CSV"),
        (
            partial(skypilot, provider="aws"),
            text("aws", "vms.csv").replace("56.0,25.75", "56.0,much"),
            "vms.csv line 3: SpotPrice 'much' is not a number",
        ),
        (partial(skypilot, provider="aws"), text("aws", "vms.csv").replace(",3.06,", ",nan,"), "line 10: Price 'nan'"),
        (karpenter_aws, text("karpenter", AZURE), "line 1: no table of prices on demand in it"),
        (karpenter_azure, text("karpenter", AWS), "line 1: no table of prices on demand in it"),
        (karpenter_aws, text("karpenter", AWS).replace("1.106000", "dear"), "line 15: price of g5.xlarge 'dear'"),
        (karpenter_aws, text("karpenter", AWS).replace('"g5.xlarge": 1.1', "g5: 1.1"), "line 15: ' g5: 1.106000,'"),
        (karpenter_aws, text("karpenter", AWS).replace("2026-09-19", "someday"), "line 5: 'someday"),
        (karpenter_aws, text("karpenter", AWS).replace("c5.metal", "c5.12xlarge"), "line 13: 'c5.12xlarge' is there"),
        (own, ",".join(REQUIRED), "mine.csv: no row in it"),
        (own, "a,b\n1,2\n", "mine.csv line 1: column 'id' is missing"),
        (own, ",".join(REQUIRED) + "\nlabour/x,X,USD/hour,dear,,,,2026-01-01,2026-01-01,s,primary,published", "line 2"),
        (
            own,
            ",".join(REQUIRED) + "\ngpu/x,X,USD/hour,2,,,,2026-01-01,2026-01-01,s,primary,published",
            "mine.csv: gpu",
        ),
    ],
)
def test_what_is_no_such_file_is_one_clear_error(read: partial[Reading], given: str, message: str) -> None:
    with pytest.raises(CatalogError) as error:
        read(given)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_provider_is_named_by_its_folder_or_by_the_user() -> None:
    assert provider_named(None, "aws", KNOWN) == "aws"
    assert provider_named("my-cloud", "Downloads", KNOWN) == "my-cloud"
    with pytest.raises(UsageError, match="folder 'Downloads' is no provider"):
        provider_named(None, "Downloads", KNOWN)
    with pytest.raises(UsageError, match="no name of small letters"):
        provider_named("a/b", "aws", KNOWN)


SEEDS = [
    (partial(skypilot, provider="aws"), text("aws", "vms.csv")),
    (partial(skypilot, provider="vast"), text("vast", "vms.csv")),
    (karpenter_aws, text("karpenter", AWS)),
    (karpenter_azure, text("karpenter", AZURE)),
    (own, "\n".join((KNOWN.directory / "gpu_offers.csv").read_text(encoding="utf-8").splitlines()[:8])),
]
PIECES = [
    '"',
    "'",
    ",",
    "\n",
    "\r",
    "\x00",
    "{",
    "}",
    "[",
    "\\",
    ":",
    "1e999",
    "-",
    "0",
    "nan",
    "9" * 30,
    "é",
    "=cmd",
    "",
]


@pytest.mark.parametrize(("read", "seed"), SEEDS)
def test_damaged_text_is_a_clear_error_or_a_review(read: partial[Reading], seed: str) -> None:
    dice = random.Random(7)  # noqa: S311 - damage, not secrecy
    outcomes = set()
    for _ in range(100):
        damaged = list(seed)
        for _ in range(dice.choice((1, 1, 3, 20))):
            place = dice.randrange(len(damaged))
            damaged[place : place + dice.choice((0, 1, 1, 30))] = dice.choice(PIECES)
        try:
            found = review(read("".join(damaged)))
            outcomes.add("review")
        except EstimatorError as error:
            outcomes.add("error" if len(str(error)) < 600 else "long error")
            continue
        sheet = import_sheet("file", found)
        assert sheet_text(sheet)
        if found.proposals:
            assert len(own(sheet_csv(sheet)).rows) == len(found.proposals)
    assert outcomes == {"review", "error"}


def test_review_does_not_touch_what_it_reads() -> None:
    reading = of("aws")
    assert replace(reading) == reading
    before = dict(reading.skipped)
    review(reading)
    assert reading.skipped == before
