"""Quality month by month: age of the model and retraining."""

from functools import lru_cache

import numpy as np

from estimator.units import Array, Value, column

STEPS = 50
"""Points per month at which the age of a model is averaged. [count]"""
INSTANT = 1e-6
"""A retraining closer than this to the end of the horizon is not made. [month]"""


def retraining_times(
    *, interval_months: float, months: int, closed_from: float = np.inf, reopened_at: float = np.inf
) -> Array:
    """Times of retraining: every τ months, none while the platform takes no jobs, starting anew after a move.

    Args:
        interval_months: τ; `inf` means never. [month]
        months: Length of the horizon. [month]
        closed_from: From here on no job is taken. [month]
        reopened_at: Forced move to another platform, at which the model is trained as part of the move. [month]

    Returns:
        Times within the horizon; a retraining due at the very end is not made. [month]

    Source: definition.

    >>> retraining_times(interval_months=2.0, months=9, closed_from=3.0, reopened_at=5.0).tolist()
    [2.0, 7.0]
    """
    if not np.isfinite(interval_months) or interval_months <= 0:
        return np.zeros(0)
    regular: Array = np.arange(1.0, int(months / interval_months) + 2.0) * interval_months
    if np.isfinite(reopened_at):
        before: Array = regular[regular < reopened_at - INSTANT]
        regular = np.concatenate((before, reopened_at + regular))
    blocked = (regular > closed_from + INSTANT) & (regular < reopened_at + INSTANT)
    times: Array = regular[(regular < months - INSTANT) & ~blocked]
    return times


def retrainings(*, interval_months: float, months: int) -> Array:
    """Retrainings that fall into each month of an undisturbed schedule.

    Args:
        interval_months: τ; `inf` means never. [month]
        months: Length of the horizon. [month]

    Returns:
        Count per month, shape (1, months); a retraining due at the very end is not made. [count]

    Source: `retraining_times`.

    >>> retrainings(interval_months=2.0, months=5).tolist()
    [[0.0, 1.0, 0.0, 1.0, 0.0]]
    """
    return per_month(times=retraining_times(interval_months=interval_months, months=months), months=months)


def per_month(*, times: Array, months: int) -> Array:
    """Events per month: those in (m − 1, m].

    Args:
        times: When they happen. [month]
        months: Length of the horizon. [month]

    Returns:
        Count per month, shape (1, months). [count]

    Source: definition.

    >>> per_month(times=np.array([1.0, 2.5]), months=3).tolist()
    [[1.0, 0.0, 1.0]]
    """
    bins = np.clip(np.ceil(np.asarray(times) - INSTANT) - 1, 0, months - 1).astype(int)
    return np.bincount(bins, minlength=months).astype(float)[None, :]


def open_share(*, closed_from: float, migrations: Array) -> Array:
    """Share of each month in which the platform trains: until it closes, and again from the month after a move.

    Args:
        closed_from: From here on no job is taken. [month]
        migrations: Forced moves to another platform per month, shape (1 or n, months). [count]

    Returns:
        Share, shape (1 or n, months). [1]

    Source: definition.

    >>> open_share(closed_from=1.5, migrations=np.array([[0.0, 0.0, 1.0, 0.0]])).tolist()
    [[1.0, 0.5, 0.0, 1.0]]
    """
    before = np.clip(closed_from - np.arange(migrations.shape[1]), 0.0, 1.0)[None, :]
    moved = np.cumsum(migrations, axis=1) - migrations > 0
    share: Array = np.where(moved, 1.0, before)
    return share


def mean_age(*, resets: Array, months: int) -> Array:
    """Mean age of a model within each month, new at launch and at each reset.

    Args:
        resets: Times at which it is new again. [month]
        months: Length of the horizon. [month]

    Returns:
        Age, shape (1, months). [month]

    Source: definition, averaged over fifty points a month.

    >>> mean_age(resets=np.array([2.0]), months=3).round(3).tolist()
    [[0.5, 1.5, 0.5]]
    """
    time = _points(months)
    starts = np.concatenate(([0.0], np.sort(resets)))
    age = time - starts[np.searchsorted(starts, time, side="right") - 1]
    mean: Array = age.reshape(months, STEPS).mean(axis=1)
    return mean[None, :]


@lru_cache(maxsize=16)
def _points(months: int) -> Array:
    """Fifty points of each month. [month]"""
    points: Array = (np.arange(months * STEPS) + 0.5) / STEPS
    points.setflags(write=False)
    return points


def age_since(*, events: Array, months: int) -> Array:
    """Age of what is replaced at events that differ between futures, at the middle of each month.

    Args:
        events: Events per month, shape (1 or n, months). [count]
        months: Length of the horizon. [month]

    Returns:
        Age, shape (1 or n, months). [month]

    Source: definition.

    >>> age_since(events=np.array([[0.0, 1.0, 0.0]]), months=3).tolist()
    [[0.5, 1.5, 0.5]]
    """
    middle: Array = np.arange(0.5, months)[None, :]
    if not events.any():
        return middle
    ends = np.where(events > 0, np.arange(1.0, months + 1.0), 0.0)
    since = np.zeros_like(ends)
    since[:, 1:] = np.maximum.accumulate(ends, axis=1)[:, :-1]
    age: Array = middle - since
    return age


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
    start = column(start_quality)
    drift = column(drift_per_month)
    times = retraining_times(interval_months=interval_months, months=months)
    return np.maximum(start - drift * mean_age(resets=times, months=months), 0.0)
