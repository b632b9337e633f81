"""FLOPs and bytes of one micro-batch, from the model shape and the setup; nothing about the device."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from estimator.catalog.types import Architecture
from estimator.memory import lora_parameters, parameter_count
from estimator.memory.setup import TrainingSetup
from estimator.training.constants import Stack, StepConstants
from estimator.training.flops import attention_flops_per_token, gemm_flops_per_token, visible_tokens
from estimator.training.parallel import Parallelism
from estimator.training.traffic import (
    all_reduce_bytes,
    dequantisation_bytes,
    elementwise_bytes_per_token,
    expert_parallel_bytes,
    gather_bytes,
    offload_bytes,
    optimizer_bytes,
    tensor_parallel_bytes,
)
from estimator.units import Value

BF16_BYTES = 2.0
GATHERS = 2.0  # once in the forward, once in the backward pass
EXPERT_MATRICES = 3.0  # gate, up, down
STORED_BYTES = {"none": 2.0, "nf4": 0.5, "nf4_dq": 0.5, "fp4": 0.5, "gptq_int4": 0.5, "gptq_int8": 1.0}
GATHERED_SHARDINGS = ("fsdp", "zero3")
FUSED_LOSSES = ("fused_kernel", "chunked", "fused_linear")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one device must compute and move for one micro-batch."""

    tokens: Value
    """Tokens of the micro-batch over the devices of one replica. [token]"""
    gemm_flops: Value
    head_flops: Value
    """Part of the matmul FLOPs in the LM head. [FLOP]"""
    expert_flops: Value
    """Part of the matmul FLOPs in routed experts. [FLOP]"""
    attention_flops: Value
    model_flops: Value
    """Needed FLOPs without recomputation. [FLOP]"""
    elementwise_bytes: Value
    dequantisation_bytes: Value
    optimizer_bytes: Value
    collective_bytes: Value
    """Data-parallel and sharding traffic. [B]"""
    tensor_bytes: Value
    """Tensor- and expert-parallel traffic inside the blocks. [B]"""
    expert_bytes: Value
    host_bytes: Value
    """CPU-offload traffic. [B]"""
    method_factor: float
    """Slow-down of the method itself; above 1 for DoRA. [1]"""
    launches: float
    """Blocks the device launches per micro-batch. [count]"""


class _Recompute(NamedTuple):
    """Shares of the forward pass that run again."""

    matmul: float
    attention: float
    elementwise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """Weights by the part they play."""

    total: float
    matmul: float
    blocks: float
    experts: float
    linear: float
    adapters: Value
    trained: Value
    base_trained: bool


def _counts(architecture: Architecture, setup: TrainingSetup) -> _Counts:
    count = parameter_count(architecture=architecture)
    full = setup.method == "full"
    adapters: Value = 0.0
    if not full:
        adapters = lora_parameters(architecture=architecture, rank=setup.rank, targets=setup.targets)
    moe_layers = architecture.layers - architecture.dense_layers if architecture.is_moe else 0
    expert = EXPERT_MATRICES * architecture.hidden * architecture.expert_ffn * architecture.experts_per_token
    return _Counts(
        total=count.total,
        matmul=count.matmul_active,
        blocks=count.matmul_active - architecture.hidden * architecture.vocab,
        experts=moe_layers * expert,
        linear=count.linear_weights,
        adapters=adapters,
        trained=count.total if full else adapters,
        base_trained=full,
    )


def attention_width(architecture: Architecture) -> float:
    """Mean of the query-key and the value width over all heads.

    Args:
        architecture: Model shape.

    Returns:
        Heads × (d_qk + d_v) / 2. [count]

    Source: definition; DeepSeek-AI 2024, arXiv:2405.04434 for latent attention, whose two widths differ.
    """
    if architecture.uses_latent_attention:
        query_key = architecture.qk_nope_head_dim + architecture.qk_rope_head_dim
        return architecture.heads * (query_key + architecture.v_head_dim) / 2.0
    return float(architecture.heads * architecture.head_dim)


def _ffn_inner(architecture: Architecture) -> float:
    if not architecture.is_moe:
        return float(architecture.ffn)
    routed = architecture.experts_per_token * architecture.expert_ffn + architecture.shared_expert_ffn
    moe_share = 1.0 - architecture.dense_layers / architecture.layers
    return moe_share * routed + (1.0 - moe_share) * architecture.ffn


def _recompute(setup: TrainingSetup, stack: Stack, constants: StepConstants) -> _Recompute:
    if setup.checkpointing in ("full", "offloaded"):
        return _Recompute(1.0, 1.0, 1.0)
    if setup.checkpointing == "selective":  # Megatron reruns the attention core, others every second matmul
        return (
            _Recompute(0.0, 1.0, 0.0) if stack == "megatron" else _Recompute(constants.selective_matmul_share, 0.0, 1.0)
        )
    return _Recompute(0.0, 0.0, 0.0)


def _elementwise(
    architecture: Architecture, setup: TrainingSetup, seq_len: Value, again: float, constants: StepConstants
) -> Value:
    fused_loss = setup.cross_entropy in FUSED_LOSSES
    return elementwise_bytes_per_token(
        hidden=architecture.hidden,
        attention_inner=(architecture.heads + architecture.kv_heads) * architecture.head_dim,
        ffn_inner=_ffn_inner(architecture),
        scores=architecture.heads * seq_len if setup.attention == "eager" else 0.0,
        layers=architecture.layers,
        vocab=architecture.vocab,
        logit_bytes=constants.logit_bytes_fused if fused_loss else constants.logit_bytes,
        recompute=again,
    )


