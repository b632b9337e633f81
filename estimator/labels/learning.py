"""Labels → quality → USD of one option, and when to stop labelling."""

from typing import Literal

import numpy as np

from estimator.inputs import OptionInputs
from estimator.labels.curve import optimal_labels
from estimator.labels.quality import QualityModel
from estimator.labels.recipe import has_labelled_points, lora_penalty_of
from estimator.record import record
from estimator.units import Array, Value, central

NEXT_LABELS = 1000.0
"""Further labels whose worth is named. [count]"""
GRID = (0.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0, 20_000.0, 50_000.0)
LOWEST_WORTH = 1e-6
"""Effective labels per label below which labels are as good as noise."""
MOST_LABELS = 1e7

Advice = Literal["label more", "enough", "label fewer", "say what an answer is worth", "labels do not help"]


@record(kw_only=True)
class LearningStep:
    """One number of labels: the quality it buys, its worth over the horizon and its cost."""

    labels: float
    effective: float
    quality: tuple[float, float, float]
    """p10, p50, p90. [1]"""
    value_usd: float
    """Over no labels at all, central case. [USD]"""
    cost_usd: float
    net_usd: float
    next_value_usd: float
    """Worth of the next 1,000 labels before their cost. [USD]"""


@record(kw_only=True)
class Learning:
    """What further labels of one option are worth."""

    option: str
    planned: float
    steps: tuple[LearningStep, ...]
    optimum: tuple[float, float, float]
    """Labels at which net worth peaks, closed form: p10, p50, p90 over the futures. [count]"""
    optimum_central: float
    """The same in the central case. [count]"""
    optimum_exact: float
    """By search over the whole quality model, central case. [count]"""
    target_quality: float | None
    target_labels: float | None
    """Labels that reach it in the central case; inf where none do, None without a target. [count]"""
    usd_per_label: float
    """One more label, with its refreshes and its share of training. [USD/label]"""
    next_value_usd: float
    next_cost_usd: float
    advice: Advice
    notes: tuple[str, ...]


def usd_per_error_of(option: OptionInputs) -> Value:
    """What one more wrong answer costs: (V + C_e)(1 − x) + x C_x, x the share caught and handed to a person.

    Args:
        option: Inputs of the option.

    Returns:
        Loss per wrong answer. [USD]

    Source: net benefit per answer of the ledger: a V − (1 − a) C_e with escalated answers counted as right.
    """
    caught, error = option["task.escalation_share"], option["task.cost_per_error"]
    person = option["task.escalation_usd"] if option.given("task.escalation_usd") is not None else error
    return (option["task.value_per_success"] + error) * (1.0 - caught) + caught * person


def learning_of(
    model: QualityModel, *, tasks: Value, usd_per_label: Value, setup_usd: Value, target_quality: Value | None
) -> Learning:
    """Quality, worth and cost by number of labels; the best number; labels for a target; whether to go on.

    Args:
        model: Quality of the option as a function of its labels.
        tasks: N, answers over the horizon, discounted. [count]
        usd_per_label: c_l, one more label with its refreshes and its share of training. [USD/label]
        setup_usd: Part of the labelling project that does not grow with labels. [USD]
        target_quality: Wanted share of correct answers, or None. [1]

    Returns:
        Table, optimum and advice. [USD, count]

    Source: `optimal_labels` in closed form; search over the quality model.
    """
    option = model.option
    planned = central(option["tuning.labels"])
    worth = usd_per_error_of(option)
    grid = tuple(sorted({*GRID, planned}))
    study = _Study(model, float(central(tasks)), central(worth), central(usd_per_label), central(setup_usd))
    optimum = _optimum(model, tasks=tasks, usd_per_error=worth, usd_per_label=usd_per_label)
    exact = study.best()
    next_value = study.gain(planned, planned + NEXT_LABELS)
    target = None if target_quality is None else central(target_quality)
    return Learning(
        option=option.name,
        planned=planned,
        steps=tuple(study.step(labels) for labels in grid),
        optimum=_spread(optimum),
        optimum_central=central(optimum),
        optimum_exact=exact,
        target_quality=target,
        target_labels=None if target is None else study.reach(1.0 - target),
        usd_per_label=study.usd_per_label,
        next_value_usd=next_value,
        next_cost_usd=NEXT_LABELS * study.usd_per_label,
        advice=_advice(study, planned, exact),
        notes=model.curve.notes if model.curve is not None else (),
    )


