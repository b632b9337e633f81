"""Fit the learning curve to what was measured in a pilot, with its uncertainty."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from estimator.errors import InputError
from estimator.labels.curve import learning_curve_error
from estimator.labels.posterior import Posterior, posterior
from estimator.record import record
from estimator.units import Array, Value, central
from estimator.warnings import Warned

CURVE_RMSE = 0.0169
"""Typical distance of a measured point from a fitted curve (97 published curves, exponent fixed)."""
MEASUREMENT_SD = 0.02
"""Sampling error of a pilot point where its evaluation set is not stated: 400 items at quality 0.8. Judgement."""
EXTRAPOLATION_SD = 0.45
"""Spread, in logarithms, of the gain beyond the largest pilot over the gain forecast there (97 published curves)."""
PARAMETERS = ("start_error", "floor", "scale", "exponent")


@record
class PilotPoint:
    """A measured quality after a number of labels."""

    labels: float
    quality: float
    items: float | None = None
    """Answers judged for it; 400 are assumed where not known. [count]"""

    @property
    def sd(self) -> float:
        """Sampling error of the point and distance of real points from the curve. [1]"""
        if self.items is None:
            return float(np.hypot(CURVE_RMSE, MEASUREMENT_SD))
        share = (self.quality * self.items + 1.0) / (self.items + 2.0)
        return float(np.hypot(CURVE_RMSE, np.sqrt(share * (1.0 - share) / self.items)))


@record(kw_only=True)
class CurvePrior:
    """What is known of the curve before the pilot; scalars or draws of one shape."""

    start_error: Value
    floor: Value
    scale: Value
    exponent: Value


@record(kw_only=True)
class FittedCurve:
    """The curve after the pilot, draw by draw."""

    start_error: Value
    floor: Value
    scale: Value
    exponent: Value
    largest: float = np.inf
    """Labels of the largest pilot point; beyond it the curve is extrapolated. [count]"""
    beyond: Value = 1.0
    """Gain beyond the largest pilot point over the gain that the curve forecasts, draw by draw. [1]"""
    notes: tuple[Warned, ...] = ()

    def error(self, labels: Value) -> Value:
        """Error after a number of effective labels, wider beyond the largest pilot point. [1]"""
        if not np.isfinite(self.largest):
            return self._smooth(labels)
        inside = self._smooth(np.minimum(labels, self.largest))
        gain = (inside - self._smooth(labels)) * self.beyond
        error: Value = np.maximum(inside - gain, 0.0)
        return error

    def _smooth(self, labels: Value) -> Value:
        return learning_curve_error(
            labels=labels,
            floor=np.minimum(self.floor, self.start_error),
            start_error=self.start_error,
            scale=self.scale,
            exponent=self.exponent,
        )


def fit_curve(
    *, pilot: Sequence[PilotPoint], prior: CurvePrior, rng: np.random.Generator, futures: int | None = None
) -> FittedCurve:
    """Posterior of the curve given the pilot: least squares with a prior, its spread sampled by importance.

    Draw 0 is the curve of least squares, the others are equally likely curves. Few points leave the curve wide, many
    make it narrow. Points that no curve can meet within their sampling error widen all of them (Birge ratio). Without
    points the prior is returned.

    Args:
        pilot: Measured points; those with labels bear on the tuned model, 0 labels on its start. [1]
        prior: Draws of the curve before the pilot. [1, count]
        rng: Source of the draws.
        futures: Draws wanted beside the central case; as many as the prior has where not given. [count]

    Returns:
        Draws after the pilot, and notes in words. [1, count]

    Raises:
        InputError: a quality outside 0 to 1, or a number of labels below 0.

    Source: nonlinear least squares (scipy) with normal errors of measurement and model; importance resampling
        (Rubin 1987); error of extrapolation as published for 97 curves.

    >>> prior = CurvePrior(start_error=0.3, floor=0.05, scale=100.0, exponent=0.7)
    >>> fit_curve(pilot=[], prior=prior, rng=np.random.default_rng(0)).scale
    100.0
    """
    _check(pilot)
    points = sorted((point for point in pilot if point.labels > 0), key=lambda point: point.labels)
    if not points:
        return FittedCurve(start_error=prior.start_error, floor=prior.floor, scale=prior.scale, exponent=prior.exponent)
    draws = _draws(prior)
    size = draws["scale"].size - 1 if futures is None else futures
    found, ratio = _fit(points, draws, size, rng)
    spread = EXTRAPOLATION_SD * rng.standard_normal(size) - EXTRAPOLATION_SD**2 / 2.0
    return FittedCurve(
        **found.curves,
        largest=points[-1].labels,
        beyond=np.concatenate(([1.0], np.exp(spread))) if size else 1.0,
        notes=(*_remarks(points, central(prior.start_error)), *_misfit(ratio)),
    )


def _fit(
    points: Sequence[PilotPoint], draws: dict[str, Array], size: int, rng: np.random.Generator
) -> tuple[Posterior, float]:
    labels = np.array([point.labels for point in points])
    errors = np.array([1.0 - point.quality for point in points])
    spread = np.array([point.sd for point in points])
    found = posterior(labels=labels, errors=errors, spread=spread, draws=draws, size=size, rng=rng)
    ratio = float(np.sqrt(found.chi_square / len(points)))
    if ratio > ODD:
        found = posterior(labels=labels, errors=errors, spread=spread * ratio, draws=draws, size=size, rng=rng)
    return found, ratio


ODD = 1.7
"""Misfit in units of sampling error above which the errors are widened to match. Judgement."""
VERY_ODD = 3.0
"""Misfit above which no typical curve is near. Judgement."""


def _check(pilot: Sequence[PilotPoint]) -> None:
    for point in pilot:
        if not 0.0 <= point.quality <= 1.0:
            hint = "; a percentage is written as a share, 87 % = 0.87" if 1.0 < point.quality <= 100.0 else ""
            raise InputError(f"pilot quality {point.quality:g} at {point.labels:g} labels is outside 0 to 1{hint}")
        if not 0.0 <= point.labels < np.inf:
            raise InputError(f"pilot labels {point.labels:g} is below 0 or not finite; give a count")
        if point.items is not None and not 0.0 < point.items < np.inf:
            raise InputError(f"pilot items {point.items:g} is not above 0; give the number of answers judged")


def _draws(prior: CurvePrior) -> dict[str, Array]:
    values = {name: getattr(prior, name) for name in PARAMETERS}
    size = max(np.size(value) for value in values.values())
    return {name: np.broadcast_to(np.asarray(value, dtype=float), (size,)) for name, value in values.items()}


def _remarks(points: Sequence[PilotPoint], start_error: float) -> list[Warned]:
    notes = []
    if len({point.labels for point in points}) == 1:
        notes.append(Warned("W008", "one pilot point with labels: the steepness of the learning curve stays uncertain"))
    for first, second in itertools.pairwise(points):
        drop = first.quality - second.quality
        if abs(drop) <= 2.0 * float(np.hypot(first.sd, second.sd)):
            continue
        if first.labels == second.labels:
            notes.append(
                Warned(
                    "W009",
                    f"two pilot points at {first.labels:,.0f} labels contradict each other ({first.quality:.2f} and "
                    f"{second.quality:.2f}): beyond sampling error; measure again on the same evaluation set",
                )
            )
        elif drop > 0:
            notes.append(
                Warned(
                    "W009",
                    f"pilot quality falls to {second.quality:.2f} at {second.labels:,.0f} labels: beyond sampling "
                    "error; check the labels or the evaluation set",
                )
            )
    worse = [point for point in points if 1.0 - point.quality > start_error + 2.0 * point.sd]
    if worse:
        notes.append(
            Warned(
                "W009",
                f"pilot quality {worse[-1].quality:.2f} at {worse[-1].labels:,.0f} labels is below the untuned model's "
                f"{1.0 - start_error:.2f}: tuning hurt there; in 14 % of 97 published curves the first 50 labels did",
            )
        )
    return notes


def _misfit(ratio: float) -> list[Warned]:
    if ratio > VERY_ODD:
        text = (
            f"no typical learning curve passes near the pilot points ({ratio:.1f} times their sampling error away); "
            "the nearest ones are used and the band is widened by that factor"
        )
    elif ratio > ODD:
        text = f"the pilot points scatter {ratio:.1f} times more than sampling explains; the band is widened"
    else:
        return []
    return [Warned("W009", text)]


def without_extrapolation(curve: FittedCurve) -> FittedCurve:
    """The same curves without the error of extrapolation: for derivatives such as the optimal number of labels.

    Args:
        curve: A fitted curve. [1, count]

    Returns:
        The smooth curve. [1, count]

    Source: definition.

    >>> smooth = FittedCurve(start_error=0.3, floor=0.05, scale=100.0, exponent=0.7, largest=400.0, beyond=0.5)
    >>> float(without_extrapolation(smooth).error(6400.0)) < float(smooth.error(6400.0))
    True
    """
    return replace(curve, largest=np.inf, beyond=1.0)
