"""Flip points: every value is put in again, and what cannot turn anything is said."""

from pathlib import Path

import numpy as np
import pytest

from estimator import Scenario, estimate, flip_points, load, loads, with_flips
from estimator.comparing import compare
from estimator.decision import Flip
from estimator.errors import InfeasibleError, InputError, UnknownNameError
from estimator.questions import FlipPoints, nearest_flips
from estimator.questions.contest import NOTHING, TUNING, UNTUNED
from estimator.questions.turning import VOLUME
from estimator.results import Estimate

EXAMPLES = Path(__file__).parents[3] / "examples"
TRIAGE = load(EXAMPLES / "triage.yaml")
TEXT = (EXAMPLES / "triage.yaml").read_text(encoding="utf-8")
TUNED, PLAIN = ("lora", "qlora", "lora_rag"), ("prompt", "rag")
HOSTED = """
name: Two prompts
start: 2027-01
horizon: 24 months
workload: {requests_per_month: 1M, tokens: {prompt: 500, output: 50}}
task: {kind: classification, value_per_success: 0}
options:
  short: {model: openai/gpt-6-luna, prompt: {few_shot_tokens: 0, build_hours: 200}}
  long: {model: openai/gpt-6-luna, prompt: {few_shot_tokens: 9000, build_hours: 20}}
"""


@pytest.fixture(scope="module")
def triage() -> Estimate:
    return estimate(TRIAGE, draws=400)


@pytest.fixture(scope="module")
def found(triage: Estimate) -> FlipPoints:
    return flip_points(triage)


def _with(text: str, *changes: tuple[str, str]) -> Scenario:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return loads(text)


def test_all_inputs_are_accounted_for(triage: Estimate, found: FlipPoints) -> None:
    tuning, choice = found.turns
    assert (tuning.question, tuning.now) == ("tuning", TUNING)
    assert (choice.question, choice.now) == ("choice", "lora_rag")
    for turns in found.turns:
        parts = [{flip.key for flip in turns.flips}, set(turns.never), set(found.without_effect), set(found.not_moved)]
        assert sum(map(len, parts)) == len(set().union(*parts))
        assert set().union(*parts) == {item.key for item in triage.inputs}


def _put_in(flip: Flip, *values: float) -> dict[str, np.ndarray]:
    """Net benefit of every option at some values in an estimate of their own; minus infinity where it is excluded."""
    pinned = {flip.key: np.array([flip.today, *values])}
    there = estimate(TRIAGE, draws=len(values), pinned=pinned, typical=True)
    floor = np.array(values) if flip.key == "task.minimum_quality" else 0.7
    found = {}
    for name, option in there.options.items():
        good = np.broadcast_to(option.outcome.mean_quality, len(values) + 1)[1:] >= floor
        benefit = np.broadcast_to(option.outcome.net_benefit, len(values) + 1)[1:]
        found[name] = np.where(good, benefit, -np.inf)
    return found


def test_both_options_earn_the_same_at_a_crossing(found: FlipPoints) -> None:
    crossings = [flip for flip in found.turns[1].flips if not flip.is_jump]
    assert len(crossings) >= 10
    for flip in crossings[:6]:
        benefit = _put_in(flip, flip.value)
        assert benefit[flip.before][0] == pytest.approx(benefit[flip.beyond][0], abs=0.01)
        assert abs(flip.gap_usd) < 0.01


def test_the_winner_changes_from_one_side_of_a_flip_to_the_other(found: FlipPoints) -> None:
    for flip in found.turns[0].flips:
        nudge = 1e-4 * flip.value if flip.side == "above" else -1e-4 * flip.value
        benefit = _put_in(flip, flip.value - nudge, flip.value + nudge)
        tuned, plain = (np.max([benefit[name] for name in names], axis=0) for names in (TUNED, PLAIN))
        for place, name in enumerate((flip.before, flip.beyond)):
            best = NOTHING if np.isneginf([tuned[place], plain[place]]).all() else TUNING
            assert (UNTUNED if plain[place] > tuned[place] else best) == name, flip


def test_distances_and_order(triage: Estimate, found: FlipPoints) -> None:
    inputs = {item.key: item for item in triage.inputs}
    for turns in found.turns:
        for flip in turns.flips:
            item = inputs[flip.key]
            assert flip.today == item.central
            assert flip.absolute == flip.value - flip.today
            assert (flip.side == "above") == (flip.absolute >= 0)
            if flip.inside_range:
                low, high = np.quantile(np.asarray(item.value)[1:], (0.05, 0.95))
                assert low <= flip.value <= high
        order = [(not flip.inside_range, abs(flip.relative)) for flip in turns.flips]
        assert order == sorted(order)


