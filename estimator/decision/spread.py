"""Which inputs move a result: one at a time between low and high (tornado), and all at once (Sobol' indices)."""

import math
from collections.abc import Callable

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.units import Array


@record
class Bar:
    """One bar of a tornado: the result at the low and at the high value of an input, all others at today's value."""

    name: str
    at_low: float
    at_high: float
    swing: float
    changes_sign: bool


def tornado(*, names: tuple[str, ...], at_low: Array, at_high: Array, central: float) -> tuple[Bar, ...]:
    """Bars by swing |g(high) − g(low)|, largest first, for g a result or a difference in net benefit of two options.

    The swing of a bar whose ends lie on one side of the central result reaches to the central result. Where a
    difference changes its sign, the choice changes.

    Args:
        names: Names of the inputs, shape (inputs,). [1]
        at_low: Result with each input at its low value, shape (inputs,). [USD]
        at_high: Result with each input at its high value, shape (inputs,). [USD]
        central: Result with every input at today's value. [USD]

    Returns:
        One bar per input. [USD]

    Source: Howard 1988, Management Science 34(6) (tornado diagram).

    >>> [bar.name for bar in tornado(
    ...     names=("price", "volume"), at_low=np.array([5.0, -9.0]), at_high=np.array([7.0, 20.0]), central=6.0)]
    ['volume', 'price']
    """
    ends = np.stack([at_low, at_high, np.full(len(names), central)])
    swing = np.ptp(ends, axis=0)
    signs = np.sign(ends)
    turned = signs.max(axis=0) * signs.min(axis=0) < 0
    bars = [
        Bar(name, float(low), float(high), float(width), bool(flips))
        for name, low, high, width, flips in zip(names, at_low, at_high, swing, turned, strict=True)
    ]
    return tuple(sorted(bars, key=lambda bar: (-bar.swing, bar.name)))


@record
class Sobol:
    """Shares of the variance per input, alone (first) and with all its interactions (total), with standard errors."""

    first: Array
    total: Array
    first_standard_error: Array
    total_standard_error: Array


def sobol_design(*, inputs: int, size: int, seed: int) -> Array:
    """Scrambled Sobol' points as the blocks A, B, A with column i of B for each i, side by side.

    Args:
        inputs: Number of inputs d. [count]
        size: Points n per block, a power of 2. [count]
        seed: Seed of the scrambling. [1]

    Returns:
        Uniform points, shape (inputs, n (d + 2)); map them through the quantile functions of the inputs. [1]

    Raises:
        InputError: The size is no power of 2, or there is no input.

    Source: Saltelli et al. 2010, Computer Physics Communications 181(2), table 2; Owen 1998 (scrambling), by
    scipy.stats.qmc.

    >>> sobol_design(inputs=3, size=8, seed=1).shape
    (3, 40)
    """
    from scipy.stats import qmc

    if inputs < 1 or size < 2 or size & (size - 1):
        raise InputError(
            f"size: {size} points of {inputs} input(s); allowed: a power of 2 and at least 1 input; try 1024"
        )
    points = qmc.Sobol(2 * inputs, rng=np.random.default_rng(seed)).random(size).T
    a, b = points[:inputs], points[inputs:]
    blocks = np.repeat(a[:, None, :], inputs + 2, axis=1)
    blocks[:, 1] = b
    blocks[np.arange(inputs), np.arange(inputs) + 2] = b
    return blocks.reshape(inputs, -1)


