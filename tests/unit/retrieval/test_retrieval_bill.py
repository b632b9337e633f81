"""Chunks, refreshes, index, nodes and the whole bill of retrieval, checked by hand."""

from typing import Any

import numpy as np
import pytest

from estimator.errors import InputError
from estimator.retrieval import (
    RetrievalBill,
    Shape,
    bill,
    chunks_per_document,
    embedded_tokens_per_document,
    extra_prompt_tokens,
    index_build_core_hours,
    index_bytes,
    index_bytes_per_vector,
    itemised,
    nodes,
    query_usd,
    refresh_tokens_per_month,
)

SHAPE = Shape(dimensions=1536.0)
NODE: dict[str, Any] = {
    "index_bytes": 14e9,
    "node_memory_bytes": 16e9,
    "peak_queries_per_s": 50.0,
    "queries_per_s_per_core": 473.0,
    "cores_per_node": 4.0,
    "usable_share": 0.5,
}


def corpus(**more: Any) -> RetrievalBill:
    given: dict[str, Any] = {
        "documents": 100_000.0,
        "document_tokens": 1500.0,
        "chunk_tokens": 800.0,
        "overlap_tokens": 400.0,
        "chunks_in_prompt": 5.0,
        "question_tokens": 50.0,
        "system": "hnswlib",
        "shape": SHAPE,
        "churn": 0.05,
        "new_documents": 0.01,
        "reembed_months": 18.0,
        "usd_per_mtok_embedding": 0.02,
        "usd_per_gb_month_memory": 6.0,
    }
    return bill(**(given | more))


def test_chunks_at_the_edges() -> None:
    lengths = np.array([1.0, 800.0, 801.0, 1200.0, 1201.0])
    chunks = chunks_per_document(document_tokens=lengths, chunk_tokens=800.0, overlap_tokens=400.0)
    np.testing.assert_array_equal(chunks, [1, 1, 2, 2, 3])
    tokens = embedded_tokens_per_document(document_tokens=lengths, chunk_tokens=800.0, overlap_tokens=400.0)
    np.testing.assert_array_equal(tokens, [1, 800, 1201, 1600, 2001])


def test_an_overlap_as_long_as_the_chunk_never_ends() -> None:
    with pytest.raises(InputError, match="overlap_tokens: 800"):
        chunks_per_document(document_tokens=1500.0, chunk_tokens=800.0, overlap_tokens=800.0)


def test_bill_of_the_worked_corpus() -> None:
    found = corpus()
    assert float(found.vectors) == 300_000
    assert float(found.corpus_tokens) == 230e6
    assert float(found.corpus_usd) == pytest.approx(4.6)
    assert float(found.refresh_usd_per_month) == pytest.approx(4.6 * 0.06)
    assert float(found.reembed_usd_per_month) == pytest.approx(4.6 / 18)
    assert float(found.context_tokens) == 4000
    assert float(found.question_usd) == pytest.approx(1e-6)
    stored = 300_000 * (6385.53333 + 6.2) + 2.73e6
    assert float(found.index_bytes) == pytest.approx(stored, rel=1e-4)
    assert float(found.index_usd_per_month) == pytest.approx(stored * 1.2 / 1e9 * 6, rel=1e-4)


def test_the_store_has_a_smallest_price() -> None:
    assert float(corpus(minimum_usd_per_month=50.0).index_usd_per_month) == 50


def test_short_documents_are_one_chunk_and_few_documents_fill_no_prompt() -> None:
    found = corpus(documents=3.0, document_tokens=200.0)
    assert float(found.vectors) == 3
    assert float(found.context_tokens) == 3 * 200
    assert float(found.corpus_tokens) == 600


def test_the_overlap_is_at_most_half_a_chunk() -> None:
    assert float(corpus(overlap_tokens=700.0).corpus_tokens) == float(corpus(overlap_tokens=400.0).corpus_tokens)


@pytest.mark.parametrize("field", ["documents", "document_tokens"])
def test_an_empty_corpus_is_an_error(field: str) -> None:
    with pytest.raises(InputError, match="is not above 0"):
        corpus(**{field: 0.0})


def test_unknown_index_and_impossible_dimensions() -> None:
    with pytest.raises(InputError, match="did you mean 'hnswlib'"):
        index_bytes_per_vector(system="hnswlb", shape=SHAPE)
    with pytest.raises(InputError, match="dimensions: 0"):
        corpus(shape=Shape(dimensions=0.0))


@pytest.mark.parametrize(("dimensions", "bytes_each"), [(768, 4096), (1024, 8192), (1536, 8192)])
def test_pgvector_pages_are_a_quantum(dimensions: int, bytes_each: int) -> None:
    shape = Shape(dimensions=float(dimensions))
    assert float(index_bytes_per_vector(system="pgvector", shape=shape)) == bytes_each


