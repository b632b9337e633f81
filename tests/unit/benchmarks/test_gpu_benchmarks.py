"""The GPU benchmarks without a GPU: their grid, their file, the rule that predictions come first, and resuming."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.gpu.campaign import MARK, Finished, Plan, campaign, cases_of, outcome
from benchmarks.gpu.grid import SERVING, TINY, USUAL, label, serving_runs, training_runs
from benchmarks.gpu.predict import serving_prediction, training_prediction
from benchmarks.gpu.shapes import SHAPES
from benchmarks.gpu.store import CaseFile, PredictionMissingError
from estimator.validation import validate

FRAMEWORK = "torch 2.13.0, transformers 5.24.0, peft 0.21.2, liger-kernel 0.8.5"
GPU = "H100-SXM5-80GB"


def plan(what: str, folder: Path, minutes: float = 10.0, gpu: str = GPU) -> Plan:
    return Plan(what, "cuda", gpu, minutes, folder / "cases.json", "unused")


def some(number: int = 3) -> list[tuple[str, Mapping[str, Any]]]:
    return list(training_runs("cuda"))[:number]


class Recorder:
    """Stands for the process of a run and checks that the file holds every prediction when it starts."""

    def __init__(self, path: Path, finished: Finished) -> None:
        self.path, self.finished, self.ran = path, finished, list[str]()

    def __call__(self, _: str, case: Mapping[str, Any], __: float) -> Finished:
        """Answer for a process."""
        stored = json.loads(self.path.read_text(encoding="utf-8"))["cases"]
        assert all(item["prediction"] for item in stored)
        self.ran.append(case["id"])
        return self.finished


def done(**figures: Any) -> Finished:
    return 0, f"a warning\n{MARK}{json.dumps(figures)}\n", ""


@pytest.mark.parametrize("device", ["cuda", "cpu"])
def test_each_run_of_the_grids_occurs_once_and_names_a_known_shape(device: str) -> None:
    for runs in (training_runs(device), serving_runs(device)):
        found = list(runs)
        assert len({label(*run) for run in found}) == len(found) > 1
        assert {shape for shape, _ in found} <= set(SHAPES)
    if device == "cpu":
        assert {shape for shape, _ in training_runs(device)} == {TINY}


def test_the_first_runs_see_every_medium_shape_and_the_grid_every_choice() -> None:
    found = list(training_runs("cuda"))
    assert len({shape for shape, _ in found[:4]}) == 4
    assert {"full", "lora", "qlora", "dora"} == {setup["method"] for _, setup in found}
    assert {"eager", "fused_linear"} == {setup["cross_entropy"] for _, setup in found}
    assert {"adamw", "adamw_fused", "sgd", "adamw_8bit"} == {setup["optimizer"] for _, setup in found}


def test_every_training_case_of_the_grid_can_be_predicted_in_memory_and_time(tmp_path: Path) -> None:
    for case in cases_of(plan("train", tmp_path), training_runs("cuda"), FRAMEWORK):
        found = training_prediction(case)
        assert not {"memory_refused", "time_refused"} & set(found), case["id"]
        low, high = found["allocated_gib_range"]
        assert low < found["allocated_gib"] < high
        assert found["allocated_gib"] <= found["reserved_gib"] < found["device_gib"]
        assert found["tokens_per_s_per_gpu"] > 0


def test_serving_cases_of_every_shape_can_be_predicted(tmp_path: Path) -> None:
    runs = list(serving_runs("cuda"))
    for case in cases_of(plan("serve", tmp_path), runs[:5] + runs[-1:], FRAMEWORK):
        found = serving_prediction(case)
        assert found["output_tokens_per_s_total"] > 0
        assert found["ttft_ms"] > 0


def test_only_a_fused_loss_names_the_fused_library(tmp_path: Path) -> None:
    eager, fused = cases_of(
        plan("train", tmp_path), [(TINY, USUAL), (TINY, {**USUAL, "cross_entropy": "fused_linear"})], FRAMEWORK
    )
    assert "liger" not in eager["setup"]["framework"]
    assert "liger" in fused["setup"]["framework"]


def test_a_measurement_without_a_stored_prediction_is_refused(tmp_path: Path) -> None:
    file = CaseFile(tmp_path / "cases.json")
    file.predict({"id": "a"}, {"allocated_gib": 1.0})
    with pytest.raises(PredictionMissingError, match="a: no prediction"):
        file.measure("a", {"peak_gib": 1.0})
    file.write()
    file.measure("a", {"peak_gib": 1.1})
    assert CaseFile(file.path).cases["a"]["measured"] == {"peak_gib": 1.1}


def test_predictions_are_on_disk_before_the_first_run_and_stand_when_it_is_continued(tmp_path: Path) -> None:
    wanted = plan("train", tmp_path)
    cases = cases_of(wanted, some(), FRAMEWORK)
    clock: Iterator[float] = iter([0.0, 1.0, 601.0])
    first = Recorder(wanted.file, done(peak_gib=14.0, counter="allocated", tokens_per_s_per_gpu=9000.0))
    file = campaign(wanted, cases, training_prediction, runner=first, clock=lambda: next(clock))
    assert first.ran == [cases[0]["id"]]
    assert len(file.open_cases()) == 2
    before = [case["prediction"] for case in file.cases.values()]

    again = Recorder(wanted.file, first.finished)
    file = campaign(wanted, cases, lambda _: {"allocated_gib": 0.0}, runner=again)
    assert again.ran == [case["id"] for case in cases[1:]]
    assert [case["prediction"] for case in file.cases.values()] == before
    assert not file.open_cases()


def test_an_error_is_tried_again_and_running_out_of_memory_is_a_result(tmp_path: Path) -> None:
    wanted = plan("train", tmp_path)
    cases = cases_of(wanted, some(1), FRAMEWORK)
    campaign(wanted, cases, training_prediction, runner=Recorder(wanted.file, (1, "", "ImportError: no module")))
    killed = Recorder(wanted.file, (1, "", "x\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\n"))
    file = campaign(wanted, cases, training_prediction, runner=killed)
    assert killed.ran
    assert file.cases[cases[0]["id"]]["measured"]["oom"] is True
    assert not file.open_cases()


@pytest.mark.parametrize(
    ("finished", "key"),
    [
        ((1, "", "RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"), "oom"),
        ((-9, "", ""), "oom"),
        ((124, "", "took longer than 5 s"), "error"),
        ((0, "nothing of use", ""), "error"),
        ((1, "", "ModuleNotFoundError: No module named 'bitsandbytes'"), "error"),
    ],
)
def test_what_a_process_left_behind_is_told_apart(finished: Finished, key: str) -> None:
    assert outcome(finished)[key]


def test_the_file_is_read_by_memory_fit_and_time(tmp_path: Path) -> None:
    wanted = plan("train", tmp_path)
    cases = cases_of(wanted, some(2), FRAMEWORK)
    ran = Recorder(wanted.file, done(peak_gib=14.0, counter="allocated", tokens_per_s_per_gpu=9000.0))
    file = campaign(wanted, cases, training_prediction, runner=ran)
    stored = [case["prediction"] for case in file.cases.values()]
    memory, time, fit = (validate(kind, wanted.file) for kind in ("memory", "time", "fit"))
    assert [item.predicted for item in memory.scored] == pytest.approx([case["allocated_gib"] for case in stored])
    assert [item.predicted for item in time.scored] == pytest.approx([case["tokens_per_s_per_gpu"] for case in stored])
    assert len(fit.scored) == 2


def test_the_file_is_read_by_serving(tmp_path: Path) -> None:
    wanted = plan("serve", tmp_path)
    cases = cases_of(wanted, list(serving_runs("cuda"))[:2], FRAMEWORK)
    ran = Recorder(wanted.file, done(output_tokens_per_s_total=500.0, ttft_ms=30.0, itl_ms=20.0))
    file = campaign(wanted, cases, serving_prediction, runner=ran)
    stored = [case["prediction"]["output_tokens_per_s_total"] for case in file.cases.values()]
    assert [item.predicted for item in validate("serving", wanted.file).scored] == pytest.approx(stored)


def test_a_run_without_a_gpu_is_no_case_of_any_validation(tmp_path: Path) -> None:
    wanted = plan("train", tmp_path, gpu="cpu")
    cases = cases_of(wanted, [(TINY, USUAL)], FRAMEWORK)
    campaign(wanted, cases, training_prediction, runner=Recorder(wanted.file, done(peak_rss_gib=0.6, step_time_s=0.1)))
    assert not validate("memory", wanted.file).scored
    assert not validate("time", wanted.file).scored


def test_serving_setups_share_what_is_usual() -> None:
    assert all(set(SERVING.items()) <= set(setup.items()) for _, setup in serving_runs("cuda"))
