"""When a hosted model or its platform ends, and what it means for an option."""

from datetime import date

import numpy as np

from estimator.catalog import Row
from estimator.inputs import OptionInputs
from estimator.record import record
from estimator.units import DAYS_PER_MONTH, MONTHS_PER_YEAR, Array, Value
from estimator.upkeep.migration import forced_migrations
from estimator.upkeep.path import per_month
from estimator.warnings import Warned


@record(kw_only=True)
class Mortality:
    """Forced moves of an option and the time in which its platform takes no training jobs."""

    migrations: Array
    """Forced moves per month, shape (1 or n, months). [count]"""
    retires_on: date | None
    closed_from: float
    """From here on the platform takes no training job; inf where it stays open or no day is known. [month]"""
    moves_at: float
    """Known time of the first forced move; inf where none is known. [month]"""
    warnings: tuple[Warned, ...]


def mortality_of(option: OptionInputs) -> Mortality:
    """Known ends first, else a lifetime distribution; own weights never die.

    A hosted model ends on its announced day; a tuned model of a platform ends with its base, or when the platform stops
    serving. Training ends on the platform's own day, from which on nothing can be retrained there until the move.

    Args:
        option: Inputs of the option.

    Returns:
        Forced moves and closure. [month]

    Source: `forced_migrations`; retirement and platform rows of the catalog.
    """
    months = option.months
    managed = option.spec.tuning is not None and option.spec.tuning.method == "managed"
    if option.token_price is None and not managed:
        return _result(np.zeros((1, months)))
    life = option["upkeep.model_life_months"]
    written = option.given("upkeep.model_life_months") is not None
    dies = option.token_price.retires_on if option.token_price is not None and not written else None
    training_ends, serving_ends = _platform(option) if managed else (None, None)
    known = [day for day in (dies, serving_ends) if day is not None]
    if not known:
        first = np.minimum(life, _closure(option)) if managed else life
        moves = forced_migrations(remaining_life_months=first, lifetime_months=life, months=months)
        return _result(moves, closed_from=_months(option, training_ends), texts=_training_text(option, training_ends))
    end = min(known)
    left = _months(option, end)
    moves = forced_migrations(remaining_life_months=left, lifetime_months=life, months=months)
    texts = _end_text(option, end, left) + _training_text(option, training_ends)
    return _result(
        moves, retires_on=end, closed_from=min(_months(option, training_ends), left), moves_at=left, texts=texts
    )


def embedding_ends_of(option: OptionInputs) -> Array | None:
    """When the embedding model of an option is shut down on a known day of the horizon: everything is embedded again.

    Args:
        option: Inputs of the option.

    Returns:
        Re-embeddings per month, shape (1, months); None where no day is known or it lies outside. [count]

    Source: retirement rows of the catalog.
    """
    retrieval = option.spec.retrieval
    day = option.world.catalog.retires_on(retrieval.embedding) if retrieval is not None else None
    left = _months(option, day)
    if left >= option.months:
        return None
    return per_month(times=np.array([left]), months=option.months)


def embedding_end_text(option: OptionInputs) -> tuple[Warned, ...]:
    """What to say about a known end of the embedding model within the horizon.

    Args:
        option: Inputs of the option.

    Returns:
        One sentence, or none. [1]

    Source: retirement rows of the catalog.
    """
    retrieval = option.spec.retrieval
    day = option.world.catalog.retires_on(retrieval.embedding) if retrieval is not None else None
    left = _months(option, day)
    if retrieval is None or left >= option.months:
        return ()
    when = _when(option, left)
    text = f"{retrieval.embedding} is shut down on {day}, {when}; embedding everything again is costed"
    return (Warned("W018", text),)


def closing_months(*, chance_per_year: Value, uniform: Value) -> Value:
    """Time until a platform closes at a constant chance: −ln(u)/λ · 12.

    Args:
        chance_per_year: λ. [1/year]
        uniform: u, uniform on (0, 1); ½ is the median. [1]

    Returns:
        Months; `inf` where the chance is 0. [month]

    Source: exponential lifetime.

    >>> round(float(closing_months(chance_per_year=0.1, uniform=0.5)), 1)
    83.2
    """
    chance = np.asarray(chance_per_year, dtype=float)
    wait: Value = np.where(chance > 0, -np.log(uniform) / np.where(chance > 0, chance, 1.0) * MONTHS_PER_YEAR, np.inf)
    return wait


def _closure(option: OptionInputs) -> Value:
    """Time until the platform closes, future by future; the median in the central case."""
    uniform = option.world.chance("upkeep.platform_closure")
    return closing_months(chance_per_year=option["upkeep.platform_closure"], uniform=uniform)


def _platform(option: OptionInputs) -> tuple[date | None, date | None]:
    """Last days on which the platform trains and serves, as written or as announced."""
    upkeep = option.spec.upkeep
    if upkeep is not None and upkeep.platform_closes is not None:
        return upkeep.platform_closes, upkeep.platform_closes
    catalog, on = option.world.catalog, option.world.on
    rows: list[Row | None] = [catalog.find(f"managed/{option.model}/{kind}", on) for kind in ("train", "input")]
    training, serving = (row.available_until if row is not None else None for row in rows)
    return training, serving


def _months(option: OptionInputs, day: date | None) -> float:
    return np.inf if day is None else max(0.0, (day - option.scenario.start).days / DAYS_PER_MONTH - option.launch)


def _when(option: OptionInputs, left: float) -> str:
    return "before launch" if left == 0 else f"in month {int(left) + 1 + option.launch} of the horizon"


def _end_text(option: OptionInputs, end: date, left: float) -> tuple[Warned, ...]:
    if left >= option.months:
        return ()
    text = f"{option.model} is shut down on {end}, {_when(option, left)}; a forced migration is costed"
    return (Warned("W005", text),)


def _training_text(option: OptionInputs, day: date | None) -> tuple[Warned, ...]:
    left = _months(option, day)
    if left >= option.months:
        return ()
    text = f"training of {option.model} on its platform ends on {day}, {_when(option, left)}: it cannot be retrained "
    return (Warned("W006", f"{text}there after that day"),)


def _result(
    migrations: Array,
    *,
    retires_on: date | None = None,
    closed_from: float = np.inf,
    moves_at: float = np.inf,
    texts: tuple[Warned, ...] = (),
) -> Mortality:
    return Mortality(
        migrations=migrations, retires_on=retires_on, closed_from=closed_from, moves_at=moves_at, warnings=texts
    )
