"""Named constants in code are those of the sourced rows."""

import pytest

from estimator.catalog import load_catalog
from estimator.cautions import DRIVES, OLD_DAYS, WIDE
from estimator.decision.arguments import UNSURE, WORTH_NAMING
from estimator.decision.constraints import BUDGET_ODDS
from estimator.decision.rules import FAST_FACTS, KNOWLEDGE_HEAVY, LOW_VOLUME, SCARCE_LABELS, UPKEEP_HEAVY
from estimator.decision.standing import QUALITY_ODDS
from estimator.labels.dawid_skene import PRIOR_RIGHT, PRIOR_WRONG
from estimator.labels.pilot import CURVE_RMSE, EXTRAPOLATION_SD, MEASUREMENT_SD, ODD, VERY_ODD
from estimator.labels.posterior import TIE_BREAK
from estimator.labels.quality import EXTRAPOLATED
from estimator.retrieval.formats import FAISS_GRAPH_SLACK_BYTES, HNSWLIB_SLACK_BYTES, USEARCH_SLACK_BYTES
from estimator.retrieval.index import LIST_GROWTH
from estimator.retrieval.nodes import MEMORY_HEADROOM
from estimator.training.pretraining import EFFECTIVE_SHARE, TOKENS_PER_PARAMETER
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
    "retrieval.list_growth": LIST_GROWTH,
    "retrieval.hnswlib_slack": HNSWLIB_SLACK_BYTES,
    "retrieval.faiss_graph_slack": FAISS_GRAPH_SLACK_BYTES,
    "retrieval.usearch_slack": USEARCH_SLACK_BYTES,
    "decision.quality_odds": QUALITY_ODDS,
    "decision.fast_facts": FAST_FACTS,
    "decision.scarce_labels": SCARCE_LABELS,
    "decision.knowledge_heavy": KNOWLEDGE_HEAVY,
    "decision.low_volume": LOW_VOLUME,
    "decision.upkeep_heavy": UPKEEP_HEAVY,
    "decision.budget_odds": BUDGET_ODDS,
    "decision.unsure_odds": UNSURE,
    "decision.named_odds": WORTH_NAMING,
    "decision.old_days": OLD_DAYS,
    "decision.drives": DRIVES,
    "decision.wide_ratio": WIDE,
    "decision.extrapolated_ratio": EXTRAPOLATED,
    "training.effective_share": EFFECTIVE_SHARE,
    "training.tokens_per_parameter": TOKENS_PER_PARAMETER,
}


@pytest.mark.parametrize("row_id", HOMES)
def test_constant_is_its_row(row_id: str) -> None:
    assert load_catalog().constant(row_id).mode == HOMES[row_id]
