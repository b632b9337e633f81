"""Draws: stratified, true to their distribution, central case first, the same for the same name and seed."""

import numpy as np
import pytest
from scipy import stats

from estimator.inputs import sample
from estimator.scenario import Limits, Quantity

DRAWS = 20_000


def draw(text: object, *, seed: int = 0, stream: str = "x", limits: Limits | None = None) -> np.ndarray:
    value = sample(quantity=Quantity.parse(text), stream=stream, draws=DRAWS, seed=seed, limits=limits)
    assert isinstance(value, np.ndarray)
    return value


def test_a_point_is_a_number() -> None:
    assert sample(quantity=Quantity.parse("5%"), stream="x", draws=10, seed=0) == 0.05


def test_pert_has_the_beta_moments_and_quantiles() -> None:
    low, mode, high = 1.0, 2.0, 6.0
    values = draw({"low": low, "mode": mode, "high": high})
    assert values[0] == mode
    assert values[1:].mean() == pytest.approx((low + 4 * mode + high) / 6, rel=1e-3)
    beta = stats.beta(1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low), low, high - low)
    for share in (0.05, 0.5, 0.95):
        assert np.quantile(values[1:], share) == pytest.approx(beta.ppf(share), rel=2e-3)


def test_a_range_is_p5_to_p95_of_a_lognormal() -> None:
    values = draw("20k to 200k")
    assert values[0] == pytest.approx(np.sqrt(20e3 * 200e3))
    assert np.quantile(values[1:], [0.05, 0.95]) == pytest.approx([20e3, 200e3], rel=3e-3)
    assert stats.skew(np.log(values[1:])) == pytest.approx(0, abs=0.02)


def test_a_range_that_reaches_zero_is_normal() -> None:
    values = draw("-5 to 5")
    assert values[0] == 0
    assert np.quantile(values[1:], [0.05, 0.95]) == pytest.approx([-5, 5], abs=0.05)


def test_each_stratum_is_hit_once() -> None:
    values = draw({"low": 0, "mode": 0.5, "high": 1})[1:]
    beta = stats.beta(3, 3)
    strata = np.floor(beta.cdf(values) * DRAWS).astype(int)
    assert np.unique(strata).size > 0.99 * DRAWS


def test_streams_depend_on_name_and_seed_alone() -> None:
    assert np.array_equal(draw("1 to 2"), draw("1 to 2"))
    assert not np.array_equal(draw("1 to 2"), draw("1 to 2", seed=1))
    assert not np.array_equal(draw("1 to 2"), draw("1 to 2", stream="y"))
    ranks = np.argsort(np.argsort(draw("1 to 2")[1:]))
    assert np.array_equal(ranks, np.argsort(np.argsort(draw("10 to 50")[1:])))


def test_draws_stay_within_the_limits() -> None:
    values = draw("0.5 to 0.99", limits=Limits("share", least=0, most=1))
    assert values.max() <= 1
    assert values.max() == 1
