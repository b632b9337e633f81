"""Forced moves when a hosted base model is shut down."""

import numpy as np

from estimator.units import Array, Value, column


def expected_migrations(*, months: Value, mean_life_months: Value) -> Value:
    """Forced moves to expect over a horizon: H/E[ℓ].

    Args:
        months: H. [month]
        mean_life_months: E[ℓ], mean life of a hosted model. [month]

    Returns:
        Moves. [count]

    Source: elementary renewal theorem; 20 snapshots lived 24.0 months in the mean, so 1.5 moves in three years.

    >>> round(expected_migrations(months=36.0, mean_life_months=23.9668), 5)
    1.50208
    """
    return months / mean_life_months


def forced_migrations(*, remaining_life_months: Value, lifetime_months: Value, months: int) -> Array:
    """Moves per month: the first when the remaining life is over, then one per lifetime.

    Args:
        remaining_life_months: Life left of the named model, scalar or shape (n,). [month]
        lifetime_months: Life of each successor. [month]
        months: Length of the horizon. [month]

    Returns:
        Count per month, shape (1 or n, months). [count]

    Source: renewal process; 20 hosted snapshots lived 21.6 months in the median (14 to 33).

    >>> forced_migrations(remaining_life_months=1.5, lifetime_months=2.0, months=6).tolist()
    [[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]]
    """
    first = column(remaining_life_months)
    life = column(lifetime_months)
    edges = np.arange(months + 1)
    count = np.maximum(np.floor((edges - first) / life) + 1.0, 0.0)
    moves: Array = np.diff(count, axis=1)
    moves[:, 0] += count[:, 0]
    return moves
