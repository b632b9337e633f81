"""What would have to be true: the values of an input at which the choice changes, and a map over two inputs."""

from collections.abc import Callable, Mapping

import numpy as np

from estimator.decision.brackets import Brackets, Change, Evaluate, Line, brackets_of, changes_of, evaluated, lead_of
from estimator.errors import InputError
from estimator.record import record
from estimator.units import Array

SCAN = 129
"""Points of the first look; two changes closer than one step of it can be missed."""
FINER = 33
"""Points per bracket of each later look: every look narrows a bracket 32 times."""
LOOKS = 4
"""Looks in all; they narrow a bracket to a four-millionth of the range before the secant."""


@record
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
    space = np.geomspace if logarithmic else np.linspace
    points = {"": np.asarray(space(low, high, SCAN), dtype=float)}
    return choice_changes_of(net_benefit=lambda asked: {"": net_benefit(asked[""])}, points=points)[""]


def choice_changes_of(
    *, net_benefit: Evaluate[Line], points: Mapping[Line, Array], looks: int = LOOKS, finer: int = FINER
) -> dict[Line, tuple[Change, ...]]:
    """All values at which argmax_o NB_o(x) changes, along many lines at once: each look is one call for all of them.

    Args:
        net_benefit: Takes values by line, each of shape (points,), returns net benefits by line, each of shape
            (options, points); a line that cannot be evaluated is left out. [USD]
        points: Rising values of the first look by line, each of shape (points,). [units of the inputs]
        looks: Looks in all. [count]
        finer: Points per bracket of each later look. [count]

    Returns:
        Changes by line, by value; lines that cannot be evaluated are left out. [units of the inputs, USD]

    Raises:
        InputError: A net benefit that is not a number.

    Source: as `choice_changes`.

    >>> found = choice_changes_of(
    ...     net_benefit=lambda asked: {line: np.stack([0 * x, x - line]) for line, x in asked.items()},
    ...     points={3.0: np.linspace(0, 10, 9), 30.0: np.linspace(0, 10, 9)},
    ... )
    >>> [(round(change.value, 9), change.above) for change in found[3.0]], found[30.0]
    ([(3.0, 1)], ())
    """
    rows = {line: np.asarray(values, dtype=float)[None, :] for line, values in points.items()}
    known: tuple[Line, ...] = ()
    brackets: dict[Line, Brackets] = {}
    for look in range(looks):
        found = evaluated(net_benefit, rows)
        known = known if look else tuple(found)
        brackets = {line: brackets_of(rows[line], benefit, refined=look > 0) for line, benefit in found.items()}
        brackets = {line: item for line, item in brackets.items() if item.lows.size}
        if not brackets:
            break
        rows = {line: np.linspace(item.lows, item.highs, finer, axis=1) for line, item in brackets.items()}
    changes = changes_of(net_benefit, brackets, points) if brackets else {}
    return {line: changes.get(line, ()) for line in known}


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


@record
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
    return Map(net_benefit.argmax(axis=0), lead_of(net_benefit), best - net_benefit[baseline])
