"""Which changed input moved the result, and by how much: one change at a time, and what they do only together."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from itertools import chain
from typing import Any

import numpy as np

from estimator.decision import Outcome
from estimator.differences import Path, leaves
from estimator.errors import EstimatorError
from estimator.record import record
from estimator.scenario import Scenario, from_data, to_data

MEASURES = ("cost", "net_benefit")
FEW = 8
"""Changes whose effects are told without being asked for: each costs one run of the pipeline."""
MANY = 24
"""Changes that are told one by one when asked for; beyond, those of a section are one change."""
STRUCTURE = ("model", "prompt", "retrieval", "tuning", "pretraining", "serving", "upkeep")
"""Parts of an option of which one seldom fits without the others: they change together with the model."""
BASELINE: Path = ("options",)
"""Place that stands for which option is the first."""

Figures = Mapping[str, Mapping[str, float]]
"""Present value in the central case by option and measure; options without figures are left out. [USD]"""
Run = Callable[[Scenario], Sequence[Outcome]]
Group = tuple[Path, ...]


@record
class Attribution:
    """How one figure of one option came from its value before to its value after."""

    option: str
    measure: str
    before: float
    after: float
    effects: tuple[float | None, ...]
    """Of each change made alone, in the order of `Causes.changes`; None where it alone cannot be carried out."""

    @property
    def moved(self) -> bool:
        """Whether any change, or all of them together, make a difference."""
        return self.before != self.after or any(effect is None or effect != 0.0 for effect in self.effects)

    @property
    def interaction(self) -> float:
        """What the changes do only together: after − before − Σ effects. [USD]"""
        return self.after - self.before - sum(effect for effect in self.effects if effect is not None)


@record
class Causes:
    """The changes from one scenario to another and what each does alone."""

    changes: tuple[tuple[str, ...], ...] = ()
    """Keys of the inputs that change together."""
    shares: tuple[Attribution, ...] = ()
    note: str = ""
    """Why nothing is attributed; else empty."""


def causes_data(causes: Causes) -> dict[str, Any]:
    """Changes and effects as plain data."""
    return {
        "case": "central",
        "changes": [list(keys) for keys in causes.changes],
        "options": [
            {
                "option": item.option,
                "measure": item.measure,
                "from_usd": item.before,
                "to_usd": item.after,
                "effects_usd": list(item.effects),
                "interaction_usd": item.interaction,
            }
            for item in causes.shares
        ],
        "note": causes.note,
    }


def figures_of(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Central cost and net benefit of the options that can be carried out. [USD]"""
    found = {
        item.name: {measure: float(getattr(item, measure)[0]) for measure in MEASURES}
        for item in outcomes
        if not item.infeasible
    }
    return {name: values for name, values in found.items() if np.isfinite(list(values.values())).all()}


def causes_between(
    before: Scenario, after: Scenario, *, figures: tuple[Figures, Figures], run: Run, thorough: bool = False
) -> Causes:
    """What each changed input does to the options of both scenarios, made alone in the first of them.

    Args:
        before: Scenario the changes are made in.
        after: Scenario they lead to.
        figures: Those of both scenarios, present value in the central case. [USD]
        run: The pipeline on one scenario, in the same futures.
        thorough: Whether to tell more than `FEW` changes.

    Returns:
        Effects and interaction sum to the difference of the figures. [USD]

    Source: one-at-a-time (finite difference) decomposition; the remainder holds all interactions.
    """
    old, new = _aligned(before, after)
    groups = _groups(old, new)
    shared = [name for name in figures[0] if name in figures[1]]
    if not shared or not groups:
        return Causes(shares=_shares(shared, figures, ()))
    if thorough and len(groups) > MANY:
        groups = _by_section(groups)
    if len(groups) > (MANY if thorough else FEW):
        return Causes(note=f"{len(groups)} changes, too many to tell what each did")
    groups, found = _effects(old, new, groups, figures[1], run)
    ranked = sorted(zip(groups, found, strict=True), key=lambda pair: -_reach(shared, figures[0], pair[1]))
    changes = tuple(_keys(group, old, new) for group, _ in ranked)
    return Causes(changes, _shares(shared, figures, [alone for _, alone in ranked]))


def _reach(shared: Sequence[str], first: Figures, alone: Figures) -> float:
    """The largest effect of a change, by which changes are ranked."""
    moves = [
        abs(alone[name][measure] - first[name][measure]) for name in shared if name in alone for measure in MEASURES
    ]
    return max(moves, default=0.0)


def _shares(
    shared: Sequence[str], figures: tuple[Figures, Figures], found: Sequence[Figures]
) -> tuple[Attribution, ...]:
    first, last = figures
    return tuple(
        Attribution(
            option=name,
            measure=measure,
            before=first[name][measure],
            after=last[name][measure],
            effects=tuple(alone[name][measure] - first[name][measure] if name in alone else None for alone in found),
        )
        for name in shared
        for measure in MEASURES
    )


