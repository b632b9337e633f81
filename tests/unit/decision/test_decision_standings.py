"""Where options stand, worked by hand over four futures, and the decision that follows."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from estimator.decision import (
    Blocker,
    Check,
    Driver,
    Outcome,
    Standing,
    TaskFacts,
    decide,
    drivers,
    ownership,
    probability_best,
    standings,
)
from estimator.decision.standing import AT_ONCE
from estimator.inputs import Input, Kind
from estimator.tco import Ledger, Line, every_month, upfront

MONTHS, SIZE = 2, 5


def option(
    name: str, kind: Kind, *, before: float, each_month: float | Sequence[float], quality: float | Sequence[float]
) -> Outcome:
    """Central case first: paid before launch, worth so much each month; ten requests a month."""
    cost = Line("build.prompt", "build", "build", "hour", before, upfront(months=MONTHS))
    worth = every_month(per_month=np.asarray(each_month), months=MONTHS)
    value = Line("value.correct", "value", "quality", "correct answer", 1.0, worth)
    right = np.broadcast_to(np.atleast_1d(quality)[:, None], (np.size(quality), MONTHS))
    return Outcome(
        name,
        kind,
        Ledger((cost,), MONTHS, 0.0),
        Ledger((value,), MONTHS, 0.0),
        np.full((1, MONTHS), 10.0),
        right,
        SIZE,
    )


PROMPT = option("prompt", "prompt", before=10.0, each_month=10.0, quality=0.7)
LORA = option("lora", "tuning", before=20.0, each_month=[15, 15, 25, 5, 20], quality=[0.8, 0.6, 0.7, 0.8, 0.9])


def stand(
    *outcomes: Outcome, floor: float | np.ndarray | None = None, **checked: Sequence[Check]
) -> dict[str, Standing]:
    return standings(outcomes, minimum_quality=floor, checked=checked)


def test_figures_of_an_option_over_its_futures() -> None:
    found = stand(PROMPT, LORA)["lora"]
    assert (found.name, found.kind, found.eligible, found.blockers, found.why_not) == ("lora", "tuning", True, (), "")
    money = found.net_benefit  # 10, 30, −10 and 20 in the futures
    assert (money.central, money.mean, money.p5, money.p10, money.p50, money.p90, money.p95) == (
        *(10.0, 12.5, -10.0),
        *(-10.0, 10.0, 30.0, 30.0),
    )
    assert money.se == pytest.approx(np.std([10, 30, -10, 20], ddof=1) / 2)
    assert (found.cost.p50, found.relative_cost) == (20.0, 2.0)
    assert (found.quality.central, found.quality.p10, found.quality.p50) == pytest.approx((0.8, 0.6, 0.7))
    assert found.cost_per_success.central == pytest.approx(20 / (20 * 0.8))
    assert found.probability_good_enough == 1.0


def test_break_even_odds_and_regret_beside_the_baseline() -> None:
    found = stand(PROMPT, LORA)
    base, lora = found["prompt"], found["lora"]
    assert (base.break_even_month, base.probability_break_even, base.relative_cost) == (None, None, 1.0)
    month = lora.break_even_month  # 2, 1, never and 1
    assert month is not None
    assert (month.central, month.mean, month.p10, month.p50, month.p90) == (2.0, math.inf, 1.0, 1.0, math.inf)
    assert lora.probability_break_even == 0.75
    assert (base.probability_best, lora.probability_best) == (0.5, 0.5)  # of two equals the first
    assert (base.regret_usd, lora.regret_usd) == (7.5, 5.0)


def test_of_options_that_differ_by_rounding_alone_the_first_is_best() -> None:
    worth = np.array([[3.0, 0.3, 5.0, -2.0], [3.0, 0.1 + 0.2, 5.0 + 1e-6, -3.0]])
    odds = probability_best(net_benefit=worth, eligible=np.array([True, True]))
    assert odds.tolist() == [0.75, 0.25]


def test_months_of_many_futures_are_those_of_few() -> None:
    many = AT_ONCE + 3
    worth = np.tile([15.0, 25.0, 5.0, 20.0], many // 4 + 1)[:many]
    base = replace(PROMPT, size=many)
    other = replace(option("lora", "tuning", before=20.0, each_month=worth, quality=0.8), size=many)
    found = stand(base, other)["lora"]
    assert found.break_even_month is not None
    assert (found.break_even_month.central, found.break_even_month.p10) == (2.0, 1.0)
    assert found.probability_break_even == (worth[1:] != 5.0).mean()


@pytest.mark.parametrize(
    ("floor", "good", "why"),
    [
        (0.6, 1.0, ""),
        (0.75, 0.5, ""),
        (0.85, 0.25, "reaches the minimum quality of 0.85 in 25% of futures (median quality 0.70)"),
        (np.array([0.8, 0.7, 0.7, 0.7, 0.7]), 0.75, ""),
        (np.array([0.5, 0.9, 0.9, 0.9, 0.9]), 0.25, "reaches the minimum quality of 0.90 in 25% of futures (median "
         "quality 0.70)"),
    ],
)  # fmt: skip
def test_good_enough_is_half_of_the_futures(floor: float | np.ndarray, good: float, why: str) -> None:
    found = stand(PROMPT, LORA, floor=floor)["lora"]
    assert (found.probability_good_enough, found.why_not, found.eligible) == (good, why, not why)
    if why:
        assert found.blockers[0].trace == ("task.minimum_quality",)
        assert found.probability_best == 0.0
        assert math.isnan(found.regret_usd)


def test_only_a_constraint_that_breaks_excludes_and_each_reason_is_given_once() -> None:
    broken = Check(constraint="constraints.skills", holds=False, text="lacks a skill")
    other = Check(constraint="constraints.deadline", holds=False, text="too late")
    fine = Check(constraint="constraints.must_cite", holds=True, text="")
    unknown = Check(constraint="constraints.licence", holds=None, text="cannot be told")
    found = stand(PROMPT, LORA, prompt=(fine, unknown), lora=(broken, fine, broken, other))
    assert found["prompt"].blockers == ()
    assert found["lora"].blockers == (
        Blocker("lacks a skill", ("constraints.skills",)),
        Blocker("too late", ("constraints.deadline",)),
    )
    assert found["lora"].why_not == "lacks a skill; too late"


def test_what_cannot_be_carried_out_or_is_for_comparison_only_is_out() -> None:
    huge = replace(LORA, name="huge", infeasible="no GPU holds it")
    scratch = replace(LORA, name="scratch", kind="pretraining")
    plan = replace(LORA, name="plan", kind="staged", stages=("prompt", "pretraining"))
    found = stand(PROMPT, huge, scratch, plan, floor=0.9, huge=(Check(constraint="a", holds=False, text="b"),))
    assert found["huge"].blockers == (Blocker("no GPU holds it", ("feasible",)),)
    assert (found["huge"].probability_good_enough, found["huge"].break_even_month) == (0.0, None)
    text = "shown for comparison only: training from scratch is never recommended silently"
    for name in ("scratch", "plan"):
        assert found[name].blockers[0] == Blocker(text, ("pretraining",))
        assert [item.trace for item in found[name].blockers[1:]] == [("task.minimum_quality",)]
        assert found[name].break_even_month is not None


def test_a_baseline_that_cannot_be_carried_out_is_no_yardstick() -> None:
    found = stand(replace(PROMPT, infeasible="no"), LORA)
    assert (found["lora"].break_even_month, found["lora"].probability_break_even) == (None, None)
    assert found["lora"].probability_best == 1.0


def test_infinite_money_excludes_its_own_option_alone() -> None:
    wild = option("wild", "tuning", before=20.0, each_month=[15, 15, math.inf, 5, 20], quality=0.9)
    found = stand(PROMPT, LORA, wild)
    text = "its net benefit is no finite number in some futures; check the ranges of its inputs"
    assert found["wild"].blockers == (Blocker(text, ("total.net_benefit_usd",)),)
    assert found["wild"].break_even_month is None
    assert (found["prompt"].regret_usd, found["lora"].regret_usd) == (7.5, 5.0)


def test_without_cost_there_is_no_relative_cost() -> None:
    free = replace(PROMPT, costs=Ledger((), MONTHS, 0.0))
    assert stand(free, LORA)["lora"].relative_cost is None
    assert stand(LORA, replace(free, name="free"))["free"].relative_cost is None


FACTS = TaskFacts(
    facts_change=0.0,
    knowledge_share=0.0,
    must_cite=True,
    domain="general",
    narrow=False,
    style=False,
    labels=None,
    requests_per_month=1e5,
    upkeep_share=None,
)


def given(key: str, value: float | np.ndarray, origin: str = "yours") -> Input:
    return Input(key, "1", value, 0.0, 1.0, origin, "", "")  # type: ignore[arg-type]  # any origin


def test_the_decision_rests_on_the_lead_over_the_runner_up() -> None:
    rival = option("prompt", "prompt", before=10.0, each_month=[10, 15, 5, 10, 10], quality=0.7)
    lead = given("lead", np.array([99.0, -10.0, 30.0, -20.0, 10.0]))  # LORA over it, the central case beside it
    flat, certain = given("flat", np.array([0.0, 1.0, 1.0, 1.0, 1.0])), given("certain", 3.0, "default")
    found = decide((rival, LORA), facts=FACTS, minimum_quality=None, valued=True, inputs=(certain, flat, lead))
    assert list(found.standings) == ["prompt", "lora"]
    assert (found.verdict.best, found.verdict.runner_up) == ("lora", "prompt")
    [driver] = found.drivers
    assert (driver.key, driver.origin, driver.share) == ("lead", "yours", pytest.approx(1.0))
    assert found.perfect_information_usd == 7.5  # E[max] 20, the best alone 12.5
    assert [rule.code for rule in found.rules] == ["citations"]
    assert (found.ownership.inputs, found.ownership.yours, found.ownership.drivers) == (3, 2, (driver,))


def test_an_option_alone_is_driven_by_its_own_worth_and_one_that_is_out_teaches_nothing() -> None:
    worth = given("worth", np.array([0.0, 1.0, 3.0, -1.0, 2.0]))
    out = {"prompt": [Check(constraint="constraints.skills", holds=False, text="no")]}
    found = decide((PROMPT, LORA), facts=FACTS, minimum_quality=None, valued=True, inputs=(worth,), checked=out)
    assert (found.verdict.best, found.verdict.runner_up, found.perfect_information_usd) == ("lora", None, 0.0)
    assert found.drivers[0].share == pytest.approx(1.0)


def test_a_single_case_has_no_drivers_and_nothing_to_learn() -> None:
    certain = replace(PROMPT, size=1)
    found = decide((certain,), facts=FACTS, minimum_quality=None, valued=True, inputs=(given("a", 1.0),))
    assert (found.drivers, found.perfect_information_usd) == ((), 0.0)


def test_drivers_come_largest_first_and_small_ones_are_left_out() -> None:
    rng = np.random.default_rng(1)
    draws = rng.standard_normal((12, 4001))
    weights = np.array([0.05, 3.0, 0.0, 2.0, *np.full(8, 0.3)])
    inputs = [given(f"x{place:02}", row) for place, row in enumerate(draws)]
    found = drivers(outcome=(weights @ draws)[1:], inputs=inputs)
    assert [item.key for item in found[:2]] == ["x01", "x03"]
    assert {"x00", "x02"}.isdisjoint(item.key for item in found)
    assert all(one.share >= other.share >= 0.005 for one, other in pairwise(found))
    assert drivers(outcome=np.arange(3.0), inputs=[given("a", 1.0)]) == ()


def test_drivers_of_equal_share_come_by_name() -> None:
    row = np.array([0.0, 1.0, 2.0, 4.0])
    found = drivers(outcome=row[1:], inputs=[given("b", row), given("a", row)])
    assert [item.key for item in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("origins", "shares", "sentence"),
    [
        (
            ["yours", "default", "catalog", "preset"],
            [0.5],
            "3 of 4 inputs are not yours (1 default, 2 from the catalog); this one drives 50% of the spread: "
            "d0 50% (default)",
        ),
        (
            ["yours", "default", "default"],
            [0.6, 0.5],
            "2 of 3 inputs are not yours (2 defaults, 0 from the catalog); these 2 drive 100% of the spread: "
            "d0 60% (default), d1 50% (default)",
        ),
        (["yours"], [], "0 of 1 inputs are not yours (0 defaults, 0 from the catalog)"),
    ],
)
def test_what_is_the_users_own_in_one_sentence(origins: list[str], shares: list[float], sentence: str) -> None:
    moved = [Driver(f"d{place}", share, "default") for place, share in enumerate(shares)]
    found = ownership([given(f"i{place}", 1.0, origin) for place, origin in enumerate(origins)], moved)
    assert found.sentence == sentence
    assert found.driven == min(sum(shares), 1.0)
    assert (found.inputs, found.yours) == (len(origins), origins.count("yours"))
    assert found.inputs == found.yours + found.defaults + found.catalog


def test_at_most_five_drivers_are_named() -> None:
    moved = [Driver(f"d{place}", 0.1, "yours") for place in range(7)]
    found = ownership([given("i", 1.0)], moved)
    assert (found.drivers, found.driven) == (tuple(moved[:5]), pytest.approx(0.5))
