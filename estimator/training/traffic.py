"""Bytes moved by one training micro-batch or step."""

from estimator.units import Value


def elementwise_bytes_per_token(
    *,
    hidden: Value,
    attention_inner: Value,
    ffn_inner: Value,
    scores: Value,
    layers: Value,
    vocab: Value,
    logit_bytes: Value,
    recompute: Value,
) -> Value:
    """Unit of norm, residual, rotary and activation traffic: L (16h + 4a + 8I + 6s)(3 + r)/3 + logits.

    The bracket is what the backward pass of one block reads back; the fitted factor k says how often each byte crosses
    the memory bus.

    Args:
        hidden: h, width of the residual stream. [count]
        attention_inner: a, width of queries plus keys and values. [count]
        ffn_inner: I, feed-forward width a token passes through (all its experts). [count]
        scores: s, stored attention scores: heads × sequence with eager attention, else 0. [count]
        layers: L. [count]
        vocab: V. [count]
        logit_bytes: Traffic per logit of the loss; depends on the loss kernel. [B]
        recompute: r, share of the forward pass that runs again. [1]

    Returns:
        Bytes per token. [B/token]

    Source: saved tensors of a bf16 LLaMA block in PyTorch (RMSNorm 8h twice, attention 4a, SwiGLU 8I, eager
    softmax 6s).

    >>> elementwise_bytes_per_token(hidden=4096, attention_inner=5120, ffn_inner=14336, scores=0.0,
    ...                             layers=32, vocab=0, logit_bytes=0.0, recompute=0.0)
    6422528.0
    """
    block = 16.0 * hidden + 4.0 * attention_inner + 8.0 * ffn_inner + 6.0 * scores
    return layers * block * (3.0 + recompute) / 3.0 + vocab * logit_bytes


def dequantisation_bytes(*, quantised_weights: Value, bytes_per_weight: Value, recompute: bool) -> Value:
    """Bytes to unpack a quantised base once per pass: (2 or 3) · bytes · weights.

    Args:
        quantised_weights: Linear weights stored in 4 or 8 bits. [count]
        bytes_per_weight: Read of the code and write of the 16-bit weight, plus its read by the matmul. [B]
        recompute: Whether the forward pass runs twice.

    Returns:
        Bytes per micro-batch. [B]

    Source: Dettmers et al. 2023, arXiv:2305.14314 (weights are unpacked for every matmul).

    >>> dequantisation_bytes(quantised_weights=7e9, bytes_per_weight=4.5, recompute=True)
    94500000000.0
    """
    return (3.0 if recompute else 2.0) * bytes_per_weight * quantised_weights


def optimizer_bytes(*, trained_weights: Value, bytes_per_weight: Value, shards: Value) -> Value:
    """Bytes one optimizer step reads and writes on a device: bytes · trained weights / shards.

    Args:
        trained_weights: Weights with a gradient. [count]
        bytes_per_weight: Gradient, moments, master weight and clipping. [B]
        shards: Devices the optimizer state is split over. [count]

    Returns:
        Bytes per step. [B]

    Source: Rajbhandari et al. 2020, arXiv:1910.02054, section 3.1 (states of mixed-precision Adam).

    >>> optimizer_bytes(trained_weights=8e9, bytes_per_weight=26.0, shards=8)
    26000000000.0
    """
    return bytes_per_weight * trained_weights / shards


def gather_bytes(
    *,
    weights: Value,
    bytes_per_weight: Value,
    gathers: Value,
    trained_weights: Value,
    gradient_bytes: Value,
    ranks: Value,
) -> Value:
    """FSDP / ZeRO-3 traffic of a micro-batch: (w · weights · gathers + g · trained) (n − 1)/n.

    Args:
        weights: Weights the sharded replica holds. [count]
        bytes_per_weight: w, bytes of a weight as it is gathered. [B]
        gathers: Gathers per micro-batch: 2, once forward and once backward. [count]
        trained_weights: Weights with a gradient. [count]
        gradient_bytes: g, bytes of a gradient as it is reduced. [B]
        ranks: n, devices. [count]

    Returns:
        Bytes each device receives per micro-batch. [B]

    Source: Rajbhandari et al. 2020, arXiv:1910.02054, section 7.

    >>> gather_bytes(weights=8e9, bytes_per_weight=2.0, gathers=2.0, trained_weights=8e9, gradient_bytes=2.0, ranks=8)
    42000000000.0
    """
    return (bytes_per_weight * weights * gathers + gradient_bytes * trained_weights) * (ranks - 1.0) / ranks


