"""What the rooms say about the options of a scenario, over all futures: asked window by window where there are many."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from estimator.decision import (
    Outcome,
    Played,
    StagedPlan,
    condensed_outcome,
    held_outcome,
    joined_outcome,
    joined_play,
    plan_of,
)
from estimator.errors import InputError
from estimator.inputs import OptionInputs, World
from estimator.joining import Joining
from estimator.record import record
from estimator.results import OptionParts
from estimator.rooms import Volume, ask_one, ask_option, condensed_parts, outcome_of, requests_of, volume_of
from estimator.staging import staged_plays
from estimator.tco import Path
from estimator.threads import begun
from estimator.units import Array

WINDOW = 10_000
"""Futures that the rooms are asked about at once: more would only need more memory. [count]"""
LEAST_WINDOW = 1_000


@record(slots=False)
class Asked:
    """What the rooms said."""

    parts: Mapping[str, OptionParts | str]
    """By option that has a model: its parts, or why it cannot be carried out."""
    alone: Mapping[str, Outcome]
    """Outcome of each of them, committed to at launch. [USD]"""
    plans: Mapping[str, tuple[Outcome, StagedPlan | None]]
    """Outcome and value of waiting of each staged plan; None where a stage cannot be carried out. [USD]"""


def ask(options: Mapping[str, OptionInputs], *, window: int = WINDOW, lean: bool = False) -> Asked:
    """Ask the rooms about every option and carry out the staged plans.

    Args:
        options: Inputs by option, of all futures; what is found out about them is recorded there.
        window: Most futures at once, at least 1,000. [count]
        lean: Whether lines let go of their months in each future even where one window is enough. [bool]

    Returns:
        Parts and outcomes over all futures; the figures do not depend on the window. Where one window is enough
        and they need not be lean, lines and parts keep their months in every future; else their central months and
        their sums. [USD]

    Raises:
        InputError: the window is too small.
    """
    if window < min(LEAST_WINDOW, world_of(options).draws):
        raise InputError(f"window: {window} is below {LEAST_WINDOW:,} futures; give a larger one")
    return _at_once(options, lean=lean) if world_of(options).draws <= window else _in_windows(options, window)


def world_of(options: Mapping[str, OptionInputs]) -> World:
    """What the options share."""
    return next(iter(options.values())).world


def _at_once(options: Mapping[str, OptionInputs], *, lean: bool) -> Asked:
    """Option by option: while the rooms are asked about the next one, a second thread adds up the months of the last.

    Only what staged plans are made of waits with all its months.
    """
    rooms = _Rooms(options)
    staged = _staged(options)
    settle = condensed_outcome if lean else held_outcome
    parts: dict[str, OptionParts | str] = {}
    settled: dict[str, Future[Outcome]] = {}
    raw: dict[str, Outcome] = {}
    with ThreadPoolExecutor(max_workers=1) as beside:
        for name in options:
            part, outcome = rooms(name)
            parts[name] = condensed_parts(part) if lean and not isinstance(part, str) else part
            settled[name] = begun(beside, settle, outcome)
            if name in staged:
                raw[name] = outcome
        plays = staged_plays(options, raw, ask_one)
    alone = {name: outcome.result() for name, outcome in settled.items()}
    return _asked(parts, _sharing(alone, options), {name: _settled(play, settle) for name, play in plays.items()})


def _in_windows(options: Mapping[str, OptionInputs], window: int) -> Asked:
    """Option by option, so that the windows of one option alone wait to be joined."""
    world = world_of(options)
    count = -(-world.draws // window)
    ends = [world.draws * place // count for place in range(count + 1)]
    sizes = [after - before for before, after in pairwise(ends)]
    parts: dict[str, OptionParts | str] = {}
    alone: dict[str, Outcome] = {}
    rooms = [_Rooms(options, world.through(slice(before, after))) for before, after in pairwise(ends)]
    for name in options:
        said: list[OptionParts | str] = []
        found: list[Outcome] = []
        for room in rooms:
            part, outcome = room(name)
            said.append(part if isinstance(part, str) else condensed_parts(part))
            found.append(condensed_outcome(outcome))
        alone[name] = joined_outcome(found, sizes)
        alone = _sharing(alone, options)
        known = world.gather([room.world for room in rooms])
        parts[name] = said[0] if isinstance(said[0], str) else Joining(sizes, options, known)(said)
    plays: dict[str, Played | Outcome] = {}
    if world.scenario.staged:
        windows = [room.plays() for room in rooms]
        plays = {name: _joined_play([window.pop(name) for window in windows], sizes) for name in list(windows[0])}
        world.gather([room.world for room in rooms])
    return _asked(parts, alone, plays)


class _Rooms:
    """The rooms, asked about options in some of the futures."""

    def __init__(self, options: Mapping[str, OptionInputs], world: World | None = None) -> None:
        self.world = world or world_of(options)
        self.options = {name: replace(option, world=self.world) for name, option in options.items()}
        self.volumes: dict[int, Volume] = {}

    def __call__(self, name: str) -> tuple[OptionParts | str, Outcome]:
        option = self.options[name]
        if option.launch not in self.volumes:
            self.volumes[option.launch] = volume_of(self._requests, option.launch)
        parts = ask_option(option, self.options, self.volumes[option.launch])
        return parts, outcome_of(option, parts, self._requests)

    @cached_property
    def _requests(self) -> Array:
        return requests_of(self.options)

    def plays(self) -> dict[str, Played | Outcome]:
        """Staged plans; the options of their stages are asked again, with the months of their lines."""
        staged = _staged(self.options)
        raw = {name: self(name)[1] for name in self.options if name in staged}
        plays = staged_plays(self.options, raw, ask_one)
        return {name: _settled(play, condensed_outcome) for name, play in plays.items()}


def _staged(options: Mapping[str, OptionInputs]) -> set[str]:
    """Options that are a stage of some plan."""
    return {stage.use for spec in world_of(options).scenario.staged.values() for stage in spec.stages or ()}


def _asked(
    parts: Mapping[str, OptionParts | str], alone: Mapping[str, Outcome], plays: Mapping[str, Played | Outcome]
) -> Asked:
    plans: dict[str, tuple[Outcome, StagedPlan | None]] = {}
    for name, play in plays.items():
        if isinstance(play, Outcome):
            plans[name] = play, None
        else:
            plans[name] = play.outcome, plan_of(play, [alone[use] for use in play.stages])
    return Asked(parts, alone, plans)


def _sharing(outcomes: dict[str, Outcome], options: Mapping[str, OptionInputs]) -> dict[str, Outcome]:
    """Options that go live together hold their requests once."""
    held: dict[tuple[int, bool], Array | Path] = {}
    return {
        name: replace(
            item,
            requests_by_month=held.setdefault((options[name].launch, bool(item.infeasible)), item.requests_by_month),
        )
        for name, item in outcomes.items()
    }


def _settled(play: Played | Outcome, settle: Callable[[Outcome], Outcome]) -> Played | Outcome:
    return settle(play) if isinstance(play, Outcome) else replace(play, outcome=settle(play.outcome))


def _joined_play(windows: Sequence[Played | Outcome], sizes: Sequence[int]) -> Played | Outcome:
    lost = [item for item in windows if isinstance(item, Outcome)]
    return joined_outcome(lost, sizes) if lost else joined_play([p for p in windows if isinstance(p, Played)], sizes)
