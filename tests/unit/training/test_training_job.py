"""Lengths of examples, and the way from a step to a job, by hand."""

import numpy as np
import pytest

from estimator.errors import InputError
from estimator.scenario import parse_hours
from estimator.training import (
    Lengths,
    checkpoint_bytes,
    checkpoint_interval,
    evaluation_share,
    expected_longest,
    forward_share,
    job_hours,
    lognormal_sigma,
    run_energy,
)


def test_the_spread_of_a_lognormal_comes_back() -> None:
    sigma = float(lognormal_sigma(spread=2.0))
    assert np.exp(1.6448536269514722 * sigma - sigma**2 / 2) == pytest.approx(2.0)
    assert float(lognormal_sigma(spread=1.0)) == 0.0


@pytest.mark.parametrize("spread", [0.9, 3.9, np.array([1.5, 5.0])])
def test_a_spread_no_lognormal_has_is_refused(spread: float) -> None:
    with pytest.raises(InputError, match=r"tuning.length_spread.*1 to 3.8"):
        lognormal_sigma(spread=spread)


@pytest.mark.parametrize("count", [1, 4, 16])
def test_the_expected_longest_is_that_of_a_simulation(count: int) -> None:
    draws = np.random.default_rng(7).standard_normal((200_000, count))
    longest = np.minimum(600 * np.exp(0.6 * draws - 0.18), 2048).max(axis=1).mean()
    found = expected_longest(mean_tokens=600.0, sigma=0.6, count=float(count), limit_tokens=2048.0)
    assert float(found) == pytest.approx(longest, rel=0.005)


def test_equal_lengths_waste_nothing_and_a_micro_batch_of_one_is_never_padded() -> None:
    equal = Lengths(mean_tokens=500.0)
    assert equal.processed_tokens(np.array([1.0, 8.0])).tolist() == [500.0, 500.0]
    assert equal.longest_tokens(1e6) == 500.0
    mixed = Lengths(mean_tokens=500.0, spread=2.0)
    assert float(mixed.processed_tokens(1.0)) == pytest.approx(500.0, rel=1e-3)
    assert float(mixed.processed_tokens(8.0)) > 900.0


def test_packing_wastes_what_is_stated_and_attends_to_the_length_of_a_token_s_own_example() -> None:
    packed = Lengths(mean_tokens=500.0, spread=2.0, packing=True, packing_waste=0.02)
    assert packed.processed_tokens(8.0) == pytest.approx(packed.kept_tokens / 0.98)
    sigma = float(lognormal_sigma(spread=2.0))
    # mean of X² over mean of X of a lognormal
    assert float(packed.attended_tokens(8.0)) == pytest.approx(500 * np.exp(sigma**2), rel=1e-3)


def test_a_known_padding_waste_beats_the_lengths() -> None:
    known = Lengths(mean_tokens=800.0, spread=2.0, padding_waste=0.2)
    assert float(known.processed_tokens(64.0)) == pytest.approx(1000.0, rel=1e-3)


def test_many_draws_of_the_spread_are_those_of_single_spreads() -> None:
    spreads = np.random.default_rng(3).uniform(1.2, 3.0, 3000)
    drawn = np.asarray(Lengths(mean_tokens=500.0, spread=spreads, limit_tokens=2000.0).processed_tokens(8.0))
    for place in (0, 17, 2999):
        alone = Lengths(mean_tokens=500.0, spread=float(spreads[place]), limit_tokens=2000.0).processed_tokens(8.0)
        assert drawn[place] == pytest.approx(float(alone), rel=1e-4)


def test_a_cut_shortens_the_longest_and_the_mean() -> None:
    cut = Lengths(mean_tokens=500.0, spread=2.0, limit_tokens=700.0)
    assert cut.longest_tokens(10_000) == 700.0
    assert float(cut.kept_tokens) < 500.0


