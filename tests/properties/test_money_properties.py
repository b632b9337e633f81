"""What holds for all money, odds, curves and schedules."""

from datetime import date

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.catalog import PriceTier, TokenPrice
from estimator.decision import expected_regret, probability_best, value_of_perfect_information
from estimator.labels import learning_curve_error, optimal_labels, option_quality
from estimator.retrieval import FORMATS, Shape, index_size
from estimator.serving import api_request_usd, erlang_c
from estimator.tco import (
    Ledger,
    Line,
    break_even_month,
    deflator,
    discount_factors,
    every_month,
    internal_rate_of_return,
    internal_rates,
    net_present_value,
    price_index,
    ramp,
    real_rate,
    upfront,
)
from estimator.upkeep import forced_migrations, linear_retraining_interval, quality_path, retrainings

MONTHS = 12
rates = st.floats(-0.4, 0.9)
money = st.floats(-1e6, 1e6)
seeds = st.integers(0, 10_000)
few = settings(max_examples=40, deadline=None)


def _ledger(seed: int, rate: float) -> Ledger:
    rng = np.random.default_rng(seed)
    draws = rng.lognormal(size=8)
    lines = (
        Line("a", "a", "build", "hour", 90.0, upfront(months=MONTHS), draws),
        Line("b", "b", "operations", "hour", draws, every_month(per_month=3.0, months=MONTHS)),
        Line("c", "c", "inference", "request", -0.5, every_month(per_month=rng.lognormal(size=(8, MONTHS)))),
    )
    return Ledger(lines, MONTHS, rate)


@few
@given(seeds, rates)
def test_the_total_is_the_sum_of_lines_in_every_draw_and_month(seed: int, rate: float) -> None:
    ledger = _ledger(seed, rate)
    summed = sum(np.broadcast_to(line.monthly, (8, MONTHS + 1)) for line in ledger.lines)
    np.testing.assert_allclose(ledger.monthly, summed)
    np.testing.assert_allclose(ledger.total, summed.sum(axis=1))
    np.testing.assert_allclose(ledger.present_value, (summed * ledger.factors).sum(axis=1))
    np.testing.assert_allclose(ledger.cumulative_present_value[:, -1], ledger.present_value)


@few
@given(st.lists(money, min_size=2, max_size=40), rates)
def test_npv_is_that_of_numpy_financial(flows: list[float], rate: float) -> None:
    found = float(net_present_value(flows=np.array([flows]), annual_rate=rate)[0])
    assert found == pytest.approx(float(npf.npv((1 + rate) ** (1 / 12) - 1, flows)), rel=1e-9, abs=1e-6)


@few
@given(st.floats(1, 1e6), st.lists(st.floats(0.01, 1e6), min_size=1, max_size=60))
def test_irr_of_an_investment_is_that_of_numpy_financial(outlay: float, income: list[float]) -> None:
    flows = np.array([-outlay, *income])
    found = float(internal_rate_of_return(flows=flows))
    expected = float(npf.irr(flows))
    if -0.98 < expected < 9.9:
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)
    else:
        assert np.isnan(found) or found == pytest.approx(expected, rel=1e-6)


@few
@given(seeds, st.integers(2, 240))
def test_every_rate_of_return_is_a_root(seed: int, months: int) -> None:
    flows = np.random.default_rng(seed).normal(size=(50, months + 1))
    rates, count = internal_rates(flows=flows)
    assert (np.isfinite(rates) == (count > 0)).all()
    for stream, rate in zip(flows, rates, strict=True):
        if np.isfinite(rate):
            # weights of the future value where the rate is negative: neither end overflows
            weights = (1 + rate) ** (-np.arange(months + 1.0) + (months if rate < 0 else 0))
            assert abs(stream @ weights) <= 1e-9 * (abs(stream) @ weights)


@few
@given(seeds)
def test_the_rate_of_return_does_not_depend_on_unit_or_side(seed: int) -> None:
    flows = np.random.default_rng(seed).normal(size=(30, MONTHS + 1))
    rates = internal_rates(flows=flows)[0]
    np.testing.assert_array_equal(internal_rates(flows=-flows)[0], rates)
    np.testing.assert_allclose(internal_rates(flows=flows * 1024.0)[0], rates)


