"""What the rooms say about the options of a scenario, over all futures: asked window by window where there are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from estimator.inputs import Input, OptionInputs
from estimator.joining import Joining
from estimator.results import OptionParts
from estimator.rooms import Volume, ask_one, ask_option, outcome_of, requests_of, volume_of
from estimator.staging import staged_plays
from estimator.tco import Path
from estimator.units import Array

WINDOW = 10_000
"""Futures that the rooms are asked about at once: more would only need more memory. [count]"""


@dataclass(frozen=True)
class Asked:
    """What the rooms said."""

    parts: Mapping[str, OptionParts | str]
    """By option that has a model: its parts, or why it cannot be carried out."""
    alone: Mapping[str, Outcome]
    """Outcome of each of them, committed to at launch. [USD]"""
    plans: Mapping[str, tuple[Outcome, StagedPlan | None]]
    """Outcome and value of waiting of each staged plan; None where a stage cannot be carried out. [USD]"""


@dataclass
class _Seen:
    """One window."""

    parts: dict[str, OptionParts | str]
    alone: dict[str, Outcome]
    plays: dict[str, Played | Outcome]
    inputs: dict[str, Input]


def ask(options: Mapping[str, OptionInputs], *, window: int = WINDOW, staged: bool = True) -> Asked:
    """Ask the rooms about every option and carry out the staged plans.

    Args:
        options: Inputs by option, of all futures; what is found out about them is recorded there.
        window: Most futures at once. [count]
        staged: Whether staged plans are carried out.

    Returns:
        Parts and outcomes over all futures; the figures do not depend on the window. Where one window is enough, lines
        and parts keep their months in every future; else their central months and their sums. [USD]
    """
    world = next(iter(options.values())).world
    count = -(-world.draws // window)
    if count <= 1:
        seen = _window(options, staged=staged, keep=True)
        plays = {name: _play([play], [world.draws]) for name, play in seen.plays.items()}
        return _asked(seen.parts, seen.alone, plays, _stages_of(options))
    ends = [world.draws * place // count for place in range(count + 1)]
    sizes = [after - before for before, after in pairwise(ends)]
    found: list[_Seen] = []
    for before, after in pairwise(ends):
        part = world.through(slice(before, after))
        here = {name: replace(option, world=part) for name, option in options.items()}
        seen = _window(here, staged=staged, keep=False)
        seen.inputs.update(world.spared(part.touched))
        found.append(seen)
    alone = _sharing(
        {name: joined_outcome([seen.alone.pop(name) for seen in found], sizes) for name in options}, options
    )
    plays = {name: _play([seen.plays.pop(name) for seen in found], sizes) for name in list(found[0].plays)}
    join = Joining(sizes, options)
    parts = {name: _joined_parts([seen.parts.pop(name) for seen in found], join) for name in options}
    world.gather([seen.inputs for seen in found], sizes)
    return _asked(parts, alone, plays, _stages_of(options))


def _stages_of(options: Mapping[str, OptionInputs]) -> dict[str, list[str]]:
    """Options of the stages of each staged plan, in order."""
    scenario = next(iter(options.values())).scenario
    return {name: [stage.use for stage in spec.stages or ()] for name, spec in scenario.staged.items()}


def _asked(
    parts: Mapping[str, OptionParts | str],
    alone: Mapping[str, Outcome],
    plays: Mapping[str, Played | Outcome],
    stages: Mapping[str, Sequence[str]],
) -> Asked:
    plans: dict[str, tuple[Outcome, StagedPlan | None]] = {}
    for name, play in plays.items():
        if isinstance(play, Outcome):
            plans[name] = play, None
        else:
            plans[name] = play.outcome, plan_of(play, [alone[use] for use in stages[name]])
    return Asked(parts, alone, plans)


def _window(options: Mapping[str, OptionInputs], *, staged: bool, keep: bool) -> _Seen:
    """One window, option by option; what is not kept is let go before the next option is asked about."""
    scenario = next(iter(options.values())).scenario
    asked = requests_of(options)
    first_use = {stage.use for spec in scenario.staged.values() for stage in spec.stages or ()} if staged else set()
    seen, join = _Seen({}, {}, {}, {}), Joining([next(iter(options.values())).world.size - 1], options)
    raw: dict[str, Outcome] = {}
    volumes: dict[int, Volume] = {}
    for name, option in options.items():
        if option.launch not in volumes:
            volumes[option.launch] = volume_of(asked, option.launch)
        parts = ask_option(option, options, volumes[option.launch])
        outcome = outcome_of(option, parts, asked)
        if name in first_use:
            raw[name] = outcome
        seen.alone[name] = held_outcome(outcome) if keep else condensed_outcome(outcome)
        seen.parts[name] = parts if keep else _joined_parts([parts], join)
    seen.alone = _sharing(seen.alone, options)
    if staged and scenario.staged:
        for name, play in staged_plays(options, raw, ask_one).items():
            seen.plays[name] = _settled(play, keep)
    return seen


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


def _settled(play: Played | Outcome, keep: bool) -> Played | Outcome:
    settle = held_outcome if keep else condensed_outcome
    return settle(play) if isinstance(play, Outcome) else replace(play, outcome=settle(play.outcome))


def _play(windows: Sequence[Played | Outcome], sizes: Sequence[int]) -> Played | Outcome:
    if len(windows) == 1:
        return windows[0]
    plays = [item for item in windows if isinstance(item, Played)]
    lost = [item for item in windows if isinstance(item, Outcome)]
    return joined_outcome(lost, sizes) if lost else joined_play(plays, sizes)


def _joined_parts(windows: Sequence[OptionParts | str], join: Joining) -> OptionParts | str:
    first = windows[0]
    if isinstance(first, str):
        return first
    found: OptionParts = join(windows)
    return found
