"""From the inputs of an option to its quality over time, its retrainings and its forced migrations."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from estimator.inputs import OptionInputs
from estimator.units import DAYS_PER_MONTH, Array, Value, central
from estimator.upkeep.migration import forced_migrations
from estimator.upkeep.path import quality_path, retrainings
from estimator.upkeep.policy import Policy, policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """How an option ages and what is done about it."""

    quality: Array
    """Share of correct answers per month, shape (1 or n, months). [1]"""
    policy: Policy | None
    """Retraining policy; None where nothing is tuned."""
    retrainings: Array
    """Retrainings per month, shape (1, months). [count]"""
    migrations: Array
    """Forced moves to another base model per month, shape (1 or n, months). [count]"""
    retires_on: date | None
    warnings: tuple[str, ...]


def upkeep_of(
    option: OptionInputs, *, start_quality: Value, fact_loss_per_month: Value, retrain_usd: Value, requests: Array
) -> Upkeep:
    """Quality path, retraining schedule and migrations of an option.

    The interval is one decision, made at the central case; drift and lives differ between futures.

    Args:
        option: Inputs of the option.
        start_quality: Share of correct answers at launch, scalar or shape (n,). [1]
        fact_loss_per_month: Quality lost because tuned-in facts go out of date. [1/month]
        retrain_usd: Cost of one retraining. [USD]
        requests: Requests per month, shape (1 or n, months). [requests]

    Returns:
        The ageing of the option. [1]

    Source: `policy`, `quality_path`, `forced_migrations`.
    """
    months = option.months
    migrations, retires_on, warnings = _migrations(option, months)
    if option.spec.tuning is None:
        start = np.atleast_1d(np.asarray(start_quality, dtype=float))[:, None]
        flat = np.repeat(start, months, axis=1)
        return Upkeep(
            quality=flat,
            policy=None,
            retrainings=np.zeros((1, months)),
            migrations=migrations,
            retires_on=retires_on,
            warnings=warnings,
        )
    drift = option["upkeep.drift"] + fact_loss_per_month
    chosen = _policy(option, drift, retrain_usd, requests)
    interval = central(chosen.interval_months)
    return Upkeep(
        quality=quality_path(
            start_quality=start_quality, drift_per_month=drift, interval_months=interval, months=months
        ),
        policy=chosen,
        retrainings=retrainings(interval_months=interval, months=months),
        migrations=migrations,
        retires_on=retires_on,
        warnings=warnings,
    )


def _policy(option: OptionInputs, drift: Value, retrain_usd: Value, requests: Array) -> Policy:
    spec = option.spec.upkeep
    wanted = spec.retrain if spec is not None else "economic"
    kind, _, rest = wanted.partition(" ")
    worth = option["task.value_per_success"] + option["task.cost_per_error"]
    return policy(
        kind=kind,
        every_months=float(rest.split()[0]) if rest else None,
        retrain_usd=central(retrain_usd),
        tasks_per_month=float(requests[0].mean()),
        value_per_quality_usd=central(worth),
        drift_per_month=central(drift),
        checks_per_month=central(option["upkeep.checks_per_month"]),
    )


def _migrations(option: OptionInputs, months: int) -> tuple[Array, date | None, tuple[str, ...]]:
    if option.token_price is None:
        return np.zeros((1, months)), None, ()
    retires_on = option.token_price.retires_on
    life = option["upkeep.model_life_months"]
    start = option.scenario.start
    if retires_on is None or option.given("upkeep.model_life_months") is not None:
        return forced_migrations(remaining_life_months=life, lifetime_months=life, months=months), None, ()
    left = max(0.0, (retires_on - start).days / DAYS_PER_MONTH)
    when = "before launch" if left == 0 else f"in month {int(left) + 1} of the horizon"
    text = f"{option.model} is shut down on {retires_on}, {when}; a forced migration is costed"
    warnings = (text,) if left < months else ()
    return (
        forced_migrations(remaining_life_months=left, lifetime_months=life, months=months),
        retires_on,
        warnings,
    )
