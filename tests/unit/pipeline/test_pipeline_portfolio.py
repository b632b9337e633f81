"""Portfolios: months line up, sums are sums, and what is shared is paid once."""

from pathlib import Path

import numpy as np
import pytest

from estimator import estimate, loads, portfolio
from estimator.errors import InputError
from estimator.questions import Portfolio
from estimator.scenario import Scenario

TRIAGE = (Path(__file__).resolve().parents[3] / "examples" / "triage.yaml").read_text(encoding="utf-8")
DRAWS = 200


def _scenario(*changes: tuple[str, str]) -> Scenario:
    text = TRIAGE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return loads(text)


LATER = (("start: 2027-01", "start: 2027-07"), ("horizon: 36 months", "horizon: 12 months"))
SHARED = (("churn: 5%", "churn: 5%, shared: tickets"),)


def _of(*scenarios: Scenario, option: str | None = None) -> Portfolio:
    return portfolio(scenarios, option=option, draws=DRAWS)


def test_one_scenario_is_its_own_budget() -> None:
    scenario = _scenario()
    found, result = _of(scenario), estimate(scenario, draws=DRAWS)
    best = result.options[str(result.decision.verdict.best)]
    assert found.members[0].option == best.name
    assert found.savings == ()
    np.testing.assert_array_equal(found.budget, best.ledger.monthly)
    assert (found.months[0], found.months[1], len(found.months)) == ("2026-12", "2027-01", 37)


def test_months_of_different_starts_line_up() -> None:
    first, second = _scenario(), _scenario(*LATER)
    found = _of(first, second, option="prompt")
    one, two = (estimate(item, draws=DRAWS).options["prompt"].ledger.monthly for item in (first, second))
    expected = np.array(np.broadcast_to(one, (DRAWS + 1, 37)))
    expected[:, 6:19] += two
    np.testing.assert_allclose(found.separate, expected)
    assert found.months[6] == "2027-06"
    assert found.total_usd.mean == pytest.approx(expected[1:].sum(axis=1).mean())
    assert found.by_month["central"] == pytest.approx(expected[0].tolist())
    assert [item.label for item in found.members] == ["Support-ticket triage (1)", "Support-ticket triage (2)"]


def test_adapters_of_one_base_share_replicas() -> None:
    found = _of(_scenario(), _scenario(*LATER), option="lora")
    (saving,) = found.savings
    assert (saving.kind, saving.name) == ("base model", "Qwen/Qwen3-8B on 1 × L4-24GB")
    assert saving.applied
    assert saving.shared_hours is not None
    assert saving.separate_hours is not None
    hours_of_a_month = 365.25 * 2
    assert saving.shared_hours == pytest.approx(36 * hours_of_a_month)
    assert saving.separate_hours == pytest.approx(48 * hours_of_a_month)
    assert np.all(saving.saved[:, :7] <= 1e-9)
    assert np.all(saving.saved[:, 7:19] > 0)
    np.testing.assert_allclose(found.separate - saving.saved, found.budget)
    assert found.saved_usd.central == pytest.approx(saving.separate_usd.central - saving.shared_usd.central)


def test_other_devices_share_nothing() -> None:
    assert _of(_scenario(), _scenario(("gpu: L4", "gpu: H100")), option="lora").savings == ()


def test_sharing_that_costs_more_is_shown_and_not_counted() -> None:
    slow = (("gpu: L4, precision: fp8", "gpu: L4, precision: fp8, lora_throughput: 2%"), ("60k to 240k", "90M"))
    found = _of(_scenario(*slow), _scenario(*slow, *LATER), option="lora")
    (saving,) = found.savings
    assert saving.shared_usd.mean > saving.separate_usd.mean
    assert not saving.applied
    np.testing.assert_array_equal(found.budget, found.separate)


def test_an_index_with_a_name_is_paid_once() -> None:
    first, second = _scenario(*SHARED), _scenario(*SHARED, *LATER)
    apart = _of(_scenario(), _scenario(*LATER), option="rag")
    found = _of(first, second, option="rag")
    assert apart.savings == ()
    (saving,) = found.savings
    assert (saving.kind, saving.name) == ("index", "tickets")
    lines = {line.key: line for line in estimate(second, draws=DRAWS).options["rag"].ledger.lines}
    built = float(lines["build.retrieval"].total[0] + lines["retrieval.corpus"].total[0])
    assert saving.saved[0, 6] >= built
    assert np.all(saving.saved[:, 7:19] > 0)
    assert np.allclose(saving.saved[:, 19:], 0.0)
    np.testing.assert_allclose(found.separate, apart.separate)


def test_one_name_for_two_indexes_is_refused() -> None:
    other = _scenario(*SHARED, ("documents: 40k", "documents: 50k"))
    with pytest.raises(InputError, match=r"'tickets' differs between .* in documents"):
        _of(_scenario(*SHARED), other, option="rag")


def test_the_order_of_the_scenarios_does_not_matter() -> None:
    one, two = _scenario(), _scenario(*LATER)
    np.testing.assert_allclose(_of(one, two, option="lora").budget, _of(two, one, option="lora").budget)


@pytest.mark.parametrize(
    ("option", "changes", "message"),
    [
        ("loro", (), "'loro' is in none of the scenarios"),
        (None, (("minimum_quality: 0.70", "minimum_quality: 0.99"),), "Support-ticket triage: no option qualifies"),
        (None, (("model: Qwen/Qwen3-8B", "model: Qwen/Qwen9"),), r"Support-ticket triage: options\.lora\.model"),
    ],
)
def test_what_cannot_be_budgeted_is_named(
    option: str | None, changes: tuple[tuple[str, str], ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        _of(_scenario(*changes), option=option)
    with pytest.raises(InputError, match="none given"):
        portfolio([])
