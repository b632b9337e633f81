"""Curves that agree with measured points and with what is known beforehand."""

from typing import Any

import numpy as np

from estimator.labels.curve import learning_curve_error
from estimator.record import record
from estimator.units import Array

TAILS = 5.0
"""Degrees of freedom of the proposals: heavier tails than the normal posterior they are corrected to."""
TIE_BREAK = 0.4
"""Weight of the prior in the central fit: enough to choose between curves that meet the points alike. Judgement."""
STEPS, STEP, TOLERANCE, LARGEST_DAMPING = 300, 1e-5, 1e-9, 1e12
"""Of the fit: most steps, width of a difference, change that counts as none, and damping at which it stops."""
CERTAIN = 1e-9
"""Spread below which a parameter counts as known."""


@record(kw_only=True)
class Posterior:
    """Curves after the data; element 0 is the most likely one."""

    curves: dict[str, Array]
    chi_square: float
    """Squared misfit of the most likely curve in units of sampling error. [1]"""


def posterior(
    *, labels: Array, errors: Array, spread: Array, draws: dict[str, Array], size: int, rng: np.random.Generator
) -> Posterior:
    """Equally likely curves given points: least squares in transformed parameters, then importance resampling.

    Parameters are logit e0, logit (c/e0), log n0, log b; their prior is normal with the mean and spread of the draws.
    Proposals are half a Student t around the least-squares fit, half the prior; weights correct them.

    Args:
        labels: n of the points. [count]
        errors: Measured errors. [1]
        spread: σ of the points. [1]
        draws: Prior draws by parameter; element 0 is the central case. [1, count]
        size: Futures to draw. [count]
        rng: Source of the draws.

    Returns:
        Draws of shape (1 + size,), and the misfit. [1, count]

    Source: least squares, Levenberg 1944 and Marquardt 1963; Rubin 1987; defensive mixture, Hesterberg 1995.

    >>> known = {"start_error": np.full(3, 0.3), "floor": np.full(3, 0.05), "scale": np.array([100.0, 50.0, 200.0]),
    ...          "exponent": np.full(3, 0.7)}
    >>> found = posterior(labels=np.array([500.0]), errors=np.array([0.121]), spread=np.array([0.01]), draws=known,
    ...                   size=2, rng=np.random.default_rng(0))
    >>> bool(90 < found.curves["scale"][0] < 110)
    True
    """
    prior = _transformed(draws)
    mean, width = _moments(prior)
    free = width > CERTAIN

    def whole(part: Array) -> Array:
        full = np.repeat(mean[:, None], part.shape[1], axis=1)
        full[free] = part
        return full

    def misfit(part: Array) -> Array:
        return (_error(whole(part), labels[:, None]) - errors[:, None]) / spread[:, None]

    if not free.any():
        curves = {name: np.full(1 + size, values[0]) for name, values in draws.items()}
        at = _error(mean[:, None], labels[:, None]) - errors[:, None]
        return Posterior(curves=curves, chi_square=float(((at / spread[:, None]) ** 2).sum()))
    best, covariance = _least_squares(misfit, mean[free], width[free])
    chosen = _sample(misfit, best, covariance, mean[free], width[free], size, rng)
    part = np.concatenate((best[:, None], chosen), axis=1)
    return Posterior(curves=_natural(whole(part)), chi_square=float((misfit(best[:, None]) ** 2).sum()))


def _moments(prior: Array) -> tuple[Array, Array]:
    """Mean and spread of the prior; a single future tells its spread by its distance from the central case."""
    futures = prior[:, 1:] if prior.shape[1] > 1 else prior
    if futures.shape[1] > 1:
        return futures.mean(axis=1), futures.std(axis=1)
    return prior[:, 0], np.abs(futures[:, 0] - prior[:, 0])


