"""From the inputs of an option to the cost of its labels and the quality they buy."""

from dataclasses import dataclass

import numpy as np

from estimator.errors import ScenarioError
from estimator.inputs import OptionInputs
from estimator.labels.annotation import AnnotationBill, annotation_usd, collection_usd
from estimator.labels.combine import QualityParts, lora_capacity_penalty, option_quality
from estimator.labels.curve import learning_curve_error
from estimator.labels.noise import effective_labels, majority_accuracy
from estimator.labels.pilot import CurvePrior, FittedCurve, fit_curve
from estimator.labels.pilot import PilotPoint as Measured
from estimator.memory import lora_parameters
from estimator.scenario import PilotPoint, Quantity
from estimator.serving import technique_of
from estimator.units import Value, central

CLASSES = 2
"""Label noise is counted as binary right-or-wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What the labels of an option cost."""

    labels: Value
    """Human labels of the first run. [count]"""
    synthetic: Value
    bill: AnnotationBill
    collection_usd: Value
    usd_per_label: Value
    """One more example, collected and labelled: what a refresh pays. [USD/label]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How good an option is at launch."""

    start: Value
    """Share of correct answers, scalar or shape (n,). [1]"""
    parts: QualityParts | None
    """Parts of the error; None where the quality was measured."""
    fact_loss_per_month: Value
    """Quality lost per month because tuned-in facts go out of date. [1/month]"""
    notes: tuple[str, ...]


def usd_per_hour_of(option: OptionInputs, rate: str, *, key: str) -> Value:
    """Hourly rate of an annotator: a number, or a row of the annotation table.

    Args:
        option: Inputs of the option.
        rate: USD per hour as text, or a row name with or without `rate/` in front.
        key: Where it was written.

    Returns:
        Rate. [USD/hour]

    Raises:
        ScenarioError: neither.

    Source: annotation table.
    """
    try:
        number = float(rate)
    except ValueError:
        row_id = rate if rate.startswith("rate/") else f"rate/{rate}"
        return option.price(row_id, key=key)
    if not 0 <= number < 1e6:
        raise ScenarioError(f"{option.shown(key)}: {rate} is outside 0 to 1e6 USD per hour; give a rate inside")
    return option.world.from_user(key, Quantity.point(number), shown_as=option.shown(key))


def data_of(option: OptionInputs) -> Data | None:
    """Cost of the training labels of an option; None when it trains nothing.

    Args:
        option: Inputs of the option.

    Returns:
        Itemised cost. [USD]

    Source: `annotation_usd`.
    """
    tuning = option.spec.tuning
    if tuning is None:
        return None
    rate = usd_per_hour_of(option, tuning.annotation.rate, key="tuning.annotation.rate")
    labels = option["tuning.labels"]
    bill = annotation_usd(
        labels=labels,
        minutes=option["tuning.annotation.minutes"],
        usd_per_hour=rate,
        redundancy=option["tuning.annotation.redundancy"],
        fee_share=option["tuning.annotation.fee"],
        rejected_share=option["tuning.annotation.rejected_share"],
        review_share=option["tuning.annotation.review_share"],
        review_usd_per_hour=rate,
        guideline_hours=option["tuning.annotation.guideline_hours"],
        guideline_usd_per_hour=option.price("labour/technical_writer"),
        training_hours=option["tuning.annotation.training_hours"],
    )
    collection = collection_usd(
        documents=labels,
        minutes=option["tuning.collection_minutes"],
        usd_per_hour=option.price("labour/data_scientist"),
    )
    return Data(
        labels=labels,
        synthetic=option["tuning.synthetic_labels"],
        bill=bill,
        collection_usd=collection,
        usd_per_label=(bill.per_label_parts + collection) / labels,
    )


def judge_usd_per_hour_of(option: OptionInputs) -> Value:
    """Pay of those who label evaluation sets and checks: the same for all options of a scenario.

    Args:
        option: Inputs of the option.

    Returns:
        Rate of `task.evaluation_rate`. [USD/hour]

    Source: annotation table.
    """
    return usd_per_hour_of(option, option.scenario.task.evaluation_rate, key="task.evaluation_rate")


def lora_penalty_of(option: OptionInputs) -> Value:
    """Error added because an adapter is too small for its data; 0 for other methods.

    Args:
        option: Inputs of the option.

    Returns:
        Added error. [1]

    Source: `lora_capacity_penalty`.
    """
    tuning = option.spec.tuning
    if tuning is None or tuning.method in {"full", "managed"} or option.architecture is None:
        return 0.0
    return lora_capacity_penalty(
        examples=option["tuning.labels"] + option["tuning.synthetic_labels"],
        tokens_per_example=option["workload.tokens.output"],
        adapter_parameters=lora_parameters(
            architecture=option.architecture, rank=option["tuning.rank"], targets=tuning.targets
        ),
        bits_per_token=option["tuning.learned_bits_per_token"],
        penalty=option["tuning.lora_penalty"],
    )


def quality_of(option: OptionInputs, *, baseline: OptionInputs, lora_penalty: Value) -> Quality:
    """Share of correct answers of an option at launch.

    What was measured beats every default: `quality` of the option first, then the pilot.

    Args:
        option: Inputs of the option.
        baseline: First option of the scenario; the pilot's 0-label point was measured with its prompt.
        lora_penalty: Error added by an adapter that is too small for the data. [1]

    Returns:
        Quality, its parts and how fast tuned-in facts age. [1]

    Source: `option_quality`, `learning_curve_error`.
    """
    if option.given("quality") is not None:
        return Quality(start=option["quality"], parts=None, fact_loss_per_month=0.0, notes=())
    tuned = option.spec.tuning is not None
    measured = _untuned_point(option)
    start_error = _start_error(option, baseline, measured)
    curve, notes = _curve(option, start_error) if tuned else (None, ())
    parts = _parts(option, start_error, curve, lora_penalty)
    facts = option["task.facts_change"] * parts.learned_knowledge if tuned else 0.0
    return Quality(start=parts.quality, parts=parts, fact_loss_per_month=facts, notes=notes)


