"""Chunks, refreshes, index, nodes and the whole bill of retrieval, checked by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from estimator.errors import InfeasibleError, InputError
from estimator.retrieval import (
    Asking,
    Corpus,
    Keeping,
    OwnGpu,
    OwnModel,
    Rates,
    RetrievalBill,
    Shape,
    bill,
    chunks_per_document,
    embedded_tokens_per_document,
    extra_prompt_tokens,
    index_build_core_hours,
    node_plan,
    nodes,
    own_models,
    query_usd,
    refresh_tokens_per_month,
)

SHAPE = Shape(dimensions=1536.0)
CORPUS = Corpus(
    documents=100_000.0,
    document_tokens=1500.0,
    chunk_tokens=800.0,
    overlap_tokens=400.0,
    churn=0.05,
    new_documents=0.01,
    reembed_months=18.0,
)
ASKING = Asking(queries_per_month=1e5, question_tokens=50.0, chunks_in_prompt=5.0)
KEEPING = Keeping(system="hnswlib", shape=SHAPE)
RATES = Rates(embedding_usd_per_mtok=0.02, question_usd_per_mtok=0.02, memory_usd_per_gb_month=6.0)
NODE: dict[str, Any] = {
    "index_bytes": 14e9,
    "node_memory_bytes": 16e9,
    "peak_queries_per_s": 50.0,
    "queries_per_s_per_core": 473.0,
    "cores_per_node": 4.0,
    "usable_share": 0.5,
}
L4 = OwnGpu(name="L4", flops_per_s=121e12, memory_bytes=24e9, usd_per_hour=0.8, efficiency=0.34)


def billed(**more: Any) -> RetrievalBill:
    given: dict[str, Any] = {"corpus": CORPUS, "asking": ASKING, "keeping": KEEPING, "rates": RATES}
    return bill(**(given | more))


def test_chunks_at_the_edges() -> None:
    lengths = np.array([1.0, 800.0, 801.0, 1200.0, 1201.0])
    chunks = chunks_per_document(document_tokens=lengths, chunk_tokens=800.0, overlap_tokens=400.0)
    np.testing.assert_array_equal(chunks, [1, 1, 2, 2, 3])
    tokens = embedded_tokens_per_document(document_tokens=lengths, chunk_tokens=800.0, overlap_tokens=400.0)
    np.testing.assert_array_equal(tokens, [1, 800, 1201, 1600, 2001])


def test_an_overlap_as_long_as_the_chunk_never_ends() -> None:
    with pytest.raises(InputError, match="overlap_tokens: 800"):
        billed(corpus=replace(CORPUS, overlap_tokens=800.0))


def test_bill_of_the_worked_corpus() -> None:
    found = billed()
    assert float(found.vectors) == 300_000
    assert float(found.corpus_tokens) == 230e6
    assert float(found.cost.usd("corpus")) == pytest.approx(4.6)
    assert float(found.cost.usd("refresh")) == pytest.approx(4.6 * 0.06)
    assert float(found.cost.usd("reembed")) == pytest.approx(4.6 / 18)
    assert float(found.context_tokens) == 4000
    assert float(found.cost.usd("question")) == pytest.approx(1e-6)
    held = 300_000 * (6385.53333 + 6.2) + 2.73e6
    assert float(found.index.memory_bytes) == pytest.approx(held, rel=1e-6)
    assert float(found.cost.usd("index")) == pytest.approx(held * 1.2 / 1e9 * 6, rel=1e-6)
    # half the documents that change within a day between runs: 5 % · 1/(2 · 30.4375)
    assert float(found.stale_share) == pytest.approx(0.05 / 60.875)


def test_the_index_is_held_twice_while_it_is_embedded_anew() -> None:
    found = billed(keeping=replace(KEEPING, rebuild_days=3.04375))
    # a tenth of a month at the price of one more index, every 18 months
    assert float(found.cost.usd("rebuild")) == pytest.approx(float(found.cost.usd("index")) / 10 / 18)


def test_copies_multiply_memory_and_disk() -> None:
    one, two = billed(), billed(keeping=replace(KEEPING, copies=2.0))
    assert float(two.cost.usd("index")) == pytest.approx(2 * float(one.cost.usd("index")))
    assert float(two.disk_bytes) == pytest.approx(2 * float(one.disk_bytes))


def test_disk_holds_text_payload_and_vectors_the_index_does_not_keep() -> None:
    plain = billed(keeping=replace(KEEPING, payload_bytes=100.0))
    assert float(plain.disk_bytes - plain.index.file_bytes) == pytest.approx(300_000 * (100 + 4 * 800))
    coded = billed(keeping=replace(KEEPING, system="faiss_ivf_pq"))
    assert float(coded.disk_bytes - coded.index.file_bytes) == pytest.approx(300_000 * (4 * 1536 + 4 * 800))


def test_the_store_has_a_smallest_price() -> None:
    assert float(billed(rates=replace(RATES, minimum_usd_per_month=50.0)).cost.usd("index")) == 50


def test_short_documents_are_one_chunk_and_few_documents_fill_no_prompt() -> None:
    found = billed(corpus=replace(CORPUS, documents=3.0, document_tokens=200.0))
    assert float(found.vectors) == 3
    assert float(found.context_tokens) == 3 * 200
    assert float(found.corpus_tokens) == 600


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"documents": 0.0}, "documents: 0 is not above 0"),
        ({"documents": -3.0}, "documents: -3 is not above 0"),
        ({"document_tokens": 0.0}, "tokens_per_document: 0"),
        ({"chunk_tokens": 0.0}, "chunk_tokens: 0"),
        ({"overlap_tokens": -1.0}, "overlap_tokens: -1"),
        ({"churn": -0.1}, "churn: -0.1"),
        ({"reembed_months": 0.0}, "reembed_months: 0"),
        ({"documents": float("nan")}, "documents: nan"),
    ],
)
def test_a_corpus_out_of_range_is_an_error(change: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(CORPUS, **change)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"asking": replace(ASKING, chunks_in_prompt=0.0)}, "chunks_in_prompt: 0"),
        ({"keeping": replace(KEEPING, copies=0.0)}, "replicas: 0"),
        ({"keeping": replace(KEEPING, shape=Shape(dimensions=0.0))}, "dimensions: 0"),
        ({"keeping": replace(KEEPING, shape=Shape(dimensions=8.0, links=1.0))}, "links: 1"),
        ({"keeping": replace(KEEPING, system="hnswlb")}, "did you mean 'hnswlib'"),
        ({"keeping": replace(KEEPING, store="pinecon")}, "price: none given"),
    ],
)
def test_a_bill_out_of_range_is_an_error(more: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        billed(**more)


def test_nodes_for_memory_for_load_and_for_copies() -> None:
    assert float(nodes(**NODE)) == 2  # 14 · 1.2 = 16.8 GB over 16 GB
    assert float(nodes(**(NODE | {"peak_queries_per_s": 3000.0}))) == 4  # 3000/(473 · 4 · 0.5) = 3.2
    assert float(nodes(**NODE, copies=3.0)) == 6
    assert float(nodes(**(NODE | {"index_bytes": 1.0, "peak_queries_per_s": 0.0}))) == 1


def test_an_index_larger_than_a_node_gets_a_sharding_plan() -> None:
    plan = node_plan(**NODE, copies=2.0)
    assert (plan.shards, plan.nodes, plan.bound_by) == (2, 4, "memory")
    assert plan.memory_bytes_per_node == pytest.approx(8.4e9)
    assert "2 shards" in plan.sentence
    one = node_plan(**(NODE | {"index_bytes": 1e9, "peak_queries_per_s": 3000.0}))
    assert (one.shards, one.nodes, one.bound_by) == (1, 4, "load")


def test_fifty_queries_a_second_need_a_fifth_of_a_core() -> None:
    one_core = NODE | {"index_bytes": 1.0, "cores_per_node": 0.2115}
    assert float(nodes(**one_core)) == 1
    assert float(nodes(**(one_core | {"cores_per_node": 0.2113}))) == 2


def test_a_node_without_memory_is_an_error() -> None:
    with pytest.raises(InputError, match="above 0"):
        nodes(**(NODE | {"node_memory_bytes": 0.0}))


def test_own_embedder_and_reranker_share_devices() -> None:
    embedder = OwnModel(what="embedding", parameters=335e6, tokens_per_query=50.0)
    found = own_models(gpu=L4, models=(embedder,), peak_queries_per_s=10.0)
    assert float(found.tokens_per_s[0]) == pytest.approx(61_403, rel=1e-4)
    assert float(found.gpus) == 1
    assert float(found.usd_per_month) == pytest.approx(730.5 * 0.8)
    assert float(found.usd_per_mtok(L4)) == pytest.approx(0.8 / 3600 / 61_403 * 1e6, rel=1e-4)
    reranker = OwnModel(what="rerank", parameters=335e6, tokens_per_query=25 * 850.0)
    both = own_models(gpu=L4, models=(embedder, reranker), peak_queries_per_s=10.0)
    assert float(both.gpus) == np.ceil(10 * (50 + 21_250) / 61_403 / 0.5)


def test_own_models_that_do_not_fit_say_so() -> None:
    with pytest.raises(InfeasibleError, match=r"18\.2 GB"):
        own_models(
            gpu=replace(L4, memory_bytes=16e9),
            models=(OwnModel(what="embedding", parameters=7e9, tokens_per_query=1.0),),
            peak_queries_per_s=1.0,
        )
    with pytest.raises(InputError, match="embedding_parameters"):
        own_models(gpu=L4, models=(OwnModel(what="x", parameters=0.0, tokens_per_query=1.0),), peak_queries_per_s=1.0)


def test_small_formulas() -> None:
    assert refresh_tokens_per_month(corpus_tokens=1e6, churn=0.2, new_documents=0.05) == 250_000
    assert extra_prompt_tokens(chunks=3.0, chunk_tokens=256.0) == 768
    assert index_build_core_hours(vectors=7200.0, vectors_per_s_per_core=2.0) == 1


def test_totals_are_the_sums_of_their_items() -> None:
    cost = billed(asking=replace(ASKING, rerank_usd=0.001, rewrite_usd=0.002)).cost
    money = {item.name: float(item.usd) for item in cost.items}
    assert float(cost.usd_per_query) == pytest.approx(money["question"] + money["rerank"] + money["rewrite"])
    assert float(cost.once_usd) == pytest.approx(money["corpus"])
    year = cost.total(months=12.0, queries_per_month=1e5)
    assert float(year) == pytest.approx(
        float(cost.once_usd) + 12 * float(cost.usd_per_month) + 1.2e6 * float(cost.usd_per_query)
    )


def test_passages_triple_the_price_of_a_prompt() -> None:
    asked = {
        "prefix_tokens": 500.0,
        "chunk_tokens": 800.0,
        "question_tokens": 50.0,
        "output_tokens": 300.0,
        "input_usd_per_mtok": 1.0,
        "output_usd_per_mtok": 5.0,
    }
    with_passages = query_usd(**asked, chunks=5.0, embedding_usd_per_mtok=0.02)
    without = query_usd(**asked, chunks=0.0, embedding_usd_per_mtok=0.0)
    assert with_passages == pytest.approx(0.006051)
    assert without == pytest.approx(0.00205)


def test_draws_pass_through() -> None:
    found = billed(corpus=replace(CORPUS, documents=np.array([1e5, 2e5]), churn=np.array([0.05, 0.1])))
    np.testing.assert_allclose(found.refresh_tokens_per_month, [230e6 * 0.06, 460e6 * 0.11])
    assert np.shape(found.cost.usd("index")) == (2,)
