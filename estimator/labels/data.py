"""From the inputs of an option to what its labels cost, how good they are, and when they are there."""

import numpy as np

from estimator.inputs import OptionInputs
from estimator.labels.annotation import (
    AnnotationBill,
    CollectionBill,
    annotation_usd,
    collection_bill,
    model_annotation_usd,
    project_weeks,
)
from estimator.labels.labeller import (
    MODELS,
    annotation_input,
    annotator_rate_of,
    labeller_of,
    usd_per_model_label_of,
)
from estimator.labels.noise import disagreement_share
from estimator.record import record
from estimator.units import Value, central


@record(kw_only=True)
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
    labeller = labeller_of(option)
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
