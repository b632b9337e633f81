"""A plan of three stages carried out by hand: who pays what in which month and future, and what waiting is worth."""

from dataclasses import replace

import numpy as np
import pytest

from estimator.decision import Leg, Outcome, best_threshold, plan_of, play, played
from estimator.inputs import Kind
from estimator.tco import Ledger, Line, every_month, upfront

MONTHS, SIZE, RATE = 4, 3, 0.21
REQUESTS = np.array([[10.0, 20.0, 30.0, 40.0], [10.0, 10.0, 10.0, 10.0], [50.0, 50.0, 50.0, 50.0]])


def option(name: str, kind: Kind, *, start: int, quality: float, operations: float, once: dict[str, float]) -> Outcome:
    """Lines of `once` cost 2 USD a piece before launch; a right answer is worth 1 USD."""
    months, requests = MONTHS - start, REQUESTS[:, start:]
    costs = tuple(Line(key, key, "build", "hour", 2.0, upfront(months=months), count) for key, count in once.items())
    care = Line(
        "operations.prompt", "care", "operations", "hour", operations, every_month(per_month=1.0, months=months)
    )
    value = Line("value.correct", "value", "quality", "correct answer", 1.0, every_month(per_month=requests * quality))
    rows = np.full((1, months), quality)
    ledgers = Ledger((*costs, care), months, RATE), Ledger((value,), months, RATE)
    return Outcome(name, kind, *ledgers, requests, rows, SIZE)


def legs() -> list[Leg]:
    prompt = {"build.prompt": 50.0, "evaluation.set": 20.0}
    tuned = {"build.prompt": 50.0, "build.tuning": 100.0, "evaluation.set": 30.0}
    both = {"build.tuning": 100.0, "evaluation.set": 40.0}
    first = option("prompt", "prompt", start=0, quality=0.5, operations=5.0, once=prompt)
    second = option("lora", "tuning", start=2, quality=0.8, operations=7.0, once=tuned)
    third = option("both", "hybrid", start=3, quality=0.9, operations=9.0, once=both)
    shared = frozenset({"build.prompt", "evaluation.set"})
    return [
        Leg(option=first, conditions={}),
        Leg(
            option=second,
            start=2,
            conditions={"requests_per_month": (">", 15.0), "quality": ("<", 0.6)},
            switching_usd=11.0,
            kept=(shared,),
        ),
        Leg(
            option=third,
            start=3,
            conditions={},
            switching_usd=13.0,
            kept=(shared, frozenset({"build.tuning", "evaluation.set"})),
        ),
    ]


def test_each_month_is_paid_by_the_option_that_runs() -> None:
    done = play("plan", legs())
    moves = [140.0, 5.0, 5.0 + 200.0 + 20.0 + 11.0, 7.0 + 20.0 + 13.0, 9.0]  # further items of the set only
    stays = [140.0, 5.0, 5.0, 5.0 + 200.0 + 40.0 + 13.0, 9.0]  # nothing was tuned before, nothing is kept of it
    np.testing.assert_allclose(done.outcome.costs.monthly, [moves, stays, moves])
    quality = np.array([[0.5, 0.5, 0.8, 0.9], [0.5, 0.5, 0.5, 0.9], [0.5, 0.5, 0.8, 0.9]])
    np.testing.assert_allclose(done.outcome.quality, quality)
    np.testing.assert_allclose(done.outcome.benefits.monthly[:, 1:], REQUESTS * quality)
    factors = 1.21 ** (-np.arange(5) / 12)
    worth = done.outcome.benefits.monthly - done.outcome.costs.monthly
    np.testing.assert_allclose(done.net_benefit, (worth * factors).sum(axis=1))


def test_what_is_seen_and_who_moves() -> None:
    done = play("plan", legs())
    assert [flags.tolist() for flags in done.moved] == [[True], [True, False, True], [True]]
    assert done.observed[0] == {}
    assert done.observed[1]["requests_per_month"].tolist() == [20.0, 10.0, 50.0]
    assert done.observed[2]["quality"].tolist() == [0.8, 0.5, 0.8]
    plan = done.outcome
    assert (plan.name, plan.kind, plan.size, plan.stages) == ("plan", "staged", SIZE, ("prompt", "tuning", "hybrid"))
    np.testing.assert_array_equal(plan.requests, REQUESTS)
    assert plan.costs.annual_rate == plan.benefits.annual_rate == RATE


