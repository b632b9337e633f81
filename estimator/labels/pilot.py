"""Condition the learning curve on what was measured in a pilot."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from estimator.labels.curve import learning_curve_error
from estimator.units import Array, Value

CURVE_RMSE = 0.0169
"""Typical distance of a measured point from a fitted curve (97 published curves, exponent fixed)."""
MEASUREMENT_SD = 0.02
"""Sampling error of a pilot point where its evaluation set is not stated: 400 items at quality 0.8. Judgement."""


@dataclass(frozen=True, slots=True)
class PilotPoint:
    """A measured quality after a number of labels."""

    labels: float
    quality: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePrior:
    """What is known of the curve before the pilot; scalars or draws of one shape."""

    start_error: Value
    floor: Value
    scale: Value
    exponent: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedCurve:
    """The curve after the pilot, draw by draw."""

    start_error: Value
    floor: Value
    scale: Value
    exponent: Value
    notes: tuple[str, ...] = ()


def fit_curve(*, pilot: Sequence[PilotPoint], prior: CurvePrior, rng: np.random.Generator) -> FittedCurve:
    """Reweight the prior curves by their distance to the pilot points: w ∝ Π exp(−(err(nᵢ) − eᵢ)²/2σ²).

    The draws are resampled with these weights; draw 0 is the curve of highest weight. Few points leave the curve
    wide, many make it narrow. Without points the prior is returned.

    Args:
        pilot: Measured points; those with labels bear on the tuned model, 0 labels on its start. [1]
        prior: Draws of the curve before the pilot. [1, count]
        rng: Source of the resampling.

    Returns:
        Draws after the pilot, of the same shape, and notes in words. [1, count]

    Source: importance resampling (Rubin 1987), normal errors of measurement and model.

    >>> prior = CurvePrior(start_error=0.3, floor=0.05, scale=100.0, exponent=0.7)
    >>> fit_curve(pilot=[], prior=prior, rng=np.random.default_rng(0)).scale
    100.0
    """
    points = [point for point in pilot if point.labels > 0]
    if not points:
        return FittedCurve(start_error=prior.start_error, floor=prior.floor, scale=prior.scale, exponent=prior.exponent)
    curves = _draws(prior)
    labels = np.array([[point.labels] for point in points])
    errors = np.array([[1.0 - point.quality] for point in points])
    floor = np.minimum(curves["floor"], curves["start_error"])
    predicted = learning_curve_error(
        labels=labels,
        floor=floor,
        start_error=curves["start_error"],
        scale=curves["scale"],
        exponent=curves["exponent"],
    )
    spread = np.hypot(CURVE_RMSE, MEASUREMENT_SD)
    distance = (((predicted - errors) / spread) ** 2).sum(axis=0) / 2.0
    chosen = _resample(distance, rng)
    best = int(np.argmin(distance))
    index = np.concatenate(([best], chosen))
    notes = (*_warn(points), *_misfit(float(distance[best]), len(points)))
    kept = {name: values[index] for name, values in curves.items()}
    return FittedCurve(
        start_error=kept["start_error"],
        floor=np.minimum(kept["floor"], kept["start_error"]),
        scale=kept["scale"],
        exponent=kept["exponent"],
        notes=notes,
    )


def _draws(prior: CurvePrior) -> dict[str, Array]:
    values = {
        "start_error": prior.start_error,
        "floor": prior.floor,
        "scale": prior.scale,
        "exponent": prior.exponent,
    }
    size = max(np.size(value) for value in values.values())
    return {name: np.broadcast_to(np.asarray(value, dtype=float), (size,)) for name, value in values.items()}


def _resample(distance: Array, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    weight = np.exp(-(distance - distance.min()))[1:] if distance.size > 1 else np.ones(1)
    count = weight.size if distance.size > 1 else 0
    if count == 0:
        return np.zeros(0, dtype=np.intp)
    steps = (np.arange(count) + rng.random()) / count
    picked = np.searchsorted(np.cumsum(weight) / weight.sum(), steps).clip(0, count - 1)
    return rng.permutation(picked) + 1


def _warn(points: Sequence[PilotPoint]) -> list[str]:
    ordered = sorted(points, key=lambda point: point.labels)
    falls = [b for a, b in itertools.pairwise(ordered) if b.quality < a.quality - 2 * MEASUREMENT_SD]
    notes = []
    if len(points) == 1:
        notes.append("one pilot point with labels: the steepness of the learning curve stays uncertain")
    if falls:
        notes.append(
            f"pilot quality falls to {falls[0].quality:.2f} at {falls[0].labels:.0f} labels: beyond sampling error; "
            "check the labels or the evaluation set"
        )
    return notes


def _misfit(distance: float, points: int) -> list[str]:
    if distance > 4.5 * points:
        return ["no typical learning curve passes near the pilot points; the nearest ones are used"]
    return []
