"""From the inputs of an option to the quality that its prompt, retrieval, labels and tuning buy."""

from dataclasses import replace

import numpy as np

from estimator.inputs import OptionInputs
from estimator.labels.combine import QualityParts, option_quality, reranked_recall, style_error
from estimator.labels.labeller import MODELS, annotation_input, label_accuracy_of, labeller_of, token_price_of
from estimator.labels.measured import measured_curve
from estimator.labels.noise import effective_labels, noise_discount
from estimator.labels.pilot import CurvePrior, FittedCurve, without_extrapolation
from estimator.labels.recipe import has_labelled_points, prompt_gain_of
from estimator.record import record
from estimator.scenario import Option, PilotPoint
from estimator.units import Value, central
from estimator.warnings import Warned

EXTRAPOLATED = 2.0
"""Labels over those of the largest pilot from which its curve is called extrapolated. Judgement. [1]"""


@record(kw_only=True)
class Quality:
    """How good an option is at launch."""

    start: Value
    """Share of correct answers, scalar or shape (n,). [1]"""
    parts: QualityParts | None
    """Parts of the error; None where the quality was measured."""
    base_facts: Value
    """Part of the quality that rests on facts the base model brought along. [1]"""
    learned_facts: Value
    """Part that rests on facts trained into the weights. [1]"""
    retrieved_facts: Value
    """Part that rests on retrieved facts. [1]"""
    notes: tuple[Warned, ...]


@record(kw_only=True)
class QualityModel:
    """Quality of one option as a function of its labels."""

    option: OptionInputs
    start_error: Value
    """Error of the prompted base model. [1]"""
    curve: FittedCurve | None
    """Learning curve; None where nothing is tuned."""
    accuracy: Value
    """Accuracy of the labels after votes and review. [1]"""
    worth: Value
    """Effective labels per label. [1]"""

    def at(self, labels: Value, *, lora_penalty: Value, smooth: bool = False) -> QualityParts:
        """Parts of the error after a number of labels; smooth leaves out the error of extrapolation. [1]"""
        option = self.option
        tuned, retrieval = self.curve is not None, option.spec.retrieval is not None
        full = option.spec.tuning is not None and option.spec.tuning.method in {"full", "managed"}
        kept = "model.forgetting_full" if full else "model.forgetting_adapter"
        lost = "tuning.forgetting" if option.given("tuning.forgetting") is not None else kept
        return option_quality(
            start_error=self.start_error,
            knowledge_share=option["task.knowledge_share"],
            prompt_gain=0.0 if tuned else prompt_gain_of(option),
            recall=_recall(option) if retrieval else 0.0,
            context_use=option["retrieval.context_use"] if retrieval else 0.0,
            tuned_ratio=self.tuned_ratio(labels, smooth=smooth),
            knowledge_learned=option["tuning.knowledge_learned"] if tuned else 0.0,
            method_penalty=lora_penalty + self._quantized() if tuned else 0.0,
            interaction=option["tuning.retrieval_interaction"] if tuned and retrieval else 0.0,
            unknown_fact_errors=option["tuning.unknown_fact_errors"] if tuned else 0.0,
            off_task_share=self._off_task() if tuned else 0.0,
            forgetting=option[lost] if tuned else 0.0,
            systematic_label_error=(1.0 - self.accuracy) * annotation_input(option, "systematic") if tuned else 0.0,
            off_style=self._off_style(labels),
            invented_share=option["task.invented_share"],
        )

    def tuned_ratio(self, labels: Value, *, smooth: bool = False) -> Value:
        """Behaviour error after over before tuning.

        A pilot measures whole answers, so its curve holds the missing knowledge too; the evidence curves act on
        behaviour. [1]
        """
        if self.curve is None:
            return 1.0
        curve = without_extrapolation(self.curve) if smooth else self.curve
        error = curve.error(self.effective(labels))
        if not has_labelled_points(self.option):
            ratio: Value = error / np.maximum(curve.start_error, 1e-9)
            return ratio
        share = self.option["task.knowledge_share"]
        unknown = curve.start_error * share * (1.0 - self.option["tuning.knowledge_learned"])
        tuned: Value = np.maximum(error - unknown, 0.0)
        return tuned / np.maximum(curve.start_error * (1.0 - share), 1e-9)

    def effective(self, labels: Value) -> Value:
        """Labels in the units of the curve, generated ones included. [count]"""
        option = self.option
        return effective_labels(
            human=labels * self.worth,
            synthetic=option["tuning.synthetic_labels"],
            synthetic_value=option["tuning.synthetic_value"],
            noise=0.0,
        )

    def _quantized(self) -> Value:
        tuning = self.option.spec.tuning
        return self.option["tuning.quantization_penalty"] if tuning is not None and tuning.method == "qlora" else 0.0

    def _off_task(self) -> Value:
        option = self.option
        broad = not option.scenario.task.narrow or option.given("task.off_task_share") is not None
        return option["task.off_task_share"] if broad else 0.0

    def _off_style(self, labels: Value) -> Value:
        option = self.option
        if not option.scenario.task.style:
            return 0.0
        if self.curve is None:
            return option["task.style_error"] * (1.0 - prompt_gain_of(option))
        return style_error(
            labels=self.effective(labels), untuned=option["task.style_error"], scale=option["task.style_scale"]
        )


