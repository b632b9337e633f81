"""Staged plans on a whole scenario: what they equal, what they leave alone, what they advise."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from estimator import Estimate, estimate, loads
from estimator.decision import StagedPlan
from estimator.report import FORMATS
from estimator.results import Comparison

TRIAGE = (Path(__file__).resolve().parents[3] / "examples" / "triage.yaml").read_text(encoding="utf-8")
DRAWS = 300


def _plan(*stages: str, more: str = "", name: str = "later") -> str:
    steps = "".join(f"      - {stage}\n" for stage in stages)
    return f"  {name}:\n    stages:\n{steps}{more}"


def _run(*plans: str) -> Estimate:
    return estimate(loads(TRIAGE + "".join(plans)), draws=DRAWS)


NEVER = _plan(
    "use: prompt", 'use: lora\n        from: month 6\n        if: {requests_per_month: "> 900M"}', name="never"
)
ALWAYS = _plan("use: prompt", "use: lora\n        from: 1", name="always")
SOME = _plan("use: prompt", 'use: lora\n        from: month 6\n        if: {requests_per_month: "> 150k"}', name="some")
KEPT = _plan("use: rag", "use: lora_rag\n        from: 12", more="    switching_usd: 500\n", name="kept")


@pytest.fixture(scope="module")
def result() -> Estimate:
    return _run(NEVER, ALWAYS, SOME, KEPT)


def test_a_plan_moves_no_other_option(result: Estimate) -> None:
    alone = _run()
    for name, option in alone.options.items():
        there = result.options[name]
        np.testing.assert_array_equal(option.outcome.net_benefit, there.outcome.net_benefit)
        np.testing.assert_array_equal(option.outcome.quality, there.outcome.quality)
        assert option.lines_data() == there.lines_data()


def test_a_condition_that_never_holds_leaves_the_first_stage(result: Estimate) -> None:
    never, prompt = result.options["never"].outcome, result.options["prompt"].outcome
    np.testing.assert_array_equal(never.net_benefit, prompt.net_benefit)
    np.testing.assert_array_equal(never.cost, prompt.cost)
    np.testing.assert_array_equal(never.quality, prompt.quality)
    assert [line.key for line in never.costs.lines] == [line.key for line in prompt.costs.lines]


def test_moving_in_the_first_month_comes_close_to_the_second_stage(result: Estimate) -> None:
    always, lora, prompt = (result.options[name].outcome for name in ("always", "lora", "prompt"))
    gap = np.abs(always.net_benefit - lora.net_benefit)
    assert np.median(gap) < 0.1 * np.median(np.abs(lora.net_benefit - prompt.net_benefit))
    np.testing.assert_allclose(always.quality[:, 1:], lora.quality[:, :-1], atol=0.03)


def test_each_future_is_one_branch_or_the_other(result: Estimate) -> None:
    some, prompt = result.options["some"].outcome, result.options["prompt"].outcome
    moves = np.broadcast_to(some.requests[:, 5] > 150_000, (DRAWS + 1,))
    assert 0.05 < moves.mean() < 0.95
    np.testing.assert_array_equal(some.quality[~moves], prompt.quality[~moves])
    np.testing.assert_array_equal(some.quality[moves, :6], prompt.quality[moves, :6])
    assert (some.quality[moves, 6:] > prompt.quality[moves, 6:]).mean() > 0.9
    np.testing.assert_allclose(some.net_benefit[~moves], prompt.net_benefit[~moves], rtol=1e-9)


def test_one_off_costs_fall_in_the_decision_month_at_its_discount(result: Estimate) -> None:
    some, lora = result.options["some"].outcome, result.options["lora"].outcome
    moves = np.broadcast_to(some.requests[:, 5] > 150_000, (DRAWS + 1,))
    new = next(line for line in some.costs.lines if line.key == "build.tuning@lora")
    old = next(line for line in lora.costs.lines if line.key == "build.tuning")
    assert set(np.flatnonzero(new.times.any(axis=0))) == {6}
    paid = np.broadcast_to(new.present_value(some.costs.factors), (DRAWS + 1,))
    expected = np.broadcast_to(old.total * some.costs.factors[:, 6], (DRAWS + 1,))
    np.testing.assert_allclose(paid, np.where(moves, expected, 0.0))


def test_the_later_stage_answers_the_volume_of_the_calendar(result: Estimate) -> None:
    always = result.options["always"].outcome
    benefits = {line.key: line for line in always.benefits.lines}
    answered = benefits["value.correct"].times + benefits["value.correct@lora"].times
    answered = answered + benefits["value.errors"].times + benefits["value.errors@lora"].times
    np.testing.assert_allclose(answered[:, 1:], always.requests)


def test_what_two_stages_share_is_paid_once(result: Estimate) -> None:
    lines = {line.key: line for line in result.options["kept"].ledger.lines}
    for key in ("build.retrieval", "evaluation.retrieval", "retrieval.corpus", "build.prompt"):
        if key in lines and f"{key}@lora_rag" in lines:
            same = key != "build.prompt"
            assert (float(np.max(lines[f"{key}@lora_rag"].total)) == 0.0) is same, key
    assert float(np.max(lines["build.retrieval"].total)) > 0
    assert float(np.max(lines["build.tuning@lora_rag"].total)) > 0
    assert float(np.min(lines["training.kept_run@lora_rag"].total)) > 0
    assert float(np.max(lines["migration.stage@lora_rag"].total)) == 500.0


def test_lines_sum_to_the_total_in_every_future_and_month(result: Estimate) -> None:
    for name in ("never", "always", "some", "kept"):
        ledger = result.options[name].ledger
        summed = sum(np.broadcast_to(line.monthly, (DRAWS + 1, ledger.months + 1)) for line in ledger.lines)
        np.testing.assert_allclose(ledger.monthly, summed, atol=1e-6)
        np.testing.assert_allclose(ledger.total, np.asarray(summed).sum(axis=1), rtol=1e-9)


def test_the_value_of_waiting_is_against_the_best_stage_committed_to_today(result: Estimate) -> None:
    plan = result.options["some"].plan
    assert plan is not None
    means = {name: result.options[name].standing.net_benefit.mean for name in ("prompt", "lora", "some")}
    assert plan.value_of_waiting_usd == pytest.approx(means["some"] - max(means["prompt"], means["lora"]))
    assert plan.best_alone == max(("prompt", "lora"), key=lambda name: means[name])


def test_no_other_threshold_does_better_than_the_one_advised() -> None:
    few = TRIAGE.replace("60k to 240k", "500 to 60k")

    def plan(condition: str) -> StagedPlan:
        found = estimate(loads(few + SOME.replace("> 150k", condition)), draws=DRAWS).options["some"].plan
        assert found is not None
        return found

    written = plan("> 15k")
    advice = written.steps[0].advice
    assert advice.threshold is not None
    assert 0 < advice.moves < 1
    best = plan(f"> {advice.threshold!r}")
    assert best.net_benefit_usd == pytest.approx(advice.net_benefit_usd, rel=1e-9)
    assert best.steps[0].moves == pytest.approx(advice.moves)
    for factor in (0.5, 0.8, 1.25, 2.0):
        assert plan(f"> {advice.threshold * factor!r}").net_benefit_usd <= best.net_benefit_usd + 1e-6
    assert best.net_benefit_usd >= written.net_benefit_usd
    assert best.value_of_waiting_usd > 0


def test_a_plan_is_part_of_the_odds_and_named_in_every_format(result: Estimate) -> None:
    odds = [option.standing.probability_best for option in result.options.values()]
    assert sum(odds) == pytest.approx(1.0)
    shown = Comparison((result,))
    for name in ("table", "markdown", "csv"):
        assert "some" in FORMATS[name](shown)
    assert "starts with prompt; after month 6 moves to lora" in " ".join(FORMATS["table"](shown).split())
    data: dict[str, Any] = json.loads(FORMATS["json"](shown))["scenarios"][0]["options"]
    assert data["some"]["kind"] == "staged"
    assert data["some"]["staged"]["steps"][0]["month"] == 6
    assert "staged" not in data["lora"]


def test_a_stage_that_cannot_be_carried_out_says_so() -> None:
    text = TRIAGE + "  huge:\n    extends: lora\n    model: meta-llama/Llama-3.3-70B-Instruct\n    serving: {gpus: 1}\n"
    plan = _plan("use: prompt", "use: huge\n        from: 6", name="plan")
    result = estimate(loads(text + plan), draws=50)
    assert result.options["huge"].outcome.infeasible
    assert result.options["plan"].standing.why_not == f"huge: {result.options['huge'].standing.why_not}"
    assert result.options["plan"].plan is None
    json.loads(FORMATS["json"](Comparison((result,))))


def test_three_stages_and_a_way_back() -> None:
    plan = _plan(
        "use: prompt",
        'use: lora\n        from: 6\n        if: {requests_per_month: "> 100k", quality: "< 0.9"}',
        "use: prompt\n        from: 20",
        name="back",
    )
    result = _run(plan)
    back, prompt = result.options["back"], result.options["prompt"]
    assert back.plan is not None
    assert [step.use for step in back.plan.steps] == ["lora", "prompt"]
    assert back.plan.steps[1].moves == 1.0
    np.testing.assert_allclose(back.outcome.quality[:, 20], prompt.outcome.quality[:, 0], atol=0.02)
    keys = [line.key for line in back.ledger.lines]
    assert len(keys) == len(set(keys))


def test_a_plan_takes_no_side_in_whether_tuning_is_worth_it_today(result: Estimate) -> None:
    with_plans, without = result.decision.verdict, _run().decision.verdict
    assert with_plans.answer == without.answer
    assert with_plans.probability_tuning_pays == without.probability_tuning_pays


def test_a_chosen_plan_is_said_to_tune_later() -> None:
    few = TRIAGE.replace("60k to 240k", "500 to 60k").split("  rag:")[0]
    lora = "  lora:" + TRIAGE.split("  lora:")[1].split("  qlora:")[0]
    text = few + lora + SOME.replace("> 150k", "> 9k")
    verdict = estimate(loads(text), draws=DRAWS).decision.verdict
    assert verdict.best == "some"
    assert "some starts untuned and tunes later" in verdict.sentence
    assert any("narrow" in reason for reason in verdict.reasons)
