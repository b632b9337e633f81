"""Staged plans of a scenario: each later option is asked anew as of the month in which it takes over."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from estimator.decision import Leg, Outcome, Played, played
from estimator.decision.staging import SET
from estimator.inputs import OptionInputs
from estimator.scenario import Option, Scenario, Stage
from estimator.tco import Ledger
from estimator.units import Array, Value

Ask = Callable[[OptionInputs, Mapping[str, OptionInputs], Array], Outcome]
"""What the rooms say about one option, for the requests of its months."""
VOLUME = "workload.requests_per_month"
WORK_OF = {
    "data.": "tuning",
    "build.tuning": "tuning",
    "build.prompt": "prompt",
    "build.retrieval": "retrieval",
    "retrieval.": "retrieval",
    "evaluation.retrieval": "retrieval",
}
"""Section that one-off work belongs to, by start of the key of its line. A training run is left out: the later option
starts with a model of its own age."""


def staged_plays(
    options: Mapping[str, OptionInputs], outcomes: Mapping[str, Outcome], ask: Ask
) -> dict[str, Played | Outcome]:
    """Every staged plan of a scenario carried out in every future; no other option is touched.

    Args:
        options: Inputs of the options that have a model.
        outcomes: Their outcomes when committed to at launch, with the months of their lines. [USD]
        ask: Asks the rooms about one option.

    Returns:
        The plan by its name; the outcome alone, which says why, where a stage cannot be carried out. [USD]
    """
    scenario = next(iter(options.values())).scenario
    return {name: _plan(name, spec, options, outcomes, ask) for name, spec in scenario.staged.items()}


def _plan(
    name: str, spec: Option, options: Mapping[str, OptionInputs], outcomes: Mapping[str, Outcome], ask: Ask
) -> Played | Outcome:
    stages = spec.stages or ()
    alone = [outcomes[stage.use] for stage in stages]
    legs: list[Leg] = []
    for stage in stages:
        later = alone[0] if not legs else ask(*_later(stage, options, alone[0].requests))
        if later.infeasible:
            first = alone[0]
            empty = Ledger((), first.costs.months, 0.0)
            reason = f"{stage.use}: {later.infeasible}"
            nothing = np.zeros((1, first.costs.months))
            kinds = tuple(item.kind for item in alone)
            return Outcome(
                name, "staged", empty, empty, first.requests, nothing, first.size, infeasible=reason, stages=kinds
            )
        before = [options[item.use] for item in stages[: len(legs)]]
        legs.append(_leg(stage, later, before, options[stage.use], _switching(name, spec, options[stage.use])))
    return played(name, legs)


def _leg(stage: Stage, later: Outcome, before: list[OptionInputs], option: OptionInputs, switching_usd: Value) -> Leg:
    return Leg(
        option=later,
        start=stage.from_ or 0,
        conditions=stage.if_.conditions if stage.if_ is not None else {},
        switching_usd=switching_usd,
        kept=tuple(_kept(earlier, option, later) for earlier in before),
    )


def _later(
    stage: Stage, options: Mapping[str, OptionInputs], requests: Array
) -> tuple[OptionInputs, Mapping[str, OptionInputs], Array]:
    """The options as of the month after a decision: what is left of the horizon, the volume grown until then.

    Rooms that plan for a schedule of their own (retraining, re-embedding, ends of hosted models) need their start, and
    those that size for the volume (replicas, nodes) need that of their months; moving finished lines would give
    neither. Prices stay those of the day of the estimate, since no others are known.
    """
    month = stage.from_ or 0
    world = options[stage.use].world
    scenario = _shifted(world.scenario, month)
    left = requests[:, month:]
    touched = dict(world.touched)
    volume = left[:, 0] if left.shape[0] > 1 else float(left[0, 0])
    if VOLUME in touched:
        touched[VOLUME] = replace(touched[VOLUME], value=volume)
    then = replace(world, scenario=scenario, touched=touched, elapsed=world.elapsed + month)
    moved = {name: replace(option, world=then) for name, option in options.items()}
    return moved[stage.use], moved, left


def _shifted(scenario: Scenario, months: int) -> Scenario:
    total = scenario.start.year * 12 + scenario.start.month - 1 + months
    start = date(total // 12, total % 12 + 1, 1)
    return scenario.model_copy(update={"start": start, "horizon": scenario.horizon - months})


def _switching(name: str, spec: Option, option: OptionInputs) -> Value:
    """What a move costs beside the one-off costs of the later option."""
    if spec.switching_usd is not None:
        return OptionInputs(name, spec, option.world, "staged", None, None)["switching_usd"]
    return option["upkeep.migration_hours"] * option.price("labour/ml_engineer")


def _kept(before: OptionInputs, option: OptionInputs, later: Outcome) -> frozenset[str]:
    """Keys of one-off lines of an option that are the same work as in an earlier one."""
    keys = {line.key for line in later.costs.lines if not line.times[:, 1:].any()}
    same = {part for part in ("prompt", "retrieval", "tuning") if _section(before, part) == _section(option, part)}
    return frozenset(
        key
        for key in keys
        if key == SET or any(key.startswith(start) for start, part in WORK_OF.items() if part in same)
    )


def _section(option: OptionInputs, part: str) -> object:
    return getattr(option.spec, part)
