"""What the rooms said about one option, gathered for the ledger."""

from estimator.inputs import OptionInputs
from estimator.labels import Data, judge_usd_per_hour_of
from estimator.record import record
from estimator.retrieval import RetrievalBill
from estimator.serving import Answer, Request
from estimator.training import Sizing
from estimator.units import MINUTES_PER_HOUR, Array, Value
from estimator.upkeep import Monitoring, Upkeep


@record(kw_only=True)
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
    monitoring: Monitoring


@record(kw_only=True)
class Retraining:
    """Cost of one retraining."""

    labels: Value
    compute: Value
    evaluation: Value
    release: Value

    @property
    def parts(self) -> dict[str, Value]:
        """Cost by what it is spent on. [USD]"""
        return {
            "labels": self.labels,
            "compute": self.compute,
            "evaluation": self.evaluation,
            "release": self.release,
        }

    @property
    def total(self) -> Value:
        """Sum of the parts. [USD]"""
        return self.labels + self.compute + self.evaluation + self.release


def evaluation_set_of(option: OptionInputs) -> tuple[Value, Value]:
    """Items of the evaluation set and what labelling one of them costs.

    Args:
        option: Inputs of the option.

    Returns:
        Items and price. [count, USD/label]

    Source: definition.
    """
    key = "tuning.evaluation_labels" if option.spec.tuning is not None else "task.evaluation_labels"
    usd = option["tuning.annotation.minutes"] / MINUTES_PER_HOUR * judge_usd_per_hour_of(option)
    return option[key], usd


def retraining_of(option: OptionInputs, *, data: Data | None, sizing: Sizing | None) -> Retraining | None:
    """Cost of one retraining of an option; None where nothing is tuned.

    Args:
        option: Inputs of the option.
        data: Its labels.
        sizing: Its training run.

    Returns:
        Labels refreshed, one run, the refreshed share of the evaluation set, release labour. [USD]

    Source: definition.
    """
    if data is None or sizing is None:
        return None
    items, usd = evaluation_set_of(option)
    refreshed = option["upkeep.refresh_labels"]
    return Retraining(
        labels=refreshed * (data.labels * data.usd_per_label + data.synthetic * data.synthetic_usd),
        compute=sizing.usd_per_run,
        evaluation=refreshed * items * usd,
        release=option["upkeep.release_hours"] * option.price("labour/ml_engineer"),
    )