def _least_squares(misfit: Any, mean: Array, width: Array) -> tuple[Array, Array]:
    """Fit that meets the points, the prior settling only what they leave open; covariance under the full prior.

    Damped Gauss–Newton steps (Levenberg–Marquardt) in units of the prior's width; scipy's would cost every comparison
    as long to import as all of numpy.
    """

    def residuals(x: Array) -> Array:
        return np.concatenate((np.asarray(misfit(x)), TIE_BREAK * (x - mean[:, None]) / width[:, None]))

    def slopes_at(x: Array) -> Array:
        steps = np.diag(STEP * width)
        beside = residuals(np.concatenate((x[:, None] + steps, x[:, None] - steps), axis=1))
        slopes: Array = (beside[:, : x.size] - beside[:, x.size :]) / (2.0 * STEP)
        return slopes

    best, damping = mean.copy(), 1e-3
    left = residuals(best[:, None])[:, 0]
    for _ in range(STEPS):
        slopes = slopes_at(best)
        step = np.linalg.solve(slopes.T @ slopes + damping * np.eye(best.size), -slopes.T @ left)
        tried = best + width * step
        found = residuals(tried[:, None])[:, 0]
        if found @ found < left @ left:
            settled = bool(np.abs(step).max() < TOLERANCE)
            best, left, damping = tried, found, damping / 10.0
            if settled:
                break
        elif damping > LARGEST_DAMPING:
            break
        else:
            damping *= 10.0
    slopes = slopes_at(best)[: -mean.size] / width
    return best, np.asarray(np.linalg.inv(slopes.T @ slopes + np.diag(width**-2.0)), dtype=float)


def _sample(
    misfit: Any, best: Array, covariance: Array, mean: Array, width: Array, size: int, rng: np.random.Generator
) -> Array:
    """`size` draws of the posterior by weighted resampling of proposals."""
    if size == 0:
        return np.zeros((best.size, 0))
    count = max(2 * size, 2000)
    half = count // 2
    root = np.linalg.cholesky(covariance)
    scale = np.sqrt(rng.chisquare(TAILS, half) / TAILS)
    near = best[:, None] + root @ rng.standard_normal((best.size, half)) / scale
    wide = mean[:, None] + width[:, None] * rng.standard_normal((best.size, count - half))
    tried = np.concatenate((near, wide), axis=1)
    prior = -0.5 * (((tried - mean[:, None]) / width[:, None]) ** 2).sum(axis=0)
    target = prior - 0.5 * (misfit(tried) ** 2).sum(axis=0)
    offset = np.linalg.solve(root, tried - best[:, None])
    student = _log_student(offset, np.log(np.diag(root)).sum())
    normal = prior - np.log(width).sum() - 0.5 * best.size * np.log(2.0 * np.pi)
    weight = np.exp(target - target.max()) / np.exp(np.logaddexp(student, normal) - student.max())
    weight = np.where(np.isfinite(weight), weight, 0.0)
    steps = (np.arange(size) + rng.random()) / size
    picked = np.searchsorted(np.cumsum(weight) / weight.sum(), steps).clip(0, count - 1)
    chosen: Array = tried[:, rng.permutation(picked)]
    return chosen


def _log_student(offset: Array, log_root: float) -> Array:
    """Log density of a multivariate Student t at standardised offsets."""
    from math import lgamma

    d = offset.shape[0]
    constant = lgamma((TAILS + d) / 2) - lgamma(TAILS / 2) - 0.5 * d * np.log(TAILS * np.pi) - log_root
    density: Array = constant - 0.5 * (TAILS + d) * np.log1p((offset**2).sum(axis=0) / TAILS)
    return density


def _error(x: Array, labels: Array) -> Array:
    curves = _natural(x)
    error: Array = np.asarray(learning_curve_error(labels=labels, **curves))
    return error


def _transformed(draws: dict[str, Array]) -> Array:
    start = np.clip(draws["start_error"], 1e-4, 1.0 - 1e-4)
    ratio = np.clip(draws["floor"] / start, 1e-3, 1.0 - 1e-3)
    return np.stack((_logit(start), _logit(ratio), np.log(draws["scale"]), np.log(draws["exponent"])))


def _natural(x: Array) -> dict[str, Array]:
    start = _share(x[0])
    return {
        "start_error": start,
        "floor": start * _share(x[1]),
        "scale": np.exp(np.clip(x[2], -20.0, 30.0)),
        "exponent": np.exp(np.clip(x[3], -10.0, 5.0)),
    }


def _logit(p: Array) -> Array:
    logit: Array = np.log(p / (1.0 - p))
    return logit


def _share(x: Array) -> Array:
    share: Array = 1.0 / (1.0 + np.exp(-np.clip(x, -50.0, 50.0)))
    return share
