"""Single questions about data and upkeep: what does a labelling project cost, what are labels worth, when to retrain?

Each takes the same road as `estimate`: a scenario, resolved inputs, the doors of the rooms.
"""

from estimator.questions.portfolio import Member, Portfolio, portfolio
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
    "RetrainStudy",
    "Saving",
    "Votes",
    "labelling_project",
    "learn",
    "portfolio",
    "retrain",
    "votes_of",
]