def test_hours_by_hand() -> None:
    run = job_hours(
        tokens=36e6,
        tokens_per_s=1e3,
        time_uncertainty=1.2,
        startup_hours=0.25,
        loading_hours=0.05,
        evaluation_share=0.1,
        checkpoint_hours=0.02,
        checkpoint_interval_hours=1.1,
    )
    assert float(run.training) == pytest.approx(12.0)
    assert float(run.evaluation) == pytest.approx(1.2)
    assert float(run.checkpoints) == pytest.approx(12 * 0.02)
    assert float(run.interruptions) == pytest.approx(0.0, abs=1e-6)
    assert float(run.hours) == pytest.approx(12 + 1.2 + 0.24 + 0.3)
    assert float(run.days) == pytest.approx(float(run.hours) / 24)


def test_interruptions_cost_the_lost_half_interval_and_the_restart() -> None:
    # first order: λ T (i/2 + R); Daly's complete model agrees where interruptions are rare
    run = job_hours(
        tokens=3600e3, tokens_per_s=10.0, interruptions_per_hour=1e-4, checkpoint_interval_hours=2.0, startup_hours=0.5
    )
    assert float(run.training) == pytest.approx(100.0)
    assert float(run.interruptions) == pytest.approx(1e-4 * 100 * (1.0 + 0.5), rel=0.01)


def test_young_s_interval_is_near_the_best() -> None:
    best = float(checkpoint_interval(checkpoint_hours=0.02, interruptions_per_hour=0.04))
    given = {"tokens": 3.6e8, "tokens_per_s": 1e3, "checkpoint_hours": 0.02, "interruptions_per_hour": 0.04}
    hours = [float(job_hours(**given, checkpoint_interval_hours=i).hours) for i in (best / 3, best, best * 3)]
    assert hours[1] < min(hours[0], hours[2])
    assert float(job_hours(**given).hours) == pytest.approx(hours[1])


def test_a_plan_that_is_always_interrupted_stays_finite() -> None:
    run = job_hours(tokens=1e12, tokens_per_s=1e3, interruptions_per_hour=1e4, startup_hours=1.0)
    assert np.isfinite(float(run.hours))


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(InputError, match=r"tokens_per_s: 0\.0 is not above 0"):
        job_hours(tokens=1e6, tokens_per_s=0.0)


def test_checkpoints_and_evaluation_by_hand() -> None:
    assert checkpoint_bytes(weights=8e9, trained_weights=4e7, base_trained=False) == 4.8e8
    assert forward_share(base_trained=True, recompute=0.0) == pytest.approx(1 / 3)
    assert forward_share(base_trained=False, recompute=1.0) == pytest.approx(1 / 3)
    assert evaluation_share(passes=2, examples=500, trained_examples=5000, forward_share=0.5) == pytest.approx(0.1)


def test_energy_by_hand_and_its_parts_sum() -> None:
    energy = run_energy(gpu_hours=10.0, tdp_w=1000.0, power_share=0.8, server_ratio=1.5, pue=1.2, grid_g_per_kwh=100.0)
    assert (energy.gpu_kwh, energy.server_kwh) == pytest.approx((8.0, 4.0))
    assert energy.site_kwh == pytest.approx(2.4)
    assert energy.kwh == pytest.approx(14.4)
    assert energy.co2e_kg == pytest.approx(1.44)


@pytest.mark.parametrize(
    ("text", "hours"), [("24h", 24.0), ("3d", 72.0), ("90 min", 1.5), ("1 week", 168.0), ("6", 6.0), (2.5, 2.5)]
)
def test_durations(text: object, hours: float) -> None:
    assert parse_hours(text) == pytest.approx(hours)


@pytest.mark.parametrize("text", ["", "-3h", "0h", "h", "1e999h", True])
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"no duration above 0; give e\.g\. 24h"):
        parse_hours(text)


@pytest.mark.parametrize("text", ["90m", "30M", "2k", "3 fortnights", "soon", "inf"])
def test_a_suffix_that_is_no_unit_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"ends in no unit of time; give e\.g\. 24h"):
        parse_hours(text)
