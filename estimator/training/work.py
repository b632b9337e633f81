"""FLOPs and bytes of one micro-batch, from the model shape and the setup; nothing about the device."""

import numpy as np

from estimator.catalog.types import Architecture
from estimator.memory.setup import TrainingSetup
from estimator.record import record
from estimator.training.constants import Precision, Stack, StepConstants
from estimator.training.counts import ffn_inner, mixture_layers, weights_of
from estimator.training.parallel import Parallelism
from estimator.training.parts import PASSES, Slice, exchange_of, flops_of, reads_of, recompute_of, states_of
from estimator.training.traffic import adapter_bytes, elementwise_bytes_per_token
from estimator.units import Value

FUSED_LOSSES = ("fused_kernel", "chunked", "fused_linear")
LAUNCH_PASSES = 4.0  # forward, recomputation, and a backward pass of twice as many kernels


@record(kw_only=True)
class Work:
    """What one device must compute and move for one micro-batch."""

    tokens: Value
    """Tokens of the micro-batch over the devices of one replica. [token]"""
    block_flops: Value
    """Matmuls of the blocks without routed experts. [FLOP]"""
    head_flops: Value
    """Matmuls of the LM head. [FLOP]"""
    expert_flops: Value
    """Matmuls of routed experts. [FLOP]"""
    tokens_per_expert: Value
    """Rows of one expert's matmul; 1 in dense models. [token]"""
    expert_width: Value
    """Width of one expert; 1 in dense models. [count]"""
    attention_flops: Value
    model_flops: Value
    """Needed FLOPs without recomputation. [FLOP]"""
    weight_bytes: Value
    """Weights the matmuls read, every pass. [B]"""
    elementwise_bytes: Value
    """Unit of block traffic without the loss. [B]"""
    logits: Value
    """Elements of the logits. [count]"""
    fused_loss: Value
    """1 where a fused or chunked kernel makes the loss. [1]"""
    adapter_bytes: Value
    """Unit of adapter traffic. [count]"""
    permute_bytes: Value
    """Unit of sorting tokens by expert. [B]"""
    dequantization_bytes: Value
    optimizer_bytes: Value
    collective_bytes: Value
    """Data-parallel and sharding traffic. [B]"""
    tensor_bytes: Value
    link_bytes: Value
    """Expert- and context-parallel traffic inside the fast domain. [B]"""
    network_bytes: Value
    """The same over the network. [B]"""
    messages: Value
    """Collectives inside the blocks. [count]"""
    host_bytes: Value
    """CPU-offload traffic. [B]"""
    method_factor: Value
    """Slow-down of the method itself; above 1 for DoRA. [1]"""
    launches: Value
    """Blocks the host launches per micro-batch, one without recomputation being three quarters. [count]"""
    quantized_launches: Value
    """Blocks whose weights are unpacked. [count]"""
    expert_launches: Value
    """Mixture layers, by passes over forward and backward. [count]"""


def _elementwise(architecture: Architecture, setup: TrainingSetup, seq_len: Value, again: float) -> Value:
    return elementwise_bytes_per_token(
        hidden=architecture.hidden,
        attention_inner=(architecture.heads + architecture.kv_heads) * architecture.head_dim,
        ffn_inner=ffn_inner(architecture),
        scores=architecture.heads * seq_len if setup.attention == "eager" else 0.0,
        layers=architecture.layers,
        recompute=again,
    )


def work(
    *,
    architecture: Architecture,
    setup: TrainingSetup,
    micro_batch: Value,
    seq_len: Value,
    parallelism: Parallelism,
    stack: Stack,
    constants: StepConstants,
    precision: Precision = "bf16",
    fast_domain: int = 8,
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
        precision: Dtype of the matmuls; it decides what their weights take.
        fast_domain: Devices behind one fast link. [count]

    Returns:
        The work, divided over the devices of a replica. [FLOP, B]

    Source: definition; each formula names its own.
    """
    weights, split = weights_of(architecture, setup), parallelism
    again = recompute_of(setup, stack, constants)
    tokens = np.asarray(micro_batch * seq_len, dtype=float)
    layers = architecture.layers / split.pipeline
    part = Slice(
        own=tokens / split.model_ranks,
        seen=tokens / (split.context * split.tensor),
        tokens=tokens,
        layers=layers,
        mixtures=mixture_layers(architecture) / split.pipeline,
        split=split,
        again=again,
        domain=fast_domain,
    )
    return Work(
        tokens=part.own,
        elementwise_bytes=part.own * _elementwise(architecture, setup, seq_len, again.elementwise),
        logits=part.own * architecture.vocab,
        fused_loss=float(setup.cross_entropy in FUSED_LOSSES),
        adapter_bytes=adapter_bytes(widths=weights.adapter_widths, tokens=part.own, recompute=again.elementwise),
        method_factor=constants.dora_factor if setup.method == "dora" else 1.0,
        launches=layers * (PASSES + again.matmul) / LAUNCH_PASSES,
        quantized_launches=layers if setup.quantization != "none" else 0.0,
        **flops_of(architecture, weights, part, seq_len),
        **reads_of(architecture, weights, part, precision),
        **states_of(setup, weights, part, constants),
        **exchange_of(architecture, part),
    )
