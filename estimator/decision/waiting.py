"""What it is worth to wait, and from where on a later move pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from estimator.decision.outcome import Outcome
from estimator.decision.staging import Leg, Play, play
from estimator.units import Array


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move of a plan."""

    use: str
    month: int
    """Decision month. [month]"""
    conditions: Mapping[str, str]
    moves: float
    """Share of futures in which the plan reaches this option. [1]"""
    advice: Advice


@dataclass(frozen=True, slots=True, kw_only=True)
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


def staged_plan(name: str, legs: Sequence[Leg], alone: Sequence[Outcome]) -> tuple[Outcome, StagedPlan]:
    """Carry a plan out and compare it with each of its options committed to today.

    Args:
        name: Name of the plan.
        legs: Its stages. [USD]
        alone: The options of its stages, committed to at launch. [USD]

    Returns:
        Outcome and value of waiting. [USD]

    Source: real option to defer, Dixit & Pindyck 1994, by simulation: both branches are known in every future.
    """
    done = play(name, legs)
    best = max(alone, key=lambda item: _mean(item.net_benefit))
    steps = tuple(_step(name, legs, done, place) for place in range(1, len(legs)))
    plan = StagedPlan(
        starts_with=legs[0].option.name,
        steps=steps,
        net_benefit_usd=_mean(done.net_benefit),
        best_alone=best.name,
        best_alone_usd=_mean(best.net_benefit),
    )
    return done.outcome, plan


def _step(name: str, legs: Sequence[Leg], done: Play, place: int) -> Step:
    leg, size = legs[place], done.outcome.size
    measure, (sign, _) = next(iter(leg.conditions.items()), ("requests_per_month", (">", 0.0)))
    held = list(legs)
    rest = {key: value for key, value in leg.conditions.items() if key != measure}
    held[place] = replace(leg, conditions=rest)
    moving = play(name, held)
    staying = play(name, held, forced={place: False})
    threshold, share, usd = best_threshold(
        observed=_futures(np.broadcast_to(done.observed[place][measure], (size,))),
        moving_usd=_futures(moving.net_benefit),
        staying_usd=_futures(staying.net_benefit),
        upwards=sign.startswith(">"),
    )
    return Step(
        use=leg.option.name,
        month=leg.start,
        conditions={key: f"{mark} {number:g}" for key, (mark, number) in leg.conditions.items()},
        moves=_mean(np.broadcast_to(done.moved[place], (size,)).astype(float)),
        advice=Advice(measure=measure, sign=sign[0], threshold=threshold, moves=share, net_benefit_usd=usd),
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
