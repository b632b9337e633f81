"""What a block of LitGPT keeps for its backward pass when adapters train on a frozen base."""

from estimator.memory.activations import FLAG, FLOAT, BlockBytes, Bytes
from estimator.memory.adapters import Matrix
from estimator.memory.precision import Precision
from estimator.memory.setup import TrainingSetup
from estimator.memory.shape import Shape

QKV = frozenset({"q", "k", "v", "qkv"})


def litgpt_block(
    matrices: tuple[Matrix, ...], shape: Shape, precision: Precision, setup: TrainingSetup, *, keeps_inputs: bool
) -> BlockBytes:
    """Saved bytes of one block: q, k and v come from one matrix, grouped heads are repeated, GELU is one kernel.

    Args:
        matrices: Adapted matrices of the block.
        shape: Widths of the block. [count]
        precision: Dtypes. [B]
        setup: Training configuration.
        keeps_inputs: The quantized product keeps its input.

    Returns:
        Bytes by part. [B]

    Source: autograd on the modelling code of LitGPT 0.5.0, counted on meta tensors.
    """
    c = precision.compute
    each = FLOAT * shape.hidden + FLOAT if shape.rms else c * shape.hidden + 2.0 * FLOAT
    shared = shape.parallel and not shape.rms
    norms = each * (1.0 if shared else float(shape.norms))
    return BlockBytes(
        norms=Bytes(norms),
        attention=_attention(shape, c),
        mlp=Bytes((3.0 if shape.gated else 1.0) * c * shape.ffn),
        inputs=_inputs(matrices, shape, setup, c),
        tail_inputs=Bytes(0.0),
        masks=Bytes(0.0),
        kept=Bytes(_kept(shape, c)) if keeps_inputs else Bytes(),
    )


def _attention(shape: Shape, c: float) -> Bytes:
    if shape.softcap:
        return Bytes(3.0 * c * shape.query, position=(FLOAT + 2.0 * c) * shape.heads)
    grouped = shape.kv_heads < shape.heads
    value = shape.query if grouped else shape.query + shape.key + shape.value
    key = shape.query if grouped else shape.key
    return Bytes(c * (shape.query + key + value + shape.context) + FLOAT * shape.heads)


def _inputs(matrices: tuple[Matrix, ...], shape: Shape, setup: TrainingSetup, c: float) -> Bytes:
    """One adapter for q, k and v together; a part of the three also keeps its output, which is spread over them."""
    parts = [matrix for matrix in matrices if matrix.role in QKV]
    others = [matrix for matrix in matrices if matrix.role not in QKV and matrix.slot != "head"]
    widths = [shape.hidden] * bool(parts) + [matrix.inputs for matrix in others]
    if not setup.lora_dropout:
        slots = {("attention_in" if matrix in parts else matrix.slot): matrix.inputs for matrix in (*parts, *others)}
        token = c * sum(slots.values())
    else:
        token = (c + FLAG) * sum(widths)
    if parts and len({matrix.role for matrix in parts} & {"q", "k", "v"}) in (1, 2):
        token += c * sum(matrix.outputs for matrix in parts)
    return Bytes(token, rank=c * (len(parts) + len(others)))


def _kept(shape: Shape, c: float) -> float:
    norm_outputs = 1.0 if shape.parallel and shape.norms == 1 else 2.0
    return c * (norm_outputs * shape.hidden + shape.context + shape.ffn)
