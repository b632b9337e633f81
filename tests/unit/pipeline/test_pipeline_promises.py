"""What every estimate promises, on every example."""

import json
from pathlib import Path

import numpy as np
import pytest

from estimator import compare, estimate, load, loads
from estimator.errors import InputError
from estimator.results import Estimate
from estimator.scenario import dumps

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))
DRAWS = 500


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def result(request: pytest.FixtureRequest) -> Estimate:
    return estimate(load(request.param), draws=DRAWS)


def test_three_examples() -> None:
    assert [path.stem for path in EXAMPLES] == ["contract-review", "policy-assistant", "triage"]


def test_templates_are_the_examples() -> None:
    from estimator.scenario.templates import template_text

    for path in EXAMPLES:
        assert template_text(path.stem) == path.read_text(encoding="utf-8")


def test_lines_sum_to_the_total_to_the_cent(result: Estimate) -> None:
    for option in result.options.values():
        ledger = option.ledger
        assert sum(line.monthly for line in ledger.lines).sum() == pytest.approx(ledger.monthly.sum(), abs=0.01 * DRAWS)
        total = sum(np.broadcast_to(line.total, (DRAWS + 1,)) for line in ledger.lines)
        np.testing.assert_allclose(
            np.broadcast_to(ledger.monthly, (DRAWS + 1, ledger.months + 1)).sum(axis=1), total, atol=0.005
        )


def test_every_input_has_origin_and_source(result: Estimate) -> None:
    assert len(result.inputs) > 30
    for item in result.inputs:
        assert item.source.strip(), item.key
        assert item.basis in {"given", "measured", "published", "judgement"}, item.key
        assert item.origin in {"yours", "preset", "default", "catalog"}, item.key
        assert item.unit, item.key


def test_figures_are_ordered_and_finite(result: Estimate) -> None:
    for option in result.options.values():
        for band in (option.standing.cost, option.standing.net_benefit, option.standing.quality):
            assert band.p10 <= band.p50 <= band.p90
        assert np.isfinite(option.standing.cost.mean)
        assert 0 <= option.standing.quality.p10 <= option.standing.quality.p90 <= 1


def test_odds_sum_to_one(result: Estimate) -> None:
    assert sum(option.standing.probability_best for option in result.options.values()) == pytest.approx(1.0)


def test_same_seed_same_bytes() -> None:
    scenario = load(EXAMPLES[0])
    first = json.dumps(compare([scenario], draws=DRAWS, seed=7).to_dict())
    assert json.dumps(compare([scenario], draws=DRAWS, seed=7).to_dict()) == first
    assert json.dumps(compare([scenario], draws=DRAWS, seed=8).to_dict()) != first


def test_another_option_leaves_the_others_alone() -> None:
    scenario = load(EXAMPLES[2])
    full = estimate(scenario, draws=DRAWS)
    for kept in (["prompt"], ["prompt", "rag"], ["prompt", "lora", "lora_rag"]):
        options = {name: scenario.options[name] for name in kept}
        fewer = estimate(loads(dumps(scenario.model_copy(update={"options": options}))), draws=DRAWS)
        for name in kept:
            np.testing.assert_array_equal(
                fewer.options[name].outcome.net_benefit, full.options[name].outcome.net_benefit
            )
            np.testing.assert_array_equal(fewer.options[name].outcome.cost, full.options[name].outcome.cost)


def test_one_draw_works_and_none_is_refused() -> None:
    assert estimate(load(EXAMPLES[0]), draws=1).draws == 1
    with pytest.raises(InputError, match="draws: 0 is outside 1 to"):
        estimate(load(EXAMPLES[0]), draws=0)


def test_retrieval_wins_where_policies_change_every_week() -> None:
    result = estimate(load(EXAMPLES[1]), draws=2000)
    verdict = result.decision.verdict
    assert verdict.best == "rag"
    assert verdict.answer in {"no", "probably not"}
    assert any("change per month" in reason for reason in verdict.reasons)
    assert result.options["pretrained"].standing.probability_best == 0
    assert "comparison" in result.options["pretrained"].standing.why_not


@pytest.mark.parametrize(
    ("old", "new", "rises"),
    [
        (
            "facts_change: {low: 0.10, mode: 0.20, high: 0.35}",
            "facts_change: {low: 0.0, mode: 0.001, high: 0.002}",
            False,
        ),
        ("requests_per_month: 8k to 40k", "requests_per_month: 8M to 40M", None),
    ],
)
def test_the_verdict_moves_the_right_way(old: str, new: str, rises: bool | None) -> None:
    text = EXAMPLES[1].read_text(encoding="utf-8")
    assert old in text
    before, after = estimate(loads(text), draws=DRAWS), estimate(loads(text.replace(old, new)), draws=DRAWS)
    gap = [
        item.options["rag"].standing.quality.mean - item.options["lora"].standing.quality.mean
        for item in (before, after)
    ]
    if rises is None:
        assert after.options["rag"].standing.cost.p50 > before.options["rag"].standing.cost.p50
    else:
        assert (gap[1] > gap[0]) is rises
