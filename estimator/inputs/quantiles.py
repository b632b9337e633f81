"""Quantile functions of the distributions that an input may have."""

from functools import cache
from math import erf, sqrt
from statistics import NormalDist

import numpy as np

from estimator.scenario import Quantity
from estimator.units import Array

_GRID = 2049
"""Points of the tabulated quantile functions; the error is far below that of 1e6 draws."""
Z95 = NormalDist().inv_cdf(0.95)
_Z90 = NormalDist().inv_cdf(0.90)


def quantile(*, quantity: Quantity, uniform: Array) -> Array:
    """Value below which the quantity lies with given probabilities.

    Args:
        quantity: An uncertain quantity. [unit of the input]
        uniform: Probabilities in (0, 1). [1]

    Returns:
        Quantiles, rising with the probability. [unit of the input]

    Source: Malcolm et al. 1959 (PERT); Kotz & van Dorp 2004, Beyond Beta, chapter 1 (triangular).

    >>> shape = Quantity.parse({"low": 0, "mode": 1, "high": 4, "shape": "triangular"})
    >>> quantile(quantity=shape, uniform=np.array([0.25]))
    array([1.])
    """
    low, mode, high = quantity.low, quantity.mode, quantity.high
    match quantity.kind:
        case "pert":
            return low + (high - low) * _pert((mode - low) / (high - low), uniform)
        case "triangular":
            return low + (high - low) * _triangular((mode - low) / (high - low), uniform)
        case "uniform":
            return low + (high - low) * uniform
        case "p5_p50_p95":
            return _split(low, mode, high, Z95, uniform)
        case "p10_p50_p90":
            return _split(low, mode, high, _Z90, uniform)
        case "discrete":
            return _discrete(quantity, uniform)
        case "point":
            return np.full(uniform.shape, mode)
    z = standard_normal(uniform)
    if low > 0:
        drawn: Array = np.exp(np.log(mode) + z * np.log(high / low) / (2 * Z95))
        return drawn
    return mode + z * (high - low) / (2 * Z95)


def _pert(peak: float, uniform: Array) -> Array:
    """Quantile of Beta(1 + 4 m, 1 + 4 (1 − m)), the PERT shape on [0, 1] with mode m."""
    x = np.linspace(0.0, 1.0, _GRID)
    density = x ** (4 * peak) * (1 - x) ** (4 * (1 - peak))
    cumulative = np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))
    drawn: Array = np.interp(uniform, cumulative / cumulative[-1], x)
    return drawn


def _triangular(peak: float, uniform: Array) -> Array:
    """√(u m) up to the mode m, 1 − √((1 − u)(1 − m)) above it, on [0, 1]."""
    rising, falling = np.sqrt(uniform * peak), 1.0 - np.sqrt((1.0 - uniform) * (1.0 - peak))
    return np.where(uniform <= peak, rising, falling)


def _split(low: float, middle: float, high: float, z_high: float, uniform: Array) -> Array:
    """Two half lognormals (normals where low ≤ 0) that meet at the median and pass through both outer percentiles."""
    z = standard_normal(uniform) / z_high
    if low > 0:
        logarithm = np.log(middle) + np.where(z < 0, z * np.log(middle / low), z * np.log(high / middle))
        drawn: Array = np.exp(logarithm)
        return drawn
    return middle + np.where(z < 0, z * (middle - low), z * (high - middle))


def _discrete(quantity: Quantity, uniform: Array) -> Array:
    """The value at which the summed odds first reach the probability."""
    values = np.array(quantity.values)
    order = np.argsort(values, kind="stable")
    summed = np.cumsum(np.array(quantity.weights)[order] if quantity.weights else np.ones(values.size))
    place = np.searchsorted(summed / summed[-1], uniform)
    chosen: Array = values[order][np.minimum(place, values.size - 1)]
    return chosen


def standard_normal(uniform: Array) -> Array:
    """Quantile of the standard normal, read from a table that reaches ±6."""
    z: Array = np.interp(uniform, *_normal_table())
    return z


@cache
def _normal_table() -> tuple[Array, Array]:
    z = np.linspace(-6.0, 6.0, 4 * _GRID)
    return np.array([0.5 * (1.0 + erf(point / sqrt(2.0))) for point in z.tolist()]), z
