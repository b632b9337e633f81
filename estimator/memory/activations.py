"""What one block keeps between its forward and its backward pass."""

from estimator.catalog.types import Architecture
from estimator.memory.adapters import Matrix, adapted_matrices, block_matrices
from estimator.memory.precision import Precision
from estimator.memory.setup import TrainingSetup
from estimator.memory.shape import Shape
from estimator.record import record
from estimator.units import Value

FLOAT = 4.0
HALF = 2.0
FLAG = 1.0
"""A dropout mask keeps one byte per element. [B]"""
ROUTER_BYTES = 40.0
"""Indices, sort order, weights and probabilities per token and chosen expert. [B]"""


@record
class Bytes:
    """Bytes that grow with tokens, with tokens × rank and with tokens × sequence length."""

    token: float = 0.0
    rank: float = 0.0
    position: float = 0.0

    def of(self, *, tokens: Value, seq_len: Value, rank: Value) -> Value:
        """Bytes of a micro-batch. [B]."""
        total: Value = tokens * (self.token + self.rank * rank + self.position * seq_len)
        return total

    def __add__(self, other: "Bytes") -> "Bytes":
        return Bytes(self.token + other.token, self.rank + other.rank, self.position + other.position)


@record
class BlockBytes:
    """Saved bytes of one block by part."""

    norms: Bytes
    attention: Bytes
    mlp: Bytes
    inputs: Bytes
    """Inputs of the linear layers that train, or of their adapters."""
    tail_inputs: Bytes
    """Part of `inputs` behind the attention scores, which the backward pass frees before it reaches them."""
    masks: Bytes
    """Dropout of hidden states."""
    kept: Bytes = Bytes()
    """Inputs that a quantized product keeps although its weight does not train."""

    @property
    def total(self) -> Bytes:
        """All parts."""
        return self.norms + self.attention + self.mlp + self.inputs + self.masks + self.kept


def _norm(shape: Shape, precision: Precision, width: float, groups: float) -> float:
    """One norm besides its output: fp32 input, statistics, and the normalised copy if its weight trains."""
    if shape.python_layer_norm:
        return (3.0 if precision.trains_base else 2.0) * FLOAT * width + 3.0 * FLOAT * groups
    if not shape.rms:
        return precision.stream * width + 2.0 * FLOAT * groups
    normalised = 0.0
    if precision.trains_base:
        normalised = FLOAT if shape.float_norm else precision.stream
    return (FLOAT + normalised) * width + FLOAT * groups


def norms(shape: Shape, precision: Precision) -> Bytes:
    """Saved bytes of the norms of one block.

    Args:
        shape: Widths of the block. [count]
        precision: Dtypes. [B]

    Returns:
        Bytes per token. [B]

    Source: modelling code of the transformers library: RMSNorm in fp32, `native_layer_norm`.
    """
    each = _norm(shape, precision, shape.hidden, 1.0)
    total = shape.norms * each
    if shape.parallel and not shape.rms and shape.norms > 1:  # two norms of one and the same stream
        total -= precision.stream * shape.hidden
    if shape.qk_norm:
        groups = 2.0 if shape.wide_qk_norm else float(shape.heads + shape.kv_heads)
        total += _norm(shape, precision, shape.query + shape.key, groups)
    total += sum(_norm(shape, precision, width, 1.0) for width in shape.latents)
    return Bytes(total)


def attention(shape: Shape, precision: Precision, setup: TrainingSetup) -> Bytes:
    """Saved bytes of the attention core of one block, without the input of the output projection.

    Args:
        shape: Widths of the block. [count]
        precision: Dtypes. [B]
        setup: Training configuration.

    Returns:
        Bytes per token and per token × position. [B]

    Source: Dao 2023, arXiv:2307.08691 (flash keeps q, k, v, output and one log-sum per head); eager attention of the
    transformers library keeps the S × S scores after softmax in fp32 and again in the compute dtype.
    """
    c = precision.compute
    if setup.attention == "eager":
        scores = FLOAT + (c if c < FLOAT else 0.0)
        if shape.softcap:
            scores += c
        if shape.dropout:
            scores = c + FLAG + c + (FLOAT if precision.autocast else 0.0)
        return Bytes(3.0 * c * shape.query, position=scores * shape.heads)
    statistics = FLOAT * shape.heads
    if setup.attention_mask and setup.attention == "sdpa":
        return Bytes(c * (3.0 * shape.query + shape.context) + statistics, position=c)
    if not precision.autocast and precision.wide_linear and shape.kv_heads < shape.heads:
        return Bytes(c * (3.0 * shape.query + shape.context), position=2.0 * FLOAT * shape.heads)
    core = c * (shape.query + shape.key + shape.value + shape.context) + statistics
    if shape.fused_qkv and shape.rotary:  # the value is a view that keeps the whole projection alive
        core += c * (shape.query + shape.key)
    elif shape.fused_qkv and shape.kv_heads < shape.heads:  # a query cut out of unequal parts is copied
        core += c * shape.query
    return Bytes(core + c * shape.unrotated)


def mlp(shape: Shape, precision: Precision, architecture: Architecture) -> Bytes:
    """Saved bytes of the feed-forward part of one block, without the input of its last projection.

    Args:
        shape: Widths of the block. [count]
        precision: Dtypes. [B]
        architecture: Model shape. [count]

    Returns:
        Bytes per token. [B]

    Source: autograd of silu(gate) · up and of GELU; `gelu_new` is written out in Python and saves each step.
    """
    dense = _dense(shape, precision, float(shape.ffn))
    if not architecture.is_moe:
        return Bytes(dense)
    share = architecture.dense_layers / architecture.layers
    return Bytes(share * dense + (1.0 - share) * _experts(shape, precision, architecture))