def test_formats_by_hand() -> None:
    def each(system: str) -> float:
        return float(index_bytes_per_vector(system=system, shape=Shape(dimensions=1024.0, links=16.0)))

    assert each("elastic") == 4096 + 64
    assert each("elastic_int4") == 512 + 4 + 64
    assert each("elastic_bbq") == 128 + 14 + 64
    assert each("opensearch") == pytest.approx(1.1 * (4096 + 128))
    assert each("faiss_fp16") == 2048
    assert each("faiss_binary") == 128
    assert each("faiss_ivf_rabitq") == 128 + 8 + 8


def test_product_quantisers_need_tables_in_memory() -> None:
    shape = Shape(dimensions=768.0, code_bytes=96.0, lists=512.0)
    for name, table in (("faiss_hnsw_pq", 4 * 96 * 2**16), ("faiss_ivf_pq", 4 * 512 * 96 * 2**8)):
        disk = index_bytes(system=name, vectors=1e5, shape=shape)
        memory = index_bytes(system=f"{name}_memory", vectors=1e5, shape=shape)
        assert float(memory) - float(disk) == pytest.approx(table)


def test_nodes_for_memory_for_load_and_for_copies() -> None:
    assert float(nodes(**NODE)) == 2  # 14 · 1.2 = 16.8 GB over 16 GB
    assert float(nodes(**(NODE | {"peak_queries_per_s": 3000.0}))) == 4  # 3000/(473 · 4 · 0.5) = 3.2
    assert float(nodes(**NODE, copies=3.0)) == 6
    assert float(nodes(**(NODE | {"index_bytes": 1.0, "peak_queries_per_s": 0.0}))) == 1


def test_fifty_queries_a_second_need_a_fifth_of_a_core() -> None:
    one_core = NODE | {"index_bytes": 1.0, "cores_per_node": 0.2115}
    assert float(nodes(**one_core)) == 1
    assert float(nodes(**(one_core | {"cores_per_node": 0.2113}))) == 2


def test_a_node_without_memory_is_an_error() -> None:
    with pytest.raises(InputError, match="above 0"):
        nodes(**(NODE | {"node_memory_bytes": 0.0}))


def test_small_formulas() -> None:
    assert refresh_tokens_per_month(corpus_tokens=1e6, churn=0.2, new_documents=0.05) == 250_000
    assert extra_prompt_tokens(chunks=3.0, chunk_tokens=256.0) == 768
    assert index_build_core_hours(vectors=7200.0, vectors_per_s_per_core=2.0) == 1


def test_cost_item_by_item() -> None:
    found = itemised(
        bill=corpus(rerank_usd_per_query=0.001),
        input_usd_per_mtok=1.0,
        build_hours=160.0,
        operations_hours=24.0,
        usd_per_labour_hour=80.0,
        vectors_per_s_per_core=465.0,
        usd_per_core_hour=0.05,
    )
    money = {item.name: float(item.usd) for item in found.items}
    assert money["build"] == 12_800
    assert money["operations"] == 1920
    assert money["index_build"] == pytest.approx(300_000 / 465 / 3600 * 0.05)
    assert money["context"] == pytest.approx(0.004)
    assert float(found.once_usd) == pytest.approx(money["corpus"] + money["index_build"] + money["build"])
    assert float(found.usd_per_query) == pytest.approx(0.004 + 0.001 + 1e-6)
    year = found.total(months=12.0, queries_per_month=1e5)
    assert float(year) == pytest.approx(
        float(found.once_usd) + 12 * float(found.usd_per_month) + 1.2e6 * float(found.usd_per_query)
    )


def test_items_agree_with_the_query_equation() -> None:
    asked = {
        "prefix_tokens": 500.0,
        "chunk_tokens": 800.0,
        "question_tokens": 50.0,
        "output_tokens": 300.0,
        "input_usd_per_mtok": 1.0,
        "output_usd_per_mtok": 5.0,
    }
    extra = query_usd(**asked, chunks=5.0, embedding_usd_per_mtok=0.02) - query_usd(
        **asked, chunks=0.0, embedding_usd_per_mtok=0.0
    )
    found = itemised(
        bill=corpus(),
        input_usd_per_mtok=1.0,
        build_hours=0.0,
        operations_hours=0.0,
        usd_per_labour_hour=0.0,
        vectors_per_s_per_core=465.0,
        usd_per_core_hour=0.0,
    )
    assert float(found.usd_per_query) == pytest.approx(extra)


def test_draws_pass_through() -> None:
    found = corpus(documents=np.array([1e5, 2e5]), churn=np.array([0.05, 0.1]))
    np.testing.assert_allclose(found.refresh_tokens_per_month, [230e6 * 0.06, 460e6 * 0.11])
    assert found.index_usd_per_month.shape == (2,)
