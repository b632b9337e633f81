"""How often something falls due in each month: before launch, or every month after it."""

import numpy as np

from estimator.units import Array, Value, column


def upfront(*, months: int, units: Value = 1.0) -> Array:
    """Quantity that falls before launch only.

    Args:
        months: Length of the horizon. [month]
        units: How many, scalar or shape (n,). [unit]

    Returns:
        Shape (1 or n, months + 1). [unit]

    Source: definition.

    >>> upfront(months=2, units=5.0).tolist()
    [[5.0, 0.0, 0.0]]
    """
    count = column(units)
    quantity = np.zeros((count.shape[0], months + 1))
    quantity[:, 0] = count[:, 0]
    return quantity


def every_month(*, per_month: Value, months: int | None = None) -> Array:
    """Quantity of each month after launch, with an empty month 0 before it.

    Args:
        per_month: Units per month: a scalar or shape (n,) with `months`, or shape (1 or n, months). [unit/month]
        months: Length of the horizon where `per_month` has no month axis. [month]

    Returns:
        Shape (1 or n, months + 1). [unit]

    Source: definition.

    >>> every_month(per_month=2.0, months=2).tolist()
    [[0.0, 2.0, 2.0]]
    """
    path = np.asarray(per_month, dtype=float)
    if months is not None:
        path = np.repeat(column(per_month), months, axis=1)
    path = np.atleast_2d(path)
    return np.concatenate((np.zeros((path.shape[0], 1)), path), axis=1)