@few
@given(seeds, rates, st.floats(-0.2, 0.5))
def test_real_money_at_the_real_rate_is_worth_what_nominal_money_is(seed: int, rate: float, inflation: float) -> None:
    ledger = _ledger(seed, rate)
    real = ledger.monthly * deflator(inflation=inflation, months=MONTHS)
    factors = discount_factors(annual_rate=real_rate(nominal_rate=rate, inflation=inflation), months=MONTHS)
    np.testing.assert_allclose((real * factors).sum(axis=1), ledger.present_value)


@few
@given(st.floats(-0.9, 2), st.integers(1, 240))
def test_prices_start_at_todays_and_compound_by_the_year(rate: float, months: int) -> None:
    index = price_index(annual_rate=rate, months=months)[0]
    assert index[0] == index[1] == 1.0
    np.testing.assert_allclose(index[13:], index[1:-12] * (1 + rate))


@few
@given(st.floats(0, 60), st.floats(0, 1), st.integers(1, 60))
def test_a_ramp_rises_to_the_full_volume_and_stays(full: float, start: float, months: int) -> None:
    share = ramp(ramp_months=full, start_share=start, months=months)[0]
    assert (np.diff(share) >= -1e-12).all()
    assert (share >= start - 1e-12).all()
    assert share[0] > 0
    np.testing.assert_allclose(share[max(int(np.ceil(full)) - 1, 0) :], 1.0)


@few
@given(seeds)
def test_break_even_is_checked_by_substitution(seed: int) -> None:
    gain = np.cumsum(np.random.default_rng(seed).normal(size=(20, MONTHS + 1)), axis=1)
    for path, month in zip(gain, break_even_month(cumulative_gain=gain), strict=True):
        if np.isfinite(month):
            assert (path[int(month) :] >= -1e-9).all()
            assert month == 0 or path[int(month) - 1] < 0
        else:
            assert path[-1] < 0


@few
@given(seeds, st.integers(1, 5))
def test_odds_and_regret(seed: int, options: int) -> None:
    benefit = np.random.default_rng(seed).normal(size=(options, 400))
    everyone = np.ones(options, dtype=bool)
    odds = probability_best(net_benefit=benefit, eligible=everyone)
    assert odds.sum() == pytest.approx(1)
    full = value_of_perfect_information(net_benefit=benefit)
    assert full >= 0
    assert expected_regret(net_benefit=benefit, eligible=everyone).min() == pytest.approx(full)


@few
@given(seeds)
def test_a_dominated_option_changes_nothing(seed: int) -> None:
    benefit = np.random.default_rng(seed).normal(size=(3, 300))
    more = np.vstack([benefit, benefit.min(axis=0) - 1])
    odds = probability_best(net_benefit=more, eligible=np.ones(4, dtype=bool))
    assert odds[3] == 0
    np.testing.assert_array_equal(odds[:3], probability_best(net_benefit=benefit, eligible=np.ones(3, dtype=bool)))
    assert value_of_perfect_information(net_benefit=more) == pytest.approx(
        value_of_perfect_information(net_benefit=benefit)
    )


@few
@given(st.floats(0.01, 1), st.floats(10, 1e5), st.floats(1e3, 1e7), st.floats(0.01, 10))
def test_the_closed_form_of_labels_beats_a_grid(gap: float, scale: float, tasks: float, price: float) -> None:
    curve = {"floor": 0.0, "start_error": gap, "scale": scale, "exponent": 0.7}

    def cost(labels: float) -> float:
        return tasks * 0.05 * learning_curve_error(labels=labels, **curve) + price * labels

    best = float(optimal_labels(tasks=tasks, usd_per_error=0.05, usd_per_label=price, **curve))
    grid = np.concatenate(([0.0], np.geomspace(1, 1e7, 300)))
    assert cost(best) <= min(cost(labels) for labels in grid) * (1 + 1e-9)


