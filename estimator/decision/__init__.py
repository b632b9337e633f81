"""So, is it worth it? Standings, odds, drivers, rules and the verdict in plain words.

What it is worth to know more is in `information` and `pilot`, what would change the choice in `flips`, `spread` and
`acceptability`, and whether the draws suffice in `precision`; all of these take arrays and nothing else.
"""

from estimator.decision.acceptability import (
    Acceptability,
    Ratio,
    acceptability,
    cost_effectiveness_plane,
    incremental_ratios,
)
from estimator.decision.decide import Decision, decide
from estimator.decision.drivers import Driver, drivers
from estimator.decision.flips import Change, Distance, Map, choice_changes, distances, sign_changes, winner_map
from estimator.decision.information import Worth, perfect_information, value_of_knowing, value_of_knowing_together
from estimator.decision.odds import (
    best_option,
    expected_regret,
    explained_share,
    probability_best,
    value_of_perfect_information,
)
from estimator.decision.outcome import PERCENTILES, Band, Outcome, band
from estimator.decision.pilot import Pilot, best_pilot, measured_quality, value_of_pilot
from estimator.decision.precision import Enough, Precision, enough, mean_standard_error, precision, share_standard_error
from estimator.decision.rules import Reason, TaskFacts, rules
from estimator.decision.smoothing import conditional_mean
from estimator.decision.spread import Bar, Sobol, sobol, sobol_design, sobol_indices, tornado
from estimator.decision.standing import Standing, standings
from estimator.decision.verdict import Verdict, verdict

__all__ = [
    "PERCENTILES",
    "Acceptability",
    "Band",
    "Bar",
    "Change",
    "Decision",
    "Distance",
    "Driver",
    "Enough",
    "Map",
    "Outcome",
    "Pilot",
    "Precision",
    "Ratio",
    "Reason",
    "Sobol",
    "Standing",
    "TaskFacts",
    "Verdict",
    "Worth",
    "acceptability",
    "band",
    "best_option",
    "best_pilot",
    "choice_changes",
    "conditional_mean",
    "cost_effectiveness_plane",
    "decide",
    "distances",
    "drivers",
    "enough",
    "expected_regret",
    "explained_share",
    "incremental_ratios",
    "mean_standard_error",
    "measured_quality",
    "perfect_information",
    "precision",
    "probability_best",
    "rules",
    "share_standard_error",
    "sign_changes",
    "sobol",
    "sobol_design",
    "sobol_indices",
    "standings",
    "tornado",
    "value_of_knowing",
    "value_of_knowing_together",
    "value_of_perfect_information",
    "value_of_pilot",
    "verdict",
    "winner_map",
]
