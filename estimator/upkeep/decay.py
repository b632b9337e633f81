"""How quality is lost with age: drift, facts that change, jumps."""

from typing import Literal

import numpy as np

from estimator.record import record
from estimator.units import MONTHS_PER_YEAR, Array, Value, central, column

Shape = Literal["linear", "exponential"]
ALL_BUT = 1.0 - 1e-9
"""Largest share of facts that may change per month, so that logarithms stay finite."""


def drift_loss(
    *, age_months: Value, drift_per_month: Value, shape: Shape, at_stake: Value, half_life_months: Value
) -> Value:
    """Quality lost by a model of an age: δ a, or A (1 − 2^(−a/h)) where it decays to a floor.

    Args:
        age_months: a. [month]
        drift_per_month: δ, linear drift. [1/month]
        shape: linear or exponential.
        at_stake: A, quality that is lost in the end, exponential drift. [1]
        half_life_months: h. [month]

    Returns:
        Loss. [1]

    Source: fits of published train-time by test-time results (arXiv:2312.13401): linear suffices up to five years.

    >>> drift_loss(age_months=8.0, drift_per_month=0.004, shape="linear", at_stake=0.1, half_life_months=12.0)
    0.032
    >>> drift_loss(age_months=12.0, drift_per_month=0.004, shape="exponential", at_stake=0.1, half_life_months=12.0)
    0.05
    """
    if shape == "linear":
        return drift_per_month * age_months
    return at_stake * (1.0 - 2.0 ** (-age_months / half_life_months))


def stale_share(*, age_months: Value, change_per_month: Value) -> Value:
    """Share of facts that have changed after an age: 1 − (1 − f)^a.

    Args:
        age_months: a. [month]
        change_per_month: f, share of the facts that change per month. [1/month]

    Returns:
        Share out of date. [1]

    Source: constant hazard.

    >>> round(float(stale_share(age_months=6.0, change_per_month=0.1)), 4)
    0.4686
    """
    return 1.0 - valid_share(age_months=age_months, change_per_month=change_per_month)


def valid_share(*, age_months: Value, change_per_month: Value) -> Value:
    """Share of facts that still hold after an age: (1 − f)^a.

    Args:
        age_months: a. [month]
        change_per_month: f, share of the facts that change per month. [1/month]

    Returns:
        Share not out of date. [1]

    Source: constant hazard.

    >>> round(float(valid_share(age_months=6.0, change_per_month=0.1)), 4)
    0.5314
    """
    share: Value = np.exp(np.log1p(-np.minimum(change_per_month, ALL_BUT)) * age_months)
    return share


def shock_loss(*, events_per_year: Value, loss: Value, months_to_repair: Value) -> Value:
    """Mean loss by events that hurt until they are repaired: L min(1, λ/12 · r).

    Args:
        events_per_year: λ. [1/year]
        loss: L, quality lost at an event. [1]
        months_to_repair: r, from the event until it is repaired. [month]

    Returns:
        Mean loss. [1]

    Source: Poisson events, each open for r months (Little's law).

    >>> round(float(shock_loss(events_per_year=2.0, loss=0.05, months_to_repair=1.2)), 4)
    0.01
    """
    mean: Value = loss * np.minimum(events_per_year / MONTHS_PER_YEAR * months_to_repair, 1.0)
    return mean


@record(kw_only=True)
class Ageing:
    """Everything that makes the quality of one option fall, scalars or draws."""

    drift_per_month: Value
    shape: Shape
    at_stake: Value
    half_life_months: Value
    trained_facts: Value
    """Quality that rests on facts put in at the last training. [1]"""
    base_facts: Value
    """Quality that rests on facts of the base model. [1]"""
    facts_change: Value
    """Share of the needed facts that change per month. [1/month]"""
    base_facts_change: Value
    """The same for facts that a base model knows. [1/month]"""
    constant: Value
    """Mean loss by jumps, by the provider's changes and by a stale index. [1]"""

    def quality(self, *, start: Value, age: Array, base_age: Array) -> Array:
        """Quality per month, shape (1 or n, months), at ages of the last training and of the base model. [1]

        q0 − constant − drift(a) − Σ facts · stale(a), not below 0; what facts are worth at launch is taken off at once
        and what is left of it added month by month, which is the same and takes fewer steps over all months.
        """
        change = column(self.facts_change)
        aged = ((self.trained_facts, age, change), (self.base_facts, base_age, column(self.base_facts_change)))
        stale = [item for item in aged if change.any() and np.any(np.asarray(item[0]) > 0)]
        rests = column(start) - column(self.constant) - sum(column(facts) for facts, _, _ in stale)
        left: Array = rests - drift_loss(
            age_months=age,
            drift_per_month=column(self.drift_per_month),
            shape=self.shape,
            at_stake=column(self.at_stake),
            half_life_months=column(self.half_life_months),
        )
        for facts, since, each in stale:
            left = left + column(facts) * valid_share(age_months=since, change_per_month=each)
        return np.maximum(left, 0.0)

    def central_loss(self, age: Array) -> Array:
        """Loss that another training would undo, central case, at ages of shape (months,). [1]"""
        drift = drift_loss(
            age_months=age,
            drift_per_month=central(self.drift_per_month),
            shape=self.shape,
            at_stake=central(self.at_stake),
            half_life_months=central(self.half_life_months),
        )
        stale = stale_share(age_months=age, change_per_month=central(self.facts_change))
        lost: Array = np.asarray(drift + central(self.trained_facts) * stale, dtype=float)
        return lost
