"""Value of information against the closed form of two options, and the estimator against its known weaknesses."""

import math

import numpy as np
import pytest

from estimator.decision import (
    conditional_mean,
    perfect_information,
    value_of_knowing,
    value_of_knowing_together,
)
from estimator.errors import InputError


def closed_form(mean: float, spread: float) -> float:
    """EVPI = s φ(μ/s) − |μ| Φ(−|μ|/s) of a choice between 0 and Normal(μ, s²)."""
    ratio = abs(mean) / spread
    return spread * math.exp(-(ratio**2) / 2) / math.sqrt(2 * math.pi) - abs(mean) * math.erfc(ratio / math.sqrt(2)) / 2


def two_options(mean: float, spread: float, known: float, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Net benefits 0 and μ + s (ρ x + √(1 − ρ²) noise), and x."""
    rng = np.random.default_rng(seed)
    x, noise = rng.standard_normal((2, draws))
    return np.stack([np.zeros(draws), mean + spread * (known * x + math.sqrt(1 - known**2) * noise)]), x


@pytest.mark.parametrize("mean", [-2000.0, 500.0, 3000.0])
def test_perfect_information_of_two_normal_options(mean: float) -> None:
    benefit, _ = two_options(mean, 4000.0, 0.5, 100_000, 1)
    found = perfect_information(net_benefit=benefit)
    assert abs(found.usd - closed_form(mean, 4000.0)) < 3 * found.standard_error_usd
    assert found.usd == pytest.approx(closed_form(mean, 4000.0), rel=0.03)


@pytest.mark.parametrize("known", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("mean", [-2000.0, 500.0])
def test_partial_information_of_two_normal_options(mean: float, known: float) -> None:
    benefit, x = two_options(mean, 4000.0, known, 100_000, 2)
    [found] = value_of_knowing(net_benefit=benefit, values=x[None, :])
    assert abs(found.usd - closed_form(mean, 4000.0 * known)) < 3 * found.standard_error_usd
    assert found.usd == pytest.approx(closed_form(mean, 4000.0 * known), rel=0.03, abs=4.0)


def test_standard_errors_are_the_spread_between_seeds() -> None:
    perfect, partial = [], []
    for seed in range(150):
        benefit, x = two_options(500.0, 4000.0, 0.6, 2000, seed)
        perfect.append(perfect_information(net_benefit=benefit))
        partial += value_of_knowing(net_benefit=benefit, values=x[None, :])
    for found in (perfect, partial):
        spread = np.std([item.usd for item in found])
        assert np.mean([item.standard_error_usd for item in found]) == pytest.approx(spread, rel=0.3)


def test_an_input_without_effect_is_worth_almost_nothing() -> None:
    """Sixty equal bins give 0.027 standard deviations here, all of it bias."""
    found = []
    for seed in range(30):
        benefit, _ = two_options(0.0, 1.0, 0.5, 10_000, seed)
        found += value_of_knowing(
            net_benefit=benefit, values=np.random.default_rng(1000 + seed).normal(size=(1, 10_000))
        )
    assert np.mean([item.usd for item in found]) < 0.001


def test_a_constant_input_is_worth_nothing_and_a_repeated_one_adds_nothing() -> None:
    benefit, x = two_options(100.0, 1000.0, 0.8, 5000, 3)
    assert value_of_knowing(net_benefit=benefit, values=np.full((1, 5000), 7.0))[0].usd == 0
    [alone] = value_of_knowing(net_benefit=benefit, values=x[None, :])
    twice = value_of_knowing_together(net_benefit=benefit, values=np.stack([x, 2 * x + 1]))
    assert twice.usd == pytest.approx(alone.usd, rel=0.02)


def test_one_option_leaves_nothing_to_choose() -> None:
    benefit = np.random.default_rng(1).normal(size=(1, 500))
    assert perfect_information(net_benefit=benefit).usd == 0
    assert value_of_knowing(net_benefit=benefit, values=benefit)[0].usd == 0


def test_a_switch_is_seen_exactly() -> None:
    rng = np.random.default_rng(4)
    switch = rng.integers(0, 3, 3000).astype(float)
    gain = np.array([-30.0, 50.0, -20.0])[switch.astype(int)]
    benefit = np.stack([np.zeros(3000), gain + rng.normal(size=3000)])
    fitted = conditional_mean(outcomes=benefit[1:], values=switch[None, :])[0]
    for value in range(3):
        assert fitted[switch == value] == pytest.approx(benefit[1][switch == value].mean(), abs=0.05)


def test_a_bend_is_seen() -> None:
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 1, 20_000)
    fitted = conditional_mean(outcomes=(np.cos(3 * x) + rng.normal(size=x.size))[None, :], values=x[None, :])[0]
    assert np.sqrt(np.mean((fitted - np.cos(3 * x)) ** 2)) < 0.03


def test_two_inputs_that_only_count_together() -> None:
    x, y = np.random.default_rng(6).normal(size=(2, 20_000))
    benefit = np.stack([np.zeros(x.size), x * y])
    alone = value_of_knowing(net_benefit=benefit, values=np.stack([x, y]))
    both = value_of_knowing_together(net_benefit=benefit, values=np.stack([x, y]))
    assert max(item.usd for item in alone) < 0.02
    assert both.usd == pytest.approx(1 / math.pi, rel=0.03)  # E max(0, xy) = E|x| E|y| / 2


def test_too_few_futures_is_said() -> None:
    with pytest.raises(InputError, match="raise the number of draws"):
        conditional_mean(outcomes=np.zeros((1, 20)), values=np.arange(20.0)[None, :])
