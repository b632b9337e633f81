"""Where an answer turns: the values of one input at which another side gets ahead, and how far away they are."""

from typing import Literal

from estimator.decision.brackets import Change
from estimator.decision.flips import distances
from estimator.inputs import Input
from estimator.record import record
from estimator.units import p5_p95

Question = Literal["tuning", "choice", "pair"]
"""Is tuning ahead of no tuning? Which option is ahead? Is one option ahead of another?"""
Side = Literal["above", "below"]
NOTHING = "nothing"
"""Who is ahead where no option may be chosen."""
TUNING, UNTUNED = "fine-tuning", "no fine-tuning"
"""Sides of the question whether to tune."""


@record(kw_only=True)
class Flip:
    """A value of one input at which an answer turns, all other inputs at their central values."""

    question: Question
    key: str
    unit: str
    today: float
    value: float
    side: Side
    """Whether the value lies above or below today's."""
    before: str
    """Who is ahead just before the value, coming from today's."""
    beyond: str
    """Who is ahead just beyond it."""
    absolute: float
    """Value minus today's. [unit of the input]"""
    relative: float
    """The same as a share of today's value; infinite where that is zero. [1]"""
    inside_range: bool
    """Whether the value lies inside the 90 % range of the input."""
    is_jump: bool
    """Whether the difference jumps over zero there, by a floor or a step, instead of crossing it."""
    gap_usd: float
    """Difference of the two, put in at the value: near zero at a crossing; infinite where one may not be chosen."""


@record(kw_only=True)
class Turns:
    """What would turn the answer to one question."""

    question: Question
    now: str
    """Who is ahead with every input at its central value."""
    flips: tuple[Flip, ...]
    """Nearest first: inside the own range of an input, then by relative distance."""
    never: tuple[str, ...]
    """Inputs that turn nothing within what was looked at."""


def flips_of(*, changes: tuple[Change, ...], names: tuple[str, ...], item: Input, question: Question) -> list[Flip]:
    """Changes of the choice over one input as flips with names, distances and the range of the input.

    Args:
        changes: Values at which the choice changes. [unit of the input]
        names: Names of the sides, by index of a change. [1]
        item: The input; its 90 % range is that of its futures. [unit of the input]
        question: What is turned. [1]

    Returns:
        One flip per change, nearest first. [unit of the input, USD]

    Source: definition.
    """
    low, high = p5_p95(item.value)
    found = []
    for far in distances(changes=changes, today=item.central, p5=low, p95=high):
        change = far.change
        above = far.absolute >= 0
        before, beyond = (change.below, change.above) if above else (change.above, change.below)
        found.append(
            Flip(
                question=question,
                key=item.key,
                unit=item.unit,
                today=item.central,
                value=change.value,
                side="above" if above else "below",
                before=names[before],
                beyond=names[beyond],
                absolute=far.absolute,
                relative=far.relative,
                inside_range=low < high and low <= change.value <= high,
                is_jump=change.is_jump,
                gap_usd=change.gap_usd,
            )
        )
    return found
