"""What holds for all corpora and indexes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.retrieval import (
    FORMATS,
    Asking,
    Corpus,
    Keeping,
    Rates,
    Shape,
    bill,
    chunks_per_document,
    embedded_tokens_per_document,
    index_size,
    nodes,
)

few = settings(max_examples=40, deadline=None)
systems = st.sampled_from(sorted(FORMATS))
RATES = Rates(
    embedding_usd_per_mtok=0.02,
    question_usd_per_mtok=0.02,
    memory_usd_per_gb_month=6.0,
    disk_usd_per_gb_month=0.1,
    core_usd_per_hour=0.05,
    minimum_usd_per_month=20.0,
)

WIDEST = 2000
"""Most dimensions that every system takes."""


@few
@given(st.floats(1, 1e6), st.floats(16, 4096), st.floats(0, 0.95))
def test_chunks_cover_the_document(document: float, chunk: float, share: float) -> None:
    sizes = {"document_tokens": document, "chunk_tokens": chunk, "overlap_tokens": share * chunk}
    count = float(chunks_per_document(**sizes))
    covered = chunk + (count - 1) * (chunk - share * chunk)
    assert covered >= document * (1 - 1e-9)
    assert float(embedded_tokens_per_document(**sizes)) >= document


@few
@given(systems, st.floats(1, 1e7), st.floats(50, 1e5), st.floats(1, 3), st.floats(0, 1), st.integers(1, 20))
def test_a_larger_corpus_never_costs_less(
    system: str, documents: float, length: float, factor: float, churn: float, passages: int
) -> None:
    found = bill(
        corpus=Corpus(
            documents=np.array([documents, documents * factor]),
            document_tokens=length,
            chunk_tokens=800.0,
            overlap_tokens=400.0,
            churn=churn,
            new_documents=0.0,
            reembed_months=18.0,
        ),
        asking=Asking(queries_per_month=1e5, question_tokens=50.0, chunks_in_prompt=float(passages)),
        keeping=Keeping(system=system, shape=Shape(dimensions=768.0), rebuild_days=3.0),
        rates=RATES,
    )
    for name in ("corpus", "reembed"):
        money = np.broadcast_to(found.cost.usd(name), 2)
        assert money[1] == pytest.approx(money[0] * factor)
    month = np.broadcast_to(found.cost.usd_per_month, 2)
    assert month[1] >= month[0] * (1 - 1e-9)
    assert month[0] >= 20
    assert (np.asarray(found.context_tokens) <= passages * 800).all()
    assert found.context_tokens[1] >= found.context_tokens[0]
    once, month, query = found.cost.once_usd, found.cost.usd_per_month, found.cost.usd_per_query
    np.testing.assert_allclose(
        found.cost.total(months=2.0, queries_per_month=10.0), once + 2 * (month + 10 * query), rtol=1e-12
    )


@few
@given(systems, st.integers(8, 1900), st.integers(0, 500), st.integers(2, 64), st.integers(1, 10**7))
def test_more_vectors_and_dimensions_never_take_less(
    system: str, dimensions: int, wider: int, links: int, vectors: int
) -> None:
    few_, many = (
        index_size(system=system, vectors=float(n), shape=Shape(dimensions=float(d), links=float(links), lists=10.0))
        for n, d in ((vectors, dimensions), (2 * vectors, min(dimensions + wider, WIDEST)))
    )
    for name in ("file_bytes", "memory_bytes", "build_bytes"):
        assert float(getattr(many, name)) >= float(getattr(few_, name)) * (1 - 1e-9)
    assert float(few_.build_bytes) >= float(few_.memory_bytes)


@few
@given(st.integers(1, 2000), st.integers(2, 100))
def test_pgvector_pages_hold_their_vectors(dimensions: int, links: int) -> None:
    shape = Shape(dimensions=float(dimensions), links=float(links))
    each = float(index_size(system="pgvector", vectors=1e6, shape=shape).file_bytes) / 1e6
    assert 4 * dimensions + 80 + 12 * links <= each <= 2 * 8192 + 1


@few
@given(st.floats(1, 1e12), st.floats(0, 1e5), st.integers(1, 5))
def test_nodes_hold_the_index_and_carry_the_load(stored: float, queries: float, copies: int) -> None:
    found = float(
        nodes(
            index_bytes=stored,
            node_memory_bytes=64e9,
            peak_queries_per_s=queries,
            queries_per_s_per_core=500.0,
            cores_per_node=8.0,
            usable_share=0.5,
            copies=float(copies),
        )
    )
    assert found / copies * 64e9 >= stored * (1 - 1e-9)
    assert found / copies * 2000 >= queries * (1 - 1e-9)
