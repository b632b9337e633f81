"""What is worth measuring before choosing: inputs, themes, the accuracy of the options, a pilot."""

from collections.abc import Sequence

import numpy as np

from estimator.catalog import Catalog
from estimator.decision import Worth, perfect_information, value_of_knowing_together
from estimator.decision.words import money
from estimator.errors import InputError
from estimator.questions.factors import COPIES, Factor, by_theme, explained, factors_of, uncertain
from estimator.questions.piloting import PilotPlan, pilots
from estimator.record import record
from estimator.results import Estimate
from estimator.units import Array

LEADING = 3
"""Inputs of a theme that are known together: more would ask for more futures than there are. [count]"""
CLEAR = 2.0
"""Standard errors by which a worth must exceed zero to be named. Convention."""
LITTLE = 0.02
"""Share of the largest worth below which an input counts as not worth measuring. Judgement. [1]"""


@record
class Known:
    """What it is worth at most to know something before choosing."""

    name: str
    factor: Factor | None
    """Inputs behind it; None for the accuracy of an option."""
    worth: Worth
    share: float
    """Share of the spread of the lead that it explains. [1]"""
    share_of_best: float
    """Share of the spread of the net benefit of the best option that it explains. [1]"""

    @property
    def is_clear(self) -> bool:
        """Whether the worth is more than chance."""
        return self.worth.usd > CLEAR * self.worth.standard_error_usd


@record
class Theme:
    """A group of inputs that would be learnt together."""

    name: str
    leading: tuple[str, ...]
    inputs: int
    worth: Worth
    """Of the leading inputs together; the whole group is worth at least that."""


@record(slots=False)
class Information:
    """Worth of information before the choice."""

    perfect: Worth
    inputs: tuple[Known, ...]
    """Most valuable first, at most as many as were asked for."""
    tried: int
    """Factors examined. [count]"""
    themes: tuple[Theme, ...]
    accuracies: tuple[Known, ...]
    """Quality at launch of each eligible option."""
    pilots: tuple[PilotPlan, ...]
    loud: Known | None
    """Moves the net benefit of the best option most without being worth measuring."""
    advice: str


def information_of(base: Estimate, *, lead: Array, top: int, pilot_labels: float, catalog: Catalog) -> Information:
    """EVPI, EVPPI of every uncertain input and of themes, and the worth of a pilot.

    Args:
        base: The estimate that is to be decided on.
        lead: Futures of the lead whose spread is shared out, shape (futures,). [USD]
        top: Inputs wanted. [count]
        pilot_labels: Labels of the pilot. [count]
        catalog: Prices and evidence of the estimate.

    Returns:
        The worths. [USD]

    Raises:
        InputError: no option qualifies.
    """
    eligible = [name for name, option in base.options.items() if option.standing.eligible]
    if not eligible:
        raise InputError(
            "options: none qualifies, so nothing can be learnt that changes the choice; `estimator compare` says why"
        )
    benefit = np.stack([base.options[name].outcome.net_benefit[1:] for name in eligible])
    best = benefit[benefit.mean(axis=1).argmax()]
    factors = factors_of(uncertain(base.inputs), together=COPIES)
    firsts = [factor.inputs[0] for factor in factors]
    shares, shares_of_best = explained(outcome=lead, inputs=firsts), explained(outcome=best, inputs=firsts)
    known = sorted(
        (
            Known(factor.name, factor, _worth(benefit, factor.futures[:1]), float(share), float(other))
            for factor, share, other in zip(factors, shares, shares_of_best, strict=True)
        ),
        key=lambda item: (-item.worth.usd, -item.share, item.name),
    )
    perfect = perfect_information(net_benefit=benefit)
    accuracies = _accuracies(base, eligible, benefit)
    plans = pilots(base, net_benefit=benefit, labels=pilot_labels, catalog=catalog) if len(eligible) > 1 else ()
    loud, themes = _loud(known), _themes(known, benefit)
    return Information(
        perfect=perfect,
        inputs=tuple(known[:top]),
        tried=len(known),
        themes=themes,
        accuracies=accuracies,
        pilots=plans,
        loud=loud,
        advice=_nothing(eligible, perfect, known)
        or " ".join([_next(perfect, (*known, *accuracies), loud), *_quiet(themes), *_pilot(plans)]),
    )


def _worth(benefit: Array, values: Array) -> Worth:
    if len(benefit) < 2:
        return Worth(0.0, 0.0)
    return value_of_knowing_together(net_benefit=benefit, values=values)


