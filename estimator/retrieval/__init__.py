"""What does retrieval add? Chunks, embeddings, index bytes, refreshes and tokens in every prompt."""

from estimator.retrieval.chunks import (
    chunks_per_document,
    embedded_tokens_per_document,
    embedding_rate,
    embedding_usd,
    query_usd,
)
from estimator.retrieval.index import FORMATS, Shape, index_bytes, index_bytes_per_vector
from estimator.retrieval.of_option import RetrievalBill, retrieval_of

__all__ = [
    "FORMATS",
    "RetrievalBill",
    "Shape",
    "chunks_per_document",
    "embedded_tokens_per_document",
    "embedding_rate",
    "embedding_usd",
    "index_bytes",
    "index_bytes_per_vector",
    "query_usd",
    "retrieval_of",
]