def test_lines_of_later_options_carry_their_name_and_each_move_has_a_line() -> None:
    lines = {line.key: line for line in play("plan", legs()).outcome.costs.lines}
    assert list(lines) == [
        *("build.prompt", "evaluation.set", "operations.prompt"),
        *("build.prompt@lora", "build.tuning@lora", "evaluation.set@lora", "operations.prompt@lora"),
        *("build.tuning@both", "evaluation.set@both", "operations.prompt@both"),
        *("migration.stage@lora", "migration.stage@both"),
    ]
    move = lines["migration.stage@lora"]
    assert (move.label, move.category, move.unit) == ("moving to lora", "migration", "move")
    assert move.total.tolist() == [11.0, 0.0, 11.0]
    assert lines["build.prompt@lora"].label == "build.prompt (lora)"


def test_an_option_that_comes_twice_keeps_its_lines_apart() -> None:
    first, second, third = legs()
    again = replace(third, option=replace(third.option, name="lora"))
    keys = [line.key for line in play("plan", [first, second, again]).outcome.costs.lines]
    assert "operations.prompt@lora" in keys
    assert "operations.prompt@lora-2" in keys


@pytest.mark.parametrize(
    ("sign", "moves"),
    [
        (">", [False, False, True]),
        (">=", [True, False, True]),
        ("<", [False, True, False]),
        ("<=", [True, True, False]),
    ],
)
def test_a_condition_at_its_number(sign: str, moves: list[bool]) -> None:
    first, second, _ = legs()
    second = replace(second, conditions={"requests_per_month": (sign, 20.0)})
    assert play("plan", [first, second]).moved[1].tolist() == moves


def test_a_forced_stage_asks_no_condition_and_the_others_do() -> None:
    for entered in (True, False):
        done = play("plan", legs(), forced={1: entered})
        assert done.moved[1].tolist() == [entered]
        assert done.moved[2].tolist() == [True]
    assert play("plan", legs(), forced={2: False}).moved[1].tolist() == [True, False, True]


def test_a_move_that_nobody_makes_leaves_the_first_option() -> None:
    first, second, _ = legs()
    done = play("plan", [first, replace(second, conditions={"quality": (">", 0.5)})])
    np.testing.assert_array_equal(done.outcome.costs.monthly, first.option.costs.monthly)
    np.testing.assert_array_equal(done.outcome.quality, first.option.quality)
    assert not any(line.key.startswith("migration") for line in done.outcome.costs.lines)


def test_every_move_is_tried_beside_staying() -> None:
    done = played("plan", legs())
    assert done.stages == ("prompt", "lora", "both")
    first, second = done.watched
    assert (first.use, first.month, first.measure, first.sign) == ("lora", 2, "requests_per_month", ">")
    assert (second.use, second.month, second.measure, second.sign) == ("both", 3, "requests_per_month", ">")
    assert first.conditions == legs()[1].conditions
    assert first.observed.tolist() == [20.0, 10.0, 50.0]
    assert second.observed.tolist() == [30.0, 10.0, 50.0]
    assert (first.moved.tolist(), second.moved.tolist()) == ([1.0, 0.0, 1.0], [1.0])
    np.testing.assert_allclose(first.moving_usd, play("plan", legs(), forced={1: True}).net_benefit)
    np.testing.assert_allclose(first.staying_usd, play("plan", legs(), forced={1: False}).net_benefit)
    np.testing.assert_allclose(second.staying_usd, play("plan", legs(), forced={2: False}).net_benefit)
    np.testing.assert_array_equal(done.outcome.net_benefit, play("plan", legs()).net_benefit)