def quality_model_of(option: OptionInputs, *, baseline: OptionInputs) -> QualityModel:
    """Everything that fixes the quality of an option but the number of its labels.

    Args:
        option: Inputs of the option.
        baseline: First option of the scenario; the pilot's 0-label point was measured with its prompt.

    Returns:
        Start error, learning curve, quality of the labels. [1]

    Source: `fit_curve`, `noise_discount`.
    """
    start_error = _start_error(option, baseline)
    if option.spec.tuning is None:
        return QualityModel(option=option, start_error=start_error, curve=None, accuracy=1.0, worth=1.0)
    accuracy = label_accuracy_of(option, accuracy=_labeller_quality(option, baseline))
    random = (1.0 - accuracy) * (1.0 - annotation_input(option, "systematic"))
    by_people = labeller_of(option) not in MODELS
    measured = has_labelled_points(option) and by_people
    worth = 1.0 if measured else noise_discount(noise=random, classes=option["task.classes"])
    if labeller_of(option) == "synthetic":
        worth = worth * option["tuning.synthetic_value"]
    return QualityModel(
        option=option,
        start_error=start_error,
        curve=_curve(option, baseline, start_error),
        accuracy=accuracy,
        worth=worth,
    )


def quality_of(option: OptionInputs, *, baseline: OptionInputs, lora_penalty: Value) -> Quality:
    """Share of correct answers of an option at launch.

    What was measured beats every default: `quality` of the option first, then the pilot.

    Args:
        option: Inputs of the option.
        baseline: First option of the scenario; the pilot's 0-label point was measured with its prompt.
        lora_penalty: Error added by an adapter that is too small for the data. [1]

    Returns:
        Quality, its parts, and what of it rests on facts that can age. [1]

    Source: `option_quality`, `learning_curve_error`.
    """
    if option.given("quality") is not None:
        return _measured(option)
    model = quality_model_of(option, baseline=baseline)
    tuned = model.curve is not None
    parts = model.at(option["tuning.labels"] if tuned else 0.0, lora_penalty=lora_penalty)
    return Quality(
        start=parts.quality,
        parts=parts,
        base_facts=parts.base_knowledge,
        learned_facts=parts.learned_knowledge,
        retrieved_facts=parts.retrieved_knowledge,
        notes=(*model.curve.notes, *_beyond(option, model.curve)) if model.curve is not None else (),
    )


def _beyond(option: OptionInputs, curve: FittedCurve) -> tuple[Warned, ...]:
    labels = central(option["tuning.labels"])
    if not np.isfinite(curve.largest) or labels <= EXTRAPOLATED * curve.largest:
        return ()
    text = f"quality at {labels:,.0f} labels is extrapolated: the pilot ends at {curve.largest:,.0f}"
    return (Warned("W010", text),)


def _measured(option: OptionInputs) -> Quality:
    quality = option["quality"]
    facts, found = quality * option["task.knowledge_share"], _found(option)
    return Quality(
        start=quality,
        parts=None,
        base_facts=facts * (1.0 - found),
        learned_facts=0.0,
        retrieved_facts=facts * found,
        notes=(),
    )


def _found(option: OptionInputs) -> Value:
    if option.spec.retrieval is None:
        return 0.0
    return _recall(option) * option["retrieval.context_use"]


def _recall(option: OptionInputs) -> Value:
    """As given, of the whole pipeline; else of the search alone, raised where a reranker is named and paid."""
    recall = option["retrieval.recall"]
    spec = option.spec.retrieval
    if spec is None or not spec.reranks or option.given("retrieval.recall") is not None:
        return recall
    return reranked_recall(recall=recall, gain=option["retrieval.rerank_gain"])


def _labeller_quality(option: OptionInputs, baseline: OptionInputs) -> Value | None:
    """Accuracy of a named model as labeller: its own quality on the task with the baseline's prompt."""
    annotation = option.spec.tuning.annotation if option.spec.tuning is not None else None
    if annotation is None or annotation.model is None or labeller_of(option) not in MODELS:
        return None
    if option.given("tuning.annotation.accuracy") is not None:
        return None
    price = token_price_of(option, annotation.model, key="tuning.annotation.model")
    spec = Option(model=annotation.model, prompt=baseline.spec.prompt)
    teacher = OptionInputs(option.name, spec, option.world, "prompt", None, price)
    parts = quality_model_of(teacher, baseline=baseline).at(0.0, lora_penalty=0.0)
    return 1.0 - parts.content_error


def _untuned_point(option: OptionInputs) -> PilotPoint | None:
    return next((point for point in option.scenario.task.pilot if point.labels.mode == 0), None)


def _start_error(option: OptionInputs, baseline: OptionInputs) -> Value:
    """Error of the prompted base model, before few-shot, reasoning, retrieval or tuning."""
    measured = _untuned_point(option)
    if option.given("start_error") is not None:
        return option["start_error"]
    if measured is not None:
        shown = "task.pilot.quality_at_0_labels"
        error = 1.0 - option.world.from_user("task.pilot.quality", measured.quality, shown_as=shown)
        if option.spec.tuning is not None:
            return error
        behaviour = 1.0 - baseline["task.knowledge_share"]
        whole: Value = error / np.maximum(1.0 - behaviour * prompt_gain_of(baseline), 1e-6)
        return np.minimum(whole, 1.0)
    error = option["task.start_error"]
    if option.token_price is not None and option.given("task.start_error") is None:
        error = error * option["model.start_error_ratio"]
    return error


def _prior(option: OptionInputs, start_error: Value) -> CurvePrior:
    return CurvePrior(
        start_error=start_error,
        floor=option["task.error_floor"],
        scale=option["task.curve_scale"],
        exponent=option["task.curve_exponent"],
    )


def _curve(option: OptionInputs, baseline: OptionInputs, start_error: Value) -> FittedCurve:
    standard, standard_base = (replace(item, world=item.world.standard) for item in (option, baseline))

    def known() -> CurvePrior:
        return _prior(standard, _start_error(standard, standard_base))

    return measured_curve(option, prior=_prior(option, start_error), known=known)
