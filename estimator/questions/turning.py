"""What would have to be true? The values of each input at which the answer turns, all others at their central ones."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from estimator.catalog import Catalog, load_catalog
from estimator.decision import Change, Flip, Turns, choice_changes_of, drivers, flips_of
from estimator.decision.brackets import Evaluate
from estimator.decision.flips import FINER, LOOKS
from estimator.questions.contest import Contest, contests_of
from estimator.questions.keys import key_of
from estimator.questions.whatif import Points, Span, WhatIf
from estimator.record import record
from estimator.results import Comparison, Estimate
from estimator.units import Array

STEPS = 32
"""Steps of the first look over an input; two flips closer than one step of it can be missed."""
DRIVERS = 5
"""Inputs beside the two that everybody asks about whose flips stand in the verdict."""
VOLUME = "workload.requests_per_month"
EVERYBODY_ASKS = (VOLUME, "task.value_per_success")
SAME = 1e-12
"""An input whose effects differ by no more than this share of a net benefit changes no difference."""
_Line: TypeAlias = tuple[int, str]
"""Place of a contest and key of an input."""
_Seen: TypeAlias = tuple[Array, Points]
"""Values of an input and what every option is there."""


@record(kw_only=True)
class FlipPoints:
    """Flips of all inputs, and what does not turn anything."""

    base: Estimate
    turns: tuple[Turns, ...]
    """One per question: tuning or not, which option; or the pair that was asked for."""
    spans: Mapping[str, Span]
    """Where each input was varied."""
    without_effect: tuple[str, ...]
    """Inputs that leave every difference between options as it is."""
    not_moved: tuple[str, ...]
    """Inputs that cannot take other values, such as counts that a model of one kind does not know."""

    @property
    def flips(self) -> tuple[Flip, ...]:
        """All flips, those of the first question first."""
        return tuple(flip for turn in self.turns for flip in turn.flips)


def flip_points(
    base: Estimate,
    *,
    catalog: Catalog | None = None,
    keys: Iterable[str] | None = None,
    option: str | None = None,
    against: str | None = None,
) -> FlipPoints:
    """For each input the values at which the answer turns, found for all inputs together and put in again.

    Args:
        base: The estimate.
        catalog: Prices and evidence it was made with; the package's own where not given.
        keys: Inputs to look at, in full or in short; all where not given.
        option: Hold this option against another instead of asking the usual questions.
        against: The other; the best of all others where not given.

    Returns:
        Flips by question, nearest first. [units of the inputs, USD]

    Raises:
        EstimatorError: an unknown input or option.
    """
    asked = [item.key for item in base.inputs] if keys is None else [key_of(base, key) for key in keys]
    whatif = WhatIf(base=base, catalog=catalog or load_catalog())
    return _found(whatif, list(dict.fromkeys(asked)), contests_of(base, option, against))


def nearest_flips(base: Estimate, *, catalog: Catalog | None = None) -> Turns:
    """What would turn the verdict: flips of the drivers that matter, in few passes.

    Args:
        base: The estimate.
        catalog: Prices and evidence it was made with; the package's own where not given.

    Returns:
        Flips of the first question: tuning or not, else which option. [units of the inputs, USD]

    Raises:
        EstimatorError: the scenario cannot be evaluated.
    """
    whatif = WhatIf(base=base, catalog=catalog or load_catalog())
    contest = contests_of(base)[0]
    known = {item.key for item in base.inputs}
    asked = [key for key in (*EVERYBODY_ASKS, *_drivers(base, contest)) if key in known]
    return _found(whatif, list(dict.fromkeys(asked)), (contest,), steps=2 * STEPS, looks=2, finer=2 * STEPS + 1).turns[
        0
    ]


def with_flips(comparison: Comparison, *, catalog: Catalog | None = None) -> Comparison:
    """The same comparison, in which every estimate also says what would turn its verdict.

    Args:
        comparison: Estimates.
        catalog: Prices and evidence they were made with; the package's own where not given.

    Returns:
        The comparison with `flips`; nothing else changes. [units of the inputs, USD]

    Raises:
        EstimatorError: a scenario cannot be evaluated.
    """
    prices = catalog or load_catalog()
    found = tuple(replace(item, flips=nearest_flips(item, catalog=prices)) for item in comparison.estimates)
    return replace(comparison, estimates=found)


def turns_along(whatif: WhatIf, key: str, values: Array, contests: Sequence[Contest]) -> list[tuple[Flip, ...]]:
    """Flips of several questions along one input, nearest first, between the lowest and the highest of some values.

    Args:
        whatif: The options.
        key: The input.
        values: Rising values of the first look. [unit of the input]
        contests: The questions.

    Returns:
        Flips by question. [unit of the input, USD]

    Raises:
        EstimatorError: the scenario cannot be evaluated.
    """
    changes = choice_changes_of(
        net_benefit=_asked(whatif, contests, {}),
        points={(place, key): values for place, _ in enumerate(contests)},
    )
    return [_turns(contest, "", {key: changes[place, key]}, whatif, ()).flips for place, contest in enumerate(contests)]


def _drivers(base: Estimate, contest: Contest) -> list[str]:
    """Inputs that drive the difference of the two sides, largest first."""
    outcomes = [option.outcome for option in base.options.values()]
    if contest.question == "choice" or base.draws < 2:
        return [item.key for item in base.decision.drivers[:DRIVERS]]
    best = [max((outcomes[place] for place in side), key=lambda o: o.net_benefit.mean()) for side in contest.sides]
    gain = np.broadcast_to(best[0].net_benefit - best[1].net_benefit, (base.draws + 1,))
    if not np.isfinite(gain).all():
        return []
    return [item.key for item in drivers(outcome=gain[1:], inputs=base.inputs)[:DRIVERS]]


def _found(
    whatif: WhatIf,
    keys: Sequence[str],
    contests: Sequence[Contest],
    *,
    steps: int = STEPS,
    looks: int = LOOKS,
    finer: int = FINER,
) -> FlipPoints:
    spans = {key: whatif.span(key) for key in keys}
    first: dict[str, _Seen] = {}
    ask = _asked(whatif, contests, first)
    changes: dict[_Line, tuple[Change, ...]] = {}
    for lowest in ("low", "today"):  # some counts cannot be lower than they are, but higher
        left = {key: _points(spans[key], steps, getattr(spans[key], lowest)) for key in keys if key not in first}
        points = {(place, key): values for key, values in left.items() for place, _ in enumerate(contests)}
        if points:
            changes |= choice_changes_of(net_benefit=ask, points=points, looks=looks, finer=finer)
    now = _today(whatif, first, spans)
    same = {key for key, (_, seen) in first.items() if _is_same(seen)}
    return FlipPoints(
        base=whatif.base,
        turns=tuple(
            _turns(
                contest,
                contest.ahead(now)[0],
                {key: found for (at, key), found in changes.items() if at == place},
                whatif,
                same,
            )
            for place, contest in enumerate(contests)
        ),
        spans=spans,
        without_effect=tuple(key for key in first if key in same),
        not_moved=tuple(key for key in keys if key not in first),
    )


def _today(whatif: WhatIf, first: Mapping[str, _Seen], spans: Mapping[str, Span]) -> Points:
    """Every option with all inputs at their central values: part of the first look where there was one."""
    if not first:
        return whatif.at({VOLUME: np.array([whatif.input(VOLUME).central])})
    key, (values, seen) = next(iter(first.items()))
    place = int(np.searchsorted(values, spans[key].today))
    return seen.part(slice(place, place + 1))


def _turns(
    contest: Contest, now: str, changes: Mapping[str, tuple[Change, ...]], whatif: WhatIf, same: Collection[str]
) -> Turns:
    flips = [
        flip
        for key, found in changes.items()
        for flip in flips_of(changes=found, names=contest.names, item=whatif.input(key), question=contest.question)
    ]
    turned = {flip.key for flip in flips}
    never = tuple(key for key in changes if key not in turned and key not in same)
    return Turns(question=contest.question, now=now, flips=tuple(sorted(flips, key=_near)), never=never)


def _near(flip: Flip) -> tuple[bool, float, str]:
    return not flip.inside_range, abs(flip.relative), flip.key


def _points(span: Span, steps: int, low: float) -> Array:
    """Values of the first look from the lowest on, today's among them."""
    values = np.append(span.steps(steps + 1), span.today)
    return np.unique(values[values >= low])


