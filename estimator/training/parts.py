"""Parts of the work of one micro-batch: FLOPs, reads, states and exchange, by field of `Work`."""

from typing import NamedTuple

import numpy as np

from estimator.catalog.types import Architecture
from estimator.memory.setup import TrainingSetup
from estimator.training.collectives import (
    block_messages,
    context_parallel_bytes,
    distinct_nodes,
    expert_parallel_bytes,
    tensor_parallel_bytes,
)
from estimator.training.constants import Precision, Stack, StepConstants
from estimator.training.counts import Weights, attention_width, kv_width
from estimator.training.flops import attention_flops_per_token, gemm_flops_per_token, visible_tokens
from estimator.training.parallel import Parallelism
from estimator.training.traffic import (
    all_reduce_bytes,
    dequantization_bytes,
    gather_bytes,
    offload_bytes,
    optimizer_bytes,
    permute_bytes,
)
from estimator.units import Value

BF16_BYTES = 2.0
GATHERS = 2.0  # once in the forward, once in the backward pass
STORED_BYTES = {"none": 2.0, "nf4": 0.5, "nf4_dq": 0.5, "fp4": 0.5, "gptq_int4": 0.5, "gptq_int8": 1.0}
READ_BYTES: dict[Precision, float] = {"bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "fp8_rowwise": 1.0, "fp4": 0.5}
GATHERED_SHARDINGS = ("fsdp", "zero3")
PASSES = 3.0  # forward, gradient of the input, gradient of the weights


class Recompute(NamedTuple):
    """Shares of the forward pass that run again."""

    matmul: float
    attention: float
    elementwise: float


class Slice(NamedTuple):
    """What of the micro-batch and the model lies on one device."""

    own: Value
    """Tokens over the devices of a replica. [token]"""
    seen: Value
    """Tokens a device's blocks pass, tensor ranks sharing them. [token]"""
    tokens: Value
    """Tokens of the whole micro-batch. [token]"""
    layers: float
    mixtures: float
    split: Parallelism
    again: Recompute
    domain: int


def recompute_of(setup: TrainingSetup, stack: Stack, constants: StepConstants) -> Recompute:
    """Shares of the forward pass that a set-up runs again.

    Args:
        setup: Training configuration.
        stack: Software class.
        constants: Constants of the model.

    Returns:
        Shares. [1]

    Source: definition; each formula names its own.
    """
    if setup.checkpointing in ("full", "offloaded"):
        return Recompute(1.0, 1.0, 1.0)
    if setup.checkpointing == "selective":  # Megatron reruns the attention core, others every second matmul
        return (
            Recompute(0.0, 1.0, 0.0) if stack == "megatron" else Recompute(constants.selective_matmul_share, 0.0, 1.0)
        )
    return Recompute(0.0, 0.0, 0.0)


def _collectives(setup: TrainingSetup, weights: Weights, replica: float, ranks: Value) -> Value:
    ranks = np.maximum(ranks, 1.0)
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


def states_of(setup: TrainingSetup, weights: Weights, part: Slice, constants: StepConstants) -> dict[str, Value]:
    """Bytes of weights, gradients and optimizer states.

    Args:
        setup: Training configuration.
        weights: Weights by part. [count]
        part: What lies on the device.
        constants: Constants of the model.

    Returns:
        Bytes by field of `Work`. [B]

    Source: definition; each formula names its own.
    """
    replica = float(part.split.tensor * part.split.pipeline)
    ranks = setup.gpus / replica
    shards = ranks if setup.sharding not in ("none", "ddp") else 1.0
    offload_all = setup.offload == "all"
    return {
        "dequantization_bytes": dequantization_bytes(
            quantized_weights=weights.linear / replica if setup.quantization != "none" else 0.0,
            bytes_per_weight=constants.dequantization_bytes,
            recompute=part.again.matmul > 0,
        ),
        "optimizer_bytes": optimizer_bytes(
            trained_weights=weights.trained / replica, bytes_per_weight=constants.optimizer_bytes, shards=shards
        )
        / setup.gradient_accumulation,
        "collective_bytes": _collectives(setup, weights, replica, ranks),
        "host_bytes": offload_bytes(
            weights=weights.total / replica / shards,
            trained_weights=weights.trained / replica / shards,
            parts=(offload_all or setup.offload == "params", offload_all or setup.offload == "optimizer"),
            accumulation=setup.gradient_accumulation,
        ),
    }


def exchange_of(architecture: Architecture, part: Slice) -> dict[str, Value]:
    """Traffic of a split model inside its blocks.

    Args:
        architecture: Model shape. [count]
        part: What lies on the device.

    Returns:
        Bytes and messages by field of `Work`. [B, count]

    Source: definition; each formula names its own.
    """
    split, recomputed = part.split, part.again.matmul > 0
    copies = architecture.experts_per_token

    def experts(travelling: Value, ranks: float) -> Value:
        return expert_parallel_bytes(
            tokens=part.seen,
            hidden=architecture.hidden,
            experts_per_token=travelling,
            layers=part.mixtures,
            ranks=ranks,
            recompute=recomputed,
        )

    nodes = max(1.0, split.expert * split.tensor / part.domain)
    ring = context_parallel_bytes(
        tokens=part.tokens / split.tensor,
        kv_width=kv_width(architecture),
        layers=part.layers,
        ranks=split.context,
        recompute=part.again.attention,
    )
    far = split.context * split.tensor > part.domain
    return {
        "tensor_bytes": tensor_parallel_bytes(
            tokens=part.tokens / split.context,
            hidden=architecture.hidden,
            layers=part.layers,
            ranks=split.tensor,
            recompute=recomputed,
        ),
        "link_bytes": experts(copies, split.expert) + (0.0 if far else ring),
        "network_bytes": experts(distinct_nodes(experts_per_token=copies, nodes=nodes), nodes) + (ring if far else 0.0),
        "messages": part.layers
        * block_messages(tensor=split.tensor, context=split.context, expert=split.expert, recompute=recomputed),
    }


def flops_of(architecture: Architecture, weights: Weights, part: Slice, seq_len: Value) -> dict[str, Value]:
    """Matmul and attention FLOPs.

    Args:
        architecture: Model shape. [count]
        weights: Weights by part. [count]
        part: What lies on the device.
        seq_len: Tokens of a sequence. [token]

    Returns:
        FLOPs by field of `Work`. [FLOP]

    Source: definition; each formula names its own.
    """

    def gemm(matmul: float, blocks: float, adapters: Value, share: float) -> Value:
        return part.own * gemm_flops_per_token(
            matmul_weights=matmul,
            block_weights=blocks,
            adapter_weights=adapters,
            base_trained=weights.base_trained,
            recompute=share,
        )

    visible = visible_tokens(
        seq_len=seq_len, sliding_window=architecture.sliding_window, sliding_share=architecture.sliding_share
    )

    def attention(share: float) -> Value:
        width, layers = attention_width(architecture), architecture.layers
        return part.own * attention_flops_per_token(
            visible=visible, attention_width=width, layers=layers, recompute=share
        )

    plain, active = weights.blocks - weights.experts_active, weights.experts_active
    return {
        "block_flops": gemm(plain, plain, weights.adapters, part.again.matmul),
        "head_flops": gemm(weights.matmul - weights.blocks, 0.0, 0.0, 0.0),
        "expert_flops": gemm(active, active, 0.0, part.again.matmul),
        "attention_flops": attention(part.again.attention),
        "model_flops": gemm(weights.matmul, weights.blocks, weights.adapters, 0.0) + attention(0.0),
    }


def reads_of(architecture: Architecture, weights: Weights, part: Slice, precision: Precision) -> dict[str, Value]:
    """What the matmuls read and how the rows of experts are cut.

    Args:
        architecture: Model shape. [count]
        weights: Weights by part. [count]
        part: What lies on the device.
        precision: Dtype of the matmuls.

    Returns:
        Bytes and sizes by field of `Work`. [B, count]

    Source: definition; each formula names its own.
    """
    split, again = part.split, part.again
    replica = split.tensor * split.pipeline
    held = split.expert if split.expert > 1 else split.tensor  # without expert ranks each expert is cut
    passes = (PASSES if weights.base_trained else PASSES - 1.0) + again.matmul
    read = (weights.matmul - weights.experts_active) / replica + weights.experts / (split.pipeline * held)
    moe, copies = architecture.is_moe, architecture.experts_per_token
    return {
        "weight_bytes": READ_BYTES[precision] * read * passes,
        "tokens_per_expert": part.seen * held * copies / architecture.experts if moe else 1.0,
        "expert_width": float(architecture.expert_ffn) if moe else 1.0,
        "permute_bytes": permute_bytes(
            tokens=part.seen,
            hidden=architecture.hidden,
            experts_per_token=copies,
            layers=part.mixtures,
            recompute=again.elementwise,
        ),
        "expert_launches": part.mixtures * (PASSES + again.matmul) / PASSES,
    }
