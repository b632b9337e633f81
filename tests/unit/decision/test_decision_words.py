"""The verdict, the odds and the rules in words, for figures that are given."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from given_options import LORA, MONTHS, OUTCOMES, PROMPT, RAG, at, outcome, standing

from estimator.decision import Blocker, Outcome, Standing, TaskFacts, Verdict, rules, verdict
from estimator.decision.answer import answer_of, odds_of_tuning
from estimator.inputs import Kind
from estimator.tco import Ledger, Line, upfront


def ranked(*kinds: tuple[Kind, float]) -> list[Standing]:
    return [standing(f"o{place}", kind, net=net, cost=1.0) for place, (kind, net) in enumerate(kinds)]


TUNED_FIRST: tuple[tuple[Kind, float], ...] = (("tuning", 5.0), ("prompt", 4.0))
PLAIN_FIRST: tuple[tuple[Kind, float], ...] = (("rag", 5.0), ("hybrid", 4.0))


@pytest.mark.parametrize(
    ("odds", "order", "valued", "answer", "sentence"),
    [
        (None, TUNED_FIRST, True, "no tuned option", "No fine-tuned option was given to compare."),
        (0.5, (), True, "toss-up", "No option qualifies when it is committed to today."),
        (0.0, (("rag", 1.0),), True, "no", "No, fine-tuning is not worth it: no tuned option qualifies."),
        (1.0, (("tuning", 0.0),), True, "yes", "Yes, fine-tuning is worth it: no untuned option qualifies."),
        (1.0, (("tuning", -1.0),), False, "yes", "Yes, fine-tuning is worth it: no untuned option qualifies."),
        (
            1.0,
            (("tuning", -1.0),),
            True,
            "no",
            "No, fine-tuning is not worth it: nothing else qualifies, and it loses money on average.",
        ),
        (
            0.9,
            (("tuning", 5.0), ("prompt", 5.0)),
            True,
            "toss-up",
            "Whether fine-tuning is worth it is a toss-up: on average it earns exactly as much as the best untuned "
            "option.",
        ),
        (0.8, TUNED_FIRST, True, "yes", "Yes, fine-tuning is worth it: it pays in 80 of 100 futures."),
        (0.79, TUNED_FIRST, True, "probably", "Fine-tuning is probably worth it: it pays in 79 of 100 futures."),
        (0.6, TUNED_FIRST, True, "probably", "Fine-tuning is probably worth it: it pays in 60 of 100 futures."),
        (
            0.4,
            TUNED_FIRST,
            True,
            "toss-up",
            "Whether fine-tuning is worth it is a toss-up: it pays in 40 of 100 futures.",
        ),
        (
            0.39,
            TUNED_FIRST,
            True,
            "toss-up",
            "Whether fine-tuning is worth it hangs on rare, large outcomes: it pays in 39 of 100 futures, "
            "yet earns more on average.",
        ),
        (
            0.6,
            PLAIN_FIRST,
            True,
            "toss-up",
            "Whether fine-tuning is worth it hangs on rare, large outcomes: it pays in 60 of 100 futures, "
            "yet earns less on average.",
        ),
        (0.2, PLAIN_FIRST, True, "probably not", "Fine-tuning is probably not worth it: it pays in 20 of 100 futures."),
        (0.19, PLAIN_FIRST, True, "no", "No, fine-tuning is not worth it: it pays in 19 of 100 futures."),
        (0.0, PLAIN_FIRST, True, "no", "No, fine-tuning is not worth it: it pays in no future."),
    ],
)
def test_the_word_for_the_odds(
    odds: float | None, order: tuple[tuple[Kind, float], ...], valued: bool, answer: str, sentence: str
) -> None:
    assert answer_of(odds, ranked(*order), valued=valued) == (answer, sentence)


def worth(name: str, kind: Kind, *benefit: float) -> Outcome:
    value = Line("value.correct", "value", "quality", "correct answer", np.array(benefit), upfront(months=MONTHS))
    return replace(outcome(name, kind), benefits=Ledger((value,), MONTHS, 0.0), size=len(benefit))


def odds(*options: tuple[Outcome, bool]) -> float | None:
    found = {item.name: replace(PROMPT, name=item.name, eligible=may) for item, may in options}
    return odds_of_tuning([item for item, _ in options], found)


def test_odds_are_those_of_the_best_tuned_over_the_best_untuned_option() -> None:
    plain, poor = worth("a", "prompt", 9.0, 2.0, 2.0, 2.0, 2.0), worth("b", "rag", 9.0, 5.0, 0.0, 0.0, 0.0)
    tuned, other = worth("c", "tuning", 0.0, 1.0, 2.0, 3.0, 4.0), worth("d", "hybrid", 0.0, 9.0, 0.0, 0.0, 0.0)
    later = worth("e", "staged", 9.0, 9.0, 9.0, 9.0, 9.0)
    assert odds((plain, True), (poor, True), (tuned, True), (other, True), (later, True)) == 0.5 + 0.5 * 0.25
    assert odds((plain, False), (poor, True), (tuned, True)) == 0.75
    assert odds((plain, False), (tuned, True)) == 1.0
    assert odds((plain, True), (tuned, False)) == 0.0
    assert odds((plain, True), (later, True)) is None
    assert odds((worth("a", "prompt", 1.0), True), (worth("c", "tuning", 2.0), True)) == 1.0


def concluded(found: Sequence[Standing], *, more: Sequence[Outcome] = (), valued: bool = True) -> Verdict:
    by_name = {item.name: item for item in found}
    return verdict([item for item in (*OUTCOMES, *more) if item.name in by_name], by_name, (), valued=valued)


@pytest.mark.parametrize(
    ("found", "valued", "end"),
    [
        (
            (PROMPT, LORA, RAG),
            True,
            "lora has the highest mean net benefit, $50 better than rag over the horizon, and is the best option in "
            "55 of 100 futures.",
        ),
        (
            (PROMPT, LORA, RAG),
            False,
            "lora has the lowest mean cost, $50 better than rag over the horizon, and is the best option in "
            "55 of 100 futures.",
        ),
        (
            (PROMPT, replace(LORA, probability_best=0.35), RAG),
            True,
            "lora has the highest mean net benefit, $50 better than rag over the horizon, and is the best option in "
            "35 of 100 futures.",
        ),
        (
            (PROMPT, replace(LORA, probability_best=0.3), RAG),
            True,
            "lora has the highest mean net benefit, $50 better than rag over the horizon, but rag is best in more "
            "futures (35 of 100 futures, against 30 of 100 futures): a few large outcomes carry the average.",
        ),
        (
            (PROMPT, replace(LORA, net_benefit=RAG.net_benefit), RAG),
            True,
            "lora and rag share the highest mean net benefit; lora stands first in the file.",
        ),
        ((LORA,), True, "lora is the only option that qualifies."),
        ((replace(LORA, net_benefit=at(0.0, mean=0.0)),), True, "lora is the only option that qualifies."),
        (
            (replace(LORA, net_benefit=at(0.0, mean=-40.0)),),
            True,
            "lora is the only option that qualifies. It still loses $40 on average.",
        ),
        ((replace(LORA, net_benefit=at(0.0, mean=-40.0)),), False, "lora is the only option that qualifies."),
    ],
)
def test_the_choice_in_words(found: tuple[Standing, ...], valued: bool, end: str) -> None:
    assert concluded(found, valued=valued).sentence.endswith(end)


@pytest.mark.parametrize(
    ("stages", "end"),
    [
        (
            ("prompt", "tuning"),
            " plan starts untuned and tunes later, in the futures in which its condition is met.",
        ),
        (
            ("prompt", "rag"),
            " plan starts with one option and moves to another in the futures in which its condition is met.",
        ),
        (
            ("tuning", "hybrid"),
            " plan starts with one option and moves to another in the futures in which its condition is met.",
        ),
    ],
)
def test_a_chosen_plan_says_what_it_does(stages: tuple[Kind, ...], end: str) -> None:
    plan = standing("plan", "staged", net=900.0, cost=70.0, best=0.9)
    told = concluded((PROMPT, LORA, plan), more=[outcome("plan", "staged", stages=stages)])
    assert told.sentence.endswith(end)
    assert (told.best, told.runner_up) == ("plan", "lora")


def test_a_verdict_names_the_first_two_and_where_nothing_qualifies_why() -> None:
    told = concluded((PROMPT, LORA, RAG))
    assert (told.best, told.runner_up, told.answer) == ("lora", "rag", "toss-up")
    assert "$50 more net benefit than rag on average" in told.reasons
    assert "costs $20 more than rag (medians)" in told.against
    alone = concluded([PROMPT])
    assert (alone.best, alone.runner_up, alone.probability_tuning_pays) == ("prompt", None, None)
    out = replace(PROMPT, eligible=False, blockers=(Blocker("too slow", ("constraints.latency_seconds.answer",)),))
    nothing = concluded([out])
    assert (nothing.answer, nothing.best, nothing.runner_up) == ("nothing qualifies", None, None)
    assert nothing.sentence == "No option qualifies; see why for each."
    assert nothing.probability_tuning_pays is None
    assert (nothing.reasons, nothing.against) == ((), ("prompt: too slow",))


PLAIN_TASK = TaskFacts(
    facts_change=0.0,
    knowledge_share=0.1,
    must_cite=False,
    domain="general",
    narrow=False,
    style=False,
    labels=3000.0,
    requests_per_month=1e5,
    upkeep_share=0.1,
)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"facts_change": 0.05},
            "5% of the needed facts change per month, so knowledge trained into weights is out of date after about 20 "
            "months; retrieval reads the current documents",
        ),
        ({"facts_change": 0.0499}, None),
        ({"must_cite": True}, "answers must name their sources: retrieved passages can be cited, weights cannot"),
        (
            {"knowledge_share": 0.4},
            "40% of the errors are missing facts, which retrieval supplies; tuning teaches behaviour and, on unknown "
            "facts, can even add hallucinations",
        ),
        ({"knowledge_share": 0.399}, None),
        (
            {"domain": "deep", "facts_change": 0.0499},
            "good answers need deep domain expertise that is stable: examples teach what a prompt cannot spell out",
        ),
        ({"domain": "specialised"}, None),
        (
            {"narrow": True},
            "the task is one narrow, well-defined job: tuning builds its logic into the weights and shortens the "
            "prompt",
        ),
        (
            {"style": True},
            "a house style is part of the task: it is learned from a few hundred to a thousand examples",
        ),
        ({"labels": 200.0}, None),
        (
            {"labels": 199.0},
            "only 199 labels are planned: with scarce data, prompting or retrieval comes first",
        ),
        ({"labels": None}, None),
        ({"requests_per_month": 3000.0}, None),
        (
            {"requests_per_month": 2999.0},
            "2,999 requests a month leave little volume to earn a fixed effort back",
        ),
        (
            {"upkeep_share": 0.25},
            "25% of its cost is retraining and migration: without that budget its quality decays",
        ),
        ({"upkeep_share": 0.249}, None),
        ({"upkeep_share": None}, None),
    ],
)
def test_a_rule_of_the_guide_in_words_and_at_its_limit(changes: dict[str, float], text: str | None) -> None:
    found = rules(replace(PLAIN_TASK, **changes))  # type: ignore[arg-type]  # keyword bundle of the test
    assert [reason.text for reason in found] == ([] if text is None else [text])
