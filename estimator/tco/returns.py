"""What an investment earns: its internal rate of return, future by future."""

import numpy as np
import numpy.typing as npt

from estimator.units import MONTHS_PER_YEAR, Array, Value

LOWEST, HIGHEST = -0.99, 10.0
"""Ends of the search for a rate. [1/month]"""
_STEPS = 48
"""Halvings of a bracket: past the last digit of a float."""


def internal_rate_of_return(*, flows: Array) -> Value:
    """Monthly rate at which the present value of a stream is zero; the one nearest to zero where there are several.

    Args:
        flows: Money per month, shape (months + 1,) or (n, months + 1). [USD]

    Returns:
        Rate of each stream, scalar or shape (n,); nan where there is none from −99 % to 1000 %. [1/month]

    Source: definition; equals numpy-financial's irr. −40,000 and 24 × 2,500 give 0.035347 a month.

    >>> round(float(internal_rate_of_return(flows=np.array([-40e3] + [2500.0] * 24))), 6)
    0.035347
    """
    rate = internal_rates(flows=np.atleast_2d(flows))[0]
    result: Value = rate if np.ndim(flows) > 1 else float(rate[0])
    return result


def internal_rates(*, flows: Array) -> tuple[Array, Array]:
    """The rate nearest to zero of each stream, and how many it has: more than one makes it a poor guide.

    Args:
        flows: Money per month, shape (n, months + 1). [USD]

    Returns:
        Rates, nan where there is none, and changes of sign of the present value over the rates. [1/month, count]

    Source: Descartes' rule of signs bounds their number by the changes of sign of the stream.

    >>> rate, count = internal_rates(flows=np.array([[-1e3, 2300.0, -1320.0], [-100.0, 60.0, 60.0], [1.0, 1.0, 1.0]]))
    >>> rate.round(6).tolist(), count.tolist()
    ([0.1, 0.130662, nan], [2.0, 1.0, 0.0])
    """
    changes = _sign_changes(flows)
    rates = np.full(flows.shape[0], np.nan)
    some = np.flatnonzero(changes.any(axis=1))
    if some.size:
        nearness = np.where(changes[some], np.minimum(abs(_GRID[:-1]), abs(_GRID[1:])), np.inf)
        first = np.argmin(nearness, axis=1)
        rates[some] = _bisected(flows[some], _GRID[first], _GRID[first + 1])
    return rates, changes.sum(axis=1).astype(float)


def annual_rate(*, monthly: Value) -> Value:
    """Rate per year of a rate per month: (1 + r_m)^12 − 1.

    Args:
        monthly: Rate. [1/month]

    Returns:
        Compounded rate. [1/year]

    Source: compound interest.

    >>> round(annual_rate(monthly=0.035347), 4)
    0.5172
    """
    rate: Value = (1.0 + monthly) ** MONTHS_PER_YEAR - 1.0
    return rate


def _grid() -> Array:
    """Rates with zero among them, dense near zero, so that no bracket spans it."""
    above = np.concatenate(([0.0], np.geomspace(1e-4, HIGHEST, 48)))
    below = -np.concatenate((np.geomspace(1e-4, 0.1, 16), np.linspace(0.15, -LOWEST, 18)))
    return np.sort(np.concatenate((below, above)))


_GRID = _grid()


def _sign_changes(streams: Array) -> npt.NDArray[np.bool_]:
    """Whether the present value changes its sign between neighbouring rates, shape (n, rates − 1)."""
    months = np.arange(float(streams.shape[1]))[:, None]
    below = _GRID < 0  # future values there, present values above: no weight exceeds 1
    weights = np.where(below, 1.0 + _GRID, 1.0 / (1.0 + _GRID)) ** np.where(below, months[-1] - months, months)
    sign = np.sign(streams @ weights)
    both = (streams.max(axis=1) > 0) & (streams.min(axis=1) < 0)
    changes: npt.NDArray[np.bool_] = (sign[:, :-1] * sign[:, 1:] < 0) | (sign[:, :-1] == 0)
    changes &= both[:, None]
    return changes


def _bisected(streams: Array, low: Array, high: Array) -> Array:
    """Root of each stream within its bracket, as a polynomial in x ≤ 1 that cannot overflow."""
    below = high <= 0
    terms = np.where(below[:, None], streams[:, ::-1], streams).T.copy()
    left = np.where(below, 1.0 + low, 1.0 / (1.0 + high))
    right = np.where(below, 1.0 + high, 1.0 / (1.0 + low))

    def value(x: Array) -> Array:
        total: Array = terms[-1]
        for term in terms[-2::-1]:
            total = total * x + term
        return total

    at_right = np.sign(value(right))
    for _ in range(_STEPS):
        middle = (left + right) / 2
        beyond = np.sign(value(middle)) == at_right
        left, right = np.where(beyond, left, middle), np.where(beyond, middle, right)
    x = (left + right) / 2
    return np.where(below, x - 1.0, 1.0 / x - 1.0)
