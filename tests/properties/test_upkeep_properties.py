"""Retraining intervals against brute force, and what holds for every ageing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.units import Array
from estimator.upkeep import (
    Case,
    exponential_cost_rate,
    exponential_retraining_interval,
    linear_retraining_interval,
    mean_age,
    per_month,
    policy_cost,
    policy_of,
    retraining_times,
    shock_loss,
    stale_share,
)

few = settings(max_examples=40, deadline=None)


def case(months: int, retrain_usd: float, value: float, drift: float, **more: float) -> Case:
    def loss(age: Array) -> Array:
        return drift * age

    return Case(
        months=months,
        retrain_usd=retrain_usd,
        value_usd=np.full(months, value),
        loss=loss,
        checks_per_month=1.0,
        threshold=None,
        **more,
    )


@few
@given(st.floats(100, 1e5), st.floats(1e3, 1e7), st.floats(1e-4, 0.02))
def test_linear_interval_is_that_of_a_search(retrain_usd: float, value: float, drift: float) -> None:
    best = float(
        linear_retraining_interval(
            retrain_usd=retrain_usd, tasks_per_month=value, value_per_quality_usd=1.0, drift_per_month=drift
        )
    )
    tried = best * np.geomspace(0.01, 100, 4001)
    rate = retrain_usd / tried + value * drift * tried / 2
    assert best == pytest.approx(tried[rate.argmin()], rel=2e-3)


@few
@given(st.floats(100, 1e5), st.floats(1e3, 1e6), st.floats(3, 60))
def test_exponential_interval_is_that_of_a_search(retrain_usd: float, loss: float, half_life: float) -> None:
    given_ = {"retrain_usd": retrain_usd, "monthly_loss_usd": loss, "half_life_months": half_life}
    best = float(exponential_retraining_interval(**given_))
    tried = np.geomspace(1e-3, 3000, 6001)
    rate = exponential_cost_rate(interval_months=tried, **given_)
    if np.isinf(best):
        assert rate.min() >= loss * 0.97
    else:
        assert exponential_cost_rate(interval_months=best, **given_) <= rate.min() * (1 + 1e-9)


@few
@given(st.integers(2, 60), st.floats(50, 1e5), st.floats(1e3, 1e6), st.floats(1e-4, 0.02))
def test_the_economic_policy_beats_every_fixed_interval(
    months: int, retrain_usd: float, value: float, drift: float
) -> None:
    given_ = case(months, retrain_usd, value, drift)
    own = policy_cost(given_, policy_of(given_, kind="economic"), parts_usd={"all": retrain_usd})
    assert own.total_usd == pytest.approx(own.retraining_usd + own.lost_usd)
    assert sum(own.parts_usd.values()) == pytest.approx(own.retraining_usd)
    for interval in (*range(1, months + 1), 1.5, 2.7, float("inf")):
        count, lost, _ = given_.cost(float(interval))
        assert own.total_usd <= (count * retrain_usd + lost) * (1 + 1e-3) + 1e-6


@few
@given(st.floats(200, 5000), st.floats(1e4, 1e5), st.floats(1e-3, 5e-3))
def test_over_a_long_horizon_the_exact_interval_is_the_closed_form(
    retrain_usd: float, value: float, drift: float
) -> None:
    given_ = case(240, retrain_usd, value, drift)
    closed = given_.closed_form
    if not 1.5 < closed < 30:
        return
    exact = float(policy_of(given_, kind="economic").interval_months)
    assert exact == pytest.approx(closed, rel=0.15)


@few
@given(st.integers(1, 60), st.floats(0.3, 80))
def test_ages_and_times_agree(months: int, interval: float) -> None:
    times = retraining_times(interval_months=interval, months=months)
    assert per_month(times=times, months=months).sum() == times.size
    assert (times < months).all()
    age = mean_age(resets=times, months=months)
    assert (age >= 0).all()
    assert age.max() <= max(interval, 1.0) + 1e-9
    assert (age <= mean_age(resets=np.zeros(0), months=months) + 1e-9).all()


@few
@given(st.integers(3, 48), st.floats(1, 12), st.floats(0, 40), st.floats(0, 20))
def test_a_closed_platform_trains_nothing_until_the_move(
    months: int, interval: float, closed: float, wait: float
) -> None:
    moved = closed + wait
    times = retraining_times(interval_months=interval, months=months, closed_from=closed, reopened_at=moved)
    assert not ((times > closed + 1e-3) & (times < moved)).any()
    assert times.size <= retraining_times(interval_months=interval, months=months).size + 1


@few
@given(st.floats(0, 1), st.floats(0, 100), st.floats(0, 12), st.floats(0, 1), st.floats(0, 12))
def test_losses_are_shares(change: float, age: float, events: float, loss: float, repair: float) -> None:
    assert 0 <= float(stale_share(age_months=age, change_per_month=change)) <= 1
    assert 0 <= float(shock_loss(events_per_year=events, loss=loss, months_to_repair=repair)) <= loss
