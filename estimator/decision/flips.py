"""What would have to be true: the values of an input at which the choice changes, and a map over two inputs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from estimator.errors import InputError
from estimator.units import Array

SCAN = 129
"""Points of the first look; two changes closer than one step of it can be missed."""
FINER = 33
"""Points per bracket of each later look: every look narrows a bracket 32 times."""
LOOKS = 4
"""Looks in all; they narrow a bracket to a four-millionth of the range before the secant."""
WIDER = 500.0
"""Where the difference rises as much in the last bracket as in one about a thousand times as wide, it jumps."""
ROUNDING = 1e-9
"""Rises below this share of a net benefit are rounding."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value of an input at which the choice changes: `below` is chosen under it, `above` over it.

    `gap_usd` is NB_above − NB_below put in at the value: near zero at a crossing, larger where an option jumps.
    """

    value: float
    below: int
    above: int
    gap_usd: float
    is_jump: bool


@dataclass(frozen=True, slots=True)
class Distance:
    """How far today's value is from a change: in its unit, as a share of itself, and in widths of its own range."""

    change: Change
    absolute: float
    relative: float
    ranges: float


def choice_changes(
    *, net_benefit: Callable[[Array], Array], low: float, high: float, logarithmic: bool = False
) -> tuple[Change, ...]:
    """All values in [low, high] at which argmax_o NB_o(x) changes: a scan, then ever finer looks at each bracket.

    Each look is one call with all points. The value is that of NB_above = NB_below on the last, tiny bracket (secant),
    or its middle where the difference jumps, and is put in again. A point where the two best tie belongs to neither
    side, so touching without crossing is no change.

    Args:
        net_benefit: Takes values of shape (points,), returns net benefits of shape (options, points). [USD]
        low: Lowest value to look at. [unit of the input]
        high: Highest value to look at. [unit of the input]
        logarithmic: Space the scan by ratio; needs low > 0. [1]

    Returns:
        Changes by value; none means never. [unit of the input, USD]

    Raises:
        InputError: No range, a range that cannot be logarithmic, or a net benefit that is not a number.

    Source: bracketing and multisection, Brent 1973, chapter 4; verified by substitution.

    >>> [change] = choice_changes(net_benefit=lambda x: np.stack([0 * x, x - 3.0]), low=0.0, high=10.0)
    >>> round(change.value, 9), change.below, change.above, change.is_jump
    (3.0, 0, 1, False)
    """
    if not (np.isfinite([low, high]).all() and low < high) or (logarithmic and low <= 0):
        kind = "0 < low < high" if logarithmic else "low < high"
        raise InputError(f"low, high: {low:g} to {high:g}; allowed: finite numbers with {kind}")
    lows, highs = np.array([float(low)]), np.array([float(high)])
    for look in range(LOOKS):
        space = np.geomspace if logarithmic and not look else np.linspace
        points = space(lows, highs, FINER if look else SCAN, axis=1)
        found = _evaluated(net_benefit, points.ravel()).reshape(-1, *points.shape)
        lows, highs = _brackets(points, found)
        if not lows.size:
            return ()
    return _changes(net_benefit, lows, highs, low=low, high=high)


def sign_changes(
    *, difference: Callable[[Array], Array], low: float, high: float, logarithmic: bool = False
) -> tuple[Change, ...]:
    """All roots of g(x) = NB_a(x) − NB_b(x) in [low, high] where g changes sign; option 0 is a, option 1 is b.

    Args:
        difference: Takes values of shape (points,), returns g of shape (points,). [USD]
        low: Lowest value to look at. [unit of the input]
        high: Highest value to look at. [unit of the input]
        logarithmic: Space the scan by ratio; needs low > 0. [1]

    Returns:
        Changes by value; none means never. [unit of the input, USD]

    Raises:
        InputError: As `choice_changes`.

    Source: as `choice_changes`.

    >>> [round(change.value, 9) for change in sign_changes(difference=lambda x: x * x - 4, low=-5.0, high=5.0)]
    [-2.0, 2.0]
    """

    def both(points: Array) -> Array:
        gain = difference(points)
        return np.stack([gain, np.zeros_like(gain)])

    return choice_changes(net_benefit=both, low=low, high=high, logarithmic=logarithmic)


