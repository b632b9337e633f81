"""What would make a run fit: single changes, changes on top of each other, and the best few together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Literal

from estimator.catalog.types import Accelerator
from estimator.record import record
from estimator.training.pace import tokens_per_s
from estimator.training.rungs import CHANGES, Change, Kind, SizedRun
from estimator.training.wider import larger_gpu, more_gpus
from estimator.units import central

Scope = Literal["same method and devices", "another method", "other devices"]
SCOPES: dict[Scope, tuple[Kind | None, int]] = {
    "same method and devices": (None, 3),
    "another method": ("method", 2),
    "other devices": ("hardware", 2),
}
"""The kind of change a way of a scope contains, and how many changes are combined; one after the other, all are."""
__all__ = ["Ladder", "Rung", "SizedRun", "Tried", "Way", "ladder"]
HARMLESS: tuple[Kind, ...] = ("same result", "rounding")


@record(kw_only=True)
class Tried:
    """A changed run beside the run that was asked for."""

    run: SizedRun
    needed_bytes: float
    """Device bytes with the margin on top. [B]"""
    usable_bytes: float
    saved_bytes: float
    """Less than the run that was asked for. [B]"""
    wall_factor: float | None
    """Wall time per token over that of the run that was asked for; None where a device has no known rate. [1]"""
    device_factor: float | None
    """The same for device hours. [1]"""

    @property
    def fits(self) -> bool:
        """Whether the central case fits."""
        return self.needed_bytes <= self.usable_bytes


@record(kw_only=True)
class Rung:
    """One change: on its own, and on top of the changes before it."""

    name: str
    change: str
    kind: Kind
    note: str
    alone: Tried | None
    """None where it saves nothing on its own."""
    together: Tried | None
    """None where it saves nothing more on top of those before."""


@record(kw_only=True)
class Way:
    """Changes that together make the run fit."""

    scope: Scope
    changes: tuple[str, ...]
    tried: Tried


@record(kw_only=True)
class Ladder:
    """All that can be done about a run that does not fit."""

    start: Tried
    rungs: tuple[Rung, ...]
    without_effect: tuple[str, ...]
    """Changes that were tried and save nothing here."""
    smallest: tuple[Way, ...]
    """Fewest changes that fit, of each scope that has a way."""
    cheapest: tuple[Way, ...]
    """Least device time that fits, of each scope that has a way."""


class _Workshop:
    """Tries each run once."""

    def __init__(self, start: SizedRun, accelerators: Iterable[Accelerator]) -> None:
        self.start = start
        self.changes = (*CHANGES, more_gpus(), larger_gpu(accelerators))
        self._needed: dict[tuple[object, ...], float] = {}
        self._rate = tokens_per_s(start)

    def needed(self, run: SizedRun) -> float:
        key = (run.setup, run.micro_batch, run.accelerator.name)
        if key not in self._needed:
            self._needed[key] = central(run.fit.needed_bytes)
        return self._needed[key]

    def fits(self, run: SizedRun) -> bool:
        return self.needed(run) <= run.accelerator.usable_memory_bytes

    def tried(self, run: SizedRun) -> Tried:
        rate, needed = tokens_per_s(run), self.needed(run)
        wall = self._rate / rate if self._rate and rate else None
        return Tried(
            run=run,
            needed_bytes=needed,
            usable_bytes=run.accelerator.usable_memory_bytes,
            saved_bytes=self.needed(self.start) - needed,
            wall_factor=wall,
            device_factor=wall and wall * run.setup.gpus / self.start.setup.gpus,
        )

    def helps(self, before: SizedRun, after: SizedRun | None) -> bool:
        """Whether a change lowers what is needed, or raises what there is."""
        if after is None:
            return False
        more = after.accelerator.usable_memory_bytes > before.accelerator.usable_memory_bytes
        return more or self.needed(after) < self.needed(before)


def ladder(*, run: SizedRun, accelerators: Iterable[Accelerator]) -> Ladder:
    """Try every change on its own, on top of those before it, and in small groups.

    Args:
        run: The run as it was asked for.
        accelerators: Devices to choose a larger one from.

    Returns:
        Needed and saved memory, and time per token, of each. [B, 1]

    Raises:
        InputError: a size of the run is outside its range.

    Source: the memory and step-time models, run again with each change.
    """
    shop = _Workshop(run, accelerators)
    rungs, useless = _rungs(shop)
    ways = {scope: [_way(shop, scope, *found) for found in _fitting(shop, scope)] for scope in SCOPES}
    return Ladder(
        start=shop.tried(run),
        rungs=rungs,
        without_effect=useless,
        smallest=tuple(min(found, key=_size) for found in ways.values() if found),
        cheapest=tuple(min(found, key=_cost) for found in ways.values() if found),
    )


def _rungs(shop: _Workshop) -> tuple[tuple[Rung, ...], tuple[str, ...]]:
    """The changes that help on their own or on top of those before them, and those that do not."""
    rungs: list[Rung] = []
    useless: list[str] = []
    top = shop.start
    for change in shop.changes:
        alone, higher = change.apply(shop.start), change.apply(top)
        helps, climbs = shop.helps(shop.start, alone), shop.helps(top, higher)
        shown = (alone if helps else higher if climbs else alone) or higher
        if shown is None:
            continue
        if not (helps or climbs):
            useless.append(change.words(shown))
            continue
        rungs.append(
            Rung(
                name=change.name,
                change=change.words(shown),
                kind=change.kind,
                note=change.note,
                alone=shop.tried(alone) if helps and alone else None,
                together=shop.tried(higher) if climbs and higher else None,
            )
        )
        top = higher if climbs and higher else top
    return tuple(rungs), tuple(useless)


Applied = tuple[tuple[Change, ...], SizedRun]


def _fitting(shop: _Workshop, scope: Scope) -> Iterator[Applied]:
    """Groups of changes that fit: small ones, then ever more of them one after the other."""
    kind, most = SCOPES[scope]
    usable = [change for change in shop.changes if change.kind in (*HARMLESS, kind)]
    groups: list[Sequence[Change]] = [group for size in range(1, most + 1) for group in combinations(usable, size)]
    groups += [usable[:size] for size in range(most + 1, len(usable) + 1)]
    for group in groups:
        if kind is not None and sum(change.kind == kind for change in group) != 1:
            continue
        run = _applied(shop, group)
        if run is not None and shop.fits(run):
            yield tuple(group), run


def _applied(shop: _Workshop, group: Sequence[Change]) -> SizedRun | None:
    """All changes of a group, the micro-batch and the machine last, since they are sized by what is left to save."""
    run: SizedRun | None = shop.start
    for change in sorted(group, key=lambda item: (item.kind == "hardware", item.name == "micro_batch")):
        run = change.apply(run) if run is not None else None
    return run


def _way(shop: _Workshop, scope: Scope, group: tuple[Change, ...], run: SizedRun) -> Way:
    return Way(scope=scope, changes=tuple(change.words(run) for change in group), tried=shop.tried(run))


def _size(way: Way) -> tuple[int, float]:
    return len(way.changes), _hours(way)


def _cost(way: Way) -> tuple[float, int]:
    return _hours(way), len(way.changes)


def _hours(way: Way) -> float:
    factor = way.tried.device_factor
    return float("inf") if factor is None else factor
