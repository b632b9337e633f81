"""Odd pilots are handled and said in words; the fit meets what was measured; the bands are honest."""

import time
from datetime import date

import numpy as np
import pytest

from estimator.catalog import load_catalog
from estimator.errors import InputError
from estimator.inputs import sample
from estimator.inputs.sampling import quantity_of
from estimator.labels import CurvePrior, PilotPoint, fit_curve, learning_curve_error, without_extrapolation
from estimator.units import Array

KEYS = {
    "start_error": "task.start_error",
    "floor": "task.error_floor",
    "scale": "task.curve_scale",
    "exponent": "task.curve_exponent",
}


def prior(kind: str, draws: int, seed: int = 0) -> dict[str, Array]:
    """The defaults of a kind of task, as an estimate would draw them."""
    found = {}
    for name, key in KEYS.items():
        row = load_catalog().default(key, kind, date(2027, 1, 1))
        assert row is not None
        found[name] = np.asarray(sample(quantity=quantity_of(row), stream=key, draws=draws, seed=seed))
    return found


def fitted(*points: PilotPoint, start_error: float = 0.30, kind: str = "inference"):  # type: ignore[no-untyped-def]
    given = prior(kind, 800) | {"start_error": np.asarray(start_error)}
    return fit_curve(pilot=points, prior=CurvePrior(**given), rng=np.random.default_rng(0))


def width(curve: object, labels: float) -> float:
    low, high = np.quantile(np.asarray(curve.error(labels))[1:], (0.05, 0.95))  # type: ignore[attr-defined]
    return float(high - low)


def test_a_single_point_is_met_and_leaves_the_rest_wide() -> None:
    curve = fitted(PilotPoint(200, 0.85))
    assert any("one pilot point" in note for note in curve.notes)
    assert curve.error(200.0)[0] == pytest.approx(0.15, abs=0.01)
    more = fitted(PilotPoint(50, 0.79), PilotPoint(200, 0.85), PilotPoint(800, 0.88), PilotPoint(3200, 0.90))
    assert width(curve, 3200.0) > 2 * width(more, 3200.0)
    assert more.notes == ()


def test_more_judged_answers_narrow_the_curve() -> None:
    few, many = (fitted(PilotPoint(200, 0.85, n), PilotPoint(400, 0.87, n)) for n in (50.0, 5000.0))
    assert width(many, 300.0) < width(few, 300.0)


def test_contradicting_points_widen_the_curve_and_are_named() -> None:
    calm = fitted(PilotPoint(200, 0.80), PilotPoint(200, 0.80))
    torn = fitted(PilotPoint(200, 0.92), PilotPoint(200, 0.68))
    assert any("contradict each other (0.92 and 0.68)" in note or "(0.68 and 0.92)" in note for note in torn.notes)
    assert any("widened" in note for note in torn.notes)
    assert width(torn, 200.0) > 1.3 * width(calm, 200.0)
    assert not any("contradict" in note for note in calm.notes)


def test_points_that_fall_with_more_labels_are_named() -> None:
    curve = fitted(PilotPoint(100, 0.88), PilotPoint(800, 0.74))
    assert any("falls to 0.74 at 800 labels" in note for note in curve.notes)
    assert np.isfinite(curve.error(3000.0)).all()
    assert curve.error(3000.0)[0] <= curve.error(100.0)[0]


def test_points_worse_than_the_untuned_model_are_named() -> None:
    curve = fitted(PilotPoint(50, 0.55), PilotPoint(100, 0.60))
    assert any("below the untuned model's 0.70" in note for note in curve.notes)
    assert np.asarray(curve.error(50.0)).max() <= 0.30 + 1e-9


