"""Warnings: every code is explained, and each one speaks when its cause is there and not otherwise."""

import copy
from datetime import date
from pathlib import Path

import pytest

from estimator import estimate, loads
from estimator.results import Estimate
from estimator.warnings import CODES, Warned

ROOT = Path(__file__).resolve().parents[3]
TRIAGE = (ROOT / "examples" / "triage.yaml").read_text(encoding="utf-8")


def told(text: str, *, draws: int = 200, on: date | None = None) -> Estimate:
    return estimate(loads(text), draws=draws, on=on)


def codes(result: Estimate) -> set[str]:
    return {notice.code for notice in result.notices}


def test_every_code_has_its_row_in_the_method() -> None:
    lines = (ROOT / "docs" / "method" / "decision.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:4]] for line in lines if line.startswith("| W0")]
    assert [(code, title) for code, title, _ in rows] == list(CODES.items())
    assert all(advice for _, _, advice in rows)


def test_every_code_is_given_by_something() -> None:
    sources = [path for path in (ROOT / "estimator").rglob("*.py") if path.name != "warnings.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [code for code in CODES if f'"{code}"' not in text] == []


def test_a_warning_is_text_that_keeps_its_code() -> None:
    warned = Warned("W004", "old")
    assert (warned, warned.code) == ("old", "W004")
    other = copy.deepcopy(warned)
    assert (other, other.code) == ("old", "W004")
    with pytest.raises(ValueError, match="W999"):
        Warned("W999", "")


def test_old_prices_are_told_by_the_day_of_the_prices() -> None:
    assert "W012" not in codes(told(TRIAGE, on=date(2026, 12, 1)))
    late = told(TRIAGE, on=date(2027, 6, 1))
    (text,) = [notice.text for notice in late.notices if notice.code == "W012"]
    assert "more than 90 days before 2027-06-01" in text


def test_quality_beyond_the_pilot_is_told() -> None:
    assert "W010" in codes(told(TRIAGE))
    assert "W010" not in codes(told(TRIAGE.replace("labels: 3000", "labels: 500")))


def test_json_and_text_are_one() -> None:
    result = told(TRIAGE)
    data = result.to_dict()["scenarios"][0]
    assert [(w["code"], w["option"], w["text"]) for w in data["warnings"]] == [
        (notice.code, notice.option, notice.text) for notice in result.notices
    ]
    assert result.warnings == tuple(str(notice) for notice in result.notices)
    assert all(line.split()[0] in CODES for line in result.warnings)


def test_too_few_futures_are_told() -> None:
    twin = "  twin:\n    extends: lora\n    upkeep: {retrain: every 11 months}\n"
    twins = TRIAGE.replace("  lora_rag:", f"{twin}  lora_rag:")
    few = [told(twins, draws=draws) for draws in (3, 2000)]
    assert [len(result.options) for result in few] == [6, 6]
    for result in few:
        best, second = result.decision.verdict.best, result.decision.verdict.runner_up
        gap = result.options[str(best)].outcome.net_benefit[1:] - result.options[str(second)].outcome.net_benefit[1:]
        error = gap.std(ddof=1) / gap.size**0.5
        assert ("W016" in codes(result)) == (abs(gap.mean()) < 2 * error)


def test_an_answer_that_rests_on_defaults_says_so() -> None:
    result = told(TRIAGE)
    ownership = result.decision.ownership
    assert ownership.inputs == len(result.inputs)
    assert ownership.yours == sum(item.origin == "yours" for item in result.inputs)
    assert f"{ownership.inputs - ownership.yours} of {ownership.inputs} inputs are not yours" in ownership.sentence
    assert ownership.driven == pytest.approx(sum(driver.share for driver in result.decision.drivers[:5]))
    assert ("W015" in codes(result)) == all(driver.origin != "yours" for driver in ownership.drivers)