def test_break_even_volume_of_two_prompts_is_fixed_cost_over_cost_per_request() -> None:
    scenario = loads(HOSTED)
    [flip] = flip_points(estimate(scenario, draws=2), keys=[VOLUME], option="long", against="short").flips
    cost = {
        name: option.outcome.cost
        for name, option in estimate(
            scenario, draws=2, pinned={VOLUME: np.array([1e6, 1e6, 2e6])}, typical=True
        ).options.items()
    }
    per_request = {name: (item[2] - item[1]) / 1e6 for name, item in cost.items()}
    fixed = {name: item[1] - 1e6 * per_request[name] for name, item in cost.items()}
    volume = (fixed["short"] - fixed["long"]) / (per_request["long"] - per_request["short"])
    assert flip.value == pytest.approx(volume, rel=1e-6)
    assert {flip.before, flip.beyond} == {"long", "short"}
    assert abs(flip.gap_usd) < 1e-3


def test_the_nearest_flips_of_the_verdict_are_among_all(triage: Estimate, found: FlipPoints) -> None:
    near = nearest_flips(triage)
    assert near.now == TUNING
    every = {(flip.key, flip.side): flip.value for flip in found.turns[0].flips}
    assert near.flips
    for flip in near.flips:
        assert flip.value == pytest.approx(every[flip.key, flip.side], rel=1e-4)
    assert VOLUME in {flip.key for flip in near.flips} | set(near.never)


def test_flips_are_added_and_nothing_else_changes(triage: Estimate) -> None:
    plain = compare([TRIAGE], draws=400)
    told = with_flips(plain)
    before, after = (item.to_dict()["scenarios"][0] for item in (plain, told))
    assert before.pop("flips") is None
    assert after.pop("flips")["now"] == TUNING
    assert before == after


def test_an_option_without_rivals_turns_only_into_nothing() -> None:
    text = TEXT[: TEXT.index("  rag:")]
    found = flip_points(estimate(loads(text), draws=50))
    [turns] = found.turns
    assert (turns.question, turns.now) == ("choice", "prompt")
    assert {flip.beyond for flip in turns.flips} == {NOTHING}
    assert "task.minimum_quality" in {flip.key for flip in turns.flips}


def test_equal_options_never_change_places() -> None:
    text = TEXT[: TEXT.index("  rag:")] + "  twin: {extends: prompt}\n"
    base = estimate(loads(text), draws=50)
    shared = [VOLUME, "task.minimum_quality", "task.value_per_success", "prompt.maintain_hours"]
    flips = flip_points(base, keys=shared).flips
    assert {(flip.key, flip.before, flip.beyond) for flip in flips} == {("task.minimum_quality", "prompt", NOTHING)}
    pair = flip_points(base, keys=shared, option="prompt", against="twin")
    assert pair.flips == ()


def test_nothing_turns_where_no_option_can_be_carried_out() -> None:
    text = TEXT[: TEXT.index("  prompt:  ")] + TEXT[TEXT.index("  lora:\n") : TEXT.index("  qlora:")]
    base = estimate(_with(text, ("gpu: L4, precision: fp8", "gpu: T4, gpus: 1, precision: bf16")), draws=50)
    [turns] = flip_points(base, keys=["requests_per_month", "value_per_success"]).turns
    assert (turns.now, turns.flips) == (NOTHING, ())
    assert nearest_flips(base).now == NOTHING
    with pytest.raises(InfeasibleError, match=r"option lora cannot be carried out.*GiB"):
        flip_points(base, option="lora")


def test_an_option_that_breaks_a_constraint_wins_nowhere() -> None:
    base = estimate(_with(TEXT, ("options:\n", "constraints: {must_cite: true}\noptions:\n")), draws=50)
    assert not base.options["lora"].standing.eligible
    names = {name for flip in flip_points(base).turns[1].flips for name in (flip.before, flip.beyond)}
    assert names <= {"rag", "lora_rag", NOTHING}
    assert flip_points(base, keys=[VOLUME]).turns[1].now == "lora_rag"


def test_a_staged_plan_takes_part_in_the_choice_and_no_side_in_tuning() -> None:
    plan = "  later:\n    stages:\n      - {use: prompt}\n      - {use: lora, from: month 6}\n"
    base = estimate(loads(TEXT + plan), draws=50)
    tuning, choice = flip_points(base, keys=[VOLUME, "task.value_per_success"]).turns
    assert tuning.now == TUNING
    assert "later" in base.options
    assert {tuning.now, *(flip.beyond for flip in tuning.flips)} <= {TUNING, UNTUNED, NOTHING}
    pair = flip_points(base, keys=[VOLUME], option="later", against="lora").turns[0]
    assert pair.now in {"later", "lora"}
    assert choice.now in base.options


def test_names_of_inputs_and_options(triage: Estimate) -> None:
    short = flip_points(triage, keys=["requests_per_month"])
    assert list(short.spans) == [VOLUME]
    with pytest.raises(UnknownNameError, match="did you mean 'requests_per_month'"):
        flip_points(triage, keys=["request_per_month"])
    with pytest.raises(InputError, match=r"labels: 3 inputs end so|labels: 2 inputs end so"):
        flip_points(triage, keys=["tuning.labels"])
    with pytest.raises(UnknownNameError, match="unknown option 'lorra'; did you mean 'lora'"):
        flip_points(triage, option="lorra")
    with pytest.raises(InputError, match="held against itself"):
        flip_points(triage, option="lora", against="lora")
    with pytest.raises(InputError, match="without an option"):
        flip_points(triage, against="lora")
