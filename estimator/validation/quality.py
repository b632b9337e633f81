"""Quality after tuning: predicted from the untuned score and the kind of task, beside published scores."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

import numpy as np

from estimator.catalog import Catalog, load_catalog
from estimator.errors import InputError
from estimator.inputs.sampling import quantity_of, sample
from estimator.labels import CurvePrior, FittedCurve, PilotPoint, fit_curve
from estimator.scenario import Limits, TaskKind
from estimator.units import Value
from estimator.validation.scores import Scored, Skipped, Validation

DRAWS = 2000
LABELS = 5000.0
"""Training examples of a case that does not say: the published sets have thousands. Judgement."""
CURVE = {"floor": "task.error_floor", "scale": "task.curve_scale", "exponent": "task.curve_exponent"}


def validate_quality(cases: tuple[Mapping[str, Any], ...]) -> Validation:
    """Median and 90 % band of the tuned score of each case, from its untuned score and, where given, its pilot.

    A case has `setup: {kind, start_quality, labels, pilot: [{labels, quality}]}` and `measured: {quality}`.
    """
    scored: list[Scored] = []
    skipped: list[Skipped] = []
    for case in cases:
        try:
            scored.append(_score(case))
        except InputError as error:
            skipped.append(Skipped(str(case["id"]), str(error)))
    return Validation(
        kind="quality",
        unit="share",
        predicted_key="predicted_quality",
        measured_key="measured_quality",
        scored=tuple(scored),
        skipped=tuple(skipped),
        groupings=((), ("kind",)),
        notes=(
            "Errors are relative to the score. The curves behind the prediction come from other tasks and models; "
            "scores that count overlap with a reference text (summaries, data to text) are no accuracies.",
        ),
    )


def _score(case: Mapping[str, Any]) -> Scored:
    setup, measured = _part(case, "setup"), _part(case, "measured")
    kind = setup.get("kind")
    if kind not in get_args(TaskKind):
        raise InputError(f"setup.kind: {kind!r} is no kind of task")
    start, quality = _share(setup, "start_quality"), _share(measured, "quality")
    if quality <= 0:
        raise InputError("measured.quality: 0 cannot be compared with; leave the case out")
    labels = setup.get("labels", LABELS)
    if not isinstance(labels, (int, float)) or not 0 <= labels < np.inf:
        raise InputError(f"setup.labels: {labels!r} is not a number from 0 up")
    draws = 1.0 - np.asarray(_curve(str(kind), start, setup.get("pilot", ())).error(float(labels)), dtype=float)
    low, middle, high = np.quantile(draws[1:], (0.05, 0.5, 0.95))
    return Scored(
        id=str(case["id"]),
        predicted=float(middle),
        measured=quality,
        weight=float(case.get("weight", 1.0)),
        low=float(low),
        high=float(high),
        groups={"kind": str(kind)},
        facts={"start_quality": start, "untuned_error": abs(start - quality), "tuned_error": abs(middle - quality)},
    )


def _curve(kind: str, start: float, pilot: Any) -> FittedCurve:
    catalog = load_catalog()
    given = {name: _default(catalog, key, kind) for name, key in CURVE.items()}
    prior = CurvePrior(start_error=np.full(DRAWS + 1, max(1.0 - start, 1e-6)), **given)
    try:
        points = [PilotPoint(float(point["labels"]), float(point["quality"])) for point in pilot]
    except (TypeError, KeyError, ValueError):
        raise InputError(f"setup.pilot: {pilot!r:.60} is not a list of {{labels, quality}}") from None
    return fit_curve(pilot=points, prior=prior, rng=np.random.default_rng(0))


def _default(catalog: Catalog, key: str, kind: str) -> Value:
    row = catalog.default(key, kind, date.max)
    if row is None:
        raise InputError(f"{key} has no default row; add it")
    limits = Limits("share", least=0, most=1) if row.unit == "share" else None
    return sample(quantity=quantity_of(row), stream=key, draws=DRAWS, seed=0, limits=limits)


def _part(case: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = case.get(name)
    if not isinstance(part, Mapping):
        raise InputError(f"{name} is missing")
    return part


def _share(part: Mapping[str, Any], key: str) -> float:
    value = part.get(key)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
        raise InputError(f"{key}: {value!r} is not a share between 0 and 1")
    return float(value)