def _effects(
    old: dict[str, Any], new: dict[str, Any], groups: list[Group], last: Figures, run: Run
) -> tuple[list[Group], list[Figures]]:
    """Figures after each change alone; changes that make no valid scenario alone are made together."""
    found = [_try(_changed(old, new, group), run) for group in groups]
    stuck = [group for group, alone in zip(groups, found, strict=True) if alone is None]
    if not stuck:
        return groups, [alone for alone in found if alone is not None]
    joined = tuple(chain.from_iterable(stuck))
    together = _try(_changed(old, new, joined), run) if len(stuck) > 1 else None
    if together is None:
        return [tuple(chain.from_iterable(groups))], [last]
    fine = [(group, alone) for group, alone in zip(groups, found, strict=True) if alone is not None]
    return [*(group for group, _ in fine), joined], [*(alone for _, alone in fine), together]


def _try(data: dict[str, Any], run: Run) -> Figures | None:
    try:
        return figures_of(run(from_data(data)))
    except EstimatorError:
        return None


def _aligned(before: Scenario, after: Scenario) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both scenarios as plain data with the options they share and the first of each; staged plans are left out.

    Where their options do not build on each other in the same way, each one is written out in full.
    """
    old, new = to_data(before), to_data(after)
    shared = before.options.keys() & after.options.keys()
    alike = all(
        before.options[name].extends == after.options[name].extends
        and (before.options[name].extends is None or before.options[name].extends in shared)
        for name in shared
    )
    for data, scenario in ((old, before), (new, after)):
        first = next(iter(scenario.options))
        alone = first not in shared and scenario.options[first].extends is not None
        whole = {
            name: option.model_dump(mode="json", exclude_unset=True, exclude={"extends"})
            for name, option in scenario.composed.items()
        }
        written = data["options"] if alike else whole
        data["options"] = {
            name: whole[name] if alone and name == first else option
            for name, option in written.items()
            if name in whole and (name in shared or name == first)
        }
    return old, new


def _groups(old: dict[str, Any], new: dict[str, Any]) -> list[Group]:
    """Changed places, grouped where one makes no sense without the other."""
    before, after = leaves(old), leaves(new)
    groups: dict[Path, list[Path]] = {}
    for path in dict.fromkeys((*before, *after)):
        gone = path[0] == "options" and not (path[1] in old["options"] and path[1] in new["options"])
        if path == ("name",) or gone or _value(before.get(path)) == _value(after.get(path)):
            continue
        groups.setdefault(_unit(path, old, new), []).append(path)
    if next(iter(old["options"])) != next(iter(new["options"])):
        groups[BASELINE] = [BASELINE]
    return [tuple(paths) for paths in groups.values()]


def _value(leaf: Any) -> Any:
    """A value without the note of where it was found."""
    if isinstance(leaf, dict) and "source" in leaf:
        rest = {key: item for key, item in leaf.items() if key != "source"}
        return rest["value"] if rest.keys() == {"value"} else rest
    return leaf


def _unit(path: Path, old: dict[str, Any], new: dict[str, Any]) -> Path:
    if path[0] != "options" or path[2] not in STRUCTURE:
        return path
    options = [data["options"][path[1]] for data in (old, new)]
    comes_or_goes = (path[2] in options[0]) != (path[2] in options[1])
    if options[0].get("model") != options[1].get("model") and (comes_or_goes or _is_choice(path)):
        return path[:2]
    return path[:3] if comes_or_goes else path


def _is_choice(path: Path) -> bool:
    return path[2:] in {("model",), ("tuning", "method"), ("serving", "mode")}


def _by_section(groups: list[Group]) -> list[Group]:
    sections: dict[Path, list[Path]] = {}
    for group in groups:
        head = group[0]
        sections.setdefault(head[:2] if head[0] == "options" else head[:1], []).extend(group)
    return [tuple(paths) for paths in sections.values()]


def _changed(old: dict[str, Any], new: dict[str, Any], group: Group) -> dict[str, Any]:
    """The old scenario with some places as they are in the new one."""
    data, after = deepcopy(old), leaves(new)
    for path in sorted(group, key=lambda path: path in after):
        if path == BASELINE:
            continue
        if path in after:
            _put(data, path, deepcopy(after[path]))
        else:
            _drop(data, path)
    if BASELINE in group:
        first = next(iter(new["options"]))
        kept = {name: option for name, option in data["options"].items() if name in new["options"]}
        data["options"] = {first: kept.get(first, new["options"][first]), **kept}
    return data


def _put(data: dict[str, Any], path: Path, value: Any) -> None:
    for step in path[:-1]:
        data = data.setdefault(step, {})
    data[path[-1]] = value


def _drop(data: dict[str, Any], path: Path) -> None:
    """Remove a value, and the sections that are empty without it."""
    inner = data.get(path[0])
    if len(path) > 1 and isinstance(inner, dict):
        _drop(inner, path[1:])
    if len(path) == 1 or inner == {}:
        data.pop(path[0], None)


def _keys(group: Group, old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    """Names of a change: a section that comes or goes is named once."""
    return tuple(dict.fromkeys(".".join(_shown(path, old, new)) for path in group))


def _shown(path: Path, old: dict[str, Any], new: dict[str, Any]) -> Path:
    """The shortest part of a path that only one of the scenarios has, or the whole path."""
    for length in range(1, len(path)):
        if _has(old, path[:length]) != _has(new, path[:length]):
            return path[:length]
    return path


def _has(data: Any, path: Path) -> bool:
    for step in path:
        if not isinstance(data, dict) or step not in data:
            return False
        data = data[step]
    return True
