"""Errors of predictions, weighted: median, p90, bias, coverage."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from estimator.errors import InputError
from estimator.record import record


@record(kw_only=True)
class Scored:
    """One case that could be predicted."""

    id: str
    predicted: float
    measured: float
    weight: float = 1.0
    low: float | None = None
    """p5 of the prediction, where it has an interval."""
    high: float | None = None
    """p95."""
    allowed_ratio: float = 1.0
    """Up to this multiple of the measurement a prediction is not wrong: 1.5 where the batch is only known as a cap."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """What the case belongs to, e.g. source, method, counter."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the JSON."""

    @property
    def signed_error(self) -> float:
        """Predicted over measured, less one; zero within the allowed ratio. [1]."""
        ratio = self.predicted / self.measured
        return 0.0 if 1.0 <= ratio <= self.allowed_ratio else ratio - 1.0

    @property
    def covered(self) -> bool | None:
        """Whether the measurement lies in the interval; None without one."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.measured <= self.high


@record
class Skipped:
    """One case that could not be predicted, and why."""

    id: str
    reason: str


@record(kw_only=True)
class Validation:
    """Predictions beside measurements."""

    kind: str
    unit: str
    predicted_key: str
    """Name of the prediction in JSON, e.g. `predicted_gib`."""
    measured_key: str
    scored: tuple[Scored, ...]
    skipped: tuple[Skipped, ...] = ()
    groupings: tuple[tuple[str, ...], ...] = ()
    """Summaries to show: each a combination of group names; () is all cases."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further summary data, e.g. leave-one-source-out errors."""
    notes: tuple[str, ...] = ()
    yes_or_no: bool = False
    """A prediction is right or wrong, so that shares of wrong answers are shown instead of errors."""
    left_out: tuple[Scored, ...] = ()
    """The same cases, each predicted by constants fitted without its source."""

    def to_dict(self) -> dict[str, Any]:
        """The validation as JSON data."""
        return {
            "kind": self.kind,
            "cases": [self._case(item) for item in self.scored],
            "skipped": [{"id": item.id, "reason": item.reason} for item in self.skipped],
            "summary": summary_rows(self),
            **({"leave_one_source_out": summary_rows(replace(self, scored=self.left_out))} if self.left_out else {}),
            **self.extra,
        }

    def _case(self, item: Scored) -> dict[str, Any]:
        interval = {} if item.low is None else {"low": item.low, "high": item.high}
        return {
            "id": item.id,
            self.predicted_key: item.predicted,
            self.measured_key: item.measured,
            **interval,
            **item.groups,
            **item.facts,
            "weight": item.weight,
        }


def weighted_quantile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """Smallest value below or at which at least a share of the weight lies.

    >>> weighted_quantile([3.0, 1.0, 2.0], [1.0, 1.0, 2.0], 0.5)
    2.0
    """
    if not values:
        raise InputError("values: none given; give at least one")
    pairs = sorted(zip(values, weights, strict=True))
    wanted = share * math.fsum(weights)
    running = 0.0
    for value, weight in pairs:
        running += weight
        if running >= wanted * (1.0 - 1e-12):
            return value
    return pairs[-1][0]


def summary_rows(validation: Validation) -> list[dict[str, Any]]:
    """n, weighted median and p90 of the error, bias and coverage of each group."""
    rows: list[dict[str, Any]] = []
    for names in validation.groupings or ((),):
        members: dict[tuple[str, ...], list[Scored]] = {}
        for item in validation.scored:
            members.setdefault(tuple(item.groups.get(name, "–") for name in names), []).append(item)
        by = " × ".join(names) or "all"
        rows += [{"by": by, "group": " × ".join(group) or "all", **score(members[group])} for group in sorted(members)]
    return rows


def score(cases: Iterable[Scored]) -> dict[str, Any]:
    """Weighted figures of some cases."""
    items = list(cases)
    weights = [item.weight for item in items]
    errors = [abs(item.signed_error) for item in items]
    within = [item for item in items if item.covered]
    interval = math.fsum(item.weight for item in items if item.covered is not None)
    return {
        "n": len(items),
        "median": weighted_quantile(errors, weights, 0.5),
        "p90": weighted_quantile(errors, weights, 0.9),
        "bias": weighted_quantile([item.signed_error for item in items], weights, 0.5),
        "wrong": math.fsum(item.weight for item in items if item.signed_error != 0.0) / math.fsum(weights),
        "coverage": math.fsum(item.weight for item in within) / interval if interval else None,
    }
