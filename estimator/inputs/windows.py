"""Windows of futures: what was asked about some futures at a time becomes a figure of all of them."""

from collections.abc import Sequence

import numpy as np

from estimator.units import Value


def joined_values(values: Sequence[Value], sizes: Sequence[int]) -> Value:
    """A figure of each future from its windows; a figure that no window varies stays as it is.

    Args:
        values: Scalar, shape (1,) or (1 + futures,) for each window. [any unit]
        sizes: Futures of each window. [count]

    Returns:
        Scalar, shape (1,) or (1 + all futures,). [unit of the values]

    Source: definition.

    >>> joined_values([np.array([0.0, 1.0, 2.0]), 3.0], [2, 1]).tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    rows = [np.atleast_1d(np.asarray(value, dtype=float)) for value in values]
    if all(row.size == 1 for row in rows):
        return values[0]
    parts = [row[1:] if row.size > 1 else np.repeat(row, size) for row, size in zip(rows, sizes, strict=True)]
    return np.concatenate((rows[0][:1], *parts))
