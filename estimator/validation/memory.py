"""Peak memory of measured fine-tuning runs beside predictions."""

from collections.abc import Iterable, Mapping
from typing import Any

from estimator.errors import EstimatorError, InputError
from estimator.memory import Interval, Peak
from estimator.units import GIB, central
from estimator.validation.scores import Scored, Skipped, Validation
from estimator.validation.setups import measured_peak, source_of

CAP_RATIO = 1.5
"""A prediction at the cap of the sequence length may lie this far above a measurement. [1]"""
COUNTERS = ("allocated", "reserved", "nvml", "simulated", "unknown")
GROUPINGS = (
    (),
    ("counter", "completeness"),
    ("counter",),
    ("completeness",),
    ("method",),
    ("sharding",),
    ("source",),
)


def validate_memory(cases: Iterable[Mapping[str, Any]]) -> Validation:
    """Predicted beside measured peak of every case, as its counter sees it.

    Args:
        cases: Measured runs in the form of docs/method/validation.md.

    Returns:
        Scored and skipped cases. [GiB]

    Source: definition.
    """
    scored: list[Scored] = []
    skipped: list[Skipped] = []
    for case in cases:
        try:
            scored.append(_scored(case))
        except EstimatorError as error:
            skipped.append(Skipped(str(case.get("id")), str(error)))
    return Validation(
        kind="memory",
        unit="GiB",
        predicted_key="predicted_gib",
        measured_key="measured_gib",
        scored=tuple(scored),
        skipped=tuple(skipped),
        groupings=GROUPINGS,
    )


def counted(peak: Peak, counter: str) -> Interval:
    """What a counter would have shown.

    Args:
        peak: Prediction. [B]
        counter: `allocated`, `reserved`, `nvml`, `simulated` (live storages without workspace) or `unknown` (reserved).

    Returns:
        Value with its interval. [B]

    Raises:
        InputError: unknown counter.

    Source: definition.
    """
    if counter == "simulated":
        return peak.replayed
    if counter in ("allocated", "reserved", "nvml"):
        return {"allocated": peak.allocated, "reserved": peak.reserved, "nvml": peak.device}[counter]
    if counter == "unknown":
        return peak.reserved
    raise InputError(f"measured.counter: {counter!r} is not one of {', '.join(COUNTERS)}")


def _scored(case: Mapping[str, Any]) -> Scored:
    measured = case.get("measured") or {}
    gib = measured.get("peak_gib")
    if isinstance(gib, bool) or not isinstance(gib, (int, float)) or not 0 < gib < float("inf"):
        raise InputError(f"measured.peak_gib: {gib!r} is not a number above 0; give the measured peak")
    counter = str(measured.get("counter", "unknown"))
    found = measured_peak(case)
    seen = counted(found.peak, counter)
    completeness = str(case.get("completeness", "–"))
    return Scored(
        id=str(case.get("id")),
        predicted=central(seen.value) / GIB,
        measured=float(gib),
        weight=float(case.get("weight", 1.0)),
        low=central(seen.low) / GIB,
        high=central(seen.high) / GIB,
        allowed_ratio=CAP_RATIO if case["setup"].get("sequence_is_cap") else 1.0,
        groups={
            "counter": counter,
            "completeness": completeness,
            "method": found.setup.method,
            "sharding": found.setup.sharding,
            "source": source_of(case),
        },
        facts={"peak_phase": found.peak.peak_phase},
    )
