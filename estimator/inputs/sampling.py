"""Draws of uncertain inputs: Latin hypercube, one stable stream per input, central case first."""

from functools import lru_cache
from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from estimator.catalog import Row
from estimator.inputs.quantiles import Z95 as Z95
from estimator.inputs.quantiles import quantile
from estimator.scenario import Limits, Quantity
from estimator.scenario.quantity import Kind
from estimator.units import Array, Value

REMEMBERED_DRAWS = 20_000
"""Futures up to which the draws of an input are kept for the next question. [count]"""
Ranks: TypeAlias = npt.NDArray[np.intp]
"""Rank of each future among the futures of one input, shape (draws,)."""


def sample(
    *,
    quantity: Quantity,
    stream: str,
    draws: int,
    seed: int,
    limits: Limits | None = None,
    ranks: Ranks | None = None,
) -> Value:
    """Value of an input: a float when it is certain, else draws with the central case as element 0.

    The futures are a Latin hypercube sample: each of `draws` equally likely strata is hit once. The stream
    depends on its name and the seed alone, so that options and scenario files share their futures.

    Args:
        quantity: Distribution of the input. [unit of the input]
        stream: Name of the random stream. [1]
        draws: Number of futures. [count]
        seed: Seed of all streams. [1]
        limits: Allowed range; draws outside are moved to its edge. [unit of the input]
        ranks: Order of the futures where the input moves with others; its own random order where None. [1]

    Returns:
        Scalar or array of shape (1 + draws,). [unit of the input]

    Source: McKay, Beckman & Conover 1979 (Latin hypercube).

    >>> sample(quantity=Quantity.parse(3), stream="a", draws=5, seed=0)
    3.0
    """
    if quantity.is_point:
        return quantity.mode
    if ranks is None and draws <= REMEMBERED_DRAWS:
        return _remembered(quantity, stream, draws, seed, limits)
    return _drawn(quantity, stream, draws, seed, limits, ranks)


@lru_cache(maxsize=256)
def _remembered(quantity: Quantity, stream: str, draws: int, seed: int, limits: Limits | None) -> Array:
    """Draws asked for before: a what-if moves one input and leaves the others as they were."""
    drawn = _drawn(quantity, stream, draws, seed, limits, None)
    drawn.setflags(write=False)
    return drawn


def _drawn(quantity: Quantity, stream: str, draws: int, seed: int, limits: Limits | None, ranks: Ranks | None) -> Array:
    random = generator(stream=stream, seed=seed)
    own = random.permutation(draws)
    strata = (np.arange(draws) + random.random(draws)) / draws
    futures = quantile(quantity=quantity, uniform=strata)[own if ranks is None else ranks]
    if limits is not None:
        lowest = limits.least if limits.least is not None else limits.above
        futures = np.clip(futures, lowest, limits.most)
    drawn: Array = np.concatenate(([quantity.mode], futures))
    return drawn


def generator(*, stream: str, seed: int) -> np.random.Generator:
    """Random numbers of one input; the first thing drawn from them is the order of its futures."""
    return np.random.default_rng([seed, crc32(stream.encode())])


def quantity_of(row: Row) -> Quantity:
    """The distribution that a catalog row states."""
    if row.is_point:
        return Quantity.point(row.mode, row.source)
    kind: Kind = "range" if row.distribution == "lognormal" else row.distribution
    return Quantity(kind, row.low, row.mode, row.high, row.source)
