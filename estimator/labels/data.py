"""From the inputs of an option to what its labels cost, how good they are, and when they are there."""

from dataclasses import dataclass

import numpy as np

from estimator.catalog import TokenPrice
from estimator.errors import CatalogError, ScenarioError
from estimator.inputs import OptionInputs
from estimator.labels.annotation import (
    AnnotationBill,
    CollectionBill,
    annotation_usd,
    collection_bill,
    model_annotation_usd,
    project_weeks,
)
from estimator.labels.noise import disagreement_share, majority_accuracy, odd_jury, reviewed_accuracy
from estimator.scenario import Quantity
from estimator.units import MILLION, Value, central

MODELS = frozenset({"llm", "synthetic"})
"""Labellers that are a model."""
RATES = {
    None: "rate/crowd",
    "crowd": "rate/crowd",
    "vendor": "rate/vendor_offshore",
    "in_house": "rate/in_house",
    "expert": "rate/expert/generic",
    "llm": "rate/in_house",
    "synthetic": "rate/in_house",
}
"""Who is paid by the hour; for labels by a model, who audits them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What the labels of an option cost."""

    labeller: str
    """Preset of the labels, or people where none is named."""
    labels: Value
    """Labels of the first run. [count]"""
    synthetic: Value
    """Generated examples beside them. [count]"""
    synthetic_usd: Value
    """Cost of one of these. [USD/label]"""
    bill: AnnotationBill
    collection: CollectionBill
    weeks: Value
    """Calendar time of the labelling project. [week]"""

    @property
    def collection_usd(self) -> Value:
        """Raw examples found, freed of copies and of personal data. [USD]"""
        return self.collection.total

    @property
    def usd_per_label(self) -> Value:
        """One more example, collected and labelled: what a refresh pays. [USD/label]"""
        return (self.bill.per_label_parts + self.collection.total) / self.labels

    @property
    def total(self) -> Value:
        """All data of the first run. [USD]"""
        return self.bill.total + self.collection.total + self.synthetic * self.synthetic_usd


def data_of(option: OptionInputs) -> Data | None:
    """Cost of the training labels of an option; None when it trains nothing.

    Args:
        option: Inputs of the option.

    Returns:
        Itemised cost and calendar time. [USD]

    Source: `annotation_usd`, `model_annotation_usd`, `collection_bill`, `project_weeks`.
    """
    tuning = option.spec.tuning
    if tuning is None:
        return None
    labeller = tuning.annotation.labeller
    labels = option["tuning.labels"]
    bill = _by_model(option, labels) if labeller in MODELS else _by_people(option, labels)
    synthetic = option["tuning.synthetic_labels"]
    return Data(
        labeller=labeller or "people",
        labels=labels,
        synthetic=synthetic,
        synthetic_usd=option["tuning.synthetic_usd"] if np.any(np.asarray(synthetic) > 0) else 0.0,
        bill=bill,
        collection=collection_bill(
            examples=0.0 * labels if labeller == "synthetic" else labels,
            kept_share=option["tuning.collection.kept_share"],
            gather_minutes=option["tuning.collection.gather_minutes"],
            deduplicate_usd=option["tuning.collection.deduplicate_usd"],
            redact_minutes=option["tuning.collection.redact_minutes"],
            usd_per_hour=option.price("labour/data_scientist"),
        ),
        weeks=project_weeks(
            hours=bill.hours,
            annotators=annotation_input(option, "annotators"),
            hours_per_week=annotation_input(option, "hours_per_week"),
            guideline_hours=annotation_input(option, "guideline_hours"),
            training_hours=0.0 if labeller in MODELS else annotation_input(option, "training_hours"),
        ),
    )


def _by_people(option: OptionInputs, labels: Value) -> AnnotationBill:
    rate = annotator_rate_of(option)
    spec = option.spec.tuning.annotation if option.spec.tuning is not None else None
    disputed: Value = 0.0
    if spec is not None and spec.adjudicate:
        votes = max(1, round(central(option["tuning.annotation.redundancy"])))
        disputed = disagreement_share(accuracy=annotation_input(option, "accuracy"), annotators=votes)
    return annotation_usd(
        labels=labels,
        minutes=option["tuning.annotation.minutes"],
        usd_per_hour=rate,
        redundancy=option["tuning.annotation.redundancy"],
        fee_share=annotation_input(option, "fee"),
        rejected_share=annotation_input(option, "rejected_share"),
        review_share=annotation_input(option, "review_share"),
        review_usd_per_hour=rate,
        guideline_hours=annotation_input(option, "guideline_hours"),
        guideline_usd_per_hour=option.price("labour/technical_writer"),
        training_hours=annotation_input(option, "training_hours"),
        adjudicated_share=disputed,
        adjudication_usd_per_hour=rate,
        tooling_usd=option["tuning.annotation.tooling_usd"],
    )


