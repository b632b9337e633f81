"""The learning curve of an option after the pilot of its scenario."""

from collections import deque
from collections.abc import Callable
from dataclasses import fields

import numpy as np

from estimator.inputs import Input, OptionInputs, World
from estimator.inputs.presets import PILOT, claim
from estimator.inputs.sampling import Z95
from estimator.labels.pilot import CurvePrior, FittedCurve, PilotPoint, fit_curve
from estimator.scenario.task import PilotPoint as WrittenPoint
from estimator.units import Value, central, p5_p95

_SOURCE = "learning curve fitted to task.pilot"


def measured_curve(option: OptionInputs, *, prior: CurvePrior, known: Callable[[], CurvePrior]) -> FittedCurve:
    """Learning curve given the pilot; its fitted parameters are inputs of their own.

    Args:
        option: Inputs of the option.
        prior: The curve before the pilot, in the futures asked for. [1, count]
        known: The same in the standard futures, so that what is fitted depends on no number of draws. [1, count]

    Returns:
        The curve; the prior where no point has labels. [1, count]

    Source: `fit_curve`.
    """
    world, points = option.world, [_point(item) for item in option.scenario.task.pilot]
    for item in option.scenario.task.pilot:
        if item.labels.mode > 0:
            shown = f"task.pilot.quality_at_{item.labels.mode:g}_labels"
            world.from_user("task.pilot.quality", item.quality, shown_as=shown)
    if not any(point.labels > 0 for point in points):
        return fit_curve(pilot=points, prior=prior, rng=np.random.default_rng(world.seed))
    shared = world.shared.setdefault("curve", {})
    key = (central(prior.start_error), option.token_price is not None, option.given("start_error"))
    if key not in shared:
        futures = 0 if world.typical else world.draws

        def fit() -> FittedCurve:
            return _fitted(tuple(points), known(), world.seed, futures)

        fitted: FittedCurve = world.once(f"curve {key}", fit)
        shared[key] = _recorded(world, fitted, place=len(shared))
    found: FittedCurve = shared[key]
    return found


_FITTED: deque[tuple[tuple[PilotPoint, ...], CurvePrior, int, int, FittedCurve]] = deque(maxlen=8)
"""The latest questions with their answers: sliders mostly move what the pilot does not depend on."""


def _fitted(points: tuple[PilotPoint, ...], prior: CurvePrior, seed: int, futures: int) -> FittedCurve:
    for asked, before, *numbers, curve in list(_FITTED):
        if asked == points and numbers == [seed, futures] and _same(before, prior):
            return curve
    curve = fit_curve(pilot=points, prior=prior, rng=np.random.default_rng(seed), futures=futures)
    _FITTED.append((points, prior, seed, futures, curve))
    return curve


def _same(one: CurvePrior, other: CurvePrior) -> bool:
    return all(np.array_equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))


def _recorded(world: World, curve: FittedCurve, *, place: int) -> FittedCurve:
    """The curve with its parameters remembered as inputs, so that their spread has a name."""
    mark = f"@{central(curve.start_error):.3g}" if place else ""
    origin, source, basis = claim(world.scenario.template, PILOT, world.scenario.task.pilot, _SOURCE)
    basis = "measured" if origin == "yours" else basis

    def record(name: str) -> Value:
        value = np.asarray(getattr(curve, name), dtype=float)
        low, high = p5_p95(value)
        drawn: Value = value if value.size > 1 else central(value)
        unit = "count" if name == "scale" else "1"
        drawn = world.seen(drawn)
        item = Input(f"task.pilot.fitted_{name}{mark}", unit, drawn, low, high, origin, source, basis)
        return world.record(item)

    return FittedCurve(
        start_error=record("start_error"),
        floor=record("floor"),
        scale=record("scale"),
        exponent=record("exponent"),
        largest=curve.largest,
        beyond=record("beyond"),
        notes=curve.notes,
    )


def _point(item: WrittenPoint) -> PilotPoint:
    return PilotPoint(item.labels.mode, item.quality.mode, _items(item))


def _items(point: WrittenPoint) -> float | None:
    """Answers judged for a point: as written, else as many as give the range that is written."""
    if point.items is not None:
        return point.items.mode
    quality = point.quality
    if quality.is_point:
        return None
    sd = (quality.high - quality.low) / (2.0 * Z95)
    return max(quality.mode * (1.0 - quality.mode) / sd**2, 1.0)
