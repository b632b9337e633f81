"""Bytes moved by one training micro-batch or step."""

from estimator.units import Value


def elementwise_bytes_per_token(
    *, hidden: Value, attention_inner: Value, ffn_inner: Value, scores: Value, layers: Value, recompute: Value
) -> Value:
    """Unit of norm, residual, rotary and activation traffic: L (16h + 4a + 8I + 6s)(3 + r)/3.

    The bracket is what the backward pass of one block reads back; the fitted factor k says how often each byte crosses
    the memory bus.

    Args:
        hidden: h, width of the residual stream. [count]
        attention_inner: a, width of queries plus keys and values. [count]
        ffn_inner: I, feed-forward width a token passes through (all its experts). [count]
        scores: s, stored attention scores: heads × sequence with eager attention, else 0. [count]
        layers: L. [count]
        recompute: r, share of the forward pass that runs again. [1]

    Returns:
        Bytes per token. [B/token]

    Source: saved tensors of a bf16 LLaMA block in PyTorch (RMSNorm 8h twice, attention 4a, SwiGLU 8I, eager
    softmax 6s).

    >>> elementwise_bytes_per_token(hidden=4096, attention_inner=5120, ffn_inner=14336, scores=0.0,
    ...                             layers=32, recompute=0.0)
    6422528.0
    """
    block = 16.0 * hidden + 4.0 * attention_inner + 8.0 * ffn_inner + 6.0 * scores
    return layers * block * (3.0 + recompute) / 3.0


def dequantization_bytes(*, quantized_weights: Value, bytes_per_weight: Value, recompute: bool) -> Value:
    """Bytes to unpack a quantized base once per pass: (2 or 3) · bytes · weights.

    Args:
        quantized_weights: Linear weights stored in 4 or 8 bits. [count]
        bytes_per_weight: Read of the code and write of the 16-bit weight, plus its read by the matmul. [B]
        recompute: Whether the forward pass runs twice.

    Returns:
        Bytes per micro-batch. [B]

    Source: Dettmers et al. 2023, arXiv:2305.14314 (weights are unpacked for every matmul).

    >>> dequantization_bytes(quantized_weights=7e9, bytes_per_weight=4.5, recompute=True)
    94500000000.0
    """
    return (3.0 if recompute else 2.0) * bytes_per_weight * quantized_weights


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


def adapter_bytes(*, widths: Value, tokens: Value, recompute: Value) -> Value:
    """Unit of low-rank adapter traffic: Σ (inputs + outputs) · tokens · (3 + r)/3.

    Casting an input, dropping it out and adding the product to the output pass over whole activations, however small
    the rank; the fitted factor says how many bytes that takes per element.

    Args:
        widths: Inputs plus outputs of all adapted matrices on the device. [count]
        tokens: Tokens of the micro-batch on the device. [token]
        recompute: r, share of the forward pass that runs again. [1]

    Returns:
        Elements passed over. [count]

    Source: forward of `peft.tuners.lora.layer.Linear`; Hu et al. 2021, arXiv:2106.09685.

    >>> adapter_bytes(widths=9216.0, tokens=2.0, recompute=0.0)
    18432.0
    """
    return widths * tokens * (3.0 + recompute) / 3.0


def permute_bytes(*, tokens: Value, hidden: Value, experts_per_token: Value, layers: Value, recompute: Value) -> Value:
    """Unit of sorting tokens by expert and back: L · 2 B · tokens · k · h · (3 + r).

    Args:
        tokens: Tokens of the micro-batch on the device. [token]
        hidden: h. [count]
        experts_per_token: k. [count]
        layers: Mixture layers on the device. [count]
        recompute: r, share of the forward pass that runs again. [1]

    Returns:
        Bytes per micro-batch. [B]

    Source: Gale et al. 2022, arXiv:2211.15841, section 5 (gather and scatter around grouped matmuls).

    >>> permute_bytes(tokens=1024, hidden=2048, experts_per_token=8, layers=1, recompute=0.0)
    100663296.0
    """
    return layers * 2.0 * tokens * experts_per_token * hidden * (3.0 + recompute)


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
