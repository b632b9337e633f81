"""The choice by what one correct answer is worth, and the ratios between neighbours."""

import numpy as np
import pytest

from estimator.decision import (
    acceptability,
    cost_effectiveness_plane,
    incremental_ratios,
    perfect_information,
    probability_best,
)


def _three(draws: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    successes = np.array([[700.0], [820.0], [860.0]]) + 30 * rng.normal(size=(3, draws))
    costs = np.array([[100.0], [300.0], [500.0]]) * rng.lognormal(0, 0.2, (3, draws))
    return successes, costs


@pytest.mark.parametrize("at_once", [1, 13_000, 4_000_000])
def test_the_curve_is_the_odds_at_each_worth(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    import sys

    monkeypatch.setattr(sys.modules["estimator.decision.acceptability"], "AT_ONCE", at_once)
    successes, costs = _three()
    worth = np.linspace(0, 12, 25)
    curve = acceptability(successes=successes, costs=costs, worth_usd=worth)
    for column, value in enumerate(worth):
        benefit = value * successes - costs
        odds = probability_best(net_benefit=benefit, eligible=np.ones(3, dtype=bool))
        np.testing.assert_array_equal(curve.probability_best[:, column], odds)
        assert curve.chosen[column] == benefit.mean(axis=1).argmax()
        assert curve.frontier[column] == odds[curve.chosen[column]]
        assert curve.expected_usd[:, column] == pytest.approx(benefit.mean(axis=1))
    np.testing.assert_allclose(curve.probability_best.sum(axis=0), 1)


def test_cheapest_wins_at_no_worth_and_most_successes_at_a_high_one() -> None:
    successes, costs = _three()
    curve = acceptability(successes=successes, costs=costs, worth_usd=np.array([0.0, 1e9]))
    assert curve.chosen.tolist() == [0, 2]
    assert curve.probability_best[2, 1] == pytest.approx((successes.argmax(axis=0) == 2).mean())


def test_the_choice_turns_at_the_ratio() -> None:
    successes, costs = _three()
    means = successes.mean(axis=1), costs.mean(axis=1)
    for ratio in incremental_ratios(successes=means[0], costs=means[1]):
        if ratio.usd_per_success is not None:
            near = ratio.usd_per_success * np.array([0.999, 1.001])
            curve = acceptability(successes=successes, costs=costs, worth_usd=near)
            assert curve.chosen.tolist() == [ratio.compared_with, ratio.option]


def test_the_plane_is_the_difference_in_every_future() -> None:
    successes, costs = _three()
    more, dearer = cost_effectiveness_plane(successes=successes, costs=costs, baseline=1)
    np.testing.assert_array_equal(more[0], successes[0] - successes[1])
    np.testing.assert_array_equal(dearer[2], costs[2] - costs[1])
    assert not more[1].any()


def test_ratios_of_a_textbook_league_table() -> None:
    """Six programmes: C is dominated by B, D extendedly by B and E; A is the cheapest."""
    successes = np.array([10.0, 15.0, 14.0, 20.0, 30.0, 32.0])
    costs = np.array([100.0, 150.0, 160.0, 260.0, 330.0, 400.0])
    found = {item.option: item for item in incremental_ratios(successes=successes, costs=costs)}
    assert [found[option].standing for option in range(6)] == [
        "on the frontier",
        "on the frontier",
        "dominated",
        "extendedly dominated",
        "on the frontier",
        "on the frontier",
    ]
    assert [found[option].usd_per_success for option in (1, 4, 5)] == [10.0, 12.0, 35.0]
    assert [found[option].compared_with for option in (1, 4, 5)] == [0, 1, 4]


def test_a_long_frontier_keeps_every_option_whose_ratio_rises() -> None:
    found = incremental_ratios(successes=np.arange(5.0), costs=np.array([0.0, 1.0, 3.0, 10.0, 18.0]))
    assert [item.usd_per_success for item in found] == [None, 1.0, 2.0, 7.0, 8.0]


def test_of_two_equal_options_one_stays_on_the_frontier() -> None:
    found = incremental_ratios(successes=np.array([5.0, 5.0]), costs=np.array([3.0, 3.0]))
    assert sorted(item.standing for item in found) == ["dominated", "on the frontier"]


def test_knowing_everything_is_worth_most_near_the_turning_points() -> None:
    successes, costs = _three()
    means = incremental_ratios(successes=successes.mean(axis=1), costs=costs.mean(axis=1))
    turn = means[1].usd_per_success
    assert turn is not None
    at, far = (perfect_information(net_benefit=value * successes - costs).usd for value in (turn, 0.0))
    assert at > 2 * far


def test_options_that_differ_by_rounding_alone_count_for_the_first() -> None:
    successes = np.full((2, 4), 10.0)
    costs = np.array([[3.0] * 4, [3.0 - 1e-15, 3.0, 3.0 - 1e-15, 3.0]])
    curve = acceptability(successes=successes, costs=costs, worth_usd=np.array([0.0, 0.1]))
    assert curve.probability_best[0].tolist() == [1.0, 1.0]
