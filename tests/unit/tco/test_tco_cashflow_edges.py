"""Break-even and payback where nothing is saved, nothing is owed, or the horizon ends first."""

import math

import numpy as np
import pytest

from estimator.tco.cashflow import break_even_month, break_even_volume, payback_months


@pytest.mark.parametrize(
    ("gain", "month"),
    [
        ([0.0, 0.0, 0.0], 0.0),
        ([-1.0, 0.0, 0.0], 1.0),
        ([-1.0, -1.0, 0.0], 2.0),
        ([-1.0, -1.0, -1.0], math.inf),
        ([1.0, 1.0, -1.0], math.inf),
        ([1.0, -1.0, 1.0], 2.0),
        ([-1e-10, 0.0, 0.0], 0.0),
    ],
)
def test_month_from_which_the_gain_stays(gain: list[float], month: float) -> None:
    assert break_even_month(cumulative_gain=np.array([gain])).tolist() == [month]


@pytest.mark.parametrize(
    ("fixed", "monthly", "saving", "volume"),
    [
        (1200.0, 0.0, 0.0, math.inf),
        (1200.0, 0.0, -0.5, math.inf),
        (1200.0, 50.0, 0.5, 300.0),
        (-1200.0, 50.0, 0.5, 0.0),
        (0.0, 0.0, 0.5, 0.0),
        (1200.0, 0.0, 2.0, 50.0),
    ],
)
def test_volume_that_pays(fixed: float, monthly: float, saving: float, volume: float) -> None:
    found = break_even_volume(
        extra_fixed_usd=fixed, extra_monthly_usd=monthly, months=12, saving_per_request_usd=saving
    )
    assert float(found) == pytest.approx(volume)


@pytest.mark.parametrize(("saving", "months"), [(0.0, math.inf), (-2.0, math.inf), (0.5, 200.0), (4.0, 25.0)])
def test_payback(saving: float, months: float) -> None:
    assert float(payback_months(investment_usd=100.0, monthly_saving_usd=saving)) == months