def _collectives(setup: TrainingSetup, weights: _Counts, replica: float, ranks: float) -> Value:
    if ranks <= 1:
        return 0.0
    trained = weights.trained / replica
    if setup.sharding in GATHERED_SHARDINGS:
        return gather_bytes(
            weights=weights.total / replica,
            bytes_per_weight=STORED_BYTES[setup.quantization],
            gathers=GATHERS,
            trained_weights=trained,
            gradient_bytes=BF16_BYTES,
            ranks=ranks,
        )
    step = all_reduce_bytes(trained_weights=trained, gradient_bytes=BF16_BYTES, ranks=ranks)
    return step / setup.gradient_accumulation


def _traffic(
    architecture: Architecture,
    setup: TrainingSetup,
    weights: _Counts,
    split: Parallelism,
    tokens: Value,
    recomputed: bool,
    constants: StepConstants,
) -> dict[str, Value]:
    """Bytes of a micro-batch that are not activations, by field of `Work`."""
    replica = float(split.tensor * split.pipeline)
    ranks = setup.gpus / replica
    quantised = weights.linear / replica if setup.quantization != "none" else 0.0
    sharded = setup.sharding not in ("none", "ddp")
    offload_all = setup.offload == "all"
    layer_share = architecture.layers / split.pipeline
    moe_layers = layer_share - architecture.dense_layers / split.pipeline if architecture.is_moe else 0.0
    return {
        "dequantisation_bytes": dequantisation_bytes(
            quantised_weights=quantised, bytes_per_weight=constants.dequantisation_bytes, recompute=recomputed
        ),
        "optimizer_bytes": optimizer_bytes(
            trained_weights=weights.trained / replica,
            bytes_per_weight=constants.optimizer_bytes,
            shards=ranks if sharded else 1.0,
        )
        / setup.gradient_accumulation,
        "collective_bytes": _collectives(setup, weights, replica, ranks),
        "tensor_bytes": tensor_parallel_bytes(
            tokens=tokens / split.context,
            hidden=architecture.hidden,
            layers=layer_share,
            ranks=split.tensor,
            recompute=recomputed,
        ),
        "expert_bytes": expert_parallel_bytes(
            tokens=tokens / (split.context * split.tensor),
            hidden=architecture.hidden,
            experts_per_token=architecture.experts_per_token,
            layers=moe_layers,
            ranks=split.expert,
            recompute=recomputed,
        ),
        "host_bytes": offload_bytes(
            weights=weights.total / replica / (ranks if sharded else 1.0),
            trained_weights=weights.trained / replica / (ranks if sharded else 1.0),
            parts=(offload_all or setup.offload == "params", offload_all or setup.offload == "optimizer"),
            accumulation=setup.gradient_accumulation,
        ),
    }


def work(
    *,
    architecture: Architecture,
    setup: TrainingSetup,
    micro_batch: Value,
    seq_len: Value,
    parallelism: Parallelism,
    stack: Stack,
    constants: StepConstants,
) -> Work:
    """FLOPs and bytes one device spends on one micro-batch.

    Args:
        architecture: Model shape.
        setup: Training configuration.
        micro_batch: Sequences per replica and forward pass. [count]
        seq_len: Tokens of a sequence. [token]
        parallelism: Split of the model over devices.
        stack: Software class; it decides what selective checkpointing runs again.
        constants: Constants of the model.

    Returns:
        The work, divided over the devices of a replica. [FLOP, B]

    Source: definition; each formula names its own.
    """
    weights = _counts(architecture, setup)
    again = _recompute(setup, stack, constants)
    split = parallelism
    tokens = np.asarray(micro_batch * seq_len, dtype=float)
    own = tokens / split.model_ranks

    def gemm(matmul: float, blocks: float, adapters: Value, share: float) -> Value:
        return gemm_flops_per_token(
            matmul_weights=matmul,
            block_weights=blocks,
            adapter_weights=adapters,
            base_trained=weights.base_trained,
            recompute=share,
        )

    def attention(share: float) -> Value:
        visible = visible_tokens(
            seq_len=seq_len, sliding_window=architecture.sliding_window, sliding_share=architecture.sliding_share
        )
        width = attention_width(architecture)
        return attention_flops_per_token(
            visible=visible, attention_width=width, layers=architecture.layers, recompute=share
        )

    needed = gemm(weights.matmul, weights.blocks, weights.adapters, 0.0) + attention(0.0)
    return Work(
        tokens=own,
        gemm_flops=own * gemm(weights.matmul, weights.blocks, weights.adapters, again.matmul),
        head_flops=own * gemm(weights.matmul - weights.blocks, 0.0, 0.0, 0.0),
        expert_flops=own * gemm(weights.experts, weights.experts, 0.0, again.matmul),
        attention_flops=own * attention(again.attention),
        model_flops=own * needed,
        elementwise_bytes=own * _elementwise(architecture, setup, seq_len, again.elementwise, constants),
        **_traffic(architecture, setup, weights, parallelism, tokens, again.matmul > 0, constants),
        method_factor=constants.dora_factor if setup.method == "dora" else 1.0,
        launches=architecture.layers / split.pipeline,
    )
