"""Uncertain inputs as factors that can be moved apart: inputs whose futures go together are one factor."""

from collections.abc import Mapping, Sequence

import numpy as np

from estimator.decision import conditional_mean
from estimator.errors import InputError
from estimator.inputs import Input
from estimator.record import record
from estimator.units import Array

TOGETHER = 0.1
"""Rank correlation from which two inputs count as one factor, for 10,000 futures; more where futures are few."""
CHANCE = 5.0
"""Standard errors by which a rank correlation must exceed what independent inputs show by chance."""
COPIES = 0.999
"""Rank correlation from which inputs are one figure written for several options."""
REST = "all others"
MINIMUM_DRAWS = 250
"""Futures that the regressions need. [count]"""


@record(slots=False)
class Factor:
    """Inputs that move together."""

    name: str
    inputs: tuple[Input, ...]

    @property
    def futures(self) -> Array:
        """Draws, shape (inputs, futures). [units of the inputs]"""
        return futures_of(self.inputs)

    def at(self, uniform: Array) -> Mapping[str, Array]:
        """Values by key at uniform points: one of the futures, in the order of the first input.

        Args:
            uniform: Points in [0, 1), shape (points,). [1]

        Returns:
            Values, each of shape (points,). [units of the inputs]
        """
        futures = self.futures
        place = np.minimum((uniform * futures.shape[1]).astype(int), futures.shape[1] - 1)
        chosen = np.argsort(futures[0], kind="stable")[place]
        return {item.key: row[chosen] for item, row in zip(self.inputs, futures, strict=True)}


def futures_of(inputs: Sequence[Input]) -> Array:
    """Draws of uncertain inputs without the central case, shape (inputs, futures). [units of the inputs]"""
    return np.stack([np.asarray(item.value, dtype=float)[1:] for item in inputs])


def uncertain(inputs: Sequence[Input]) -> tuple[Input, ...]:
    """Inputs whose futures differ."""
    return tuple(item for item in inputs if item.is_uncertain and float(np.ptp(np.asarray(item.value)[1:])) > 0)


def factors_of(inputs: Sequence[Input], *, together: float = TOGETHER) -> tuple[Factor, ...]:
    """Factors of the uncertain inputs: those with correlated futures are joined, the others stand alone.

    Args:
        inputs: Uncertain inputs, in order of interest: a factor is named after its first.
        together: Least absolute rank correlation of inputs that are one factor. [1]

    Returns:
        Factors in the order of their first inputs.
    """
    if not inputs:
        return ()
    futures = futures_of(inputs)
    ranks = futures.argsort(axis=1).argsort(axis=1)
    limit = min(max(together, CHANCE / np.sqrt(futures.shape[1])), COPIES)
    joined = np.abs(np.atleast_2d(np.corrcoef(ranks))) >= limit if len(inputs) > 1 else np.ones((1, 1), bool)
    left, found = list(range(len(inputs))), []
    while left:
        members = {left[0]}
        while (wider := members | {int(other) for one in members for other in np.flatnonzero(joined[one])}) != members:
            members = wider
        left = [place for place in left if place not in members]
        found.append(tuple(inputs[place] for place in sorted(members)))
    return tuple(Factor(_name(group), group) for group in found)


def _name(group: tuple[Input, ...]) -> str:
    """The key of the first; of copies of one figure the part that they share."""
    tails = {item.key.split(".", 2)[2] if item.key.startswith("options.") else item.key for item in group}
    if len(tails) == 1:
        return tails.pop() if len(group) > 1 else group[0].key
    more = len(tails) - 1
    return f"{group[0].key} and {more} more"


def explained(*, outcome: Array, inputs: Sequence[Input]) -> Array:
    """Var(E[outcome | x]) / Var(outcome) of each input, by the regression that EVPPI uses; zero where all is certain.

    Args:
        outcome: Futures of a result, shape (futures,). [USD]
        inputs: Uncertain inputs.

    Returns:
        Share of the variance, shape (inputs,). [1]
    """
    variance = float(outcome.var())
    if not variance > 0 or not inputs:
        return np.zeros(len(inputs))
    fitted = [conditional_mean(outcomes=outcome[None, :], values=row[None, :])[0].var() for row in futures_of(inputs)]
    return np.minimum(np.array(fitted) / variance, 1.0)


def by_theme(inputs: Sequence[Input]) -> dict[str, tuple[Input, ...]]:
    """Inputs by what they are about, in a fixed order of themes; themes without inputs are left out."""
    found: dict[str, list[Input]] = {name: [] for name in THEMES}
    for item in inputs:
        found[theme_of(item)].append(item)
    return {name: tuple(group) for name, group in found.items() if group}


THEMES = ("volume", "worth of answers", "quality", "labour", "price", "operation")
_WORTH = ("task.value_per_success", "task.cost_per_error", "task.escalation")
_LABOUR = ("labour/", "rate/", "labeller/")
_QUALITY = ("task.", "model.start_error", "model.forgetting", "quality", "start_error")
_QUALITY_WORDS = (
    *("gain", "recall", "context_use", "penalty", "interaction", "forgetting", "knowledge_learned", "drift", "loss"),
    *("unknown_fact_errors", "jumps", "synthetic_value", "off_task", "style", "error_floor", "accuracy", "systematic"),
)


def theme_of(item: Input) -> str:
    """What an input is about: one of `THEMES`."""
    key = item.key.split(".", 2)[2] if item.key.startswith("options.") else item.key
    if key.startswith("workload."):
        return "volume"
    if key.startswith(_WORTH):
        return "worth of answers"
    if any(word in key for word in _QUALITY_WORDS) or (key.startswith(_QUALITY) and "evaluation" not in key):
        return "quality"
    worked = item.unit.split("/")[0] in {"hours", "minutes", "weeks"} and not key.startswith(("gpu/", "tuning.startup"))
    if key.startswith(_LABOUR) or worked or ".annotation." in key or ".collection." in key:
        return "labour"
    return "price" if item.unit.startswith("USD") else "operation"


def require_futures(draws: int) -> None:
    """Regression needs futures.

    Raises:
        InputError: there are too few.
    """
    if draws < MINIMUM_DRAWS:
        raise InputError(
            f"draws: {draws} is below {MINIMUM_DRAWS}, too few to tell inputs apart; 10000 is a good number"
        )
