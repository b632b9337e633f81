"""The verdict in plain words. Every sentence is built from the figures it speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from estimator.decision.outcome import Outcome
from estimator.decision.rules import Reason
from estimator.decision.standing import Standing
from estimator.units import Array

Answer = Literal["yes", "probably", "toss-up", "probably not", "no", "no tuned option", "nothing qualifies"]

_SCALE: tuple[tuple[float, Answer], ...] = (
    (0.8, "yes"),
    (0.6, "probably"),
    (0.4, "toss-up"),
    (0.2, "probably not"),
    (-1.0, "no"),
)
_TUNED = ("tuning", "hybrid")
_LATER = "staged"
"""A plan in stages commits to nothing today: it takes no side in whether tuning is worth it now."""
APPROACH = {"prompt": "prompt", "rag": "rag", "tuning": "tuning", "hybrid": "tuning", "pretraining": "tuning"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Is fine-tuning worth it, which option to take, and why."""

    answer: Answer
    """Is fine-tuning worth it, committed to today?"""
    best: str | None
    """Eligible option with the highest expected net benefit."""
    runner_up: str | None
    probability_tuning_pays: float | None
    """Share of futures in which the best tuned option beats the best untuned one. [1]"""
    sentence: str
    reasons: tuple[str, ...]
    """Why, for the option chosen."""
    against: tuple[str, ...]
    """What speaks against it."""


def verdict(
    outcomes: Sequence[Outcome], found: Mapping[str, Standing], rules: Sequence[Reason], *, valued: bool
) -> Verdict:
    """Draw the conclusion from the standings and the rules.

    Args:
        outcomes: Options in the order of the scenario. [USD]
        found: Their standings by name. [USD]
        rules: Reasons from the nature of the task. [1]
        valued: Whether the scenario says what an answer is worth; else cost alone decides.

    Returns:
        Verdict whose words follow from the figures. [1]

    Source: highest expected net benefit, Claxton 1999.
    """
    ranked = sorted(
        (item for item in found.values() if item.eligible), key=lambda item: item.net_benefit.mean, reverse=True
    )
    if not ranked:
        blockers = tuple(f"{item.name}: {item.why_not}" for item in found.values())
        return Verdict("nothing qualifies", None, None, None, "No option qualifies; see why for each.", blockers, ())
    best = ranked[0]
    second = ranked[1] if len(ranked) > 1 else None
    odds = _odds_of_tuning(outcomes, found)
    answer = _answer(odds, found)
    chosen = next(outcome for outcome in outcomes if outcome.name == best.name)
    committed = [item for item in ranked if item.kind != _LATER]
    sentence = f"{_worth(answer, odds, committed)} {_choice(best, second, valued)}{_later(chosen)}"
    reasons = [*_figures(best, second, found), *_rule_texts(rules, chosen, agree=True)]
    against = [*_rule_texts(rules, chosen, agree=False), *_doubts(best, second, found)]
    return Verdict(answer, best.name, second.name if second else None, odds, sentence, tuple(reasons), tuple(against))


def _odds_of_tuning(outcomes: Sequence[Outcome], found: Mapping[str, Standing]) -> float | None:
    tuned = [o for o in outcomes if o.kind in _TUNED and found[o.name].eligible]
    plain = [o for o in outcomes if o.kind not in (*_TUNED, _LATER) and found[o.name].eligible]
    if not tuned:
        return 0.0 if any(o.kind in _TUNED for o in outcomes) else None
    if not plain:
        return 1.0
    return float((_top(tuned) > _top(plain)).mean())


def _top(outcomes: Sequence[Outcome]) -> Array:
    """Net benefit of the option with the highest mean, in each future: the one that would be committed to."""
    best = max(outcomes, key=lambda o: float(o.net_benefit.mean()))
    values = best.net_benefit
    return values[1:] if values.size > 1 else np.asarray(values)


def _answer(odds: float | None, found: Mapping[str, Standing]) -> Answer:
    if odds is None:
        return "no tuned option"
    if odds == 0.0 and not any(item.eligible and item.kind in _TUNED for item in found.values()):
        return "no"
    return next(answer for least, answer in _SCALE if odds >= least)


