"""Reasons for and against every option, each built from the figures it speaks of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from estimator.decision.outcome import Outcome
from estimator.decision.rules import ABOUT_QUALITY, RULE_INPUTS, UPKEEP_HEAVY, Reason, maintenance
from estimator.decision.standing import Standing
from estimator.decision.words import futures, money
from estimator.record import record

APPROACH = {"prompt": "prompt", "rag": "rag", "tuning": "tuning", "hybrid": "tuning", "pretraining": "tuning"}
Sign = Literal["for", "against"]
WORTH_NAMING = 0.1
"""Odds of being best from which they speak for an option that is not chosen. [1]"""
UNSURE = 0.6
"""Odds of being best below which a choice is called unsure. [1]"""
NAMED_LINES = 3
ENDING = ("migration.forced", "upkeep.model_life_months")
LEAST_POINTS = 0.0005
"""Difference of quality that shows at one digit of a percent. [1]"""


@record
class Argument:
    """One reason in plain words."""

    about: str
    """Option."""
    sign: Sign
    text: str
    trace: tuple[str, ...]
    """What it rests on: lines of the ledger, keys of inputs, rules, constraints."""


@record
class Field:
    """All options beside each other."""

    outcomes: Mapping[str, Outcome]
    found: Mapping[str, Standing]
    ranked: Sequence[Standing]
    """Eligible options, the chosen one first."""
    valued: bool

    @property
    def baseline(self) -> Standing:
        """The first option of the scenario."""
        return next(iter(self.found.values()))


def arguments(field: Field, rules: Sequence[Reason]) -> tuple[Argument, ...]:
    """What speaks for and against each option; one that may not be chosen has nothing said for it.

    Args:
        field: All options. [USD]
        rules: Reasons from the nature of the task. [1]

    Returns:
        Arguments by option, in the order of the scenario. [1]

    Source: definition.
    """
    found: list[Argument] = []
    for item in field.found.values():
        if item.blockers:
            found += [Argument(item.name, "against", blocker.text, blocker.trace) for blocker in item.blockers]
        else:
            found += [
                *_worth(item, field),
                *_figures(item, field),
                *_break_even(item, field),
                *(Argument(item.name, "against", text, ENDING) for text in field.outcomes[item.name].ends),
                *_rules(item, field, rules),
            ]
    return tuple(found)


def _worth(item: Standing, field: Field) -> Iterator[Argument]:
    best = field.ranked[0]
    trace = ("total.net_benefit_usd" if field.valued else "total.cost_usd",)
    if item is best:
        yield from _chosen(item, field, trace)
        return
    gap = best.net_benefit.mean - item.net_benefit.mean
    if gap > 0:
        how = "less net benefit" if field.valued else "more cost"
        yield Argument(item.name, "against", f"{money(gap)} {how} than {best.name} on average", trace)
    else:
        text = f"as good as {best.name} on average, which stands before it in the file"
        yield Argument(item.name, "against", text, trace)
    if item.probability_best >= max(WORTH_NAMING, best.probability_best):
        text = f"best option in {futures(item.probability_best)}, at least as often as {best.name}"
        yield Argument(item.name, "for", text, ("probability_best",))
    elif item.probability_best >= WORTH_NAMING:
        yield Argument(item.name, "for", f"best option in {futures(item.probability_best)}", ("probability_best",))


def _chosen(best: Standing, field: Field, trace: tuple[str, ...]) -> Iterator[Argument]:
    if len(field.ranked) > 1:
        lead = best.net_benefit.mean - field.ranked[1].net_benefit.mean
        how = "more net benefit" if field.valued else "less cost"
        if lead > 0:
            yield Argument(best.name, "for", f"{money(lead)} {how} than {field.ranked[1].name} on average", trace)
        if best.probability_best < UNSURE:
            text = (
                f"best option in only {futures(best.probability_best)}: committing to it now costs "
                f"{money(best.regret_usd)} on average against perfect foresight"
            )
            yield Argument(best.name, "against", text, ("probability_best", "regret_usd"))
    if field.valued and best.net_benefit.mean < 0:
        text = f"it loses {money(-best.net_benefit.mean)} on average: leaving the task undone costs less"
        yield Argument(best.name, "against", text, trace)


def _figures(item: Standing, field: Field) -> Iterator[Argument]:
    """Cost and quality beside the chosen option; those of the chosen one beside the runner-up and the baseline."""
    best = field.ranked[0]
    rivals = [best] if item is not best else [*field.ranked[1:2], field.baseline]
    for rival in {other.name: other for other in rivals if other is not item and other.cost.p50 > 0}.values():
        cost = item.cost.p50 - rival.cost.p50
        if cost != 0 and np.isfinite(cost):
            text = f"costs {money(abs(cost))} {'more' if cost > 0 else 'less'} than {rival.name} (medians)"
            yield Argument(item.name, "against" if cost > 0 else "for", text, _apart(item, rival, field))
        better = item.quality.p50 - rival.quality.p50
        if abs(better) >= LEAST_POINTS:
            word = "higher" if better > 0 else "lower"
            text = f"{abs(better) * 100:.1f} points {word} quality than {rival.name} (medians)"
            yield Argument(item.name, "for" if better > 0 else "against", text, ("value.correct", "value.errors"))


def _apart(item: Standing, rival: Standing, field: Field) -> tuple[str, ...]:
    """The cost lines in which two options differ most, central case."""
    costs = [field.outcomes[standing.name].costs for standing in (item, rival)]
    own, other = ({line.key: line.central_value(cost.factors) for line in cost.lines} for cost in costs)
    gaps = {key: abs(own.get(key, 0.0) - other.get(key, 0.0)) for key in {**own, **other}}
    largest = sorted((key for key in gaps if gaps[key] > 0), key=lambda key: (-gaps[key], key))
    return tuple(largest[:NAMED_LINES]) or ("total.cost_usd",)


def _break_even(item: Standing, field: Field) -> Iterator[Argument]:
    month, base = item.break_even_month, field.baseline.name
    if month is None:
        return
    trace = ("break_even_month",)
    if not np.isfinite(month.p50):
        text = f"it does not break even with {base} within the horizon in the median future"
        yield Argument(item.name, "against", text, trace)
    elif month.p50 == 0:
        yield Argument(item.name, "for", f"it is ahead of {base} from the first month in the median future", trace)
    else:
        late = f"{month.p90:.0f}" if np.isfinite(month.p90) else "never"
        text = f"it breaks even with {base} in month {month.p50:.0f} (p10 {month.p10:.0f}, p90 {late})"
        yield Argument(item.name, "for", text, trace)


def approaches(option: Outcome) -> frozenset[str]:
    """What an option does: both for a hybrid, those of all its stages for a staged plan.

    Args:
        option: The option. [USD]

    Returns:
        prompt, rag, tuning. [1]

    Source: definition.
    """
    kinds = option.stages or (option.kind,)
    return frozenset({APPROACH[kind] for kind in kinds} | ({"rag"} if "hybrid" in kinds else set()))


def _rules(item: Standing, field: Field, rules: Sequence[Reason]) -> Iterator[Argument]:
    own = field.outcomes[item.name]
    for rule in rules:
        trace = (f"rule:{rule.code}", *RULE_INPUTS[rule.code])
        if rule.favours is None:
            share = own.upkeep_share
            if "tuning" in approaches(own) and share >= UPKEEP_HEAVY:
                yield Argument(item.name, "against", maintenance(share), trace)
        elif rule.favours not in approaches(own):
            yield Argument(item.name, "against", rule.text, trace)
        elif rule.code not in ABOUT_QUALITY or _as_good(item, field, rule.favours):
            yield Argument(item.name, "for", rule.text, trace)


def _as_good(item: Standing, field: Field, approach: str) -> bool:
    """Whether the figures bear a rule out: no eligible option without the approach is better."""
    others = [other.quality.p50 for other in field.ranked if approach not in approaches(field.outcomes[other.name])]
    return item.quality.p50 >= max(others, default=0.0)
