"""A plan in stages: one option now, another later where a condition holds in that future."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from estimator.decision.outcome import Outcome
from estimator.record import record
from estimator.tco import Line, Turn, staged_ledger
from estimator.units import Array, Value

Flags = npt.NDArray[np.bool_]
SIGNS = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}
SET = "evaluation.set"
"""Line of the evaluation set: it belongs to the task, so a later option pays for further items only."""


@record(kw_only=True)
class Leg:
    """One stage: an option from its own start on."""

    option: Outcome
    """Over the months that are left when it starts. [USD]"""
    start: int = 0
    """Decision month; the option answers from the next month on. [month]"""
    conditions: Mapping[str, tuple[str, float]]
    """Sign and number by what is observed in the decision month; all must hold."""
    switching_usd: Value = 0.0
    kept: tuple[frozenset[str], ...] = ()
    """For each earlier leg the keys of one-off lines that are the same work and not paid again."""


@record(slots=False)
class Play:
    """A plan carried out in every future."""

    outcome: Outcome
    moved: tuple[Flags, ...]
    """For each leg the futures that reach it, shape (1 or n,). [1]"""
    observed: tuple[Mapping[str, Array], ...]
    """For each leg what was seen in its decision month, shape (1 or n,). [requests, 1]"""

    @cached_property
    def net_benefit(self) -> Array:
        """Present value of benefits minus costs, shape (n,). [USD]"""
        return self.outcome.net_benefit


def play(name: str, legs: Sequence[Leg], *, forced: Mapping[int, bool] | None = None) -> Play:
    """Carry a plan out: in each future an option runs until a later one takes over.

    Args:
        name: Name of the plan.
        legs: Stages in order; the first starts at launch. [USD]
        forced: Stages that are entered, or not, whatever their condition says.

    Returns:
        Outcome of the plan, and which futures reach which stage. [USD]

    Source: definition; decisions look at nothing that lies after their month.
    """
    first = legs[0].option
    requests, months = first.requests, first.costs.months
    moved: list[Flags] = [np.ones(1, dtype=bool)]
    observed: list[Mapping[str, Array]] = [{}]
    quality = first.quality
    for place, leg in enumerate(legs[1:], start=1):
        month = leg.start - 1
        seen = {"requests_per_month": requests[:, month], "quality": quality[:, month]}
        holds = _holds(leg.conditions, seen) if place not in (forced or {}) else np.full(1, (forced or {})[place])
        moved.append(holds)
        observed.append(seen)
        quality = _from(leg, holds, quality)
    runs = _runs(legs, moved, months)
    costs, benefits = _turns(legs, moved, runs)
    rate = first.costs.annual_rate
    outcome = Outcome(
        name,
        "staged",
        staged_ledger(costs, months=months, annual_rate=rate, moves=_moves(legs, moved, months)),
        staged_ledger(benefits, months=months, annual_rate=rate),
        requests,
        quality,
        first.size,
        stages=tuple(leg.option.kind for leg in legs),
    )
    return Play(outcome, tuple(moved), tuple(observed))


def _holds(conditions: Mapping[str, tuple[str, float]], seen: Mapping[str, Array]) -> Flags:
    holds = np.ones(1, dtype=bool)
    for what, (sign, number) in conditions.items():
        holds = holds & SIGNS[sign](seen[what], number)
    return holds


def _from(leg: Leg, moved: Flags, quality: Array) -> Array:
    """Quality path with the later option in the futures that move to it."""
    if not moved.any():
        return quality
    later = leg.option.quality
    rows = max(moved.size, quality.shape[0], later.shape[0])
    path = np.array(np.broadcast_to(quality, (rows, quality.shape[1])))
    path[:, leg.start :] = np.where(moved[:, None], later, path[:, leg.start :])
    return path


def _runs(legs: Sequence[Leg], moved: Sequence[Flags], months: int) -> list[Array]:
    """Months and futures in which the lines of each leg fall due, its one-off costs in its decision month."""
    rows = max(item.size for item in moved)
    column = np.arange(months + 1)
    found = []
    for place, leg in enumerate(legs):
        runs = np.broadcast_to(moved[place][:, None], (rows, months + 1)) & (column >= leg.start)
        for later, other in zip(legs[place + 1 :], moved[place + 1 :], strict=True):
            runs = runs & ~(other[:, None] & (column > later.start))
        found.append(runs.astype(float))
    return found


def _turns(legs: Sequence[Leg], moved: Sequence[Flags], runs: Sequence[Array]) -> tuple[list[Turn], list[Turn]]:
    costs, benefits, names = [], [], [""]
    for place, leg in enumerate(legs):
        if place:
            name = leg.option.name
            names.append(name if name not in names else f"{name}-{place}")
        spent = leg.option.costs
        settled = _settled(legs, moved, place)
        turn = Turn(name=names[place], ledger=spent, start=leg.start, runs=runs[place], settled=settled)
        costs.append(turn)
        benefits.append(replace(turn, ledger=leg.option.benefits, settled={}))
    return costs, benefits


def _settled(legs: Sequence[Leg], moved: Sequence[Flags], place: int) -> dict[str, Value]:
    """Share of its one-off lines that earlier legs have paid, future by future."""
    settled: dict[str, Value] = {}
    items = {line.key: np.asarray(line.count, dtype=float) for line in legs[place].option.costs.lines}
    for earlier, keys in enumerate(legs[place].kept):
        went = moved[earlier].astype(float) if earlier else np.ones(1)
        had = {line.key: np.asarray(line.count) for line in legs[earlier].option.costs.lines}
        for key in keys & items.keys() & had.keys():
            share: Value = np.ones(1)
            if key == SET:
                needed = np.maximum(items[key], 1e-12)
                share = np.minimum(had[key] / needed, 1.0)
            settled[key] = np.maximum(settled.get(key, 0.0), went * share)
    return settled


def _moves(legs: Sequence[Leg], moved: Sequence[Flags], months: int) -> list[Line]:
    lines = []
    for leg, went in zip(legs[1:], moved[1:], strict=True):
        if not went.any():
            continue
        times = np.zeros((went.size, months + 1))
        times[:, leg.start] = went
        name = leg.option.name
        lines.append(
            Line(f"migration.stage@{name}", f"moving to {name}", "migration", "move", leg.switching_usd, times)
        )
    return lines
