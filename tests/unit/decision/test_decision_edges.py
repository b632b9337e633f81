"""Ties, limits and infinities: values at which one comparison or another decides."""

import math

import numpy as np
import pytest

from estimator.decision import choice_changes_of
from estimator.decision.brackets import brackets_of, lead_of
from estimator.decision.words import futures, money


@pytest.mark.parametrize(
    ("odds", "words"),
    [
        (0.01, "1 of 100 futures"),
        (0.99, "99 of 100 futures"),
        (0.0099, "fewer than 1 of 100 futures"),
        (0.9901, "more than 99 of 100 futures"),
        (0.5, "50 of 100 futures"),
    ],
)
def test_share_of_futures_at_the_limits(odds: float, words: str) -> None:
    assert futures(odds) == words


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        (0.0, "$0"),
        (999.4, "$999"),
        (999.5, "$1k"),
        (1e6, "$1M"),
        (999_400.0, "$999k"),
        (-2.5e9, "-$2.5B"),
        (1.234, "$1.23"),
    ],
)
def test_money_at_the_limits(usd: float, words: str) -> None:
    assert money(usd) == words


def test_lead_of_one_two_and_infinite_options() -> None:
    assert lead_of(np.array([[3.0, 4.0]])).tolist() == [math.inf, math.inf]
    assert lead_of(np.array([[5.0, 1.0], [2.0, 7.0], [0.0, 6.5]])).tolist() == [3.0, 0.5]
    assert lead_of(np.array([[-math.inf], [-math.inf]])).tolist() == [0.0]


def test_single_tie_is_left_out_and_the_change_lies_around_it() -> None:
    points = np.array([[0.0, 1.0, 2.0]])
    found = brackets_of(points, np.array([[[2.0, 1.0, 0.0]], [[0.0, 1.0, 2.0]]]), refined=False)
    assert (found.lows.tolist(), found.highs.tolist()) == ([0.0], [2.0])
    assert (found.below.tolist(), found.above.tolist()) == ([0], [1])
    assert found.crossing().tolist() == [1.0]


def test_of_options_that_tie_in_a_row_the_first_is_chosen() -> None:
    points = np.array([[0.0, 1.0, 2.0, 3.0]])
    found = brackets_of(points, np.array([[[0.0, 1.0, 1.0, 1.0]], [[2.0, 1.0, 1.0, 0.0]]]), refined=False)
    assert (found.lows.tolist(), found.highs.tolist()) == ([0.0], [1.0])


def test_change_back_lies_after_the_last_of_the_ties() -> None:
    points = np.array([[0.0, 1.0, 2.0, 3.0]])
    found = brackets_of(points, np.array([[[0.0, 1.0, 1.0, 0.0]], [[2.0, 1.0, 1.0, 2.0]]]), refined=False)
    assert (found.lows.tolist(), found.highs.tolist()) == ([0.0, 2.0], [1.0, 3.0])


def test_change_is_never_between_two_rows() -> None:
    benefit = np.array([[[2.0, 2.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 1.0]]])
    assert brackets_of(np.array([[0.0, 1.0], [0.0, 1.0]]), benefit, refined=False).lows.size == 0


def test_ends_of_a_refined_row_count_even_where_they_tie() -> None:
    points = np.array([[0.0, 1.0, 2.0]])
    at_last = np.array([[[0.0, 1.0, 1.0]], [[2.0, 1.5, 1.0]]])
    at_first = np.array([[[1.0, 1.0, 0.0]], [[1.0, 2.0, 3.0]]])
    for benefit, low in ((at_last, 1.0), (at_first, 0.0)):
        assert brackets_of(points, benefit, refined=True).lows.tolist() == [low]
        assert brackets_of(points, benefit, refined=False).lows.size == 0


@pytest.mark.parametrize(
    ("gains", "level", "jump"),
    [
        ([-2.0, -1.0, 1.0, 2.0], 0.0, True),  # as much in the bracket as in all the rest
        ([-2.0, -1.0, 1.0, 2.01], 0.0, False),
        ([-0.5, -0.5, 0.5, 0.5], 1e9 - 0.5, True),  # a billionth of the net benefit
        ([-0.5, -0.5, 0.25, 0.25], 1e9 - 0.5, False),
    ],
)
def test_a_jump_is_half_of_the_rise_and_more_than_rounding(gains: list[float], level: float, jump: bool) -> None:
    points = np.array([0.0, 10.0, 11.0, 20.0])

    def benefit(asked: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        base = np.full(asked["a"].size, level)
        return {"a": np.stack([base, base + np.interp(asked["a"], points, gains)])}

    [change] = choice_changes_of(net_benefit=benefit, points={"a": points}, looks=1)["a"]
    assert change.is_jump is jump


def test_crossing_is_the_middle_where_one_side_has_no_number() -> None:
    points = np.array([[0.0, 4.0]])
    found = brackets_of(points, np.array([[[1.0, -math.inf]], [[0.0, 2.0]]]), refined=False)
    assert found.crossing().tolist() == [2.0]
