"""Quality after tuning beside 31 published tasks."""

import numpy as np
import pytest

from estimator.validation import validate
from estimator.validation.quality import validate_quality

OVERLAP = {"summarisation", "generation", "code"}
"""Kinds whose published scores count overlap with a reference, not right answers."""


def test_defaults_against_lora_land() -> None:
    found = validate("quality")
    assert len(found.scored) == 31
    assert not found.skipped
    right = [case for case in found.scored if case.groups["kind"] not in OVERLAP]
    tuned, untuned = (np.median([case.facts[key] for case in right]) for key in ("tuned_error", "untuned_error"))
    assert tuned < 0.10 < 0.2 < untuned  # far better than expecting no gain, yet 8 points off in the median
    assert np.mean([bool(case.covered) for case in right]) > 0.55  # the bands promise 0.9: other tasks differ more


def test_a_pilot_makes_the_prediction_better() -> None:
    case = {
        "id": "a",
        "setup": {"kind": "reasoning", "start_quality": 0.3, "labels": 5000},
        "measured": {"quality": 0.5},
    }
    pilot = {**case, "id": "b", "setup": {**case["setup"], "pilot": [{"labels": 500, "quality": 0.45}]}}  # type: ignore[dict-item]
    without, with_pilot = validate_quality((case, pilot)).scored
    assert abs(with_pilot.signed_error) < abs(without.signed_error)


@pytest.mark.parametrize(
    ("setup", "measured", "reason"),
    [
        ({"kind": "poetry", "start_quality": 0.5}, {"quality": 0.6}, "no kind of task"),
        ({"kind": "code", "start_quality": 5}, {"quality": 0.6}, "not a share"),
        ({"kind": "code", "start_quality": 0.5}, {"quality": 0}, "cannot be compared"),
        ({"kind": "code", "start_quality": 0.5, "labels": "many"}, {"quality": 0.6}, "not a number"),
        ({"kind": "code", "start_quality": 0.5}, None, "measured is missing"),
        ({"kind": "code", "start_quality": 0.5, "pilot": [3]}, {"quality": 0.6}, "setup.pilot"),
        ({"kind": "code", "start_quality": 0.5, "pilot": 3}, {"quality": 0.6}, "setup.pilot"),
    ],
)
def test_bad_cases_are_skipped_with_a_reason(setup: object, measured: object, reason: str) -> None:
    found = validate_quality(({"id": "x", "setup": setup, "measured": measured},))
    assert not found.scored
    assert reason in found.skipped[0].reason