def _by_model(option: OptionInputs, labels: Value) -> AnnotationBill:
    return model_annotation_usd(
        labels=labels,
        usd_per_label=usd_per_model_label_of(option),
        votes=option["tuning.annotation.redundancy"],
        rejected_share=annotation_input(option, "rejected_share"),
        audit_share=annotation_input(option, "review_share"),
        audit_minutes=option["tuning.annotation.minutes"],
        audit_usd_per_hour=annotator_rate_of(option),
        guideline_hours=annotation_input(option, "guideline_hours"),
        guideline_usd_per_hour=option.price("labour/ml_engineer"),
        tooling_usd=option["tuning.annotation.tooling_usd"],
    )


def usd_per_model_label_of(option: OptionInputs) -> Value:
    """Price of one label by a model: as written, else its tokens at the price of the named model, else a row.

    Args:
        option: Inputs of the option.

    Returns:
        Price of one vote. [USD/label]

    Source: token prices of the catalog; `label/llm` of the annotation table.
    """
    spec = option.spec.tuning
    if option.given("tuning.annotation.usd_per_label") is not None:
        return option["tuning.annotation.usd_per_label"]
    if spec is None or spec.annotation.model is None:
        return option.price("label/llm")
    price = token_price_of(option, spec.annotation.model, key="tuning.annotation.model")
    tier = price.tiers[0]
    return (
        option["workload.tokens.prompt"] * tier.input_usd_per_mtok
        + option["workload.tokens.output"] * tier.output_usd_per_mtok
    ) / MILLION


def token_price_of(option: OptionInputs, model: str, *, key: str) -> TokenPrice:
    """Token price of a hosted model that is not the option's own: a labeller or a judge.

    Args:
        option: Inputs of the option.
        model: `provider/model`.
        key: Where it was written.

    Returns:
        Price. [USD/Mtok]

    Raises:
        CatalogError: the model is unknown or has no price on the day.

    Source: token prices of the catalog.
    """
    try:
        price = option.world.catalog.token_price(model, on=option.world.on)
    except CatalogError as error:
        raise CatalogError(f"{option.shown(key)}: {error}") from None
    name = f"{price.provider}/{price.model}"
    for kind in ("input", "output"):
        option.fact(f"token/{name}/{kind}", "USD/Mtok", getattr(price.tiers[0], f"{kind}_usd_per_mtok"), price.source)
    return price


def label_accuracy_of(option: OptionInputs, *, accuracy: Value | None = None) -> Value:
    """Accuracy of the training labels after votes and review.

    Args:
        option: Inputs of an option that is tuned.
        accuracy: Of one vote, where something better is known than the inputs say. [1]

    Returns:
        Share of right labels. [1]

    Source: `majority_accuracy`, `reviewed_accuracy`.
    """
    one = annotation_input(option, "accuracy") if accuracy is None else accuracy
    spec = option.spec.tuning
    by_model = spec is not None and spec.annotation.labeller in MODELS
    votes = 1 if by_model else odd_jury(central(option["tuning.annotation.redundancy"]))
    vote = majority_accuracy(accuracy=one, annotators=votes)
    reader = option["tuning.annotation.accuracy"] if by_model else one
    return reviewed_accuracy(
        accuracy=vote, review_share=annotation_input(option, "review_share"), reviewer_accuracy=reader
    )


def annotation_input(option: OptionInputs, field: str) -> Value:
    """One figure of the annotation: as written, else of the labeller's preset, else the default.

    Args:
        option: Inputs of the option.
        field: Key below `tuning.annotation`.

    Returns:
        Its value. [unit of the field]

    Source: rows `labeller/NAME/FIELD` of the annotation table.
    """
    key = f"tuning.annotation.{field}"
    spec = option.spec.tuning
    labeller = spec.annotation.labeller if spec is not None else None
    row_id = f"labeller/{labeller}/{field}"
    if labeller is None or option.given(key) is not None or option.world.catalog.find(row_id, option.world.on) is None:
        return option[key]
    return option.price(row_id)


def annotator_rate_of(option: OptionInputs) -> Value:
    """Pay of those who label, or who audit labels made by a model.

    Args:
        option: Inputs of an option that is tuned.

    Returns:
        Rate. [USD/hour]

    Source: annotation table.
    """
    spec = option.spec.tuning
    annotation = spec.annotation if spec is not None else None
    named = annotation.rate if annotation is not None else None
    labeller = annotation.labeller if annotation is not None else None
    return usd_per_hour_of(option, named or RATES[labeller], key="tuning.annotation.rate")


def judge_usd_per_hour_of(option: OptionInputs) -> Value:
    """Pay of those who label evaluation sets and checks: the same for all options of a scenario.

    Args:
        option: Inputs of the option.

    Returns:
        Rate of `task.evaluation_rate`. [USD/hour]

    Source: annotation table.
    """
    return usd_per_hour_of(option, option.scenario.task.evaluation_rate, key="task.evaluation_rate")


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
