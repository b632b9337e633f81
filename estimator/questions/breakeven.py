"""Where does it break even? The gain of one side over another along one input, or over a grid of two."""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from estimator.catalog import Catalog, load_catalog
from estimator.decision import Flip
from estimator.errors import InputError
from estimator.pipeline import DRAWS, estimate
from estimator.questions.contest import Contest, choice_contest, gain_contest
from estimator.questions.keys import key_of
from estimator.questions.turning import turns_along
from estimator.questions.whatif import Points, Span, WhatIf
from estimator.record import record
from estimator.results import Estimate
from estimator.scenario import Scenario
from estimator.units import Array

STEPS = 50
MOST_STEPS = 500
AT_ONCE = 20_000
"""Points of a grid per pass; more would only take memory."""

Range = tuple[float, float]


@record(kw_only=True)
class Axis:
    """An input that is moved."""

    key: str
    unit: str
    today: float
    values: Array
    """Rising, shape (steps,). [unit of the input]"""
    log: bool
    """Whether steps are equal factors."""


@record(kw_only=True)
class BreakEvenCurve:
    """Gain of one side over another along one input, all others at their central values."""

    base: Estimate
    option: str
    """The side whose gain is shown."""
    against: str
    x: Axis
    gain_usd: Array
    """Shape (steps,); no number where one side has nothing to choose. [USD]"""
    gain_today_usd: float
    best: tuple[str, ...]
    """Option to choose at each step; nothing where none may be chosen."""
    best_today: str
    flips: tuple[Flip, ...]
    """Values at which the gain changes its sign, nearest first."""
    choice_flips: tuple[Flip, ...]
    """Values at which the option to choose changes, nearest first."""


@record(kw_only=True)
class BreakEvenGrid:
    """Gain of one side over another over two inputs, all others at their central values."""

    base: Estimate
    option: str
    against: str
    x: Axis
    y: Axis
    gain_usd: Array
    """Shape (steps of y, steps of x). [USD]"""
    gain_today_usd: float
    best: tuple[tuple[str, ...], ...]
    """Option to choose at each point, rows by y."""
    best_today: str
    contour: Array
    """Points (x, y) at which the gain is zero, shape (points, 2). [units of the inputs]"""
    contour_gain_usd: Array
    """Gain at these points, put in again, shape (points,). [USD]"""


