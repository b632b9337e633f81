"""Factors from logs, kept in a file."""

import json
import math
from pathlib import Path

import pytest

from estimator import estimate, load
from estimator.catalog import load_catalog, read_calibration
from estimator.catalog.calibration import Calibration, calibration_data, factor_of, pooled
from estimator.catalog.run_logs import read_log
from estimator.errors import EstimatorError, InputError, UsageError
from estimator.training import calibration_of
from estimator.units import central

ROOT = Path(__file__).resolve().parents[3]
STATE = {
    "train_batch_size": 4,
    "global_step": 100,
    "log_history": [
        {"step": 50, "num_tokens": 400_000, "loss": 1.0},
        {
            "step": 100,
            "train_runtime": 200.0,
            "train_samples_per_second": 8.0,
            "train_steps_per_second": 0.5,
            "before_init_mem_gpu": 0,
            "init_mem_gpu_alloc_delta": 2**34,
            "train_mem_gpu_alloc_delta": 2**30,
            "train_mem_gpu_peaked_delta": 2**33,
        },
    ],
}


def saved(folder: Path, data: object, name: str = "log.json") -> Path:
    file = folder / name
    file.write_text(data if isinstance(data, str) else json.dumps(data))
    return file


def test_a_trainer_state_gives_rate_and_peak(tmp_path: Path) -> None:
    (run,) = read_log(saved(tmp_path, STATE))
    assert run.numbers["tokens_per_s"] == pytest.approx(800_000 / 200)
    assert run.numbers["peak_memory_gib"] == pytest.approx(25.0)
    assert run.numbers["micro_batch"] == 4.0


@pytest.mark.parametrize(
    ("state", "summary", "tokens_per_s"),
    [
        ({}, {"train_tokens_per_second": 123.0}, 123.0),
        ({"num_input_tokens_seen": 50_000}, {}, 250.0),
        ({}, {}, None),
    ],
)
def test_the_trainer_counts_tokens_in_several_ways(
    tmp_path: Path, state: dict[str, float], summary: dict[str, float], tokens_per_s: float | None
) -> None:
    history = [{"train_runtime": 200.0, **summary}]
    (run,) = read_log(saved(tmp_path, {**state, "log_history": history}))
    assert run.numbers == ({} if tokens_per_s is None else {"tokens_per_s": tokens_per_s})


def test_a_table_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(EstimatorError, match="not a CSV table"):
        read_log(saved(tmp_path, 'model,gpu\n"m"x,H100\n', "runs.csv"))


@pytest.mark.parametrize(
    ("measured", "seconds"),
    [({"samples_per_s": 2.0}, 4.0), ({"step_seconds": 4.0}, 4.0), ({"steps_per_s": 0.25}, 4.0)],
)
def test_rates_of_every_kind_give_the_same_ratio(tmp_path: Path, measured: dict[str, float], seconds: float) -> None:
    run = {"model": "Qwen/Qwen3-8B", "gpu": "H100", "method": "lora", "seq_len": 1024, "micro_batch": 8}
    found = [
        calibration_of(read_log(saved(tmp_path, [{**run, **given}])), given={}, catalog=load_catalog())
        .factors[0]
        .factor
        for given in (measured, {"tokens_per_s": 8 * 1024 / seconds})
    ]
    assert found[0] == pytest.approx(found[1])


def test_a_measured_peak_gives_a_ratio_of_memory(tmp_path: Path) -> None:
    run = {"model": "Qwen/Qwen3-8B", "gpu": "H100", "method": "lora", "seq_len": 1024, "micro_batch": 8}
    found = [
        calibration_of(
            read_log(saved(tmp_path, [{**run, "peak_memory_gib": gib}])), given={}, catalog=load_catalog()
        ).factors[0]
        for gib in (25.0, 50.0)
    ]
    assert {item.quantity for item in found} == {"memory"}
    assert found[1].factor == pytest.approx(2.0 * found[0].factor)


