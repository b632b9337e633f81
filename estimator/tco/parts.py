"""What the rooms said about one option, gathered for the ledger."""

from dataclasses import dataclass

from estimator.inputs import OptionInputs
from estimator.labels import Data
from estimator.retrieval import RetrievalBill
from estimator.serving import Answer, Request
from estimator.training import Sizing
from estimator.units import Array, Value
from estimator.upkeep import Upkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the rooms said about one option."""

    option: OptionInputs
    request: Request
    requests: Array
    """Requests per month, shape (1 or n, months)."""
    asked: Array
    """The same with the empty month before launch, shape (1 or n, months + 1)."""
    right: Array
    """Correct answers per month, shape (1 or n, months + 1)."""
    wrong: Array
    """Wrong answers per month, shape (1 or n, months + 1)."""
    data: Data | None
    sizing: Sizing | None
    answer: Answer
    retrieval: RetrievalBill | None
    care: Upkeep
    retrain_usd: "Retraining | None"
    judge_usd_per_hour: Value
    """Pay of those who label evaluation sets and checks. [USD/hour]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraining:
    """Cost of one retraining."""

    labels: Value
    compute: Value
    release: Value

    @property
    def total(self) -> Value:
        """Sum of the parts. [USD]"""
        return self.labels + self.compute + self.release


def retraining_of(option: OptionInputs, *, data: Data | None, sizing: Sizing | None) -> Retraining | None:
    """Cost of one retraining of an option; None where nothing is tuned.

    Args:
        option: Inputs of the option.
        data: Its labels.
        sizing: Its training run.

    Returns:
        Labels refreshed, one run, release labour. [USD]

    Source: definition.
    """
    if data is None or sizing is None:
        return None
    return Retraining(
        labels=option["upkeep.refresh_labels"] * data.labels * data.usd_per_label,
        compute=sizing.usd_per_run,
        release=option["upkeep.release_hours"] * option.price("labour/ml_engineer"),
    )
