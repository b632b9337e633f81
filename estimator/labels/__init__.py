"""What does the data cost, and what quality does it buy?"""

from estimator.labels.annotation import AnnotationBill, annotation_usd, collection_usd, llm_labelling_usd
from estimator.labels.combine import QualityParts, lora_capacity_penalty, option_quality
from estimator.labels.curve import (
    labels_for_error,
    learning_curve_error,
    marginal_value_of_labels,
    optimal_labels,
)
from estimator.labels.noise import (
    cost_per_effective_label,
    cost_per_success,
    effective_labels,
    evaluation_set_size,
    majority_accuracy,
)
from estimator.labels.of_option import (
    Data,
    Quality,
    data_of,
    judge_usd_per_hour_of,
    lora_penalty_of,
    quality_of,
    usd_per_hour_of,
)
from estimator.labels.pilot import CurvePrior, FittedCurve, PilotPoint, fit_curve

__all__ = [
    "AnnotationBill",
    "CurvePrior",
    "Data",
    "FittedCurve",
    "PilotPoint",
    "Quality",
    "QualityParts",
    "annotation_usd",
    "collection_usd",
    "cost_per_effective_label",
    "cost_per_success",
    "data_of",
    "effective_labels",
    "evaluation_set_size",
    "fit_curve",
    "judge_usd_per_hour_of",
    "labels_for_error",
    "learning_curve_error",
    "llm_labelling_usd",
    "lora_capacity_penalty",
    "lora_penalty_of",
    "majority_accuracy",
    "marginal_value_of_labels",
    "optimal_labels",
    "option_quality",
    "quality_of",
    "usd_per_hour_of",
]
