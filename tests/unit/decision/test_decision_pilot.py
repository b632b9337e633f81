"""The value of a pilot against exact beta-binomial and normal-normal values."""

import math

import numpy as np
import pytest

from estimator.decision import best_pilot, measured_quality, value_of_pilot
from estimator.errors import InputError

A, B, SLOPE, THRESHOLD = 8.0, 4.0, 50_000.0, 0.70


def tuned_or_not(draws: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Tuning gains 50,000 per unit of quality above 0.70; quality is Beta(8, 4)."""
    rng = np.random.default_rng(seed)
    quality = rng.beta(A, B, draws)
    return np.stack([np.zeros(draws), SLOPE * (quality - THRESHOLD) + 3000 * rng.normal(size=draws)]), quality[None, :]


def beta_binomial_worth(items: int) -> float:
    """Σ_k P(k) max(0, slope (E[q | k] − t)) − max(0, slope (E[q] − t)), exactly."""

    def log_beta(a: float, b: float) -> float:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    total = 0.0
    for hits in range(items + 1):
        odds = math.comb(items, hits) * math.exp(log_beta(A + hits, B + items - hits) - log_beta(A, B))
        total += odds * max(0.0, SLOPE * ((A + hits) / (A + B + items) - THRESHOLD))
    return total - max(0.0, SLOPE * (A / (A + B) - THRESHOLD))


@pytest.mark.parametrize("items", [1, 5, 20, 100])
def test_worth_is_the_exact_beta_binomial_one(items: int) -> None:
    benefit, quality = tuned_or_not(200_000)
    found = value_of_pilot(net_benefit=benefit, quality=quality, items=items, seed=3)
    assert abs(found.worth.usd - beta_binomial_worth(items)) <= 3 * found.worth.standard_error_usd
    assert found.worth.usd == pytest.approx(beta_binomial_worth(items), rel=0.05, abs=20)


def test_worth_is_the_normal_one_with_noise_of_training() -> None:
    mean, spread, items, noise, draws = 0.6, 0.03, 400, 0.02, 200_000
    quality = mean + spread * np.random.default_rng(1).normal(size=(1, draws))
    benefit = np.stack([np.zeros(draws), SLOPE * (quality[0] - 0.59)])
    variance = noise**2 + (mean * (1 - mean) - spread**2) / items
    learnt = SLOPE * spread**2 / math.sqrt(spread**2 + variance)
    ratio = SLOPE * 0.01 / learnt
    exact = learnt * math.exp(-(ratio**2) / 2) / math.sqrt(2 * math.pi) - SLOPE * 0.01 * math.erfc(ratio / 2**0.5) / 2
    found = value_of_pilot(net_benefit=benefit, quality=quality, items=items, extra_sd=noise, seed=2)
    assert found.worth.usd == pytest.approx(exact, rel=0.04)


def test_more_items_are_worth_more_up_to_knowing_the_quality() -> None:
    benefit, quality = tuned_or_not(50_000)
    sizes = (0, 3, 30, 300, 100_000)
    pilots = [value_of_pilot(net_benefit=benefit, quality=quality, items=size, seed=1) for size in sizes]
    worths = [pilot.worth.usd for pilot in pilots]
    assert worths[0] == 0
    assert worths == sorted(worths)
    assert max(worths) <= pilots[0].at_most_usd
    assert worths[-1] == pytest.approx(pilots[0].at_most_usd, rel=0.01)


def test_a_noisier_training_run_teaches_less() -> None:
    benefit, quality = tuned_or_not(50_000)
    steady, shaky = (
        value_of_pilot(net_benefit=benefit, quality=quality, items=100, extra_sd=sd, seed=1).worth.usd
        for sd in (0.0, 0.2)
    )
    assert shaky < 0.8 * steady


def test_two_options_measured_on_the_same_items_teach_more_than_one() -> None:
    rng = np.random.default_rng(7)
    quality = rng.beta(8, 4, (2, 30_000))
    benefit = SLOPE * quality
    one = value_of_pilot(net_benefit=benefit, quality=quality[:1], items=100)
    both = value_of_pilot(net_benefit=benefit, quality=quality, items=100)
    assert both.worth.usd > 1.1 * one.worth.usd


def test_cost_decides_whether_a_pilot_pays() -> None:
    benefit, quality = tuned_or_not(20_000)
    cheap = value_of_pilot(net_benefit=benefit, quality=quality, items=100, cost_usd=200.0)
    dear = value_of_pilot(net_benefit=benefit, quality=quality, items=100, cost_usd=20_000.0)
    assert cheap.pays
    assert cheap.net_usd == pytest.approx(cheap.worth.usd - 200)
    assert not dear.pays
    prices = {"net_benefit": benefit, "quality": quality, "items": [10, 100, 1000], "fixed_usd": 200.0}
    assert best_pilot(**prices, usd_per_item=50.0).items == 10
    assert best_pilot(**prices, usd_per_item=0.01).items == 1000
    assert best_pilot(**prices, usd_per_item=1e5).items == 0


def test_measurement_has_binomial_noise() -> None:
    seen = measured_quality(quality=np.full((1, 100_000), 0.8), items=200, seed=5)
    assert seen.mean() == pytest.approx(0.8, abs=0.001)
    assert seen.std() == pytest.approx(math.sqrt(0.8 * 0.2 / 200), rel=0.02)


@pytest.mark.parametrize(
    ("quality", "items", "sd"), [(1.2, 10, 0.0), (0.5, -1, 0.0), (0.5, 10, -0.1), (math.nan, 10, 0.0)]
)
def test_what_cannot_be_measured_is_said(quality: float, items: int, sd: float) -> None:
    with pytest.raises(InputError, match=r"^quality|^items"):
        measured_quality(quality=np.array([[quality]]), items=items, extra_sd=sd)
