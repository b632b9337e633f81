"""The whole story: scenario in, estimate out. Calls the rooms in the order in which data flows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from estimator.catalog import Catalog, load_catalog
from estimator.constraining import checks_of
from estimator.decision import Outcome, StagedPlan, TaskFacts, decide
from estimator.errors import InfeasibleError
from estimator.inputs import OptionInputs, resolve, used
from estimator.labels import data_of, lora_penalty_of, quality_of
from estimator.money import USD, Currency, shown_in
from estimator.provenance import constants_of
from estimator.results import Estimate, OptionEstimate, OptionParts
from estimator.retrieval import retrieval_of
from estimator.scenario import Scenario
from estimator.serving import answer_of, request_of
from estimator.staging import staged_outcomes
from estimator.tco import (
    Ledger,
    Parts,
    benefits_of,
    check_names,
    costs_of,
    every_month,
    on_calendar,
    requests_per_month,
    retraining_of,
)
from estimator.training import sizing_of
from estimator.units import Array, Value, central
from estimator.upkeep import monitoring_of, upkeep_of

DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Volume:
    """Requests of all options: they answer the same questions."""

    requests: Array
    """Shape (1 or n, months)."""
    asked: Array
    """The same with the empty month before launch, shape (1 or n, months + 1)."""


def estimate(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
    pinned: Mapping[str, Value] | None = None,
    typical: bool = False,
    currency: Currency = USD,
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
        currency: In which words and plain data of the result are; its arrays are in USD.

    Returns:
        The estimate. [USD, shares]

    Raises:
        EstimatorError: an input cannot be used; the message says which and what to do.
    """
    with shown_in(currency):
        options = _inputs_of(scenario, draws=draws, seed=seed, catalog=catalog, on=on, pinned=pinned, typical=typical)
        return replace(_estimated(scenario, options, draws=draws, seed=seed), currency=currency)


def _estimated(scenario: Scenario, options: Mapping[str, OptionInputs], *, draws: int, seed: int) -> Estimate:
    first = next(iter(options.values()))
    world = first.world
    asked, parts = ask_rooms(options)
    outcomes, plans = _outcomes(options, parts, asked)
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
    return Estimate(scenario, world.on, draws, seed, results, decision, inputs, constants_of(options))


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
    asked, parts = ask_rooms(options)
    return _outcomes(options, parts, asked)[0]


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


def ask_rooms(options: Mapping[str, OptionInputs]) -> tuple[Array, dict[str, OptionParts | str]]:
    """Requests per month, and what the rooms say about each option: its parts, or why it cannot be carried out."""
    first = next(iter(options.values()))
    asked = requests_per_month(
        first_month=first["workload.requests_per_month"],
        growth=first["workload.growth"],
        months=first.scenario.horizon,
        ramp_months=first["workload.ramp_months"],
        ramp_share=first["workload.ramp_share"] if first.given("workload.ramp_months") is not None else 0.0,
    )
    return asked, {name: _parts(option, options, _volume(asked, option.launch)) for name, option in options.items()}


def _volume(asked: Array, launch: int) -> "Volume":
    """Requests on the clock of an option: those from its launch on."""
    seen = asked[:, launch:]
    return Volume(seen, every_month(per_month=seen))


def _parts(option: OptionInputs, options: Mapping[str, OptionInputs], volume: "Volume") -> OptionParts | str:
    """Ask the rooms about one option; the reason in words when it cannot be carried out."""
    baseline = next(iter(options.values()))
    try:
        data = data_of(option)
        retrieval = retrieval_of(option)
        request = request_of(option, context_tokens=retrieval.context_tokens if retrieval else 0.0)
        sizing = sizing_of(option, examples=data.labels + data.synthetic if data else 0.0)
        quality = quality_of(option, baseline=baseline, lora_penalty=lora_penalty_of(option))
        answer = answer_of(option, request=request)
    except InfeasibleError as error:
        return str(error)
    once = retraining_of(option, data=data, sizing=sizing)
    care = upkeep_of(
        option,
        quality=quality,
        retrain_usd=once.total if once else 0.0,
        requests=volume.requests,
    )
    right = every_month(per_month=volume.requests * care.quality)
    money = Parts(
        option=option,
        request=request,
        requests=volume.requests,
        asked=volume.asked,
        right=right,
        wrong=volume.asked - right,
        data=data,
        sizing=sizing,
        answer=answer,
        retrieval=retrieval,
        care=care,
        retrain_usd=once,
        monitoring=monitoring_of(option, quality=quality.start),
    )
    return OptionParts(quality=quality, money=money)


def _outcomes(
    options: Mapping[str, OptionInputs], parts: Mapping[str, OptionParts | str], asked: Array
) -> tuple[tuple[Outcome, ...], dict[str, StagedPlan | None]]:
    """Outcomes in the order of the scenario, staged plans among them, and what is known of these plans."""
    alone = {name: _outcome(options[name], part, asked) for name, part in parts.items()}
    staged = staged_outcomes(options, alone, _ask_one)
    found = alone | {name: outcome for name, (outcome, _) in staged.items()}
    names = next(iter(options.values())).scenario.options
    return tuple(found[name] for name in names), {name: plan for name, (_, plan) in staged.items()}


def _ask_one(option: OptionInputs, options: Mapping[str, OptionInputs], requests: Array) -> Outcome:
    volume = Volume(requests, every_month(per_month=requests))
    return _outcome(option, _parts(option, options, volume), requests)


def _outcome(option: OptionInputs, parts: OptionParts | str, asked: Array) -> Outcome:
    size = option.world.draws + 1
    if isinstance(parts, str):
        empty = Ledger((), option.scenario.horizon, 0.0)
        nothing = np.zeros((1, option.scenario.horizon))
        return Outcome(option.name, option.kind, empty, empty, asked, nothing, size, infeasible=parts)
    costs, benefits = (on_calendar(ledger, option) for ledger in (costs_of(parts.money), benefits_of(parts.money)))
    before, care = ((0, 0), (option.launch, 0)), parts.money.care
    requests, quality = (np.pad(path, before) for path in (parts.money.requests, care.quality))
    full = option["workload.requests_per_month"]
    ends = tuple(str(text) for text in care.warnings)
    return Outcome(option.name, option.kind, costs, benefits, requests, quality, size, full, ends=ends)


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
