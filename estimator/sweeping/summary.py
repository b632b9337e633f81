"""What the rows of a sweep say together: the choice at each point, and how each option fares over all of them."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

from estimator.record import record
from estimator.sweeping.parts import read_sweep, settings_of
from estimator.sweeping.rows import Row

_FIGURES = ("cost_usd_p50", "net_benefit_usd_p50", "quality_p50", "probability_best")
_COLUMNS = ("scenario", "option", "eligible", "best", "answer", "error", *_FIGURES)


@record(kw_only=True)
class Choice:
    """What is chosen at one point."""

    point: int
    scenario: str | None
    varied: tuple[Any, ...]
    """Its values in the order of `SweepSummary.varied`."""
    best: str | None
    """None where no option qualifies or the point cannot be computed."""
    answer: str | None
    """Is fine-tuning worth it?"""
    probability_best: float | None
    cost_usd_p50: float | None
    net_benefit_usd_p50: float | None
    quality_p50: float | None
    error: str
    """Why it cannot be computed; empty when it can."""


@record
class Spread:
    """Smallest, middle and largest value over the points."""

    low: float
    median: float
    high: float


@record(kw_only=True)
class OptionOverPoints:
    """One option over all points at which it has figures."""

    option: str
    points: int
    eligible: int
    """Points at which it may be chosen. [count]"""
    best: int
    """Points at which it is chosen. [count]"""
    cost_usd_p50: Spread
    net_benefit_usd_p50: Spread
    quality_p50: Spread
    probability_best: Spread


@record(kw_only=True)
class SweepSummary:
    """A sweep in short."""

    folder: Path
    varied: tuple[str, ...]
    draws: int
    seed: int
    choices: tuple[Choice, ...]
    """One per point, in order."""
    options: tuple[OptionOverPoints, ...]
    """In the order in which they first appear."""

    @property
    def answers(self) -> dict[str, int]:
        """Points by answer to: is fine-tuning worth it? [count]"""
        return dict(Counter(choice.answer for choice in self.choices if choice.answer).most_common())

    @property
    def failed(self) -> tuple[Choice, ...]:
        """Points that cannot be computed."""
        return tuple(choice for choice in self.choices if choice.error)


def summary_of(folder: str | Path) -> SweepSummary:
    """The choice at each point of a sweep, and the options over all points.

    Args:
        folder: Folder of the sweep.

    Returns:
        The summary, unrounded. [USD, shares]

    Raises:
        UsageError: there is no sweep.

    Source: definition.
    """
    settings = settings_of(Path(folder))
    varied = tuple(settings["varied"])
    rows = read_sweep(folder, columns=[*_COLUMNS, *varied]).to_pylist()
    by_option: dict[str, list[Row]] = {}
    for row in rows:
        if row["option"] is not None:
            by_option.setdefault(row["option"], []).append(row)
    return SweepSummary(
        folder=Path(folder),
        varied=varied,
        draws=settings["draws"],
        seed=settings["seed"],
        choices=tuple(_choice(list(group), varied) for _, group in groupby(rows, key=lambda row: row["point"])),
        options=tuple(
            _over_points(name, found)
            for name, rows in by_option.items()
            if (found := [row for row in rows if row["cost_usd_p50"] is not None])
        ),
    )


def _choice(rows: Sequence[Row], varied: tuple[str, ...]) -> Choice:
    first = rows[0]
    best: Row = next((row for row in rows if row["best"]), {})
    return Choice(
        point=first["point"],
        scenario=first["scenario"],
        varied=tuple(first[path] for path in varied),
        best=best.get("option"),
        answer=first["answer"],
        error="" if first["option"] is not None else first["error"],
        **{name: best.get(name) for name in ("probability_best", "cost_usd_p50", "net_benefit_usd_p50", "quality_p50")},
    )


def _over_points(name: str, rows: Sequence[Row]) -> OptionOverPoints:
    return OptionOverPoints(
        option=name,
        points=len(rows),
        eligible=sum(row["eligible"] for row in rows),
        best=sum(row["best"] for row in rows),
        **{figure: _spread([row[figure] for row in rows]) for figure in _FIGURES},
    )


def _spread(values: Sequence[float]) -> Spread:
    return Spread(min(values), median(values), max(values))
