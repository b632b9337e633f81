"""What the backward pass of one block needs on top of the block's saved bytes."""

import numpy as np

from estimator.catalog.types import Architecture
from estimator.memory.activations import FLOAT, BlockBytes, Bytes
from estimator.memory.adapters import adapted_matrices
from estimator.memory.precision import Precision
from estimator.memory.setup import TrainingSetup
from estimator.memory.shape import Shape
from estimator.memory.states import packs_experts
from estimator.units import Value

STREAMS_IN_RECOMPUTE = 5.0
"""Hidden states alive while the last projection is recomputed: two gradients, residual, norm, result. [count]"""
PRODUCTS = 3.0
"""Gradients of product, activation and gate alive when the gated product runs backward. [count]"""


def _width(architecture: Architecture, shape: Shape, setup: TrainingSetup) -> float:
    """Inner width one token passes through in the widest feed-forward block at a time."""
    if not architecture.is_moe:
        return float(shape.ffn)
    if not packs_experts(setup):  # one expert after the other, each with its share of the tokens
        return float(architecture.experts_per_token * architecture.expert_ffn / architecture.experts)
    return float(architecture.experts_per_token * architecture.expert_ffn + architecture.shared_expert_ffn)


def _mlp(shape: Shape, precision: Precision, width: float, freed: float) -> Bytes:
    """At the product of gate and activation: three gradients, while the last projection's input is freed."""
    inner = FLOAT if precision.wide_linear else precision.compute
    return Bytes((PRODUCTS * inner - freed) * width + precision.stream * shape.hidden)


def _recompute(shape: Shape, precision: Precision, setup: TrainingSetup, width: float) -> Bytes:
    """While the adapter of the last projection is recomputed: the product, its cast, hidden states in flight."""
    inner = FLOAT if precision.wide_linear else precision.compute
    casts = precision.autocast and not precision.quantized and precision.adapters > inner
    dropped = setup.lora_dropout > 0.0 and not precision.autocast and precision.adapters > inner
    extra = FLOAT if casts or dropped else 0.0
    return Bytes((inner + extra) * width + STREAMS_IN_RECOMPUTE * precision.stream * shape.hidden)


def _softmax(shape: Shape, precision: Precision, block: BlockBytes) -> Bytes:
    """At the softmax of eager attention: two fp32 gradients of the scores; the MLP and the 16-bit scores are freed."""
    freed = precision.compute if precision.compute < FLOAT else 0.0
    gone = block.mlp.token + 0.5 * block.norms.token + block.tail_inputs.token
    return Bytes(
        2.0 * precision.stream * shape.hidden - gone,
        rank=-block.tail_inputs.rank,
        position=(2.0 * FLOAT - freed) * shape.heads,
    )


def gradient_bytes(
    *,
    architecture: Architecture,
    shape: Shape,
    precision: Precision,
    setup: TrainingSetup,
    block: BlockBytes,
    tokens: Value,
    seq_len: Value,
) -> Value:
    """Largest extra over the saved bytes of a block while it runs backward.

    Args:
        architecture: Model shape. [count]
        shape: Its widths. [count]
        precision: Dtypes. [B]
        setup: Training configuration.
        block: Saved bytes of one block. [B]
        tokens: Tokens of the micro-batch. [token]
        seq_len: Sequence length. [token]

    Returns:
        Bytes. [B]

    Source: order in which PyTorch autograd runs a block backward; see docs/method/memory.md.
    """
    width = _width(architecture, shape, setup)
    slots = {m.slot for m in adapted_matrices(architecture, setup.targets)} if not precision.trains_base else set()
    adapter = precision.compute if precision.autocast else precision.adapters
    freed = precision.compute if precision.trains_base else adapter if "mlp_product" in slots else 0.0
    stages = [_mlp(shape, precision, width, freed)]
    if setup.checkpointing != "none" and "mlp_product" in slots:
        stages.append(_recompute(shape, precision, setup, width))
    if setup.attention == "eager":
        stages.append(_softmax(shape, precision, block))
    largest: Value = 0.0
    for stage in stages:
        largest = np.maximum(largest, stage.of(tokens=tokens, seq_len=seq_len, rank=setup.rank))
    return largest
