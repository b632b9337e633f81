"""Managed vector stores by name, and what each charges."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from estimator.errors import InputError, did_you_mean
from estimator.record import record
from estimator.retrieval import billing
from estimator.retrieval.billing import Price, StoreUse
from estimator.retrieval.items import CostItem, monthly


@record
class StoreBill:
    """What a store charges, itemised."""

    items: tuple[CostItem, ...]
    warnings: tuple[str, ...]


@record
class Store:
    """A product and how it bills."""

    product: str
    """Start of its rows, e.g. `pinecone/serverless-standard`."""
    scheme: Callable[[str, StoreUse, Price], list[CostItem]]
    warnings: tuple[str, ...] = ()
    minimum: bool = False


_GROWS = "units of a query grow with the namespace; one namespace is assumed, split by tenant it is cheaper"
_READS = "units of a read are a judgement, the vendor bills by data scanned; check with a trial"
_PART = "queries are not priced: no rate was found"
STORES: Mapping[str, Store] = MappingProxyType(
    {
        "pinecone": Store("pinecone/serverless-standard", billing.read_write_units, (_GROWS,), minimum=True),
        "pinecone_enterprise": Store(
            "pinecone/serverless-enterprise", billing.read_write_units, (_GROWS,), minimum=True
        ),
        "weaviate": Store("weaviate/flex-shared", billing.dimensions_stored, minimum=True),
        "weaviate_premium": Store("weaviate/premium", billing.dimensions_stored, minimum=True),
        "zilliz": Store("zilliz/serverless", billing.compute_units, (_READS,)),
        "zilliz_dedicated": Store("zilliz/dedicated-performance", billing.capacity, minimum=True),
        "turbopuffer": Store(
            "turbopuffer/launch", billing.bytes_scanned, ("writes are not priced: no rate was found",), minimum=True
        ),
        "opensearch_serverless": Store(
            "aws/opensearch-serverless", billing.capacity_units, ("units scale with load too",), minimum=True
        ),
        "s3_vectors": Store("aws/s3-vectors", billing.put_and_query),
        "azure_ai_search": Store("azure/ai-search-s1", billing.search_units),
        "azure_ai_search_basic": Store("azure/ai-search-basic", billing.search_units),
        "mongodb_atlas": Store("mongodb/atlas", billing.clusters, ("search nodes are priced apart and not included",)),
        "chroma": Store("chroma/chroma-cloud", billing.storage_only, (_PART,)),
    }
)
"""Managed stores by name."""


def store_bill(*, store: str, use: StoreUse, price: Price) -> StoreBill:
    """What a managed store charges: its items, and what is missing to its minimum.

    Args:
        store: Name in `STORES`, hyphens allowed.
        use: What is stored and asked.
        price: Rows by name. [USD]

    Returns:
        Items and what they leave out. [USD]

    Raises:
        InputError: unknown store.

    Source: price pages named by the rows of `pricing/vector_stores.csv`.
    """
    plain = {name.replace("_", ""): name for name in STORES}
    found = plain.get(store.lower().replace("-", "").replace("_", ""))
    if found is None:
        raise InputError(
            f"retrieval.store: unknown store {store!r}{did_you_mean(store, STORES) or '; known: ' + ', '.join(STORES)}"
        )
    kind = STORES[found]
    items = kind.scheme(kind.product, use, price)
    if kind.minimum:
        asked = sum((item.usd for item in items if item.when == "query"), start=0.0) * use.queries_per_month
        used = asked + sum((item.usd for item in items if item.when == "month"), start=0.0)
        missing = np.maximum(price(f"{kind.product}/minimum") - used, 0.0)
        items.append(monthly("store_minimum", "up to the least bill of the store", missing))
    return StoreBill(tuple(items), tuple(f"{found}: {text}" for text in kind.warnings))
