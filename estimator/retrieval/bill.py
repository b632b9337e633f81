"""What a corpus costs to embed, to keep and to ask: sizes and prices, then one-off, monthly and per-query items."""

from dataclasses import dataclass

import numpy as np

from estimator.errors import InputError
from estimator.retrieval.chunks import (
    chunks_per_document,
    embedded_tokens_per_document,
    embedding_usd,
    extra_prompt_tokens,
    refresh_tokens_per_month,
)
from estimator.retrieval.index import Shape, index_bytes
from estimator.units import GB, Value

MEMORY_HEADROOM = 1.2
"""Operating system and growth over the index itself; ScyllaDB plans with the same factor. Judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalBill:
    """What retrieval adds, by kind."""

    vectors: Value
    index_bytes: Value
    """Memory of the index at the start. [B]"""
    context_tokens: Value
    """Passages in each prompt. [token]"""
    corpus_tokens: Value
    """Tokens embedded for the first index. [token]"""
    embedding_usd_per_mtok: Value
    refresh_tokens_per_month: Value
    """Changed and new documents. [token/month]"""
    reembed_tokens_per_month: Value
    """Full re-embeddings, spread over the months between them. [token/month]"""
    index_usd_per_month: Value
    rerank_usd_per_query: Value
    question_tokens: Value

    @property
    def corpus_usd(self) -> Value:
        """First embedding of the corpus. [USD]"""
        return embedding_usd(tokens=self.corpus_tokens, usd_per_mtok=self.embedding_usd_per_mtok)

    @property
    def refresh_usd_per_month(self) -> Value:
        """Embedding of changed and new documents. [USD/month]"""
        return embedding_usd(tokens=self.refresh_tokens_per_month, usd_per_mtok=self.embedding_usd_per_mtok)

    @property
    def reembed_usd_per_month(self) -> Value:
        """Full re-embeddings. [USD/month]"""
        return embedding_usd(tokens=self.reembed_tokens_per_month, usd_per_mtok=self.embedding_usd_per_mtok)

    @property
    def question_usd(self) -> Value:
        """Embedding of one question. [USD]"""
        return embedding_usd(tokens=self.question_tokens, usd_per_mtok=self.embedding_usd_per_mtok)


def bill(
    *,
    documents: Value,
    document_tokens: Value,
    chunk_tokens: Value,
    overlap_tokens: Value,
    chunks_in_prompt: Value,
    question_tokens: Value,
    system: str,
    shape: Shape,
    churn: Value,
    new_documents: Value,
    reembed_months: Value,
    usd_per_mtok_embedding: Value,
    usd_per_gb_month_memory: Value,
    minimum_usd_per_month: Value = 0.0,
    rerank_usd_per_query: Value = 0.0,
) -> RetrievalBill:
    """Sizes and prices of retrieval: vectors D n_c, index bytes × headroom × price, tokens to embed now and monthly.

    A document shorter than a chunk is one chunk; the overlap is at most half a chunk.

    Args:
        documents: D. [count]
        document_tokens: T. [token]
        chunk_tokens: S. [token]
        overlap_tokens: O. [token]
        chunks_in_prompt: k; no more than there are. [count]
        question_tokens: T_q, embedded with each query. [token]
        system: Index format, see `FORMATS`.
        shape: Dimensions and structure of the index.
        churn: Documents changed per month over all. [1/month]
        new_documents: Documents added per month over all. [1/month]
        reembed_months: Months between full re-embeddings. [month]
        usd_per_mtok_embedding: Price of embedding. [USD/Mtok]
        usd_per_gb_month_memory: Price of memory that serves the index. [USD/GB-month]
        minimum_usd_per_month: Smallest monthly price of the store. [USD/month]
        rerank_usd_per_query: Fees of reranking and retrieval. [USD/query]

    Returns:
        Sizes, tokens and prices. [USD]

    Raises:
        InputError: no documents, no tokens, or an unknown index.

    Source: formulas of this room.
    """
    for name, value in (("documents", documents), ("tokens_per_document", document_tokens)):
        if np.any(np.asarray(value) <= 0):
            raise InputError(
                f"retrieval.{name}: {np.min(value):g} is not above 0; leave retrieval out if there is nothing"
            )
    chunk = np.minimum(chunk_tokens, document_tokens)
    overlap = np.minimum(overlap_tokens, chunk / 2.0)
    sizes = {"document_tokens": document_tokens, "chunk_tokens": chunk, "overlap_tokens": overlap}
    tokens = documents * embedded_tokens_per_document(**sizes)
    vectors = documents * chunks_per_document(**sizes)
    stored = index_bytes(system=system, vectors=vectors, shape=shape)
    rent = stored * MEMORY_HEADROOM / GB * usd_per_gb_month_memory
    return RetrievalBill(
        vectors=vectors,
        index_bytes=stored,
        context_tokens=extra_prompt_tokens(chunks=np.minimum(chunks_in_prompt, vectors), chunk_tokens=chunk),
        corpus_tokens=tokens,
        embedding_usd_per_mtok=usd_per_mtok_embedding,
        refresh_tokens_per_month=refresh_tokens_per_month(
            corpus_tokens=tokens, churn=churn, new_documents=new_documents
        ),
        reembed_tokens_per_month=tokens / reembed_months,
        index_usd_per_month=np.maximum(rent, minimum_usd_per_month),
        rerank_usd_per_query=rerank_usd_per_query,
        question_tokens=question_tokens,
    )
