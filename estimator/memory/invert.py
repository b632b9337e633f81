"""The inverse of a quantity that grows: what is the largest whole number that stays within a budget?"""

from collections.abc import Callable

import numpy as np

from estimator.errors import InputError
from estimator.units import Array, Value


def largest_whole(*, needed: Callable[[Array], Value], budget: Value, limit: int) -> Array:
    """Largest whole n in 0 … limit with needed(n) ≤ budget, by bisection over all budgets at once.

    Args:
        needed: What n needs; does not fall as n grows, and takes arrays. [B]
        budget: What there is; one number or many. [B]
        limit: Largest n tried. [count]

    Returns:
        n in the shape of the budget; 0 where not even 1 stays within it. [count]

    Raises:
        InputError: the limit is below 1.

    Source: bisection of a monotone function.

    >>> largest_whole(needed=lambda n: 10.0 + 3.0 * n, budget=np.array([5.0, 19.0, 21.9, 1e9]), limit=1000)
    array([   0.,    3.,    3., 1000.])
    """
    if limit < 1:
        raise InputError(f"limit: {limit} is below 1; give the largest number to try")
    room = np.asarray(budget, dtype=float)
    fits, too_large = np.zeros_like(room), np.full_like(room, limit + 1.0)
    while np.any(too_large - fits > 1.0):
        middle = np.maximum(np.floor((fits + too_large) / 2.0), 1.0)
        within = np.asarray(needed(middle)) <= room
        fits, too_large = np.where(within, np.maximum(fits, middle), fits), np.where(within, too_large, middle)
    return fits
