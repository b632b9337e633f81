"""Published throughput: targets of the model, robust reading of cases, and what is assumed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from estimator.catalog import load_catalog
from estimator.errors import InputError
from estimator.memory import parameter_count
from estimator.validation import Validation, bundled, validate
from estimator.validation.described import described_architecture
from estimator.validation.time import validate_time
from estimator.validation.time_case import time_case

LIMITS = {
    "dense": (0.12, 0.40),
    "dense, full and pretraining": (0.12, 0.40),
    "dense, LoRA": (0.12, 0.42),
    "dense, QLoRA": (0.14, 0.50),
    "mixture of experts": (0.22, 0.70),
}


@pytest.fixture(scope="module")
def found() -> Validation:
    return validate("time")


@pytest.mark.parametrize("key", ["summary", "leave_one_source_out"])
def test_errors_and_coverage_are_within_the_targets(found: Validation, key: str) -> None:
    data = found.to_dict()
    assert len(data["skipped"]) <= 0.05 * len(bundled("time"))
    rows = {row["group"]: row for row in data[key] if row["by"] in ("all", "architecture", "method")}
    for group, (median, p90) in LIMITS.items():
        assert rows[group]["median"] <= median, group
        assert rows[group]["p90"] <= p90, group
    assert 0.85 <= rows["all"]["coverage"] <= 0.97


def test_a_case_carries_prediction_interval_and_measurement(found: Validation) -> None:
    case = found.to_dict()["cases"][0]
    assert case["low"] < case["predicted_tokens_per_s_per_gpu"] < case["high"]
    assert case["measured_tokens_per_s_per_gpu"] > 0.0
    assert case["weight"] > 0.0


def a_case(**changes: Any) -> dict[str, Any]:
    setup = {"method": "lora", "seq_len": 2048, "gpu": "A100-SXM4-80GB", "framework": "HF Trainer", **changes}
    return {"id": "mine", "architecture": {"params_b": 8.03}, "setup": setup, "measured": {"tokens_per_s_per_gpu": 3e3}}


def test_a_case_with_little_in_it_is_predicted() -> None:
    result = validate_time((a_case(),))
    assert not result.skipped
    assert result.scored[0].predicted == pytest.approx(3e3, rel=0.5)
    assert not result.left_out
    assert "micro_batch" in result.scored[0].facts["assumed"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gpu": "Abacus"}, "unknown GPU"),
        ({"method": "magic"}, "setup.method"),
        ({"seq_len": "long"}, "setup.seq_len"),
        ({"parallelism": 3}, "setup.parallelism"),
        ({"gpu": None}, "setup.gpu is missing"),
    ],
)
def test_a_broken_case_is_skipped_with_its_reason(changes: Mapping[str, Any], reason: str) -> None:
    result = validate_time((a_case(**changes),))
    assert reason in result.skipped[0].reason


def test_a_measurement_must_be_a_positive_number() -> None:
    for measured in ({}, {"tokens_per_s_per_gpu": -1}, {"tokens_per_s_per_gpu": "fast"}, [1]):
        assert validate_time(({**a_case(), "measured": measured},)).skipped


def test_a_setup_that_is_no_mapping_is_skipped() -> None:
    assert "setup: 3 is not a mapping" in validate_time(({**a_case(), "setup": 3},)).skipped[0].reason


def test_the_rate_of_all_devices_is_divided() -> None:
    total = {**a_case(gpus=4), "measured": {"tokens_per_s_total": 12_000}}
    assert validate_time((total,)).scored[0].measured == 3000.0


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("optimizer", "optimizer"),
        ("optimizer and parameters", "all"),
        ("weights", "params"),
        ("activations", "activations"),
        ("cpu", "all"),
        ("none", "none"),
    ],
)
def test_what_is_offloaded_is_read_from_words(text: str, what: str) -> None:
    assert time_case(a_case(offload=text), catalog=load_catalog()).setup.offload == what


@pytest.mark.parametrize(
    ("text", "precision"), [("FP8 rowwise", "fp8_rowwise"), ("mxfp4", "fp4"), ("bnb-fp4", "bf16"), ("FP16", "fp16")]
)
def test_the_precision_is_read_from_words(text: str, precision: str) -> None:
    assert time_case(a_case(precision=text), catalog=load_catalog()).precision == precision


def test_a_split_that_does_not_divide_the_devices_is_not_believed() -> None:
    found = time_case(a_case(gpus=6, parallelism={"tp": 4, "ep": 2}), catalog=load_catalog()).parallelism
    assert (found.tensor, found.expert) == (1, 2)


def test_own_cases_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "runs.json"
    file.write_text(json.dumps([a_case()]))
    assert validate("time", file).scored[0].id == "mine"


def test_a_shape_is_found_from_its_published_figures() -> None:
    llama = {"params_b": 8.03, "layers": 32, "hidden": 4096, "heads": 32, "kv_heads": 8, "ffn": 14336, "vocab": 128256}
    shape = described_architecture("Llama", llama)
    assert parameter_count(architecture=shape).total == pytest.approx(8.03e9, rel=0.001)
    assert shape.gated_mlp
    assert not shape.tied_embeddings
    small = described_architecture("size only", {"params_b": 7})
    assert parameter_count(architecture=small).total == pytest.approx(7e9, rel=0.25)
    with pytest.raises(InputError, match="neither params_b"):
        described_architecture("nothing", {})
    with pytest.raises(InputError, match="no number"):
        described_architecture("text", {"params_b": "many"})


def test_shared_experts_and_dense_layers_follow_from_the_counts() -> None:
    given = next(case["architecture"] for case in bundled("time") if case["model"].startswith("DeepSeekV3"))
    shape = described_architecture("DeepSeek", given)
    count = parameter_count(architecture=shape)
    assert (shape.shared_expert_ffn, shape.dense_layers) == (2048, 3)
    assert count.total == pytest.approx(671e9, rel=0.01)
    assert count.active == pytest.approx(37e9, rel=0.03)


@pytest.mark.parametrize(
    ("framework", "precision", "stack"),
    [
        ("NeMo/Megatron-Core", "fp8", "megatron"),
        ("NeMo-Automodel", "bf16", "compiled"),
        ("torchtitan FSDP2 eager", "bf16", "eager"),
        ("HF TRL + liger", "bf16", "fused"),
        ("llm.q CUDA/C++", "bf16", "fused_cpp"),
        ("PyTorch", "bf16", "eager"),
        ("PyTorch", "fp8", "megatron"),
    ],
)
def test_the_stack_class_follows_from_the_framework(framework: str, precision: str, stack: str) -> None:
    case = a_case(framework=framework, precision=precision)
    assert time_case(case, catalog=load_catalog()).stack == stack


def test_an_unstated_layout_holds_the_model() -> None:
    case = a_case(framework="Megatron-LM", gpus=64, global_batch=8, precision="fp8", gpu="H100", seq_len=8192)
    case["architecture"] = {"params_b": 69, "layers": 80, "hidden": 8192, "heads": 64, "kv_heads": 8, "ffn": 28672}
    run = time_case(case, catalog=load_catalog())
    assert run.setup.gpus // run.parallelism.model_ranks <= 8
    assert run.parallelism.tensor > 1
    assert "parallelism" in run.assumed
