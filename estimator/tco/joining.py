"""One ledger from windows of futures: lines keep their sums, the whole keeps its months."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from estimator.inputs import joined_values
from estimator.tco.ledger import Held, Ledger, Line, sum_months, totals
from estimator.tco.paths import joined_paths, narrowed
from estimator.units import Array, Value, central, over_months


def held(ledger: Ledger) -> Ledger:
    """The same ledger with its money of each month in half the space.

    Args:
        ledger: Lines with all their months. [USD]

    Returns:
        The same lines; their sum by month in single precision. [USD]

    Source: `narrowed`.
    """
    if ledger.held is not None:
        return ledger
    staying, following = (
        sum_months([line for line in ledger.lines if line.follows_volume is follows], ledger.months)
        for follows in (False, True)
    )
    stays, follows = (over_months(money, ledger.factors) for money in (staying, following))
    monthly = staying + following
    return replace(ledger, held=Held(narrowed(monthly), over_months(monthly), stays + follows, stays, follows))


def condensed(ledger: Ledger) -> Ledger:
    """The same ledger with the central months of each line, and its sums over the horizon in each future.

    Args:
        ledger: Lines with all their months. [USD]

    Returns:
        Lines that need no months of the futures. [USD]

    Source: `totals`.
    """
    lines = tuple(
        replace(
            line,
            unit_usd=central(line.unit_usd),
            count=central(line.count),
            times=line.times[:1].copy(),
            index=None if line.index is None else line.index[:1].copy(),
            summed=total,
        )
        for line, total in zip(ledger.lines, totals(ledger.lines), strict=True)
    )
    return replace(held(ledger), lines=lines)


def joined_ledger(windows: Sequence[Ledger], sizes: Sequence[int]) -> Ledger:
    """One ledger over all futures from one per window.

    Args:
        windows: Condensed ledgers. [USD]
        sizes: Futures of each window. [count]

    Returns:
        Lines that fall due in any window. [USD]

    Raises:
        ValueError: a window has not been condensed.

    Source: definition.
    """
    if any(ledger.held is None for ledger in windows):
        raise ValueError("ledgers are condensed before they are joined")
    kept = [ledger.held for ledger in windows if ledger.held is not None]
    known = [{line.key: line for line in ledger.lines} for ledger in windows]
    lines = tuple(_joined_line([lines.get(key) for lines in known], sizes) for key in _order(windows))
    first = windows[0]
    return Ledger(
        lines,
        first.months,
        joined_values([ledger.annual_rate for ledger in windows], sizes),
        Held(
            joined_paths([item.monthly for item in kept], sizes),
            *(
                _rows([getattr(item, name) for item in kept], sizes)
                for name in ("total", "present_value", "stays", "follows")
            ),
        ),
    )


def _joined_line(windows: Sequence[Line | None], sizes: Sequence[int]) -> Line:
    line = next(line for line in windows if line is not None)
    return replace(line, summed=_rows([0.0 if item is None else item.total for item in windows], sizes))


def _rows(values: Sequence[Value], sizes: Sequence[int]) -> Array:
    return np.atleast_1d(np.asarray(joined_values(values, sizes)))


def _order(windows: Sequence[Ledger]) -> list[str]:
    """Keys of the lines of all windows: one that only a later window has comes after its neighbour there."""
    keys: list[str] = [line.key for line in windows[0].lines]
    for ledger in windows[1:]:
        place = 0
        for line in ledger.lines:
            if line.key in keys:
                place = keys.index(line.key) + 1
            else:
                keys.insert(place, line.key)
                place += 1
    return keys
