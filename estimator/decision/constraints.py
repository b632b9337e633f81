"""Hard constraints: each holds for an option, breaks it with a reason, or cannot be checked."""

from collections.abc import Iterator
from dataclasses import field, replace

import numpy as np

from estimator.catalog import Licence, lies_in
from estimator.money import amount
from estimator.record import record
from estimator.units import Array, Value

BUDGET_ODDS = 0.9
"""A budget holds when it suffices in nine of ten futures. Judgement."""


@record(kw_only=True)
class Check:
    """One constraint on one option."""

    constraint: str
    """Key of the scenario."""
    holds: bool | None
    """None where it cannot be told."""
    text: str
    """Why it does not hold or cannot be told; empty where it holds."""


@record(kw_only=True)
class Processor:
    """Somebody who sees the data of an option."""

    does: str
    """Its part in the option, e.g. answering."""
    who: str
    """Provider; own for hardware that was bought, empty where it is not named."""
    third_party: bool | None
    """Whether the data leaves machines that are owned or rented; None where it cannot be told."""
    region: str = ""
    learns: bool = False
    """Whether it trains on the data."""


@record(kw_only=True)
class OptionFacts:
    """What the constraints look at; arrays are draws."""

    processors: tuple[Processor, ...] = ()
    retrieves: bool = False
    tunes: bool = False
    first_token_s: Value | None = None
    """None where no figure is known. [s]"""
    answer_s: Value | None = None
    licence: Licence | None = None
    """Terms of the weights; None where none are taken."""
    weeks: Value = 0.0
    """Work until launch. [week]"""
    needs: tuple[str, ...] = ()
    """Skills."""
    upfront_usd: Value = 0.0
    monthly_usd: Array = field(default_factory=lambda: np.zeros((1, 1)))
    """Months after launch, shape (1 or n, months). [USD]"""


@record(kw_only=True)
class Demands:
    """The constraints of a scenario as plain figures; None and empty demand nothing."""

    regions: frozenset[str] = frozenset()
    self_hosted_only: bool = False
    no_training_on_data: bool = False
    cleared: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    first_token_s: float | None = None
    answer_s: float | None = None
    must_cite: bool = False
    commercial_licence: bool = False
    weeks: float | None = None
    """Time until launch. [week]"""
    skills: frozenset[str] | None = None
    upfront_usd: float | None = None
    monthly_usd: float | None = None


def checks(facts: OptionFacts, demands: Demands) -> tuple[Check, ...]:
    """Every constraint of the scenario, held against one option.

    Args:
        facts: What is known about the option. [USD, s, week]
        demands: What is asked for. [USD, s, week]

    Returns:
        One check per constraint that is asked for, and one per processor that breaks it. [1]

    Source: definition; a share of 0.9 of the futures for budgets, the median for times.
    """
    facts = replace(facts, processors=_merged(facts.processors))
    return (
        *_residency(facts, demands),
        *_self_hosted(facts, demands),
        *_training_on_data(facts, demands),
        *_barred(facts, demands),
        *_latency(facts, demands),
        *_citations(facts, demands),
        *_licence(facts, demands),
        *_launch(facts, demands),
        *_skills(facts, demands),
        *_budget(facts, demands),
    )


def _check(constraint: str, holds: bool | None, text: str = "") -> Check:
    return Check(constraint=f"constraints.{constraint}", holds=holds, text="" if holds else text)


def _merged(processors: tuple[Processor, ...]) -> tuple[Processor, ...]:
    """Those who do several things in one place, once."""
    groups: dict[Processor, list[str]] = {}
    for who in processors:
        groups.setdefault(replace(who, does=""), []).append(who.does)
    return tuple(replace(who, does=" and ".join(does)) for who, does in groups.items())


