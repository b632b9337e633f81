"""So, is it worth it? Standings, odds, drivers, rules and the verdict in plain words."""

from estimator.decision.answer import Answer
from estimator.decision.arguments import Argument
from estimator.decision.constraints import Check, Demands, OptionFacts, Processor, checks
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
from estimator.decision.ownership import Ownership, ownership
from estimator.decision.rules import Reason, TaskFacts, rules
from estimator.decision.standing import Blocker, Standing, standings
from estimator.decision.verdict import Verdict, verdict

__all__ = [
    "PERCENTILES",
    "Answer",
    "Argument",
    "Band",
    "Blocker",
    "Check",
    "Decision",
    "Demands",
    "Driver",
    "OptionFacts",
    "Outcome",
    "Ownership",
    "Processor",
    "Reason",
    "Standing",
    "TaskFacts",
    "Verdict",
    "band",
    "best_option",
    "checks",
    "decide",
    "drivers",
    "expected_regret",
    "explained_share",
    "ownership",
    "probability_best",
    "rules",
    "standings",
    "value_of_knowing",
    "value_of_perfect_information",
    "verdict",
]
