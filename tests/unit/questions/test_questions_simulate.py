"""The futures of a scenario, seen whole: what is drawn from them agrees with the estimate."""

import sys
from pathlib import Path

import numpy as np
import pytest

from estimator import estimate, load
from estimator.errors import InputError
from estimator.questions.simulate import FIRST, cost_with_damage, discounted_successes, simulate, simulation_of
from estimator.results import Estimate
from estimator.scenario import Scenario, loads
from estimator.units import Value

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))
TRIAGE = next(path for path in EXAMPLES if path.stem == "triage")
PLAN = """  later:
    stages:
      - use: prompt
      - {use: lora, from: month 6, if: {requests_per_month: "> 100k"}}
"""
HEAD = """
name: Small
start: 2027-01
horizon: 12 months
workload: {requests_per_month: 10k to 40k, tokens: {prompt: 700, output: 40}}
task: {kind: classification, value_per_success: 0.5, cost_per_error: 0.2, escalation_share: 10%, escalation_usd: 1}
"""
ONE = f"{HEAD}options: {{prompt: {{model: openai/gpt-6-luna}}}}\n"
TWO = f"""{HEAD}options:
  prompt: {{model: openai/gpt-6-luna}}
  rag: {{model: openai/gpt-6-luna, retrieval: {{documents: 40k, tokens_per_document: 300}}}}
"""
TOO_BIG = """  lora:
    model: Qwen/Qwen3-32B
    tuning: {method: full, labels: 1000, gpu: T4}
"""


def value_of(found: Estimate, key: str) -> Value:
    return next((item.value for item in found.inputs if item.key == key), 0.0)


@pytest.mark.parametrize(
    "text", [path.read_text(encoding="utf-8") for path in EXAMPLES] + [TRIAGE.read_text(encoding="utf-8") + PLAN]
)
def test_answers_times_their_worth_minus_costs_is_the_net_benefit(text: str) -> None:
    found = estimate(loads(text), draws=60)
    worth, caught = value_of(found, "task.value_per_success"), value_of(found, "task.escalation_share")
    for option in found.options.values():
        outcome = option.outcome
        if not outcome.infeasible:
            by_worth = worth * discounted_successes(outcome, caught) - cost_with_damage(outcome)
            scale = np.abs(outcome.net_benefit).max()
            np.testing.assert_allclose(by_worth, outcome.net_benefit, rtol=1e-9, atol=1e-9 * scale)


def test_odds_and_information_are_those_of_the_estimate() -> None:
    found = simulate(load(TRIAGE), draws=400)
    decision = found.estimate.decision
    assert sum(item.probability_best for item in found.options.values()) == pytest.approx(1.0)
    assert found.perfect_information is not None
    assert found.perfect_information.usd == pytest.approx(decision.perfect_information_usd)
    for name, item in found.options.items():
        assert item.regret is not None
        assert item.regret.mean == pytest.approx(decision.standings[name].regret_usd)
        assert item.net_benefit_by_month[2, -1] == pytest.approx(decision.standings[name].net_benefit.p50)
        assert np.all(np.diff(item.cost_by_month, axis=0) >= 0)


def test_the_curve_at_the_worth_of_the_scenario_is_the_verdict() -> None:
    found = simulate(loads(TWO), draws=400, worth_usd=np.array([0.5]))
    assert found.acceptability is not None
    assert found.eligible[int(found.acceptability.chosen[0])] == found.estimate.decision.verdict.best
    for name, odds in zip(found.eligible, found.acceptability.probability_best[:, 0], strict=True):
        assert odds == pytest.approx(found.options[name].probability_best)


def test_the_choice_turns_at_the_ratios() -> None:
    path = next(path for path in EXAMPLES if path.stem == "contract-review")
    found = simulate(load(path), draws=400)
    assert found.turning_points
    for usd, name in found.turning_points:
        around = simulation_of(found.estimate, worth_usd=np.array([0.99 * usd, 1.01 * usd])).acceptability
        assert around is not None
        assert found.eligible[int(around.chosen[0])] != name
        assert found.eligible[int(around.chosen[1])] == name


def test_the_curve_reaches_beyond_today_and_the_turning_points() -> None:
    found = simulate(load(TRIAGE), draws=200)
    assert found.acceptability is not None
    grid = found.acceptability.worth_usd
    assert grid[0] < found.worth_today.p5
    assert grid[-1] > found.worth_today.p95
    assert np.all(np.diff(grid) > 0)


def test_draws_are_raised_until_the_aim_is_reached() -> None:
    found = simulate(load(TRIAGE), precision=0.02)
    assert found.reached
    assert found.precision.probability_best_se <= 0.02
    assert found.estimate.draws == found.precision.draws == 2 * FIRST


def test_the_same_seed_gives_the_same_simulation() -> None:
    one, other = (simulate(load(TRIAGE), draws=100, seed=3) for _ in range(2))
    assert one.options["lora"].regrets.tolist() == other.options["lora"].regrets.tolist()


def test_one_future_is_enough_to_be_shown() -> None:
    found = simulate(loads(TWO), draws=1)
    assert sorted(item.probability_best for item in found.options.values()) == [0.0, 1.0]
    assert found.perfect_information is not None
    assert found.perfect_information.usd == 0.0


def test_one_option_has_no_regret_and_no_plane() -> None:
    found = simulate(loads(ONE), draws=100)
    assert found.options["prompt"].probability_best == 1.0
    assert found.perfect_information is not None
    assert found.perfect_information.usd == 0.0
    assert found.plane is not None
    assert not found.plane.means


def test_without_a_worth_the_costs_alone_are_shown() -> None:
    found = simulate(_costs_only(), draws=100)
    assert found.worth_today.p95 == 0.0
    for item in found.options.values():
        assert item.net_benefit.mean == pytest.approx(-item.cost.mean)
    assert found.acceptability is not None
    assert found.acceptability.worth_usd[0] > 0


def test_an_option_that_cannot_be_carried_out_is_left_out() -> None:
    found = simulate(loads(TWO + TOO_BIG), draws=100)
    assert found.estimate.options["lora"].outcome.infeasible
    assert set(found.options) == {"prompt", "rag"}


def test_where_nothing_qualifies_there_is_no_curve() -> None:
    found = simulate(loads(TWO.replace("escalation_usd: 1", "escalation_usd: 1, minimum_quality: 0.999")), draws=100)
    assert found.eligible == ()
    assert found.acceptability is None
    assert found.perfect_information is None
    assert all(item.regret is None and item.why_not for item in found.options.values())


@pytest.mark.parametrize("worth", [np.array([]), np.array([-1.0]), np.array([np.nan])])
def test_impossible_worths_are_refused(worth: np.ndarray) -> None:
    with pytest.raises(InputError, match="worth_usd: give amounts of 0 or more"):
        simulate(loads(ONE), draws=50, worth_usd=worth)


def _costs_only() -> Scenario:
    worth = "value_per_success: 0.5, cost_per_error: 0.2, escalation_share: 10%, escalation_usd: 1"
    return loads(TWO.replace(f", {worth}", ""))


def test_an_aim_that_needs_more_futures_than_one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["estimator.questions.simulate"]
    monkeypatch.setattr(module, "FIRST", 10_001)
    monkeypatch.setattr(module, "MOST", 10_001)
    aimed = simulate(loads(TWO), precision=1e-6, draws=10_001)
    plain = simulate(loads(TWO), draws=10_001)
    assert not aimed.reached
    assert aimed.acceptability is not None
    assert plain.acceptability is not None
    np.testing.assert_array_equal(aimed.acceptability.probability_best, plain.acceptability.probability_best)
