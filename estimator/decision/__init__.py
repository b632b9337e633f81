"""So, is it worth it? Standings, odds, drivers, rules and the verdict in plain words."""

from estimator.decision.answer import Answer
from estimator.decision.arguments import Argument
from estimator.decision.cashflow import (
    BreakEvenVolume,
    Gain,
    Spending,
    gain_of,
    gains_of,
    incremental_flow,
    net_flow,
    spending_of,
    volume_of,
)
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
from estimator.decision.outcome import PERCENTILES, Band, Outcome, band, percentiles
from estimator.decision.ownership import Ownership, ownership
from estimator.decision.precision import (
    Precision,
    precise_enough,
    precision_of,
    share_standard_error,
    standard_error,
)
from estimator.decision.rules import Reason, TaskFacts, rules
from estimator.decision.standing import Blocker, Standing, standings
from estimator.decision.verdict import Verdict, verdict

__all__ = [
    "PERCENTILES",
    "Answer",
    "Argument",
    "Band",
    "Blocker",
    "BreakEvenVolume",
    "Check",
    "Decision",
    "Demands",
    "Driver",
    "Gain",
    "OptionFacts",
    "Outcome",
    "Ownership",
    "Precision",
    "Processor",
    "Reason",
    "Spending",
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
    "gain_of",
    "gains_of",
    "incremental_flow",
    "net_flow",
    "ownership",
    "percentiles",
    "precise_enough",
    "precision_of",
    "probability_best",
    "rules",
    "share_standard_error",
    "spending_of",
    "standard_error",
    "standings",
    "value_of_knowing",
    "value_of_perfect_information",
    "verdict",
    "volume_of",
]
