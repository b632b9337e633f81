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
from estimator.decision.answer import Answer
from estimator.decision.arguments import Argument
from estimator.decision.brackets import Change
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
from estimator.decision.flips import (
    Distance,
    Map,
    choice_changes,
    choice_changes_of,
    distances,
    sign_changes,
    winner_map,
)
from estimator.decision.information import Worth, perfect_information, value_of_knowing, value_of_knowing_together
from estimator.decision.joining import condensed_outcome, held_outcome, joined_outcome, joined_play
from estimator.decision.odds import (
    best_option,
    expected_regret,
    explained_share,
    probability_best,
    value_of_perfect_information,
)
from estimator.decision.outcome import PERCENTILES, Band, Outcome, band, percentiles
from estimator.decision.ownership import Ownership, ownership
from estimator.decision.pilot import Pilot, best_pilot, measured_quality, value_of_pilot
from estimator.decision.precision import (
    Precision,
    precise_enough,
    precision_of,
    share_standard_error,
    standard_error,
)
from estimator.decision.rules import Reason, TaskFacts, rules
from estimator.decision.smoothing import conditional_mean
from estimator.decision.spread import Bar, Sobol, sobol, sobol_design, sobol_indices, sobol_intervals, tornado
from estimator.decision.staging import Leg, Play, play
from estimator.decision.standing import Blocker, Standing, standings
from estimator.decision.turns import NOTHING, TUNING, UNTUNED, Flip, Question, Turns, flips_of
from estimator.decision.verdict import Verdict, verdict
from estimator.decision.waiting import Advice, Played, StagedPlan, Step, best_threshold, plan_of, played

__all__ = [
    "NOTHING",
    "PERCENTILES",
    "TUNING",
    "UNTUNED",
    "Acceptability",
    "Advice",
    "Answer",
    "Argument",
    "Band",
    "Bar",
    "Blocker",
    "BreakEvenVolume",
    "Change",
    "Check",
    "Decision",
    "Demands",
    "Distance",
    "Driver",
    "Flip",
    "Gain",
    "Leg",
    "Map",
    "OptionFacts",
    "Outcome",
    "Ownership",
    "Pilot",
    "Play",
    "Played",
    "Precision",
    "Processor",
    "Question",
    "Ratio",
    "Reason",
    "Sobol",
    "Spending",
    "StagedPlan",
    "Standing",
    "Step",
    "TaskFacts",
    "Turns",
    "Verdict",
    "Worth",
    "acceptability",
    "band",
    "best_option",
    "best_pilot",
    "best_threshold",
    "checks",
    "choice_changes",
    "choice_changes_of",
    "condensed_outcome",
    "conditional_mean",
    "cost_effectiveness_plane",
    "decide",
    "distances",
    "drivers",
    "expected_regret",
    "explained_share",
    "flips_of",
    "gain_of",
    "gains_of",
    "held_outcome",
    "incremental_flow",
    "incremental_ratios",
    "joined_outcome",
    "joined_play",
    "measured_quality",
    "net_flow",
    "ownership",
    "percentiles",
    "perfect_information",
    "plan_of",
    "play",
    "played",
    "precise_enough",
    "precision_of",
    "probability_best",
    "rules",
    "share_standard_error",
    "sign_changes",
    "sobol",
    "sobol_design",
    "sobol_indices",
    "sobol_intervals",
    "spending_of",
    "standard_error",
    "standings",
    "tornado",
    "value_of_knowing",
    "value_of_knowing_together",
    "value_of_perfect_information",
    "value_of_pilot",
    "verdict",
    "volume_of",
    "winner_map",
]
