"""Bytes of what stays for the whole run: weights, adapters, gradients, optimizer states."""

from estimator.catalog.types import Architecture
from estimator.memory.adapters import adapter_widths
from estimator.memory.counts import ParameterCount, parameter_count
from estimator.memory.precision import CURRENT_TRANSFORMERS, Precision, transformers_version
from estimator.memory.setup import TrainingSetup
from estimator.record import record
from estimator.units import Value

FLOAT = 4.0
NF4_BLOCK = 64.0
"""Weights that share one quantization constant. [count]"""
SECOND_BLOCK = 256.0
"""Constants that share one second-level constant under double quantization. [count]"""
GPTQ_GROUP = 128.0
ADAM_8BIT_BLOCK = 256.0
"""Elements that share one fp32 scale in an 8-bit optimizer state. [count]"""
EMBEDDING_NAMES = frozenset({"wte", "embed_tokens", "word_embeddings", "embed_in", "tok_embeddings", "embedding"})
HEAD_NAMES = frozenset({"lm_head", "embed_out", "output", "head", "output_layer"})
ZERO = ("zero1", "zero2", "zero3")
PLAIN_ADAM = ("adamw", "adamw_fused", "paged_adamw")


@record
class States:
    """Bytes before sharding."""

    weights: float
    adapters: Value
    gradients: Value
    """Of the trained parameters, all at once. [B]"""
    optimizer: Value
    transient: Value
    """What the optimizer step needs on top while it runs. [B]"""
    trained: Value
    """Trained parameters. [count]"""


def quantized_bytes(quantization: str) -> float:
    """Bytes per quantized weight with its block constants.

    Args:
        quantization: Layout name of `TrainingSetup`.

    Returns:
        Bytes per weight. [B]

    Source: Dettmers et al. 2023, arXiv:2305.14314, section 3 (block 64, double quantization with block 256 in 8 bits);
    GPTQ: 4-bit weights, fp16 scale and 4-bit zero per group of 128.

    >>> quantized_bytes("nf4"), round(quantized_bytes("nf4_dq"), 6)
    (0.5625, 0.515869)
    """
    if quantization in ("nf4", "fp4"):
        return 0.5 + FLOAT / NF4_BLOCK
    if quantization == "nf4_dq":
        return 0.5 + 1.0 / NF4_BLOCK + FLOAT / (NF4_BLOCK * SECOND_BLOCK)
    width = 1.0 if quantization == "gptq_int8" else 0.5
    return width + (2.0 + width) / GPTQ_GROUP


def packs_experts(setup: TrainingSetup) -> bool:
    """Whether experts are 3-D parameters, which stay unquantized and unadapted.

    Args:
        setup: Training configuration.

    Returns:
        True from transformers 5 on. [1]

    Source: modelling code of Mixtral and Qwen3-MoE in transformers 5.
    """
    return transformers_version(setup.framework) >= CURRENT_TRANSFORMERS


def weight_bytes(count: ParameterCount, setup: TrainingSetup, precision: Precision) -> float:
    """Bytes of the base weights: quantized linear layers, embeddings, norms and biases in 16 or 32 bits.

    Args:
        count: Parameters by part. [count]
        setup: Training configuration.
        precision: Dtypes. [B]

    Returns:
        Bytes of the base model. [B]

    Source: bitsandbytes layout; PEFT `prepare_model_for_kbit_training` turns what is not quantized to fp32.
    """
    untied = count.embedding if count.tied and setup.implementation == "litgpt" else 0.0
    if not precision.quantized:
        return precision.weights * (count.total + untied)
    packed = count.linear_weights + (0.0 if packs_experts(setup) else count.expert_weights)
    embeddings = count.embedding + count.position_embedding + count.head
    if setup.implementation == "litgpt":  # its LM head is a linear layer like the others
        packed += untied + count.head
        embeddings -= count.head
    rest = count.total + untied - packed - embeddings - count.norms
    other = precision.weights if setup.kbit_preparation == "none" else precision.norms
    return (
        quantized_bytes(setup.quantization) * packed
        + precision.embeddings * embeddings
        + precision.norms * count.norms
        + other * rest
    )


def _optimizer(setup: TrainingSetup, trained: Value, width: float, embedding: float) -> tuple[Value, Value]:
    """State bytes and transient bytes of an optimizer over parameters of some width."""
    if setup.optimizer == "sgd":
        return 0.0 * trained, 0.0 * trained
    if setup.optimizer == "adafactor":
        return 0.0 * trained, 0.0 * trained
    if setup.optimizer in ("adamw_8bit", "paged_adamw_8bit"):
        small = trained - embedding
        return 2.0 * (1.0 + FLOAT / ADAM_8BIT_BLOCK) * small + 2.0 * FLOAT * embedding, 0.0 * trained
    if setup.optimizer == "adamw":
        return 2.0 * width * trained, width * trained
    return 2.0 * width * trained, 0.0 * trained


def _saved_modules(count: ParameterCount, setup: TrainingSetup) -> float:
    """Parameters of whole modules that train beside the adapters, as copies: embedding and LM head."""
    names = {name.lower().rsplit(".", 1)[-1] for name in setup.modules_to_save}
    head = count.embedding if count.tied else count.head
    return count.embedding * bool(names & EMBEDDING_NAMES) + head * bool(names & HEAD_NAMES)


def states_of(*, architecture: Architecture, setup: TrainingSetup, precision: Precision) -> States:
    """Resident bytes of a run before sharding.

    Args:
        architecture: Model shape. [count]
        setup: Training configuration.
        precision: Dtypes. [B]

    Returns:
        Weights, adapters, gradients, optimizer states and the transient of its step. [B]

    Source: PyTorch AdamW (states in the dtype of the weights; foreach keeps one more copy during the step),
    bitsandbytes 8-bit Adam (blocks of 256, embeddings in 32 bits), Adafactor (Shazeer and Stern 2018,
    arXiv:1804.04235), DeepSpeed ZeRO (fp32 master weights, moments and gradients: 18 B per 16-bit weight in all).
    """
    count = parameter_count(architecture=architecture)
    weights = weight_bytes(count, setup, precision)
    if precision.trains_base:
        trained: Value = count.total
        width, embedding = precision.weights, count.embedding
        adapters: Value = 0.0
    else:
        trained = setup.rank * float(adapter_widths(architecture, setup.targets))
        width, embedding = precision.adapters, 0.0
        adapters = width * trained
    optimizer, transient = _optimizer(setup, trained, width, embedding)
    gradients: Value = width * trained
    saved = 0.0 if precision.trains_base else _saved_modules(count, setup)
    if saved:
        more, step = _optimizer(setup, saved, precision.weights, saved)
        adapters += precision.weights * saved
        gradients += precision.weights * saved
        optimizer, transient, trained = optimizer + more, transient + step, trained + saved
    if setup.sharding in ZERO and precision.trains_base and width < FLOAT and setup.optimizer in PLAIN_ADAM:
        gradients, optimizer, transient = FLOAT * trained, 3.0 * FLOAT * trained, 0.0 * trained
    if setup.optimizer == "adafactor" and precision.trains_base:
        transient = (16.0 if width < FLOAT else 8.0) * count.largest_tensor
    return States(
        weights=weights,
        adapters=adapters,
        gradients=gradients,
        optimizer=optimizer,
        transient=transient,
        trained=trained,
    )
