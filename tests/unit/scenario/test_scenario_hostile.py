"""Files made to do harm are one line and an exit code, within bounds of time and memory."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command import ROOT, command

from estimator.catalog import read_table
from estimator.catalog.schema import COLUMNS
from estimator.errors import CatalogError
from estimator.reading import bounded_text

TRIAGE = str(ROOT / "examples" / "triage.yaml")
ENDLESS = Path("/dev/zero")
DEEP = "[" * 100_000
DIGITS = '{"hidden_size": ' + "1" * 5000 + "}"
ROW = ["a/b", "x", "USD/hour", "2.5", "", "", "", "", "2026-01-01", "2026-02-01", "s", "primary", "published"]


@pytest.mark.skipif(not ENDLESS.exists(), reason="needs a device without an end")
@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "LINK.yaml"),
        ("check", TRIAGE, "--policy", "LINK.yaml"),
        ("check", TRIAGE, "--compare-to", "LINK.yaml"),
        ("compare", TRIAGE, "--compare-to", "LINK.yaml"),
        ("compare", TRIAGE, "--calibration", "LINK.yaml"),
    ],
    ids=lambda words: " ".join(words[:1] + words[2:3]),
)
def test_a_link_to_a_device_without_end_is_one_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "LINK.yaml").symlink_to(ENDLESS)
    done = command(*arguments, "--draws", "5", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds more than" in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_text("12345\r\n", newline="")
    assert bounded_text(file, 7) == "12345\n"
    with pytest.raises(OSError, match="holds more than 6 bytes"):
        bounded_text(file, 6)


def _loop(file: Path) -> None:
    file.symlink_to(file.name)


def _nowhere(file: Path) -> None:
    file.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("make", "said"),
    [(_loop, "Too many levels of symbolic links"), (_nowhere, "no such file")],
    ids=["loop", "nowhere"],
)
def test_links_that_lead_nowhere(make: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    make(tmp_path / "a.yaml")
    done = command("compare", "a.yaml", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize("text", [DEEP, DIGITS, '{"a": "\udcff"}'], ids=["deep", "digits", "latin"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("memory", "config.json", "--gpu", "T4"),
        ("compare", TRIAGE, "--compare-to", "config.json", "--draws", "5"),
        ("check", TRIAGE, "--compare-to", "config.json", "--draws", "5"),
        ("compare", TRIAGE, "--calibration", "config.json", "--draws", "5"),
    ],
    ids=lambda words: " ".join(words[:1] + words[2:3]),
)
def test_json_that_does_harm_is_one_line(arguments: tuple[str, ...], text: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    done = command(*arguments, folder=tmp_path)
    assert done.returncode in {2, 3}
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["accelerators.json", "models.json"])
@pytest.mark.parametrize("text", [DEEP, DIGITS, json.dumps({"x": float("nan")})], ids=["deep", "digits", "nan"])
def test_a_private_catalog_that_does_harm_is_one_line(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = command(
        "catalog", "list", name.removesuffix(".json").replace("accelerators", "gpus"), "--catalog", str(tmp_path)
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert name in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (0, "a\0b", "line 2: holds a NUL character"),
        (3, "2\x005", "line 2: holds a NUL character"),
        (3, "9" * 400, "is not finite"),
        (3, "1e999", "is not finite"),
        (3, "-inf", "is not finite"),
        (10, "x" * 200_000, "field larger than field limit"),
    ],
    ids=["nul in a name", "nul in a price", "digits", "exponent", "infinite", "long"],
)
def test_rows_that_do_harm_name_their_file(place: int, text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    cells = [*ROW[:place], text, *ROW[place + 1 :]]
    file.write_text(",".join(COLUMNS[: len(ROW)]) + "\n" + ",".join(cells) + "\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"^prices\.csv") as caught:
        read_table(file)
    assert said in str(caught.value)
