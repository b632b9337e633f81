"""Who is held against whom: tuned against untuned options, all options, or a given pair."""

from collections.abc import Sequence

import numpy as np

from estimator.decision import NOTHING, TUNING, UNTUNED, Question
from estimator.decision.answer import LATER, TUNED
from estimator.errors import InfeasibleError, InputError, UnknownNameError
from estimator.questions.whatif import Points
from estimator.record import record
from estimator.results import Estimate
from estimator.units import Array


@record(kw_only=True)
class Contest:
    """Sides of a question; each is as good as the best option of its own that may be chosen."""

    question: Question
    names: tuple[str, ...]
    """Names of the sides; the last is nothing, which is ahead where no option may be chosen."""
    sides: tuple[tuple[int, ...], ...]
    """Options of each side, by their place in the scenario; an empty side earns nothing."""
    named: bool = False
    """Whether the first two sides were asked for by name: then each is looked at even where it may not be chosen."""

    def rows(self, points: Points) -> Array:
        """Net benefit of each side, and of nothing, at some points, shape (sides + 1, points). [USD]"""
        rows = [self._row(points, side) for side in self.sides]
        none = np.isneginf(rows).all(axis=0)
        return np.stack([*rows, np.where(none, 0.0, -np.inf)])

    def gain(self, points: Points) -> Array:
        """First side minus the second; no number where one of them has nothing to choose, shape (points,). [USD]"""
        first, second = (self._row(points, side) for side in self.sides[:2])
        gain = np.full_like(first, np.nan)
        return np.subtract(first, second, out=gain, where=np.isfinite(first) & np.isfinite(second))

    def ahead(self, points: Points) -> tuple[str, ...]:
        """Name of the side that is ahead at each point."""
        return tuple(self.names[place] for place in self.rows(points).argmax(axis=0))

    def _row(self, points: Points, side: tuple[int, ...]) -> Array:
        if not side:
            return np.zeros(points.net_benefit.shape[1])
        free = self.named and len(side) == 1
        benefit = points.net_benefit if free else points.choosable
        best: Array = np.where(np.isfinite(benefit), benefit, -np.inf)[list(side)].max(axis=0)
        return best


def choice_contest(base: Estimate) -> Contest:
    """Every option against every other."""
    names = tuple(base.options)
    return Contest(question="choice", names=(*names, NOTHING), sides=tuple((place,) for place in range(len(names))))


def tuning_contest(base: Estimate) -> Contest | None:
    """Tuned against untuned options that are committed to today; None where one of these sides is empty."""
    kinds = [option.outcome.kind for option in base.options.values()]
    possible = _possible(base)
    tuned = tuple(place for place in possible if kinds[place] in TUNED)
    plain = tuple(place for place in possible if kinds[place] not in (*TUNED, LATER))
    if not tuned or not plain:
        return None
    return Contest(question="tuning", names=(TUNING, UNTUNED, NOTHING), sides=(tuned, plain))


def pair_contest(base: Estimate, option: str, against: str | None = None) -> Contest:
    """One option against another, or against the best of all others.

    Args:
        base: The estimate.
        option: Name of an option.
        against: Name of another; the best of the others where not given, and nothing where there are none.

    Returns:
        The contest.

    Raises:
        UnknownNameError: the scenario has no such option.
        InputError: an option is held against itself.
        InfeasibleError: an option cannot be carried out.
    """
    first = _place(base, option)
    if against is None:
        others = tuple(place for place in _possible(base) if place != first)
        second = "the best other option" if others else NOTHING
        return _pair((option, second), ((first,), others))
    if against == option:
        raise InputError(f"against: {against} is held against itself; name another option")
    return _pair((option, against), ((first,), (_place(base, against),)))


def gain_contest(base: Estimate, option: str | None, against: str | None) -> Contest:
    """The question of a break-even: a given pair, else tuning against none, else the best option against the others.

    Args:
        base: The estimate.
        option: Name of an option, or None.
        against: Name of another, or None.

    Returns:
        The contest.

    Raises:
        EstimatorError: as `pair_contest`; nothing can be carried out; `against` alone.
    """
    if option is not None:
        return pair_contest(base, option, against)
    if against is not None:
        raise InputError(f"against: {against} is given without an option; name the option to hold against it")
    possible = _possible(base)
    if not possible:
        reasons = "; ".join(f"{name}: {item.standing.why_not}" for name, item in base.options.items())
        raise InfeasibleError(f"no option can be carried out, so there is nothing to break even: {reasons}")
    best = base.decision.verdict.best or list(base.options)[possible[0]]
    return tuning_contest(base) or pair_contest(base, best)


def contests_of(base: Estimate, option: str | None = None, against: str | None = None) -> tuple[Contest, ...]:
    """The questions of flip points: a given pair, else tuning and choice."""
    if option is not None or against is not None:
        return (gain_contest(base, option, against),)
    tuning = tuning_contest(base)
    return (choice_contest(base),) if tuning is None else (tuning, choice_contest(base))


def _pair(names: tuple[str, str], sides: tuple[tuple[int, ...], tuple[int, ...]]) -> Contest:
    return Contest(question="pair", names=(*names, NOTHING), sides=sides, named=True)


def _possible(base: Estimate) -> Sequence[int]:
    """Places of the options that can be carried out and are no mere comparison."""
    outcomes = [option.outcome for option in base.options.values()]
    return [place for place, item in enumerate(outcomes) if not item.infeasible and not item.is_comparison]


def _place(base: Estimate, name: str) -> int:
    if name not in base.options:
        raise UnknownNameError("option", name, base.options, f"the options are {', '.join(base.options)}")
    if reason := base.options[name].outcome.infeasible:
        raise InfeasibleError(f"option {name} cannot be carried out: {reason}; name another")
    return list(base.options).index(name)
