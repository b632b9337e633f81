"""What a corpus costs to embed, to keep and to ask: sizes, then one-off, monthly and per-query items."""

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.retrieval.billing import Price, StoreUse
from estimator.retrieval.chunks import embedding_usd, extra_prompt_tokens
from estimator.retrieval.corpus import Corpus
from estimator.retrieval.index import IndexSize, index_size
from estimator.retrieval.items import CostItem, RetrievalCost, monthly, once, per_query
from estimator.retrieval.nodes import MEMORY_HEADROOM, index_build_core_hours
from estimator.retrieval.shape import FLOAT_BYTES, Shape
from estimator.retrieval.stores import store_bill
from estimator.units import DAYS_PER_MONTH, GB, Value


@record(kw_only=True)
class Asking:
    """What a question does."""

    queries_per_month: Value
    question_tokens: Value
    """T_q, embedded with each query. [token]"""
    chunks_in_prompt: Value
    """k; no more than there are. [count]"""
    rerank_usd: Value = 0.0
    """Of one query. [USD]"""
    rewrite_usd: Value = 0.0
    """Calls that rewrite the question before it is embedded. [USD/query]"""


@record(kw_only=True)
class Rates:
    """Prices of embedding, of an index of one's own, and of standing by."""

    embedding_usd_per_mtok: Value
    """For the corpus. [USD/Mtok]"""
    question_usd_per_mtok: Value
    """For questions; 0 where an own GPU stands by. [USD/Mtok]"""
    memory_usd_per_gb_month: Value
    disk_usd_per_gb_month: Value = 0.0
    core_usd_per_hour: Value = 0.0
    vectors_per_s_per_core: Value = 465.0
    minimum_usd_per_month: Value = 0.0
    """Smallest monthly price of an index of one's own. [USD/month]"""
    own_models_usd_per_month: Value = 0.0
    """GPUs that embed and rerank questions. [USD/month]"""


@record(kw_only=True)
class Keeping:
    """Where the index lives."""

    system: str
    shape: Shape
    store: str | None = None
    """Managed store; an index of one's own where None."""
    copies: Value = 1.0
    """Replicas of the whole index. [count]"""
    payload_bytes: Value = 0.0
    """Metadata of one chunk. [B]"""
    text_bytes_per_token: Value = 4.0
    rebuild_days: Value = 0.0
    """Days in which the old and the new index are both held at a full re-embedding. [day]"""


@record(kw_only=True)
class RetrievalBill:
    """What retrieval adds: sizes, and items without labour and without the passages in the prompt."""

    vectors: Value
    index: IndexSize
    disk_bytes: Value
    """Index, vectors kept beside it, payload and text, all copies. [B]"""
    context_tokens: Value
    """Passages in each prompt. [token]"""
    corpus_tokens: Value
    """Tokens embedded for the first index. [token]"""
    refresh_tokens_per_month: Value
    reembed_tokens_per_month: Value
    stale_share: Value
    """Mean share of documents whose entry is out of date. [1]"""
    cost: RetrievalCost
    warnings: tuple[str, ...] = ()

    @property
    def corpus_usd(self) -> Value:
        """Price of embedding the whole corpus once. [USD]."""
        return sum((item.usd for item in self.cost.items if item.name == "corpus"), start=0.0)


