"""Outcomes of windows of futures become one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from estimator.decision.outcome import Answers, Outcome
from estimator.decision.waiting import Played
from estimator.inputs import joined_values
from estimator.tco import Path, condensed, held, joined_ledger, joined_paths, narrowed
from estimator.units import Array, over_months


def held_outcome(outcome: Outcome) -> Outcome:
    """The same outcome with its months in half the space; its ledgers keep the months of their lines.

    Args:
        outcome: One option. [USD]

    Returns:
        The same figures; those of single months in single precision. [USD]

    Source: `narrowed`.
    """
    return _kept(replace(outcome, costs=held(outcome.costs), benefits=held(outcome.benefits)))


def condensed_outcome(outcome: Outcome) -> Outcome:
    """The same outcome without the months of its lines, as windows are joined.

    Args:
        outcome: One option in one window of the futures. [USD]

    Returns:
        The same figures; those of single months in single precision. [USD]

    Source: `narrowed`.
    """
    return _kept(replace(outcome, costs=condensed(outcome.costs), benefits=condensed(outcome.benefits)))


def joined_outcome(windows: Sequence[Outcome], sizes: Sequence[int]) -> Outcome:
    """One outcome over all futures from one per window.

    Args:
        windows: The same option in each window, condensed. [USD]
        sizes: Futures of each window. [count]

    Returns:
        The outcome. [USD]

    Source: definition.
    """
    first = windows[0]
    answers = [item.answers for item in windows if item.answers is not None]
    return replace(
        first,
        costs=joined_ledger([item.costs for item in windows], sizes),
        benefits=joined_ledger([item.benefits for item in windows], sizes),
        requests_by_month=joined_paths([_path(item.requests_by_month) for item in windows], sizes),
        quality_by_month=joined_paths([_path(item.quality_by_month) for item in windows], sizes),
        size=1 + sum(sizes),
        full_requests=joined_values([item.full_requests for item in windows], sizes),
        ends=tuple(dict.fromkeys(text for item in windows for text in item.ends)),
        answers=Answers(
            _rows([item.asked for item in answers], sizes),
            _rows([item.right for item in answers], sizes),
        ),
    )


def joined_play(windows: Sequence[Played], sizes: Sequence[int]) -> Played:
    """A plan over all futures from one per window.

    Args:
        windows: The plan in each window, its outcome condensed. [USD]
        sizes: Futures of each window. [count]

    Returns:
        The plan. [USD]

    Source: definition.
    """
    first = windows[0]
    watched = []
    for place, move in enumerate(first.watched):
        seen = [item.watched[place] for item in windows]
        watched.append(
            replace(
                move,
                observed=_rows([item.observed for item in seen], sizes),
                moved=_rows([item.moved for item in seen], sizes),
                moving_usd=_rows([item.moving_usd for item in seen], sizes),
                staying_usd=_rows([item.staying_usd for item in seen], sizes),
            )
        )
    return replace(first, outcome=joined_outcome([item.outcome for item in windows], sizes), watched=tuple(watched))


def _rows(values: Sequence[Array], sizes: Sequence[int]) -> Array:
    return np.atleast_1d(np.asarray(joined_values(values, sizes)))


def _kept(outcome: Outcome) -> Outcome:
    requests, quality = outcome.requests, outcome.quality
    answers = Answers(over_months(requests), over_months(requests, quality))
    return replace(outcome, requests_by_month=narrowed(requests), quality_by_month=narrowed(quality), answers=answers)


def _path(path: Array | Path) -> Path:
    return path if isinstance(path, Path) else narrowed(path)
