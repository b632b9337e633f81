"""What an outcome is on average, given the value of one input or of a few: natural cubic splines, shrunk."""

from itertools import combinations

import numpy as np

from estimator.errors import InputError
from estimator.units import Array

KNOTS = 9
"""Knots of the spline in one input; two fewer bends than knots."""
KNOTS_OF_A_PRODUCT = 4
"""Knots per input where two inputs act together."""
OUTER_SHARE = 0.01
"""The outer knots stand at this share of the draws and its complement; beyond them the fit is a straight line."""
SHRINKAGE = 2.0
"""A block of terms must explain this many times what noise alone would (2: Akaike's criterion)."""
CELLS_AT_ONCE = 4500
FUTURES_PER_TERM = 4
WIDEST_VARIANCES = 1000.0
"""Variances are told apart down to this fraction of their mean and up to this multiple."""
SAME = 1e-7
"""A column that the columns before it explain up to this relative rest adds nothing."""


def conditional_mean(*, outcomes: Array, values: Array) -> Array:
    """E[outcome | inputs] in every future: least squares on natural cubic splines, weighted by 1 / variance.

    The weights are those of the inputs: money spreads more where volume is high. Each block of terms (straight, bent,
    products of two inputs) is shrunk by 1 − 2 noise / signal, so that an input without effect gets none. Inputs with no
    more than 9 distinct values are fitted exactly. Several inputs enter by their own splines plus the products of
    coarser splines for each pair.

    Args:
        outcomes: Shape (outcomes, futures). [unit of the outcome]
        values: Draws of the inputs that are known together, shape (inputs, futures). [units of the inputs]

    Returns:
        Fitted outcomes, shape (outcomes, futures); their means are those of `outcomes`. [unit of the outcome]

    Raises:
        InputError: Fewer futures than the fit needs.

    Source: Strong, Oakley & Brennan 2014 (regression for EVPPI); Hastie, Tibshirani & Friedman 2009, eq. 5.4 (natural
    cubic spline); Harvey 1976, Econometrica 44(3) (variance as the exponential of a regression); Breiman 1995,
    Technometrics 37(4) (non-negative garrotte), with White 1980 variances.

    >>> known = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0] * 4)
    >>> noise = np.tile([-1.0, 0.0, 1.0], 8)
    >>> conditional_mean(outcomes=(100 * known + noise)[None, :], values=known[None, :]).round(1)[0, [0, 3]].tolist()
    [0.0, 100.0]
    """
    columns, blocks = _terms(values)
    futures = outcomes.shape[1]
    if futures < FUTURES_PER_TERM * columns.shape[1]:
        raise InputError(
            f"futures: {futures} are too few to see the effect of {len(values)} input(s); "
            f"allowed: at least {FUTURES_PER_TERM * columns.shape[1]}; raise the number of draws"
        )
    weight = _weights(outcomes, _orthonormal(columns, blocks)[0])[:, None]
    direction, blocks = _orthonormal(columns * weight, blocks)
    fitted: Array = (direction @ _shrunk_effects(outcomes.T * weight, direction, blocks) / weight).T
    fitted += (outcomes.mean(axis=1) - fitted.mean(axis=1))[:, None]
    return fitted


def natural_spline(*, values: Array, knots: int) -> Array:
    """Terms of a cubic spline that is straight beyond its outer knots; the first is the standardised input itself.

    Args:
        values: Draws of an input, shape (futures,). [unit of the input]
        knots: Number of knots, at evenly spaced quantiles; all distinct values where there are no more. [count]

    Returns:
        Terms without the constant, shape (futures, terms); no terms for a constant input. [1]

    Source: Hastie, Tibshirani & Friedman 2009, eq. 5.4 and 5.5; Harrell 2015 section 2.4.5 (knots at quantiles).

    >>> natural_spline(values=np.array([1.0, 2.0, 3.0]), knots=2).round(3).ravel().tolist()
    [-1.225, 0.0, 1.225]
    """
    spread = values.std()
    if not spread > SAME * np.abs(values).max():
        return np.empty((values.size, 0))
    standard = (values - values.mean()) / spread
    distinct = np.unique(standard)
    if distinct.size > knots:
        distinct = np.unique(np.quantile(standard, np.linspace(OUTER_SHARE, 1.0 - OUTER_SHARE, knots)))
    terms: Array = standard[:, None]
    if distinct.size > 2:
        ramps = np.maximum(terms - distinct, 0.0)
        ramps *= ramps * ramps
        slopes = (ramps[:, :-1] - ramps[:, -1:]) / (distinct[-1] - distinct[:-1])
        terms = np.column_stack([standard, slopes[:, :-1] - slopes[:, -1:]])
    return terms


