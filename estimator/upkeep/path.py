"""Quality month by month: decay and retraining."""

import numpy as np

from estimator.units import Array, Value


def retrainings(*, interval_months: float, months: int) -> Array:
    """Retrainings that fall into each month: ⌊m/τ⌋ − ⌊(m − 1)/τ⌋, none in the last month's end.

    Args:
        interval_months: τ; `inf` means never. [month]
        months: Length of the horizon. [month]

    Returns:
        Count per month, shape (1, months); a retraining due at the very end is not made. [count]

    Source: definition.

    >>> retrainings(interval_months=2.0, months=5).tolist()
    [[0.0, 1.0, 0.0, 1.0, 0.0]]
    """
    if not np.isfinite(interval_months) or interval_months <= 0:
        return np.zeros((1, months))
    done = np.floor(np.minimum(np.arange(months + 1), months - 1e-6) / interval_months + 1e-9)
    return np.diff(done)[None, :]


def quality_path(*, start_quality: Value, drift_per_month: Value, interval_months: float, months: int) -> Array:
    """Mean quality of each month of a saw-tooth: q_m = q0 − δ a_m, a_m the mean age of the model in month m.

    Args:
        start_quality: q0, scalar or shape (n,). [1]
        drift_per_month: δ, scalar or shape (n,). [1/month]
        interval_months: Months between retrainings, each of which restores q0; `inf` means never. [month]
        months: Length of the horizon. [month]

    Returns:
        Quality, shape (1 or n, months), not below 0. [1]

    Source: linear decay; fits published train-time by test-time results up to five years (arXiv:2312.13401).

    >>> quality_path(start_quality=0.9, drift_per_month=0.01, interval_months=2.0, months=3).round(4).tolist()
    [[0.895, 0.885, 0.895]]
    """
    start = np.atleast_1d(np.asarray(start_quality, dtype=float))[:, None]
    drift = np.atleast_1d(np.asarray(drift_per_month, dtype=float))[:, None]
    age = _mean_age(interval_months, months)
    return np.maximum(start - drift * age, 0.0)


def _mean_age(interval: float, months: int) -> Array:
    """Mean age of the model within each month."""
    steps = 50
    time = (np.arange(months * steps) + 0.5) / steps
    age = time if not np.isfinite(interval) else time % interval
    mean: Array = age.reshape(months, steps).mean(axis=1)
    return mean
