"""What of an answer is the user's own, and which inputs carry it."""

from collections import Counter
from collections.abc import Sequence

from estimator.decision.drivers import Driver
from estimator.inputs import Input
from estimator.record import record

NAMED = 5
"""Drivers that are named. [count]"""


@record
class Ownership:
    """How many inputs are the user's own, and which of all drive the choice."""

    inputs: int
    yours: int
    defaults: int
    catalog: int
    """From the catalog, presets included."""
    drivers: tuple[Driver, ...]
    """The largest, at most five."""
    driven: float
    """Share of the spread that these explain. [1]"""
    sentence: str


def ownership(inputs: Sequence[Input], moved: Sequence[Driver]) -> Ownership:
    """Count the inputs by origin and sum up what the largest drivers explain.

    Args:
        inputs: Resolved inputs. [units of the inputs]
        moved: Drivers of the choice, largest first. [1]

    Returns:
        Counts, and one sentence. [1]

    Source: squared correlations, see `explained_share`.
    """
    count = Counter(item.origin for item in inputs)
    total, yours, defaults = len(inputs), count["yours"], count["default"]
    catalog = total - yours - defaults
    named = tuple(moved[:NAMED])
    driven = min(sum(driver.share for driver in named), 1.0)
    text = (
        f"{total - yours} of {total} inputs are not yours ({defaults} default{'' if defaults == 1 else 's'}, {catalog} "
        "from the catalog)"
    )
    if named:
        parts = ", ".join(f"{driver.key} {driver.share:.0%} ({driver.origin})" for driver in named)
        which = "this one drives" if len(named) == 1 else f"these {len(named)} drive"
        text += f"; {which} {driven:.0%} of the spread: {parts}"
    return Ownership(total, yours, defaults, catalog, named, driven, text)