def _worth(answer: Answer, odds: float | None, ranked: Sequence[Standing]) -> str:
    if answer == "no tuned option" or odds is None:
        return "No fine-tuned option was given to compare."
    if not ranked:
        return "No option qualifies on its own."
    tuned = [item.kind in _TUNED for item in ranked]
    if all(tuned):
        return "Yes, fine-tuning is worth it: no untuned option qualifies."
    if not any(tuned):
        return "No, fine-tuning is not worth it: no tuned option qualifies."
    words = {
        "yes": "Yes, fine-tuning is worth it",
        "probably": "Fine-tuning is probably worth it",
        "toss-up": "Whether fine-tuning is worth it is a toss-up",
        "probably not": "Fine-tuning is probably not worth it",
        "no": "No, fine-tuning is not worth it",
    }[answer]
    return f"{words}: it pays in {_in_100(odds)} futures."


def _in_100(odds: float) -> str:
    if odds > 0.995:
        return "more than 99 of 100"
    return "fewer than 1 of 100" if odds < 0.005 else f"{odds * 100:.0f} of 100"


def _choice(best: Standing, second: Standing | None, valued: bool) -> str:
    measure = "highest expected net benefit" if valued else "lowest expected cost"
    if second is None:
        return f"{best.name} is the only option that qualifies."
    lead = best.net_benefit.mean - second.net_benefit.mean
    text = f"{best.name} has the {measure}, {_money(lead)} better than {second.name} over the horizon"
    if best.probability_best < second.probability_best:
        return (
            f"{text}, but {second.name} is best in more futures ({second.probability_best:.0%} against "
            f"{best.probability_best:.0%}): a few large outcomes carry the average."
        )
    return f"{text}, and is the best option in {best.probability_best:.0%} of futures."


def _figures(best: Standing, second: Standing | None, found: Mapping[str, Standing]) -> list[str]:
    baseline = next(iter(found.values()))
    lines = []
    rivals = {item.name: item for item in (baseline, second) if item and item.name != best.name and item.cost.p50 > 0}
    for other, rival in rivals.items():
        cost = best.cost.p50 - rival.cost.p50
        quality = best.quality.p50 - rival.quality.p50
        lines.append(
            f"against {other}: {_money(abs(cost))} {'more' if cost > 0 else 'less'} cost and "
            f"{abs(quality) * 100:.1f} points {'higher' if quality >= 0 else 'lower'} quality (medians)"
        )
    if best.break_even_month is not None:
        lines.append(_break_even(best, baseline.name))
    return lines


def _break_even(best: Standing, baseline: str) -> str:
    month = best.break_even_month
    if month is None or not np.isfinite(month.p50):
        return f"it does not break even with {baseline} within the horizon in the median future"
    if month.p50 == 0:
        return f"it is ahead of {baseline} from the first month"
    late = f"{month.p90:.0f}" if np.isfinite(month.p90) else "never"
    return f"it breaks even with {baseline} in month {month.p50:.0f} (p10 {month.p10:.0f}, p90 {late})"


def _later(chosen: Outcome) -> str:
    """What a plan in stages does, in words; nothing for an option of its own."""
    if not chosen.stages:
        return ""
    first, *others = (kind in _TUNED for kind in chosen.stages)
    if not first and any(others):
        return f" {chosen.name} starts untuned and tunes later, in the futures in which its condition is met."
    return f" {chosen.name} starts with one option and moves to another in the futures in which its condition is met."


def _rule_texts(rules: Sequence[Reason], chosen: Outcome, *, agree: bool) -> list[str]:
    kinds = chosen.stages or (chosen.kind,)
    approaches = {APPROACH[kind] for kind in kinds} | ({"rag"} if "hybrid" in kinds else set())
    if agree:
        return [rule.text for rule in rules if rule.favours in approaches]
    tuned = any(kind in _TUNED for kind in kinds)
    return [rule.text for rule in rules if rule.favours not in approaches and (rule.favours is not None or tuned)]


def _doubts(best: Standing, second: Standing | None, found: Mapping[str, Standing]) -> list[str]:
    doubts = [f"{item.name} is left out: {item.why_not}" for item in found.values() if not item.eligible]
    if second is not None and best.probability_best < 0.6:
        doubts.append(
            f"{best.name} is best in only {best.probability_best:.0%} of futures; committing to it now costs "
            f"{_money(best.regret_usd)} on average against perfect foresight"
        )
    return doubts


def _money(usd: float) -> str:
    sign = "-" if usd < 0 else ""
    size = abs(usd)
    for limit, suffix in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= limit:
            return f"{sign}${size / limit:.3g}{suffix}"
    return f"{sign}${size:.3g}"
