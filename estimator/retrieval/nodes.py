"""Machines and hours behind an index: nodes to serve it, core-hours to build it."""

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.units import GB, SECONDS_PER_HOUR, Value, central

MEMORY_HEADROOM = 1.2
"""Operating system and growth over the index itself; ScyllaDB plans with the same factor. Judgement."""


@record(kw_only=True)
class NodePlan:
    """Nodes of an index of one's own."""

    shards: float
    """Parts of the index, each on a node of its own. [count]"""
    copies: float
    nodes: float
    """Over all copies. [count]"""
    node_memory_bytes: float
    memory_bytes_per_node: float
    """Index on each node, headroom included. [B]"""
    bound_by: str
    """memory, load, or one node is enough."""

    @property
    def sentence(self) -> str:
        """The plan in words."""
        if self.shards <= 1:
            nodes = "1 node" if self.nodes == 1 else f"{self.nodes:.0f} nodes"
            holds = "holds the whole index" if self.nodes == 1 else "hold the whole index each"
            return f"{nodes} of {self.node_memory_bytes / GB:.0f} GB {holds}; bound by {self.bound_by}."
        return (
            f"The index is larger than a node of {self.node_memory_bytes / GB:.0f} GB: {self.shards:.0f} shards of "
            f"{self.memory_bytes_per_node / GB:.1f} GB on {self.nodes:.0f} nodes; every query asks all shards and "
            "merges their answers. A smaller code (fp16, int8, PQ) or an index on disk needs fewer."
        )


def node_plan(
    *,
    index_bytes: Value,
    node_memory_bytes: Value,
    peak_queries_per_s: Value,
    queries_per_s_per_core: Value,
    cores_per_node: Value,
    usable_share: Value,
    copies: Value = 1.0,
) -> NodePlan:
    """Shards, nodes and what binds them, at the central case.

    Args:
        index_bytes: Memory of the index. [B]
        node_memory_bytes: Of one node. [B]
        peak_queries_per_s: QPS. [1/s]
        queries_per_s_per_core: At the wanted recall. [1/s]
        cores_per_node: Cores. [count]
        usable_share: Share of the cores' rate that may be planned with. [1]
        copies: Replicas. [count]

    Returns:
        Plan. [count]

    Raises:
        InputError: a node without memory, cores or rate.

    Source: `nodes`; every shard sees every query.
    """
    needed = nodes(
        index_bytes=central(index_bytes),
        node_memory_bytes=central(node_memory_bytes),
        peak_queries_per_s=central(peak_queries_per_s),
        queries_per_s_per_core=central(queries_per_s_per_core),
        cores_per_node=central(cores_per_node),
        usable_share=central(usable_share),
        copies=central(copies),
    )
    held = central(index_bytes) * MEMORY_HEADROOM
    shards = max(1.0, float(np.ceil(held / central(node_memory_bytes))))
    each = float(needed) / central(copies)
    bound = "load" if each > shards else "memory" if shards > 1 else "the smallest plan"
    return NodePlan(
        shards=shards,
        copies=central(copies),
        nodes=float(needed),
        node_memory_bytes=central(node_memory_bytes),
        memory_bytes_per_node=held / shards,
        bound_by=bound,
    )


def nodes(
    *,
    index_bytes: Value,
    node_memory_bytes: Value,
    peak_queries_per_s: Value,
    queries_per_s_per_core: Value,
    cores_per_node: Value,
    usable_share: Value,
    copies: Value = 1.0,
) -> Value:
    """Nodes for memory and load: max(⌈1.2 RAM/RAM_node⌉, ⌈QPS/(q cores u)⌉) × copies.

    Args:
        index_bytes: RAM, memory of the index. [B]
        node_memory_bytes: RAM_node. [B]
        peak_queries_per_s: QPS. [1/s]
        queries_per_s_per_core: q, at the wanted recall. [1/s]
        cores_per_node: Cores. [count]
        usable_share: u, share of the cores' rate that may be planned with. [1]
        copies: Replicas of the whole index. [count]

    Returns:
        Nodes. [count]

    Raises:
        InputError: a node without memory, cores or rate.

    Source: definition; the headroom of 1.2 is that of ScyllaDB's vector search sizing.

    >>> float(nodes(index_bytes=1.92e9, node_memory_bytes=16e9, peak_queries_per_s=50.0, queries_per_s_per_core=473.0,
    ...             cores_per_node=4.0, usable_share=0.5, copies=2.0))
    2.0
    """
    rate = np.asarray(queries_per_s_per_core * cores_per_node * usable_share, dtype=float)
    if np.any(np.asarray(node_memory_bytes) <= 0) or np.any(rate <= 0):
        raise InputError(
            "node_memory_bytes, cores, queries per core and usable_share must be above 0; give a real node"
        )
    by_memory = np.ceil(index_bytes * MEMORY_HEADROOM / node_memory_bytes)
    by_load = np.ceil(peak_queries_per_s / rate)
    wanted: Value = np.maximum(np.maximum(by_memory, by_load), 1.0) * copies
    return wanted


def index_build_core_hours(*, vectors: Value, vectors_per_s_per_core: Value) -> Value:
    """Core-hours to build a graph index: n/(v 3600).

    Args:
        vectors: n. [count]
        vectors_per_s_per_core: v. [1/s]

    Returns:
        Core-hours. [h]

    Source: definition; 300,000 vectors at 465 a second take 0.179 h.

    >>> round(index_build_core_hours(vectors=300_000.0, vectors_per_s_per_core=465.0), 3)
    0.179
    """
    return vectors / vectors_per_s_per_core / SECONDS_PER_HOUR
