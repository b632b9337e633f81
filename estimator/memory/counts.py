"""How many parameters a model has, part by part."""

from functools import lru_cache

from estimator.catalog.types import Architecture
from estimator.memory.shape import SINKS, WIDE_QK_NORM
from estimator.record import record


@record(kw_only=True)
class ParameterCount:
    """Parameters of a model by part; biases are counted with the matrix they belong to."""

    embedding: float
    position_embedding: float
    attention: float
    mlp: float
    """Dense feed-forward blocks. [count]"""
    experts: float
    """All routed experts. [count]"""
    shared_experts: float
    router: float
    norms: float
    head: float
    """LM head; 0 where it is tied to the embedding, but for its bias. [count]"""
    layers: int
    active_expert_share: float
    """Experts per token over all experts. [1]"""
    tied: bool
    linear_weights: float
    """Weights of attention and MLP matrices, shared experts included, without biases and routed experts. [count]"""
    expert_weights: float
    """Weights of the routed experts without biases. [count]"""
    largest_tensor: float
    """Elements of the largest single parameter. [count]"""

    @property
    def blocks(self) -> float:
        """All blocks without their norms. [count]."""
        return self.attention + self.mlp + self.experts + self.shared_experts + self.router

    @property
    def total(self) -> float:
        """All parameters. [count]."""
        return self.embedding + self.position_embedding + self.blocks + self.norms + self.head

    @property
    def active(self) -> float:
        """Parameters that one token passes through, embedding table included. [count]."""
        return self.total - self.experts * (1.0 - self.active_expert_share)

    @property
    def matmul_active(self) -> float:
        """Active parameters that take part in matrix products: without embedding look-up, with the LM head. [count]."""
        head = self.embedding if self.tied else self.head
        return self.blocks - self.experts * (1.0 - self.active_expert_share) + head

    @property
    def matmul(self) -> float:
        """Parameters of all matrices with the LM head, every expert counted. [count]."""
        return self.blocks + (self.embedding if self.tied else self.head)

    @property
    def per_layer(self) -> float:
        """Mean parameters of a block, without norms. [count]."""
        return self.blocks / self.layers


def _attention(arch: Architecture) -> tuple[float, float, float]:
    """Weights, biases and norms of one attention layer."""
    hidden, heads = arch.hidden, arch.heads
    if arch.uses_latent_attention:
        key = arch.qk_nope_head_dim + arch.qk_rope_head_dim
        rank = arch.q_lora_rank
        query = hidden * rank + rank * heads * key if rank else hidden * heads * key
        down = hidden * (arch.kv_lora_rank + arch.qk_rope_head_dim)
        up = arch.kv_lora_rank * heads * (arch.qk_nope_head_dim + arch.v_head_dim)
        return query + down + up + heads * arch.v_head_dim * hidden, 0.0, float(rank + arch.kv_lora_rank)
    query, key = heads * arch.head_dim, arch.kv_heads * arch.head_dim
    bias = (query + 2 * key) * arch.attention_bias + hidden * arch.output_bias
    bias += heads if arch.model_type in SINKS else 0
    norm = (query + key if arch.model_type in WIDE_QK_NORM else 2 * arch.head_dim) if arch.qk_norm else 0
    return 2 * hidden * (query + key), float(bias), float(norm)


def _mlp(arch: Architecture, width: int) -> tuple[float, float]:
    """Weights and biases of one feed-forward block of some width."""
    matrices = 3 if arch.gated_mlp else 2
    bias = ((matrices - 1) * width + arch.hidden) if arch.mlp_bias else 0
    return float(matrices * arch.hidden * width), float(bias)


@lru_cache(maxsize=256)
def _count(arch: Architecture) -> ParameterCount:
    moe_layers = arch.layers - arch.dense_layers if arch.is_moe else 0
    dense_layers = arch.layers - moe_layers
    attention, attention_bias, qk_norm = _attention(arch)
    mlp, mlp_bias = _mlp(arch, arch.ffn)
    expert, expert_bias = _mlp(arch, arch.expert_ffn)
    shared, shared_bias = _mlp(arch, arch.shared_expert_ffn) if arch.shared_expert_ffn else (0.0, 0.0)
    gate_of_shared = arch.hidden if arch.model_type == "qwen2_moe" else 0
    router_bias = arch.experts if arch.model_type in SINKS or arch.model_type == "deepseek_v3" else 0
    norm_width = arch.hidden * (1 if arch.norm == "rms" else 2)
    embedding = float(arch.vocab * arch.hidden)
    experts = float(moe_layers * arch.experts)
    packed = arch.experts * 2 * arch.hidden * arch.expert_ffn
    return ParameterCount(
        embedding=embedding,
        position_embedding=float(arch.max_positions * arch.hidden) if arch.learned_positions else 0.0,
        attention=arch.layers * (attention + attention_bias),
        mlp=dense_layers * (mlp + mlp_bias),
        experts=experts * (expert + expert_bias),
        shared_experts=moe_layers * (shared + shared_bias),
        router=float(moe_layers * (arch.hidden * arch.experts + router_bias + gate_of_shared)),
        norms=arch.layers * (arch.norms_per_layer * norm_width + qk_norm) + norm_width,
        head=(0.0 if arch.tied_embeddings else embedding) + (arch.vocab if arch.lm_head_bias else 0),
        layers=arch.layers,
        active_expert_share=arch.experts_per_token / arch.experts if arch.is_moe else 1.0,
        tied=arch.tied_embeddings,
        linear_weights=arch.layers * attention + dense_layers * mlp + moe_layers * shared,
        expert_weights=experts * expert,
        largest_tensor=float(max(embedding, packed, arch.hidden * arch.ffn)),
    )


def parameter_count(*, architecture: Architecture) -> ParameterCount:
    """Parameters by part: N = V·h + L·(attention + MLP or experts + norms) + final norm + LM head.

    Args:
        architecture: Model shape. [count]

    Returns:
        Parameters by part with their totals. [count]

    Source: modelling code of each family in the transformers library; equals the counts of the instantiated models.

    >>> llama = Architecture(name="Llama-3.1-8B", model_type="llama", layers=32, hidden=4096, heads=32, kv_heads=8,
    ...     head_dim=128, ffn=14336, vocab=128256, max_positions=131072)
    >>> parameter_count(architecture=llama).total
    8030261248.0
    """
    return _count(architecture)