@few
@given(st.floats(10, 1e6), st.floats(1, 1e7), st.floats(0.001, 10), st.floats(1e-5, 0.1))
def test_the_closed_form_of_retraining_beats_a_grid(cost: float, tasks: float, worth: float, drift: float) -> None:
    best = float(
        linear_retraining_interval(
            retrain_usd=cost, tasks_per_month=tasks, value_per_quality_usd=worth, drift_per_month=drift
        )
    )

    def rate(interval: float) -> float:
        return cost / interval + tasks * worth * drift * interval / 2

    assert rate(best) <= min(rate(best * factor) for factor in np.geomspace(0.01, 100, 101)) * (1 + 1e-9)


@few
@given(st.floats(0.2, 1), st.floats(0, 0.05), st.floats(1, 30), st.integers(1, 60))
def test_quality_is_a_saw_tooth_below_its_start(start: float, drift: float, interval: float, months: int) -> None:
    path = quality_path(start_quality=start, drift_per_month=drift, interval_months=interval, months=months)
    assert path.shape == (1, months)
    assert (path <= start + 1e-12).all()
    assert (path >= 0).all()
    assert retrainings(interval_months=interval, months=months).sum() == np.ceil(months / interval - 1e-9) - 1
    never = quality_path(start_quality=start, drift_per_month=drift, interval_months=np.inf, months=months)
    assert (path >= never - 1e-9).all()


@few
@given(st.floats(0, 60), st.floats(1, 60), st.integers(1, 60))
def test_migrations_come_after_the_remaining_life(remaining: float, life: float, months: int) -> None:
    moves = forced_migrations(remaining_life_months=remaining, lifetime_months=life, months=months)[0]
    expected = 0 if remaining > months else np.floor((months - remaining) / life) + 1
    assert moves.sum() == expected
    assert moves[: int(remaining)].sum() <= (1 if remaining == int(remaining) else 0)


@few
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_every_remedy_only_helps(error: float, knowledge: float, gain: float, recall: float) -> None:
    plain = option_quality(start_error=error, knowledge_share=knowledge)
    helped = option_quality(
        start_error=error, knowledge_share=knowledge, prompt_gain=gain, recall=recall, context_use=1.0
    )
    assert plain.error == pytest.approx(error)
    assert helped.error <= plain.error + 1e-12


def test_a_price_cliff_by_hand() -> None:
    tiers = (PriceTier(0.0, 1.0, 0.1, 1.25, 5.0), PriceTier(1000.0, 2.0, 0.2, 2.5, 7.0))
    price = TokenPrice("p", "m", tiers, on=date(2027, 1, 1), source="by hand")

    def cost(fresh: float) -> float:
        return float(
            api_request_usd(
                price=price,
                fresh_input_tokens=fresh,
                cached_input_tokens=100.0,
                cache_write_tokens=0.0,
                output_tokens=10.0,
            ).total
        )

    assert cost(900.0) == pytest.approx((900 * 1.0 + 100 * 0.1 + 10 * 5.0) / 1e6)
    assert cost(901.0) == pytest.approx((901 * 2.0 + 100 * 0.2 + 10 * 7.0) / 1e6)


@few
@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_queues_wait_less_with_more_servers(servers: int, usage: float) -> None:
    load = servers * usage
    assert (
        0
        <= float(erlang_c(servers=servers + 1, offered_load=load))
        <= float(erlang_c(servers=servers, offered_load=load))
        <= 1
    )


@pytest.mark.parametrize("system", FORMATS)
def test_an_index_grows_with_vectors_and_dimensions(system: str) -> None:
    small, large = (Shape(dimensions=size, links=16.0, code_bytes=96.0) for size in (128.0, 1536.0))
    vectors = np.array([1e4, 1e5, 1e6])
    grown = np.asarray(index_size(system=system, vectors=vectors, shape=small).file_bytes)
    assert (np.diff(grown) > 0).all()
    assert (np.asarray(index_size(system=system, vectors=vectors, shape=large).file_bytes) >= grown).all()
    one = float(np.asarray(index_size(system=system, vectors=1e5, shape=small).file_bytes))
    assert one == pytest.approx(float(grown[1]))
