"""How many futures are enough? Draws are doubled until the decision no longer hangs on the sample."""

from datetime import date

import numpy as np

from estimator.asking import WINDOW
from estimator.catalog import Catalog, load_catalog
from estimator.decision.precision import Precision, precise_enough, precision_of
from estimator.errors import InputError
from estimator.pipeline import estimate
from estimator.record import record
from estimator.results import Estimate
from estimator.scenario import Scenario
from estimator.units import Array

FIRST, MOST = 1_250, 80_000


@record(slots=False)
class PreciseEstimate:
    """An estimate from as many futures as its decision needed."""

    estimate: Estimate
    precision: Precision
    """Errors of the decision, and the futures used."""
    reached: bool
    """Whether the aim was reached; else the most futures allowed were too few."""
    tried: tuple[Precision, ...]
    """Errors at each number of futures, the last one included."""


def estimate_precisely(
    scenario: Scenario,
    *,
    relative_error: float = 0.01,
    first: int = FIRST,
    most: int = MOST,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
    whole: bool = False,
) -> PreciseEstimate:
    """The estimate of a scenario from enough futures: draws are doubled until its decision is precise.

    The rule is `decision.precision.precise_enough`. Standard errors are those of independent futures; the futures are
    a Latin hypercube sample, for which they are conservative.

    Args:
        scenario: What the user asks.
        relative_error: Aim, as a share: of the lead of the best option (or its spread), and for its odds. [1]
        first: Futures to begin with. [count]
        most: Futures at which to stop. [count]
        seed: Seed of the futures; the same seed gives the same result, bit for bit.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.
        whole: Whether lines keep their months in every future, however many there are.

    Returns:
        The last estimate, the errors of its decision and those on the way. [USD, shares]

    Raises:
        InputError: the aim or the numbers of futures are out of range.
        EstimatorError: an input cannot be used.
    """
    if not 0.0 < relative_error < 1.0:
        raise InputError(f"relative_error: {relative_error:g} is not between 0 and 1; 0.01 is a good aim")
    if not 2 <= first <= most:
        raise InputError(f"first: {first} is outside 2 to most ({most:,}); {FIRST} is a good number")
    world = catalog or load_catalog()
    tried: list[Precision] = []
    draws = first
    while True:
        window = draws if whole else WINDOW
        found = estimate(scenario, draws=draws, seed=seed, catalog=world, on=on, window=window)
        tried.append(precision_of_estimate(found))
        reached = precise_enough(precision=tried[-1], relative_error=relative_error)
        if reached or draws == most:
            return PreciseEstimate(found, tried[-1], reached, tuple(tried))
        draws = min(2 * draws, most)


def precision_of_estimate(found: Estimate) -> Precision:
    """Sampling errors of the decision of an estimate; of the best option alone where nothing competes with it."""
    verdict = found.decision.verdict
    if verdict.best is None:
        return precision_of(lead=np.zeros(found.draws), probability_best=0.0)
    lead = _futures(found, verdict.best)
    if verdict.runner_up is not None:
        lead = lead - _futures(found, verdict.runner_up)
    return precision_of(lead=lead, probability_best=found.decision.standings[verdict.best].probability_best)


def _futures(found: Estimate, name: str) -> Array:
    return found.options[name].outcome.net_benefit[1:]
