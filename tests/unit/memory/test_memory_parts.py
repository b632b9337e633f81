"""Parts of the memory model against sums done by hand."""

import csv
import inspect
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import estimator.memory.constants as constants
from estimator.catalog.types import Accelerator, Architecture
from estimator.errors import InputError
from estimator.memory import (
    TrainingSetup,
    fit,
    lora_parameters,
    parameter_count,
    training_peak,
)
from estimator.memory.activations import block_bytes
from estimator.memory.precision import precision_of
from estimator.memory.shape import shape_of
from estimator.memory.states import quantized_bytes

LLAMA = Architecture(
    name="Llama-3.1-8B",
    model_type="llama",
    layers=32,
    hidden=4096,
    heads=32,
    kv_heads=8,
    head_dim=128,
    ffn=14336,
    vocab=128256,
    max_positions=131072,
)
H100 = Accelerator(
    name="H100-SXM5-80GB",
    vendor="NVIDIA",
    memory_bytes=80e9,
    usable_memory_bytes=79.6e9,
    bandwidth_bytes_per_s=3.35e12,
    peak_flops_per_s={},
    matmul_flops_per_s={},
    matmul_is_measured=False,
    link_bytes_per_s=450e9,
    tdp_w=700.0,
    devices_per_node=8,
)


def saved_per_token(setup: TrainingSetup, architecture: Architecture = LLAMA) -> float:
    shape = shape_of(architecture)
    precision = precision_of(setup, float_norm=shape.float_norm, layer_norm=not shape.rms)
    block = block_bytes(architecture, shape, precision, setup).total
    return float(block.of(tokens=1.0, seq_len=0.0, rank=0.0))


def test_constants_are_the_rows_of_the_table() -> None:
    path = Path(__file__).parents[3] / "pricing" / "constants" / "memory.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: float(row["value"]) for row in csv.DictReader(file)}
    named = {
        "memory.deepspeed_bucket": constants.DEEPSPEED_BUCKET_ELEMENTS,
        "memory.deepspeed_buckets": constants.DEEPSPEED_BUCKETS,
        "memory.deepspeed_live": constants.DEEPSPEED_LIVE_PARAMETERS,
        "memory.slack_steady": constants.SLACK_STEADY,
        "memory.slack_recompute": constants.SLACK_RECOMPUTE,
        "memory.slack_unpacked": constants.SLACK_UNPACKED,
        "memory.slack_pressed": constants.SLACK_PRESSED,
        "memory.cuda_context": constants.CUDA_CONTEXT_BYTES,
        "memory.nccl": constants.NCCL_BYTES,
        "memory.cublas_workspace": constants.CUBLAS_WORKSPACE_BYTES,
        "memory.margin": constants.DEFAULT_MARGIN,
        "memory.ddp_bucket_copies": constants.DDP_BUCKET_COPIES,
        "memory.gathered_blocks": constants.GATHERED_BLOCKS,
    }
    assert rows == named
    assert all(row in inspect.getsource(constants) for row in rows)


def test_counts_by_hand_for_a_tiny_model() -> None:
    tiny = replace(LLAMA, layers=2, hidden=8, heads=2, kv_heads=1, head_dim=4, ffn=16, vocab=10)
    count = parameter_count(architecture=tiny)
    assert count.embedding == 80
    assert count.head == 80
    assert count.attention == 2 * (8 * 8 + 2 * 8 * 4 + 8 * 8)
    assert count.mlp == 2 * 3 * 8 * 16
    assert count.norms == 2 * 2 * 8 + 8
    assert count.matmul_active == count.total - count.embedding - count.norms


def test_moe_active_parameters_leave_idle_experts_out() -> None:
    moe = replace(LLAMA, model_type="mixtral", experts=8, experts_per_token=2, expert_ffn=14336, vocab=32000)
    count = parameter_count(architecture=moe)
    expert = 3 * 4096 * 14336
    assert count.experts == 32 * 8 * expert
    assert count.total - count.active == 32 * 6 * expert
    assert count.router == 32 * 4096 * 8


def test_latent_attention_by_hand() -> None:
    mla = replace(
        LLAMA,
        model_type="deepseek_v2",
        layers=1,
        hidden=16,
        heads=2,
        kv_heads=2,
        q_lora_rank=4,
        kv_lora_rank=3,
        qk_rope_head_dim=2,
        qk_nope_head_dim=5,
        v_head_dim=6,
    )
    q = 16 * 4 + 4 * 2 * 7
    kv = 16 * (3 + 2) + 3 * 2 * (5 + 6)
    assert parameter_count(architecture=mla).attention == q + kv + 2 * 6 * 16