@record
class _Study:
    """Central case of one option."""

    model: QualityModel
    tasks: float
    usd_per_error: float
    usd_per_label: float
    setup_usd: float

    def error(self, labels: float) -> float:
        return central(self.draws(labels))

    def draws(self, labels: float) -> Value:
        penalty = lora_penalty_of(self.model.option, labels=labels)
        return self.model.at(labels, lora_penalty=penalty, smooth=True).error

    def gain(self, before: float, after: float) -> float:
        return self.tasks * self.usd_per_error * (self.error(before) - self.error(after))

    def net(self, labels: float) -> float:
        return self.gain(0.0, labels) - labels * self.usd_per_label

    def step(self, labels: float) -> LearningStep:
        penalty = lora_penalty_of(self.model.option, labels=labels)
        quality = self.model.at(labels, lora_penalty=penalty).quality
        cost = labels * self.usd_per_label + (self.setup_usd if labels else 0.0)
        value = self.gain(0.0, labels)
        return LearningStep(
            labels=labels,
            effective=central(self.model.effective(labels)),
            quality=_spread(quality),
            value_usd=value,
            cost_usd=cost,
            net_usd=value - cost,
            next_value_usd=self.gain(labels, labels + NEXT_LABELS),
        )

    def best(self) -> float:
        """Best number of labels by a search that narrows around the best point of a grid."""
        low, high = 0.0, MOST_LABELS
        tried = np.concatenate(([0.0], np.geomspace(1.0, MOST_LABELS, 71)))
        for _ in range(6):
            nets = [self.net(float(labels)) for labels in tried]
            place = int(np.argmax(nets))
            low, high = float(tried[max(place - 1, 0)]), float(tried[min(place + 1, len(tried) - 1)])
            best = float(tried[place])
            tried = np.linspace(low, high, 21)
        return best

    def reach(self, error: float) -> float:
        """Fewest labels with an error at or below the wanted one, by bisection; inf where none reach it."""
        if self.error(0.0) <= error:
            return 0.0
        if self.error(MOST_LABELS) > error:
            return float("inf")
        low, high = 0.0, MOST_LABELS
        while high - low > 0.5:
            middle = (low + high) / 2.0 if low < 1.0 else float(np.sqrt(low * high))
            low, high = (low, middle) if self.error(middle) <= error else (middle, high)
        return high


def _optimum(model: QualityModel, *, tasks: Value, usd_per_error: Value, usd_per_label: Value) -> Value:
    """Closed form: the curve acts on the part of the errors that tuning reaches, through effective labels."""
    curve = model.curve
    if curve is None:
        return 0.0
    option, worth = model.option, np.maximum(model.worth, LOWEST_WORTH)
    reached = 1.0 if has_labelled_points(option) else 1.0 - option["task.knowledge_share"]
    effective = optimal_labels(
        tasks=tasks,
        usd_per_error=np.maximum(usd_per_error * reached, 0.0),
        usd_per_label=usd_per_label / worth,
        floor=np.minimum(curve.floor, curve.start_error),
        start_error=curve.start_error,
        scale=curve.scale,
        exponent=curve.exponent,
    )
    generated = model.effective(0.0)
    best: Value = np.maximum(effective - generated, 0.0) / worth
    return best


def _advice(study: _Study, planned: float, best: float) -> Advice:
    if study.usd_per_error <= 0 or study.tasks <= 0:
        return "say what an answer is worth"
    if best <= 1.0:
        return "labels do not help"
    if planned < 0.8 * best:
        return "label more"
    return "label fewer" if planned > 1.25 * best else "enough"


def _spread(value: Value) -> tuple[float, float, float]:
    draws: Array = np.atleast_1d(np.asarray(value, dtype=float))
    futures = draws[1:] if draws.size > 1 else draws
    low, middle, high = np.percentile(futures, (10, 50, 90), method="inverted_cdf")
    return float(low), float(middle), float(high)


__all__ = ["Learning", "LearningStep", "learning_of", "usd_per_error_of"]
