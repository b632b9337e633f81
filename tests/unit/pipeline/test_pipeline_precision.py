"""Draws are doubled until the decision is precise."""

from pathlib import Path

import pytest

from estimator import estimate, estimate_precisely, load, loads
from estimator.errors import InputError
from estimator.questions import precision_of_estimate

FILE = Path(__file__).resolve().parents[3] / "examples" / "triage.yaml"
TRIAGE = load(FILE)


def test_futures_are_doubled_until_the_aim_is_reached() -> None:
    found = estimate_precisely(TRIAGE, relative_error=0.05, first=50)
    assert found.reached
    assert [step.draws for step in found.tried] == [50 * 2**step for step in range(len(found.tried))]
    assert len(found.tried) > 1
    assert found.precision == found.tried[-1]
    assert found.precision.probability_best_se <= 0.05 < found.tried[0].probability_best_se
    assert found.estimate.draws == found.precision.draws


def test_the_result_is_the_estimate_with_as_many_draws() -> None:
    found = estimate_precisely(TRIAGE, relative_error=0.08, first=25, seed=3)
    again = estimate(TRIAGE, draws=found.precision.draws, seed=3)
    assert found.estimate.to_dict() == again.to_dict()
    assert precision_of_estimate(again) == found.precision


def test_it_stops_at_the_most_and_says_so() -> None:
    found = estimate_precisely(TRIAGE, relative_error=0.001, first=40, most=100)
    assert not found.reached
    assert [step.draws for step in found.tried] == [40, 80, 100]


def test_a_scenario_in_which_nothing_qualifies_needs_no_lead() -> None:
    hopeless = loads(FILE.read_text(encoding="utf-8").replace("minimum_quality: 0.70", "minimum_quality: 1"))
    found = estimate_precisely(hopeless, relative_error=0.1, first=100)
    assert found.estimate.decision.verdict.best is None
    assert found.reached
    assert (found.precision.lead_usd, found.precision.lead_se_usd) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"relative_error": 0.0}, "relative_error"), ({"first": 1}, "first: 1"), ({"first": 50, "most": 40}, "first: 50")],
)
def test_what_cannot_be_asked(asked: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        estimate_precisely(TRIAGE, **asked)  # type: ignore[arg-type]  # wrong on purpose


def test_results_carry_wider_bands_and_errors() -> None:
    option = estimate(TRIAGE, draws=100).to_dict()["scenarios"][0]["options"]["lora"]
    assert {"se", "p5", "p95"} <= set(option["net_benefit_usd"])
    assert option["net_benefit_usd"]["se"] > 0
    assert all({"p5", "p95"} <= set(path) for path in option["by_month"].values())
