"""Sensitivity, information and precision on figures small enough to work by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from estimator.decision import (
    Band,
    Change,
    Pilot,
    Precision,
    Worth,
    band,
    best_pilot,
    choice_changes,
    choice_changes_of,
    conditional_mean,
    distances,
    explained_share,
    measured_quality,
    perfect_information,
    precise_enough,
    precision_of,
    sign_changes,
    sobol,
    sobol_design,
    sobol_indices,
    sobol_intervals,
    standard_error,
    tornado,
    value_of_knowing_together,
    value_of_pilot,
    winner_map,
)
from estimator.decision.smoothing import natural_spline
from estimator.errors import InputError


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_an_input_explains_its_squared_correlation_at_any_scale(scale: float) -> None:
    outcome = scale * np.array([1.0, 2.0, 3.0, 6.0])
    values = scale * np.array([[-1.0, -2.0, -3.0, -6.0], [1.0, -1.0, -1.0, 1.0], [5.0, 5.0, 5.0, 5.0]])
    expected = [1.0, np.corrcoef(outcome, values[1])[0, 1] ** 2, 0.0]
    assert explained_share(outcome=outcome, values=values) == pytest.approx(expected)
    assert explained_share(outcome=np.full(4, 2.0), values=values).tolist() == [0.0, 0.0, 0.0]


def test_bars_keep_the_ends_and_equal_swings_come_by_name() -> None:
    first, second = tornado(names=("b", "a"), at_low=np.array([1.0, 3.0]), at_high=np.array([3.0, 1.0]), central=2.0)
    assert (first.name, first.at_low, first.at_high, second.name) == ("a", 3.0, 1.0, "b")
    [zero] = tornado(names=("a",), at_low=np.array([0.0]), at_high=np.array([1.0]), central=0.5)
    assert not zero.changes_sign


def test_indices_of_two_points_by_hand() -> None:
    a, b, first, second = [1.0, 3.0], [2.0, 6.0], [4.0, 1.0], [1.0, 3.0]
    found = sobol_indices(results=np.array([*a, *b, *first, *second]), inputs=2)
    variance, mean = 3.5, 2.625  # of a and b; of all points
    products = (np.array(b) - mean) * np.array([[3.0, -2.0], [0.0, 0.0]]) / variance
    squares = np.array([[9.0, 4.0], [0.0, 0.0]]) / (2 * variance)
    np.testing.assert_allclose(found.first, products.mean(axis=1))
    np.testing.assert_allclose(found.total, squares.mean(axis=1))
    np.testing.assert_allclose(found.first_standard_error, products.std(axis=1) / math.sqrt(2))
    np.testing.assert_allclose(found.total_standard_error, squares.std(axis=1) / math.sqrt(2))


def test_designs_and_intervals_follow_their_seed() -> None:
    one, same, other = (sobol_design(inputs=2, size=8, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    results = one[0] + 3 * one[1]
    default, written = sobol_intervals(results=results, inputs=2), sobol_intervals(results=results, inputs=2, seed=0)
    np.testing.assert_array_equal(default, written)
    np.testing.assert_array_equal(default, sobol_intervals(results=results, inputs=2, resamples=200))
    assert np.any(default[0] != sobol_intervals(results=results, inputs=2, seed=1)[0])
    for low, high in sobol_intervals(results=results, inputs=2, resamples=1):
        np.testing.assert_array_equal(low, high)
    found = sobol(evaluate=lambda points: points[0] + 3 * points[1], inputs=2)
    again = sobol_indices(results=(lambda p: p[0] + 3 * p[1])(sobol_design(inputs=2, size=1024, seed=0)), inputs=2)
    np.testing.assert_array_equal(found.first, again.first)


@pytest.mark.parametrize(("inputs", "size"), [(0, 8), (1, 0), (1, 1), (1, 12)])
def test_a_design_that_cannot_be_is_refused(inputs: int, size: int) -> None:
    text = rf"^size: {size} points of {inputs} input\(s\); allowed: a power of 2 and at least 1 input; try 1024$"
    with pytest.raises(InputError, match=text):
        sobol_design(inputs=inputs, size=size, seed=0)
    assert sobol_design(inputs=1, size=2, seed=0).shape == (1, 6)


def test_terms_span_every_natural_spline_through_the_knots() -> None:
    values = np.linspace(3.0, 13.0, 101)
    terms = natural_spline(values=values, knots=5)
    assert terms.shape == (101, 4)
    assert terms[:, 0].mean() == pytest.approx(0.0, abs=1e-12)
    assert terms[:, 0].std() == pytest.approx(1.0)
    knots = np.quantile(values, np.linspace(0.01, 0.99, 5))
    curve = CubicSpline(knots, [1.0, -2.0, 0.5, 3.0, -1.0], bc_type="natural")
    inside = np.clip(values, knots[0], knots[-1])
    wanted = curve(inside) + curve(inside, 1) * (values - inside)  # straight beyond the outer knots
    columns = np.column_stack([np.ones(101), terms])
    rest = wanted - columns @ np.linalg.lstsq(columns, wanted, rcond=None)[0]
    assert np.abs(rest).max() < 1e-9


@pytest.mark.parametrize(
    ("distinct", "knots", "terms"), [(1, 9, 0), (2, 9, 1), (3, 9, 2), (9, 9, 8), (10, 9, 8), (5, 3, 2)]
)
def test_few_values_are_fitted_one_by_one(distinct: int, knots: int, terms: int) -> None:
    values = np.tile(np.arange(float(distinct)) ** 2, 20)
    found = natural_spline(values=values, knots=knots)
    assert found.shape == (values.size, terms)
    columns = np.column_stack([np.ones(values.size), found])
    assert np.linalg.matrix_rank(columns) == terms + 1


def test_too_few_futures_are_refused_with_the_number_that_is_needed() -> None:
    values = np.arange(35.0)
    text = (
        r"^futures: 35 are too few to see the effect of 1 input\(s\); allowed: at least 36; raise the number of draws$"
    )
    with pytest.raises(InputError, match=text):
        conditional_mean(outcomes=np.zeros((1, 35)), values=values[None])
    assert conditional_mean(outcomes=np.zeros((1, 36)), values=np.arange(36.0)[None]).shape == (1, 36)


def test_noise_alone_is_shrunk_away_and_the_mean_stays() -> None:
    rng = np.random.default_rng(2)
    outcomes = np.stack([5.0 + rng.standard_normal(4000), 100.0 + 0.0 * rng.standard_normal(4000)])
    fitted = conditional_mean(outcomes=outcomes, values=rng.standard_normal((2, 4000)))
    np.testing.assert_allclose(fitted.mean(axis=1), outcomes.mean(axis=1), rtol=1e-9)
    assert fitted[0].std() < 0.05
    assert fitted[1].std() < 1e-9


def test_regret_of_committing_and_its_error() -> None:
    found = perfect_information(net_benefit=np.array([[0.0, 4.0, 2.0], [3.0, 0.0, 0.0]]))
    regret = np.array([3.0, 0.0, 0.0])  # against the first, which is best on average
    assert (found.usd, found.standard_error_usd) == pytest.approx((1.0, regret.std(ddof=1) / math.sqrt(3)))
    assert perfect_information(net_benefit=np.array([[1.0], [2.0]])) == Worth(0.0, math.inf)
    assert standard_error(futures=np.array([1.0, 3.0])) == 1.0
    assert math.isnan(standard_error(futures=np.array([1.0])))


def test_what_changes_no_choice_is_worth_nothing_and_certainly_so() -> None:
    x = np.tile([0.0, 1.0], 20)
    found = value_of_knowing_together(net_benefit=np.stack([10.0 + 0 * x, x]), values=x[None])
    assert found == Worth(0.0, 0.0)


@pytest.mark.parametrize(("cost", "pays"), [(5.9, True), (6.0, False), (11.0, False)])
def test_a_pilot_pays_by_more_than_two_standard_errors(cost: float, pays: bool) -> None:
    assert Pilot(5, Worth(10.0, 2.0), 99.0, cost).pays is pays


def test_pilots_follow_their_seed_and_cost_what_they_cost() -> None:
    rng = np.random.default_rng(5)
    quality = rng.uniform(0.5, 0.9, (1, 2000))
    benefit = np.stack([np.zeros(2000), 1000 * (quality[0] - 0.7)])
    ask = {"net_benefit": benefit, "quality": quality}
    found = value_of_pilot(**ask, items=10)
    assert found == value_of_pilot(**ask, items=10, seed=0, extra_sd=0.0, cost_usd=0.0)
    assert found.worth != value_of_pilot(**ask, items=10, seed=1).worth
    assert found.worth.usd <= found.at_most_usd
    nothing = value_of_pilot(**ask, items=0, cost_usd=3.0)
    assert nothing == Pilot(0, Worth(0.0, 0.0), found.at_most_usd, 3.0)
    best = best_pilot(**ask, items=[10], fixed_usd=2.0, usd_per_item=0.5)
    assert (best.items, best.cost_usd) == (10, 7.0)
    assert best.worth == found.worth
    assert best == best_pilot(**ask, items=[10], fixed_usd=2.0, usd_per_item=0.5, seed=0, extra_sd=0.0)
    assert best_pilot(**ask, items=[10], fixed_usd=1e6, usd_per_item=0.5).cost_usd == 0.0
    shaky = best_pilot(**ask, items=[10], fixed_usd=2.0, usd_per_item=0.5, seed=4, extra_sd=0.1)
    assert shaky.worth == value_of_pilot(**ask, items=10, seed=4, extra_sd=0.1).worth


def test_what_a_pilot_shows() -> None:
    quality = np.full((1, 20_000), 0.5)
    shown = measured_quality(quality=quality, items=1)
    assert set(shown.ravel()) == {0.0, 1.0}
    np.testing.assert_array_equal(shown, measured_quality(quality=quality, items=1, seed=0))
    assert (shown != measured_quality(quality=quality, items=1, seed=1)).any()
    shaky = measured_quality(quality=quality, items=10**6, extra_sd=0.1)
    assert shaky.std() == pytest.approx(0.1, rel=0.03)
    assert shaky.mean() == pytest.approx(0.5, abs=0.005)
    certain = measured_quality(quality=np.array([[0.0, 1.0]]), items=10**6, extra_sd=0.5, seed=3)
    assert (certain >= 0).all()
    assert (certain <= 1).all()
    with pytest.raises(
        InputError, match=r"^quality: every draw must lie in 0 to 1; give the share of correct answers$"
    ):
        measured_quality(quality=np.array([[-0.1]]), items=1)
    text = r"^items: 0, extra_sd: 0.5; allowed: at least 1 item and a deviation of 0 or more$"
    with pytest.raises(InputError, match=text):
        measured_quality(quality=quality, items=0, extra_sd=0.5)


@pytest.mark.parametrize(
    ("changes", "enough"),
    [
        ({}, True),
        ({"lead_usd": -10.0}, True),
        ({"lead_usd": 3.0, "lead_spread_usd": 10.0}, True),
        ({"lead_usd": 3.0, "lead_spread_usd": 9.9}, False),
        ({"lead_se_usd": 1.01}, False),
        ({"probability_best_se": 0.101}, False),
    ],
)
def test_enough_futures_at_the_limit(changes: dict[str, float], enough: bool) -> None:
    at_limit = Precision(100, 10.0, 1.0, 5.0, 0.5, 0.1)
    assert precise_enough(precision=replace(at_limit, **changes), relative_error=0.1) is enough  # type: ignore[arg-type]


def test_an_order_is_clear_beyond_two_standard_errors() -> None:
    assert not Precision(100, 2.0, 1.0, 5.0, 0.5, 0.1).order_is_clear
    assert Precision(100, 2.1, 1.0, 5.0, 0.5, 0.1).order_is_clear
    found = precision_of(lead=np.array([1.0, 3.0, 5.0, 7.0]), probability_best=0.75)
    assert (found.draws, found.lead_usd, found.probability_best) == (4, 4.0, 0.75)
    assert found.lead_spread_usd == pytest.approx(np.std([1, 3, 5, 7], ddof=1))


def test_bands_of_one_and_of_infinite_futures() -> None:
    assert band(np.array([3.0])) == Band(3.0, 3.0, 0.0, 3.0, 3.0, 3.0, 3.0, 3.0)
    two = band(np.array([9.0, 1.0, 3.0]))
    assert (two.central, two.mean, two.se, two.p5, two.p50, two.p90) == (9.0, 2.0, 1.0, 1.0, 1.0, 3.0)
    mixed = band(np.array([0.0, math.inf, -math.inf]))
    assert math.isnan(mixed.mean)


def test_a_map_is_held_against_the_first_option_until_another_is_named() -> None:
    benefit = np.array([[[1.0]], [[4.0]], [[2.0]]])
    assert winner_map(net_benefit=benefit).over_baseline_usd.tolist() == [[3.0]]
    assert winner_map(net_benefit=benefit, baseline=2).over_baseline_usd.tolist() == [[2.0]]


@pytest.mark.parametrize(
    ("low", "high", "logarithmic", "kind"),
    [(2.0, 2.0, False, "low < high"), (0.0, 1.0, True, "0 < low < high"), (-1.0, math.nan, False, "low < high")],
)
def test_a_range_without_room_is_refused(low: float, high: float, logarithmic: bool, kind: str) -> None:
    text = rf"^low, high: {low:g} to {high:g}; allowed: finite numbers with {kind}$"
    with pytest.raises(InputError, match=text):
        choice_changes(net_benefit=lambda x: np.stack([x, -x]), low=low, high=high, logarithmic=logarithmic)


def test_points_are_spaced_by_ratio_only_where_that_is_asked_for() -> None:
    seen: list[np.ndarray] = []

    def benefit(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return np.stack([x, 0 * x])

    choice_changes(net_benefit=benefit, low=1.0, high=100.0)
    choice_changes(net_benefit=benefit, low=1.0, high=100.0, logarithmic=True)
    sign_changes(difference=lambda x: benefit(x)[0], low=1.0, high=100.0)
    assert [points[64] for points in seen] == pytest.approx([50.5, 10.0, 50.5])


def test_looks_and_points_are_as_many_as_asked() -> None:
    sizes: list[int] = []

    def benefit(asked: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        sizes.append(asked["a"].size)
        return {"a": np.stack([asked["a"] - 2.2, 0 * asked["a"]])}

    [change] = choice_changes_of(net_benefit=benefit, points={"a": np.linspace(0, 5, 6)}, looks=2, finer=11)["a"]
    assert sizes == [6, 11, 4]
    assert change.value == pytest.approx(2.2)


def test_a_jump_lies_in_the_middle_of_its_bracket_and_its_gap_is_that_of_the_middle() -> None:
    def benefit(x: np.ndarray) -> np.ndarray:
        return np.stack([0 * x, np.where(x < 2.5, -3.0, 5.0)])

    [change] = choice_changes_of(net_benefit=lambda a: {0: benefit(a[0])}, points={0: np.arange(6.0)}, looks=1)[0]
    assert change == Change(2.5, 0, 1, 5.0, True)


def test_distances_from_a_change_at_todays_value() -> None:
    at, below = distances(
        changes=(Change(3.0, 0, 1, 0.0, False), Change(-5.0, 1, 0, 0.0, False)), today=-5.0, p5=-6.0, p95=-2.0
    )
    assert (at.change.value, at.absolute, at.relative, at.ranges) == (-5.0, 0.0, 0.0, 0.0)
    assert (below.absolute, below.relative, below.ranges) == (8.0, 1.6, 2.0)
    [zero] = distances(changes=(Change(0.0, 0, 1, 0.0, False),), today=0.0, p5=0.0, p95=0.0)
    assert (zero.relative, zero.ranges) == (0.0, 0.0)
