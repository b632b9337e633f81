"""From the inputs of an option to what retrieval adds to its bill and its prompts."""

from dataclasses import dataclass

import numpy as np

from estimator.errors import InfeasibleError, ScenarioError
from estimator.inputs import OptionInputs
from estimator.retrieval.chunks import chunks_per_document, embedded_tokens_per_document, embedding_usd
from estimator.retrieval.index import Shape, index_bytes
from estimator.units import GB, Value, central

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


def retrieval_of(option: OptionInputs) -> RetrievalBill | None:
    """What retrieval adds to an option; None where nothing is retrieved.

    Args:
        option: Inputs of the option.

    Returns:
        Sizes, tokens and prices. [USD]

    Raises:
        InfeasibleError: the passages exceed the context window of the model.
        ScenarioError: the embedding model has no price row.

    Source: formulas of this room.
    """
    spec = option.spec.retrieval
    if spec is None:
        return None
    documents, size = option["retrieval.documents"], option["retrieval.tokens_per_document"]
    chunk = np.minimum(option["retrieval.chunk_tokens"], size)
    overlap = np.minimum(option["retrieval.overlap_tokens"], chunk / 2.0)
    chunks = chunks_per_document(document_tokens=size, chunk_tokens=chunk, overlap_tokens=overlap)
    tokens = documents * embedded_tokens_per_document(document_tokens=size, chunk_tokens=chunk, overlap_tokens=overlap)
    vectors = documents * chunks
    shape = Shape(dimensions=option["retrieval.dimensions"])
    stored = index_bytes(system=spec.index, vectors=vectors, shape=shape)
    context = np.minimum(option["retrieval.chunks_in_prompt"], vectors) * chunk
    _check_window(option, context)
    rent = stored * MEMORY_HEADROOM / GB * option["retrieval.memory_usd_per_gb_month"]
    return RetrievalBill(
        vectors=vectors,
        index_bytes=stored,
        context_tokens=context,
        corpus_tokens=tokens,
        embedding_usd_per_mtok=_embedding_price(option, spec.embedding),
        refresh_tokens_per_month=tokens * (option["retrieval.churn"] + option["retrieval.new_documents"]),
        reembed_tokens_per_month=tokens / option["retrieval.reembed_months"],
        index_usd_per_month=np.maximum(rent, option["retrieval.minimum_usd_per_month"]),
        rerank_usd_per_query=option["retrieval.rerank_usd_per_query"],
        question_tokens=option["workload.tokens.prompt"],
    )


def _check_window(option: OptionInputs, context: Value) -> None:
    if option.architecture is None:
        return
    needed = central(context + option["workload.tokens.prompt"] + option["workload.tokens.output"])
    window = option.architecture.max_positions
    if needed > window:
        raise InfeasibleError(
            f"{needed:,.0f} tokens of prompt, passages and answer exceed the {window:,} of {option.model}; "
            "lower retrieval.chunks_in_prompt or chunk_tokens"
        )


def _embedding_price(option: OptionInputs, embedding: str) -> Value:
    row_id = f"embedding/{embedding}"
    if option.world.catalog.find(row_id, option.world.on) is None:
        raise ScenarioError(
            f"options.{option.name}.retrieval.embedding: no price row {row_id!r} on {option.world.on}; "
            "choose a model of pricing/embeddings.csv"
        )
    return option.price(row_id)
