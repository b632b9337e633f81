"""`--currency` on every verb that shows money: the same figures at one rate."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from estimator.cli.main import run
from estimator.money import Currency, converted

TRIAGE = str(Path(__file__).parents[2] / "examples" / "triage.yaml")
FEW = ("--draws", "20")
FRANC = Currency("CHF", 0.25)
HEADER = "id,what,unit,value,low,mode,high,from,read_on,source,source_kind,basis,available_until,region,note"
ROW = "fx/CHF,a,USD/currency-unit,0.25,,,,2026-12-01,2026-12-02,contract,primary,published,,,"
HEAD = ("currency", "usd_per_unit", "exchange_rate")


@pytest.fixture
def rates(tmp_path: Path) -> str:
    path = tmp_path / "rates.csv"
    path.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    return str(path)


def _out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run([arguments[0], *FEW, *arguments[1:]]) == 0
    return capsys.readouterr().out


def _close(found: Any, expected: Any) -> None:
    if isinstance(expected, dict):
        assert found.keys() - set(HEAD) == expected.keys() - set(HEAD)
        for key in expected.keys() - set(HEAD):
            _close(found[key], expected[key])
    elif isinstance(expected, list):
        for one, other in zip(found, expected, strict=True):
            _close(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-9)
    elif not isinstance(expected, str):
        assert found == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ("breakdown", TRIAGE, "--option", "lora"),
        ("simulate", TRIAGE),
        ("breakeven", TRIAGE, "--x", "requests_per_month", "--steps", "3"),
        ("learn", TRIAGE),
        ("retrain", TRIAGE),
        ("portfolio", TRIAGE),
        ("train", "Qwen/Qwen3-8B", "--tokens", "5M", "--on", "2027-01-01"),
        ("plan", TRIAGE, "--gpu", "H100", "--gpus", "1", "--micro-batch", "1"),
    ],
    ids=lambda given: given[0],
)
def test_every_amount_of_a_verb_is_at_the_rate(
    capsys: pytest.CaptureFixture[str], rates: str, arguments: tuple[str, ...]
) -> None:
    usd = json.loads(_out(capsys, *arguments, "-f", "json"))
    found = json.loads(_out(capsys, *arguments, "-f", "json", "--currency", "chf", "--rates", rates))
    assert found["currency"] == "CHF"
    assert found["exchange_rate"] == {"on": "2026-12-01", "source": "contract"}
    expected = converted(usd, FRANC)
    assert expected != usd
    _close(found, expected)


@pytest.mark.parametrize(("verb", "name"), [("sensitivity", "swing_chf"), ("explain", "low_chf")])
def test_what_an_input_moves_is_at_the_rate_too(
    capsys: pytest.CaptureFixture[str], rates: str, verb: str, name: str
) -> None:
    key = ("workload.growth",) if verb == "explain" else ()
    asked = (verb, TRIAGE, *key, "--draws", "250", "--currency", "CHF", "--rates", rates)
    item = json.loads(_out(capsys, *asked, "-f", "json"))["inputs"][0]
    moved = item if verb == "sensitivity" else item["moves"][0]
    rows = csv.DictReader(io.StringIO(_out(capsys, *asked, "-f", "csv")))
    figures = {row.get(name) or row["low"] for row in rows}
    assert str(moved[name]) in figures


def test_the_words_of_a_verb_name_the_rate(
    capsys: pytest.CaptureFixture[str], rates: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESTIMATOR_CURRENCY", "CHF")
    monkeypatch.setenv("ESTIMATOR_RATES", rates)
    for verb in ("retrain", "report"):
        text = _out(capsys, verb, TRIAGE)
        assert verb != "report" or "compare MEMO --draws 20 --seed 0 --currency CHF, where" in text
        assert "CHF (1 CHF = 0.25 USD of 2026-12-01)" in text
        assert "Exchange rate:" in text
        assert re.search(r"CHF \d", text)
        assert "$" not in text


def test_explain_tells_what_set_currency_and_format(
    capsys: pytest.CaptureFixture[str], rates: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESTIMATOR_CURRENCY", "CHF")
    monkeypatch.setenv("ESTIMATOR_FORMAT", "json")
    by_env = json.loads(_out(capsys, "explain", TRIAGE, "--rates", rates))["settings"]
    origins = {item["name"]: (item["value"], item["origin"]) for item in by_env}
    assert origins["currency"] == ("CHF (1 CHF = 0.25 USD of 2026-12-01)", "env")
    assert origins["format"] == ("json", "env")
    assert origins["rates"] == (rates, "flag")
    by_flag = json.loads(_out(capsys, "explain", TRIAGE, "--currency", "USD", "-f", "json"))["settings"]
    origins = {item["name"]: (item["value"], item["origin"]) for item in by_flag}
    assert origins["currency"] == ("USD", "flag")
    assert origins["format"] == ("json", "flag")


def test_a_difference_is_told_in_the_currency_whatever_the_stored_result_is_in(
    capsys: pytest.CaptureFixture[str], rates: str, tmp_path: Path
) -> None:
    asked, base = ("--currency", "CHF", "--rates", rates), str(tmp_path / "base.json")
    _out(capsys, "compare", TRIAGE, "-o", base, *asked)
    change = ("--set", "workload.growth=5%")
    usd = json.loads(_out(capsys, "diff", base, TRIAGE, *change, "-f", "json"))["diffs"][0]
    franc = json.loads(_out(capsys, "diff", base, TRIAGE, *change, "-f", "json", *asked))["diffs"][0]
    assert [item["key"] for item in usd["inputs"]] == ["workload.growth"]
    for old, new in zip(usd["options"], franc["options"], strict=True):
        assert new["from_chf"] == pytest.approx(old["from_usd"] / 0.25)
        assert new["changes"][0]["difference"] == pytest.approx(old["changes"][0]["difference"] / 0.25)
    page = _out(capsys, "diff", base, TRIAGE, *change, "-f", "html", *asked)
    assert page.startswith("<!doctype html>") or page.startswith("<!DOCTYPE html>")
    assert "Exchange rate: CHF" in page
    assert "$" not in page


def test_focus_columns_are_billed_in_the_currency(capsys: pytest.CaptureFixture[str], rates: str) -> None:
    options = ("--columns", "focus")
    usd, franc = (
        list(csv.DictReader(io.StringIO(text)))
        for text in (
            _out(capsys, "compare", TRIAGE, *options, "-q"),
            _out(capsys, "breakdown", TRIAGE, *options, "--currency", "CHF", "--rates", rates),
        )
    )
    assert {row["BillingCurrency"] for row in franc} == {"CHF"}
    assert {row["x_RateOn"] for row in franc} == {"2026-12-01"}
    for old, new in zip(usd, franc, strict=True):
        assert float(new["BilledCost"]) == pytest.approx(float(old["BilledCost"]) / 0.25)
        assert float(new["ListUnitPrice"]) == pytest.approx(float(old["ListUnitPrice"]) / 0.25)
        assert new["PricingQuantity"] == old["PricingQuantity"]


@pytest.mark.parametrize(
    "line",
    [
        "labels --by expert",
        "retrieval --documents 100k --tokens-per-document 1500",
        "serve Qwen/Qwen3-8B --rps 5 --input 1500 --output 200 --against openai/gpt-4o-mini",
        "serve openai/gpt-4o-mini --rps 5 --input 1500 --output 200",
    ],
)
def test_verbs_without_a_scenario_too(line: str, rates: str, capsys: pytest.CaptureFixture[str]) -> None:
    whole = [*line.split(), "--on", "2027-01-01"]
    asked = ["--currency", "CHF", "--rates", rates]
    assert run([*whole, "-f", "json"]) == 0
    usd = json.loads(capsys.readouterr().out)
    assert run([*whole, "-f", "json", *asked]) == 0
    _close(json.loads(capsys.readouterr().out), converted(usd, FRANC))
    assert run([*whole, *asked]) == 0
    table = capsys.readouterr().out
    assert "CHF " in table
    assert "$" not in table
