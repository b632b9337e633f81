"""What holds for all corpora and indexes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.retrieval import FORMATS, Shape, bill, chunks_per_document, embedded_tokens_per_document, nodes

few = settings(max_examples=40, deadline=None)


@few
@given(st.floats(1, 1e6), st.floats(16, 4096), st.floats(0, 0.95))
def test_chunks_cover_the_document(document: float, chunk: float, share: float) -> None:
    sizes = {"document_tokens": document, "chunk_tokens": chunk, "overlap_tokens": share * chunk}
    count = float(chunks_per_document(**sizes))
    covered = chunk + (count - 1) * (chunk - share * chunk)
    assert covered >= document * (1 - 1e-9)
    assert float(embedded_tokens_per_document(**sizes)) >= document


@few
@given(st.sampled_from(sorted(FORMATS)), st.floats(1, 1e7), st.floats(50, 1e5), st.floats(1, 3), st.floats(0, 1))
def test_a_larger_corpus_never_costs_less(
    system: str, documents: float, length: float, factor: float, churn: float
) -> None:
    found = bill(
        documents=np.array([documents, documents * factor]),
        document_tokens=length,
        chunk_tokens=800.0,
        overlap_tokens=400.0,
        chunks_in_prompt=5.0,
        question_tokens=50.0,
        system=system,
        shape=Shape(dimensions=768.0, links=16.0),
        churn=churn,
        new_documents=0.0,
        reembed_months=18.0,
        usd_per_mtok_embedding=0.02,
        usd_per_gb_month_memory=6.0,
        minimum_usd_per_month=20.0,
    )
    for money in (found.corpus_usd, found.refresh_usd_per_month, found.reembed_usd_per_month):
        assert money[1] == pytest.approx(money[0] * factor)
    assert found.index_usd_per_month[1] >= found.index_usd_per_month[0] >= 20
    assert (found.context_tokens <= 4000).all()


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
