"""One point of a sweep → one row per option, all numbers unrounded."""

import json
import math
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Literal

from estimator.decision import Band
from estimator.errors import EstimatorError
from estimator.pipeline import estimate
from estimator.record import record
from estimator.results import Estimate, OptionEstimate
from estimator.scenario import parse_number
from estimator.sweeping.catalogs import CatalogPlace, catalog_at
from estimator.sweeping.points import Point

Kind = Literal["count", "number", "text", "flag"]
"""What a column holds."""
Row = dict[str, Any]
BANDS = {
    "cost_usd": "cost",
    "net_benefit_usd": "net_benefit",
    "quality": "quality",
    "cost_per_success_usd": "cost_per_success",
    "break_even_month": "break_even_month",
}
"""Figures with a band, by the start of their columns: present values over the horizon, as in `estimate`."""
STATISTICS = tuple(field.name for field in fields(Band))
_BEFORE: dict[str, Kind] = {"point": "count", "position": "count", "hash": "text", "scenario": "text"}
_AFTER: dict[str, Kind] = {
    "option": "text",
    "kind": "text",
    "model": "text",
    "eligible": "flag",
    "why_not": "text",
    **{f"{start}_{name}": "number" for start in BANDS for name in STATISTICS},
    "relative_cost": "number",
    "probability_break_even": "number",
    "probability_best": "number",
    "probability_good_enough": "number",
    "regret_usd": "number",
    "best": "flag",
    "answer": "text",
    "verdict": "text",
    "probability_tuning_pays": "number",
    "perfect_information_usd": "number",
    "error": "text",
}


def columns_of(varied: dict[str, Kind]) -> dict[str, Kind]:
    """All columns of a sweep by name, the varied values after the name of the scenario."""
    return {**_BEFORE, **varied, **_AFTER}


def kind_of(values: Sequence[Any]) -> Kind:
    """How varied values are kept: as numbers where all of them are, else as they were written."""
    try:
        for value in values:
            parse_number(value)
    except ValueError:
        return "text"
    return "number"


@record
class Task:
    """Some points and all that it takes to compute them anywhere."""

    points: tuple[Point, ...]
    varied: tuple[tuple[str, Kind], ...]
    draws: int
    seed: int
    on: date | None
    place: CatalogPlace

    def hash(self, point: Point) -> str:
        """What makes a row of this point what it is."""
        day = self.on or (point.scenario and (point.scenario.prices_on or point.scenario.start))
        return point.hash(str(self.draws), str(self.seed), str(day), self.place.digest)


def compute(task: Task) -> list[Row]:
    """Rows of the points of a task, in order; a point that cannot be computed is one row with its error.

    Raises:
        CatalogError: this process has other rows than the sweep.
    """
    catalog_at(task.place)
    return [row for point in task.points for row in _rows(task, point)]


def _rows(task: Task, point: Point) -> list[Row]:
    names = (name for name, _ in task.varied)
    values = (_shown(value, kind) for value, (_, kind) in zip(point.varied, task.varied, strict=True))
    head: Row = {"point": point.place, "position": 0, "hash": task.hash(point), **dict(zip(names, values, strict=True))}
    if point.scenario is None:
        return [{**head, "error": point.error}]
    head["scenario"] = point.scenario.name
    try:
        result = estimate(point.scenario, draws=task.draws, seed=task.seed, catalog=catalog_at(task.place), on=task.on)
    except EstimatorError as error:
        return [{**head, "error": str(error)}]
    return [
        {**head, "position": place, **_figures(result, option)} for place, option in enumerate(result.options.values())
    ]


def _figures(result: Estimate, option: OptionEstimate) -> Row:
    standing, verdict = option.standing, result.decision.verdict
    row: Row = {
        "option": option.name,
        "kind": standing.kind,
        "model": option.model,
        "eligible": standing.eligible,
        "why_not": standing.why_not,
        "best": option.name == verdict.best,
        "answer": verdict.answer,
        "verdict": verdict.sentence,
        "probability_tuning_pays": verdict.probability_tuning_pays,
        "perfect_information_usd": result.decision.perfect_information_usd,
    }
    if option.outcome.infeasible:
        return {**row, "error": option.outcome.infeasible}
    for start, name in BANDS.items():
        found: Band | None = getattr(standing, name)
        row |= {f"{start}_{item}": None if found is None else _number(getattr(found, item)) for item in STATISTICS}
    for name in ("relative_cost", "probability_break_even", "probability_best", "probability_good_enough"):
        row[name] = _number(getattr(standing, name))
    return {**row, "regret_usd": _number(standing.regret_usd)}


def _number(value: float | None) -> float | None:
    """A number as it is; none where it is not defined, so that equal tables compare as equal."""
    return None if value is None or math.isnan(value) else float(value)


def _shown(value: Any, kind: Kind) -> float | str:
    if kind == "number":
        return parse_number(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
