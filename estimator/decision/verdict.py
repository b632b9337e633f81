"""The verdict in plain words. Every sentence is built from the figures it speaks of."""

from collections.abc import Mapping, Sequence

from estimator.decision.answer import LATER, TUNED, Answer, answer_of, odds_of_tuning
from estimator.decision.arguments import Argument, Field, arguments
from estimator.decision.outcome import Outcome
from estimator.decision.rules import Reason
from estimator.decision.standing import Standing
from estimator.decision.words import futures, money
from estimator.record import record


@record
class Verdict:
    """Is fine-tuning worth it, which option to take, and why."""

    answer: Answer
    """Is fine-tuning worth it, committed to today?"""
    best: str | None
    """Eligible option with the highest expected net benefit; of equals the first."""
    runner_up: str | None
    probability_tuning_pays: float | None
    """Share of futures in which the best tuned option beats the best untuned one. [1]"""
    sentence: str
    arguments: tuple[Argument, ...]
    """For and against every option."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, for the option chosen."""
        return tuple(item.text for item in self.arguments if item.about == self.best and item.sign == "for")

    @property
    def against(self) -> tuple[str, ...]:
        """What speaks against it; where nothing qualifies, why."""
        if self.best is None:
            return tuple(f"{item.about}: {item.text}" for item in self.arguments)
        return tuple(item.text for item in self.arguments if item.about == self.best and item.sign == "against")


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
    field = Field({outcome.name: outcome for outcome in outcomes}, found, ranked, valued)
    reasons = arguments(field, rules)
    if not ranked:
        return Verdict("nothing qualifies", None, None, None, "No option qualifies; see why for each.", reasons)
    second = ranked[1].name if len(ranked) > 1 else None
    odds = odds_of_tuning(outcomes, found)
    committed = [item for item in ranked if item.kind != LATER]
    answer, worth = answer_of(odds, committed, valued=valued)
    sentence = f"{worth} {_choice(ranked, valued)}{_later(field.outcomes[ranked[0].name])}"
    return Verdict(answer, ranked[0].name, second, odds, sentence, reasons)


def _choice(ranked: Sequence[Standing], valued: bool) -> str:
    best = ranked[0]
    loses = valued and best.net_benefit.mean < 0
    warning = f" It still loses {money(-best.net_benefit.mean)} on average." if loses else ""
    if len(ranked) == 1:
        return f"{best.name} is the only option that qualifies.{warning}"
    second = ranked[1]
    measure = "highest mean net benefit" if valued else "lowest mean cost"
    lead = best.net_benefit.mean - second.net_benefit.mean
    if lead == 0:
        return f"{best.name} and {second.name} share the {measure}; {best.name} stands first in the file.{warning}"
    text = f"{best.name} has the {measure}, {money(lead)} better than {second.name} over the horizon"
    often = max(ranked, key=lambda item: item.probability_best)
    if best.probability_best < often.probability_best:
        return (
            f"{text}, but {often.name} is best in more futures ({futures(often.probability_best)}, against "
            f"{futures(best.probability_best)}): a few large outcomes carry the average.{warning}"
        )
    return f"{text}, and is the best option in {futures(best.probability_best)}.{warning}"


def _later(chosen: Outcome) -> str:
    """What a plan in stages does, in words; nothing for an option of its own."""
    if not chosen.stages:
        return ""
    first, *others = (kind in TUNED for kind in chosen.stages)
    if not first and any(others):
        return f" {chosen.name} starts untuned and tunes later, in the futures in which its condition is met."
    return f" {chosen.name} starts with one option and moves to another in the futures in which its condition is met."
