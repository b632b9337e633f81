"""Which bytes are alive in each phase of a training step."""

from dataclasses import replace

import numpy as np

from estimator.catalog.types import Architecture
from estimator.memory.activations import FLOAT, BlockBytes, Bytes, block_bytes, quantized_inputs
from estimator.memory.adapters import adapted_matrices, block_matrices
from estimator.memory.backward import gradient_bytes
from estimator.memory.constants import CUBLAS_WORKSPACE_BYTES
from estimator.memory.counts import ParameterCount, parameter_count
from estimator.memory.litgpt import litgpt_block
from estimator.memory.loss import LossBytes, loss_bytes
from estimator.memory.precision import Precision, precision_of
from estimator.memory.setup import TrainingSetup
from estimator.memory.shape import Shape, shape_of
from estimator.memory.sharding import Shares, communication_bytes, shares
from estimator.memory.stacks import keeps_quantized_inputs
from estimator.memory.states import States, states_of
from estimator.record import record
from estimator.units import Value

Lines = dict[str, Value]
FORWARD, LOSS = "end of forward", "start of backward"
FIRST, LAST, END = "first block backward", "last block backward", "end of backward"
STEP = "optimizer step"

HALF = 2.0
SELECTIVE_SHARE = 0.5
"""Selective checkpointing keeps the result of every second matrix product, as in torchtitan. [1]"""
OFFLOAD_BUFFERS = 2.0
"""Checkpoints in flight while the others are on the host. [count]"""


@record
class Run:
    """Everything the phases share."""

    setup: TrainingSetup
    shape: Shape
    precision: Precision
    count: ParameterCount
    states: States
    share: Shares
    loss: LossBytes
    tokens: Value
    block: Value
    """Saved bytes of one block. [B]"""
    selected: Value
    """What selective checkpointing keeps of one block. [B]"""
    kept_before: Value
    """What the graph of the step before still holds of one block during the forward pass. [B]"""
    extra: Value
    """What its backward pass needs on top. [B]"""

    @property
    def recomputes(self) -> bool:
        """Whether blocks run their forward pass again."""
        return self.setup.checkpointing != "none"

    @property
    def layers(self) -> Value:
        """Blocks on one device. [count]."""
        return self.shape.layers * self.share.layers

    @property
    def stream(self) -> Value:
        """One hidden state. [B]."""
        return self.precision.stream * self.shape.hidden * self.tokens

    @property
    def gradients(self) -> Value:
        """All gradients. [B]."""
        return self.share.gradients * self.states.gradients

    @property
    def held(self) -> Value:
        """Gradients that wait from earlier micro-batches of the same step. [B]."""
        waits = np.where(np.asarray(self.setup.gradient_accumulation) > 1.0, 1.0, 0.0)
        held: Value = self.gradients * waits
        return held

    @property
    def embedding_gradient(self) -> Value:
        """Gradient of the embedding table. [B]."""
        trained = self.share.gradients * self.precision.weights * self.count.embedding
        return trained if self.precision.trains_base else 0.0


def run_of(*, architecture: Architecture, setup: TrainingSetup, micro_batch: Value, seq_len: Value) -> Run:
    """Collect the parts of one run.

    Args:
        architecture: Model shape. [count]
        setup: Training configuration.
        micro_batch: Sequences per device. [count]
        seq_len: Sequence length. [token]

    Returns:
        The parts. [B]

    Source: definition.
    """
    shape = shape_of(architecture)
    precision = precision_of(setup, float_norm=shape.float_norm, layer_norm=not shape.rms)
    block = _block(architecture, shape, precision, setup)
    count = parameter_count(architecture=architecture)
    tokens = micro_batch * seq_len / (setup.context_parallel * setup.tensor_parallel)
    return Run(
        setup=setup,
        shape=shape,
        precision=precision,
        count=count,
        states=states_of(architecture=architecture, setup=setup, precision=precision),
        share=shares(setup, routed=count.expert_weights / count.total),
        loss=loss_bytes(shape=shape, setup=setup, precision=precision),
        tokens=tokens,
        block=block.total.of(tokens=tokens, seq_len=seq_len, rank=setup.rank),
        selected=tokens * _selected(architecture, shape, precision),
        kept_before=_kept_before(setup, block).of(tokens=tokens, seq_len=seq_len, rank=setup.rank),
        extra=gradient_bytes(
            architecture=architecture,
            shape=shape,
            precision=precision,
            setup=setup,
            block=block,
            tokens=tokens,
            seq_len=seq_len,
        ),
    )


def _block(architecture: Architecture, shape: Shape, precision: Precision, setup: TrainingSetup) -> BlockBytes:
    """Saved bytes of one block of the implementation that runs."""
    keeps = precision.quantized and keeps_quantized_inputs(setup.framework, setup.implementation)
    if setup.implementation == "litgpt" and not precision.trains_base:
        matrices = adapted_matrices(architecture, setup.targets)
        return litgpt_block(matrices, shape, precision, setup, keeps_inputs=keeps)
    block = block_bytes(architecture, shape, precision, setup)
    return replace(block, kept=quantized_inputs(shape, precision)) if keeps else block


def _selected(architecture: Architecture, shape: Shape, precision: Precision) -> float:
    """Bytes per token of selective checkpointing: half of the matrix products and the attention output."""
    products = sum(matrix.outputs for matrix in block_matrices(architecture))
    if architecture.is_moe:
        products += architecture.experts_per_token * (2 * architecture.expert_ffn + architecture.hidden)
    return precision.compute * (SELECTIVE_SHARE * products + shape.context) + FLOAT * shape.heads