def breakeven(
    scenario: Scenario,
    *,
    x: str,
    y: str | None = None,
    steps: int = STEPS,
    option: str | None = None,
    against: str | None = None,
    x_range: Range | None = None,
    y_range: Range | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> BreakEvenCurve | BreakEvenGrid:
    """Gain in net benefit of one side over another along one input, or over two.

    Args:
        scenario: What the user asks.
        x: Key of the input that is moved, in full or by its end.
        y: Key of a second one, for a grid.
        steps: Values of each input. [count]
        option: Name of an option; tuned against untuned ones where not given.
        against: Name of another; the best of all others where not given.
        x_range: Lowest and highest x; beyond its 90 % range, inside its field, where not given. [unit of x]
        y_range: The same of y. [unit of y]
        draws: Futures of the estimate, from which the ranges of uncertain inputs are read. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.

    Returns:
        A curve with its roots, or a grid with its zero contour. [units of the inputs, USD]

    Raises:
        EstimatorError: an unknown input or option, values outside of what a field allows, nothing to compare.
    """
    prices = catalog or load_catalog()
    base = estimate(scenario, draws=draws, seed=seed, catalog=prices, on=on)
    if y is not None:
        return grid_of(
            base,
            x=x,
            y=y,
            steps=steps,
            option=option,
            against=against,
            x_range=x_range,
            y_range=y_range,
            catalog=prices,
        )
    _check_steps(steps)
    contest, whatif = gain_contest(base, option, against), WhatIf(base=base, catalog=prices)
    across = _axis(whatif, key_of(base, x), steps, x_range, "x")
    if y_range is not None:
        raise InputError("range of y: given without y; name the second input")
    return _curve(whatif, contest, across)


def grid_of(
    base: Estimate,
    *,
    x: str,
    y: str,
    steps: int = STEPS,
    option: str | None = None,
    against: str | None = None,
    x_range: Range | None = None,
    y_range: Range | None = None,
    catalog: Catalog | None = None,
) -> BreakEvenGrid:
    """The grid of `breakeven` for an estimate that is there already, made with the same catalog.

    Returns:
        A grid with its zero contour. [units of the inputs, USD]

    Raises:
        EstimatorError: as `breakeven`.
    """
    _check_steps(steps)
    contest = gain_contest(base, option, against)
    whatif = WhatIf(base=base, catalog=catalog or load_catalog())
    across = _axis(whatif, key_of(base, x), steps, x_range, "x")
    up = _axis(whatif, key_of(base, y), steps, y_range, "y")
    if up.key == across.key:
        raise InputError(f"y: {up.key} is x already; name another input")
    return _grid(whatif, contest, across, up)


def _check_steps(steps: int) -> None:
    if not 2 <= steps <= MOST_STEPS:
        raise InputError(f"steps: {steps} is outside 2 to {MOST_STEPS}; give a number of values per input inside")


def _axis(whatif: WhatIf, key: str, steps: int, given: Range | None, name: str) -> Axis:
    item, span = whatif.input(key), whatif.span(key)
    if given is not None:
        low, high = given
        if not low < high:
            raise InputError(f"range of {name}: {low:g} to {high:g}; give the smaller number first")
        span = Span(low, span.today, high, low > 0.0 and high / low > 10.0)
    return Axis(key=key, unit=item.unit, today=span.today, values=span.steps(steps), log=span.log)


def _curve(whatif: WhatIf, contest: Contest, x: Axis) -> BreakEvenCurve:
    points = whatif.at({x.key: np.append(x.values, x.today)})
    choice = choice_contest(whatif.base)
    gain, best = contest.gain(points), choice.ahead(points)
    turned, chosen = turns_along(whatif, x.key, np.unique(np.append(x.values, x.today)), (contest, choice))
    return BreakEvenCurve(
        base=whatif.base,
        option=contest.names[0],
        against=contest.names[1],
        x=x,
        gain_usd=gain[:-1],
        gain_today_usd=float(gain[-1]),
        best=best[:-1],
        best_today=best[-1],
        flips=turned,
        choice_flips=chosen,
    )


def _grid(whatif: WhatIf, contest: Contest, x: Axis, y: Axis) -> BreakEvenGrid:
    across, up = (part.ravel() for part in np.meshgrid(x.values, y.values))
    held = {x.key: np.append(across, x.today), y.key: np.append(up, y.today)}
    choice = choice_contest(whatif.base)
    found = list(_in_parts(whatif, held))
    gain = np.concatenate([contest.gain(points) for points in found])
    best = [name for points in found for name in choice.ahead(points)]
    rows, columns = y.values.size, x.values.size
    shaped = gain[:-1].reshape(rows, columns)
    contour, rest = _contour(whatif, contest, x, y, shaped)
    return BreakEvenGrid(
        base=whatif.base,
        option=contest.names[0],
        against=contest.names[1],
        x=x,
        y=y,
        gain_usd=shaped,
        gain_today_usd=float(gain[-1]),
        best=tuple(tuple(best[row * columns : (row + 1) * columns]) for row in range(rows)),
        best_today=best[-1],
        contour=contour,
        contour_gain_usd=rest,
    )


def _in_parts(whatif: WhatIf, held: Mapping[str, Array]) -> Iterator[Points]:
    size = next(iter(held.values())).size
    for start in range(0, size, AT_ONCE):
        yield whatif.at({key: values[start : start + AT_ONCE] for key, values in held.items()})


def _contour(whatif: WhatIf, contest: Contest, x: Axis, y: Axis, gain: Array) -> tuple[Array, Array]:
    """Where the gain changes its sign between neighbours of the grid: two steps of false position, all in one pass."""
    places = np.stack(np.meshgrid(x.values, y.values), axis=-1)
    pairs = [(places[:, :-1], places[:, 1:], gain[:, :-1], gain[:, 1:]), (places[:-1], places[1:], gain[:-1], gain[1:])]
    starts, ends, lows, highs = [], [], [], []
    for start, end, low, high in pairs:
        crossed = np.isfinite(low) & np.isfinite(high) & ((low > 0) != (high > 0))
        starts.append(start[crossed])
        ends.append(end[crossed])
        lows.append(low[crossed])
        highs.append(high[crossed])
    start, end, low, high = map(np.concatenate, (starts, ends, lows, highs))
    if not low.size:
        return start, low
    middle = _between(start, end, low, high)
    there = contest.gain(whatif.at({x.key: middle[:, 0], y.key: middle[:, 1]}))
    first = (there > 0) != (low > 0)
    final = np.where(first[:, None], _between(start, middle, low, there), _between(middle, end, there, high))
    return final, contest.gain(whatif.at({x.key: final[:, 0], y.key: final[:, 1]}))


def _between(start: Array, end: Array, low: Array, high: Array) -> Array:
    """Zero of a straight line from low at start to high at end; the middle where one has no number."""
    rise = high - low
    share = np.divide(-low, rise, out=np.full_like(rise, 0.5), where=np.isfinite(rise) & (rise != 0))
    return np.asarray(start + (end - start) * np.clip(share, 0.0, 1.0)[:, None])
