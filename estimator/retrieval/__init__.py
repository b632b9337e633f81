"""What does retrieval add? Chunks, embeddings, index bytes, refreshes and tokens in every prompt."""

from estimator.retrieval.bill import RetrievalBill, bill
from estimator.retrieval.chunks import (
    chunks_per_document,
    embedded_tokens_per_document,
    embedding_rate,
    embedding_usd,
    extra_prompt_tokens,
    query_usd,
    refresh_tokens_per_month,
)
from estimator.retrieval.cost import CostItem, RetrievalCost, itemised
from estimator.retrieval.index import FORMATS, Shape, index_bytes, index_bytes_per_vector
from estimator.retrieval.nodes import index_build_core_hours, nodes
from estimator.retrieval.of_option import retrieval_of

__all__ = [
    "FORMATS",
    "CostItem",
    "RetrievalBill",
    "RetrievalCost",
    "Shape",
    "bill",
    "chunks_per_document",
    "embedded_tokens_per_document",
    "embedding_rate",
    "embedding_usd",
    "extra_prompt_tokens",
    "index_build_core_hours",
    "index_bytes",
    "index_bytes_per_vector",
    "itemised",
    "nodes",
    "query_usd",
    "refresh_tokens_per_month",
    "retrieval_of",
]