def sobol_indices(*, results: Array, inputs: int) -> Sobol:
    """S_i = E[f(B) (f(A_B^i) − f(A))] / V and ST_i = E[(f(A) − f(A_B^i))²] / 2V, with V over A and B.

    The standard errors are those of independent points; for scrambled Sobol' points they are upper bounds. All are
    zero for a constant result.

    Args:
        results: Result at the points of `sobol_design`, shape (n (d + 2),). [unit of the result]
        inputs: Number of inputs d. [count]

    Returns:
        Indices and standard errors, each of shape (inputs,). [1]

    Raises:
        InputError: The number of results does not fit the design, or a result is not finite.

    Source: Saltelli et al. 2010, Computer Physics Communications 181(2) (first); Jansen 1999, ibid. 117(1–2) (total).

    >>> design = sobol_design(inputs=2, size=1024, seed=1)
    >>> found = sobol_indices(results=3 * design[0] + design[1], inputs=2)
    >>> found.first.round(2).tolist(), found.total.round(2).tolist()
    ([0.9, 0.1], [0.9, 0.1])
    """
    if results.size % (inputs + 2) or not np.isfinite(results).all():
        raise InputError(f"results: {results.size} of {inputs} input(s); allowed: n · {inputs + 2} finite numbers")
    a, b, *mixed = (results - results.mean()).reshape(inputs + 2, -1)
    variance = float(np.concatenate([a, b]).var())
    if not variance > 0:
        return Sobol(*np.zeros((4, inputs)))
    first = b * (np.stack(mixed) - a) / variance
    total = 0.5 * (a - np.stack(mixed)) ** 2 / variance
    root = math.sqrt(a.size)
    return Sobol(first.mean(axis=1), total.mean(axis=1), first.std(axis=1) / root, total.std(axis=1) / root)


def sobol(*, evaluate: Callable[[Array], Array], inputs: int, size: int = 1024, seed: int = 0) -> Sobol:
    """Sobol' indices of a function of uniform inputs, in one evaluation of n (d + 2) points.

    Args:
        evaluate: Takes uniform points, shape (inputs, points); returns results, shape (points,). [unit of the result]
        inputs: Number of inputs d. [count]
        size: Points n per block, a power of 2. [count]
        seed: Seed of the points. [1]

    Returns:
        Indices and standard errors, each of shape (inputs,). [1]

    Raises:
        InputError: As `sobol_design` and `sobol_indices`.

    Source: see `sobol_design` and `sobol_indices`.

    >>> sobol(evaluate=lambda u: u[0] * 0 + u[1], inputs=2).total.round(2).tolist()
    [0.0, 1.0]
    """
    return sobol_indices(results=evaluate(sobol_design(inputs=inputs, size=size, seed=seed)), inputs=inputs)


def sobol_intervals(*, results: Array, inputs: int, resamples: int = 200, seed: int = 0) -> tuple[Array, Array]:
    """90 % intervals of both indices by the bootstrap: points are drawn again with their whole row of blocks.

    For scrambled Sobol' points the intervals are wider than needed, as the standard errors are.

    Args:
        results: Result at the points of `sobol_design`, shape (n (d + 2),). [unit of the result]
        inputs: Number of inputs d. [count]
        resamples: Draws of n points each. [count]
        seed: Seed of these draws. [1]

    Returns:
        Low and high ends of the first and of the total indices, each of shape (2, inputs). [1]

    Raises:
        InputError: As `sobol_indices`.

    Source: Archer, Saltelli & Sobol' 1997, J. Statistical Computation and Simulation 58(2) (bootstrap of the indices).

    >>> design = sobol_design(inputs=2, size=256, seed=1)
    >>> first, total = sobol_intervals(results=3 * design[0] + design[1], inputs=2)
    >>> bool((first[0] < [0.9, 0.1]).all() and (first[1] > [0.9, 0.1]).all())
    True
    """
    blocks = results.reshape(inputs + 2, -1)
    rng = np.random.default_rng(seed)
    chosen = rng.integers(blocks.shape[1], size=(resamples, blocks.shape[1]))
    again = [sobol_indices(results=blocks[:, places].ravel(), inputs=inputs) for places in chosen]
    first, total = (np.stack([getattr(item, name) for item in again]) for name in ("first", "total"))
    return np.quantile(first, (0.05, 0.95), axis=0), np.quantile(total, (0.05, 0.95), axis=0)
