"""From the clock of an option to the calendar of the scenario: launch, moving prices, real money, capex and opex."""

from collections.abc import Callable, Container, Sequence
from dataclasses import field, replace
from fnmatch import fnmatchcase
from functools import cache

import numpy as np

from estimator.errors import UnknownNameError
from estimator.inputs import ESCALATION, OptionInputs
from estimator.record import record
from estimator.scenario import Scenario
from estimator.tco.escalation import deflator, price_index, real_rate
from estimator.tco.formulas import FORMULAS
from estimator.tco.ledger import CATEGORIES, Ledger, Line, Treatment
from estimator.units import Array, Value

_LABOUR = (
    "data.gathering",
    "data.labelling",
    "data.redaction",
    "data.review",
    "data.adjudication",
    "data.guidelines",
    "data.training",
    "build.*",
    "inference.switching",
    "operations.*",
    "evaluation.set",
    "evaluation.retrieval",
    "evaluation.checks",
    "evaluation.on_call",
    "retraining.labels",
    "retraining.evaluation",
    "retraining.release",
    "migration.forced",
    "migration.evaluation",
    "quality.escalations",
)


@cache
def _is_labour(key: str) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in _LABOUR)


GROUPS: dict[str, Callable[[Line], bool]] = {
    "labour": lambda line: _is_labour(line.key),
    "gpu": lambda line: line.unit == "replica-hour",
    "value": lambda line: line.key.startswith("value."),
}
"""Names for lines of several categories whose prices move together."""
DEFAULTS = ("labour", "gpu")
"""Groups whose escalation has a default row. The rest keeps the price of today unless the scenario says more."""
CAPITALISED = ("build", "data", "training", "evaluation.set", "evaluation.retrieval")
"""What creates the asset, and testing it before launch: the development stage of ASC 350-40 and IAS 38."""


RETRIEVAL_ITEMS = (
    "build",
    "evaluation",
    "operations",
    "context",
    "corpus",
    "refresh",
    "reembed",
    "own_models",
    "index_build",
    "index",
    "disk",
    "rebuild",
    "reindex",
    "rewrite",
    "question",
    "rerank",
    "store_load",
    "store_writes",
    "store_reads",
    "store_dimensions",
    "store_storage",
    "store_capacity",
    "store_units",
    "store_indexing",
    "store_cluster",
    "store_minimum",
)
"""Names of the items of a retrieval bill, each of which is a line."""


def check_names(scenario: Scenario) -> None:
    """Refuse names of costs that no line has.

    Args:
        scenario: What the user wrote in `escalation` and `capitalise`. [text]

    Raises:
        UnknownNameError: a name is no category, group or line; the nearest ones are offered.

    Source: the keys of `formulas.py`.
    """
    known = (*CATEGORIES, *GROUPS, *FORMULAS, *(f"retrieval.{item}" for item in RETRIEVAL_ITEMS))
    for key, names in (("escalation", scenario.escalation), ("capitalise", scenario.capitalise or ())):
        for name in names:
            if name not in known:
                hint = f"give a category ({', '.join(CATEGORIES)}), a group ({', '.join(GROUPS)}) or the key of a line"
                raise UnknownNameError(f"cost in {key}", name, known, hint)


def on_calendar(ledger: Ledger, option: OptionInputs) -> Ledger:
    """Lines of an option as they fall due on the calendar of the scenario, in its money.

    Args:
        ledger: Lines on the option's own clock, at today's prices: month 1 is its first live month. [USD]
        option: When it launches, how prices move, what is capitalised.

    Returns:
        The same lines over the whole horizon; money before launch stays in month 0. [USD]

    Source: `price_index`, `deflator`, `real_rate`.
    """
    scenario = option.scenario
    moved = _Moved(option.launch)
    prices = _Prices(option)
    owned = option.spec.serving is not None and option.spec.serving.owned is not None
    lines = tuple(
        replace(
            line,
            times=moved(line.times),
            index=prices(line),
            treatment=treatment_of(line, capitalised=scenario.capitalise, owned=owned),
        )
        for line in ledger.lines
    )
    rate = ledger.annual_rate
    if scenario.money == "real":
        rate = real_rate(nominal_rate=rate, inflation=option["inflation"])
    return Ledger(lines, scenario.horizon, rate)


def escalation_of(line: Line, *, given: Container[str]) -> str:
    """Whose escalation a line follows: that of the most exact name that is given, line before group before category.

    Args:
        line: The line. [USD]
        given: Names of costs that the scenario escalates. [text]

    Returns:
        Name behind `escalation.`; empty where the price stays. [text]

    Source: definition.
    """
    exact = next((name for name in (line.key, *GROUPS, line.category) if name in given and _covers(name, line)), "")
    return exact or next((name for name in DEFAULTS if GROUPS[name](line)), "")


def treatment_of(line: Line, *, capitalised: Sequence[str] | None, owned: bool) -> Treatment:
    """Whether the books capitalise a line or expense it.

    Args:
        line: The line. [USD]
        capitalised: Categories, groups or lines that the user capitalises; the default rule where None.
        owned: Whether answers are computed on GPUs that are bought.

    Returns:
        capex or opex. [text]

    Source: ASC 350-40 and IAS 38 (development is capitalised, use and maintenance are expensed); IAS 16 (devices).
    """
    if capitalised is not None:
        return "capex" if any(_covers(name, line) for name in capitalised) else "opex"
    if owned and line.key == "inference.gpu":
        return "capex"
    return "capex" if any(_covers(name, line) for name in CAPITALISED) else "opex"


def delayed(*, times: Array, months: int) -> Array:
    """Quantities whose months come later; what falls before launch stays where it is.

    Args:
        times: Shape (1 or n, months + 1). [unit]
        months: Months of delay. [month]

    Returns:
        Shape (1 or n, months + 1 + delay). [unit]

    Source: definition.

    >>> delayed(times=np.array([[5.0, 1.0, 2.0]]), months=2).tolist()
    [[5.0, 0.0, 0.0, 1.0, 2.0]]
    """
    if months == 0:
        return times
    return np.concatenate((times[:, :1], np.zeros((times.shape[0], months)), times[:, 1:]), axis=1)


def _covers(name: str, line: Line) -> bool:
    return name in {line.key, line.category} if name not in GROUPS else GROUPS[name](line)


class _Moved:
    """Delays quantities; lines that shared an array share its copy."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.done: dict[int, tuple[Array, Array]] = {}

    def __call__(self, times: Array) -> Array:
        if id(times) not in self.done:
            self.done[id(times)] = times, delayed(times=times, months=self.months)
        return self.done[id(times)][1]


@record(slots=False)
class _Prices:
    """Price index of each line: that of the most exact name the user gave, deflated where money is real."""

    option: OptionInputs
    done: dict[str, Array | None] = field(default_factory=dict)

    def __call__(self, line: Line) -> Array | None:
        name = escalation_of(line, given=self.option.scenario.escalation)
        if name not in self.done:
            self.done[name] = self._index(self.option[f"{ESCALATION}{name}"] if name else 0.0)
        return self.done[name]

    def _index(self, rate: Value) -> Array | None:
        scenario, elapsed = self.option.scenario, self.option.world.elapsed
        months = elapsed + scenario.horizon
        inflation = self.option["inflation"] if scenario.money == "real" else 0.0
        index = price_index(annual_rate=rate, months=months) if np.any(np.asarray(rate) != 0) else None
        if np.any(np.asarray(inflation) != 0):
            real = deflator(inflation=inflation, months=months)
            index = real if index is None else index * real
        return None if index is None else index[:, elapsed:]
