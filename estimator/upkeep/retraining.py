"""How often to retrain: closed forms for linear and exponential decay."""

from statistics import NormalDist

import numpy as np

from estimator.units import Value


def linear_retraining_interval(
    *, retrain_usd: Value, tasks_per_month: Value, value_per_quality_usd: Value, drift_per_month: Value
) -> Value:
    """Interval with the lowest cost under linear decay: τ* = √(2K/(N v δ)).

    Args:
        retrain_usd: K. [USD]
        tasks_per_month: N. [requests/month]
        value_per_quality_usd: v, worth of one more correct answer. [USD]
        drift_per_month: δ, quality lost per month. [1/month]

    Returns:
        Months between retrainings; `inf` where nothing is lost. [month]

    Source: economic order quantity (Harris 1913) applied to quality decay.

    >>> round(float(linear_retraining_interval(retrain_usd=5000.0, tasks_per_month=1e5,
    ...                                        value_per_quality_usd=0.05, drift_per_month=0.0047)), 4)
    20.6284
    """
    loss = np.asarray(tasks_per_month * value_per_quality_usd * drift_per_month, dtype=float)
    best: Value = np.where(loss > 0, np.sqrt(2.0 * retrain_usd / np.where(loss > 0, loss, 1.0)), np.inf)
    return best


def linear_minimum_cost_rate(
    *, retrain_usd: Value, tasks_per_month: Value, value_per_quality_usd: Value, drift_per_month: Value
) -> Value:
    """Cost per month at the best interval: √(2 K N v δ).

    Args:
        retrain_usd: K. [USD]
        tasks_per_month: N. [requests/month]
        value_per_quality_usd: v. [USD]
        drift_per_month: δ. [1/month]

    Returns:
        Retraining plus lost value. [USD/month]

    Source: as `linear_retraining_interval`.

    >>> round(float(linear_minimum_cost_rate(retrain_usd=5000.0, tasks_per_month=1e5,
    ...                                      value_per_quality_usd=0.05, drift_per_month=0.0047)), 3)
    484.768
    """
    rate: Value = np.sqrt(2.0 * retrain_usd * tasks_per_month * value_per_quality_usd * drift_per_month)
    return rate


def exponential_cost_rate(
    *, interval_months: Value, retrain_usd: Value, monthly_loss_usd: Value, half_life_months: Value
) -> Value:
    """Cost per month under decay to a floor: K/τ + L [1 − (h'/τ)(1 − e^(−τ/h'))], h' = h/ln 2.

    Args:
        interval_months: τ. [month]
        retrain_usd: K. [USD]
        monthly_loss_usd: L = N v A, loss per month once all of the decaying quality A is gone. [USD/month]
        half_life_months: h. [month]

    Returns:
        Retraining plus lost value. [USD/month]

    Source: integral of the exponential decay over one interval.

    >>> round(float(exponential_cost_rate(interval_months=4.53618, retrain_usd=5000.0, monthly_loss_usd=1e4,
    ...                                   half_life_months=12.0)), 2)
    2305.04
    """
    tau = half_life_months / np.log(2.0)
    lost: Value = 1.0 - tau / interval_months * (1.0 - np.exp(-interval_months / tau))
    return retrain_usd / interval_months + monthly_loss_usd * lost


def exponential_retraining_interval(*, retrain_usd: Value, monthly_loss_usd: Value, half_life_months: Value) -> Value:
    """Best interval under decay to a floor: L [h' − (h' + τ) e^(−τ/h')] = K, by bisection.

    Args:
        retrain_usd: K. [USD]
        monthly_loss_usd: L = N v A. [USD/month]
        half_life_months: h. [month]

    Returns:
        Months between retrainings; `inf` where K ≥ L h', when retraining never pays. [month]

    Source: first-order condition of `exponential_cost_rate`.

    >>> round(float(exponential_retraining_interval(retrain_usd=5000.0, monthly_loss_usd=1e4,
    ...                                             half_life_months=12.0)), 5)
    4.53618
    """
    tau = np.asarray(half_life_months, dtype=float) / np.log(2.0)
    cost, loss = np.asarray(retrain_usd, dtype=float), np.asarray(monthly_loss_usd, dtype=float)
    pays = cost < loss * tau
    low = np.zeros(np.broadcast_shapes(tau.shape, cost.shape, loss.shape))
    high = low + 100.0 * tau
    for _ in range(80):
        middle = (low + high) / 2.0
        gained = loss * (tau - (tau + middle) * np.exp(-middle / tau))
        low, high = np.where(gained < cost, middle, low), np.where(gained < cost, high, middle)
    best: Value = np.where(pays, (low + high) / 2.0, np.inf)
    return best


def labels_to_detect_drop(*, quality: Value, drop: Value, false_alarm: float = 0.05, miss: float = 0.2) -> Value:
    """Labels per check to see a drop: (z_α + z_β)² [p(1 − p) + p'(1 − p')]/Δ².

    Args:
        quality: p, quality before. [1]
        drop: Δ, loss to be seen; p' = p − Δ. [1]
        false_alarm: α, one-sided. [1]
        miss: β. [1]

    Returns:
        Labels. [count]

    Source: two-proportion test, normal approximation.

    >>> round(labels_to_detect_drop(quality=0.9, drop=0.05), 3)
    537.882
    """
    normal = NormalDist()
    z = normal.inv_cdf(1.0 - false_alarm) + normal.inv_cdf(1.0 - miss)
    after = quality - drop
    return z**2 * (quality * (1.0 - quality) + after * (1.0 - after)) / drop**2


def trigger_delay_months(*, checks_per_month: Value, labelling_lag_months: Value) -> Value:
    """Delay of a threshold trigger: half the check interval plus the labelling lag.

    Args:
        checks_per_month: Quality checks. [1/month]
        labelling_lag_months: Time until a check's labels are there. [month]

    Returns:
        Mean delay. [month]

    Source: uniform arrival of the drop between two checks.

    >>> trigger_delay_months(checks_per_month=1.0, labelling_lag_months=0.25)
    0.75
    """
    return 0.5 / checks_per_month + labelling_lag_months
