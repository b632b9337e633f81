"""The ledger's training line is the plan that `estimator plan` chooses."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from estimator import Scenario, estimate, load, loads
from estimator.catalog import load_catalog
from estimator.errors import EstimatorError
from estimator.planning import Futures, Hardware, last_reading, plan_training, training_scenario
from estimator.training import Bounds, Space
from estimator.units import central

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
TEXT = (EXAMPLES / "triage.yaml").read_text(encoding="utf-8")
FEW = Futures(draws=200)


def small(**tuning: object) -> Scenario:
    return training_scenario(
        model="Qwen/Qwen3-8B",
        method="lora",
        on=date(2026, 11, 22),
        catalog=load_catalog(),
        examples=3000,
        tokens_per_example=600,
        tuning=tuning,
    )


@pytest.mark.parametrize("option", ["lora", "qlora", "lora_rag"])
@pytest.mark.parametrize("term", ["on_demand", "spot", "any"])
def test_the_ledger_pays_the_chosen_plan(option: str, term: str) -> None:
    scenario = loads(TEXT.replace("method: lora", f"method: lora\n      term: {term}"))
    found = estimate(scenario, draws=200).options[option]
    planned = plan_training(scenario, option=option, futures=FEW).planned
    chosen = planned.plan.chosen
    assert chosen is not None
    lines = {line["key"]: line for line in found.lines_data()}
    runs = central(planned.job.runs)
    paid = sum(lines[key]["amount_usd"]["central"] for key in ("training.kept_run", "training.other_runs"))
    assert paid == pytest.approx(central(chosen.usd_per_run) * runs)
    assert found.sizing is not None
    np.testing.assert_allclose(found.sizing.usd_per_run, chosen.usd_per_run)
    assert found.sizing.run is not None
    assert central(found.sizing.run.hours.hours) == pytest.approx(central(chosen.hours_per_run))


def test_draws_reach_hours_price_and_energy() -> None:
    run = plan_training(small(), futures=FEW).planned.run
    assert run is not None
    for value in (run.hours.hours, run.usd, run.energy.kwh):
        draws = np.asarray(value)
        assert draws.shape == (201,)
        assert np.quantile(draws[1:], 0.05) < draws[0] < np.quantile(draws[1:], 0.95)


def test_packing_takes_less_time_than_padding() -> None:
    space = Space(gpu_counts=(1,), micro_batches=(8,), checkpointings=("full",))
    hours = []
    for packing in (True, False):
        run = plan_training(small(packing=packing, gpu="H100-80GB"), space=space, futures=FEW).planned.run
        assert run is not None
        hours.append(central(run.hours.training))
    assert hours[0] < 0.8 * hours[1]


def test_a_bought_gpu_competes_with_rented_ones() -> None:
    cheap = plan_training(small(), hardware=Hardware(owned_gpu="H100", owned_usd="1k"), futures=FEW).planned
    assert cheap.plan.chosen is not None
    assert cheap.plan.chosen.provider == "owned"
    dear = plan_training(small(), hardware=Hardware(owned_gpu="H100", owned_usd="300k"), futures=FEW).planned
    assert dear.plan.chosen is not None
    assert dear.plan.chosen.provider != "owned"
    assert any(item.provider == "owned" for item in dear.plan.considered)


def test_a_server_of_two_bought_gpus_never_runs_on_more() -> None:
    scenario = small(owned={"purchase_usd": 30_000, "devices": 2}, gpu="H100-80GB")
    plan = plan_training(scenario, futures=FEW).planned.plan
    assert plan.chosen is not None
    assert max(item.gpus for item in (*plan.considered, *plan.front)) <= 2


def test_a_device_nobody_rents_out_is_sized_without_a_price() -> None:
    offered = {offer.gpu for offer in load_catalog().gpu_offers(on=date(2026, 11, 22))}
    gpu = next(name for name in load_catalog().accelerators() if "3090" in name and name not in offered)
    run = plan_training(small(), hardware=Hardware(gpu=gpu, unpriced=True), futures=FEW).planned.run
    assert run is not None
    assert run.usd is None
    assert central(run.hours.hours) > 0
    with pytest.raises(EstimatorError, match="no GPU offer for"):
        plan_training(small(), hardware=Hardware(gpu=gpu), futures=FEW)


def test_nothing_feasible_is_an_answer_with_the_nearest_miss() -> None:
    planned = plan_training(small(), bounds=Bounds(deadline_hours=1e-3, budget_usd=1e-3), futures=FEW).planned
    assert planned.plan.chosen is None
    assert planned.run is not None
    assert planned.plan.misses[0].kind == "both"
    assert planned.plan.misses[0].excess == min(miss.excess for miss in planned.plan.misses if miss.kind != "memory")


def test_every_input_has_a_source_and_the_day_is_that_of_the_prices() -> None:
    answer = plan_training(small(), futures=FEW)
    assert answer.on == date(2026, 11, 22) <= last_reading(load_catalog())
    assert all(item.source for item in answer.inputs)
    keys = {item.key for item in answer.inputs}
    assert {"tuning.time_error", "infrastructure/pue", "training.gpu_failures"} <= keys
    assert any(key.startswith("gpu/") for key in keys)


def test_shipped_examples_say_why_the_others_lost() -> None:
    for name in ("triage", "contract-review", "policy-assistant"):
        plan = plan_training(load(EXAMPLES / f"{name}.yaml"), futures=FEW).planned.plan
        assert plan.chosen is not None
        assert plan.searched > 1000
        assert len(plan.considered) > 5
