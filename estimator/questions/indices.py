"""Sobol' indices of the choice: which inputs, alone and with others, make the spread of the result."""

from collections.abc import Callable

import numpy as np

from estimator.decision import Sobol, sobol_design, sobol_indices, sobol_intervals
from estimator.errors import InputError
from estimator.questions.factors import REST, Factor, explained, factors_of, uncertain
from estimator.questions.whatif import WhatIf
from estimator.record import record
from estimator.units import Array

AT_ONCE = 16_384
"""Points evaluated in one pass of the pipeline, to bound the memory."""
MOST_POINTS = 400_000
"""Points of one study at most: about two minutes."""


@record(kw_only=True)
class Index:
    """Shares of the variance of one factor, with 90 % intervals."""

    factor: Factor
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@record(kw_only=True)
class SobolStudy:
    """Shares of the variance of a result."""

    indices: tuple[Index, ...]
    """Largest total share first; all inputs outside the leading ones are one factor."""
    points: int
    """Evaluations. [count]"""
    sd_usd: float
    """Standard deviation of the result over the points. [USD]"""
    futures_sd_usd: float
    """The same over the futures, events of chance included. [USD]"""

    @property
    def interactions(self) -> float:
        """Share of the variance that no input explains alone. [1]"""
        return float(np.clip(1.0 - sum(item.first for item in self.indices), 0.0, 1.0))


def sobol_study(
    what: WhatIf, *, lead: Array, result: Callable[[Array], Array], top: int, points: int, seed: int
) -> SobolStudy:
    """First-order and total Sobol' indices of the leading factors, all other inputs together as one more.

    Values are drawn from the futures of each factor, so that every shape of distribution and every correlation inside
    a factor is kept. Events of chance stand at their middle.

    Args:
        what: The estimate, ready to be asked at other values.
        lead: Futures of the result, by which the leading factors are found, shape (futures,). [USD]
        result: The result from net benefits of all options, shape (options, points). [USD]
        top: Leading factors. [count]
        points: Points per block, a power of 2. [count]
        seed: Seed of the points.

    Returns:
        Indices with intervals; none where nothing is uncertain. [1]

    Raises:
        InputError: too many points.
        EstimatorError: the scenario cannot be evaluated at some point.
    """
    factors = leading(what, lead=lead, top=top)
    if not factors:
        return SobolStudy(indices=(), points=0, sd_usd=0.0, futures_sd_usd=0.0)
    evaluations = points * (len(factors) + 2)
    if not points >= 64 or evaluations > MOST_POINTS:
        raise InputError(
            f"points: {points} for {len(factors)} factors make {evaluations:,} evaluations; allowed: at least 64 "
            f"points, and {MOST_POINTS:,} evaluations; lower top or points"
        )
    design = sobol_design(inputs=len(factors), size=points, seed=seed)
    results = np.concatenate(
        [
            result(what.at(_values(factors, design[:, start : start + AT_ONCE])).net_benefit)
            for start in range(0, design.shape[1], AT_ONCE)
        ]
    )
    found = sobol_indices(results=results, inputs=len(factors))
    intervals = sobol_intervals(results=results, inputs=len(factors), seed=seed)
    ranked = sorted(range(len(factors)), key=lambda place: -found.total[place])
    return SobolStudy(
        indices=tuple(_index(factors[place], place, found, intervals) for place in ranked),
        points=evaluations,
        sd_usd=float(results[: 2 * points].std()),
        futures_sd_usd=float(lead.std()),
    )


def leading(what: WhatIf, *, lead: Array, top: int) -> tuple[Factor, ...]:
    """The factors that explain most of the lead on their own, and one with all others. [1]"""
    known = uncertain(what.base.inputs)
    shares = dict(zip((item.key for item in known), explained(outcome=lead, inputs=known), strict=True))
    ranked = sorted(known, key=lambda item: (-shares[item.key], item.key))
    factors = factors_of(ranked)
    rest = tuple(item for factor in factors[top:] for item in factor.inputs)
    return (*factors[:top], *((Factor(f"{REST} ({len(rest)})", rest),) if rest else ()))


def _values(factors: tuple[Factor, ...], design: Array) -> dict[str, Array]:
    return {key: values for factor, row in zip(factors, design, strict=True) for key, values in factor.at(row).items()}


def _index(factor: Factor, place: int, found: Sobol, intervals: tuple[Array, Array]) -> Index:
    first, total = intervals
    return Index(
        factor=factor,
        first=float(found.first[place]),
        first_low=float(first[0, place]),
        first_high=float(first[1, place]),
        total=float(found.total[place]),
        total_low=float(total[0, place]),
        total_high=float(total[1, place]),
    )
