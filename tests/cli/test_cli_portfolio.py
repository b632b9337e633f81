"""`estimator portfolio` as a user runs it."""

import csv
import io
import json
from pathlib import Path

import pytest
from command import Done, command

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = (ROOT / "examples" / "triage.yaml").read_text(encoding="utf-8")
FEW = ("--draws", "50")


def _estimator(*arguments: str) -> Done:
    return command("portfolio", *arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(TRIAGE, encoding="utf-8")
    (tmp_path / "b.yml").write_text(TRIAGE.replace("2027-01", "2027-07"), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no scenario", encoding="utf-8")
    return tmp_path


def test_every_format_holds_the_same_portfolio(folder: Path) -> None:
    done = {form: _estimator(str(folder), "--option", "lora", "-f", form, *FEW) for form in ("json", "csv", "table")}
    assert all(item.returncode == 0 for item in done.values()), done
    data = json.loads(done["json"].stdout)
    assert [item["label"] for item in data["scenarios"]] == [str(folder / "a.yaml"), str(folder / "b.yml")]
    assert (data["months"][0], data["months"][-1]) == ("2026-12", "2030-06")
    assert sum(data["budget_usd"]["central"]) == pytest.approx(data["total_usd"]["central"])
    assert data["savings"][0]["kind"] == "base model"
    rows = list(csv.DictReader(io.StringIO(done["csv"].stdout)))
    total = next(row for row in rows if row["kind"] == "total")
    assert float(total["p50_usd"]) == pytest.approx(data["total_usd"]["p50"])
    gains = [float(row["p50_usd"]) for row in rows if row["kind"] == "net benefit"]
    assert gains == [item["net_benefit_usd"]["p50"] for item in data["scenarios"]]
    gain = next(row for row in rows if row["kind"] == "total net benefit")
    assert float(gain["mean_usd"]) == data["net_benefit_usd"]["mean"]
    assert sum(row["kind"] == "month" for row in rows) == len(data["months"])
    words = " ".join(done["table"].stdout.split())
    assert "base model Qwen/Qwen3-8B on 1 × L4-24GB" in words
    assert "2030-06" in words


def test_markdown_into_a_file_and_a_pattern(folder: Path) -> None:
    out = folder / "out.md"
    done = _estimator(str(folder / "*.y*ml"), str(folder / "a.yaml"), "-o", str(out), *FEW)
    assert done.returncode == 0, done.stderr
    assert "## Portfolio of 2 scenarios" in out.read_text(encoding="utf-8")


def test_a_file_named_by_two_paths_is_counted_once(folder: Path) -> None:
    done = _estimator(str(folder / "a.yaml"), str(folder / ".." / folder.name / "a.yaml"), "-f", "json", *FEW)
    assert [item["label"] for item in json.loads(done.stdout)["scenarios"]] == [str(folder / "a.yaml")]


def test_a_broken_file_among_good_ones_is_named(folder: Path) -> None:
    (folder / "c.yaml").write_text(TRIAGE.replace("growth: 2%", "grwth: 2%"), encoding="utf-8")
    done = _estimator(str(folder), *FEW)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"error: {folder / 'c.yaml'}: line ")
    assert done.stderr.count("\n") == 1


def test_a_file_that_cannot_be_estimated_is_named(folder: Path) -> None:
    (folder / "c.yaml").write_text(TRIAGE.replace("Qwen/Qwen3-8B", "Qwen/Qwen9"), encoding="utf-8")
    done = _estimator(str(folder), *FEW)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"error: {folder / 'c.yaml'}: options.lora.model")


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("empty", 2, "the folder holds no scenario file"),
        ("*.toml", 2, "no scenario file matches this pattern"),
        ("missing.yaml", 2, "no such file"),
    ],
)
def test_nothing_to_read_is_one_line(tmp_path: Path, name: str, code: int, message: str) -> None:
    (tmp_path / "empty").mkdir()
    done = _estimator(str(tmp_path / name))
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