def test_saved_bytes_of_a_llama_block_in_pure_bf16() -> None:
    # 16h + 8 + 4q + 4kv + 4a + 8I = 200,840 B per token for Llama-3.1-8B
    assert saved_per_token(TrainingSetup(method="full")) == 200_840


def test_saved_bytes_under_autocast_with_fp32_master_weights() -> None:
    # 26h + 8 + 4q + 4kv + 4a + 8I
    by_hand = 26 * 4096 + 8 + 4 * 4096 + 4 * 1024 + 4 * 32 + 8 * 14336
    assert saved_per_token(TrainingSetup(method="full", weights_dtype="fp32", autocast="bf16")) == by_hand


def test_saved_bytes_of_lora_with_fp32_adapters() -> None:
    # 8h + 8 + 4q + 4kv + 4a + 6I, and 4n per adapter on q and v
    by_hand = 8 * 4096 + 8 + 4 * 4096 + 4 * 1024 + 4 * 32 + 6 * 14336 + 4 * 2 * 4096
    assert saved_per_token(TrainingSetup(targets=("q_proj", "v_proj"))) == by_hand


def test_k_bit_preparation_widens_the_stream() -> None:
    # 8h + 8 + 4q + 4kv + 4a + 12I, 2n for q, k, v, gate, up, down; o shares the attention output
    setup = TrainingSetup(method="qlora", quantization="nf4", autocast="bf16", kbit_preparation="peft")
    by_hand = 8 * 4096 + 8 + 4 * 4096 + 4 * 1024 + 4 * 32 + 12 * 14336 + 2 * (5 * 4096 + 14336)
    assert saved_per_token(setup) == by_hand


def test_gpt2_block_keeps_every_step_of_its_gelu() -> None:
    # 58h + 16 + 4a
    gpt2 = replace(
        LLAMA,
        model_type="gpt2",
        hidden=1600,
        heads=25,
        kv_heads=25,
        head_dim=64,
        ffn=6400,
        norm="layer",
        gated_mlp=False,
        learned_positions=True,
        tied_embeddings=True,
    )
    assert saved_per_token(TrainingSetup(method="full"), gpt2) == 58 * 1600 + 16 + 4 * 25


def test_nf4_carries_its_block_constants() -> None:
    assert quantized_bytes("nf4") == 0.5 + 4 / 64
    assert quantized_bytes("nf4_dq") == pytest.approx(0.5 + 1 / 64 + 4 / (64 * 256))


def test_lines_sum_to_the_allocated_bytes() -> None:
    peak = training_peak(architecture=LLAMA, setup=TrainingSetup(), micro_batch=2.0, seq_len=1024.0)
    assert sum(peak.lines.values()) == float(peak.allocated_bytes)
    assert peak.allocated_bytes < peak.reserved_bytes < peak.device_bytes


def test_arrays_of_draws_give_the_same_numbers_as_scalars() -> None:
    lengths = np.array([512.0, 2048.0, 8192.0])
    peak = training_peak(architecture=LLAMA, setup=TrainingSetup(), micro_batch=2.0, seq_len=lengths)
    single = [
        training_peak(architecture=LLAMA, setup=TrainingSetup(), micro_batch=2.0, seq_len=float(s)) for s in lengths
    ]
    assert np.asarray(peak.allocated_bytes) == pytest.approx([float(p.allocated_bytes) for p in single])


def test_zero_stages_divide_one_state_after_the_other() -> None:
    def bytes_of(sharding: str) -> float:
        setup = TrainingSetup(method="full", optimizer="adamw_8bit", sharding=sharding, gpus=4)  # type: ignore[arg-type]
        peak = training_peak(architecture=LLAMA, setup=setup, micro_batch=1.0, seq_len=64.0)
        lines = peak.phases["optimizer step"]
        return float(lines["weights"] + lines["gradients"] + lines["optimizer states"])

    stages = [bytes_of(stage) for stage in ("ddp", "zero1", "zero2", "zero3")]
    assert stages == sorted(stages, reverse=True)
    assert stages[3] == pytest.approx(stages[0] / 4)