def test_a_table_gives_one_run_per_line(tmp_path: Path) -> None:
    table = "model,gpu,method,seq_len,micro_batch,step_seconds\nm,H100,lora,2048,2,1.5\nm,H100,lora,2048,4,\n"
    runs = read_log(saved(tmp_path, table, "runs.csv"))
    assert len(runs) == 2
    assert runs[0].numbers["step_seconds"] == 1.5
    assert "step_seconds" not in runs[1].numbers


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("3", "neither a run"),
        ("[]", "no run"),
        ("[3]", "no mapping"),
        ('{"log_history": []}', "train_runtime"),
        ('{"log_history": 3}', "log_history"),
        ('{"log_history": [{"train_runtime": -1}]}', "train_runtime"),
        ('[{"tokens_per_s": "fast"}]', "tokens_per_s"),
        ('[{"tokens_per_s": 1e400}]', "tokens_per_s"),
        ('[{"seq_len": true}]', "seq_len"),
    ],
)
def test_a_broken_log_is_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(EstimatorError, match=message) as caught:
        read_log(saved(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_missing_or_binary_log_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_log(tmp_path / "none.json")
    (tmp_path / "bin.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="UTF-8"):
        read_log(tmp_path / "bin.json")


def test_a_factor_is_measured_over_predicted(tmp_path: Path) -> None:
    given = {"model": "Qwen/Qwen3-8B", "gpu": "H100", "seq_len": 2048.0, "micro_batch": 4.0}
    rates = [{"tokens_per_s": 5000.0}, {"tokens_per_s": 2500.0}]
    one, both = (
        calibration_of(read_log(saved(tmp_path, rates[:n])), given=given, catalog=load_catalog()) for n in (1, 2)
    )
    assert both.factors[0].factor == pytest.approx(one.factors[0].factor * math.sqrt(2))
    assert both.factors[0].n == 2
    assert both.factors[0].spread == pytest.approx(math.log(2) / math.sqrt(2))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": None}, "--model"),
        ({"gpu": None}, "--gpu"),
        ({"stack": "slow"}, "stack"),
        ({"method": "lorra"}, "did you mean 'lora'"),
        ({"seq_len": None}, "--seq-len"),
        ({"tokens_per_s": 1e-3}, "check units"),
        ({"tokens_per_s": None}, "no run states"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    known = {"model": "Qwen/Qwen3-8B", "gpu": "H100", "seq_len": 2048, "micro_batch": 4, "tokens_per_s": 5000.0}
    runs = read_log(saved(tmp_path, [{**known, **changes}]))
    with pytest.raises(EstimatorError, match=message):
        calibration_of(runs, given={}, catalog=load_catalog())


def test_a_file_round_trips_and_the_nearest_factor_is_found(tmp_path: Path) -> None:
    factors = (
        factor_of("time", "lora", "H100-SXM5-80GB", [1.2, 1.3], ["a", "b"]),
        factor_of("time", "lora", "L4-24GB", [2.0], ["c"]),
    )
    file = saved(tmp_path, calibration_data(Calibration(factors=factors)))
    found = read_calibration(file)
    assert found.factors == factors
    exact, other = found.find("time", method="lora", gpu="L4-24GB"), found.find("time", method="lora", gpu="T4-16GB")
    assert exact is not None
    assert other is not None
    assert exact.factor == pytest.approx(2.0)
    assert other.n == 3
    assert other.spread > exact.spread
    assert found.find("memory", method="lora") is None
    assert pooled(factors).factor == pytest.approx((1.2 * 1.3 * 2.0) ** (1 / 3))


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"kind": "calibration", "factors": []},
        {"kind": "calibration", "factors": [3]},
        {"kind": "calibration", "factors": [{"quantity": "mood"}]},
        {"kind": "calibration", "factors": [{"quantity": "time", "factor": 1e9, "spread": 0, "n": 1}]},
        {"kind": "calibration", "factors": [{"quantity": "time", "factor": 1, "spread": "x", "n": 1}]},
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, data: object) -> None:
    with pytest.raises(InputError, match=r"log\.json"):
        read_calibration(saved(tmp_path, data))


def test_calibration_changes_training_cost_and_is_shown(tmp_path: Path) -> None:
    data = calibration_data(Calibration(factors=(factor_of("time", "lora", "any", [3.0] * 4, ["log"]),)))
    scenario = load(ROOT / "examples" / "triage.yaml")
    plain, slow = (
        estimate(scenario, draws=50, catalog=load_catalog(calibration=file))
        for file in (None, saved(tmp_path, data, "calibration.json"))
    )
    shown = [item for item in slow.inputs if item.key == "options.lora.tuning.time_error"]
    assert all("calibrated, n = 4" in item.source for item in shown)
    assert shown
    assert all(item.central == pytest.approx(3.0) for item in shown)
    costs = []
    for result in (plain, slow):
        parts = result.options["lora"].parts
        assert parts is not None
        assert parts.money.sizing is not None
        costs.append(central(parts.money.sizing.usd_per_run))
    assert costs[1] > 1.5 * costs[0]