def _kept_before(setup: TrainingSetup, block: BlockBytes) -> Bytes:
    """A loop that holds its logits holds their graph, and with it what quantized products put there by themselves."""
    return block.kept if setup.implementation == "litgpt" and setup.checkpointing == "none" else Bytes()


def _resident(run: Run) -> Lines:
    """What stays for the whole step, without gradients."""
    return {
        "weights": run.share.weights * run.states.weights,
        "adapters": run.share.adapters * run.states.adapters,
        "optimizer states": run.share.optimizer * run.states.optimizer,
        "communication buffers": communication_bytes(
            setup=run.setup, states=run.states, count=run.count, precision=run.precision
        ),
        "workspace": CUBLAS_WORKSPACE_BYTES,
    }


def _kept(run: Run) -> tuple[Value, Value]:
    """Saved activations and checkpoints of all blocks after the forward pass."""
    setup, none = run.setup, 0.0 * run.tokens
    layers = run.layers * setup.pipeline_parallel  # the first stage holds one micro-batch per stage
    if setup.checkpointing == "none":
        return layers * run.block, none
    if setup.checkpointing == "selective":
        kept = np.minimum(layers * run.selected, layers * run.block)
        return kept, np.minimum(layers * run.stream, layers * run.block - kept)
    if setup.checkpointing == "offloaded" or setup.offload in ("activations", "all"):
        return none, np.minimum(OFFLOAD_BUFFERS, run.layers) * run.stream
    return none, layers * run.stream


def _casts(run: Run) -> tuple[Value, Value]:
    """16-bit copies that autocast makes of fp32 weights: in the forward pass, and what outlives it."""
    precision, states, count = run.precision, run.states, run.count
    if not precision.autocast:
        return 0.0, 0.0
    head = HALF * count.embedding if precision.embeddings > HALF else 0.0
    if precision.trains_base:
        copies: Value = HALF * count.matmul if precision.weights > HALF else 0.0
    else:
        copies = (HALF * states.trained if precision.adapters > HALF else 0.0) + head
    return copies, (head if run.recomputes else copies)


def _loss(run: Run, bytes_per_logit: float) -> Value:
    total: Value = run.tokens * (run.shape.vocab * bytes_per_logit + run.loss.per_token) + run.loss.fixed
    return total


def _forward_phases(run: Run, resident: Lines) -> dict[str, Lines]:
    """The end of the forward pass, and the moment its loss turns into the gradient of the logits."""
    saved, checkpoints = _kept(run)
    casts, kept = _casts(run)
    final = run.tokens * run.shape.hidden * run.loss.final_norm
    lines: Lines = {
        **resident,
        "gradients": run.held,
        "saved activations": saved + final,
        "checkpoints": checkpoints,
        "graph of the step before": run.layers * run.kept_before,
    }
    return {
        FORWARD: {**lines, "weight casts": casts, "logits and loss": _loss(run, run.loss.forward)},
        LOSS: {**lines, "weight casts": kept, "logits and loss": _loss(run, run.loss.backward)},
    }


def _late_checkpoints(run: Run, checkpoints: Value) -> Value:
    """Checkpoints alive when the backward pass reaches the block it ends with.

    FSDP hooks on frozen blocks hold each block's input, and with it its gradient, until the pass ends.
    """
    if not run.recomputes:
        return 0.0 * run.tokens
    if run.setup.sharding == "fsdp" and not run.precision.trains_base:
        return checkpoints + max(run.layers - 1.0, 0.0) * run.stream
    alone: Value = np.minimum(run.stream, checkpoints)
    return alone


def _block_phases(run: Run, resident: Lines) -> dict[str, Lines]:
    """Backward pass of the block it starts with (all is still saved) and of the block it ends with (all gradients)."""
    saved, checkpoints = _kept(run)
    embedding = run.embedding_gradient
    own = run.gradients * run.count.per_layer / run.count.total if run.precision.trains_base else 0.0
    others = run.gradients - (0.0 if run.shape.tied else embedding) - own
    in_backward = run.setup.optimizer_in_backward
    recomputed = run.block if run.recomputes else 0.0
    return {
        FIRST: {
            **resident,
            "gradients": np.maximum(run.held, embedding),
            "saved activations": saved,
            "checkpoints": checkpoints,
            "recompute working set": recomputed,
            "activation gradients": run.extra,
            "logits and loss": _loss(run, 0.0),
        },
        LAST: {
            **resident,
            "gradients": embedding + own if in_backward else np.maximum(run.held, others),
            "saved activations": 0.0 if run.recomputes else run.block,
            "checkpoints": _late_checkpoints(run, checkpoints),
            "recompute working set": recomputed,
            "activation gradients": run.extra,
        },
    }


def _final_phases(run: Run, resident: Lines) -> dict[str, Lines]:
    """The gradient of the embedding, and the optimizer step."""
    copies = (1.0 if run.precision.weights > HALF else 2.0) if run.shape.tied else 0.0
    embedding = run.embedding_gradient
    own = embedding + run.gradients * run.count.per_layer / run.count.total
    gradients = own if run.setup.optimizer_in_backward else run.gradients
    return {
        END: {**resident, "gradients": gradients, "activation gradients": run.stream + copies * embedding},
        STEP: {
            **resident,
            "gradients": gradients,
            "optimizer transient": run.share.optimizer * run.states.transient,
        },
    }


def phases_of(run: Run) -> dict[str, Lines]:
    """Live bytes of every phase, by item.

    Args:
        run: Parts of the run. [B]

    Returns:
        Items by phase. [B]

    Source: order of a PyTorch training step; see docs/method/memory.md.
    """
    resident = _resident(run)
    return {**_forward_phases(run, resident), **_block_phases(run, resident), **_final_phases(run, resident)}
