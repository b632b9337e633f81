"""So, is it worth it? Standings, odds, drivers, rules and the verdict in plain words."""

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
from estimator.decision.standing import Standing, standings
from estimator.decision.verdict import Verdict, verdict

__all__ = [
    "PERCENTILES",
    "Band",
    "BreakEvenVolume",
    "Decision",
    "Driver",
    "Gain",
    "Outcome",
    "Reason",
    "Spending",
    "Standing",
    "TaskFacts",
    "Verdict",
    "band",
    "best_option",
    "decide",
    "drivers",
    "expected_regret",
    "explained_share",
    "gain_of",
    "gains_of",
    "incremental_flow",
    "net_flow",
    "probability_best",
    "rules",
    "spending_of",
    "standings",
    "value_of_knowing",
    "value_of_perfect_information",
    "verdict",
    "volume_of",
]
