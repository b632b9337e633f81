"""Bytes that devices exchange inside the blocks of a split model."""

import numpy as np

from estimator.units import Value

BF16_BYTES = 2.0


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
    return (6.0 if recompute else 4.0) * layers * 2.0 * BF16_BYTES * tokens * hidden * (ranks - 1.0) / ranks


def expert_parallel_bytes(
    *, tokens: Value, hidden: Value, experts_per_token: Value, layers: Value, ranks: Value, recompute: bool
) -> Value:
    """Dispatch and combine of a mixture of experts: (4 or 6) per layer, 2 B · tokens · k · h · (n − 1)/n each.

    Args:
        tokens: Tokens of the micro-batch on a device. [token]
        hidden: h. [count]
        experts_per_token: k, copies of a token that travel. [count]
        layers: Mixture layers on the device. [count]
        ranks: n, devices the experts are spread over. [count]
        recompute: Whether the forward pass runs twice.

    Returns:
        Bytes each device sends per micro-batch. [B]

    Source: Lepikhin et al. 2020, arXiv:2006.16668 (all-to-all before and after the experts).

    >>> expert_parallel_bytes(tokens=1024, hidden=2048, experts_per_token=8, layers=48, ranks=8, recompute=False)
    5637144576.0
    """
    return (
        (6.0 if recompute else 4.0) * layers * BF16_BYTES * tokens * experts_per_token * hidden * (ranks - 1.0) / ranks
    )


def distinct_nodes(*, experts_per_token: Value, nodes: Value) -> Value:
    """Nodes that hold the experts of a token: n (1 − (1 − 1/n)^k); it crosses the network once per node.

    Args:
        experts_per_token: k, experts drawn evenly over the nodes. [count]
        nodes: n, nodes the experts are spread over. [count]

    Returns:
        Mean number of nodes, its own included. [count]

    Source: expectation of distinct draws; one copy per node as in DeepSeek-AI 2024, arXiv:2412.19437, section 3.2.2.

    >>> distinct_nodes(experts_per_token=8, nodes=1), distinct_nodes(experts_per_token=2, nodes=2)
    (1.0, 1.5)
    """
    return nodes * (1.0 - (1.0 - 1.0 / nodes) ** experts_per_token)


def context_parallel_bytes(*, tokens: Value, kv_width: Value, layers: Value, ranks: Value, recompute: Value) -> Value:
    """Keys and values passed around the ring: L · 2 · 2 B · tokens · kv · (3 + r)(n − 1)/n.

    Args:
        tokens: Tokens of the whole sequence. [token]
        kv_width: kv, width of the keys of all heads on the device. [count]
        layers: Layers on the device. [count]
        ranks: n, context-parallel devices. [count]
        recompute: r, share of the attention forward pass that runs again. [1]

    Returns:
        Bytes each device receives per micro-batch: once forward, keys, values and their gradients backward. [B]

    Source: Liu et al. 2023, arXiv:2310.01889 (ring attention).

    >>> context_parallel_bytes(tokens=8192, kv_width=1024, layers=32, ranks=2, recompute=0.0)
    1610612736.0
    """
    return layers * 2.0 * BF16_BYTES * tokens * kv_width * (3.0 + recompute) * (ranks - 1.0) / ranks


def block_messages(*, tensor: Value, context: Value, expert: Value, recompute: bool) -> float:
    """Collectives one block waits for: (4 or 6) each of tensor and expert parallelism, 3 (n − 1) of the ring.

    Args:
        tensor: Tensor-parallel devices. [count]
        context: n, context-parallel devices. [count]
        expert: Expert-parallel devices. [count]
        recompute: Whether the forward pass runs twice.

    Returns:
        Collectives per block and micro-batch. [count]

    Source: the papers of the formulas above.

    >>> block_messages(tensor=8, context=2, expert=1, recompute=False)
    7.0
    """
    each = 6.0 if recompute else 4.0
    return float(each * (np.asarray(tensor) > 1) + each * (np.asarray(expert) > 1) + 3.0 * (context - 1))
