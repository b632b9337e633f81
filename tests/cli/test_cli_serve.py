"""`estimator serve` as a user runs it, and each bad input as one line."""

import json
from pathlib import Path

import pytest
from command import command as estimator

from estimator.cli.main import run

OWN = ("serve", "Qwen/Qwen3-8B", "--gpu", "H100-80GB", "--rps", "5", "--input", "1500", "--output", "200")
HOSTED = ("serve", "openai/gpt-4o-mini", "--rps", "5", "--input", "1500", "--output", "200")
DAY = ("--on", "2026-11-25")


def test_own_replicas_against_an_api() -> None:
    done = estimator(*OWN, *DAY, "--against", "openai/gpt-4o-mini", "-f", "json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["usd_per_month"] == pytest.approx(sum(line["usd_per_month"] for line in data["lines"]))
    assert [item["load"] for item in data["loads"]] == ["median hour", "p95 hour", "peak hour"]
    assert all(item["utilisation"] <= 0.7 for item in data["loads"])
    api = data["against_api"]
    asked = data["requests_per_month"]
    assert api["usd_per_month"] == pytest.approx(asked * (1500 * 0.15 + 200 * 0.60) / 1e6)
    latencies = [item["first_token_s"] for item in data["curve"]]
    assert latencies == sorted(latencies)


def test_a_hosted_model_by_hand() -> None:
    done = estimator(
        *HOSTED, *DAY, "--cached-prefix", "1100", "--hit-rate", "0.5", "--batch-share", "0.4", "-f", "json"
    )
    data = json.loads(done.stdout)
    each = (400 * 0.15 + 550 * 0.075 + 550 * 0.15 + 200 * 0.60) / 1e6
    assert data["usd_per_request"] == pytest.approx(each * (1 - 0.4 * 0.5))
    assert {path["name"] for path in data["paths"]} == {"pinned", "switching"}
    assert data["retires_on"] == "2027-01-14"


def test_a_table_and_a_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    assert estimator(*OWN, *DAY, "--autoscale", "--profile", "office-week", "-o", str(file)).returncode == 0
    assert "GPUs while they start" in file.read_text(encoding="utf-8")


BAD = [
    (("--gpu", "H1000"), "unknown GPU 'H1000'"),
    (("--precision", "fp7"), "precision: 'fp7' is not one of"),
    (("--kv-precision", "fp7"), "--kv-precision: 'fp7' is not one of"),
    (("--engine", "vlm"), "engine: 'vlm' is not one of"),
    (("--profile", "night"), "profile: 'night' is not one of"),
    (("--input", "0"), "input: 0 is not above 0"),
    (("--output", "-1"), "output: -1 is not above 0"),
    (("--rps", "0"), "rps: 0 is not above 0"),
    (("--input", "nan"), "input: nan is not above 0"),
    (("--input", "1000000"), "more than the context window"),
    (("--gpus", "0"), "gpus: 0 is not from 1 to 64"),
    (("--adapters", "-1"), "adapters: -1 is below 0"),
    (("--gpu", "T4", "--gpus", "1"), "do not fit|leave no room|does not fit"),
    (("--against", "openai/gpt-99"), "gpt-99"),
    (("--rps", "1e300"), "rps: 1e+300 is above 1e+06"),
    (("--purchase-usd", "inf"), "purchase-usd: inf is not above 0 and at most"),
    (("--usd-per-gpu-hour", "0"), "usd-per-gpu-hour: 0 is not above 0"),
]


@pytest.mark.parametrize(("more", "message"), BAD, ids=[" ".join(more) for more, _ in BAD])
def test_bad_input_is_one_line(more: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*OWN, *DAY, *more]) == 3
    shown = capsys.readouterr().err.strip()
    assert len(shown.splitlines()) == 1
    assert any(part in shown for part in message.split("|")), shown


@pytest.mark.parametrize(
    "more", [("--hit-rate", "2"), ("--batch-share", "-1"), ("--cached-prefix", "9999"), ("--months", "0")]
)
def test_bad_hosted_input(more: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*HOSTED, *DAY, *more]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*OWN, "--reasoning", "500"), "--reasoning: only a hosted model is billed so"),
        ((*OWN, "--months", "12"), "--months: only a hosted model is billed so"),
        ((*HOSTED, "--gpu", "H100-80GB"), "is only hosted; drop --gpu"),
        ((*HOSTED, "--against", "openai/gpt-5-mini"), "--against: only own replicas have that"),
        ((*HOSTED, "--hit-rate", "0.5"), "--hit-rate: nothing is cached without --cached-prefix; drop it"),
        ((*HOSTED, "--autoscale", "--gpus", "2"), "--gpus, --autoscale: only own replicas have that"),
    ],
)
def test_flags_of_the_other_kind_are_refused(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, *DAY]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("model", "prefix", "rate", "why"),
    [
        ("openai/gpt-5-mini", "100", "0.9", "no prefix below 1,024 tokens"),
        ("anthropic/claude-sonnet-4-5", "1200", "0.1", "at a hit rate of 0.1 writing to the cache costs more"),
        ("openai/gpt-5-mini", "1200", "0.9", ""),
    ],
)
def test_a_prefix_that_is_not_cached_is_noted(model: str, prefix: str, rate: str, why: str) -> None:
    asked = ("serve", model, *HOSTED[2:], *DAY, "--cached-prefix", prefix, "--hit-rate", rate)
    data = estimator(*asked, "-f", "json")
    assert (why in data.stderr) if why else data.stderr == ""
    assert any(why in text for text in json.loads(data.stdout)["warnings"]) is bool(why)
    assert ("billed as fresh input" in estimator(*asked).stdout) is bool(why)


def test_a_release_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*OWN, *DAY, "--engine", "vllm@x.y"]) == 3
    assert "names no release behind @" in capsys.readouterr().err


def test_too_many_adapters_are_named_as_the_cause(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*OWN, *DAY, "--adapters", "1000"]) == 3
    assert "GiB of adapters leave no room" in capsys.readouterr().err
