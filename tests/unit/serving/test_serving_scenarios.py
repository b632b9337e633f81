"""What the serving keys of a scenario do to the ledger."""

from datetime import date
from pathlib import Path

import pytest

from estimator import estimate, load
from estimator.catalog import load_catalog
from estimator.errors import EstimatorError
from estimator.results import Estimate

BASE = """
name: t
start: 2027-02
horizon: 24 months
workload: {requests_per_month: 200000, tokens: {prompt: 600, output: 150}}
task: {kind: classification, value_per_success: 0.5}
options:
  a: {model: openai/gpt-5-mini}
  b: {model: OPTION}
"""


def run(tmp_path: Path, option: str) -> Estimate:
    file = tmp_path / "t.yaml"
    file.write_text(BASE.replace("{model: OPTION}", option), encoding="utf-8")
    return estimate(load(file), draws=4, seed=0, on=date(2026, 11, 25))


def lines(found: Estimate, option: str = "b") -> dict[str, float]:
    ledger = found.options[option].ledger
    return {line.key: float(line.present_value(ledger.factors)[0]) for line in ledger.lines}


def test_batch_and_region_scale_the_tokens(tmp_path: Path) -> None:
    serving = "{batch_share: 40%, batch_discount: 50%, region_surcharge: 10%}"
    found = run(tmp_path, f"{{model: openai/gpt-5-mini, serving: {serving}}}")
    plain, changed = lines(found, "a"), lines(found)
    assert changed["inference.output"] == pytest.approx(0.88 * plain["inference.output"])


def test_switching_saves_tokens_and_pays_for_moves(tmp_path: Path) -> None:
    found = run(tmp_path, "{model: openai/gpt-5-mini, serving: {price_path: switching, switch_months: 12}}")
    changed = lines(found)
    assert changed["inference.repricing"] < 0
    assert changed["inference.switching"] > 0
    assert "inference.repricing" not in lines(found, "a")


def test_units_that_scale_to_zero_cost_less_than_an_endpoint_that_idles(tmp_path: Path) -> None:
    tuned = "tuning: {method: managed, labels: 100, usd_per_mtok: 1}"
    units = f"{{model: Qwen/Qwen3-8B, {tuned}, serving: {{mode: managed, import_units: 2}}}}"
    cost = lines(run(tmp_path, units))["inference.hosting"]
    always = f"{{model: Qwen/Qwen3-8B, {tuned}, serving: {{mode: managed, import_units: 2}}}}"
    busy = BASE.replace("200000", "20000000").replace("{model: OPTION}", always)
    file = tmp_path / "busy.yaml"
    file.write_text(busy, encoding="utf-8")
    full = lines(estimate(load(file), draws=4, seed=0, on=date(2026, 11, 25)))["inference.hosting"]
    assert 0 < cost < full


def test_units_that_scale_to_zero_follow_the_profile(tmp_path: Path) -> None:
    few = BASE.replace("200000", "3000")
    paid = {}
    for profile in ("flat", "office-week"):
        serving = f"{{mode: managed, import_units: 2, profile: {profile}}}"
        tuned = (
            f"{{model: Qwen/Qwen3-8B, tuning: {{method: managed, labels: 100, usd_per_mtok: 1}}, serving: {serving}}}"
        )
        file = tmp_path / f"{profile}.yaml"
        file.write_text(few.replace("{model: OPTION}", tuned), encoding="utf-8")
        paid[profile] = lines(estimate(load(file), draws=4, seed=0, on=date(2026, 11, 25)))["inference.hosting"]
    assert paid["office-week"] < paid["flat"]  # the same requests crowd into fewer hours


def test_autoscaled_replicas_pay_for_cold_starts(tmp_path: Path) -> None:
    own = "{model: Qwen/Qwen3-8B, serving: {mode: self_hosted, gpu: L4, autoscale: true, profile: office-week}}"
    busy = BASE.replace("200000", "200000000").replace("{model: OPTION}", own.replace("L4", "L40S"))
    file = tmp_path / "busy.yaml"
    file.write_text(busy, encoding="utf-8")
    found = lines(estimate(load(file), draws=4, seed=0, on=date(2026, 11, 25)))
    assert 0 < found["inference.cold_starts"] < found["inference.gpu"]


def test_the_engine_changes_the_rate(tmp_path: Path) -> None:
    rates = []
    for engine in ("transformers", "vllm"):
        own = f"{{model: Qwen/Qwen3-8B, serving: {{mode: self_hosted, gpu: H100, engine: {engine}}}}}"
        parts = run(tmp_path, own).options["b"].parts
        assert parts is not None
        rates.append(float(parts.money.answer.requests_per_s.flat[0]))  # type: ignore[union-attr]
    assert rates[0] < rates[1] / 2


def test_an_unknown_engine_is_told(tmp_path: Path) -> None:
    with pytest.raises(EstimatorError, match="engine: 'vlm'"):
        run(tmp_path, "{model: Qwen/Qwen3-8B, serving: {mode: self_hosted, engine: vlm}}")


def test_switching_reprices_retries_like_first_answers(tmp_path: Path) -> None:
    serving = "{price_path: switching, switch_months: 6}"
    found = run(tmp_path, f"{{model: openai/gpt-5-mini, serving: {serving}}}")
    kinds = ("instructions", "user_text", "few_shot", "caching", "output", "reasoning")
    priced = {line.key: line.monthly[0, -1] for line in found.options["b"].ledger.lines}
    listed = sum(priced.get(f"inference.{kind}", 0.0) for kind in (*kinds, "retries"))
    trend = load_catalog().row("trend/token_price_switching", date(2026, 11, 25)).mode
    assert priced["inference.retries"] > 0
    assert listed + priced["inference.repricing"] == pytest.approx(listed * trend ** (-18 / 12))