def _residency(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if not demands.regions:
        return
    wanted = ", ".join(sorted(demands.regions))
    for who in facts.processors:
        inside = lies_in(region=who.region, allowed=demands.regions)
        text = f"data must stay in {wanted}, but {_named(who)} in {who.region}; state another region of the option"
        if inside is None:
            place = f"in {who.region}, which does not tell" if who.region else "in a region that is not known"
            text = f"data cannot be shown to stay in {wanted}: {_named(who)} {place}; state region of the option"
        yield _check("data_residency", inside, text)


def _self_hosted(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if not demands.self_hosted_only:
        return
    for who in facts.processors:
        holds = None if who.third_party is None else not who.third_party
        told = f"{_named(who)}, a third party" if holds is False else f"{_named(who)}, perhaps outside"
        yield _check("self_hosted_only", holds, f"data may not leave own or rented machines, but {told}")


def _training_on_data(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if not demands.no_training_on_data:
        return
    for who in facts.processors:
        holds = who.third_party is False or (not who.learns and who.who in demands.cleared)
        if holds or who.learns:
            text = f"no third party may train on the data, but {_named(who)}"
            yield _check("no_training_on_data", holds, text)
        else:
            text = f"nobody can be shown not to train on the data: {_named(who)}; if its contract says so, add it to "
            yield _check("no_training_on_data", None, f"{text}providers_cleared")


def _barred(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if not demands.barred:
        return
    for who in facts.processors:
        if who.who:
            text = f"{who.who} may not be used, but {_named(who)}"
            yield _check("providers_barred", who.who not in demands.barred, text)
        else:
            yield _check("providers_barred", None, f"who does the {who.does} is not known")


def _latency(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    kinds = (
        ("first_token", "first token", demands.first_token_s, facts.first_token_s),
        ("answer", "whole answer", demands.answer_s, facts.answer_s),
    )
    for key, label, limit, found in kinds:
        if limit is None:
            continue
        if found is None:
            text = f"the {label} cannot be shown to come within {limit:.3g} s: nothing is known for a hosted model"
            yield _check(f"latency_seconds.{key}", None, text)
            continue
        middle = float(np.median(_futures(found)))
        text = f"its {label} takes {middle:.3g} s in the median, {limit:.3g} s are allowed"
        yield _check(f"latency_seconds.{key}", middle <= limit, text)


def _citations(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if demands.must_cite:
        yield _check("must_cite", facts.retrieves, "answers must cite passages, but it retrieves none")


def _licence(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if not demands.commercial_licence or facts.licence is None:
        return
    licence = facts.licence
    uses = [("commercial use", licence.may_serve_commercially)]
    uses += [("tuning", licence.may_tune)] if facts.tunes else []
    for use, allowed in uses:
        texts = {
            "no": f"its licence {licence.id} forbids {use}",
            "with conditions": f"its licence {licence.id} allows {use} under conditions: {licence.conditions}",
            "unknown": f"its licence cannot be shown to allow {use}",
        }
        holds = {"yes": True, "no": False}.get(allowed)
        yield _check("licence", holds, texts.get(allowed, ""))


def _launch(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if demands.weeks is None:
        return
    middle = float(np.median(_futures(facts.weeks)))
    text = f"it takes {middle:.1f} weeks to launch in the median, {demands.weeks:.1f} are left"
    yield _check("deadline", middle <= demands.weeks, text)


def _skills(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if demands.skills is None:
        return
    missing = [skill.replace("_", "-") for skill in facts.needs if skill not in demands.skills]
    yield _check("skills", not missing, f"the team lacks a skill that it needs: {', '.join(missing)}")


def _budget(facts: OptionFacts, demands: Demands) -> Iterator[Check]:
    if demands.upfront_usd is not None:
        cost = float(np.quantile(_futures(facts.upfront_usd), BUDGET_ODDS))
        text = f"it costs {amount(cost)} before launch (p90), {amount(demands.upfront_usd)} may be spent"
        yield _check("budget_usd.upfront", cost <= demands.upfront_usd, text)
    if demands.monthly_usd is not None:
        by_month = np.quantile(_futures(facts.monthly_usd), BUDGET_ODDS, axis=0)
        month, cost = int(np.argmax(by_month)), float(by_month.max())
        text = f"it costs {amount(cost)} in month {month + 1} (p90), {amount(demands.monthly_usd)} a month may be spent"
        yield _check("budget_usd.per_month", cost <= demands.monthly_usd, text)


def _named(who: Processor) -> str:
    name = {"": "somebody who is not named", "own": "the organisation itself"}.get(who.who, who.who)
    return f"{name} does {who.does}"


def _futures(values: Value) -> Array:
    array = np.atleast_1d(np.asarray(values, dtype=float))
    return array[1:] if array.shape[0] > 1 else array
