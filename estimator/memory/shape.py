"""Widths of a model's blocks, read once from its architecture."""

from functools import lru_cache

from estimator.catalog.types import Architecture
from estimator.record import record

FUSED_QKV = frozenset({"gpt2", "gpt_neox", "gpt_bigcode", "falcon", "phi3", "qwen", "chatglm", "baichuan"})
"""Families whose q, k and v projections are one matrix in their modelling code."""
FUSED_GATE_UP = frozenset({"phi3", "chatglm"})
"""Families whose gate and up projections are one matrix."""
PYTHON_GELU = frozenset({"gpt2", "phi", "gptj", "codegen"})
"""Families whose GELU is written out in Python (`gelu_new`), so that each step of it is saved."""
FLOAT_NORM = frozenset({"gemma", "gemma2", "gemma3", "gemma3_text", "olmo2", "olmo3"})
"""Families whose RMSNorm applies its weight in fp32 and casts back to the dtype of its input."""
PYTHON_LAYER_NORM = frozenset({"cohere", "cohere2"})
"""Families whose LayerNorm is written out in Python in fp32."""
WIDE_QK_NORM = frozenset({"olmo2", "olmo3"})
"""Families whose q and k norms span all heads instead of one head."""
SOFTCAPPED = frozenset({"gemma2"})
"""Families that pass attention scores and logits through tanh."""
DROPOUT = frozenset({"gpt2", "gpt_bigcode"})
"""Families whose default configuration drops hidden states in training."""
NARROW_LOSS = frozenset({"qwen", "gpt_bigcode"})
"""Families whose modelling code before transformers 4.49 computes the loss in the dtype of the logits."""
SINKS = frozenset({"gpt_oss"})
"""Families with one learned sink logit per head and biased routers."""


@record
class Shape:
    """Widths of one block and the flags that decide what its backward pass saves."""

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    query: int
    """Width of all queries. [count]"""
    key: int
    """Width of all keys. [count]"""
    value: int
    """Width of all values. [count]"""
    context: int
    """Width of the attention output before its projection. [count]"""
    ffn: int
    vocab: int
    gated: bool
    rms: bool
    python_layer_norm: bool
    norms: int
    qk_norm: bool
    wide_qk_norm: bool
    parallel: bool
    fused_qkv: bool
    fused_gate_up: bool
    python_gelu: bool
    float_norm: bool
    softcap: bool
    dropout: bool
    latent: bool
    latents: tuple[int, ...]
    """Widths of the normed low-rank inputs of latent attention. [count]"""
    unrotated: int
    """Width of the key part that shares a projection with the value. [count]"""
    tied: bool
    narrow_loss: bool
    """The family's older modelling code computes the loss in the dtype of the logits."""
    rotary: int
    """Width of the position angles; 0 where positions are learned. [count]"""


@lru_cache(maxsize=256)
def shape_of(architecture: Architecture) -> Shape:
    """Widths of a model.

    Args:
        architecture: Model shape. [count]

    Returns:
        Widths and flags. [count]

    Source: definition, from the modelling code of each family in the transformers library.
    """
    arch, kind = architecture, architecture.model_type
    if arch.uses_latent_attention:
        head = arch.qk_nope_head_dim + arch.qk_rope_head_dim
        query = key = arch.heads * head
        value = context = arch.heads * arch.v_head_dim
    else:
        query = context = arch.heads * arch.head_dim
        key = value = arch.kv_heads * arch.head_dim
    return Shape(
        layers=arch.layers,
        hidden=arch.hidden,
        heads=arch.heads,
        kv_heads=arch.heads if arch.uses_latent_attention else arch.kv_heads,
        query=query,
        key=key,
        value=value,
        context=context,
        ffn=arch.ffn,
        vocab=arch.vocab,
        gated=arch.gated_mlp,
        rms=arch.norm == "rms",
        python_layer_norm=kind in PYTHON_LAYER_NORM,
        norms=arch.norms_per_layer,
        qk_norm=arch.qk_norm,
        wide_qk_norm=kind in WIDE_QK_NORM,
        parallel=arch.parallel_block,
        fused_qkv=kind in FUSED_QKV,
        fused_gate_up=kind in FUSED_GATE_UP,
        python_gelu=kind in PYTHON_GELU,
        float_norm=kind in FLOAT_NORM,
        softcap=kind in SOFTCAPPED,
        dropout=kind in DROPOUT,
        latent=arch.uses_latent_attention,
        latents=tuple(rank for rank in (arch.q_lora_rank, arch.kv_lora_rank) if rank and arch.uses_latent_attention),
        unrotated=arch.heads * arch.qk_nope_head_dim if arch.uses_latent_attention else 0,
        tied=arch.tied_embeddings,
        narrow_loss=kind in NARROW_LOSS,
        rotary=0 if arch.learned_positions else (arch.qk_rope_head_dim or arch.head_dim),
    )
