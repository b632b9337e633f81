"""Brackets in which the choice changes, along many lines at once, and the crossing or jump inside each."""

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from estimator.errors import InputError
from estimator.record import record
from estimator.units import Array

WIDER = 500.0
"""Where the difference rises as much in the last bracket as in one about a thousand times as wide, it jumps."""
ROUNDING = 1e-9
"""Rises below this share of a net benefit are rounding."""
NOISE = 1e-12
"""Two options whose net benefits differ by no more than this share around a change are the same there."""

Line = TypeVar("Line", bound=Hashable)
Evaluate = Callable[[Mapping[Line, Array]], Mapping[Line, Array]]
"""Takes values by line, each of shape (points,), returns net benefits by line, each of shape (options, points)."""


@record
class Change:
    """A value of an input at which the choice changes: `below` is chosen under it, `above` over it.

    `gap_usd` is NB_above − NB_below put in at the value: near zero at a crossing, larger where an option jumps.
    """

    value: float
    below: int
    above: int
    gap_usd: float
    is_jump: bool


@record
class Brackets:
    """Values between which the choice changes, shape (brackets,), and net benefits there, shape (options, brackets)."""

    lows: Array
    highs: Array
    at_low: Array
    at_high: Array

    @property
    def below(self) -> npt.NDArray[np.intp]:
        """Option chosen at the low end."""
        return np.asarray(np.argmax(self.at_low, axis=0), dtype=np.intp)

    @property
    def above(self) -> npt.NDArray[np.intp]:
        """Option chosen at the high end."""
        return np.asarray(np.argmax(self.at_high, axis=0), dtype=np.intp)

    def gap(self, net_benefit: Array) -> Array:
        """NB_above − NB_below of each bracket, of net benefits of shape (options, …, brackets). [USD]"""
        each = np.arange(self.lows.size)
        with np.errstate(invalid="ignore"):
            gap: Array = net_benefit[self.above, ..., each] - net_benefit[self.below, ..., each]
        return gap.T

    def crossing(self) -> Array:
        """Where the gap is zero if it is straight inside the bracket; the middle where one side has no number."""
        low, rise = self.gap(self.at_low), self.gap(self.at_high) - self.gap(self.at_low)
        straight = np.isfinite(rise) & (rise > 0)
        share = np.divide(-low, rise, out=np.full_like(rise, 0.5), where=straight)
        return np.asarray(self.lows + (self.highs - self.lows) * share)


def evaluated(net_benefit: Evaluate[Line], rows: Mapping[Line, Array]) -> dict[Line, Array]:
    """Net benefits by line at points of any shape, in one call. [USD]

    Source: definition.
    """
    answers = net_benefit({line: points.ravel() for line, points in rows.items()})
    found = {line: np.asarray(answer, dtype=float) for line, answer in answers.items()}
    for line, benefit in found.items():
        if np.isnan(benefit).any():
            where = rows[line].ravel()[np.isnan(benefit).any(axis=0)][0]
            raise InputError(
                f"net benefit: not a number where the input is {where:g}; allowed: numbers; narrow the range"
            )
    return {line: benefit.reshape(-1, *rows[line].shape) for line, benefit in found.items()}


def lead_of(net_benefit: Array) -> Array:
    """NB_best − NB_second along the first axis; two infinite ones tie. [USD]

    Source: definition.
    """
    if len(net_benefit) == 1:
        return np.full(net_benefit.shape[1:], np.inf)
    second, best = np.partition(net_benefit, len(net_benefit) - 2, axis=0)[-2:]
    lead: Array = np.subtract(best, second, out=np.zeros_like(best), where=best != second)
    return lead


def brackets_of(points: Array, net_benefit: Array, *, refined: bool) -> Brackets:
    """Neighbouring points of each row between which the choice changes.

    A tie at a single point is left out; of options that tie at several in a row the first one is chosen.
    The ends of a refined row were found to be no single ties before. [unit of the input, USD]

    Source: bracketing, Brent 1973, chapter 4.
    """
    chosen, tied = net_benefit.argmax(axis=0), lead_of(net_benefit) <= 0
    beside = np.zeros_like(tied)
    beside[:, [0, -1]] = refined
    beside[:, 1:] |= tied[:, :-1]
    beside[:, :-1] |= tied[:, 1:]
    row, column = np.nonzero(~tied | beside)
    last = np.flatnonzero((np.diff(row) == 0) & (np.diff(chosen[row, column]) != 0))
    low, high = (row[last], column[last]), (row[last + 1], column[last + 1])
    return Brackets(points[low], points[high], net_benefit[:, *low], net_benefit[:, *high])


def changes_of(
    net_benefit: Evaluate[Line], brackets: Mapping[Line, Brackets], points: Mapping[Line, Array]
) -> dict[Line, tuple[Change, ...]]:
    """The crossing inside each tiny bracket, by the secant, and what substitution gives there. [unit of the input, USD]

    Source: Brent 1973, chapter 4; all brackets in one call.
    """
    trials = {}
    for line, item in brackets.items():
        margin = WIDER * (item.highs - item.lows)
        wide = np.maximum(item.lows - margin, points[line][0]), np.minimum(item.highs + margin, points[line][-1])
        trials[line] = np.stack([item.crossing(), (item.lows + item.highs) / 2, *wide])
    found = evaluated(net_benefit, trials)
    return {line: _settled(brackets[line], trials[line], benefit) for line, benefit in found.items()}


def _settled(item: Brackets, trials: Array, benefit: Array) -> tuple[Change, ...]:
    """Changes of one line from the figures at its crossings, middles and wide ends."""
    rest, middle, wide_low, wide_high = item.gap(benefit)
    scale = np.abs(item.at_high.max(axis=0))
    with np.errstate(invalid="ignore"):
        rise, wide_rise = item.gap(item.at_high) - item.gap(item.at_low), wide_high - wide_low
    jumps = ~np.isfinite(rise) | ((rise >= 0.5 * wide_rise) & (rise >= ROUNDING * scale))
    real = jumps | (np.fmax(rise, np.abs(wide_rise)) > NOISE * scale)
    values, gaps = np.where(jumps, trials[1], trials[0]), np.where(jumps, middle, rest)
    rows = zip(values, item.below, item.above, gaps, jumps, real, strict=True)
    return tuple(
        Change(float(value), int(one), int(other), float(gap), bool(jump))
        for value, one, other, gap, jump, kept in rows
        if kept
    )
