"""Every verb on options that cannot be carried out: the reason is told, and no number is made up."""

import json
import re
from pathlib import Path

import pytest
from command import command

GONE = "{model: Qwen/Qwen3-8B, tuning: {method: lora, labels: 500}, serving: {gpu: L4, provider: azure}, region: jp}"
TEXT = f"""
name: t
start: 2027-02
horizon: 6 months
workload: {{requests_per_month: 50k to 200k, tokens: {{prompt: 600, output: 100}}}}
task: {{kind: classification, minimum_quality: 0.3}}
options:
  gone: {GONE}
  lost: {{extends: gone, retrieval: {{documents: 10k, tokens_per_document: 300}}}}
"""
ONE_LEFT = TEXT.replace("0.3}", "0.3, value_per_success: 0.5}") + "  a: {model: openai/gpt-5-mini}\n"
WHY = "no GPU offer for on-demand in jp"
FEW = ("--draws", "20")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    found = {}
    for name, text in (("one left", ONE_LEFT), ("none left", TEXT)):
        file = tmp_path / f"{name.replace(' ', '-')}.yaml"
        file.write_text(text, encoding="utf-8")
        found[name] = str(file)
    return found


def told(*arguments: str) -> str:
    done = command(*arguments)
    text = " ".join((done.stdout + done.stderr).split())
    assert done.returncode in (0, 3), text
    assert not re.search(r"\b(nan|NaN|inf)\b", text)
    if done.returncode:
        assert len(done.stderr.strip().splitlines()) == 1
    return text


@pytest.mark.parametrize("verb", ["compare", "breakdown", "learn", "retrain", "report"])
@pytest.mark.parametrize("left", ["one left", "none left"])
def test_the_reason_is_told(files: dict[str, str], verb: str, left: str) -> None:
    assert WHY in told(verb, files[left], *FEW)


@pytest.mark.parametrize("verb", ["explain", "simulate", "breakeven", "portfolio", "diff", "check", "sensitivity"])
@pytest.mark.parametrize("left", ["one left", "none left"])
def test_no_number_is_made_up(files: dict[str, str], verb: str, left: str) -> None:
    draws = ("--draws", "250") if verb == "sensitivity" else FEW
    more = {"diff": (files["one left"],), "portfolio": ("--option", "gone")}.get(verb, ())
    assert told(verb, files[left], *more, *draws)


@pytest.mark.parametrize("verb", ["compare", "simulate", "breakdown", "learn", "retrain"])
def test_data_holds_nothing_in_place_of_numbers(files: dict[str, str], verb: str) -> None:
    data = json.loads(command(verb, files["one left"], *FEW, "-f", "json", "-q").stdout)
    assert "gone" in json.dumps(data)


@pytest.mark.parametrize("left", ["one left", "none left"])
def test_the_memo_as_a_page_draws_what_is_left(files: dict[str, str], left: str, tmp_path: Path) -> None:
    page = tmp_path / "memo.html"
    assert command("report", files[left], *FEW, "-o", str(page)).returncode == 0
    assert WHY in page.read_text(encoding="utf-8")


def test_a_difference_tells_what_can_no_longer_be_carried_out(files: dict[str, str], tmp_path: Path) -> None:
    better = tmp_path / "better.yaml"
    better.write_text(ONE_LEFT.replace(", region: jp", "").replace("provider: azure", "minimum_replicas: 1"))
    for before, after in ((files["one left"], str(better)), (str(better), files["one left"])):
        text = told("diff", before, after, *FEW)
        assert "gone" in text
        assert "cannot be carried out" in text
