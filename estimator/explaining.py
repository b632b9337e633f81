"""Where does a number come from, and what does it move? The provenance of one result, key by key."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from estimator.catalog import Catalog, Row, load_catalog
from estimator.decision import Band, band
from estimator.errors import EstimatorError, UnknownNameError
from estimator.inputs import ESCALATION, Input
from estimator.pipeline import DRAWS, estimate
from estimator.record import record
from estimator.results import Estimate
from estimator.scenario import Scenario
from estimator.scenario.reference import reference
from estimator.tco import Formula, Line, escalation_of, formula_of
from estimator.units import Array, central

STEP = 0.1
"""How far a certain value is moved either way. [1]"""
SMALLEST_MOVE = 1e-9
"""Relative change below which a line has not moved. [1]"""
SHARED_PRICES = ("gpu/", "token/")
"""Starts of the keys of prices that lines of the same formula share."""
FEW = 1
"""Draws of a run whose central case alone is read. [count]"""


@record(kw_only=True)
class Amount:
    """One ledger line of one option: quantity × unit price = amount."""

    option: str
    key: str
    label: str
    category: str
    unit: str
    quantity: float
    """In the central case, over the horizon. [unit]"""
    unit_usd: float
    usd: Band
    """Undiscounted. [USD]"""


@record(kw_only=True)
class Move:
    """What a line costs with the input low, as it is, and high, in the central case."""

    option: str
    key: str
    label: str
    low_usd: float | None
    """None where the option cannot be carried out with that value."""
    usd: float
    high_usd: float | None


@record(kw_only=True)
class InputStory:
    """One input: its value, where it comes from, where its default stands, what it moves."""

    item: Input
    table: str
    """File of rows that holds its value or its default; empty where there is none."""
    default: Row | None
    """Row that would stand where the user says nothing."""
    low: float
    high: float
    """Values between which it was moved."""
    moves: tuple[Move, ...]
    note: str
    """Why it was not moved, or moves nothing; else empty."""


@record(kw_only=True)
class LineStory:
    """One ledger line: its formula, its amount per option, its inputs."""

    key: str
    formula: Formula
    amounts: tuple[Amount, ...]
    inputs: tuple[Input, ...]


@record(kw_only=True)
class Explanation:
    """The answer to one question: a list of all keys, or the story of those that were asked for."""

    estimate: Estimate
    key: str | None
    options: tuple[str, ...]
    """Options that are shown."""
    keys: tuple[Input, ...]
    """Every input and constant of those options."""
    amounts: tuple[Amount, ...]
    """Every ledger line of those options."""
    inputs: tuple[InputStory, ...] = ()
    lines: tuple[LineStory, ...] = ()


def explain(
    scenario: Scenario,
    *,
    key: str | None = None,
    option: str | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> Explanation:
    """Formula, inputs and sources of what an estimate holds.

    Args:
        scenario: What the user asks.
        key: An input, a price row, a constant or a ledger line; all of them are listed where not given.
        option: The one option that is shown; all where not given.
        draws: Futures of the estimate. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.

    Returns:
        Keys with their provenance, or the story of one key.

    Raises:
        EstimatorError: no such key or option, or an input cannot be used.

    Source: an input is moved to the ends of its range, or 10 % either way, and the whole estimate is run again.
    """
    world = catalog or load_catalog()
    result = estimate(scenario, draws=draws, seed=seed, catalog=world, on=on)
    if option is not None and option not in result.options:
        raise UnknownNameError("option", option, result.options, f"choose among {', '.join(result.options)}")
    names = (option,) if option is not None else tuple(result.options)
    keys = tuple(item for item in (*result.inputs, *result.constants) if _belongs(item.key, names))
    amounts = tuple(amount for name in names for amount in _amounts(result, name))
    if key is None:
        return Explanation(estimate=result, key=None, options=names, keys=keys, amounts=amounts)
    asked = [item for item in keys if key in {item.key, plain_key(item.key)}]
    lines = tuple(amount for amount in amounts if amount.key == key)
    if not asked and not lines:
        known = [*(plain_key(item.key) for item in keys), *(item.key for item in keys), *(a.key for a in amounts)]
        raise UnknownNameError("key", key, known, "estimator explain FILE lists all keys")
    base = estimate(scenario, draws=FEW, seed=seed, catalog=world, on=on)
    return Explanation(
        estimate=result,
        key=key,
        options=names,
        keys=keys,
        amounts=amounts,
        inputs=tuple(_input_story(item, base, world, names) for item in asked),
        lines=(_line_story(key, lines, keys, base, world),) if lines else (),
    )


def plain_key(key: str) -> str:
    """An input's key without the name of its option.

    >>> plain_key("options.lora.tuning.labels"), plain_key("task.classes")
    ('tuning.labels', 'task.classes')
    """
    return key.split(".", 2)[2] if key.startswith("options.") else key


def _belongs(key: str, options: tuple[str, ...]) -> bool:
    return not key.startswith("options.") or key.split(".", 2)[1] in options


def _amounts(result: Estimate, name: str) -> list[Amount]:
    size = result.options[name].outcome.size
    return [
        Amount(
            option=name,
            key=line.key,
            label=line.label,
            category=line.category,
            unit=line.unit,
            quantity=float(line.quantity[0].sum()),
            unit_usd=central(line.unit_usd),
            usd=band(_wide(line, size)),
        )
        for line in _lines(result, name)
    ]


def _lines(result: Estimate, name: str) -> tuple[Line, ...]:
    outcome = result.options[name].outcome
    return (*outcome.costs.lines, *outcome.benefits.lines)


def _line_story(
    key: str, amounts: tuple[Amount, ...], keys: tuple[Input, ...], base: Estimate, catalog: Catalog
) -> LineStory:
    """A line with its inputs; of the prices, which many lines share, only those that move it where any does."""
    formula = formula_of(key)
    line = next(line for name in base.options for line in _lines(base, name) if line.key == key)
    name = escalation_of(line, given=base.scenario.escalation) if line.nature == "recurring" else ""
    moving = f"{ESCALATION}{name}"
    used = tuple(item for item in keys if formula.uses(plain_key(item.key)) or item.key == moving)
    names = tuple(amount.option for amount in amounts)
    prices = [item for item in used if item.key.startswith(SHARED_PRICES)]
    idle = {item.key for item in prices if key not in _moved(base, item, catalog, names)}
    if len(idle) == len(prices):
        idle = set()
    kept = tuple(item for item in used if item.key not in idle)
    return LineStory(key=key, formula=formula, amounts=amounts, inputs=kept)


def _moved(base: Estimate, item: Input, catalog: Catalog, names: tuple[str, ...]) -> set[str]:
    return {move.key for move in _moves(base, item.key, _ends(item), catalog, names)}


def _input_story(item: Input, base: Estimate, catalog: Catalog, names: tuple[str, ...]) -> InputStory:
    default = catalog.default(plain_key(item.key), base.scenario.task.kind, base.on)
    low, high = _ends(item)
    moves: tuple[Move, ...] = ()
    note = ""
    if item.key not in {known.key for known in base.inputs}:
        note = "a constant of the model or of its hardware; it is calibrated with the others and not moved alone"
    elif low == high:
        note = "its value is 0 without a range, so ten percent of it moves nothing"
    else:
        moves = _moves(base, item.key, (low, high), catalog, names)
        note = "" if moves else "no ledger line moves in the central case"
    return InputStory(
        item=item, table=_table(item, default, catalog), default=default, low=low, high=high, moves=moves, note=note
    )


def _ends(item: Input) -> tuple[float, float]:
    """The ends of a range; of a certain value ten percent either way, inside what its field allows."""
    if item.is_uncertain:
        return item.low, item.high
    low, high = sorted((item.central * (1.0 - STEP), item.central * (1.0 + STEP)))
    known = reference().get(plain_key(item.key))
    if known is None or known.limits is None:
        return low, high
    limits = known.limits
    least = limits.least if limits.least is not None else low
    return max(low, least), min(high, limits.most if limits.most is not None else high)


def _moves(
    base: Estimate, key: str, ends: tuple[float, float], catalog: Catalog, names: tuple[str, ...]
) -> tuple[Move, ...]:
    low, high = (_at(base, {key: value}, catalog) for value in ends)
    return tuple(move for name in names for move in _moves_of(base, low, high, name))


def _at(base: Estimate, pinned: Mapping[str, float], catalog: Catalog) -> Estimate | None:
    """The estimate with some inputs held elsewhere; None where that cannot be computed."""
    try:
        return estimate(base.scenario, draws=FEW, seed=base.seed, catalog=catalog, on=base.on, pinned=pinned)
    except EstimatorError:
        return None


def _moves_of(base: Estimate, low: Estimate | None, high: Estimate | None, name: str) -> list[Move]:
    now, below, above = _central(base, name) or {}, _central(low, name), _central(high, name)
    labels = {line.key: line.label for run in (high, low, base) if run is not None for line in _lines(run, name)}
    moves = [
        Move(
            option=name,
            key=key,
            label=label,
            low_usd=None if below is None else below.get(key, 0.0),
            usd=now.get(key, 0.0),
            high_usd=None if above is None else above.get(key, 0.0),
        )
        for key, label in labels.items()
    ]
    return [move for move in moves if _differs(move)]


def _central(run: Estimate | None, name: str) -> dict[str, float] | None:
    """Central amount by line; None where the option cannot be carried out."""
    if run is None or run.options[name].outcome.infeasible:
        return None
    return {line.key: float(line.total[0]) for line in _lines(run, name)}


def _differs(move: Move) -> bool:
    ends = (move.low_usd, move.high_usd)
    return any(end is None or abs(end - move.usd) > SMALLEST_MOVE * max(abs(move.usd), 1.0) for end in ends)


def _table(item: Input, default: Row | None, catalog: Catalog) -> str:
    """File of the rows in which a key, or its default, stands."""
    wanted = default.id if default is not None else item.key
    tables = (name for name in catalog.tables() if any(row.id == wanted for row in catalog.rows(name)))
    name = next(tables, "")
    return f"pricing/{name}.csv" if name else ""


def _wide(line: Line, size: int) -> Array:
    return np.broadcast_to(line.total, (size,))
