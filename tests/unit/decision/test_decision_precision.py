"""Bands and standard errors, and the rule that says when there are enough futures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimator.decision import (
    PERCENTILES,
    band,
    percentiles,
    precise_enough,
    precision_of,
    share_standard_error,
    standard_error,
)
from estimator.inputs import sample
from estimator.plain import percentiles_by_month, plain
from estimator.scenario import Quantity


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.inf), min_size=1, max_size=130))
def test_percentiles_are_those_of_numpy(futures: list[float]) -> None:
    values = np.array(futures)
    expected = np.percentile(values, PERCENTILES, method="inverted_cdf")
    assert percentiles(futures=values).tolist() == expected.tolist()
    assert values.tolist() == futures, "the futures themselves stay in their order"


def test_percentiles_of_months_go_month_by_month() -> None:
    futures = np.random.default_rng(0).normal(size=(500, 7))
    expected = np.percentile(futures, PERCENTILES, axis=0, method="inverted_cdf")
    assert np.array_equal(percentiles(futures=futures), expected)
    path = percentiles_by_month(np.concatenate((np.zeros((1, 7)), futures)))
    assert list(path) == ["central", "p5", "p10", "p50", "p90", "p95"]
    assert path["p95"] == expected[-1].tolist()
    assert path["central"] == [0.0] * 7


def test_a_band_has_its_error_and_rises() -> None:
    futures = np.random.default_rng(1).normal(5.0, 2.0, 10_000)
    found = band(np.concatenate(([5.0], futures)))
    assert found.se == pytest.approx(2.0 / 100, rel=0.03)
    assert found.p5 < found.p10 < found.p50 < found.p90 < found.p95
    assert found.p95 == pytest.approx(5 + 1.645 * 2, abs=0.1)


def test_a_certain_result_has_no_error_and_an_infinite_one_no_number() -> None:
    assert band(np.array([3.0])).se == 0.0
    assert band(np.full(101, 3.0)).se == 0.0
    never = band(np.array([1.0, 1.0, math.inf]))
    assert math.isnan(never.se)
    assert plain(never)["se"] is None


def test_the_error_of_a_stratified_mean_is_far_below_the_one_reported() -> None:
    quantity, draws = Quantity.parse("1 to 9"), 500
    runs = [np.asarray(sample(quantity=quantity, stream="x", draws=draws, seed=seed))[1:] for seed in range(60)]
    true_error = np.std([run.mean() for run in runs])
    assert true_error < 0.2 * standard_error(futures=runs[0])


def test_the_error_of_a_share_matches_repeated_counts() -> None:
    counts = np.random.default_rng(2).binomial(400, 0.3, 20_000) / 400
    assert share_standard_error(share=0.3, draws=400) == pytest.approx(counts.std(), rel=0.02)
    assert share_standard_error(share=0.0, draws=100) > 0


@pytest.mark.parametrize(
    ("mean", "draws", "enough"),
    [
        (10.0, 2_600, True),
        (0.0, 2_600, False),
        (0.0, 10_000, True),
        (10.0, 1_000, False),
    ],
)
def test_a_clear_lead_needs_fewer_futures_than_a_tie(mean: float, draws: int, enough: bool) -> None:
    lead = np.random.default_rng(3).normal(size=draws)
    lead = (lead - lead.mean()) / lead.std(ddof=1) + mean
    found = precision_of(lead=lead, probability_best=0.5)
    assert found.lead_se_usd == pytest.approx(1 / math.sqrt(draws))
    assert found.order_is_clear is (mean > 1)
    assert precise_enough(precision=found, relative_error=0.0100001) is enough


def test_one_future_is_never_precise() -> None:
    assert not precise_enough(precision=precision_of(lead=np.array([1.0]), probability_best=1.0), relative_error=0.9)
