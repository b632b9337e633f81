"""Named constants in code are those of the sourced rows."""

import pytest

from estimator.catalog import load_catalog
from estimator.decision.rules import FAST_FACTS, KNOWLEDGE_HEAVY, LOW_VOLUME, SCARCE_LABELS, UPKEEP_HEAVY
from estimator.decision.standing import QUALITY_ODDS
from estimator.labels.dawid_skene import PRIOR_RIGHT, PRIOR_WRONG
from estimator.labels.pilot import CURVE_RMSE, EXTRAPOLATION_SD, MEASUREMENT_SD, ODD, VERY_ODD
from estimator.labels.posterior import TIE_BREAK
from estimator.retrieval.of_option import MEMORY_HEADROOM
from estimator.training.pretraining import TOKENS_PER_PARAMETER
from estimator.upkeep.monitoring import HOURS_OF_A_MONTH, RUBRIC_TOKENS, VERDICT_TOKENS
from estimator.upkeep.policy import LABELLING_LAG_MONTHS, SHORTEST_INTERVAL_MONTHS

HOMES = {
    "labels.curve_rmse": CURVE_RMSE,
    "labels.measurement_sd": MEASUREMENT_SD,
    "labels.extrapolation_sd": EXTRAPOLATION_SD,
    "labels.odd_misfit": ODD,
    "labels.very_odd_misfit": VERY_ODD,
    "labels.tie_break": TIE_BREAK,
    "labels.votes_prior_right": PRIOR_RIGHT,
    "labels.votes_prior_wrong": PRIOR_WRONG,
    "upkeep.rubric_tokens": RUBRIC_TOKENS,
    "upkeep.verdict_tokens": VERDICT_TOKENS,
    "upkeep.full_time_hours": HOURS_OF_A_MONTH,
    "upkeep.shortest_interval_months": SHORTEST_INTERVAL_MONTHS,
    "upkeep.labelling_lag_months": LABELLING_LAG_MONTHS,
    "retrieval.memory_headroom": MEMORY_HEADROOM,
    "decision.quality_odds": QUALITY_ODDS,
    "decision.fast_facts": FAST_FACTS,
    "decision.scarce_labels": SCARCE_LABELS,
    "decision.knowledge_heavy": KNOWLEDGE_HEAVY,
    "decision.low_volume": LOW_VOLUME,
    "decision.upkeep_heavy": UPKEEP_HEAVY,
    "training.tokens_per_parameter": TOKENS_PER_PARAMETER,
}


@pytest.mark.parametrize("row_id", HOMES)
def test_constant_is_its_row(row_id: str) -> None:
    assert load_catalog().constant(row_id).mode == HOMES[row_id]
