"""So, is it worth it? Standings, odds, drivers, rules and the verdict in plain words."""

from estimator.decision.decide import Decision, decide
from estimator.decision.drivers import Driver, drivers
from estimator.decision.odds import (
    best_option,
    expected_regret,
    explained_share,
    probability_best,
    value_of_knowing,
    value_of_perfect_information,
)
from estimator.decision.outcome import PERCENTILES, Band, Outcome, band
from estimator.decision.rules import Reason, TaskFacts, rules
from estimator.decision.staging import Leg, Play, play
from estimator.decision.standing import Standing, standings
from estimator.decision.verdict import Verdict, verdict
from estimator.decision.waiting import Advice, StagedPlan, Step, best_threshold, staged_plan

__all__ = [
    "PERCENTILES",
    "Advice",
    "Band",
    "Decision",
    "Driver",
    "Leg",
    "Outcome",
    "Play",
    "Reason",
    "StagedPlan",
    "Standing",
    "Step",
    "TaskFacts",
    "Verdict",
    "band",
    "best_option",
    "best_threshold",
    "decide",
    "drivers",
    "expected_regret",
    "explained_share",
    "play",
    "probability_best",
    "rules",
    "staged_plan",
    "standings",
    "value_of_knowing",
    "value_of_perfect_information",
    "verdict",
]
