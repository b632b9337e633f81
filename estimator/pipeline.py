"""The whole story: scenario in, estimate out. Calls the rooms in the order in which data flows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from estimator.asking import WINDOW, Asked, ask
from estimator.catalog import Catalog, load_catalog
from estimator.constraining import checks_of
from estimator.decision import Outcome, TaskFacts, decide
from estimator.inputs import OptionInputs, resolve, used
from estimator.money import Currency, shown_currency, shown_in
from estimator.provenance import constants_of
from estimator.results import Estimate, OptionEstimate, OptionParts
from estimator.scenario import Scenario
from estimator.tco import check_names
from estimator.units import Value, central

DRAWS = 10_000


def estimate(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
    pinned: Mapping[str, Value] | None = None,
    typical: bool = False,
    window: int = WINDOW,
    lean: bool = False,
    currency: Currency | None = None,
) -> Estimate:
    """All options of one scenario, costed, valued and compared.

    Args:
        scenario: What the user asks.
        draws: Futures. [count]
        seed: Seed of the futures; the same seed gives the same result, bit for bit.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices; `prices_on` of the scenario, else its first day where not given.
        pinned: Values by key of an input that stand for what it would be: one, or one per future with the central case
            first, shape (1 + draws,).
        typical: Every other input takes its central value, so that the futures are what-ifs of the pinned ones.
        window: Most futures that are computed at once, which bounds the memory and changes no figure. [count]
        lean: Whether the result holds a third of the memory, without the months of each line in each future; no figure
            changes.
        currency: In which words and plain data of the result are, the shown one where not given; its arrays are in USD.

    Returns:
        The estimate. [USD, shares]

    Raises:
        EstimatorError: an input cannot be used; the message says which and what to do.
    """
    money = currency or shown_currency()
    with shown_in(money):
        options = _inputs_of(scenario, draws=draws, seed=seed, catalog=catalog, on=on, pinned=pinned, typical=typical)
        return replace(_estimated(scenario, options, ask(options, window=window, lean=lean), seed), currency=money)


def _estimated(scenario: Scenario, options: Mapping[str, OptionInputs], asked: Asked, seed: int) -> Estimate:
    first = next(iter(options.values()))
    world = first.world
    parts, outcomes = asked.parts, _outcomes(scenario, asked)
    plans = {name: plan for name, (_, plan) in asked.plans.items()}
    minimum = first["task.minimum_quality"] if scenario.task.minimum_quality is not None else None
    checked = checks_of(options, parts, {outcome.name: outcome for outcome in outcomes})
    decision = decide(
        outcomes,
        facts=_facts(first, options, outcomes),
        minimum_quality=minimum,
        valued=central(first["task.value_per_success"]) + central(first["task.cost_per_error"]) > 0,
        inputs=tuple(world.touched.values()),
        checked=checked,
    )
    results = {
        outcome.name: OptionEstimate(
            name=outcome.name,
            model=" → ".join(options[name].model for name in scenario.uses(outcome.name)),
            outcome=outcome,
            standing=decision.standings[outcome.name],
            parts=part if isinstance(part := parts.get(outcome.name), OptionParts) else None,
            licence=options[outcome.name].licence if outcome.name in options else None,
            checks=checked.get(outcome.name, ()),
            plan=plans.get(outcome.name),
        )
        for outcome in outcomes
    }
    inputs = used(world.touched.values())
    return Estimate(scenario, world.on, world.draws, seed, results, decision, inputs, constants_of(options))


def outcomes_of(
    scenario: Scenario,
    *,
    draws: int,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
    pinned: Mapping[str, Value] | None = None,
    typical: bool = False,
) -> tuple[Outcome, ...]:
    """Options of one scenario costed and valued, without a decision: what what-ifs are made of.

    Args:
        scenario: What the user asks.
        draws: Futures. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.
        pinned: Values by key of an input that stand for what it would be, as for `estimate`.
        typical: Every other input takes its central value.

    Returns:
        One outcome per option, in the order of the scenario. [USD, shares]

    Raises:
        EstimatorError: an input cannot be used.
    """
    options = _inputs_of(scenario, draws=draws, seed=seed, catalog=catalog, on=on, pinned=pinned, typical=typical)
    return _outcomes(scenario, ask(options))


def _inputs_of(
    scenario: Scenario,
    *,
    draws: int,
    seed: int,
    catalog: Catalog | None,
    on: date | None,
    pinned: Mapping[str, Value] | None,
    typical: bool,
) -> dict[str, OptionInputs]:
    check_names(scenario)
    prices = catalog or load_catalog()
    return resolve(scenario, catalog=prices, on=on, draws=draws, seed=seed, pinned=pinned, typical=typical)


def _outcomes(scenario: Scenario, asked: Asked) -> tuple[Outcome, ...]:
    """In the order of the scenario, staged plans among them."""
    found = dict(asked.alone) | {name: outcome for name, (outcome, _) in asked.plans.items()}
    return tuple(found[name] for name in scenario.options)


def _facts(first: OptionInputs, options: Mapping[str, OptionInputs], outcomes: Sequence[Outcome]) -> TaskFacts:
    task = first.scenario.task
    tuned = [option for option in options.values() if option.spec.tuning is not None]
    shares = [outcome.upkeep_share for outcome in outcomes if outcome.kind in {"tuning", "hybrid"}]
    return TaskFacts(
        facts_change=central(first["task.facts_change"]),
        knowledge_share=central(first["task.knowledge_share"]),
        must_cite=task.must_cite,
        domain=task.domain,
        narrow=task.narrow,
        style=task.style,
        labels=max((central(option["tuning.labels"]) for option in tuned), default=None),
        requests_per_month=central(first["workload.requests_per_month"]),
        upkeep_share=max(shares, default=None),
    )
