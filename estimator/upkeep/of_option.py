"""From the inputs of an option to its quality over time, its retrainings, its repairs and its forced migrations."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from estimator.inputs import OptionInputs
from estimator.labels import Quality, usd_per_error_of
from estimator.record import record
from estimator.units import DAYS_PER_MONTH, MONTHS_PER_YEAR, Array, Value, central, column
from estimator.upkeep.decay import Ageing, shock_loss, stale_share
from estimator.upkeep.mortality import Mortality, embedding_end_text, embedding_ends_of, mortality_of
from estimator.upkeep.path import age_since, mean_age, open_share, per_month
from estimator.upkeep.policy import LABELLING_LAG_MONTHS, Case, Policy, PolicyCost, policy_cost, policy_of
from estimator.upkeep.retraining import trigger_delay_months
from estimator.warnings import Warned


@record(kw_only=True)
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
    reembeddings: Array | None
    """Known end of the embedding model: everything is embedded again, shape (1, months). [count]"""
    repairs_per_month: Value
    """Jumps and changes of the provider that somebody has to repair. [1/month]"""
    trainable: Array
    """Share of each month in which its platform takes training jobs, shape (1 or n, months); ones if untuned. [1]"""
    retires_on: date | None
    warnings: tuple[Warned, ...]


def upkeep_of(option: OptionInputs, *, quality: Quality, retrain_usd: Value, requests: Array) -> Upkeep:
    """Quality path, retraining schedule, repairs and migrations of an option.

    The interval is one decision, made at the central case; drift and lives differ between futures. An untuned option
    drifts more slowly and is brought up to date by reviews of its prompt.

    Args:
        option: Inputs of the option.
        quality: Its quality at launch, and what of it rests on facts that can change.
        retrain_usd: Cost of one retraining. [USD]
        requests: Requests per month, shape (1 or n, months). [requests]

    Returns:
        The ageing of the option. [1]

    Source: `policy_of`, `Ageing`, `mortality_of`.
    """
    months, fate = option.months, mortality_of(option)
    ageing = ageing_of(option, quality)
    tuned = option.spec.tuning is not None
    if tuned:
        case = case_of(option, ageing=ageing, fate=fate, retrain_usd=retrain_usd, requests=requests)
        chosen: Policy | None = _chosen(option, case)
        times = case.times(central(chosen.interval_months) if chosen is not None else np.inf)
        resets = times
    else:
        chosen, times = None, np.zeros(0)
        resets = np.arange(1.0, months + 1.0) * central(option["upkeep.prompt_review_months"])
    since_move = age_since(events=fate.migrations, months=months)
    age = np.minimum(mean_age(resets=resets[resets < months], months=months), since_move)
    start = column(quality.start)
    lost = ageing.loss(age=age, base_age=since_move)
    always = np.ones((1, months))
    return Upkeep(
        quality=np.maximum(start - lost, 0.0),
        policy=chosen,
        retrainings=per_month(times=times, months=months),
        migrations=fate.migrations,
        reembeddings=embedding_ends_of(option),
        repairs_per_month=_repairs_per_month(option),
        trainable=open_share(closed_from=fate.closed_from, migrations=fate.migrations) if tuned else always,
        retires_on=fate.retires_on,
        warnings=(*fate.warnings, *embedding_end_text(option)),
    )


def policies_of(
    option: OptionInputs, *, quality: Quality, retrain_parts: Mapping[str, Value], requests: Array
) -> tuple[Case, tuple[PolicyCost, ...]]:
    """What every policy would cost a tuned option over the horizon, central case, the scenario's own first.

    Args:
        option: Inputs of an option that is tuned.
        quality: Its quality at launch.
        retrain_parts: Cost of one retraining by what it is spent on. [USD]
        requests: Requests per month, shape (1 or n, months). [requests]

    Returns:
        The case, and one cost per policy, undiscounted. [USD]

    Source: `policy_of`, `policy_cost`.
    """
    parts = {name: central(usd) for name, usd in retrain_parts.items()}
    case = case_of(
        option,
        ageing=ageing_of(option, quality),
        fate=mortality_of(option),
        retrain_usd=sum(parts.values()),
        requests=requests,
    )
    fixed = [policy_of(case, kind="every", every_months=float(n)) for n in (1, 3, 6, 12, 24) if n < option.months]
    others = [policy_of(case, kind=kind) for kind in ("economic", "threshold")]
    wanted = [_chosen(option, case), *others, *fixed, policy_of(case, kind="never")]
    unique = {(item.kind, central(item.interval_months)): item for item in wanted}
    return case, tuple(policy_cost(case, item, parts_usd=parts) for item in unique.values())


def ageing_of(option: OptionInputs, quality: Quality) -> Ageing:
    """What makes the quality of an option fall.

    Args:
        option: Inputs of the option.
        quality: Its quality at launch, and what of it rests on facts.

    Returns:
        Drift, facts and jumps. [1]

    Source: `drift_loss`, `stale_share`, `shock_loss`.
    """
    tuned = option.spec.tuning is not None
    slower = 1.0 if tuned else option["upkeep.prompted_drift"]
    upkeep = option.spec.upkeep
    shape = upkeep.drift_shape if upkeep is not None else "linear"
    exponential = shape == "exponential"
    return Ageing(
        drift_per_month=option["upkeep.drift"] * slower if not exponential else 0.0,
        shape=shape,
        at_stake=option["upkeep.drift_at_stake"] * slower if exponential else 0.0,
        half_life_months=option["upkeep.half_life_months"] if exponential else 1.0,
        trained_facts=quality.learned_facts,
        base_facts=quality.base_facts,
        facts_change=option["task.facts_change"],
        base_facts_change=option["task.facts_change"] * option["task.base_facts_change"],
        constant=_constant_loss(option, quality),
    )


def _constant_loss(option: OptionInputs, quality: Quality) -> Value:
    """Mean loss by jumps of the task, silent changes of the provider, and documents not yet indexed."""
    delay = trigger_delay_months(
        checks_per_month=np.maximum(option["upkeep.checks_per_month"], 1e-3), labelling_lag_months=LABELLING_LAG_MONTHS
    )
    open_for = delay + option["upkeep.repair_months"]
    lost = shock_loss(
        events_per_year=option["upkeep.jumps_per_year"], loss=option["upkeep.jump_loss"], months_to_repair=open_for
    )
    if changes_under_us(option):
        lost = lost + shock_loss(
            events_per_year=option["upkeep.provider_changes_per_year"],
            loss=option["upkeep.provider_change_loss"],
            months_to_repair=open_for,
        )
    if option.spec.retrieval is not None:
        lag = option["retrieval.refresh_days"] / 2.0 / DAYS_PER_MONTH
        stale = stale_share(age_months=lag, change_per_month=option["task.facts_change"])
        lost = lost + quality.retrieved_facts * stale
    return lost


def changes_under_us(option: OptionInputs) -> bool:
    """Whether a provider can change the model silently: hosted and untuned.

    Args:
        option: Inputs of the option.

    Returns:
        True for prompts and retrieval on a hosted model. [1]

    Source: Chen et al. 2023, arXiv:2307.09009.
    """
    return option.token_price is not None and option.spec.tuning is None


def _repairs_per_month(option: OptionInputs) -> Value:
    events = option["upkeep.jumps_per_year"]
    if changes_under_us(option):
        events = events + option["upkeep.provider_changes_per_year"]
    return events / MONTHS_PER_YEAR


def case_of(option: OptionInputs, *, ageing: Ageing, fate: Mortality, retrain_usd: Value, requests: Array) -> Case:
    """What retraining policies of an option are judged on, central case.

    Args:
        option: Inputs of the option.
        ageing: What makes its quality fall.
        fate: Forced moves and closure of its platform.
        retrain_usd: Cost of one retraining. [USD]
        requests: Requests per month, shape (1 or n, months). [requests]

    Returns:
        The case. [USD, month]

    Source: definition.
    """
    threshold = option["upkeep.threshold"] if option.given("upkeep.threshold") is not None else None
    return Case(
        months=option.months,
        retrain_usd=central(retrain_usd),
        value_usd=requests[0] * central(usd_per_error_of(option)),
        loss=ageing.central_loss,
        checks_per_month=central(option["upkeep.checks_per_month"]),
        threshold=None if threshold is None else central(threshold),
        closed_from=fate.closed_from,
        reopened_at=fate.moves_at,
    )


def _chosen(option: OptionInputs, case: Case) -> Policy:
    spec = option.spec.upkeep
    kind, _, rest = (spec.retrain if spec is not None else "economic").partition(" ")
    return policy_of(case, kind=kind, every_months=float(rest.split()[0]) if rest else None)
