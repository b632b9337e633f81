"""Bytes of keys and values that one generated or read token leaves behind."""

import numpy as np

from estimator.catalog.types import Architecture
from estimator.units import Value


def kv_cache_bytes_per_token(*, architecture: Architecture, context_tokens: Value, bytes_per_element: Value) -> Value:
    """Cache per token: 2·L·n_kv·d_h·b, or L·(d_c + d_rope)·b with latent attention.

    Sliding-window layers keep at most `sliding_window` tokens; their share is spread over the context.

    Args:
        architecture: Model shape. [count]
        context_tokens: Tokens in the context; must be above 0. [token]
        bytes_per_element: b, 2 for bf16, 1 for fp8. [B]

    Returns:
        Mean bytes per token of the context. [B/token]

    Source: Pope et al. 2022, arXiv:2211.05102; DeepSeek-AI 2024, arXiv:2405.04434 for latent attention.

    >>> llama = Architecture(name="Llama-3.1-8B", model_type="llama", layers=32, hidden=4096, heads=32, kv_heads=8,
    ...     head_dim=128, ffn=14336, vocab=128256, max_positions=131072)
    >>> float(kv_cache_bytes_per_token(architecture=llama, context_tokens=1000.0, bytes_per_element=1.0))
    65536.0
    """
    if architecture.uses_latent_attention:
        width = architecture.kv_lora_rank + architecture.qk_rope_head_dim
    else:
        width = 2 * architecture.kv_heads * architecture.head_dim
    windowed = architecture.sliding_share if architecture.sliding_window else 0.0
    kept = np.minimum(1.0, architecture.sliding_window / context_tokens)
    share = 1.0 - windowed * (1.0 - kept)
    cache: Value = architecture.layers * width * bytes_per_element * share
    return cache