def _dense(shape: Shape, precision: Precision, width: float) -> float:
    inner = FLOAT if precision.wide_linear else precision.compute
    if shape.gated:
        return 3.0 * inner * width
    if shape.python_gelu:
        return (inner + 3.0 * (FLOAT if precision.autocast else inner)) * width
    return inner * width


def _experts(shape: Shape, precision: Precision, arch: Architecture) -> float:
    c = precision.compute
    each = (2.0 * c * shape.hidden if precision.trains_base else c * shape.hidden) + 3.0 * c * arch.expert_ffn
    if precision.trains_base:
        each += c * arch.expert_ffn
    router = FLOAT * arch.experts + ROUTER_BYTES * arch.experts_per_token
    if precision.trains_base and not arch.shared_expert_ffn:  # else the shared expert's input is the router's
        router += c * shape.hidden
    return arch.experts_per_token * each + router + _dense(shape, precision, float(arch.shared_expert_ffn))


def masks(shape: Shape) -> Bytes:
    """Dropout masks of the two hidden states a block adds to the stream.

    Args:
        shape: Widths of the block. [count]

    Returns:
        Bytes per token. [B]

    Source: PyTorch `native_dropout`: one byte per element.
    """
    return Bytes(2.0 * FLAG * shape.hidden if shape.dropout else 0.0)


def _source_bytes(precision: Precision, slot: str) -> float:
    """Dtype of the tensor that the matrices of a slot read."""
    if slot in ("attention_in", "mlp_in", "head"):
        return precision.norm_out
    if slot == "attention_out":
        return precision.compute
    return FLOAT if precision.wide_linear else precision.compute


def _already_saved(setup: TrainingSetup, slot: str) -> bool:
    return slot == "attention_out" and setup.attention != "eager"


def _trained_inputs(matrices: tuple[Matrix, ...], shape: Shape, precision: Precision, setup: TrainingSetup) -> Bytes:
    """Inputs of trained matrices: one shared copy, or one cast per matrix where autocast narrows them."""
    total, seen = 0.0, set[str]()
    for matrix in matrices:
        slot: str = matrix.role if matrix.slot == "latent" else matrix.slot
        if shape.parallel and shape.norms == 1 and slot == "mlp_in":
            slot = "attention_in"
        source = _source_bytes(precision, matrix.slot)
        if source == precision.compute:
            if slot in seen or _already_saved(setup, slot):
                continue
            seen.add(slot)
        total += precision.compute * matrix.inputs
    return Bytes(total)


def _adapter_inputs(matrices: tuple[Matrix, ...], precision: Precision, setup: TrainingSetup) -> Bytes:
    """Inputs of adapters: a private copy per matrix where the dtype changes or dropout runs, else shared."""
    compute = precision.compute if precision.autocast else precision.adapters
    token, seen = 0.0, set[str]()
    for matrix in matrices:
        if matrix.slot == "head":
            continue
        if setup.method == "dora":  # the magnitude's gradient needs the result of the base and of the adapter
            token += (precision.compute + compute) * matrix.outputs
        source = _source_bytes(precision, matrix.slot)
        casts = precision.autocast and not precision.quantized and precision.adapters != source
        if setup.lora_dropout > 0.0:
            token += (compute + FLAG) * matrix.inputs
        elif source != compute or casts:
            token += compute * matrix.inputs
        elif matrix.slot not in seen and not _already_saved(setup, matrix.slot):
            seen.add(matrix.slot)
            token += source * matrix.inputs
    return Bytes(token, rank=compute * sum(matrix.slot != "head" for matrix in matrices))


def quantized_inputs(shape: Shape, precision: Precision) -> Bytes:
    """Inputs of quantized matrices that are not saved for another reason: norm outputs and the product.

    Args:
        shape: Widths of the block. [count]
        precision: Dtypes. [B]

    Returns:
        Bytes per token. [B]

    Source: bitsandbytes 0.42.0, `MatMul4Bit`, which keeps its input although the weight is frozen.
    """
    outputs = 1.0 if shape.parallel and shape.norms == 1 else 2.0
    return Bytes(precision.compute * (outputs * shape.hidden + shape.ffn))


def _behind(matrices: tuple[Matrix, ...]) -> tuple[Matrix, ...]:
    """The matrices that read what attention returns, and all later ones."""
    return tuple(matrix for matrix in matrices if matrix.slot in ("attention_out", "mlp_in", "mlp_product"))


def block_bytes(architecture: Architecture, shape: Shape, precision: Precision, setup: TrainingSetup) -> BlockBytes:
    """Saved bytes of one block, averaged over dense and MoE layers.

    Args:
        architecture: Model shape. [count]
        shape: Its widths. [count]
        precision: Dtypes. [B]
        setup: Training configuration.

    Returns:
        Bytes by part. [B]

    Source: PyTorch autograd on the modelling code of the transformers library and PEFT.
    """
    if precision.trains_base:
        matrices = block_matrices(architecture)
        inputs, tail = (_trained_inputs(part, shape, precision, setup) for part in (matrices, _behind(matrices)))
    else:
        matrices = adapted_matrices(architecture, setup.targets)
        inputs, tail = (_adapter_inputs(part, precision, setup) for part in (matrices, _behind(matrices)))
    return BlockBytes(
        norms=norms(shape, precision),
        attention=attention(shape, precision, setup),
        mlp=mlp(shape, precision, architecture),
        inputs=inputs,
        tail_inputs=tail,
        masks=masks(shape),
    )