def bill(
    *, corpus: Corpus, asking: Asking, keeping: Keeping, rates: Rates, price: Price | None = None
) -> RetrievalBill:
    """Sizes and prices of retrieval: embedding now and monthly, the index or the store, each question.

    Args:
        corpus: Documents.
        asking: Questions.
        keeping: Index or store.
        rates: Prices.
        price: Rows by name, for a managed store. [USD]

    Returns:
        Sizes, tokens and items. [USD]

    Raises:
        InputError: nothing to index, an unknown index or store, or a value out of range.

    Source: formulas of this room.
    """
    _check(asking, keeping)
    vectors = corpus.vectors
    size = index_size(system=keeping.system, vectors=vectors, shape=keeping.shape)
    text = keeping.payload_bytes + keeping.text_bytes_per_token * corpus.passage_tokens
    raw = FLOAT_BYTES * keeping.shape.dimensions
    disk = (size.file_bytes + vectors * (text + (0.0 if size.keeps_vectors else raw))) * keeping.copies
    if keeping.store is None:
        kept = _own_index(size, disk, keeping, corpus, rates)
        warnings: tuple[str, ...] = ()
    else:
        if price is None:
            raise InputError("price: none given for a managed store; pass rows by name")
        use = StoreUse(
            vectors=vectors,
            dimensions=keeping.shape.dimensions,
            record_bytes=raw + text,
            memory_bytes=size.memory_bytes,
            queries_per_month=asking.queries_per_month,
            written_per_month=corpus.written_per_month,
            copies=keeping.copies,
            returned_bytes=asking.chunks_in_prompt * text,
        )
        found = store_bill(store=keeping.store, use=use, price=price)
        kept, warnings = found.items, found.warnings
    items = (*_embedding(corpus, rates), *kept, *_questions(asking, rates))
    return RetrievalBill(
        vectors=vectors,
        index=size,
        disk_bytes=disk,
        context_tokens=extra_prompt_tokens(
            chunks=np.minimum(asking.chunks_in_prompt, vectors), chunk_tokens=corpus.passage_tokens
        ),
        corpus_tokens=corpus.tokens,
        refresh_tokens_per_month=corpus.refresh_tokens_per_month,
        reembed_tokens_per_month=corpus.reembed_tokens_per_month,
        stale_share=corpus.stale_share,
        cost=RetrievalCost(items=tuple(item for item in items if np.any(np.asarray(item.usd) != 0))),
        warnings=warnings,
    )


def _check(asking: Asking, keeping: Keeping) -> None:
    for name, value, least in (
        ("chunks_in_prompt", asking.chunks_in_prompt, 1.0),
        ("replicas", keeping.copies, 1.0),
        ("payload_bytes", keeping.payload_bytes, 0.0),
    ):
        if not np.all(np.asarray(value) >= least):
            raise InputError(f"retrieval.{name}: {np.min(value):g} is below {least:g}; give {least:g} or more")


def _embedding(corpus: Corpus, rates: Rates) -> list[CostItem]:
    def usd(tokens: Value) -> Value:
        return embedding_usd(tokens=tokens, usd_per_mtok=rates.embedding_usd_per_mtok)

    return [
        once("corpus", "embedding the corpus", usd(corpus.tokens)),
        monthly("refresh", "embedding changed and new documents", usd(corpus.refresh_tokens_per_month)),
        monthly("reembed", "full re-embeddings", usd(corpus.reembed_tokens_per_month)),
        monthly("own_models", "GPUs that embed and rerank questions", rates.own_models_usd_per_month),
    ]


def _own_index(size: IndexSize, disk: Value, keeping: Keeping, corpus: Corpus, rates: Rates) -> tuple[CostItem, ...]:
    rent = size.memory_bytes * MEMORY_HEADROOM / GB * rates.memory_usd_per_gb_month * keeping.copies
    twice = size.rebuild_bytes * MEMORY_HEADROOM / GB * rates.memory_usd_per_gb_month * keeping.copies - rent
    held = keeping.rebuild_days / DAYS_PER_MONTH / corpus.reembed_months
    built = index_build_core_hours(vectors=size.vectors, vectors_per_s_per_core=rates.vectors_per_s_per_core)
    again = corpus.written_per_month / size.vectors
    return (
        once("index_build", "building the index", built * rates.core_usd_per_hour),
        monthly("index", "memory of the index", np.maximum(rent, rates.minimum_usd_per_month)),
        monthly("disk", "disk of index, text and payload", disk / GB * rates.disk_usd_per_gb_month),
        monthly("rebuild", "second index while re-embedding", twice * held),
        monthly("reindex", "building what has changed", built * again * rates.core_usd_per_hour),
    )


def _questions(asking: Asking, rates: Rates) -> list[CostItem]:
    question = embedding_usd(tokens=asking.question_tokens, usd_per_mtok=rates.question_usd_per_mtok)
    return [
        per_query("rewrite", "rewriting the question", asking.rewrite_usd),
        per_query("question", "embedding the question", question),
        per_query("rerank", "reranking", asking.rerank_usd),
    ]
