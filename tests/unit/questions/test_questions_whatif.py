"""What-ifs: one pass of the pipeline over held values equals as many single ones."""

from pathlib import Path

import numpy as np
import pytest

from estimator import estimate, load
from estimator.catalog import load_catalog
from estimator.errors import InputError, UnknownNameError
from estimator.pipeline import outcomes_of
from estimator.questions.whatif import WhatIf

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))
VOLUME, WORTH = "workload.requests_per_month", "task.value_per_success"


@pytest.fixture(scope="module")
def triage() -> WhatIf:
    path = next(path for path in EXAMPLES if path.stem == "triage")
    return WhatIf(base=estimate(load(path), draws=200), catalog=load_catalog())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_typical_futures_are_the_central_case(path: Path) -> None:
    scenario = load(path)
    base = estimate(scenario, draws=50)
    for outcome in outcomes_of(scenario, draws=3, typical=True):
        shown = base.options[outcome.name].outcome
        if not shown.infeasible:
            assert np.all(outcome.net_benefit == outcome.net_benefit[0])
            assert outcome.net_benefit[0] == pytest.approx(shown.net_benefit[0], rel=1e-12)
            assert outcome.cost[0] == pytest.approx(shown.cost[0], rel=1e-12)


def test_each_point_of_a_grid_is_what_it_would_be_alone(triage: WhatIf) -> None:
    volumes, worths = np.array([2e3, 4e4, 9e5]), np.array([0.1, 0.5, 2.0])
    together = triage.at({VOLUME: volumes, WORTH: worths})
    for place in range(3):
        alone = triage.at({VOLUME: volumes[place : place + 1], WORTH: worths[place : place + 1]})
        np.testing.assert_allclose(together.net_benefit[:, place], alone.net_benefit[:, 0], rtol=1e-12)


def test_a_scan_moves_one_input_at_a_time(triage: WhatIf) -> None:
    keys = (VOLUME, WORTH, "labour/ml_engineer")
    values = {key: triage.span(key).steps(5) for key in keys}
    found = triage.scan(values)
    for key in keys:
        np.testing.assert_allclose(found[key].net_benefit, triage.at({key: values[key]}).net_benefit, rtol=1e-12)


def test_a_rent_and_a_token_price_can_be_held_at_many_values(triage: WhatIf) -> None:
    rent = next(item.key for item in triage.base.inputs if item.key.startswith("gpu/"))
    token = next(item.key for item in triage.base.inputs if item.key.startswith("token/") and "output" in item.key)
    for key in (rent, token):
        cost = triage.at({key: triage.input(key).central * np.array([0.5, 1.0, 2.0])}).cost
        moved = cost[np.ptp(cost, axis=1) > 0]
        assert len(moved) > 0
        np.testing.assert_allclose(moved[:, 2] - moved[:, 1], 2 * (moved[:, 1] - moved[:, 0]), rtol=1e-6)


def test_an_input_that_cannot_be_moved_so_far_leaves_the_others(triage: WhatIf) -> None:
    found = triage.scan({VOLUME: np.array([1e4, 1e5]), "retrieval.replicas": np.array([0.1, 1.0])})
    assert set(found) == {VOLUME}


def test_unknown_keys_and_values_outside_are_refused(triage: WhatIf) -> None:
    with pytest.raises(
        UnknownNameError, match=r"workload.request_per_month.*did you mean 'workload.requests_per_month'"
    ):
        triage.at({"workload.request_per_month": np.ones(2)})
    with pytest.raises(InputError, match=r"task.escalation_share: 1.5 is outside 0 to 1"):
        triage.at({"task.escalation_share": np.array([0.5, 1.5])})
    with pytest.raises(InputError, match="differ in number"):
        triage.at({VOLUME: np.ones(2), WORTH: np.ones(3)})


def test_an_option_below_the_minimum_quality_cannot_be_chosen(triage: WhatIf) -> None:
    key = "task.pilot.quality_at_0_labels"
    if key not in {item.key for item in triage.base.inputs}:
        pytest.skip("the example has no point without labels")
    found = triage.at({key: np.array([0.3, 0.95])})
    prompt = triage.names.index("prompt")
    assert not found.eligible[prompt, 0]
    assert found.eligible[prompt, 1]
    assert found.choosable[prompt, 0] == -np.inf
