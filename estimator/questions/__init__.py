"""Single questions: what does a labelling project cost, what are labels worth, when to retrain, how many draws?

Each takes the same road as `estimate`: a scenario, resolved inputs, the doors of the rooms.
"""

from estimator.questions.portfolio import Member, Portfolio, portfolio
from estimator.questions.precise import PreciseEstimate, estimate_precisely, precision_of_estimate
from estimator.questions.project import EvaluationNeed, LabellingProject, labelling_project
from estimator.questions.sharing import Saving
from estimator.questions.studies import Answers, RetrainStudy, learn, retrain
from estimator.questions.votes import Votes, votes_of

__all__ = [
    "Answers",
    "EvaluationNeed",
    "LabellingProject",
    "Member",
    "Portfolio",
    "PreciseEstimate",
    "RetrainStudy",
    "Saving",
    "Votes",
    "estimate_precisely",
    "labelling_project",
    "learn",
    "portfolio",
    "precision_of_estimate",
    "retrain",
    "votes_of",
]