def _untuned_point(option: OptionInputs) -> PilotPoint | None:
    return next((point for point in option.scenario.task.pilot if point.labels.mode == 0), None)


def _start_error(option: OptionInputs, baseline: OptionInputs, measured: PilotPoint | None) -> Value:
    """Error of the prompted base model, before few-shot, reasoning, retrieval or tuning."""
    if option.given("start_error") is not None:
        return option["start_error"]
    if measured is not None:
        error = 1.0 - option.world.from_user(
            "task.pilot.quality", measured.quality, shown_as="task.pilot.quality_at_0_labels"
        )
        if option.spec.tuning is not None:
            return error
        behaviour = 1.0 - baseline["task.knowledge_share"]
        return error / np.maximum(1.0 - behaviour * _prompt_gain(baseline), 1e-6)
    error = option["task.start_error"]
    if option.token_price is not None and option.given("task.start_error") is None:
        error = error * option["model.start_error_ratio"]
    return error


def _prompt_gain(option: OptionInputs) -> Value:
    """Share of the behaviour error that the prompt recipe removes: 1 − (1 − few-shot)(1 − reasoning)."""
    technique = technique_of(option)
    left: Value = 1.0
    if technique == "few_shot" or option.given("prompt.few_shot_tokens") is not None:
        left = left * (1.0 - option["prompt.few_shot_gain"])
    if technique == "chain_of_thought":
        left = left * (1.0 - option["prompt.chain_of_thought_gain"])
    return 1.0 - left


def _curve(option: OptionInputs, start_error: Value) -> tuple[FittedCurve, tuple[str, ...]]:
    prior = CurvePrior(
        start_error=start_error,
        floor=option["task.error_floor"],
        scale=option["task.curve_scale"],
        exponent=option["task.curve_exponent"],
    )
    points = [Measured(point.labels.mode, point.quality.mode) for point in option.scenario.task.pilot]
    for point in option.scenario.task.pilot:
        if point.labels.mode > 0:
            shown = f"task.pilot.quality_at_{point.labels.mode:g}_labels"
            option.world.from_user("task.pilot.quality", point.quality, shown_as=shown)
    fitted = fit_curve(pilot=points, prior=prior, rng=np.random.default_rng(option.world.seed))
    return fitted, fitted.notes


def _parts(option: OptionInputs, start_error: Value, curve: FittedCurve | None, lora_penalty: Value) -> QualityParts:
    tuned_ratio: Value = 1.0
    if curve is not None:
        error = learning_curve_error(
            labels=_effective(option),
            floor=np.minimum(curve.floor, curve.start_error),
            start_error=curve.start_error,
            scale=curve.scale,
            exponent=curve.exponent,
        )
        tuned_ratio = _tuned_ratio(option, error, curve.start_error)
    retrieval = option.spec.retrieval is not None
    tuned = curve is not None
    quantised = option.spec.tuning is not None and option.spec.tuning.method == "qlora"
    return option_quality(
        start_error=start_error,
        knowledge_share=option["task.knowledge_share"],
        prompt_gain=0.0 if tuned else _prompt_gain(option),
        recall=option["retrieval.recall"] if retrieval else 0.0,
        context_use=option["retrieval.context_use"] if retrieval else 0.0,
        tuned_ratio=tuned_ratio,
        knowledge_learned=option["tuning.knowledge_learned"] if tuned else 0.0,
        method_penalty=(lora_penalty + (option["tuning.quantisation_penalty"] if quantised else 0.0)) if tuned else 0.0,
        interaction=option["tuning.retrieval_interaction"] if tuned and retrieval else 0.0,
    )


def _tuned_ratio(option: OptionInputs, error: Value, start_error: Value) -> Value:
    """Behaviour error after over before tuning.

    A pilot measures whole answers, so its curve holds the missing knowledge too; the evidence curves act on behaviour.
    """
    if not _has_labelled_points(option):
        return error / np.maximum(start_error, 1e-9)
    share = option["task.knowledge_share"]
    unknown = start_error * share * (1.0 - option["tuning.knowledge_learned"])
    ratio: Value = np.maximum(error - unknown, 0.0) / np.maximum(start_error * (1.0 - share), 1e-9)
    return ratio


def _has_labelled_points(option: OptionInputs) -> bool:
    return any(point.labels.mode > 0 for point in option.scenario.task.pilot)


def _effective(option: OptionInputs) -> Value:
    """Labels in the units of the curve: a pilot's own noise is already in its points."""
    human, synthetic = option["tuning.labels"], option["tuning.synthetic_labels"]
    if _has_labelled_points(option):
        noise: Value = 0.0
    else:
        votes = max(1, round(central(option["tuning.annotation.redundancy"])))
        noise = 1.0 - majority_accuracy(accuracy=option["tuning.annotation.accuracy"], annotators=votes | 1)
    return effective_labels(
        human=human,
        synthetic=synthetic,
        synthetic_value=option["tuning.synthetic_value"],
        noise=noise,
        classes=CLASSES,
    )
