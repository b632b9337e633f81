"""Several scenarios as one budget: what is taken, what it costs by month, what they share."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from estimator.catalog import Catalog, load_catalog
from estimator.decision import Band, band
from estimator.errors import EstimatorError, InfeasibleError, InputError
from estimator.pipeline import DRAWS, estimate
from estimator.plain import percentiles_by_month
from estimator.questions.calendar import Calendar
from estimator.questions.sharing import Saving, User, savings
from estimator.record import record
from estimator.results import Estimate, OptionEstimate
from estimator.scenario import Scenario
from estimator.units import Array


@record(kw_only=True)
class Member:
    """One scenario of a portfolio and the option that is taken."""

    label: str
    name: str
    """Of the scenario."""
    option: str
    chosen: str
    """How it was taken: verdict, or named."""
    model: str
    start: str
    months: int
    cost_usd: Band
    """Undiscounted. [USD]"""
    net_benefit_usd: Band
    """Present value at its own launch. [USD]"""
    quality: Band


@record(kw_only=True, slots=False)
class Portfolio:
    """Totals of several scenarios in the same futures; money undiscounted unless said otherwise."""

    members: tuple[Member, ...]
    on: tuple[str, ...]
    """Days of the prices, one per scenario."""
    draws: int
    seed: int
    months: tuple[str, ...]
    """Calendar months, e.g. 2027-01; what is paid before a launch falls in the month before it."""
    separate: Array
    """Sum of the scenarios by month, shape (1 or n, months). [USD]"""
    savings: tuple[Saving, ...]
    net_benefit_usd: Band
    """Present values at each launch, added; what is shared is not in it. [USD]"""

    @property
    def budget(self) -> Array:
        """Money by month after what is shared, shape (1 or n, months). [USD]"""
        total = self.separate
        for item in self.savings:
            total = total - item.saved if item.applied else total
        return total

    @property
    def separate_usd(self) -> Band:
        """Sum of the scenarios. [USD]"""
        return band(self.separate.sum(axis=1))

    @property
    def total_usd(self) -> Band:
        """Sum of the scenarios after what is shared. [USD]"""
        return band(self.budget.sum(axis=1))

    @property
    def saved_usd(self) -> Band:
        """What sharing saves. [USD]"""
        return band((self.separate - self.budget).sum(axis=1))

    @property
    def by_month(self) -> dict[str, list[float]]:
        """Central case, p10, p50 and p90 of the budget of each month. [USD]"""
        return percentiles_by_month(self.budget)


def portfolio(
    scenarios: Sequence[Scenario],
    *,
    labels: Sequence[str] | None = None,
    option: str | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> Portfolio:
    """Several scenarios as one budget, in the same futures.

    Args:
        scenarios: What is carried out; they may start on different days and last differently long.
        labels: What to call them, such as their files; their names where not given.
        option: Taken in each scenario that has it; elsewhere, or where not given, the choice of the verdict.
        draws: Futures. [count]
        seed: Seed of the futures; an input of the same key is drawn alike in all scenarios.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.

    Returns:
        Options, totals, budget by month and what is shared. [USD]

    Raises:
        InputError: there is no scenario, no option qualifies in one, or one cannot be estimated; it is named.
    """
    if not scenarios:
        raise InputError("scenarios: none given; give at least one")
    if option is not None and not any(option in scenario.options for scenario in scenarios):
        raise InputError(f"option: {option!r} is in none of the scenarios; name one that they have")
    world = catalog or load_catalog()
    names = _unique(list(labels) if labels is not None else [scenario.name for scenario in scenarios])
    users, results = [], []
    for label, scenario in zip(names, scenarios, strict=True):
        try:
            result = estimate(scenario, draws=draws, seed=seed, catalog=world, on=on, window=draws)
            users.append(User(label=label, scenario=scenario, option=_taken(result, option)))
        except EstimatorError as error:
            raise InputError(f"{label}: {error}") from None
        results.append(result)
    calendar = Calendar.of(scenarios)
    separate = np.zeros((1, calendar.months))
    for user in users:
        separate = separate + calendar.place(user.option.ledger.monthly, user.scenario)
    return Portfolio(
        members=tuple(_member(user, named=user.option.name == option) for user in users),
        on=tuple(result.on.isoformat() for result in results),
        draws=draws,
        seed=seed,
        months=calendar.labels,
        separate=separate,
        savings=savings(users, calendar),
        net_benefit_usd=band(np.sum([user.option.outcome.net_benefit for user in users], axis=0)),
    )


def _taken(result: Estimate, named: str | None) -> OptionEstimate:
    if named in result.options:
        found = result.options[str(named)]
        if found.outcome.infeasible:
            raise InfeasibleError(f"option {named} cannot be carried out: {found.outcome.infeasible}")
        return found
    best = result.decision.verdict.best
    if best is None:
        raise InputError(
            "no option qualifies; name one of " + ", ".join(result.options) + ", or look at it with: estimator compare"
        )
    return result.options[best]


def _member(user: User, *, named: bool) -> Member:
    standing, outcome = user.option.standing, user.option.outcome
    return Member(
        label=user.label,
        name=user.scenario.name,
        option=user.option.name,
        chosen="named" if named else "verdict",
        model=user.option.model,
        start=f"{user.scenario.start:%Y-%m}",
        months=user.scenario.horizon,
        cost_usd=band(np.broadcast_to(outcome.costs.total, (outcome.size,))),
        net_benefit_usd=standing.net_benefit,
        quality=standing.quality,
    )


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        f"{name} ({names[: place + 1].count(name)})" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    )
