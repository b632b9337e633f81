"""What moves the choice: factors, tornado, Sobol' indices, worth of information, pilots."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from estimator import estimate, load
from estimator.catalog import load_catalog
from estimator.errors import InputError, UnknownNameError
from estimator.inputs import Input
from estimator.questions.factors import COPIES, REST, Factor, factors_of, theme_of, uncertain
from estimator.questions.indices import sobol_study
from estimator.questions.measuring import information_of
from estimator.questions.piloting import pilots
from estimator.questions.sensitivity import Pair, lead_of, pair_of, sensitivity, tornado_of
from estimator.questions.whatif import WhatIf
from estimator.results import Estimate
from estimator.scenario import loads
from estimator.units import Array

ROOT = Path(__file__).parents[3]
SMALL = """
name: Small
start: 2027-01
horizon: 12 months
workload: {requests_per_month: 10k to 40k, tokens: {prompt: 700, output: 40}}
task: {kind: classification, value_per_success: 0.5}
options:
  prompt: {model: openai/gpt-6-luna}
"""
RAG = "  rag: {model: openai/gpt-6-luna, retrieval: {documents: 40k, tokens_per_document: 300}}\n"


@pytest.fixture(scope="module")
def triage() -> Estimate:
    return estimate(load(ROOT / "examples" / "triage.yaml"), draws=1000)


@pytest.fixture(scope="module")
def what(triage: Estimate) -> WhatIf:
    return WhatIf(base=triage, catalog=load_catalog())


def made_up(key: str, futures: Array, unit: str = "1") -> Input:
    value = np.concatenate((futures[:1], futures))
    return Input(key, unit, value, float(futures.min()), float(futures.max()), "yours", "test", "given")


def test_inputs_that_move_together_are_one_factor() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.normal(size=(2, 2000))
    inputs = [
        made_up("a", one),
        made_up("b", other),
        made_up("options.x.c", np.exp(one)),
        made_up("d", one + 2.0 * rng.normal(size=2000)),
    ]
    joined = [[item.key for item in factor.inputs] for factor in factors_of(inputs)]
    assert joined == [["a", "options.x.c", "d"], ["b"]]
    copies = [[item.key for item in factor.inputs] for factor in factors_of(inputs, together=COPIES)]
    assert copies == [["a", "options.x.c"], ["b"], ["d"]]


def test_a_factor_keeps_its_inputs_together_and_its_distribution() -> None:
    rng = np.random.default_rng(2)
    first = rng.gamma(2.0, size=500)
    factor = Factor("pair", (made_up("a", first), made_up("b", first**2)))
    values = factor.at((np.arange(500) + 0.5) / 500)
    np.testing.assert_allclose(values["b"], values["a"] ** 2)
    np.testing.assert_array_equal(values["a"], np.sort(first))


def test_all_futures_held_at_once_are_the_futures(what: WhatIf) -> None:
    held = {item.key: np.asarray(item.value)[1:] for item in uncertain(what.base.inputs)}
    found = what.at(held)
    for row, option in zip(found.net_benefit, what.base.options.values(), strict=True):
        np.testing.assert_allclose(row, option.outcome.net_benefit[1:], rtol=1e-9)


def test_a_bar_of_the_tornado_is_a_what_if(what: WhatIf) -> None:
    pair = pair_of(what.base)
    found = tornado_of(what, pair, top=200)
    assert found.tried == len(found.moved)
    swings = [item.bar.swing for item in found.moved]
    assert swings == sorted(swings, reverse=True)
    assert found.central == pytest.approx(pair.of(what.names, _central(what.base))[0])
    for item in found.moved[:3]:
        key = item.factor.inputs[0].key
        alone = pair.of(what.names, what.at({key: np.array([item.low, item.high])}).net_benefit)
        np.testing.assert_allclose((item.bar.at_low, item.bar.at_high), alone)


def test_prices_without_a_range_are_moved_too(what: WhatIf) -> None:
    found = tornado_of(what, pair_of(what.base), top=200)
    assumed = {item.factor.name: item for item in found.moved if item.assumed}
    assert any(name.startswith("gpu/") for name in assumed)
    assert any(name.startswith("token/") for name in assumed)
    for item in assumed.values():
        np.testing.assert_allclose((item.low, item.high), item.factor.inputs[0].central * np.array([0.8, 1.2]))


def test_copies_of_one_figure_are_one_bar(what: WhatIf) -> None:
    found = tornado_of(what, pair_of(what.base), top=200)
    minutes = [item for item in found.moved if item.factor.name == "tuning.annotation.minutes"]
    assert len(minutes) == 1
    assert len(minutes[0].factor.inputs) > 1


def test_indices_share_out_the_variance(what: WhatIf) -> None:
    pair = pair_of(what.base)

    def study(seed: int) -> object:
        lead = lead_of(what.base, pair)
        return sobol_study(what, lead=lead, result=lambda gain: pair.of(what.names, gain), top=4, points=256, seed=seed)

    found = study(1)
    assert [item.factor.name for item in found.indices if item.factor.name.startswith(REST)] != []
    assert len(found.indices) == 5
    assert found.points == 256 * 7
    for item in found.indices:
        assert item.first_low <= item.first <= item.first_high
        assert item.total_low <= item.total <= item.total_high
        assert item.first_low <= item.total_high
    assert 0.5 < sum(item.first for item in found.indices) < 1.3
    assert found.sd_usd == pytest.approx(found.futures_sd_usd, rel=0.25)
    assert study(1) == found


def test_no_information_is_worth_more_than_all_of_it(triage: Estimate) -> None:
    lead = lead_of(triage, pair_of(triage))
    found = information_of(triage, lead=lead, top=200, pilot_labels=200, catalog=load_catalog())
    assert found.tried == len(found.inputs)
    for worth in (*(item.worth for item in (*found.inputs, *found.accuracies)), *(item.worth for item in found.themes)):
        assert 0.0 <= worth.usd <= found.perfect.usd + 1e-6
    for theme in found.themes:
        alone = {item.name: item.worth.usd for item in found.inputs}
        assert theme.worth.usd >= max(alone[name] for name in theme.leading) - 1e-9
    assert sum(theme.inputs for theme in found.themes) == found.tried
    assert found.inputs[0].name in found.advice
    assert "pilot of" in found.advice


def test_a_pilot_costs_what_its_parts_cost(triage: Estimate) -> None:
    eligible = [option for option in triage.options.values() if option.standing.eligible]
    benefit = np.stack([option.outcome.net_benefit[1:] for option in eligible])
    world = load_catalog()
    plans = {plan.options: plan for plan in pilots(triage, net_benefit=benefit, labels=200, catalog=world)}
    verdict = triage.decision.verdict
    assert set(plans) == {("lora",), ("qlora",), ("lora_rag",), (verdict.best, verdict.runner_up)}
    for plan in plans.values():
        assert plan.labels == 200
        assert plan.found.cost_usd == pytest.approx(plan.labels_usd + plan.training_usd + plan.evaluation_usd)
        assert 0.0 <= plan.found.worth.usd <= plan.found.at_most_usd
        assert (plan.pays == "no") == (plan.found.net_usd <= 0)
    full = triage.options["lora"].parts
    assert full is not None
    assert full.money.data is not None
    assert plans[("lora",)].labels_usd < np.asarray(full.money.data.total).flat[0]
    assert plans[("lora",)].expected_quality[0] < np.asarray(full.quality.start)[1:].mean()
    capped = pilots(triage, net_benefit=benefit, labels=1e6, catalog=world)
    assert {plan.labels for plan in capped} == {3000}


def test_the_pair_is_the_best_against_the_runner_up_unless_named(triage: Estimate) -> None:
    verdict = triage.decision.verdict
    assert pair_of(triage) == Pair(verdict.best or "", verdict.runner_up)
    assert pair_of(triage, option="prompt") == Pair("prompt", verdict.best)
    assert pair_of(triage, option="prompt", against="rag") == Pair("prompt", "rag")
    assert pair_of(triage, against=verdict.best) == Pair(verdict.runner_up or "", verdict.best)
    with pytest.raises(InputError, match="against: rag is the option itself"):
        pair_of(triage, option="rag", against="rag")
    with pytest.raises(UnknownNameError, match="did you mean 'qlora'"):
        pair_of(triage, option="qlorra")


def test_swapping_the_pair_swaps_the_signs(what: WhatIf) -> None:
    one, other = (tornado_of(what, Pair(*names), top=200) for names in (("lora", "rag"), ("rag", "lora")))
    assert one.central == -other.central
    mirrored = {item.factor.name: item.bar for item in other.moved}
    for item in one.moved:
        assert item.bar.at_low == -mirrored[item.factor.name].at_low
        assert item.bar.swing == mirrored[item.factor.name].swing


def test_one_option_is_looked_at_alone() -> None:
    found = sensitivity(loads(SMALL), draws=300, method="evppi")
    assert found.pair == Pair("prompt", None)
    assert found.information is not None
    assert found.information.advice.startswith("prompt is the only option that qualifies")
    assert all(item.worth.usd == 0 for item in found.information.inputs)
    bars = sensitivity(loads(SMALL), draws=300).tornado
    assert bars is not None
    assert bars.moved[0].bar.swing > 0


def test_certain_inputs_leave_nothing_to_say(what: WhatIf) -> None:
    bare = replace(what.base, inputs=())
    certain = WhatIf(base=bare, catalog=what.catalog)
    pair = pair_of(bare)
    lead = lead_of(bare, pair)
    assert tornado_of(certain, pair).moved == ()
    assert sobol_study(certain, lead=lead, result=lambda gain: gain[0], top=3, points=64, seed=0).indices == ()
    found = information_of(bare, lead=lead, top=5, pilot_labels=200, catalog=what.catalog)
    assert found.advice == "Every input is certain: there is nothing to measure."


def test_where_nothing_qualifies_it_is_said() -> None:
    scenario = loads(SMALL.replace("value_per_success: 0.5", "value_per_success: 0.5, minimum_quality: 0.999") + RAG)
    for method in ("tornado", "sobol", "evppi"):
        with pytest.raises(InputError, match="none qualifies"):
            sensitivity(scenario, draws=300, method=method)  # type: ignore[arg-type]
    named = sensitivity(scenario, draws=300, option="rag").tornado
    assert named is not None
    assert named.moved


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"draws": 50}, "draws: 50 is below 250"),
        ({"top": 0}, "top: 0 is outside 1 to 200"),
        ({"method": "sobol", "points": 100}, "power of 2"),
        ({"method": "sobol", "points": 32}, "points: 32 for"),
        ({"method": "sobol", "points": 2**20}, "evaluations"),
        ({"method": "evppi", "pilot_labels": 0}, "pilot: 0 labels"),
        ({"method": "morris"}, "unknown method 'morris'"),
    ],
)
def test_numbers_out_of_range_are_refused(more: dict[str, object], message: str) -> None:
    with pytest.raises((InputError, UnknownNameError), match=message):
        sensitivity(loads(SMALL + RAG), **({"draws": 300} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "unit", "theme"),
    [
        ("workload.requests_per_month", "requests per month", "volume"),
        ("task.value_per_success", "USD", "worth of answers"),
        ("options.lora.tuning.annotation.minutes", "minutes", "labour"),
        ("labour/ml_engineer", "USD/hour", "labour"),
        ("gpu/gcp/g2-standard-4/us-east4/on_demand", "USD/hour", "price"),
        ("token/openai/gpt-6-luna/input", "USD/Mtok", "price"),
        ("task.error_floor", "share", "quality"),
        ("retrieval.recall", "share", "quality"),
        ("upkeep.drift", "share/month", "quality"),
        ("retrieval.operations_hours", "hours/month", "labour"),
        ("serving.usable_share", "share", "operation"),
    ],
)
def test_themes(key: str, unit: str, theme: str) -> None:
    assert theme_of(made_up(key, np.array([1.0, 2.0]), unit)) == theme


def _central(base: Estimate) -> Array:
    return np.stack([option.outcome.net_benefit[:1] for option in base.options.values()])
