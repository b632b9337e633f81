"""How managed vector stores bill: one function per scheme."""

from collections.abc import Callable

import numpy as np

from estimator.record import record
from estimator.retrieval.items import CostItem, monthly, once, per_query
from estimator.units import GB, HOURS_PER_MONTH, MILLION, THOUSAND, Value

Price = Callable[[str], Value]
ATLAS_TIERS = ("m10", "m20", "m30", "m40")
"""Looks up a row: a name below `vector_store/`, or a whole id of a constant."""


@record(kw_only=True)
class StoreUse:
    """What a store is asked to hold and to do."""

    vectors: Value
    dimensions: Value
    record_bytes: Value
    """Vector, payload and text of one record. [B]"""
    memory_bytes: Value
    """Size of an index of these vectors in memory. [B]"""
    queries_per_month: Value
    written_per_month: Value
    """Records written again or new each month, full rebuilds included. [1/month]"""
    copies: Value = 1.0
    returned_bytes: Value = 0.0
    """Answer of one query. [B]"""

    @property
    def stored_bytes(self) -> Value:
        """All records, once. [B]"""
        return self.vectors * self.record_bytes


def read_write_units(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """Read units by size of the namespace, write units by kB of a record, GB stored.

    A query costs max(0.25, GB of the namespace) read units; a record max(1, ⌈kB⌉) write units.

    Args:
        product: Start of the rows. [1]
        use: What is stored and asked.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: docs.pinecone.io, "Understanding cost".
    """
    per_gb, least = price("retrieval.pinecone_units_per_gb"), price("retrieval.pinecone_least_units")
    read_usd = price(f"{product}/read-units") / MILLION
    write_usd = price(f"{product}/write-units") / MILLION * np.ceil(use.record_bytes / THOUSAND)
    return [
        once("store_load", "writing all records", use.vectors * write_usd),
        monthly(
            "store_storage", "stored records", use.stored_bytes / GB * price("pinecone/serverless-standard/storage")
        ),
        monthly("store_writes", "write units", use.written_per_month * write_usd),
        per_query("store_reads", "read units", np.maximum(least, use.stored_bytes / GB * per_gb) * read_usd),
    ]


def dimensions_stored(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """Dimensions × objects × copies, and GB stored.

    Args:
        product: Start of the rows. [1]
        use: What is stored.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: weaviate.io/pricing.
    """
    millions = use.vectors * use.dimensions * use.copies / MILLION
    storage = use.stored_bytes * use.copies / GB * price(f"{product}/storage")
    return [
        monthly("store_dimensions", "dimensions stored", millions * price(f"{product}/vector-dimensions")),
        monthly("store_storage", "stored records", storage),
    ]


def compute_units(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """Compute units of reads and writes, GB stored.

    Args:
        product: Start of the rows. [1]
        use: What is stored and asked.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: docs.zilliz.com, "Serverless Cluster Cost": a quarter unit per kB written; reads by data scanned.
    """
    unit = price(f"{product}/compute") / MILLION
    write = price("retrieval.zilliz_units_per_kb") * use.record_bytes / THOUSAND * unit
    read = np.maximum(1.0, price("retrieval.zilliz_units_per_gb_read") * use.stored_bytes / GB) * unit
    return [
        once("store_load", "writing all records", use.vectors * write),
        monthly("store_storage", "stored records", use.stored_bytes / GB * price(f"{product}/storage")),
        monthly("store_writes", "compute of writes", use.written_per_month * write),
        per_query("store_reads", "compute of reads", read),
    ]


def capacity(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """Dedicated capacity by dimensions held.

    Args:
        product: Start of the rows. [1]
        use: What is stored.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: zilliz.com/pricing: USD per million vectors of 768 dimensions a month.
    """
    millions = use.vectors * use.dimensions * use.copies / MILLION
    return [monthly("store_capacity", "dedicated capacity", millions * price(f"{product}/capacity"))]


def bytes_scanned(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """Bytes a query scans in steps that get cheaper, at least a floor, and GB stored.

    Args:
        product: Start of the rows. [1]
        use: What is stored and asked.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: turbopuffer.com/docs/pricing-log: at least 1.28 GB a query; 80 % off from 32 GB, 96 % off above 128 GB.
    """
    size = np.maximum(use.stored_bytes / GB, price("retrieval.turbopuffer_least_gb"))
    first, second = (price(f"retrieval.turbopuffer_{step}_step_gb") for step in ("first", "second"))
    cheaper, cheapest = (price(f"retrieval.turbopuffer_{step}_share") for step in ("second", "third"))
    between, above = np.clip(size - first, 0.0, second - first), np.maximum(size - second, 0.0)
    billed = np.minimum(size, first) + cheaper * between + cheapest * above
    return [
        monthly("store_storage", "stored records", use.stored_bytes / GB * price(f"{product}/storage")),
        per_query("store_reads", "bytes scanned", billed * price("turbopuffer/all/query-base-rate")),
    ]


def capacity_units(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """OpenSearch compute units that hold the index in memory, for search and again for indexing.

    Args:
        product: Start of the rows. [1]
        use: What is stored.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: aws.amazon.com/opensearch-service/pricing: 6 GB of memory per unit, minimum half a unit each.
    """
    step = price("retrieval.ocu_step")
    units = step * np.maximum(1.0, np.ceil(use.memory_bytes / (step * price("retrieval.ocu_gb") * GB)))
    storage = use.stored_bytes / GB * price(f"{product}/storage")
    return [
        monthly("store_units", "compute units of search", units * HOURS_PER_MONTH * price(f"{product}/ocu")),
        monthly("store_indexing", "compute units of indexing", units * HOURS_PER_MONTH * price(f"{product}/ocu")),
        monthly("store_storage", "stored records", storage),
    ]


def put_and_query(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """GB put, GB stored, queries and TB each of them processes.

    Args:
        product: Start of the rows. [1]
        use: What is stored and asked.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: aws.amazon.com/s3/pricing, S3 Vectors.
    """
    put = price(f"{product}/put") * use.record_bytes / GB
    scanned = price(f"{product}/query-data") * use.stored_bytes / GB
    returned = price(f"{product}/returned") * use.returned_bytes / GB
    return [
        once("store_load", "putting all records", use.vectors * put),
        monthly("store_storage", "stored records", use.stored_bytes / GB * price(f"{product}/storage")),
        monthly("store_writes", "records put", use.written_per_month * put),
        per_query("store_reads", "queries", price(f"{product}/query") / THOUSAND + scanned + returned),
    ]


def search_units(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """Partitions that hold the vectors × copies.

    Args:
        product: Start of the rows. [1]
        use: What is stored.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: learn.microsoft.com, "Vector index size": 5 GB of vectors in a Basic partition, 35 GB in an S1.
    """
    room = price(f"retrieval.{product.split('/')[1].replace('-', '_')}_vector_gb") * GB
    partitions = np.maximum(1.0, np.ceil(use.memory_bytes / room))
    return [monthly("store_units", "search units", partitions * use.copies * price(f"{product}/search-unit"))]


def clusters(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """The smallest cluster whose memory holds the index twice.

    Args:
        product: Start of the rows. [1]
        use: What is stored.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: mongodb.com, Atlas tiers: M10 2 GB, M20 4 GB, M30 8 GB, M40 16 GB of memory.
    """
    needed = price("retrieval.cluster_memory_factor") * np.asarray(use.memory_bytes, dtype=float) / GB
    hourly = [price(f"{product}-{tier}/cluster") for tier in ATLAS_TIERS]
    room = [price(f"retrieval.atlas_{tier}_gb") for tier in ATLAS_TIERS]
    many = np.maximum(1.0, np.ceil(needed / room[-1]))
    chosen = np.select([needed <= size for size in room[:-1]], hourly[:-1], default=many * hourly[-1])
    return [monthly("store_cluster", "cluster", chosen * HOURS_PER_MONTH)]


def storage_only(product: str, use: StoreUse, price: Price) -> list[CostItem]:
    """GB written and stored.

    Args:
        product: Start of the rows. [1]
        use: What is stored.
        price: Rows by name. [USD]

    Returns:
        Items. [USD]

    Source: trychroma.com/pricing.
    """
    write = price(f"{product}/writes") * use.record_bytes / GB
    return [
        once("store_load", "writing all records", use.vectors * write),
        monthly("store_storage", "stored records", use.stored_bytes / GB * price(f"{product}/storage")),
        monthly("store_writes", "records written", use.written_per_month * write),
    ]
