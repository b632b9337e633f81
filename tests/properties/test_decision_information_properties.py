"""What holds for every choice between options, whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.decision import (
    acceptability,
    choice_changes,
    expected_regret,
    incremental_ratios,
    perfect_information,
    sign_changes,
    sobol_indices,
    value_of_knowing,
    value_of_knowing_together,
    value_of_pilot,
    winner_map,
)

few = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 100_000)
FUTURES = 400


def _benefit(seed: int, options: int) -> tuple[np.ndarray, np.ndarray]:
    """Net benefits that depend on three inputs in odd ways, and the inputs: heavy-tailed, a share, a switch."""
    rng = np.random.default_rng(seed)
    known = np.stack([rng.lognormal(0, 1.5, FUTURES), rng.beta(2, 2, FUTURES), rng.integers(0, 2, FUTURES)])
    effects = rng.normal(size=(options, 3)) * rng.integers(0, 2, (options, 3))
    noise = rng.normal(size=(options, FUTURES)) * rng.choice([0.0, 1.0, known[0].mean()])
    return (effects @ known + noise * known[0]) * 10.0 ** rng.integers(-2, 7), known


@few
@given(seeds, st.integers(1, 6))
def test_knowing_part_is_worth_no_more_than_knowing_all_and_never_less_than_nothing(seed: int, options: int) -> None:
    benefit, known = _benefit(seed, options)
    full = perfect_information(net_benefit=benefit)
    parts = (
        *value_of_knowing(net_benefit=benefit, values=known),
        value_of_knowing_together(net_benefit=benefit, values=known[:2]),
        value_of_knowing_together(net_benefit=benefit, values=known),
    )
    for part in parts:
        assert 0 <= part.usd <= full.usd
        assert np.isfinite(part.standard_error_usd)
    assert full.usd == pytest.approx(
        expected_regret(net_benefit=benefit, eligible=np.ones(options, dtype=bool)).min(), abs=1e-9 * np.ptp(benefit)
    )


@few
@given(seeds, st.integers(1, 5), st.integers(0, 2000), st.floats(0, 0.3))
def test_a_pilot_is_worth_no_more_than_the_truth_it_looks_for(seed: int, options: int, items: int, sd: float) -> None:
    benefit, known = _benefit(seed, options)
    pilot = value_of_pilot(net_benefit=benefit, quality=known[1:2], items=items, extra_sd=sd, seed=seed)
    assert 0 <= pilot.worth.usd <= pilot.at_most_usd <= perfect_information(net_benefit=benefit).usd
    assert pilot.net_usd <= pilot.worth.usd


@few
@given(seeds, st.floats(1e-3, 1e3))
def test_another_currency_scales_every_worth(seed: int, rate: float) -> None:
    benefit, known = _benefit(seed, 3)
    for own, other in zip(
        value_of_knowing(net_benefit=benefit, values=known),
        value_of_knowing(net_benefit=rate * benefit, values=known),
        strict=True,
    ):
        assert other.usd == pytest.approx(rate * own.usd, rel=1e-6, abs=1e-9 * rate * np.ptp(benefit))


@few
@given(seeds, st.integers(1, 5))
def test_the_curve_sums_to_one_and_a_dominated_option_never_enters(seed: int, options: int) -> None:
    rng = np.random.default_rng(seed)
    successes, costs = rng.gamma(2.0, 100.0, (2, options, 60))
    worth = np.geomspace(0.01, 100, 12)
    curve = acceptability(successes=successes, costs=costs, worth_usd=worth)
    np.testing.assert_allclose(curve.probability_best.sum(axis=0), 1)
    more = acceptability(
        successes=np.vstack([successes, successes.min(axis=0) - 1]),
        costs=np.vstack([costs, costs.max(axis=0) + 1]),
        worth_usd=worth,
    )
    np.testing.assert_array_equal(more.chosen, curve.chosen)
    np.testing.assert_array_equal(more.probability_best[:-1], curve.probability_best)
    assert not more.probability_best[-1].any()


@few
@given(seeds, st.integers(1, 7))
def test_ratios_rise_along_the_frontier_and_the_choice_follows_it(seed: int, options: int) -> None:
    successes, costs = np.random.default_rng(seed).integers(1, 12, (2, options)).astype(float)
    found = incremental_ratios(successes=successes, costs=costs)
    ratios = [item.usd_per_success for item in found if item.usd_per_success is not None]
    assert ratios == sorted(ratios)
    frontier = {item.option for item in found if item.standing == "on the frontier"}
    worth = np.geomspace(1e-3, 1e3, 50)
    best = (worth[:, None] * successes - costs).max(axis=1)
    kept = (worth[:, None] * successes[sorted(frontier)] - costs[sorted(frontier)]).max(axis=1)
    assert best == pytest.approx(kept)
    assert len(ratios) == len(frontier) - 1


@few
@given(seeds)
def test_swapping_two_options_swaps_the_sides_of_every_change(seed: int) -> None:
    factors = np.random.default_rng(seed).normal(size=5)

    def gain(x: np.ndarray) -> np.ndarray:
        return np.polyval(factors, x)

    ours = sign_changes(difference=gain, low=-3.0, high=3.0)
    theirs = sign_changes(difference=lambda x: -gain(x), low=-3.0, high=3.0)
    assert [(item.below, item.above) for item in ours] == [(item.above, item.below) for item in theirs]
    assert [item.value for item in ours] == pytest.approx([item.value for item in theirs])
    for item in ours:
        assert abs(np.polyval(factors, item.value)) < 1e-6
        assert abs(item.gap_usd) < 1e-6


@few
@given(seeds)
def test_changes_are_those_of_the_polynomial(seed: int) -> None:
    roots = np.sort(np.random.default_rng(seed).uniform(-3, 3, 4))
    if np.diff(roots).min() > 0.1:
        found = sign_changes(difference=lambda x: np.prod(x[:, None] - roots, axis=1), low=-4.0, high=4.0)
        assert [item.value for item in found] == pytest.approx(list(roots), abs=1e-8)


@few
@given(seeds)
def test_a_dominated_option_changes_no_choice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = rng.normal(size=(3, 2))

    def three(x: np.ndarray) -> np.ndarray:
        return lines[:, :1] + lines[:, 1:] * x

    def four(x: np.ndarray) -> np.ndarray:
        return np.vstack([three(x), three(x).min(axis=0) - 1])

    assert choice_changes(net_benefit=three, low=-5.0, high=5.0) == choice_changes(net_benefit=four, low=-5.0, high=5.0)
    grid = rng.normal(size=(3, 4, 5))
    more = winner_map(net_benefit=np.concatenate([grid, grid.min(axis=0, keepdims=True) - 1]))
    np.testing.assert_array_equal(more.chosen, winner_map(net_benefit=grid).chosen)


@few
@given(seeds, st.floats(-1e6, 1e6), st.floats(0.01, 100))
def test_shares_of_spread_do_not_depend_on_unit_or_origin(seed: int, origin: float, unit: float) -> None:
    results = np.random.default_rng(seed).normal(size=5 * 64)
    ours, theirs = sobol_indices(results=results, inputs=3), sobol_indices(results=origin + unit * results, inputs=3)
    np.testing.assert_allclose(ours.first, theirs.first, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(ours.total, theirs.total, rtol=1e-4, atol=1e-4)
