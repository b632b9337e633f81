"""How many requests arrive in each month."""

import numpy as np

from estimator.units import Array, Value, column


def ramp(*, ramp_months: Value, start_share: Value, months: int) -> Array:
    """Share of the full volume that has arrived: s + (1 − s) min(m/R, 1), m = 1 … months.

    Args:
        ramp_months: R, the month with the first full volume; 0 is full from the start, scalar or shape (n,). [month]
        start_share: s, share that is there before the first month, scalar or shape (n,). [1]
        months: Length of the horizon. [month]

    Returns:
        Share, shape (1 or n, months). [1]

    Source: linear ramp, as in the ramp-up of plants in NREL's ProFAST.

    >>> ramp(ramp_months=4.0, start_share=0.2, months=5).round(6).tolist()
    [[0.4, 0.6, 0.8, 1.0, 1.0]]
    """
    full = column(ramp_months)
    start = column(start_share)
    arrived = np.minimum(np.arange(1.0, months + 1.0) / np.maximum(full, 1.0), 1.0)
    share: Array = start + (1.0 - start) * arrived
    return share


def requests_per_month(
    *, first_month: Value, growth: Value, months: int, ramp_months: Value = 0.0, ramp_share: Value = 0.0
) -> Array:
    """Volume path V_m = V_1 (1 + g)^(m − 1) ramp_m, m = 1 … months.

    Args:
        first_month: V_1 at full volume, scalar or shape (n,). [requests/month]
        growth: g, scalar or shape (n,). [1/month]
        months: Length of the horizon. [month]
        ramp_months: Months until the volume is full, scalar or shape (n,). [month]
        ramp_share: Share of the full volume at the start of the ramp, scalar or shape (n,). [1]

    Returns:
        Requests, shape (1 or n, months). [requests]

    Source: compound growth; `ramp`.

    >>> requests_per_month(first_month=100.0, growth=0.1, months=3).round(6).tolist()
    [[100.0, 110.0, 121.0]]
    """
    start = column(first_month)
    rate = column(growth)
    return (
        start * (1.0 + rate) ** np.arange(months) * ramp(ramp_months=ramp_months, start_share=ramp_share, months=months)
    )
