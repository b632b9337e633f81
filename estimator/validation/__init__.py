"""How right is it? Published measurements beside predictions."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from estimator.errors import UsageError, did_you_mean
from estimator.validation.cases import bundled, read_cases
from estimator.validation.ledger import ledger_sheet
from estimator.validation.scores import Scored, Skipped, Validation, summary_rows, weighted_quantile
from estimator.validation.sheet import validation_sheet

__all__ = [
    "ALL",
    "KINDS",
    "Scored",
    "Skipped",
    "Validation",
    "bundled",
    "ledger_sheet",
    "read_cases",
    "summary_rows",
    "validate",
    "validate_all",
    "validation_sheet",
    "weighted_quantile",
]

ALL = "all"
"""Every kind at once."""
KINDS: Mapping[str, str] = {
    "memory": "estimator.validation.memory:validate_memory",
    "fit": "estimator.validation.fit:validate_fit",
    "time": "estimator.validation.time:validate_time",
    "serving": "estimator.validation.serving:validate_serving",
    "index": "estimator.validation.index:validate_index",
    "quality": "estimator.validation.quality:validate_quality",
}
"""What can be validated: name → module:function of the cases."""


def validate(kind: str, file: Path | None = None) -> Validation:
    """Predict every case and set the prediction beside the measurement.

    Args:
        kind: One of `KINDS`.
        file: Cases in the format of `docs/method/validation.md`; the bundled ones where not given.

    Returns:
        Scored and skipped cases.

    Raises:
        UsageError: unknown kind, or the file cannot be read.
        InputError: a case is malformed; the message says which.
    """
    if kind not in KINDS:
        raise UsageError(f"WHAT: {kind!r} is not one of {', '.join((*KINDS, ALL))}{did_you_mean(kind, KINDS)}")
    module, function = KINDS[kind].split(":")
    score: Callable[[tuple[Mapping[str, Any], ...]], Validation] = getattr(import_module(module), function)
    return score(bundled(kind) if file is None else read_cases(file))


def validate_all() -> tuple[Validation, ...]:
    """Predict every bundled case of every kind, in the order of `KINDS`."""
    return tuple(validate(kind) for kind in KINDS)