def distances(*, changes: tuple[Change, ...], today: float, p5: float, p95: float) -> tuple[Distance, ...]:
    """Value − today, (value − today) / |today| and (value − today) / (p95 − p5) of each change, nearest first.

    Args:
        changes: Values at which the choice changes. [unit of the input]
        today: Value of the input today. [unit of the input]
        p5: Low end of what the input may be. [unit of the input]
        p95: High end of what the input may be. [unit of the input]

    Returns:
        Signed distances; infinite relative to a value or a range of zero. [unit of the input, 1]

    Source: definition.

    >>> [far] = distances(changes=(Change(61e3, 0, 1, 0.0, False),), today=50e3, p5=30e3, p95=85e3)
    >>> far.absolute, far.relative, far.ranges
    (11000.0, 0.22, 0.2)
    """
    found = []
    for change in changes:
        gap = change.value - today
        relative, ranges = (
            gap / abs(unit) if unit else float(np.copysign(np.inf, gap)) if gap else 0.0 for unit in (today, p95 - p5)
        )
        found.append(Distance(change, gap, relative, ranges))
    return tuple(sorted(found, key=lambda item: abs(item.absolute)))


@dataclass(frozen=True, slots=True)
class Map:
    """Over a grid of two inputs: the option to choose, its lead over the next, and its gain over the baseline."""

    chosen: Array
    lead_usd: Array
    over_baseline_usd: Array


def winner_map(*, net_benefit: Array, baseline: int = 0) -> Map:
    """argmax_o NB_o, NB_best − NB_second and NB_best − NB_baseline at every point of a grid.

    Args:
        net_benefit: Shape (options, ny, nx). [USD]
        baseline: Index of the option to compare with. [1]

    Returns:
        Index and money, each of shape (ny, nx); a single option leads by infinity. [1, USD]

    Source: definition.

    >>> grid = winner_map(net_benefit=np.array([[[1.0, 5.0]], [[2.0, 3.0]]]))
    >>> grid.chosen.tolist(), grid.lead_usd.tolist(), grid.over_baseline_usd.tolist()
    ([[1, 0]], [[1.0, 2.0]], [[1.0, 0.0]])
    """
    best = net_benefit.max(axis=0)
    return Map(net_benefit.argmax(axis=0), _lead(net_benefit), best - net_benefit[baseline])


def _evaluated(net_benefit: Callable[[Array], Array], points: Array) -> Array:
    found: Array = np.asarray(net_benefit(points), dtype=float)
    if np.isnan(found).any():
        where = points[np.isnan(found).any(axis=0)][0]
        raise InputError(f"net benefit: not a number where the input is {where:g}; allowed: numbers; narrow the range")
    return found


def _lead(net_benefit: Array) -> Array:
    """NB_best − NB_second along the first axis; two infinite ones tie."""
    if len(net_benefit) == 1:
        return np.full(net_benefit.shape[1:], np.inf)
    second, best = np.partition(net_benefit, len(net_benefit) - 2, axis=0)[-2:]
    lead: Array = np.subtract(best, second, out=np.zeros_like(best), where=best != second)
    return lead


def _brackets(points: Array, net_benefit: Array) -> tuple[Array, Array]:
    """Neighbouring points of each row, ties left out, between which the choice changes."""
    chosen, clear = net_benefit.argmax(axis=0), _lead(net_benefit) > 0
    row, column = np.nonzero(clear)
    last = np.flatnonzero((np.diff(row) == 0) & (np.diff(chosen[row, column]) != 0))
    return points[row[last], column[last]], points[row[last + 1], column[last + 1]]


def _changes(
    net_benefit: Callable[[Array], Array], lows: Array, highs: Array, *, low: float, high: float
) -> tuple[Change, ...]:
    """The crossing inside each tiny bracket, by the secant, with what substitution gives there."""
    margin = WIDER * (highs - lows)
    points = np.stack([lows, highs, np.maximum(lows - margin, low), np.minimum(highs + margin, high)])
    found = _evaluated(net_benefit, points.ravel()).reshape(-1, *points.shape)
    each = np.arange(lows.size)
    below, above = found[:, 0].argmax(axis=0), found[:, 1].argmax(axis=0)
    gaps = found[above, :, each] - found[below, :, each]
    rise, wide_rise = gaps[:, 1] - gaps[:, 0], gaps[:, 3] - gaps[:, 2]
    jumps = (rise >= 0.5 * wide_rise) & (rise >= ROUNDING * np.abs(found[above, 1, each]))
    share = np.divide(-gaps[:, 0], rise, out=np.full_like(rise, 0.5), where=~jumps)
    values = lows + (highs - lows) * share
    there = _evaluated(net_benefit, values)
    rest = there[above, each] - there[below, each]
    return tuple(
        Change(float(value), int(one), int(other), float(gap), bool(jump))
        for value, one, other, gap, jump in zip(values, below, above, rest, jumps, strict=True)
    )
