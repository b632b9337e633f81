"""What does it cost to keep it good? Drift, retraining, monitoring, forced migrations."""

from estimator.upkeep.decay import Ageing, drift_loss, shock_loss, stale_share
from estimator.upkeep.migration import expected_migrations, forced_migrations
from estimator.upkeep.monitoring import Monitoring, monitoring_of
from estimator.upkeep.mortality import Mortality, closing_months, embedding_ends_of, mortality_of
from estimator.upkeep.of_option import Upkeep, ageing_of, case_of, policies_of, upkeep_of
from estimator.upkeep.path import (
    age_since,
    mean_age,
    open_share,
    per_month,
    quality_path,
    retraining_times,
    retrainings,
)
from estimator.upkeep.policy import Case, Policy, PolicyCost, policy_cost, policy_of
from estimator.upkeep.retraining import (
    exponential_cost_rate,
    exponential_retraining_interval,
    labels_to_detect_drop,
    linear_minimum_cost_rate,
    linear_retraining_interval,
    trigger_delay_months,
)

__all__ = [
    "Ageing",
    "Case",
    "Monitoring",
    "Mortality",
    "Policy",
    "PolicyCost",
    "Upkeep",
    "age_since",
    "ageing_of",
    "case_of",
    "closing_months",
    "drift_loss",
    "embedding_ends_of",
    "expected_migrations",
    "exponential_cost_rate",
    "exponential_retraining_interval",
    "forced_migrations",
    "labels_to_detect_drop",
    "linear_minimum_cost_rate",
    "linear_retraining_interval",
    "mean_age",
    "monitoring_of",
    "mortality_of",
    "open_share",
    "per_month",
    "policies_of",
    "policy_cost",
    "policy_of",
    "quality_path",
    "retraining_times",
    "retrainings",
    "shock_loss",
    "stale_share",
    "trigger_delay_months",
    "upkeep_of",
]
