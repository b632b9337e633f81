"""Every form of a distribution draws what it says."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from estimator.catalog import Row
from estimator.inputs.quantiles import quantile
from estimator.inputs.sampling import quantity_of, sample
from estimator.scenario import Quantity

DRAWS = 20_000


def futures(written: object) -> np.ndarray:
    value = sample(quantity=Quantity.parse(written), stream="x", draws=DRAWS, seed=0)
    assert isinstance(value, np.ndarray)
    assert value[0] == Quantity.parse(written).mode
    return value[1:]


def test_triangular_has_the_quantiles_of_scipy() -> None:
    drawn = futures({"low": 1, "mode": 2, "high": 6, "shape": "triangular"})
    expected = stats.triang((2 - 1) / 5, loc=1, scale=5)
    assert np.quantile(drawn, [0.05, 0.2, 0.5, 0.95]) == pytest.approx(expected.ppf([0.05, 0.2, 0.5, 0.95]), rel=1e-3)
    assert drawn.mean() == pytest.approx((1 + 2 + 6) / 3, rel=1e-4)


def test_uniform_fills_its_range_evenly() -> None:
    drawn = futures({"low": 2, "high": 6, "shape": "uniform"})
    assert np.quantile(drawn, [0.25, 0.5, 0.75]) == pytest.approx([3, 4, 5], rel=1e-3)
    assert drawn.std() == pytest.approx(4 / np.sqrt(12), rel=1e-3)


@pytest.mark.parametrize(
    ("written", "shares"),
    [
        ({"p5": 10, "p50": 20, "p95": 80}, (0.05, 0.5, 0.95)),
        ({"p10": 10, "p50": 20, "p90": 80}, (0.1, 0.5, 0.9)),
        ({"p5": -3, "p50": 1, "p95": 2}, (0.05, 0.5, 0.95)),
    ],
)
def test_percentiles_are_met(written: dict[str, float], shares: tuple[float, ...]) -> None:
    drawn = futures(written)
    assert np.quantile(drawn, shares) == pytest.approx(list(written.values()), rel=5e-3)


def test_symmetric_percentiles_are_the_range() -> None:
    assert futures({"p5": 20, "p50": 40, "p95": 80}) == pytest.approx(futures("20 to 80"))


def test_discrete_values_come_with_their_odds() -> None:
    drawn = futures({"values": [0.3, 0.1], "weights": [3, 7]})
    assert (drawn == 0.1).mean() == pytest.approx(0.7, abs=1e-4)
    assert (drawn == 0.3).mean() == pytest.approx(0.3, abs=1e-4)


def test_measured_values_are_equally_likely() -> None:
    drawn = futures({"values": [5, 1, 1, 9]})
    assert [(drawn == value).mean() for value in (1, 5, 9)] == pytest.approx([0.5, 0.25, 0.25], abs=1e-4)


@pytest.mark.parametrize(
    ("distribution", "kind"),
    [("pert", "pert"), ("lognormal", "range"), ("triangular", "triangular"), ("p10_p50_p90", "p10_p50_p90")],
)
def test_a_catalog_row_is_drawn_as_it_says(distribution: str, kind: str) -> None:
    day = date(2026, 1, 1)
    row = Row("a", "b", "USD", 1, 2, 5, day, day, "us", "primary", "measured", distribution=distribution)  # type: ignore[arg-type]  # from a list of literals
    quantity = quantity_of(row)
    assert (quantity.kind, quantity.low, quantity.mode, quantity.high, quantity.source) == (kind, 1, 2, 5, "us")


def test_a_catalog_row_without_a_range_is_certain() -> None:
    day = date(2026, 1, 1)
    assert quantity_of(Row("a", "b", "USD", 2, 2, 2, day, day, "us", "primary", "measured")).is_point


numbers = st.lists(st.floats(1e-3, 1e6), min_size=3, max_size=3, unique=True).map(sorted)
shares = np.linspace(1e-4, 1 - 1e-4, 501)


def written(kind: str, low: float, mode: float, high: float) -> dict[str, object]:
    forms: dict[str, dict[str, object]] = {
        "range": {"low": low, "high": high},
        "uniform": {"low": low, "high": high, "shape": "uniform"},
        "pert": {"low": low, "mode": mode, "high": high},
        "triangular": {"low": low, "mode": mode, "high": high, "shape": "triangular"},
        "p5_p50_p95": {"p5": low, "p50": mode, "p95": high},
        "p10_p50_p90": {"p10": low, "p50": mode, "p90": high},
        "discrete": {"values": [high, low, mode], "weights": [1, 2, 3]},
    }
    return forms[kind]


KINDS = ["range", "uniform", "pert", "triangular", "p5_p50_p95", "p10_p50_p90", "discrete"]


@settings(max_examples=80)
@given(numbers, st.sampled_from(KINDS))
def test_quantiles_rise_and_bounded_shapes_stay_inside(bounds: list[float], kind: str) -> None:
    quantity = Quantity.parse(written(kind, *bounds))
    drawn = quantile(quantity=quantity, uniform=shares)
    slack = 1e-9 * quantity.high
    assert (np.diff(drawn) >= -slack).all()
    assert quantity.low <= quantity.mode <= quantity.high
    if kind in {"uniform", "pert", "triangular", "discrete"}:
        assert quantity.low - slack <= drawn[0] <= drawn[-1] <= quantity.high + slack


@settings(max_examples=80)
@given(numbers, st.sampled_from(KINDS), st.floats(0.01, 100), st.sampled_from(["", "us"]))
def test_what_is_written_reads_back_and_scales(bounds: list[float], kind: str, rate: float, source: str) -> None:
    quantity = Quantity.parse({**written(kind, *bounds), "source": source})
    assert quantity.kind == kind
    assert Quantity.parse(quantity.dump()) == quantity
    scaled = quantile(quantity=quantity.scaled(rate), uniform=shares)
    assert scaled == pytest.approx(rate * quantile(quantity=quantity, uniform=shares), rel=1e-6)
