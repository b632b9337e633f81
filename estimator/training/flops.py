"""Floating-point operations of one training token."""

import numpy as np

from estimator.units import Value

FORWARD_FLOPS_PER_WEIGHT = 2.0  # one multiply and one add
INPUT_GRADIENT_FLOPS_PER_WEIGHT = 2.0  # needed by every layer below
WEIGHT_GRADIENT_FLOPS_PER_WEIGHT = 2.0  # needed for trained weights only
ATTENTION_MATMULS = 2.0  # queries times keys, probabilities times values
BACKWARD_TO_FORWARD_ATTENTION = 2.0  # two gradients per matmul


def gemm_flops_per_token(
    *, matmul_weights: Value, block_weights: Value, adapter_weights: Value, base_trained: bool, recompute: Value
) -> Value:
    """Dense matrix-multiply FLOPs: 6N trained, 4N frozen base + 6 per adapter weight, + 2 per recomputed weight.

    Args:
        matmul_weights: N, weights a token is multiplied with, LM head included. [count]
        block_weights: Part of N inside the blocks, which recomputation runs again. [count]
        adapter_weights: Low-rank weights beside the base; 0 without adapters. [count]
        base_trained: Whether the base weights get gradients.
        recompute: Share of the forward matmuls of the blocks that run again, 0 to 1. [1]

    Returns:
        FLOPs of forward, backward and recomputation. [FLOP/token]

    Source: Kaplan et al. 2020, arXiv:2001.08361, section 2.1; frozen weights need no weight gradient
    (Hu et al. 2021, arXiv:2106.09685).

    >>> gemm_flops_per_token(matmul_weights=8e9, block_weights=7.5e9, adapter_weights=0.0, base_trained=True,
    ...                      recompute=0.0)
    48000000000.0
    >>> gemm_flops_per_token(matmul_weights=8e9, block_weights=7.5e9, adapter_weights=1e7, base_trained=False,
    ...                      recompute=1.0)
    47080000000.0
    """
    trained = FORWARD_FLOPS_PER_WEIGHT + INPUT_GRADIENT_FLOPS_PER_WEIGHT + WEIGHT_GRADIENT_FLOPS_PER_WEIGHT
    frozen = FORWARD_FLOPS_PER_WEIGHT + INPUT_GRADIENT_FLOPS_PER_WEIGHT
    again = FORWARD_FLOPS_PER_WEIGHT * recompute * (block_weights + adapter_weights)
    return (trained if base_trained else frozen) * matmul_weights + trained * adapter_weights + again


def visible_tokens(*, seq_len: Value, sliding_window: Value, sliding_share: Value) -> Value:
    """Mean number of earlier tokens a token attends to: S/2, and W − W²/2S in layers with a window W < S.

    Args:
        seq_len: S, length of a sequence. [token]
        sliding_window: W, tokens a windowed layer can see; 0 means no windowed layer. [token]
        sliding_share: Share of layers with the window. [1]

    Returns:
        Mean over positions and layers. [token]

    Source: definition of causal and of sliding-window attention (Beltagy et al. 2020, arXiv:2004.05150).

    >>> float(visible_tokens(seq_len=4096, sliding_window=0, sliding_share=0.0))
    2048.0
    >>> float(visible_tokens(seq_len=4096, sliding_window=1024, sliding_share=0.5))
    1472.0
    """
    full = np.asarray(seq_len, dtype=float) / 2.0
    window = np.where(np.asarray(sliding_window) > 0, np.minimum(sliding_window, seq_len), seq_len)
    mean: Value = (1.0 - sliding_share) * full + sliding_share * (window - window**2 / (2.0 * np.asarray(seq_len)))
    return mean


def attention_flops_per_token(*, visible: Value, attention_width: Value, layers: Value, recompute: Value) -> Value:
    """Attention-score FLOPs: (2 · 2 · visible · width) forward, twice that backward, per layer; causal.

    Args:
        visible: Mean number of tokens attended to. [token]
        attention_width: Heads × head dimension. [count]
        layers: Transformer blocks. [count]
        recompute: Share of the forward pass that runs again. [1]

    Returns:
        FLOPs of forward, backward and recomputation. [FLOP/token]

    Source: Narayanan et al. 2021, arXiv:2104.04473, appendix, halved for the causal mask.

    >>> attention_flops_per_token(visible=2048.0, attention_width=4096, layers=32, recompute=0.0)
    3221225472.0
    """
    forward = ATTENTION_MATMULS * FORWARD_FLOPS_PER_WEIGHT * visible * attention_width * layers
    return forward * (1.0 + BACKWARD_TO_FORWARD_ATTENTION + recompute)
