"""Which inputs does `correlations` name, and in which order do their futures come?"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from estimator.errors import InputError, UnknownNameError
from estimator.inputs.ordering import is_possible, ordering
from estimator.inputs.resolved import OptionInputs
from estimator.inputs.sampling import Ranks
from estimator.scenario.reference import reference

Pair = tuple[str, str]
_CENTRAL_ONLY = "usd_per_currency_unit"


def ranks_of(options: Mapping[str, OptionInputs]) -> dict[str, Ranks]:
    """Order of the futures of every stream that the scenario correlates.

    An input of an option stands for its stream, which the same key of other options shares. Streams that no chain of
    correlations joins are ordered apart, so a further correlation changes no others.

    Args:
        options: Inputs by option.

    Returns:
        Rank of each future by stream, shape (draws,). [1]

    Raises:
        UnknownNameError: a key names no input.
        InputError: an input is certain, a pair is named twice, or the ranks cannot all hold at once.

    Source: Iman & Conover 1982.
    """
    world = next(iter(options.values())).world
    wanted: dict[Pair, float] = {}
    for item in world.scenario.correlations:
        first, second = (_stream(key, options) for key in item.between)
        pair = (min(first, second), max(first, second))
        shown = " and ".join(item.between)
        if first == second:
            raise InputError(f"correlations: {shown} already move together: they are one draw; name two different keys")
        if pair in wanted:
            raise InputError(f"correlations: {shown} is given twice; keep one of them")
        wanted[pair] = item.rank
    found: dict[str, Ranks] = {}
    for streams in _joined(wanted):
        matrix = np.eye(len(streams))
        for (first, second), rank in wanted.items():
            if first in streams:
                row, column = streams.index(first), streams.index(second)
                matrix[row, column] = matrix[column, row] = rank
        if not is_possible(matrix):
            raise InputError(_impossible(streams, wanted))
        found |= ordering(streams=streams, correlation=matrix, draws=world.draws, seed=world.seed)
    return found


def _joined(pairs: Iterable[Pair]) -> list[list[str]]:
    """Groups of streams that a chain of pairs joins, each sorted by name."""
    groups: list[set[str]] = []
    for pair in pairs:
        touching = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touching] + [set(pair).union(*touching)]
    return sorted(sorted(group) for group in groups)


def _impossible(streams: Sequence[str], wanted: Mapping[Pair, float]) -> str:
    pairs = [(first, second) for place, first in enumerate(streams) for second in streams[place + 1 :]]
    said = ", ".join(f"{first} and {second} {wanted.get((first, second), 0.0):g}" for first, second in pairs)
    return (
        f"correlations: these ranks cannot all hold at once: {said} (0 where not given); "
        "bring them nearer to 0, or give the missing pairs"
    )


def _stream(key: str, options: Mapping[str, OptionInputs]) -> str:
    """Name of the stream from which an uncertain input is drawn."""
    named, stream = _split(key, options)
    if stream == _CENTRAL_ONLY:
        raise InputError(f"correlations: {key} enters by its central case only; leave it out")
    given = [quantity for option in named if (quantity := option.given(stream)) is not None]
    certain = all(quantity.is_point for quantity in given) if given else _row_is_certain(stream, named[0])
    if certain:
        raise InputError(f"correlations: {key} is certain; give it a range, or leave it out")
    return stream


def _split(key: str, options: Mapping[str, OptionInputs]) -> tuple[list[OptionInputs], str]:
    """Options that a key speaks of, and the key without the option's name."""
    first, _, rest = key.partition(".")
    name, _, leaf = rest.partition(".")
    keys = [field.key for field in reference().values() if field.limits is not None]
    if first != "options":
        return list(options.values()), key
    if name not in options or leaf not in keys:
        known = [option.shown(each) for option in options.values() for each in keys]
        raise UnknownNameError("input in correlations", key, dict.fromkeys(known), "name an input as results show it")
    return [options[name]], leaf


def _row_is_certain(stream: str, option: OptionInputs) -> bool:
    """Whether the row that stands behind an input that was not given has no range."""
    world = option.world
    catalog = world.catalog
    row = world.finding(stream) or catalog.default(stream, world.scenario.task.kind, world.on)
    row = row or catalog.find(stream, world.on)
    if row is not None:
        return row.is_point
    keys = [field.key for field in reference().values() if field.limits is not None]
    if stream in keys:
        raise InputError(f"correlations: {stream} is not given and has no default; give it a range, or leave it out")
    rows = [row.id for table in catalog.tables() for row in catalog.rows(table)]
    raise UnknownNameError("input in correlations", stream, [*keys, *rows], "name an input as results show it")
