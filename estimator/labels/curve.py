"""The learning curve: how the error falls with labels, and how many labels pay."""

import numpy as np

from estimator.units import Value


def learning_curve_error(*, labels: Value, floor: Value, start_error: Value, scale: Value, exponent: Value) -> Value:
    """Error after n labels: c + (e0 − c)(1 + n/n0)^−b.

    Args:
        labels: n, effective labels. [count]
        floor: c, error that labels cannot remove. [1]
        start_error: e0, error without any label. [1]
        scale: n0, labels at which the curve bends. [count]
        exponent: b. [1]

    Returns:
        Share of wrong answers. [1]

    Source: form fitted to 97 published fine-tuning curves (r-three/dataefficiency), median rmse 1.3 points.

    >>> round(learning_curve_error(labels=500, floor=0.05, start_error=0.30, scale=100, exponent=0.7), 6)
    0.121324
    """
    return floor + (start_error - floor) * (1.0 + labels / scale) ** -exponent


def labels_for_error(*, error: Value, floor: Value, start_error: Value, scale: Value, exponent: Value) -> Value:
    """Labels needed for a wanted error: n0 [((e0 − c)/(err − c))^(1/b) − 1].

    Args:
        error: Wanted error. [1]
        floor: c. [1]
        start_error: e0. [1]
        scale: n0. [count]
        exponent: b. [1]

    Returns:
        Labels; 0 where the start is good enough, `inf` where the wanted error is at or below the floor. [count]

    Source: inverse of `learning_curve_error`.

    >>> round(float(labels_for_error(error=0.10, floor=0.05, start_error=0.30, scale=100, exponent=0.7)), 3)
    896.618
    """
    above = np.asarray(error, dtype=float) - floor
    ratio = np.where(above > 0, (np.asarray(start_error) - floor) / np.where(above > 0, above, 1.0), np.inf)
    needed: Value = scale * (np.maximum(ratio, 1.0) ** (1.0 / np.asarray(exponent)) - 1.0)
    return needed


def optimal_labels(
    *,
    tasks: Value,
    usd_per_error: Value,
    usd_per_label: Value,
    floor: Value,
    start_error: Value,
    scale: Value,
    exponent: Value,
) -> Value:
    """Labels that minimise N v err(n) + c_l n: n0 [(b (e0 − c) N v/(c_l n0))^(1/(1+b)) − 1], at least 0.

    Args:
        tasks: N, answers over the horizon. [count]
        usd_per_error: v, loss per wrong answer. [USD]
        usd_per_label: c_l. [USD/label]
        floor: c. [1]
        start_error: e0. [1]
        scale: n0. [count]
        exponent: b. [1]

    Returns:
        Optimal number of labels. [count]

    Source: first-order condition on `learning_curve_error`.

    >>> round(float(optimal_labels(tasks=1e6, usd_per_error=0.05, usd_per_label=1.0, floor=0.05,
    ...                            start_error=0.30, scale=100, exponent=0.7)), 1)
    1287.9
    """
    pull = exponent * (start_error - floor) * tasks * usd_per_error / (usd_per_label * scale)
    best: Value = np.maximum(0.0, scale * (np.maximum(pull, 0.0) ** (1.0 / (1.0 + exponent)) - 1.0))
    return best


def marginal_value_of_labels(
    *,
    labels: Value,
    more: Value,
    tasks: Value,
    usd_per_error: Value,
    floor: Value,
    start_error: Value,
    scale: Value,
    exponent: Value,
) -> Value:
    """Worth of further labels: N v [err(n) − err(n + Δn)].

    Args:
        labels: n, effective labels at hand. [count]
        more: Δn. [count]
        tasks: N, answers over the horizon. [count]
        usd_per_error: v. [USD]
        floor: c. [1]
        start_error: e0. [1]
        scale: n0. [count]
        exponent: b. [1]

    Returns:
        Value of the extra labels before their cost. [USD]

    Source: difference of `learning_curve_error`.

    >>> round(marginal_value_of_labels(labels=500, more=1500, tasks=1e6, usd_per_error=0.05, floor=0.05,
    ...                                start_error=0.30, scale=100, exponent=0.7))
    2082
    """
    curve = {"floor": floor, "start_error": start_error, "scale": scale, "exponent": exponent}
    before = learning_curve_error(labels=labels, **curve)
    return tasks * usd_per_error * (before - learning_curve_error(labels=labels + more, **curve))
