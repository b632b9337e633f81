"""Annotation bills of published projects, and a pilot that conditions the curve."""

import numpy as np
import pytest

from estimator.errors import InputError
from estimator.labels import CurvePrior, PilotPoint, annotation_usd, fit_curve, learning_curve_error, majority_accuracy
from estimator.units import Array


def test_squad_paid_60_cents_a_paragraph() -> None:
    # Rajpurkar et al. 2016, section 3: 4 minutes per paragraph at 9 USD an hour, up to five questions
    bill = annotation_usd(labels=1.0, minutes=4.0, usd_per_hour=9.0)
    assert bill.total == pytest.approx(0.60)
    assert bill.total / 5 == pytest.approx(0.12)


@pytest.mark.parametrize(("minutes", "expected"), [(5.0, 166.67), (10.0, 333.33)])
def test_cuad_cost_167_to_333_usd_a_page(minutes: float, expected: float) -> None:
    # Hendrycks et al. 2021: every page read four times, 500 USD per lawyer hour
    bill = annotation_usd(labels=1.0, minutes=minutes, usd_per_hour=500.0, redundancy=4.0)
    assert bill.total == pytest.approx(expected, rel=1e-3)


def test_the_bill_is_the_sum_of_its_parts() -> None:
    bill = annotation_usd(
        labels=100.0,
        minutes=3.0,
        usd_per_hour=20.0,
        fee_share=0.5,
        rejected_share=0.2,
        review_share=0.1,
        review_usd_per_hour=40.0,
        guideline_hours=2.0,
        guideline_usd_per_hour=60.0,
        training_hours=3.0,
    )
    assert (bill.labelling, bill.rejected, bill.review) == pytest.approx((100.0, 25.0, 20.0))
    assert (bill.fees, bill.guidelines, bill.training) == pytest.approx((62.5, 120.0, 60.0))
    assert bill.total == pytest.approx(387.5)
    assert bill.hours == pytest.approx(5.0 + 1.25 + 0.5)


def test_an_even_jury_is_refused() -> None:
    with pytest.raises(InputError, match="not an odd number"):
        majority_accuracy(accuracy=0.8, annotators=2)


def _prior(draws: int = 4000) -> CurvePrior:
    rng = np.random.default_rng(1)
    return CurvePrior(
        start_error=0.30,
        floor=np.concatenate(([0.05], rng.uniform(0.0, 0.15, draws))),
        scale=np.concatenate(([100.0], rng.lognormal(5.0, 1.0, draws))),
        exponent=np.concatenate(([0.7], rng.uniform(0.5, 1.0, draws))),
    )


def _errors(pilot: list[PilotPoint], labels: float) -> tuple[Array, tuple[str, ...]]:
    curve = fit_curve(pilot=pilot, prior=_prior(), rng=np.random.default_rng(0))
    error = learning_curve_error(
        labels=labels, floor=curve.floor, start_error=curve.start_error, scale=curve.scale, exponent=curve.exponent
    )
    return np.asarray(error), curve.notes


def test_without_points_the_prior_stays() -> None:
    prior = _prior()
    assert fit_curve(pilot=[PilotPoint(0, 0.7)], prior=prior, rng=np.random.default_rng(0)).scale is prior.scale


def test_points_pull_and_narrow_the_curve() -> None:
    wide, _ = _errors([], 500.0)
    one, note = _errors([PilotPoint(200, 0.85)], 500.0)
    more, _ = _errors([PilotPoint(100, 0.82), PilotPoint(200, 0.85), PilotPoint(400, 0.88)], 500.0)
    assert one.shape == wide.shape == more.shape == (4001,)
    assert np.std(more) < np.std(one) < np.std(wide)
    at_200, _ = _errors([PilotPoint(200, 0.85)], 200.0)
    assert at_200[1:].mean() == pytest.approx(0.15, abs=0.01)
    assert at_200[0] == pytest.approx(0.15, abs=0.005)
    assert "one pilot point" in note[0]


@pytest.mark.parametrize(
    ("pilot", "expected"),
    [
        ([PilotPoint(100, 0.9), PilotPoint(400, 0.7)], "falls to 0.70"),
        ([PilotPoint(100, 0.1)], "no typical learning curve"),
    ],
)
def test_odd_pilots_are_said_in_words(pilot: list[PilotPoint], expected: str) -> None:
    errors, notes = _errors(pilot, 500.0)
    assert np.isfinite(errors).all()
    assert any(expected in note for note in notes)
