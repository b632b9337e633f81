"""Watching a live option: answers checked by people, answers judged by a model, tools, alarms."""

import numpy as np

from estimator.inputs import OptionInputs
from estimator.labels import judge_usd_per_hour_of, token_price_of
from estimator.record import record
from estimator.units import MILLION, MINUTES_PER_HOUR, Value
from estimator.upkeep.retraining import labels_to_detect_drop

RUBRIC_TOKENS = 300.0
"""Instructions of a judge beside question and answer. Judgement. [token]"""
VERDICT_TOKENS = 50.0
"""What a judge writes. Judgement. [token]"""
HOURS_OF_A_MONTH = 160.0
"""Working hours of a full-time month. [h]"""


@record(kw_only=True)
class Monitoring:
    """What watching costs."""

    checks_per_month: Value
    labels_per_check: Value
    usd_per_check_label: Value
    judged_answers: Value
    """Answers judged by a model per month. [count]"""
    usd_per_judgement: Value
    tooling_usd: Value
    on_call_hours: Value
    """Hours of an engineer per month. [h]"""
    on_call_usd_per_hour: Value


def monitoring_of(option: OptionInputs, *, quality: Value) -> Monitoring:
    """Checks, judge tokens, tooling and the share of an engineer on call.

    Args:
        option: Inputs of the option.
        quality: Share of correct answers at launch: sets the labels of a check where `upkeep.detect_drop` is given. [1]

    Returns:
        Itemised monthly cost. [USD/month]

    Source: `labels_to_detect_drop`; definition.
    """
    if option.given("upkeep.detect_drop") is not None:
        drop = np.minimum(option["upkeep.detect_drop"], 0.999)
        labels: Value = labels_to_detect_drop(quality=np.clip(quality, drop + 1e-3, 1.0 - 1e-3), drop=drop)
    else:
        labels = option["upkeep.labels_per_check"]
    return Monitoring(
        checks_per_month=option["upkeep.checks_per_month"],
        labels_per_check=labels,
        usd_per_check_label=option["upkeep.minutes_per_check_label"] / MINUTES_PER_HOUR * judge_usd_per_hour_of(option),
        judged_answers=option["upkeep.judged_answers"],
        usd_per_judgement=_judge_usd(option),
        tooling_usd=option["upkeep.tooling_usd_per_month"],
        on_call_hours=option["upkeep.on_call_share"] * HOURS_OF_A_MONTH,
        on_call_usd_per_hour=option.price("labour/ml_engineer"),
    )


def _judge_usd(option: OptionInputs) -> Value:
    upkeep = option.spec.upkeep
    if upkeep is None or upkeep.judge_model is None or option.given("upkeep.judge_usd_per_answer") is not None:
        return option["upkeep.judge_usd_per_answer"]
    tier = token_price_of(option, upkeep.judge_model, key="upkeep.judge_model").tiers[0]
    read = option["workload.tokens.prompt"] + option["workload.tokens.output"] + RUBRIC_TOKENS
    return (read * tier.input_usd_per_mtok + VERDICT_TOKENS * tier.output_usd_per_mtok) / MILLION
