"""Bytes of logits and of the loss, per token and vocabulary entry."""

from estimator.memory.precision import Precision, transformers_version
from estimator.memory.setup import TrainingSetup
from estimator.memory.shape import Shape
from estimator.record import record

FLOAT = 4.0
LITGPT_CHUNK = 128.0
"""Tokens of one chunk of LitGPT's LM head and loss. [token]"""
CALLER_KEEPS_LOGITS = 4.46
"""Version of transformers from which the 16-bit logits outlive their fp32 copy."""
SHIFTED_LABELS = 4.49
"""Version of transformers that shifts the labels instead of a copy of the logits."""


@record
class LossBytes:
    """Bytes per logit (token × vocabulary entry) at the end of the forward pass and at the start of the backward."""

    forward: float
    backward: float
    per_token: float
    """Bytes per token of a fused loss: the gradient of the hidden state. [B]"""
    final_norm: float
    """Bytes of the final norm per token and hidden element. [B]"""
    fixed: float
    """Bytes of a fused loss: the gradient of the LM head from the forward pass on. [B]"""


def loss_bytes(*, shape: Shape, setup: TrainingSetup, precision: Precision) -> LossBytes:
    """Live bytes of the loss.

    Args:
        shape: Widths of the model. [count]
        setup: Training configuration.
        precision: Dtypes. [B]

    Returns:
        Bytes per logit, per token and fixed. [B]

    Source: cross entropy in PyTorch keeps log-softmax, its gradient and the gradient of the loss in fp32; transformers
    casts logits to fp32 first; Liger kernel (arXiv:2410.10989) for the fused linear loss.
    """
    c = precision.compute
    cap = c if shape.softcap else 0.0
    final = 2.0 * FLOAT if precision.trains_base else FLOAT
    if setup.cross_entropy == "fused_linear":
        head = c * shape.vocab * shape.hidden if precision.trains_base else 0.0
        return LossBytes(forward=0.0, backward=0.0, per_token=c * shape.hidden, final_norm=final, fixed=head)
    forward, backward = _per_logit(shape, setup, precision)
    fixed = _chunk(shape, precision) if setup.implementation == "litgpt" else 0.0
    return LossBytes(forward=forward + cap, backward=backward + cap, per_token=0.0, final_norm=final, fixed=fixed)


def _chunk(shape: Shape, precision: Precision) -> float:
    """Gradients of one chunk of logits; a quantized LM head is widened to fp16 and to the compute dtype."""
    chunk = FLOAT * LITGPT_CHUNK * shape.vocab
    head = 2.0 * precision.compute * shape.vocab * shape.hidden if precision.quantized else 0.0
    return chunk + max(chunk, head)


def _per_logit(shape: Shape, setup: TrainingSetup, precision: Precision) -> tuple[float, float]:
    """Bytes per logit at the end of the forward pass and at the start of the backward pass."""
    c = precision.compute
    old = transformers_version(setup.framework) < SHIFTED_LABELS
    if setup.implementation == "litgpt":  # outputs are cast to fp32; the loss runs chunk by chunk
        return 2.0 * FLOAT, 2.0 * FLOAT
    if shape.narrow_loss and old:
        return _narrow(setup, c, precision.autocast)
    if setup.cross_entropy == "fused_kernel":  # logits, fp32 copy; then its gradient in place
        return c + FLOAT, 2.0 * FLOAT
    if setup.compile and setup.cross_entropy == "eager":  # one fp32 copy is fused away
        return c + FLOAT, c + 2.0 * FLOAT
    if setup.compile and setup.cross_entropy == "chunked":  # logits, then their gradients chunk by chunk
        return c, 2.0 * c
    if setup.cross_entropy == "chunked":  # log-softmax stays in the dtype of the logits
        return 2.0 * c, 3.0 * c
    kept = _kept_logits(setup, precision)
    if transformers_version(setup.framework) < CALLER_KEEPS_LOGITS:  # fp32 copy, shifted copy, log-softmax
        return 3.0 * FLOAT, 3.0 * FLOAT
    if old:  # the same beside the 16-bit logits
        return c + 3.0 * FLOAT, c + 3.0 * FLOAT
    return c + 2.0 * FLOAT, 3.0 * FLOAT + kept


def _kept_logits(setup: TrainingSetup, precision: Precision) -> float:
    """Logits that a plain loop keeps with the outputs of the model until its backward pass is done."""
    if not setup.keeps_outputs:
        return 0.0
    return precision.compute if precision.autocast else precision.embeddings


def _narrow(setup: TrainingSetup, c: float, autocast: bool) -> tuple[float, float]:
    """Logits and their shifted copy in the compute dtype; only autocast turns the loss itself to fp32."""
    if setup.cross_entropy == "fused_kernel":
        return 3.0 * c, 3.0 * c
    if autocast:
        return 2.0 * c + 2.0 * FLOAT, 2.0 * c + 3.0 * FLOAT
    return 3.0 * c, 4.0 * c