def _terms(values: Array) -> tuple[Array, Array]:
    """Columns of the regression and the block of each: 0 constant, 1 straight, 2 bent, 3 products of two inputs."""
    own = [natural_spline(values=row, knots=KNOTS) for row in values]
    constant = np.ones((values.shape[1], 1))
    straight = [terms[:, :1] for terms in own]
    bent = [terms[:, 1:] for terms in own]
    coarse = [natural_spline(values=row, knots=KNOTS_OF_A_PRODUCT) for row in values] if len(values) > 1 else []
    products = [
        (one[:, :, None] * other[:, None, :]).reshape(len(constant), one.shape[1] * other.shape[1])
        for one, other in combinations(coarse, 2)
    ]
    parts = [[constant], straight, bent, products]
    blocks = np.concatenate([np.full(part.shape[1], number) for number, group in enumerate(parts) for part in group])
    return np.column_stack([part for group in parts for part in group]), blocks


def _orthonormal(columns: Array, blocks: Array) -> tuple[Array, Array]:
    """Orthonormal columns of the same span and their blocks; columns that add nothing are left out."""
    triangle = _triangle(columns)
    new = np.abs(np.diag(triangle)) > SAME * np.linalg.norm(triangle, axis=0)
    return columns[:, new] @ np.linalg.inv(_triangle(triangle[:, new])), blocks[new]


def _triangle(columns: Array) -> Array:
    """R of Q R, from slices of rows and then from their triangles.

    Small slices keep the algebra library from starting threads, which on a busy machine cost ten times the work.
    """
    terms = columns.shape[1]
    rows = max(2 * terms, CELLS_AT_ONCE // terms)
    while len(columns) > terms:
        slices = np.zeros((-(-len(columns) // rows), rows, terms))
        slices.reshape(-1, terms)[: len(columns)] = columns
        columns = np.asarray(np.linalg.qr(slices, mode="r")).reshape(-1, terms)
    return columns


def _weights(outcomes: Array, direction: Array) -> Array:
    """1 / standard deviation of the outcomes at the inputs of each future, up to a factor."""
    rest = ((outcomes.T - direction @ (direction.T @ outcomes.T)) ** 2).mean(axis=1)
    usual = rest.mean()
    if not usual > 0:
        return np.ones(rest.size)
    log_variance = np.log(np.maximum(rest / usual, 1.0 / WIDEST_VARIANCES))
    limit = np.log(WIDEST_VARIANCES)
    weight: Array = np.exp(-0.5 * np.clip(direction @ (direction.T @ log_variance), -limit, limit))
    return weight


def _shrunk_effects(outcomes: Array, direction: Array, blocks: Array) -> Array:
    """Effect of each orthonormal term on each outcome, smaller by the share that noise alone would explain."""
    effect: Array = direction.T @ outcomes
    rest = outcomes - direction @ effect
    noise = (direction**2).T @ rest**2 * (len(direction) / (len(direction) - direction.shape[1]))
    for block in range(1, blocks.max() + 1):
        member = blocks == block
        signal = np.maximum((effect[member] ** 2).sum(axis=0), np.finfo(float).tiny)
        effect[member] *= np.maximum(1.0 - SHRINKAGE * noise[member].sum(axis=0) / signal, 0.0)
    return effect
