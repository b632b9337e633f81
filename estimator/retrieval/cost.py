"""The whole price of retrieval: once, every month, with every query."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from estimator.retrieval.bill import RetrievalBill
from estimator.retrieval.nodes import index_build_core_hours
from estimator.units import MILLION, Value

When = Literal["once", "month", "query"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostItem:
    """One item of what retrieval costs."""

    name: str
    label: str
    when: When
    usd: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalCost:
    """All items of retrieval by the moment they are paid."""

    items: tuple[CostItem, ...]

    @property
    def once_usd(self) -> Value:
        """Before the first query. [USD]"""
        return self._sum("once")

    @property
    def usd_per_month(self) -> Value:
        """Every month, without queries. [USD/month]"""
        return self._sum("month")

    @property
    def usd_per_query(self) -> Value:
        """With every query. [USD/query]"""
        return self._sum("query")

    def total(self, *, months: Value, queries_per_month: Value) -> Value:
        """Over a horizon, undiscounted. [USD]"""
        return self.once_usd + months * (self.usd_per_month + queries_per_month * self.usd_per_query)

    def _sum(self, when: When) -> Value:
        return sum((item.usd for item in self.items if item.when == when), start=0.0)


def itemised(
    *,
    bill: RetrievalBill,
    input_usd_per_mtok: Value,
    build_hours: Value,
    operations_hours: Value,
    usd_per_labour_hour: Value,
    vectors_per_s_per_core: Value,
    usd_per_core_hour: Value,
) -> RetrievalCost:
    """What retrieval costs, item by item: embedding, index, labour, and the passages in every prompt.

    Args:
        bill: Sizes, tokens and prices of the corpus.
        input_usd_per_mtok: What the answering model charges for reading; passages are not cached. [USD/Mtok]
        build_hours: Labour for ingestion, index and prompts. [h]
        operations_hours: Labour to keep them running. [h/month]
        usd_per_labour_hour: Price of it. [USD/h]
        vectors_per_s_per_core: Rate at which the index is built. [1/s]
        usd_per_core_hour: Price of a core. [USD/h]

    Returns:
        Items. [USD]

    Source: formulas of this room.
    """
    core_hours = index_build_core_hours(vectors=bill.vectors, vectors_per_s_per_core=vectors_per_s_per_core)
    once: list[tuple[str, str, Value]] = [
        ("corpus", "embedding the corpus", bill.corpus_usd),
        ("index_build", "building the index", core_hours * usd_per_core_hour),
        ("build", "building retrieval", build_hours * usd_per_labour_hour),
    ]
    monthly: list[tuple[str, str, Value]] = [
        ("index", "index", bill.index_usd_per_month),
        ("refresh", "embedding changed and new documents", bill.refresh_usd_per_month),
        ("reembed", "full re-embeddings", bill.reembed_usd_per_month),
        ("operations", "operating retrieval", operations_hours * usd_per_labour_hour),
    ]
    asked: list[tuple[str, str, Value]] = [
        ("question", "embedding the question", bill.question_usd),
        ("rerank", "reranking", bill.rerank_usd_per_query),
        ("context", "passages in the prompt", bill.context_tokens * input_usd_per_mtok / MILLION),
    ]
    return RetrievalCost(items=(*_items("once", once), *_items("month", monthly), *_items("query", asked)))


def _items(when: When, items: list[tuple[str, str, Value]]) -> list[CostItem]:
    """Items that are not zero everywhere."""
    return [
        CostItem(name=name, label=label, when=when, usd=usd)
        for name, label, usd in items
        if np.any(np.asarray(usd) != 0)
    ]
