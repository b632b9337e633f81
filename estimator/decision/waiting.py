"""What it is worth to wait, and from where on a later move pays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from estimator.decision.outcome import Outcome
from estimator.decision.staging import Leg, Play, play
from estimator.record import record
from estimator.units import Array


@record(kw_only=True)
class Advice:
    """The condition under which a move pays most on average, the other conditions held as they are."""

    measure: str
    """What is observed: requests_per_month or quality."""
    sign: str
    threshold: float | None
    """Best number of the condition; None where the move pays always, or never. [requests/month, 1]"""
    moves: float
    """Share of futures in which the plan then moves. [1]"""
    net_benefit_usd: float
    """Expected net benefit of the plan with it. [USD]"""


@record(kw_only=True)
class Step:
    """One move of a plan."""

    use: str
    month: int
    """Decision month. [month]"""
    conditions: Mapping[str, str]
    moves: float
    """Share of futures in which the plan reaches this option. [1]"""
    advice: Advice


@record(kw_only=True)
class StagedPlan:
    """A plan in stages beside its options committed to today."""

    starts_with: str
    steps: tuple[Step, ...]
    net_benefit_usd: float
    """Expected. [USD]"""
    best_alone: str
    """Stage that is best when committed to today."""
    best_alone_usd: float
    """Its expected net benefit. [USD]"""

    @property
    def value_of_waiting_usd(self) -> float:
        """E[NB of the plan] − max over its options of E[NB when committed to today]. [USD]"""
        return self.net_benefit_usd - self.best_alone_usd


@record(kw_only=True)
class Watched:
    """One move of a plan in every future: what is seen before it, and what moving and staying bring."""

    use: str
    month: int
    """Decision month. [month]"""
    conditions: Mapping[str, tuple[str, float]]
    measure: str
    """What the first condition looks at."""
    sign: str
    observed: Array
    """Shape (1 or n,). [requests/month, 1]"""
    moved: Array
    """1 where the plan reaches this option, else 0, shape (1 or n,). [1]"""
    moving_usd: Array
    """Net benefit where the other conditions alone decide, shape (n,). [USD]"""
    staying_usd: Array
    """Net benefit without the move, shape (n,). [USD]"""


@record(kw_only=True)
class Played:
    """A plan carried out in every future, and what its moves would bring."""

    outcome: Outcome
    stages: tuple[str, ...]
    """Names of its options, in order."""
    watched: tuple[Watched, ...]


def played(name: str, legs: Sequence[Leg]) -> Played:
    """Carry a plan out, and try every move of it beside staying.

    Args:
        name: Name of the plan.
        legs: Its stages. [USD]

    Returns:
        Outcome of the plan and what its moves bring. [USD]

    Source: `play`; both branches are known in every future.
    """
    done = play(name, legs)
    watched = tuple(_watched(name, legs, done, place) for place in range(1, len(legs)))
    return Played(outcome=done.outcome, stages=tuple(leg.option.name for leg in legs), watched=watched)


def plan_of(done: Played, alone: Sequence[Outcome]) -> StagedPlan:
    """Compare a plan with each of its options committed to today.

    Args:
        done: The plan carried out in all futures. [USD]
        alone: The options of its stages, committed to at launch. [USD]

    Returns:
        Value of waiting, and what is best to wait for. [USD]

    Source: real option to defer, Dixit & Pindyck 1994, by simulation.
    """
    best = max(alone, key=lambda item: _mean(item.net_benefit))
    return StagedPlan(
        starts_with=done.stages[0],
        steps=tuple(_step(item, done.outcome.size) for item in done.watched),
        net_benefit_usd=_mean(done.outcome.net_benefit),
        best_alone=best.name,
        best_alone_usd=_mean(best.net_benefit),
    )


def _watched(name: str, legs: Sequence[Leg], done: Play, place: int) -> Watched:
    leg = legs[place]
    measure, (sign, _) = next(iter(leg.conditions.items()), ("requests_per_month", (">", 0.0)))
    tried = list(legs)
    rest = {key: value for key, value in leg.conditions.items() if key != measure}
    tried[place] = replace(leg, conditions=rest)
    return Watched(
        use=leg.option.name,
        month=leg.start,
        conditions=leg.conditions,
        measure=measure,
        sign=sign,
        observed=done.observed[place][measure],
        moved=done.moved[place].astype(float),
        moving_usd=play(name, tried).net_benefit,
        staying_usd=play(name, tried, forced={place: False}).net_benefit,
    )


def _step(watched: Watched, size: int) -> Step:
    threshold, share, usd = best_threshold(
        observed=_futures(np.broadcast_to(watched.observed, (size,))),
        moving_usd=_futures(watched.moving_usd),
        staying_usd=_futures(watched.staying_usd),
        upwards=watched.sign.startswith(">"),
    )
    return Step(
        use=watched.use,
        month=watched.month,
        conditions={key: f"{mark} {number:g}" for key, (mark, number) in watched.conditions.items()},
        moves=_mean(np.broadcast_to(watched.moved, (size,))),
        advice=Advice(
            measure=watched.measure, sign=watched.sign[0], threshold=threshold, moves=share, net_benefit_usd=usd
        ),
    )


def best_threshold(
    *, observed: Array, moving_usd: Array, staying_usd: Array, upwards: bool = True
) -> tuple[float | None, float, float]:
    """Number X for which moving in the futures beyond X gives the highest mean net benefit.

    Args:
        observed: What is looked at, shape (futures,). [any unit]
        moving_usd: Net benefit with the move, shape (futures,). [USD]
        staying_usd: Net benefit without it, shape (futures,). [USD]
        upwards: Whether the move is made above X; else below.

    Returns:
        X, or None where it is best to move always or never; share of futures beyond it; mean net benefit.
        [unit of observed, 1, USD]

    Source: futures sorted by what is observed, running sum of the gain, its maximum.

    >>> best_threshold(observed=np.array([1.0, 2.0, 3.0, 4.0]), moving_usd=np.array([-4.0, -1.0, 2.0, 3.0]),
    ...                staying_usd=np.zeros(4))
    (2.5, 0.5, 1.25)
    """
    order = np.argsort(-observed if upwards else observed, kind="stable")
    sorted_observed = observed[order]
    gain = np.concatenate(([0.0], np.cumsum((moving_usd - staying_usd)[order])))
    ties = np.concatenate(([False], sorted_observed[1:] == sorted_observed[:-1], [False]))  # no X lies between equals
    beyond = int(np.where(ties, -np.inf, gain).argmax())
    usd = float(staying_usd.mean() + gain[beyond] / observed.size)
    inside = 0 < beyond < observed.size
    threshold = float(sorted_observed[beyond - 1 : beyond + 1].mean()) if inside else None
    return threshold, beyond / observed.size, usd


def _futures(values: Array) -> Array:
    return values[1:] if values.size > 1 else values


def _mean(values: Array) -> float:
    return float(_futures(values).mean())