def test_fit_keeps_the_margin_free() -> None:
    peak = training_peak(architecture=LLAMA, setup=TrainingSetup(), micro_batch=1.0, seq_len=1024.0)
    result = fit(peak=peak, accelerator=H100, margin=0.1)
    assert float(result.needed_bytes) == pytest.approx(float(peak.pressed_bytes) / 0.9)
    assert result.fits
    assert float(result.headroom_bytes) == pytest.approx(79.6e9 - float(result.needed_bytes))


@pytest.mark.parametrize(("micro_batch", "seq_len"), [(0.0, 512.0), (1.0, -1.0), (float("nan"), 512.0)])
def test_sizes_must_be_positive(micro_batch: float, seq_len: float) -> None:
    with pytest.raises(InputError, match="is not above 0"):
        training_peak(architecture=LLAMA, setup=TrainingSetup(), micro_batch=micro_batch, seq_len=seq_len)


def test_margin_must_leave_room() -> None:
    peak = training_peak(architecture=LLAMA, setup=TrainingSetup(), micro_batch=1.0, seq_len=512.0)
    with pytest.raises(InputError, match="memory margin: 1"):
        fit(peak=peak, accelerator=H100, margin=1.0)


def test_unknown_target_is_named() -> None:
    with pytest.raises(InputError, match="unknown module 'q_prj'"):
        lora_parameters(architecture=LLAMA, rank=8.0, targets=("q_prj",))


def live(micro_batch: float = 2.0, **choices: object) -> float:
    setup = TrainingSetup(**choices)  # type: ignore[arg-type]
    return float(
        training_peak(architecture=LLAMA, setup=setup, micro_batch=micro_batch, seq_len=2048.0).allocated_bytes
    )


@pytest.mark.parametrize("split", ["tensor_parallel", "pipeline_parallel", "context_parallel"])
def test_splitting_the_model_never_needs_more_on_each_device(split: str) -> None:
    sizes = [live(method="full", checkpointing="none", gpus=ranks, **{split: ranks}) for ranks in (1, 2, 4)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0]


def test_tensor_and_pipeline_ranks_divide_the_weights() -> None:
    setup = TrainingSetup(method="full", gpus=8, tensor_parallel=4, pipeline_parallel=2)
    peak = training_peak(architecture=LLAMA, setup=setup, micro_batch=1.0, seq_len=512.0)
    whole = training_peak(architecture=LLAMA, setup=TrainingSetup(method="full"), micro_batch=1.0, seq_len=512.0)
    assert peak.lines["weights"] == pytest.approx(whole.lines["weights"] / 8)


def test_dora_keeps_the_results_of_base_and_adapter() -> None:
    choices = {"checkpointing": "none", "targets": ("q_proj", "v_proj"), "cross_entropy": "fused_linear"}
    more = live(method="dora", **choices) - live(method="lora", **choices)
    outputs = LLAMA.heads * LLAMA.head_dim + LLAMA.kv_heads * LLAMA.head_dim
    assert more == pytest.approx(LLAMA.layers * 2 * 2048 * 6 * outputs)  # 2 bytes of the base, 4 of the fp32 adapter


def test_unpacked_batches_leave_slack_over_the_logits_only() -> None:
    packed, loose = (
        training_peak(architecture=LLAMA, setup=TrainingSetup(packing=packing), micro_batch=2.0, seq_len=2048.0)
        for packing in (True, False)
    )
    assert float(loose.allocated_bytes) == float(packed.allocated_bytes)
    logits = packed.phases["start of backward"]["logits and loss"]
    assert float(loose.reserved_bytes - packed.reserved_bytes) == pytest.approx(
        constants.SLACK_UNPACKED * float(logits)
    )
    assert float(loose.pressed_bytes) == float(packed.pressed_bytes)


def test_expert_ranks_divide_the_routed_experts_only() -> None:
    mixture = replace(LLAMA, model_type="mixtral", experts=8, experts_per_token=2, expert_ffn=14336)
    count = parameter_count(architecture=mixture)

    def weights(**choices: object) -> float:
        setup = TrainingSetup(method="full", gpus=4, **choices)  # type: ignore[arg-type]
        return training_peak(architecture=mixture, setup=setup, micro_batch=1.0, seq_len=512.0).lines["weights"]

    rest = count.total - count.expert_weights
    assert weights(expert_parallel=4) == pytest.approx(2 * (rest + count.expert_weights / 4))
    assert weights(expert_parallel=4, sharding="fsdp") == pytest.approx(weights(sharding="fsdp"))