@pytest.mark.parametrize(
    ("point", "message"),
    [
        (PilotPoint(200, 1.2), "1.2 at 200 labels is outside 0 to 1"),
        (PilotPoint(200, 87.0), "87 % = 0.87"),
        (PilotPoint(200, -0.1), "-0.1 at 200 labels"),
        (PilotPoint(-5, 0.8), "labels -5 is below 0"),
        (PilotPoint(200, 0.8, 0.0), "items 0 is not above 0"),
        (PilotPoint(200, float("nan")), "outside 0 to 1"),
    ],
)
def test_impossible_points_are_refused_in_words(point: PilotPoint, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fitted(point)


@pytest.mark.parametrize("quality", [0.0, 1.0])
def test_perfect_and_hopeless_points_are_possible(quality: float) -> None:
    curve = fitted(PilotPoint(200, quality))
    assert np.isfinite(curve.error(200.0)).all()


def test_a_certain_prior_stays_as_it_is() -> None:
    known = CurvePrior(start_error=0.3, floor=0.05, scale=100.0, exponent=0.7)
    curve = fit_curve(pilot=[PilotPoint(500, 0.88)], prior=known, rng=np.random.default_rng(0))
    assert float(np.squeeze(curve.error(500.0))) == pytest.approx(0.121324, abs=1e-6)


def test_more_labels_never_raise_the_error_of_a_future() -> None:
    curve = fitted(PilotPoint(100, 0.80), PilotPoint(400, 0.85))
    errors = np.stack([curve.error(n) for n in (0.0, 50.0, 400.0, 1000.0, 1e4, 1e6)])
    assert (np.diff(errors, axis=0) <= 1e-12).all()
    assert errors.min() >= 0


def test_known_parameters_are_recovered_and_bands_cover_the_truth() -> None:
    """500 simulated pilots of six points: curve and parameters lie in their 90 % bands in 85 to 97 % of them."""
    count, items, started = 500, 2000.0, time.process_time()
    labels = np.array([50.0, 100.0, 200.0, 400.0, 800.0, 1600.0])
    truths = prior("inference", count, seed=9)
    given = prior("inference", 400)
    hits: dict[str, list[bool]] = {}
    errors: list[float] = []
    for number in range(1, count + 1):
        truth = {name: float(values[number]) for name, values in truths.items()}
        truth["floor"] = min(truth["floor"], 0.98 * truth["start_error"])
        rng = np.random.default_rng(number)
        real = learning_curve_error(labels=labels, **truth) + rng.normal(0.0, 0.0169, labels.size)
        seen = rng.binomial(int(items), np.clip(1.0 - real, 0.0, 1.0)) / items
        pilot = [PilotPoint(float(n), float(q), items) for n, q in zip(labels, seen, strict=True)]
        known = CurvePrior(**(given | {"start_error": np.asarray(truth["start_error"])}))
        curve = without_extrapolation(fit_curve(pilot=pilot, prior=known, rng=rng))
        for at in (100.0, 800.0, 6400.0):
            exact = learning_curve_error(labels=at, **truth)
            hits.setdefault(f"error at {at:g}", []).append(_inside(np.asarray(curve.error(at)), float(exact)))
        for name in ("scale", "exponent", "floor"):
            hits.setdefault(name, []).append(_inside(np.asarray(getattr(curve, name)), truth[name]))
        errors.append(abs(float(curve.error(800.0)[0]) - float(learning_curve_error(labels=800.0, **truth))))
    coverage = {name: float(np.mean(inside)) for name, inside in hits.items()}
    assert all(0.85 <= share <= 0.97 for share in coverage.values()), coverage
    assert np.median(errors) < 0.01
    assert time.process_time() - started < 60


def _inside(draws: Array, truth: float) -> bool:
    low, high = np.quantile(draws[1:], (0.05, 0.95))
    return bool(low <= truth <= high)


def test_parameters_are_recovered_from_a_large_pilot() -> None:
    truth = {"floor": 0.06, "start_error": 0.40, "scale": 150.0, "exponent": 0.8}
    labels = np.geomspace(20, 20_000, 40)
    rng = np.random.default_rng(3)
    seen = 1.0 - learning_curve_error(labels=labels, **truth) + rng.normal(0.0, 0.002, labels.size)
    pilot = [PilotPoint(float(n), float(q), 1e6) for n, q in zip(labels, seen, strict=True)]
    curve = fitted(*pilot, start_error=0.40)
    assert curve.floor[0] == pytest.approx(0.06, abs=0.012)
    assert curve.scale[0] == pytest.approx(150, rel=0.25)
    assert curve.exponent[0] == pytest.approx(0.8, rel=0.15)


def test_one_future_still_meets_the_pilot() -> None:
    given = prior("inference", 1) | {"start_error": np.asarray(0.30)}
    curve = fit_curve(pilot=[PilotPoint(200, 0.85)], prior=CurvePrior(**given), rng=np.random.default_rng(0))
    assert np.asarray(curve.error(200.0)).shape == (2,)
    assert curve.error(200.0)[0] == pytest.approx(0.15, abs=0.03)
