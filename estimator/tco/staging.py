"""One ledger from several, each of which runs in its own months and futures."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import overload

import numpy as np

from estimator.record import record
from estimator.tco.ledger import Ledger, Line
from estimator.units import Array, Value

JOIN = "@"
"""Between the key of a line and the stage that it belongs to."""


@record(kw_only=True)
class Turn:
    """One option within a plan: its ledger, and the months and futures in which it runs."""

    name: str
    """Put behind the keys of its lines; empty for the option that the plan starts with."""
    ledger: Ledger
    """Costs or benefits from its own start on, the column before its launch first. [USD]"""
    start: int
    """Month of the plan in which what falls before its launch is paid. [month]"""
    runs: Array
    """1 where its lines fall due, else 0, shape (1 or n, months + 1). [1]"""
    settled: Mapping[str, Value] = field(default_factory=dict)
    """Share of a one-off line that an earlier option of the plan has paid, by key. [1]"""


def staged_ledger(turns: Sequence[Turn], *, months: int, annual_rate: Value, moves: Sequence[Line] = ()) -> Ledger:
    """The ledger of a plan: each line of each option in the months and futures in which that option runs.

    Args:
        turns: Options in the order of the plan. [USD]
        months: Length of the plan. [month]
        annual_rate: Discount rate. [1/year]
        moves: Lines of the plan itself, such as the cost of moving. [USD]

    Returns:
        Lines by month. [USD]

    Source: line × 1(runs in that month and future), so that the sum of lines stays the total.

    >>> line = Line("a", "a", "operations", "month", 2.0, np.array([[5.0, 1.0, 1.0]]))
    >>> later = Line("a", "a", "operations", "month", 9.0, np.array([[1.0, 1.0]]))
    >>> first = Turn(name="", ledger=Ledger((line,), 2, 0.0), start=0, runs=np.array([[1.0, 1.0, 0.0]]))
    >>> second = Turn(name="b", ledger=Ledger((later,), 1, 0.0), start=1, runs=np.array([[0.0, 1.0, 1.0]]))
    >>> staged_ledger([first, second], months=2, annual_rate=0.0).monthly.tolist()
    [[10.0, 11.0, 9.0]]
    """
    lines = tuple(line for turn in turns for line in _lines(turn, months))
    return Ledger((*lines, *moves), months, annual_rate)


def _lines(turn: Turn, months: int) -> list[Line]:
    known: dict[int, Array | None] = {}
    found = []
    for line in turn.ledger.lines:
        if id(line.times) not in known:
            known[id(line.times)] = _running(line.times, turn, months)
        times = known[id(line.times)]
        if times is not None:
            found.append(_owed(replace(line, times=times, index=_placed(line.index, turn, months, 1.0)), turn))
    return found


@overload
def _placed(path: Array, turn: Turn, months: int, before: float) -> Array: ...
@overload
def _placed(path: None, turn: Turn, months: int, before: float) -> None: ...
def _placed(path: Array | None, turn: Turn, months: int, before: float) -> Array | None:
    """A path of an option on the months of the plan, with what it is before its turn."""
    if path is None or not turn.start:
        return path
    within = np.full((path.shape[0], months + 1), before)
    within[:, turn.start :] = path
    return within


def _running(times: Array, turn: Turn, months: int) -> Array | None:
    """How often a line falls due within the plan; None where it never does."""
    times = _placed(times, turn, months, 0.0)
    due = np.flatnonzero(times.any(axis=0))
    runs = turn.runs[:, due]
    if not runs.any() and (due.size or turn.start):
        return None
    return times if runs.all() else times * turn.runs


def _owed(line: Line, turn: Turn) -> Line:
    if line.key in turn.settled:
        line = replace(line, count=line.count * (1.0 - np.asarray(turn.settled[line.key])))
    if not turn.name:
        return line
    return replace(line, key=f"{line.key}{JOIN}{turn.name}", label=f"{line.label} ({turn.name})")