def _asked(whatif: WhatIf, contests: Sequence[Contest], seen: dict[str, _Seen]) -> Evaluate[_Line]:
    """Sides of all contests over all inputs in one pass; what is first seen of an input is kept."""

    def net_benefit(asked: Mapping[_Line, Array]) -> dict[_Line, Array]:
        columns: dict[str, list[Array]] = {}
        for (_, key), values in asked.items():
            columns.setdefault(key, []).append(values)
        points = {key: np.unique(np.concatenate(parts)) for key, parts in columns.items()}
        found = whatif.scan(points)
        for key, figures in found.items():
            seen.setdefault(key, (points[key], figures))
        return {
            (place, key): contests[place].rows(found[key])[:, np.searchsorted(points[key], values)]
            for (place, key), values in asked.items()
            if key in found
        }

    return net_benefit


def _is_same(points: Points) -> bool:
    """Whether an input leaves the differences between options, and what may be chosen, as they are."""
    if (points.eligible != points.eligible[:, :1]).any():
        return False
    chosen = points.eligible.all(axis=1)
    benefit = points.net_benefit[chosen if chosen.any() else slice(None)]
    moved = np.ptp(benefit - benefit[:1], axis=1) if len(benefit) > 1 else np.ptp(benefit, axis=1)
    return bool((moved <= SAME * np.abs(benefit).max(initial=0.0)).all())
