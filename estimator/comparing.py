"""Several scenarios side by side, in the same futures, and what each changed input did."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial

from estimator.attribution import causes_between
from estimator.catalog import Catalog, load_catalog
from estimator.errors import EstimatorError, InputError
from estimator.money import USD, Currency
from estimator.pipeline import DRAWS, estimate, outcomes_of
from estimator.results import Comparison, Estimate
from estimator.scenario import Scenario


def compare(
    scenarios: Sequence[Scenario],
    *,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
    currency: Currency = USD,
    origins: Sequence[str] = (),
    thorough: bool = False,
    lean: bool = False,
) -> Comparison:
    """Several scenarios side by side, in the same futures, and what each changed input did.

    Args:
        scenarios: What is compared; differences are against the first.
        draws: Futures. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.
        currency: In which words and plain data of the result are.
        origins: Files of the scenarios, to be named in errors.
        thorough: Whether to tell what each input did also where many changed.
        lean: Whether the estimates hold less memory, as for `estimate`.

    Returns:
        The comparison. [USD, shares]

    Raises:
        EstimatorError: an input cannot be used, or there is no scenario.
    """
    if not scenarios:
        raise InputError("scenarios: none given; give at least one")
    prices = catalog or load_catalog()
    estimates = []
    for place, scenario in enumerate(scenarios):
        with said_of(origins[place] if len(scenarios) > 1 and origins else ""):
            found = estimate(scenario, draws=draws, seed=seed, catalog=prices, on=on, currency=currency, lean=lean)
            estimates.append(found)
    return beside(estimates, catalog=prices, on=on, origins=origins, thorough=thorough)


def beside(
    estimates: Sequence[Estimate],
    *,
    catalog: Catalog | None = None,
    on: date | None = None,
    origins: Sequence[str] = (),
    thorough: bool = False,
) -> Comparison:
    """Estimates side by side, and what each changed input did.

    Args:
        estimates: Of the same futures and prices; differences are against the first.
        catalog: Prices and evidence of the estimates; the package's own where not given.
        on: Day of the prices they were asked for; None where each scenario's own day holds.
        origins: Files of the scenarios.
        thorough: Whether to tell what each input did also where many changed.

    Returns:
        The comparison. [USD, shares]

    Raises:
        EstimatorError: a scenario between two of them cannot be estimated.
    """
    first, prices = estimates[0], catalog or load_catalog()
    causes = tuple(
        causes_between(
            first.scenario,
            other.scenario,
            figures=(first.central_figures, other.central_figures),
            run=partial(outcomes_of, draws=1, seed=first.seed, catalog=prices, on=on, typical=True),
            thorough=thorough,
        )
        for other in estimates[1:]
    )
    return Comparison(tuple(estimates), causes, tuple(origins))


@contextmanager
def said_of(origin: str) -> Iterator[None]:
    """Errors that happen within begin with the name of a file."""
    try:
        yield
    except EstimatorError as error:
        error.args = (f"{origin}: {error}",) if origin else error.args
        raise