def _themes(known: Sequence[Known], benefit: Array) -> tuple[Theme, ...]:
    found = []
    firsts = {item.factor.inputs[0].key: item for item in known if item.factor is not None}
    for name, inputs in by_theme([item.factor.inputs[0] for item in known if item.factor is not None]).items():
        members = [firsts[item.key] for item in inputs]
        leading = members[:LEADING]
        values = np.concatenate([item.factor.futures[:1] for item in leading if item.factor is not None])
        most = max((item.worth for item in leading), key=lambda worth: worth.usd)
        together = _worth(benefit, values) if len(leading) > 1 else most
        worth = max(together, most, key=lambda worth: worth.usd)
        found.append(Theme(name, tuple(item.name for item in leading), len(members), worth))
    return tuple(sorted(found, key=lambda theme: -theme.worth.usd))


def _accuracies(base: Estimate, eligible: Sequence[str], benefit: Array) -> tuple[Known, ...]:
    found = []
    for name in eligible:
        parts = base.options[name].parts
        start = np.asarray(parts.quality.start if parts is not None else 0.0)
        if start.ndim and np.ptp(start[1:]) > 0:
            found.append(Known(f"accuracy of {name}", None, _worth(benefit, start[None, 1:]), 0.0, 0.0))
    return tuple(sorted(found, key=lambda item: -item.worth.usd))


def _loud(known: Sequence[Known]) -> Known | None:
    most = max((item.worth.usd for item in known), default=0.0)
    quiet = [item for item in known if not item.is_clear or item.worth.usd <= LITTLE * most]
    found = max(quiet, key=lambda item: item.share_of_best, default=None)
    return found if found is not None and found.share_of_best > LITTLE else None


def _nothing(eligible: Sequence[str], perfect: Worth, known: Sequence[Known]) -> str:
    """Why there is nothing to measure; empty where there is."""
    if len(eligible) == 1:
        return f"{eligible[0]} is the only option that qualifies: nothing that is learnt can change the choice."
    if not known:
        return "Every input is certain: there is nothing to measure."
    return "" if perfect.usd > 0 else "The same option is best in every future: nothing is worth measuring."


def _next(perfect: Worth, known: Sequence[Known], loud: Known | None) -> str:
    """What to measure next, and what not although it moves the result."""
    clear = sorted((item for item in known if item.is_clear), key=lambda item: -item.worth.usd)
    if not clear:
        return f"Nothing is worth measuring alone; all uncertainty together is worth {money(perfect.usd)}."
    then = f", then {clear[1].name} ({money(clear[1].worth.usd)})" if len(clear) > 1 else ""
    instead = (
        f"; not {loud.name}, which makes {loud.share_of_best:.0%} of the spread of the best option's net benefit but "
        "hardly touches the choice"
        if loud
        else ""
    )
    return f"Measure {clear[0].name} next: it is worth up to {money(clear[0].worth.usd)}{then}{instead}."


def _quiet(themes: Sequence[Theme]) -> list[str]:
    """Themes about which more knowledge would not change the choice; said only where another theme matters."""
    most = max((theme.worth.usd for theme in themes), default=0.0)
    quiet = [
        theme.name for theme in themes if theme.worth.usd <= max(CLEAR * theme.worth.standard_error_usd, LITTLE * most)
    ]
    if not quiet or len(quiet) == len(themes):
        return []
    names = quiet[0] if len(quiet) == 1 else f"{', '.join(quiet[:-1])} or {quiet[-1]}"
    return [f"To know more about {names} would hardly change the choice."]


def _pilot(plans: Sequence[PilotPlan]) -> list[str]:
    if not plans:
        return []
    plan = max(plans, key=lambda item: item.found.net_usd)
    pilot = plan.found
    names = " and ".join(plan.options)
    what = f"A {plan.labels:,.0f}-label pilot of {names}" if plan.labels else f"A pilot of {names}"
    cost = f"{what} with {pilot.items:,} judged answers costs {money(pilot.cost_usd)}"
    if not pilot.worth.usd > 0:
        return [f"{cost} and is worth nothing to this choice."]
    return [f"{cost} and is worth up to {money(pilot.worth.usd)}: {PAYS[plan.pays]}."]


PAYS = {"yes": "it pays", "perhaps": "it may pay, within the error of these figures", "no": "it does not pay"}