def test_the_other_conditions_stay_while_a_number_is_sought() -> None:
    first, second, _ = legs()
    other = replace(second, conditions={"requests_per_month": (">", 15.0), "quality": (">", 0.6)})
    [watched] = played("plan", [first, other]).watched
    np.testing.assert_array_equal(watched.moving_usd, watched.staying_usd)


def test_a_plan_is_held_against_the_best_of_its_options_committed_to_today() -> None:
    whole = legs()
    alone = [replace(leg.option, name=f"{leg.option.name} today") for leg in whole]
    found = plan_of(played("plan", whole), alone)
    means = {item.name: item.net_benefit[1:].mean() for item in alone}
    best = max(means, key=lambda name: means[name])
    assert (found.starts_with, found.best_alone) == ("prompt", best)
    assert found.best_alone_usd == pytest.approx(means[best])
    assert found.net_benefit_usd == pytest.approx(play("plan", whole).net_benefit[1:].mean())
    assert found.value_of_waiting_usd == pytest.approx(found.net_benefit_usd - means[best])
    first, second = found.steps
    assert (first.use, first.month, first.moves) == ("lora", 2, 0.5)
    assert first.conditions == {"requests_per_month": "> 15", "quality": "< 0.6"}
    assert (second.use, second.moves, dict(second.conditions)) == ("both", 1.0, {})
    assert (first.advice.measure, first.advice.sign) == ("requests_per_month", ">")
    moving, staying = (play("plan", whole, forced={1: entered}).net_benefit[1:] for entered in (True, False))
    number, share, usd = best_threshold(observed=np.array([10.0, 50.0]), moving_usd=moving, staying_usd=staying)
    assert (first.advice.threshold, first.advice.moves) == (number, share)
    assert first.advice.net_benefit_usd == pytest.approx(usd)


def test_a_condition_with_a_lower_number_is_sought_downwards() -> None:
    first, second, _ = legs()
    down = replace(second, conditions={"requests_per_month": ("<=", 15.0)})
    step = plan_of(played("plan", [first, down]), [first.option]).steps[0]
    assert (step.conditions, step.advice.sign) == ({"requests_per_month": "<= 15"}, "<")
    moving, staying = (play("plan", [first, down], forced={1: entered}).net_benefit[1:] for entered in (True, False))
    found = best_threshold(observed=np.array([10.0, 50.0]), moving_usd=moving, staying_usd=staying, upwards=False)
    assert (step.advice.threshold, step.advice.moves, step.advice.net_benefit_usd) == pytest.approx(found)


def test_a_single_future_is_its_own_mean() -> None:
    first = legs()[0].option
    lines = tuple(replace(line, times=line.times[:1]) for line in first.benefits.lines)
    certain = replace(first, benefits=replace(first.benefits, lines=lines), requests_by_month=REQUESTS[:1], size=1)
    found = plan_of(played("plan", [Leg(option=certain, conditions={})]), [certain])
    assert found.net_benefit_usd == found.best_alone_usd == float(certain.net_benefit[0])


@pytest.mark.parametrize(
    ("observed", "gain", "upwards", "expected"),
    [
        ([1.0, 2.0, 2.0, 3.0], [-1.0, 5.0, -1.0, 1.0], True, (1.5, 0.75, 1.25)),  # both twos or neither
        ([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, -1.0, -9.0], False, (2.5, 0.5, 0.75)),
        ([1.0, 2.0], [1.0, 1.0], True, (None, 1.0, 1.0)),
        ([1.0, 2.0], [-1.0, -1.0], True, (None, 0.0, 0.0)),
        ([1.0, 2.0], [0.0, 0.0], True, (None, 0.0, 0.0)),  # of equals the one with fewer moves
    ],
)
def test_the_best_number_of_a_condition(
    observed: list[float], gain: list[float], upwards: bool, expected: tuple[float | None, float, float]
) -> None:
    staying = np.full(len(gain), 10.0)
    number, share, usd = best_threshold(
        observed=np.array(observed), moving_usd=staying + np.array(gain), staying_usd=staying, upwards=upwards
    )
    assert (number, share, usd - 10.0) == expected
