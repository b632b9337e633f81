"""Prices that move, and money of one day: escalation per year, deflation, the real discount rate."""

import numpy as np

from estimator.units import MONTHS_PER_YEAR, Array, Value, column


def price_index(*, annual_rate: Value, months: int) -> Array:
    """Price of each month over today's: (1 + e)^((m − 1)/12) for m ≥ 1, and 1 before launch.

    Args:
        annual_rate: e, may be negative, scalar or shape (n,). [1/year]
        months: Length of the horizon. [month]

    Returns:
        Index of shape (1 or n, months + 1); month 1 is paid at today's price. [1]

    Source: compound escalation per item, as in the cash flows of NREL's System Advisor Model.

    >>> price_index(annual_rate=0.21, months=13)[0, [0, 1, 7, 13]].round(6).tolist()
    [1.0, 1.0, 1.1, 1.21]
    """
    rate = column(annual_rate)
    years = np.maximum(np.arange(months + 1.0) - 1.0, 0.0) / MONTHS_PER_YEAR
    index: Array = (1.0 + rate) ** years
    return index


def deflator(*, inflation: Value, months: int) -> Array:
    """What one unit of money paid at the end of month m buys on the day before launch: (1 + i)^(−m/12).

    Args:
        inflation: i, scalar or shape (n,). [1/year]
        months: Length of the horizon. [month]

    Returns:
        Factors of shape (1 or n, months + 1). [1]

    Source: definition of real money.

    >>> deflator(inflation=0.25, months=12)[0, [0, 12]].tolist()
    [1.0, 0.8]
    """
    rate = column(inflation)
    factors: Array = (1.0 + rate) ** (-np.arange(months + 1.0) / MONTHS_PER_YEAR)
    return factors


def real_rate(*, nominal_rate: Value, inflation: Value) -> Value:
    """Discount rate of real money: (1 + r)/(1 + i) − 1.

    Args:
        nominal_rate: r, inflation included. [1/year]
        inflation: i. [1/year]

    Returns:
        Rate at which deflated money has the present value of the money that is paid. [1/year]

    Source: Fisher 1930, The Theory of Interest.

    >>> round(real_rate(nominal_rate=0.10, inflation=0.02), 6)
    0.078431
    """
    rate: Value = (1.0 + nominal_rate) / (1.0 + inflation) - 1.0
    return rate
