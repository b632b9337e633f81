"""How many requests arrive in each month."""

import numpy as np

from estimator.units import Array, Value


def requests_per_month(*, first_month: Value, growth: Value, months: int) -> Array:
    """Volume path V_m = V_1 (1 + g)^(m − 1), m = 1 … months.

    Args:
        first_month: V_1, scalar or shape (n,). [requests/month]
        growth: g, scalar or shape (n,). [1/month]
        months: Length of the horizon. [month]

    Returns:
        Requests, shape (1 or n, months). [requests]

    Source: compound growth.

    >>> requests_per_month(first_month=100.0, growth=0.1, months=3).round(6).tolist()
    [[100.0, 110.0, 121.0]]
    """
    start = np.atleast_1d(np.asarray(first_month, dtype=float))[:, None]
    rate = np.atleast_1d(np.asarray(growth, dtype=float))[:, None]
    return start * (1.0 + rate) ** np.arange(months)
