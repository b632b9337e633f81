"""Weights of a model by the part they play in a training step."""

from estimator.catalog.types import Architecture
from estimator.memory import lora_parameters, parameter_count
from estimator.memory.adapters import adapter_widths
from estimator.memory.setup import TrainingSetup
from estimator.record import record
from estimator.units import Value

EXPERT_MATRICES = 3.0  # gate, up, down


@record(kw_only=True)
class Weights:
    """Weights by part, for all devices of a replica together. [count]."""

    total: float
    matmul: float
    """A token is multiplied with them, LM head included."""
    blocks: float
    """The same without the LM head."""
    experts_active: float
    """Routed experts a token passes."""
    experts: float
    """All routed experts."""
    linear: float
    """Matrices that quantization packs."""
    adapters: Value
    adapter_widths: float
    """Inputs plus outputs of all adapted matrices."""
    trained: Value
    base_trained: bool


def weights_of(architecture: Architecture, setup: TrainingSetup) -> Weights:
    """Weights of a model by their part in a step.

    Args:
        architecture: Model shape. [count]
        setup: Training configuration.

    Returns:
        Weights by part. [count]

    Source: definition; see `parameter_count` and `lora_parameters`.
    """
    count = parameter_count(architecture=architecture)
    full = setup.method == "full"
    adapters: Value = 0.0
    if not full:
        adapters = lora_parameters(architecture=architecture, rank=setup.rank, targets=setup.targets)
    expert = EXPERT_MATRICES * architecture.hidden * architecture.expert_ffn * architecture.experts_per_token
    return Weights(
        total=count.total,
        matmul=count.matmul_active,
        blocks=count.matmul_active - architecture.hidden * architecture.vocab,
        experts_active=mixture_layers(architecture) * expert,
        experts=count.experts,
        linear=count.linear_weights + (count.expert_weights if architecture.is_moe else 0.0),
        adapters=adapters,
        adapter_widths=0.0 if full else float(adapter_widths(architecture, setup.targets)),
        trained=count.total if full else adapters,
        base_trained=full,
    )


def mixture_layers(architecture: Architecture) -> int:
    """Layers that route tokens to experts.

    Args:
        architecture: Model shape. [count]

    Returns:
        Layers. [count]

    Source: definition.
    """
    return architecture.layers - architecture.dense_layers if architecture.is_moe else 0


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


def kv_width(architecture: Architecture) -> float:
    """Width of the keys that a token leaves for later tokens.

    Args:
        architecture: Model shape.

    Returns:
        Key heads × head dimension; half the latent and its rotary part with latent attention. [count]

    Source: definition; DeepSeek-AI 2024, arXiv:2405.04434.
    """
    if architecture.uses_latent_attention:
        return (architecture.kv_lora_rank + architecture.qk_rope_head_dim) / 2.0
    return float(architecture.kv_heads * architecture.head_dim)


def ffn_inner(architecture: Architecture) -> float:
    """Feed-forward width a token passes through, mean over layers.

    Args:
        architecture: Model shape.

    Returns:
        Width, all experts of a token together. [count]

    Source: definition.
    """
    if not architecture.is_moe:
        return float(architecture.ffn)
    routed = architecture.experts_per_token * architecture.expert_ffn + architecture.shared_expert_ffn
    share = mixture_layers(architecture) / architecture.layers
    return share * routed + (1.0 - share) * architecture.ffn