def all_reduce_bytes(*, trained_weights: Value, gradient_bytes: Value, ranks: Value) -> Value:
    """Data-parallel traffic of a step: 2 g · trained · (n − 1)/n.

    Args:
        trained_weights: Weights with a gradient. [count]
        gradient_bytes: g, bytes of a gradient as it is reduced. [B]
        ranks: n, devices. [count]

    Returns:
        Bytes each device receives per step. [B]

    Source: ring all-reduce (Patarasuk & Yuan 2009, doi:10.1016/j.jpdc.2008.09.002).

    >>> all_reduce_bytes(trained_weights=8e9, gradient_bytes=2.0, ranks=8)
    28000000000.0
    """
    return 2.0 * gradient_bytes * trained_weights * (ranks - 1.0) / ranks


def tensor_parallel_bytes(*, tokens: Value, hidden: Value, layers: Value, ranks: Value, recompute: bool) -> Value:
    """Activation all-reduces of tensor parallelism: (4 or 6) per layer, 2 · 2 B · tokens · h · (n − 1)/n each.

    Args:
        tokens: Tokens of the micro-batch. [token]
        hidden: h. [count]
        layers: Layers on the device. [count]
        ranks: n, tensor-parallel devices. [count]
        recompute: Whether the forward pass runs twice.

    Returns:
        Bytes each device receives per micro-batch. [B]

    Source: Shoeybi et al. 2019, arXiv:1909.08053, section 3.

    >>> tensor_parallel_bytes(tokens=1024, hidden=4096, layers=32, ranks=2, recompute=False)
    1073741824.0
    """
    return (6.0 if recompute else 4.0) * layers * 2.0 * 2.0 * tokens * hidden * (ranks - 1.0) / ranks


def expert_parallel_bytes(
    *, tokens: Value, hidden: Value, experts_per_token: Value, layers: Value, ranks: Value, recompute: bool
) -> Value:
    """Dispatch and combine of a mixture of experts: (4 or 6) per layer, 2 B · tokens · k · h · (n − 1)/n each.

    Args:
        tokens: Tokens of the micro-batch on a device. [token]
        hidden: h. [count]
        experts_per_token: k. [count]
        layers: Mixture layers on the device. [count]
        ranks: n, devices the experts are spread over. [count]
        recompute: Whether the forward pass runs twice.

    Returns:
        Bytes each device sends per micro-batch. [B]

    Source: Lepikhin et al. 2020, arXiv:2006.16668 (all-to-all before and after the experts).

    >>> expert_parallel_bytes(tokens=1024, hidden=2048, experts_per_token=8, layers=48, ranks=8, recompute=False)
    5637144576.0
    """
    return (6.0 if recompute else 4.0) * layers * 2.0 * tokens * experts_per_token * hidden * (ranks - 1.0) / ranks


def offload_bytes(*, weights: Value, trained_weights: Value, parts: tuple[bool, bool], accumulation: Value) -> Value:
    """PCIe traffic of CPU offload per micro-batch: 2 × 2 B · weights, and 4 B · trained per step.

    Args:
        weights: Weights on the device. [count]
        trained_weights: Weights with a gradient on the device. [count]
        parts: Whether parameters, and whether optimizer states, live on the host.
        accumulation: Micro-batches per step. [count]

    Returns:
        Bytes per micro-batch. [B]

    Source: Ren et al. 2021, arXiv:2101.06840, section 3 (fp16 gradients out, fp16 weights in).

    >>> offload_bytes(weights=7e9, trained_weights=7e9, parts=(False, True), accumulation=4.0)
    7000000000.0
    """
    params, optimizer = parts
    return float(params) * 4.0 * weights + float(optimizer) * 4.0 * trained_weights / accumulation
