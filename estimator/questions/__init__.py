"""Single questions: what does a labelling project cost, what are labels worth, when to retrain, how sure is it?

Each takes the same road as `estimate`: a scenario, resolved inputs, the doors of the rooms.
"""

from estimator.questions.breakeven import Axis, BreakEvenCurve, BreakEvenGrid, breakeven, grid_of
from estimator.questions.loads import serving_of
from estimator.questions.portfolio import Member, Portfolio, portfolio
from estimator.questions.precise import PreciseEstimate, estimate_precisely, precision_of_estimate
from estimator.questions.project import EvaluationNeed, LabellingProject, labelling_project
from estimator.questions.sensitivity import METHODS, Sensitivity, sensitivity, sensitivity_of
from estimator.questions.sharing import Saving
from estimator.questions.simulate import Simulation, simulate, simulation_of
from estimator.questions.studies import Answers, RetrainStudy, learn, retrain
from estimator.questions.turning import FlipPoints, flip_points, nearest_flips, with_flips
from estimator.questions.votes import Votes, votes_of

__all__ = [
    "METHODS",
    "Answers",
    "Axis",
    "BreakEvenCurve",
    "BreakEvenGrid",
    "EvaluationNeed",
    "FlipPoints",
    "LabellingProject",
    "Member",
    "Portfolio",
    "PreciseEstimate",
    "RetrainStudy",
    "Saving",
    "Sensitivity",
    "Simulation",
    "Votes",
    "breakeven",
    "estimate_precisely",
    "flip_points",
    "grid_of",
    "labelling_project",
    "learn",
    "nearest_flips",
    "portfolio",
    "precision_of_estimate",
    "retrain",
    "sensitivity",
    "sensitivity_of",
    "serving_of",
    "simulate",
    "simulation_of",
    "votes_of",
    "with_flips",
]
