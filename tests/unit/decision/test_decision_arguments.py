"""What is said for and against options whose figures are given: every sentence, its side and what it rests on."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from given_options import LORA, OUTCOMES, PROMPT, RAG, at, outcome

from estimator.decision import Band, Blocker, Outcome, Reason, Standing
from estimator.decision.arguments import Field, approaches, arguments
from estimator.inputs import Kind

Told = tuple[str, str, str, tuple[str, ...]]


def told(
    found: Sequence[Standing],
    outcomes: Sequence[Outcome] = OUTCOMES,
    *,
    about: str,
    valued: bool = True,
    reasons: Sequence[Reason] = (),
) -> list[Told]:
    ranked = sorted((item for item in found if item.eligible), key=lambda item: -item.net_benefit.mean)
    field = Field({item.name: item for item in outcomes}, {item.name: item for item in found}, ranked, valued)
    return [(a.about, a.sign, a.text, a.trace) for a in arguments(field, reasons) if a.about == about]


def test_the_chosen_option_is_held_against_the_runner_up_and_the_baseline() -> None:
    points = ("value.correct", "value.errors")
    assert [item[1:] for item in told((PROMPT, LORA, RAG), about="lora")] == [
        ("for", "$50 more net benefit than rag on average", ("total.net_benefit_usd",)),
        (
            "against",
            "best option in only 55 of 100 futures: committing to it now costs $20 on average against perfect "
            "foresight",
            ("probability_best", "regret_usd"),
        ),
        (
            "against",
            "costs $20 more than rag (medians)",
            ("retraining.labels", "build.tuning", "inference.output"),
        ),
        ("for", "5.0 points higher quality than rag (medians)", points),
        (
            "against",
            "costs $30 more than prompt (medians)",
            ("retraining.labels", "build.tuning", "inference.output"),
        ),
        ("for", "10.0 points higher quality than prompt (medians)", points),
        ("for", "it breaks even with prompt in month 7 (p10 3, p90 never)", ("break_even_month",)),
        ("against", "its platform closes on 2027-05-01", ("migration.forced", "upkeep.model_life_months")),
    ]


def test_another_option_is_held_against_the_chosen_one() -> None:
    points = ("value.correct", "value.errors")
    assert told((PROMPT, LORA, RAG), about="rag") == [
        ("rag", "against", "$50 less net benefit than lora on average", ("total.net_benefit_usd",)),
        ("rag", "for", "best option in 35 of 100 futures", ("probability_best",)),
        (
            "rag",
            "for",
            "costs $20 less than lora (medians)",
            ("retraining.labels", "build.tuning", "inference.output"),
        ),
        ("rag", "against", "5.0 points lower quality than lora (medians)", points),
        ("rag", "for", "it is ahead of prompt from the first month in the median future", ("break_even_month",)),
    ]
    assert [item[2] for item in told((PROMPT, LORA, RAG), about="prompt")] == [
        "$200 less net benefit than lora on average",
        "best option in 10 of 100 futures",
        "costs $30 less than lora (medians)",
        "10.0 points lower quality than lora (medians)",
    ]


def test_without_value_cost_is_what_is_compared() -> None:
    found = told((PROMPT, LORA, RAG), about="lora", valued=False)
    assert found[0][2:] == ("$50 less cost than rag on average", ("total.cost_usd",))
    found = told((PROMPT, LORA, RAG), about="rag", valued=False)
    assert found[0][2:] == ("$50 more cost than lora on average", ("total.cost_usd",))


@pytest.mark.parametrize(
    ("best", "second", "texts"),
    [
        (0.6, 0.4, ["best option in 40 of 100 futures"]),
        (0.4, 0.4, ["best option in 40 of 100 futures, at least as often as lora"]),
        (0.05, 0.1, ["best option in 10 of 100 futures, at least as often as lora"]),
        (0.05, 0.06, []),
        (0.9, 0.09, []),
    ],
)
def test_how_often_another_is_best_is_named_from_one_in_ten_on(best: float, second: float, texts: list[str]) -> None:
    found = (PROMPT, replace(LORA, probability_best=best), replace(RAG, probability_best=second))
    said = [item for item in told(found, about="rag") if item[3] == ("probability_best",)]
    assert [item[2] for item in said] == texts
    assert all(item[1] == "for" for item in said)
    unsure = [item for item in told(found, about="lora") if "regret_usd" in item[3]]
    assert bool(unsure) == (best < 0.6)


def test_of_two_options_the_second_is_the_runner_up() -> None:
    found = told((PROMPT, LORA), about="lora")
    assert found[0][2] == "$200 more net benefit than prompt on average"
    assert found[1][2].startswith("best option in only 55 of 100 futures")


def test_equals_share_the_first_place_and_nothing_is_said_of_a_lead() -> None:
    same = replace(RAG, net_benefit=LORA.net_benefit, cost=LORA.cost, quality=LORA.quality)
    text = "as good as lora on average, which stands before it in the file"
    assert told((PROMPT, LORA, same), about="rag")[0][1:3] == ("against", text)
    texts = [item[2] for item in told((PROMPT, LORA, same), about="lora")]
    assert not any("than rag" in text for text in texts)


def test_an_option_that_loses_money_says_so_even_where_it_is_alone() -> None:
    lost = replace(LORA, net_benefit=at(0.0, mean=-40.0))
    text = "it loses $40 on average: leaving the task undone costs less"
    found = told((lost,), about="lora")
    assert found[0] == ("lora", "against", text, ("total.net_benefit_usd",))
    assert not any("it loses" in item[2] for item in told((lost,), about="lora", valued=False))
    nothing = replace(LORA, net_benefit=at(0.0, mean=0.0))
    assert not any("it loses" in item[2] for item in told((nothing,), about="lora"))


def test_a_rival_without_cost_or_a_difference_that_does_not_show_is_left_out() -> None:
    free = replace(PROMPT, cost=at(0.0))
    assert not any("prompt (medians)" in item[2] for item in told((free, LORA, RAG), about="lora"))
    close = replace(RAG, quality=at(0.8004), cost=LORA.cost)
    assert not any("lora (medians)" in item[2] for item in told((PROMPT, LORA, close), about="rag"))
    shows = replace(RAG, quality=at(0.8006), cost=at(math.inf))
    texts = [item[1:3] for item in told((PROMPT, LORA, shows), about="rag") if "(medians)" in item[2]]
    assert texts == [("for", "0.1 points higher quality than lora (medians)")]


def test_options_with_the_same_lines_rest_on_the_total() -> None:
    twins = (outcome("prompt", build__prompt=10.0), outcome("lora", "tuning", build__prompt=10.0))
    found = told((PROMPT, LORA), twins, about="prompt")
    assert [item[3] for item in found if "costs" in item[2]] == [("total.cost_usd",)]


@pytest.mark.parametrize(
    ("month", "sign", "text"),
    [
        (at(math.inf), "against", "it does not break even with prompt within the horizon in the median future"),
        (at(0.0, p90=3.0), "for", "it is ahead of prompt from the first month in the median future"),
        (at(5.4, p10=1.6, p90=9.0), "for", "it breaks even with prompt in month 5 (p10 2, p90 9)"),
    ],
)
def test_when_an_option_breaks_even(month: Band, sign: str, text: str) -> None:
    found = told((PROMPT, LORA, replace(RAG, break_even_month=month)), about="rag")
    assert found[-1] == ("rag", sign, text, ("break_even_month",))


def test_of_an_option_that_is_out_only_the_reasons_are_told() -> None:
    out = replace(
        RAG, eligible=False, blockers=(Blocker("no", ("feasible",)), Blocker("never", ("constraints.skills",)))
    )
    assert told((PROMPT, LORA, out), about="rag") == [
        ("rag", "against", "no", ("feasible",)),
        ("rag", "against", "never", ("constraints.skills",)),
    ]


def test_a_rule_speaks_for_its_approach_only_where_the_figures_bear_it_out() -> None:
    facts, narrow = Reason("changing-facts", "rag", "facts change"), Reason("narrow-task", "tuning", "narrow")
    cite, care = Reason("citations", "rag", "cite"), Reason("maintenance", None, "care")
    reasons = (facts, narrow, cite, care)
    rule_inputs = {
        "facts change": ("rule:changing-facts", "task.facts_change"),
        "narrow": ("rule:narrow-task", "task.narrow"),
        "cite": ("rule:citations", "task.must_cite"),
    }

    def said(name: str, found: Sequence[Standing] = (PROMPT, LORA, RAG)) -> list[tuple[str, str]]:
        given = [item for item in told(found, about=name, reasons=reasons) if item[3][0].startswith("rule:")]
        assert all(rule_inputs.get(text, trace) == trace for _, _, text, trace in given)
        return [(sign, text) for _, sign, text, _ in given]

    kept = "31% of its cost is retraining and migration: without that budget its quality decays"
    assert said("prompt") == [("against", "facts change"), ("against", "narrow"), ("against", "cite")]
    assert said("lora") == [("against", "facts change"), ("for", "narrow"), ("against", "cite"), ("against", kept)]
    assert said("rag") == [("against", "narrow"), ("for", "cite")]  # lora answers better, so facts do not speak for it
    level = (PROMPT, LORA, replace(RAG, quality=LORA.quality))
    assert said("rag", level) == [("for", "facts change"), ("against", "narrow"), ("for", "cite")]


@pytest.mark.parametrize(("retraining", "heavy"), [(25.0, True), (24.9, False)])
def test_upkeep_is_heavy_from_a_quarter_of_the_cost(retraining: float, heavy: bool) -> None:
    lora = outcome("lora", "tuning", build__tuning=75.0, retraining__labels=retraining)
    reasons = [Reason("maintenance", None, "care")]
    found = told((PROMPT, LORA), (OUTCOMES[0], lora), about="lora", reasons=reasons)
    traces = [item[3] for item in found if item[3][0].startswith("rule:")]
    assert traces == ([("rule:maintenance", "retraining.*", "migration.*")] if heavy else [])


@pytest.mark.parametrize(
    ("kind", "stages", "expected"),
    [
        ("prompt", (), {"prompt"}),
        ("hybrid", (), {"tuning", "rag"}),
        ("pretraining", (), {"tuning"}),
        ("staged", ("prompt", "rag"), {"prompt", "rag"}),
        ("staged", ("prompt", "hybrid"), {"prompt", "tuning", "rag"}),
    ],
)
def test_what_an_option_does(kind: Kind, stages: tuple[Kind, ...], expected: set[str]) -> None:
    assert approaches(outcome("a", kind, stages=stages)) == expected
