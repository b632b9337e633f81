"""The words of a verdict against its own numbers, over invented outcomes."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.decision import Check, Decision, Outcome, TaskFacts, decide
from estimator.inputs import Kind
from estimator.tco import Ledger, Line

MONTHS = 2
KINDS: tuple[Kind, ...] = ("prompt", "rag", "tuning", "hybrid")
PLAIN = TaskFacts(0.0, 0.1, False, "general", False, False, 3000.0, 1e5, None)
TELLING = TaskFacts(0.0, 0.8, True, "deep", True, True, 50.0, 200.0, 0.4)


def outcome(name: str, kind: Kind, costs: list[float], values: list[float], quality: float) -> Outcome:
    def ledger(key: str, usd: list[float]) -> Ledger:
        times = np.array([[1.0, 0.0, 0.0]])
        return Ledger((Line(key, key, "build", "unit", np.array([usd[0], *usd]), times),), MONTHS, 0.0)

    asked, right = np.full((1, MONTHS), 100.0), np.full((1, MONTHS), quality)
    size = len(costs) + 1
    return Outcome(name, kind, ledger("build.x", costs), ledger("value.correct", values), asked, right, size)


def decided(outcomes: list[Outcome], facts: TaskFacts = PLAIN, **checked: tuple[Check, ...]) -> Decision:
    return decide(outcomes, facts=facts, minimum_quality=0.3, valued=True, inputs=(), checked=checked)


amounts = st.integers(-50, 50).map(float)


@st.composite
def options(draw: st.DrawFn, least: int = 1) -> list[Outcome]:
    count, futures = draw(st.integers(least, 5)), draw(st.integers(1, 12))
    rows = st.lists(amounts, min_size=futures, max_size=futures)
    return [
        outcome(
            f"option{place}",
            draw(st.sampled_from(KINDS)),
            [abs(usd) + 1.0 for usd in draw(rows)],
            draw(rows),
            draw(st.integers(0, 10)) / 10.0,
        )
        for place in range(count)
    ]


@settings(max_examples=150, deadline=None)
@given(options(), st.sampled_from([PLAIN, TELLING]))
def test_no_word_contradicts_a_figure(outcomes: list[Outcome], facts: TaskFacts) -> None:
    found = decided(outcomes, facts)
    verdict, standings = found.verdict, found.standings
    eligible = [item for item in standings.values() if item.eligible]
    if not eligible:
        assert (verdict.answer, verdict.best, verdict.reasons) == ("nothing qualifies", None, ())
        assert not any(item.sign == "for" for item in verdict.arguments)
        return
    best = standings[str(verdict.best)]
    assert best.eligible
    assert best.net_benefit.mean == max(item.net_benefit.mean for item in eligible)
    tuned = best.kind in {"tuning", "hybrid"}
    loses = best.net_benefit.mean < 0 and all(item.kind in {"tuning", "hybrid"} for item in eligible)
    assert verdict.answer not in ({"no", "probably not"} if tuned and not loses else {"yes", "probably"})
    assert ("still loses" in verdict.sentence) == (best.net_benefit.mean < 0)
    assert ("not worth it" in verdict.sentence) == (verdict.answer in {"no", "probably not"})
    odds = verdict.probability_tuning_pays
    if "in every future" in verdict.sentence.split(". ")[0] and odds is not None:
        assert odds == 1.0
    for item in standings.values():
        about = [argument for argument in verdict.arguments if argument.about == item.name]
        assert all(argument.trace for argument in about)
        if not item.eligible:
            assert about
            assert {argument.sign for argument in about} == {"against"}


PATTERN = re.compile(
    r"^(?:costs (?P<usd>\S+) (?P<cost>more|less)|(?P<points>\S+) points (?P<quality>higher|lower) quality)"
    r" than (?P<rival>\w+) \(medians\)$"
)


@settings(max_examples=150, deadline=None)
@given(options(least=2))
def test_more_and_less_higher_and_lower_agree_with_the_medians(outcomes: list[Outcome]) -> None:
    found = decided(outcomes)
    for argument in found.verdict.arguments:
        told = PATTERN.match(argument.text)
        if told is None:
            continue
        own, rival = found.standings[argument.about], found.standings[told["rival"]]
        cost, quality = own.cost.p50 - rival.cost.p50, own.quality.p50 - rival.quality.p50
        if told["cost"]:
            assert (told["cost"] == "more") == (cost > 0)
            assert (argument.sign == "against") == (cost > 0)
            assert told["usd"] == f"${abs(cost):.3g}"
        else:
            assert (told["quality"] == "higher") == (quality > 0)
            assert (argument.sign == "for") == (quality > 0)
            assert float(told["points"]) == pytest.approx(abs(quality) * 100, abs=0.051)


@settings(max_examples=80, deadline=None)
@given(options(least=2))
def test_options_that_change_names_change_places(outcomes: list[Outcome]) -> None:
    first, second, *rest = outcomes
    swapped = [renamed(first, second.name), renamed(second, first.name), *rest]
    other = {first.name: second.name, second.name: first.name}
    before, after = decided(outcomes).verdict, decided(swapped).verdict
    assert (after.best, after.answer) == (other.get(str(before.best), before.best), before.answer)
    assert after.probability_tuning_pays == before.probability_tuning_pays


def renamed(given: Outcome, name: str) -> Outcome:
    return Outcome(
        name, given.kind, given.costs, given.benefits, given.requests, given.quality, given.size, given.infeasible
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12))
def test_the_odds_of_tuning_turn_round_with_the_kinds(pairs: list[tuple[float, float]]) -> None:
    def odds(a: Kind, b: Kind) -> float:
        one, two = ([pair[place] for pair in pairs] for place in (0, 1))
        free = [1.0] * len(pairs)
        found = decided([outcome("a", a, free, one, 0.5), outcome("b", b, free, two, 0.5)]).verdict
        assert found.probability_tuning_pays is not None
        return found.probability_tuning_pays

    assert odds("prompt", "tuning") == pytest.approx(1.0 - odds("tuning", "prompt"))


@settings(max_examples=80, deadline=None)
@given(options(), st.integers(0, 4), st.floats(1.0, 9.0))
def test_a_dominated_option_changes_no_verdict(outcomes: list[Outcome], place: int, worse: float) -> None:
    model = outcomes[place % len(outcomes)]
    costs = [float(usd) + worse for usd in model.cost[1:]]
    values = [float(usd) for usd in model.benefits.present_value[1:]]
    poor = outcome("poor", model.kind, costs, values, float(model.quality[0, 0]))
    before, after = decided(outcomes), decided([*outcomes, poor])
    assert after.verdict.best == before.verdict.best
    assert after.verdict.answer == before.verdict.answer
    assert after.verdict.probability_tuning_pays == before.verdict.probability_tuning_pays
    assert after.standings["poor"].probability_best == 0


@settings(max_examples=80, deadline=None)
@given(options(), st.sets(st.integers(0, 4)))
def test_what_breaks_a_constraint_is_never_recommended(outcomes: list[Outcome], broken: set[int]) -> None:
    check = Check(constraint="constraints.must_cite", holds=False, text="it retrieves none")
    barred = {f"option{place}": (check,) for place in broken}
    found = decided(outcomes, **barred)
    assert found.verdict.best not in barred
    for name in set(barred) & set(found.standings):
        assert "it retrieves none" in found.standings[name].why_not
        assert found.standings[name].probability_best == 0
        assert any(a.about == name and a.trace == ("constraints.must_cite",) for a in found.verdict.arguments)


def test_equal_options_share_the_first_place() -> None:
    found = decided([outcome("a", "prompt", [1.0], [9.0], 0.5), outcome("b", "tuning", [1.0], [9.0], 0.5)])
    assert found.verdict.answer == "toss-up"
    assert "exactly as much" in found.verdict.sentence
    assert "share the highest" in found.verdict.sentence


def test_a_single_option_is_chosen_for_want_of_others() -> None:
    found = decided([outcome("a", "rag", [1.0], [9.0], 0.5)]).verdict
    assert (found.best, found.runner_up, found.answer) == ("a", None, "no tuned option")
    assert "only option that qualifies" in found.sentence


def against(plain: list[float], tuned: list[float]) -> Decision:
    free = [1.0] * len(plain)
    return decided([outcome("a", "prompt", free, plain, 0.5), outcome("b", "tuning", free, tuned, 0.5)])


@pytest.mark.parametrize("usd", [np.inf, -np.inf, np.nan])
def test_money_that_is_no_number_excludes_its_option_alone(usd: float) -> None:
    found = against([9.0, 9.0], [usd, 3.0])
    assert found.verdict.best == "a"
    assert "no finite number" in found.standings["b"].why_not
    assert np.isfinite(found.standings["a"].regret_usd)


@pytest.mark.parametrize(("gains", "words"), [([5.0] * 4, "in every future"), ([-5.0] * 4, "in no future")])
def test_certain_odds_are_told_as_certain(gains: list[float], words: str) -> None:
    found = against([9.0] * 4, [9.0 + gain for gain in gains])
    assert words in found.verdict.sentence


def test_rare_large_outcomes_are_neither_yes_nor_no() -> None:
    found = against([9.0] * 10, [8.0] * 9 + [900.0]).verdict
    assert (found.best, found.answer) == ("b", "toss-up")
    assert "rare, large outcomes" in found.sentence
    assert "a is best in more futures" in found.sentence
