"""The grammar of conditions: what it reads, what it refuses, and what it comes to."""

import math
from typing import Any

import pytest

from estimator.errors import ScenarioError
from estimator.policy import check
from estimator.policy.checking import Ruling
from estimator.scenario import Named, Number, Pair, Policy, names_in, parse_condition


def result(**changes: Any) -> dict[str, Any]:
    """The least plain data that a policy can be held against."""
    band = dict.fromkeys(("central", "mean", "p5", "p10", "p50", "p90", "p95"), 100.0)
    option = {
        "cost_usd": band,
        "cost_undiscounted_usd": band,
        "net_benefit_usd": {**band, "p10": -40.0},
        "cost_per_success_usd": None,
        "quality": dict.fromkeys(band, 0.9),
        "break_even_month": {**band, "p50": 7.0, "p90": None},
        "cost_by_category_usd": {"data": 60.0},
        "probability_best": 0.7,
        "probability_good_enough": 0.8,
        "probability_break_even": None,
        "regret_usd": 5.0,
        "relative_cost": 1.2,
        "eligible": True,
        "feasible": True,
        "warnings": [],
    }
    data = {
        "currency": "USD",
        "options": {"lora-rag": option},
        "verdict": {"best": "lora-rag", "probability_tuning_pays": 0.75},
        "perfect_information_usd": 12.0,
        "warnings": [{"code": "W004"}, {"code": "W012"}],
        "stale_prices": [{"days": 100}, {"days": 400}],
        "inputs": [{"origin": "yours"}, {"origin": "default"}],
    }
    return {**data, **changes}


def ruled(text: str, **changes: Any) -> Ruling:
    return check(Policy(fail_if=(text,)), result(**changes)).rulings[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("best.cost.p90 > 99", "holds"),
        ("best.cost.p90 > 0.1k", "clear"),
        ("lora-rag.cost.p50 - best.cost.p50 == 0", "holds"),
        ("-best.net_benefit.p10 >= 40", "holds"),
        ("best.cost.p50 + 2 * best.regret > 109 and best.quality.p50 < 95%", "holds"),
        ("(best.cost.p50 + 2) * best.regret < 511", "holds"),
        ("best.eligible and not verdict.qualifies or stale.count == 2", "holds"),
        ("not (best.eligible and verdict.qualifies)", "clear"),
        ("best.break_even_month.p90 > 240", "holds"),
        ("best.break_even_month.p50 > 12", "clear"),
        ("best.category.data / best.cost.central > 50%", "holds"),
        ("best.category.training != 0", "clear"),
        ("warnings.count > 1 and warnings.W012 == 1 and stale.oldest_days > 365", "holds"),
        ("inputs.yours < inputs.default", "clear"),
        ("perfect_information * 1e3 > 11.9k", "holds"),
        ("best.cost_per_success.p50 > 1", "unjudged"),
        ("best.cost.p50 / best.category.training > 1", "unjudged"),
        ("best.break_even_month.p90 - best.break_even_month.p90 > 1", "unjudged"),
        ("not best.eligible and best.cost_per_success.p50 > 1", "clear"),
    ],
)
def test_what_a_condition_comes_to(text: str, found: str) -> None:
    assert ruled(text).found == found


def test_values_of_a_ruling_are_those_it_names() -> None:
    assert ruled("best.cost.p90 > best.regret").values == {"best.cost.p90": 100.0, "best.regret": 5.0}
    assert ruled("best.break_even_month.p90 > 1").values == {"best.break_even_month.p90": math.inf}


def test_nothing_chosen_leaves_best_unjudged_and_fails() -> None:
    checked = check(
        Policy(fail_if=("best.cost.p90 > 1",)), result(verdict={"best": None, "probability_tuning_pays": None})
    )
    assert checked.rulings[0].found == "unjudged"
    assert checked.status == "failed"
    assert check(Policy(warn_if=("best.cost.p90 > 1",)), result()).status == "warned"
    assert check(Policy(), result()).status == "ok"


def test_increase_and_change_are_against_the_result_before() -> None:
    before = result()
    dearer = result()
    option = dict(dearer["options"]["lora-rag"])
    option["cost_usd"] = dict.fromkeys(option["cost_usd"], 130.0)
    dearer["options"] = {"lora-rag": option, "new": option}
    policy = Policy(fail_if=("increase.cost.p50 > 25%", "change.lora-rag.cost.p50 == 30", "increase.new.cost.p50 > 0"))
    assert [ruling.found for ruling in check(policy, dearer, before).rulings] == ["holds", "holds", "unjudged"]
    with pytest.raises(ScenarioError, match="--compare-to"):
        check(policy, dearer)


def test_a_break_even_that_never_comes_before_and_after_has_not_changed() -> None:
    policy = Policy(fail_if=("change.break_even_month.p90 > 0", "increase.break_even_month.p90 > 0"))
    assert [ruling.found for ruling in check(policy, result(), result()).rulings] == ["clear", "clear"]
    sooner = result()
    option = sooner["options"]["lora-rag"]
    sooner["options"] = {"lora-rag": {**option, "break_even_month": {**option["break_even_month"], "p90": 9.0}}}
    assert [ruling.found for ruling in check(policy, result(), sooner).rulings] == ["unjudged", "unjudged"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("best.cost.p99 > 1", "did you mean 'best.cost.p95'"),
        ("lora.cost.p90 > 1", "unknown quantity 'lora.cost.p90'"),
        ("best.cost.p90", "is an amount"),
        ("best.eligible > 0", "is yes or no"),
        ("best.cost.p90 > 1 or nosuch", "unknown quantity 'nosuch'"),
    ],
)
def test_names_that_mean_nothing_are_refused(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        ruled(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("1 +", "condition ends"),
        ("a.b > 1 > 2", "in a row"),
        ("a.b > 1 c", "not expected"),
        ("(a.b > 1", "not closed"),
        ("a.b + 1", "an amount, not a condition"),
        ("not 3", "not stands before an amount"),
        ("a.b > 1 and 3", "one side is an amount"),
        ("(a.b > 1) + 2 > 3", "one side is a condition"),
        ("-(a.b > 1) > 3", "minus stands before a condition"),
        ("a.b > 1; import os", "cannot be read"),
        ("__import__('os')", "cannot be read"),
        ("a.b > 1e999", "not a finite number"),
        ("a.b > 5kk", "cannot be read"),
        ("(" * 30 + "a.b > 1" + ")" * 30, "nested deeper"),
        ("not " * 30 + "a.b > 1", "nested deeper"),
        ("- " * 30 + "a.b > 1", "nested deeper"),
        ("a.b > 1 or " * 100 + "a.b > 1", "longer than 500"),
        ("a.b > ١", "cannot be read"),
    ],
)
def test_what_is_no_condition_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_condition(text)


def test_a_tree_is_what_was_written() -> None:
    tree = parse_condition("a.x - 1.5M < b.y")
    assert tree == Pair("<", Pair("-", Named("a.x"), Number(1_500_000.0)), Named("b.y"))
    assert names_in(tree) == ("a.x", "b.y")
    assert parse_condition("a or b and c") == Pair("or", Named("a"), Pair("and", Named("b"), Named("c")))
