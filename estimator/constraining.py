"""From a scenario and what the rooms said to the facts that hard constraints look at."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from estimator.decision import Check, Demands, OptionFacts, Outcome, Processor, checks
from estimator.inputs import OptionInputs
from estimator.labels import labeller_of
from estimator.results import OptionParts
from estimator.serving import OwnAnswer, mode_of
from estimator.training import OWNED
from estimator.units import DAYS_PER_MONTH, DAYS_PER_WEEK, HOURS_PER_DAY, Value, central


def checks_of(
    options: Mapping[str, OptionInputs], parts: Mapping[str, OptionParts | str], outcomes: Mapping[str, Outcome]
) -> dict[str, tuple[Check, ...]]:
    """Every hard constraint of the scenario, held against every option that can be carried out.

    Args:
        options: Inputs by option.
        parts: What the rooms said, or why an option cannot be carried out.
        outcomes: Costs by option, staged plans among them. [USD]

    Returns:
        Checks by option, those of a staged plan being the ones of all its stages; none where the scenario has no
        constraints. [1]

    Source: `checks`.
    """
    first = next(iter(options.values()))
    if first.scenario.constraints is None:
        return {}
    demands = demands_of(first)
    facts = {
        name: facts_of(options[name], part, outcomes[name])
        for name, part in parts.items()
        if isinstance(part, OptionParts)
    }
    plans = {
        name: _of_plan(
            [(use, facts[use]) for use in first.scenario.uses(name) if use in facts], outcomes[name], demands
        )
        for name in first.scenario.staged
        if not outcomes[name].infeasible
    }
    return {name: checks(item, demands) for name, item in facts.items()} | plans


def _of_plan(stages: Sequence[tuple[str, OptionFacts]], plan: Outcome, demands: Demands) -> tuple[Check, ...]:
    """What holds for every stage, the launch of the first, and the money of the plan as a whole."""
    found = []
    for place, (use, facts) in enumerate(stages):
        asked = replace(demands, weeks=None if place else demands.weeks, upfront_usd=None, monthly_usd=None)
        found += [replace(check, text=f"{use}: {check.text}") for check in checks(facts, asked)]
    money = Demands(upfront_usd=demands.upfront_usd, monthly_usd=demands.monthly_usd)
    spent = plan.costs.monthly
    if stages:
        found += checks(replace(stages[0][1], upfront_usd=spent[:, 0], monthly_usd=spent[:, 1:]), money)
    return tuple(found)


def demands_of(option: OptionInputs) -> Demands:
    """The constraints of the scenario as plain figures; amounts in USD."""
    wanted = option.scenario.constraints
    if wanted is None:
        return Demands()

    def figure(key: str) -> float | None:
        return central(option[f"constraints.{key}"]) if option.given(f"constraints.{key}") is not None else None

    return Demands(
        regions=frozenset(name.lower() for name in wanted.data_residency),
        self_hosted_only=wanted.self_hosted_only,
        no_training_on_data=wanted.no_training_on_data,
        cleared=frozenset(name.lower() for name in wanted.providers_cleared),
        barred=frozenset(name.lower() for name in wanted.providers_barred),
        first_token_s=figure("latency_seconds.first_token"),
        answer_s=figure("latency_seconds.answer"),
        must_cite=wanted.must_cite,
        commercial_licence=wanted.licence == "commercial",
        weeks=_weeks_left(option, figure("weeks_to_launch")),
        skills=None if wanted.skills is None else frozenset(wanted.skills),
        upfront_usd=figure("budget_usd.upfront"),
        monthly_usd=figure("budget_usd.per_month"),
    )


def _weeks_left(option: OptionInputs, weeks: float | None) -> float | None:
    wanted = option.scenario.constraints
    if wanted is None or wanted.deadline is None:
        return weeks
    years, month = divmod(wanted.deadline.month, 12)
    end = date(wanted.deadline.year + years, month + 1, 1)
    left = (end - (wanted.work_starts or option.world.on)).days / DAYS_PER_WEEK
    return left if weeks is None else min(left, weeks)


def facts_of(option: OptionInputs, parts: OptionParts, outcome: Outcome) -> OptionFacts:
    """What the constraints look at, for one option that can be carried out."""
    spec, answer = option.spec, parts.money.answer
    own = answer if isinstance(answer, OwnAnswer) else None
    wanted = option.scenario.constraints
    needs = {
        "prompting": True,
        "retrieval": spec.retrieval is not None,
        "fine_tuning": spec.tuning is not None or spec.pretraining is not None,
        "serving": own is not None,
    }
    timed = wanted is not None and (wanted.deadline is not None or wanted.weeks_to_launch is not None)
    return OptionFacts(
        processors=processors_of(option, parts),
        retrieves=spec.retrieval is not None,
        tunes=spec.tuning is not None,
        first_token_s=own.first_token_s if own else None,
        answer_s=own.first_token_s + parts.money.request.written * own.token_s if own else None,
        licence=option.licence,
        weeks=_weeks(option, parts) if timed else 0.0,
        needs=tuple(skill for skill, needed in needs.items() if needed),
        upfront_usd=outcome.costs.monthly[:, 0],
        monthly_usd=outcome.costs.monthly[:, 1:],
    )


def processors_of(option: OptionInputs, parts: OptionParts) -> tuple[Processor, ...]:
    """Everybody who sees requests, documents or examples of an option; its stated region holds for all of them."""
    found = [_answering(option, parts), *_learning(option, parts), *_retrieving(option), *_judging(option)]
    stated = option.spec.region
    if stated is None:
        return tuple(found)
    return tuple(
        Processor(does=who.does, who=who.who, third_party=who.third_party, region=stated, learns=who.learns)
        for who in found
    )


def _answering(option: OptionInputs, parts: OptionParts) -> Processor:
    answer = parts.money.answer
    if isinstance(answer, OwnAnswer):
        who = "own" if answer.provider == OWNED else answer.provider
        return Processor(does="answering", who=who, third_party=False, region=answer.region)
    serving, price = option.spec.serving, option.token_price
    named = serving.provider if serving is not None and serving.provider else None
    if mode_of(option) == "managed" or price is None:
        named = named or _provider(option.model)
    return Processor(does="answering", who=(named or _priced(option)).lower(), third_party=True)


def _priced(option: OptionInputs) -> str:
    return option.token_price.provider if option.token_price is not None else _provider(option.model)


def _provider(reference: str) -> str:
    return reference.partition("/")[0].lower()


def _learning(option: OptionInputs, parts: OptionParts) -> list[Processor]:
    tuning, sizing = option.spec.tuning, parts.money.sizing
    if tuning is None:
        return []
    found = []
    plan = sizing.plan.chosen if sizing is not None and sizing.plan is not None else None
    if tuning.method == "managed":
        row = option.world.catalog.find(f"managed/{option.model}/train", option.world.on)
        region = row.region if row is not None else ""
        who = _provider(option.model)
        found.append(Processor(does="tuning", who=who, third_party=True, region=region, learns=True))
    elif plan is not None:
        who = "own" if plan.provider == OWNED else plan.provider
        found.append(Processor(does="tuning", who=who, third_party=False, region=plan.region))
    labeller = labeller_of(option)
    if tuning.annotation.model is not None:
        found.append(Processor(does="labelling", who=_provider(tuning.annotation.model), third_party=True))
    else:
        outside = {"crowd": True, "vendor": True, "in_house": False}.get(labeller or "")
        found.append(
            Processor(does="labelling", who="own" if outside is False else labeller or "", third_party=outside)
        )
    return found


def _retrieving(option: OptionInputs) -> list[Processor]:
    retrieval = option.spec.retrieval
    if retrieval is None:
        return []
    found = []
    for does, model in (("embedding", retrieval.embedding), ("reranking", retrieval.rerank)):
        if model is not None:
            own = model == "own"
            region = "eu" if "/eu/" in model else ""
            found.append(
                Processor(does=does, who="own" if own else _provider(model), third_party=not own, region=region)
            )
    store = retrieval.store
    if store is not None:
        found.append(Processor(does="keeping the index", who=_provider(store), third_party=True))
    return found


def _judging(option: OptionInputs) -> list[Processor]:
    judge = option.spec.upkeep.judge_model if option.spec.upkeep is not None else None
    return [] if judge is None else [Processor(does="judging", who=_provider(judge), third_party=True)]


def _weeks(option: OptionInputs, parts: OptionParts) -> Value:
    """Labelling, then building by the team, then training: one after the other."""
    money, spec = parts.money, option.spec
    hours = option["prompt.build_hours"]
    if spec.retrieval is not None:
        hours = hours + option["retrieval.build_hours"] + option["retrieval.evaluation_hours"]
    if spec.tuning is not None:
        hours = hours + option["tuning.build_hours"]
    pace = option["constraints.team"] * option["constraints.team_hours_per_month"] * DAYS_PER_WEEK / DAYS_PER_MONTH
    weeks: Value = hours / pace
    if money.data is not None:
        weeks = weeks + money.data.weeks
    plan = money.sizing.plan.chosen if money.sizing is not None and money.sizing.plan is not None else None
    if plan is not None:
        weeks = weeks + np.asarray(plan.hours_per_run) * plan.runs / (HOURS_PER_DAY * DAYS_PER_WEEK)
    return weeks
