"""Standard errors against the spread between seeds, and when draws suffice."""

import math

import numpy as np
import pytest

from estimator.decision import enough, mean_standard_error, precision, share_standard_error


def _benefit(draws: int, seed: int, lead: float = 300.0) -> np.ndarray:
    shared, own = np.random.default_rng(seed).normal(size=(2, draws))
    return np.stack([10_000 + 5000 * shared, 10_000 - lead + 5000 * shared + 1000 * own])


def test_standard_errors_are_the_spread_between_seeds() -> None:
    runs = [_benefit(1000, seed) for seed in range(200)]
    found = [precision(net_benefit=run) for run in runs]
    means = np.std([run.mean(axis=1) for run in runs], axis=0)
    odds = np.std([(run[0] > run[1]).mean() for run in runs])
    leads = np.std([(run[0] - run[1]).mean() for run in runs])
    np.testing.assert_allclose(np.mean([item.mean_usd for item in found], axis=0), means, rtol=0.2)
    assert np.mean([item.odds for item in found]) == pytest.approx(odds, rel=0.2)
    assert np.mean([item.lead for item in found]) == pytest.approx(leads, rel=0.2)


def test_shared_draws_make_the_lead_surer_than_the_means() -> None:
    found = precision(net_benefit=_benefit(1000, 1))
    assert found.lead < 0.4 * found.mean_usd.min()


def test_what_never_happened_is_not_certain() -> None:
    error = share_standard_error(share=np.array([0.0, 1.0]), draws=100)
    assert error[0] == pytest.approx(error[1])
    assert 0.01 < error[0] < 0.02


def test_mean_of_rows() -> None:
    values = np.array([[1.0, 3.0, 5.0], [2.0, 2.0, 2.0]])
    assert mean_standard_error(values=values) == pytest.approx([2 / math.sqrt(3), 0.0])


def test_draws_needed_would_do() -> None:
    few = enough(net_benefit=_benefit(300, 2))
    assert not few.enough
    assert "odds" in few.unsettled
    assert few.draws_needed > 300
    assert enough(net_benefit=_benefit(2 * few.draws_needed, 3)).enough


def test_a_tie_in_earnest_names_the_choice() -> None:
    rng = np.random.default_rng(4)
    found = enough(net_benefit=rng.normal(size=(2, 400)))
    assert "choice" in found.unsettled


def test_equal_options_need_no_more_draws_for_the_choice() -> None:
    benefit = np.ones((2, 20_000))
    assert enough(net_benefit=benefit).enough


def test_a_single_option_is_settled() -> None:
    found = enough(net_benefit=np.random.default_rng(1).normal(size=(1, 10_000)))
    assert found.enough
    assert precision(net_benefit=np.ones((1, 10))).lead_usd == math.inf
