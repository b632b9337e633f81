"""Cash flow, break-even volume, spending and the figures of an outcome, small enough to work by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from estimator.decision import (
    BreakEvenVolume,
    Outcome,
    band,
    gain_of,
    gains_of,
    incremental_flow,
    net_flow,
    spending_of,
    volume_of,
)
from estimator.tco import Ledger, Line, every_month, upfront

MONTHS = 3


def option(name: str, *lines: Line, value: float = 0.0, size: int = 3, rate: float = 0.0) -> Outcome:
    months = np.full((1, MONTHS), 100.0)
    worth = Line("value.correct", "v", "quality", "correct answer", value, every_month(per_month=months))
    ledgers = Ledger(lines, MONTHS, rate), Ledger((worth,), MONTHS, rate)
    return Outcome(name, "prompt", *ledgers, months, months * 0 + 1, size, 100.0)


def paid_before(usd: float | np.ndarray, unit: str = "hour") -> Line:
    return Line("build.prompt", "b", "build", unit, usd, upfront(months=MONTHS), nature="one_off", treatment="capex")


def paid_monthly(usd: float, unit: str = "hour") -> Line:
    return Line("operations.prompt", "o", "operations", unit, usd, every_month(per_month=1.0, months=MONTHS))


def test_what_an_option_earns_over_another_in_each_future() -> None:
    mine = option("mine", paid_before(np.array([40.0, 20.0, 70.0])), value=0.2)
    other = option("other")
    assert net_flow(other).tolist() == [[0.0, 0.0, 0.0, 0.0]]
    flow = incremental_flow(mine, other)
    assert flow.tolist() == [[-40.0, 20.0, 20.0, 20.0], [-20.0, 20.0, 20.0, 20.0], [-70.0, 20.0, 20.0, 20.0]]
    gain = gain_of(mine, other)
    assert (gain.option, gain.baseline) == ("mine", "other")
    assert (gain.npv_usd.central, gain.npv_usd.mean) == (20.0, 15.0)
    assert gain.irr_per_month is not None
    assert gain.irr_per_month.central == pytest.approx(0.23375192852825903)  # 40 = 20/x + 20/x² + 20/x³
    assert gain.irr_per_year is not None
    growth = 1.0 + gain.irr_per_month.mean
    assert gain.irr_per_year.mean == pytest.approx(growth**12 - 1.0)
    assert gain.irr_per_year.se == pytest.approx(gain.irr_per_month.se * 12 * growth**11)
    assert (gain.payback_months.central, gain.payback_months.p10, gain.payback_months.p90) == (2.0, 1.0, math.inf)
    assert (gain.payback_share, gain.break_even_share, gain.irr_share) == (0.5, 0.5, 1.0)
    assert incremental_flow(other, mine).tolist() == (-flow).tolist()


def test_discounted_money_breaks_even_later_than_it_pays_back() -> None:
    gain = gain_of(option("mine", paid_before(59.0), value=0.2, rate=1.0, size=1), option("other", rate=1.0, size=1))
    assert (gain.payback_months.central, gain.break_even_month.central) == (3.0, math.inf)
    assert (gain.payback_share, gain.break_even_share) == (1.0, 0.0)
    assert gain.npv_usd.central == pytest.approx(-59.0 + 20 * sum(2.0 ** (-month / 12) for month in (1, 2, 3)))


def test_every_pair_that_can_be_carried_out_is_compared() -> None:
    able = [option("a"), option("b")]
    out = replace(option("c"), infeasible="no")
    assert list(gains_of([*able, out])) == [("a", "b"), ("b", "a")]


@pytest.mark.parametrize(
    ("fixed", "value", "pays", "volume"),
    [
        (60.0, 0.2, "above", 100.0),
        (-60.0, -0.2, "below", 100.0),
        (30.0, 0.2, "above", 50.0),
        (-60.0, 0.2, "always", math.inf),
        (0.0, 0.0, "always", math.inf),
        (0.0, 0.2, "always", math.inf),
        (60.0, -0.2, "never", math.inf),
        (60.0, 0.0, "never", math.inf),
        (-60.0, 0.0, "always", math.inf),
    ],
)
def test_the_volume_at_which_two_options_are_worth_the_same(
    fixed: float, value: float, pays: str, volume: float
) -> None:
    found: BreakEvenVolume = volume_of(option("mine", paid_before(fixed), value=value), option("other"))
    assert (found.pays, found.requests_per_month.central) == (pays, pytest.approx(volume))


@pytest.mark.parametrize(
    ("unit", "exact"), [("hour", True), ("request", True), ("replica-hour", False), ("retraining", False)]
)
def test_a_volume_is_exact_without_steps_on_either_side(unit: str, exact: bool) -> None:
    stepped, plain = option("a", paid_monthly(5.0, unit)), option("b")
    assert volume_of(stepped, plain).is_exact is volume_of(plain, stepped).is_exact is exact


def test_spending_is_split_as_the_books_split_it_and_by_nature() -> None:
    lines = (paid_before(40.0), replace(paid_before(7.0), treatment="opex"), paid_monthly(5.0))
    found = spending_of(Ledger((*lines, replace(paid_monthly(1.0), treatment="capex")), MONTHS, 0.1))
    assert (found.capex_usd.central, found.opex_usd.central) == (43.0, 22.0)
    assert (found.one_off_usd.central, found.recurring_usd.central) == (47.0, 18.0)
    nothing = spending_of(Ledger((), MONTHS, 0.1))
    assert nothing.capex_usd == nothing.recurring_usd == band(np.zeros(1))


def test_figures_of_an_outcome() -> None:
    lines = (paid_before(30.0), replace(paid_monthly(10.0), category="retraining"))
    moved = replace(paid_monthly(20.0), key="migration.forced", category="migration")
    one = option("a", *lines, moved, value=1.0)
    assert one.upkeep_share == pytest.approx(90 / 120)
    assert option("a").upkeep_share == 0.0
    assert (one.successes.tolist(), one.mean_quality.tolist()) == ([300.0] * 3, [1.0] * 3)
    assert one.cost_per_success.tolist() == pytest.approx([0.4] * 3)
    assert one.cumulative_net_benefit.tolist() == [[-30.0, 40.0, 110.0, 180.0]]
    assert one.cumulative_cost.tolist() == [[30.0, 60.0, 90.0, 120.0]]
    assert np.isnan(replace(one, full_requests=math.nan).full_requests)
    assert (one.is_comparison, replace(one, kind="pretraining").is_comparison) == (False, True)
    assert replace(one, stages=("prompt", "pretraining")).is_comparison
    rates = replace(one, benefits=replace(one.benefits, annual_rate=np.array([0.0, 1.0, 0.0])))
    costs = replace(one.costs, annual_rate=np.array([0.0, 1.0, 0.0]))
    later = replace(rates, costs=costs).cumulative_net_benefit_of(1, 2)
    assert later.tolist() == [pytest.approx((np.cumsum([-30, *(70 * 2.0 ** (-np.arange(1, 4) / 12))])).tolist())]
