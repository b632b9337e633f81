"""What holds for every plan in stages: sums, branches, thresholds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.decision import Leg, Outcome, best_threshold, play
from estimator.tco import Ledger, Line, every_month, upfront

MONTHS, SIZE = 12, 9
seeds = st.integers(0, 10_000)
starts = st.integers(1, MONTHS - 1)
few = settings(max_examples=40, deadline=None)


def _option(name: str, seed: int, months: int, requests: np.ndarray, rate: float = 0.1) -> Outcome:
    rng = np.random.default_rng(seed)
    costs = (
        Line("build.tuning", "build", "build", "hour", rng.lognormal(size=SIZE), upfront(months=months), 5.0),
        Line("evaluation.set", "set", "evaluation", "label", 2.0, upfront(months=months), rng.integers(1, 9)),
        Line("inference.output", "out", "inference", "request", 0.1, every_month(per_month=requests)),
        Line("operations.prompt", "ops", "operations", "hour", 3.0, every_month(per_month=1.0, months=months)),
    )
    quality = rng.uniform(0.5, 1.0, size=(SIZE, months))
    value = Line("value.correct", "value", "quality", "correct answer", 4.0, every_month(per_month=requests * quality))
    return Outcome(name, "prompt", Ledger(costs, months, rate), Ledger((value,), months, rate), requests, quality, SIZE)


def _legs(seed: int, start: int, number: float, kept: frozenset[str] = frozenset()) -> list[Leg]:
    requests = np.random.default_rng(seed).lognormal(3.0, size=(SIZE, MONTHS))
    first = Leg(option=_option("first", seed, MONTHS, requests), conditions={})
    later = Leg(
        option=_option("later", seed + 1, MONTHS - start, requests[:, start:]),
        start=start,
        conditions={"requests_per_month": (">", number)},
        switching_usd=7.0,
        kept=(kept,),
    )
    return [first, later]


@few
@given(seeds, starts, st.floats(1.0, 60.0))
def test_lines_sum_to_the_total_and_each_future_is_one_branch(seed: int, start: int, number: float) -> None:
    legs = _legs(seed, start, number)
    done, stay, move = (play("plan", legs, forced=forced) for forced in (None, {1: False}, {1: True}))
    ledger = done.outcome.costs
    shape = (SIZE, MONTHS + 1)
    summed = sum(np.broadcast_to(line.monthly, shape) for line in ledger.lines)
    np.testing.assert_allclose(np.broadcast_to(ledger.monthly, shape), summed)
    np.testing.assert_allclose(np.broadcast_to(ledger.total, (SIZE,)), np.asarray(summed).sum(axis=1))
    np.testing.assert_allclose(
        np.broadcast_to(ledger.present_value, (SIZE,)), (np.asarray(summed) * ledger.factors).sum(axis=1)
    )
    moved = legs[0].option.requests[:, start - 1] > number
    np.testing.assert_allclose(done.net_benefit, np.where(moved, move.net_benefit, stay.net_benefit))
    np.testing.assert_array_equal(stay.net_benefit, legs[0].option.net_benefit)
    np.testing.assert_array_equal(stay.outcome.quality, legs[0].option.quality)


@few
@given(seeds, starts)
def test_a_move_pays_the_later_option_from_its_month_on(seed: int, start: int) -> None:
    legs = _legs(seed, start, 0.0)
    done = play("plan", legs)
    first, later = (leg.option.costs.monthly for leg in legs)
    expected = np.array(np.broadcast_to(first, (SIZE, MONTHS + 1)))
    expected[:, start + 1 :] = later[:, 1:]
    expected[:, start] += later[:, 0] + 7.0
    np.testing.assert_allclose(done.outcome.costs.monthly, expected)
    np.testing.assert_array_equal(done.outcome.quality[:, start:], legs[1].option.quality)


@few
@given(seeds, starts)
def test_shared_work_is_paid_once_and_further_items_of_the_set_are_paid(seed: int, start: int) -> None:
    legs = _legs(seed, start, 0.0, kept=frozenset({"build.tuning", "evaluation.set"}))
    lines = {line.key: line for line in play("plan", legs).outcome.costs.lines}
    assert not np.any(lines["build.tuning@later"].total)
    had, needed = (leg.option.costs.lines[1].count for leg in legs)
    np.testing.assert_allclose(lines["evaluation.set@later"].total, 2.0 * max(float(needed) - float(had), 0.0))


@few
@given(seeds, st.booleans())
def test_the_best_threshold_is_that_of_a_search_over_all(seed: int, upwards: bool) -> None:
    rng = np.random.default_rng(seed)
    observed = rng.integers(0, 12, size=30).astype(float)
    moving, staying = rng.normal(size=(2, 30))
    number, share, usd = best_threshold(observed=observed, moving_usd=moving, staying_usd=staying, upwards=upwards)
    cuts = np.arange(-0.5, 13.0)
    beyond = observed > cuts[:, None] if upwards else observed < cuts[:, None]
    means = np.where(beyond, moving, staying).mean(axis=1)
    assert np.isclose(usd, means.max())
    if number is None:
        assert share in {0.0, 1.0}
    else:
        taken = observed > number if upwards else observed < number
        assert np.isclose(taken.mean(), share)
        assert np.isclose(np.where(taken, moving, staying).mean(), usd)
