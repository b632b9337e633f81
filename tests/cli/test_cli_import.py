"""`estimator catalog import`: the whole way, and bad input."""

import csv
import json
from pathlib import Path

import pytest
from command import Done, command

from estimator.catalog import default_directory
from estimator.cli import files
from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "tests" / "unit" / "catalog" / "catalogues"
AWS = str(FILES / "karpenter" / "zz_generated.pricing_aws.go")
AZURE = str(FILES / "karpenter" / "zz_generated.pricing.go")
VMS = str(FILES / "aws" / "vms.csv")
DAY = ("--read-on", "2026-11-25")


def estimator(*arguments: str) -> Done:
    return command("catalog", *arguments)


def test_from_a_downloaded_file_to_a_private_catalog(tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in default_directory().rglob("*.csv")}
    rows = tmp_path / "rows.csv"
    done = estimator("import", "skypilot", VMS, *DAY, "-o", str(rows))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    written = list(csv.DictReader(rows.read_text(encoding="utf-8").splitlines()))
    assert {row["from"] for row in written} == {"2026-11-25"}
    shown = estimator("show", "prices", written[0]["id"], "--catalog", str(tmp_path), "-f", "json")
    assert json.loads(shown.stdout)["rows"][-1]["mode"] == float(written[0]["value"])
    again = estimator("import", "skypilot", VMS, *DAY, "--catalog", str(tmp_path), "-f", "json")
    data = json.loads(again.stdout)
    assert (data["new"], data["changed"]) == ([], [])
    assert data["same"] == 1 + len(written)
    assert {file: file.read_bytes() for file in before} == before


def test_the_difference_is_shown_in_every_format() -> None:
    table = estimator("import", "karpenter-aws", AWS)
    assert table.returncode == 0, table.stderr
    assert "1 changed, 1 new, 1 the same, 0 held back" in table.stdout
    assert "+10 %" in table.stdout
    assert "2  instance without a known GPU" in table.stdout
    assert "Nothing was written to the catalog" in table.stdout
    data = json.loads(estimator("import", "karpenter-aws", AWS, "-f", "json").stdout)
    ((changed,), (new,)) = (data["changed"], data["new"])
    assert (changed["old"], changed["row"]["mode"]) == (1.006, 1.106)
    assert new["old"] is None
    assert "| gpu/aws/g5.xlarge" in estimator("import", "karpenter-aws", AWS, "-f", "markdown").stdout
    rows = list(csv.DictReader(estimator("import", "karpenter-azure", AZURE, "-f", "csv").stdout.splitlines()))
    assert [row["value"] for row in rows] == ["3.873", "3.673"]


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["catalog", "import", *arguments])
    out, error = capsys.readouterr()
    return code, out, error


def test_nothing_new_writes_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = default_directory() / "labour.csv"
    code, out, error = answer(capsys, "csv", str(table), "-o", str(tmp_path / "rows.csv"))
    assert (code, out) == (0, "")
    assert "nothing new or changed" in error
    assert not (tmp_path / "rows.csv").exists()


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_no_file_is_overwritten(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / f"rows.{suffix}"
    mine.write_text("mine", encoding="utf-8")
    code, _, error = answer(capsys, "skypilot", VMS, *DAY, "-o", str(mine))
    assert code == 2
    assert "overwrites nothing" in error
    assert error.count("\n") == 1
    assert mine.read_text(encoding="utf-8") == "mine"


def test_no_file_is_put_into_the_catalog(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "link").symlink_to(default_directory())
    for folder in (default_directory(), default_directory() / "defaults", tmp_path / "link"):
        code, _, error = answer(capsys, "skypilot", VMS, *DAY, "-o", str(folder / "new.csv"))
        assert code == 2
        assert "is changed by hand" in error
        assert not (folder / "new.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("skypilot", VMS), 2, "--read-on: vms.csv prints no day"),
        (("skypilot", VMS, "--read-on", "soon"), 2, "--read-on: 'soon' is not a date"),
        (("skypilot", AWS, *DAY), 2, "--provider: the folder 'karpenter' is no provider"),
        (("skypilot", AWS, *DAY, "--provider", "aws"), 3, "column 'InstanceType' is missing"),
        (("skypilot", VMS, *DAY, "--provider", "A W S"), 2, "no name of small letters"),
        (("karpenter-aws", AWS, "--provider", "aws"), 2, "--provider: goes with skypilot"),
        (("karpenter-aws", AWS, "--zones", "median"), 2, "--zones: goes with skypilot"),
        (("csv", VMS, *DAY), 2, "--read-on: goes with skypilot, karpenter-aws, karpenter-azure"),
        (("karpenter-aws", AZURE), 3, "no table of prices on demand"),
        (("karpenter-azure", VMS), 3, "no table of prices on demand"),
        (("csv", VMS), 3, "vms.csv line 1: column 'id' is missing"),
        (("karpenter-aws", "/nowhere/prices.go"), 2, "/nowhere/prices.go: cannot be read"),
        (("karpenter-aws", str(FILES)), 2, "cannot be read"),
        (("gcp", VMS), 2, "gcp"),
        (("karpenter-aws", AWS, "--catalog", "/nowhere"), 3, "/nowhere"),
    ],
)
def test_bad_input_is_one_line(
    arguments: tuple[str, ...], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, out, error = answer(capsys, *arguments)
    assert (found, out) == (code, "")
    assert message in error
    assert error.count("\n") == 1


def test_binary_and_huge_files_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vms.csv"
    file.write_bytes(bytes(range(256)) * 40)
    for source in ("skypilot", "karpenter-aws", "karpenter-azure", "csv"):
        day = () if source == "csv" else DAY
        more = ("--provider", "aws") if source == "skypilot" else ()
        code, _, error = answer(capsys, source, str(file), *day, *more)
        assert code == 2
        assert "not UTF-8 text" in error
    file.write_bytes(b"\x00" * 1000)
    code, _, error = answer(capsys, "karpenter-aws", str(file))
    assert (code, error.count("\n")) == (3, 1)
    assert "no table of prices on demand" in error
    monkeypatch.setattr(files, "LARGEST_TABLE", 10)
    code, _, error = answer(capsys, "skypilot", VMS, *DAY)
    assert (code, error.count("\n")) == (2, 1)
    assert "larger than 10 bytes" in error
