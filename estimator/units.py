"""Every unit conversion and the value type that formulas share.

Inside the package: bytes, seconds or hours, USD, tokens, as float. GB and GiB appear only at the edges.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Value: TypeAlias = float | Array
"""A scalar, or an array of draws whose element 0 is the central case and elements 1… are the futures."""

GB = 1e9
GIB = float(2**30)
MIB = float(2**20)
TERA = 1e12
MILLION = 1e6
THOUSAND = 1e3
SECONDS_PER_HOUR = 3600.0
HOURS_PER_DAY = 24.0
DAYS_PER_MONTH = 365.25 / 12
DAYS_PER_YEAR = 365.25
DAYS_PER_WEEK = 7.0
HOURS_PER_MONTH = DAYS_PER_MONTH * HOURS_PER_DAY
SECONDS_PER_MONTH = HOURS_PER_MONTH * SECONDS_PER_HOUR
HOURS_PER_YEAR = 12.0 * HOURS_PER_MONTH
MONTHS_PER_YEAR = 12.0
MINUTES_PER_HOUR = 60.0


def central(value: Value) -> float:
    """The central case of a value: the number itself, or draw 0 of an array.

    >>> central(3.0), central(np.array([2.0, 1.0, 5.0]))
    (3.0, 2.0)
    """
    return float(value if isinstance(value, float) else np.atleast_1d(value)[0])


def column(value: Value) -> Array:
    """A value of each future as a column, beside months: shape (1 or n, 1).

    >>> column(3.0).tolist(), column(np.array([2.0, 1.0])).tolist()
    ([[3.0]], [[2.0], [1.0]])
    """
    return np.atleast_1d(np.asarray(value, dtype=float))[:, None]


def over_months(path: Array, weight: Array | None = None) -> Array:
    """Σ over the months, weighted where a weight is given, in each future: shape (1 or n, months) becomes (1 or n,).

    One row stands for all futures. A future adds up the same whatever futures stand beside it.

    >>> over_months(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.5]])).tolist()
    [2.0, 5.0]
    """
    if weight is None:
        return np.asarray(np.einsum("nm->n", path))  # along memory; `sum` takes twice as long
    if len(weight) == 1:
        return np.asarray(np.einsum("nm,m->n", path, weight[0]))  # a matrix product would add up otherwise at the end
    return np.asarray(np.einsum("nm,nm->n", *np.broadcast_arrays(path, weight)))


def p5_p95(value: Value) -> tuple[float, float]:
    """The range that holds nine of ten futures; twice the value itself where it is certain.

    >>> p5_p95(np.array([9.0, *range(101)])), p5_p95(4.0)
    ((5.0, 95.0), (4.0, 4.0))
    """
    drawn = np.atleast_1d(value)
    ranked = np.sort(drawn[1:] if drawn.size > 1 else drawn)
    low, high = np.interp(np.array([0.05, 0.95]) * (ranked.size - 1), np.arange(ranked.size), ranked)
    return float(low), float(high)


def monthly_rate(*, annual_rate: Value) -> Value:
    """Rate per month that compounds to a rate per year: (1 + r)^(1/12) − 1.

    Args:
        annual_rate: r, a share per year above −1. [1/year]

    Returns:
        Equivalent rate. [1/month]

    Source: compound interest; equals the reference value 0.00797414 at 10 % a year.

    >>> round(monthly_rate(annual_rate=0.10), 8)
    0.00797414
    """
    rate: Value = (1.0 + annual_rate) ** (1.0 / MONTHS_PER_YEAR) - 1.0
    return rate
