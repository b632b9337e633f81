"""What does it cost to keep it good? Drift, retraining, monitoring, forced migrations."""

from estimator.upkeep.migration import forced_migrations
from estimator.upkeep.of_option import Upkeep, upkeep_of
from estimator.upkeep.path import quality_path, retrainings
from estimator.upkeep.policy import Policy, policy
from estimator.upkeep.retraining import (
    exponential_cost_rate,
    exponential_retraining_interval,
    labels_to_detect_drop,
    linear_minimum_cost_rate,
    linear_retraining_interval,
    trigger_delay_months,
)

__all__ = [
    "Policy",
    "Upkeep",
    "exponential_cost_rate",
    "exponential_retraining_interval",
    "forced_migrations",
    "labels_to_detect_drop",
    "linear_minimum_cost_rate",
    "linear_retraining_interval",
    "policy",
    "quality_path",
    "retrainings",
    "trigger_delay_months",
    "upkeep_of",
]
