"""Layouts of indexes, checked by hand; names; memory while building; managed stores by their units."""

from dataclasses import replace

import numpy as np
import pytest

from estimator.catalog import load_catalog
from estimator.errors import InputError
from estimator.retrieval import (
    STORES,
    Shape,
    StoreUse,
    format_name,
    index_bytes_per_vector,
    index_size,
    store_bill,
)

WORKED = Shape(dimensions=1536.0, links=16.0, code_bytes=96.0, lists=1.0)
USE = StoreUse(
    vectors=1e6,
    dimensions=1000.0,
    record_bytes=5000.0,
    memory_bytes=5e9,
    queries_per_month=1e5,
    written_per_month=1e5,
)
FIXED = {"retrieval.pinecone_units_per_gb": 1.0, "retrieval.pinecone_least_units": 0.25}


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("hnswlib", 6292.53),
        ("faiss_hnsw", 6288.27),
        ("faiss_hnsw_fp16", 3216.27),
        ("faiss_hnsw_sq8", 1680.27),
        ("faiss_hnsw_binary", 336.267),
        ("usearch_i8", 1684.53),
        ("elastic_bbq", 206 + 64),
        ("qdrant", 9216),
        ("pgvector", 8192),
        ("pgvector_halfvec", 4096),
        ("faiss_ivf_pq", 104),
        ("faiss_rabitq", 200),
        ("weaviate", 2 * 6144),
        ("opensearch", 1.1 * (6144 + 128)),
        ("scylladb", 1.2 * (6144 + 256)),
    ],
)
def test_bytes_of_the_worked_example(system: str, expected: float) -> None:
    assert float(index_bytes_per_vector(system=system, shape=WORKED)) == pytest.approx(expected, abs=0.005)


def test_diskann_fills_sectors() -> None:
    def pages(dimensions: float, links: float) -> float:
        shape = Shape(dimensions=dimensions, links=links)
        return float(index_size(system="diskann", vectors=1000.0, shape=shape).file_bytes) / 4096 - 1

    assert pages(128.0, 32.0) == 167  # 644 bytes a node, six to a sector: ⌈1000/6⌉
    assert pages(1536.0, 32.0) == 2000  # 6,276 bytes take two sectors


def test_pgvector_puts_neighbours_of_large_vectors_on_the_next_page() -> None:
    shape = Shape(dimensions=1990.0)
    assert float(index_size(system="pgvector", vectors=100.0, shape=shape).file_bytes) == 8192 * 201
    narrower = index_bytes_per_vector(system="pgvector", shape=replace(shape, dimensions=1900.0))
    assert float(narrower) == pytest.approx(8192, rel=1e-3)  # neighbours of a rare high level still overflow


def test_product_quantizers_need_tables_in_memory() -> None:
    shape = Shape(dimensions=768.0, code_bytes=96.0, lists=512.0)
    graph = index_size(system="faiss_hnsw_pq", vectors=1e5, shape=shape)
    assert float(graph.memory_bytes - graph.file_bytes) == pytest.approx(4 * 96 * 2**16 + 5.5e5 + 0.92e6)
    lists = index_size(system="faiss_ivf_pq", vectors=1e5, shape=shape)
    assert float(lists.memory_bytes - lists.file_bytes) == pytest.approx(4 * 512 * 96 * 2**8 + 0.92e6)
    half = index_size(system="faiss_pq", vectors=1e5, shape=replace(shape, code_bytes=48.0, code_bits=4.0))
    assert float(half.file_bytes) == 48e5 + 4 * 16 * 768 + 86


def test_building_lists_needs_room_to_grow_and_a_sample() -> None:
    size = index_size(system="faiss_ivf_flat", vectors=1e6, shape=Shape(dimensions=100.0, lists=100.0))
    sample = 4 * 100 * 256 * 100
    assert float(size.build_bytes - size.memory_bytes) == pytest.approx(0.3 * 1e6 * 408 + sample)
    assert float(size.rebuild_bytes) == pytest.approx(float(size.build_bytes + size.memory_bytes))


def test_lists_follow_the_advice_of_the_library() -> None:
    advised = index_size(system="faiss_ivf_flat", vectors=1e6, shape=Shape(dimensions=64.0))
    given = index_size(system="faiss_ivf_flat", vectors=1e6, shape=Shape(dimensions=64.0, lists=4000.0))
    assert float(advised.file_bytes) == float(given.file_bytes)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("faiss-ivfpq", "faiss_ivf_pq"),
        ("FAISS_HNSW_SQ8", "faiss_hnsw_sq8"),
        ("elasticsearch", "elastic"),
        ("pgvector-hnsw", "pgvector"),
    ],
)
def test_names_are_forgiving(written: str, name: str) -> None:
    assert format_name(written) == name


def test_no_vectors_is_an_error() -> None:
    with pytest.raises(InputError, match="0 is not above 0"):
        index_size(system="hnswlib", vectors=0.0, shape=WORKED)


def test_arrays_of_dimensions_pass_through() -> None:
    sizes = index_bytes_per_vector(system="pgvector", shape=Shape(dimensions=np.array([768.0, 1024.0, 768.0])))
    np.testing.assert_array_equal(sizes, [4096, 8192, 4096])


def paid(store: str, use: StoreUse, rows: dict[str, float]) -> dict[str, float]:
    items = store_bill(store=store, use=use, price=lambda name: rows[name]).items
    return {item.name: float(item.usd) for item in items}


def test_read_and_write_units_by_hand() -> None:
    start = "pinecone/serverless-standard"
    prices = {"read-units": 16.0, "write-units": 4.0, "storage": 0.33, "minimum": 50.0}
    rows = {**FIXED, **{f"{start}/{key}": usd for key, usd in prices.items()}}
    found = paid("pinecone", USE, rows)
    assert found["store_storage"] == pytest.approx(5 * 0.33)
    assert found["store_reads"] == pytest.approx(5 * 16e-6)  # 5 GB, one unit each
    assert found["store_load"] == pytest.approx(1e6 * 5 * 4e-6)  # 5 kB, one unit each
    assert found["store_writes"] == pytest.approx(1e5 * 5 * 4e-6)
    assert found["store_minimum"] == pytest.approx(50 - 1.65 - 2 - 8)
    small = paid("pinecone", replace(USE, vectors=10.0), rows)
    assert small["store_reads"] == pytest.approx(0.25 * 16e-6)


def test_dimensions_stored_by_hand() -> None:
    rows = {
        "weaviate/flex-shared/vector-dimensions": 0.0139,
        "weaviate/flex-shared/storage": 0.24,
        "weaviate/flex-shared/minimum": 45.0,
    }
    found = paid("weaviate", replace(USE, copies=2.0), rows)
    assert found["store_dimensions"] == pytest.approx(2000 * 0.0139)
    assert found["store_storage"] == pytest.approx(10 * 0.24)
    assert found["store_minimum"] == pytest.approx(45 - 27.8 - 2.4)


def test_scanned_bytes_get_cheaper_in_steps() -> None:
    rows = {
        "retrieval.turbopuffer_least_gb": 1.28,
        "retrieval.turbopuffer_first_step_gb": 32.0,
        "retrieval.turbopuffer_second_step_gb": 128.0,
        "retrieval.turbopuffer_second_share": 0.2,
        "retrieval.turbopuffer_third_share": 0.04,
        "turbopuffer/all/query-base-rate": 1e-6,
        "turbopuffer/launch/storage": 0.3,
        "turbopuffer/launch/minimum": 64.0,
    }
    reads = [
        paid("turbopuffer", replace(USE, vectors=gb * 2e5), rows)["store_reads"] for gb in (1.0, 10.0, 128.0, 228.0)
    ]
    assert reads == pytest.approx([1.28e-6, 10e-6, (32 + 19.2) * 1e-6, (32 + 19.2 + 4) * 1e-6])


def test_capacity_units_are_halves() -> None:
    rows = {
        "retrieval.ocu_gb": 6.0,
        "retrieval.ocu_step": 0.5,
        "aws/opensearch-serverless/ocu": 0.24,
        "aws/opensearch-serverless/minimum": 175.2,
        "aws/opensearch-serverless/storage": 0.024,
    }
    found = paid("opensearch-serverless", replace(USE, memory_bytes=7e9), rows)
    assert found["store_units"] == pytest.approx(1.5 * 730.5 * 0.24)
    small = paid("opensearch-serverless", replace(USE, memory_bytes=1.0), rows)
    assert small["store_units"] == pytest.approx(0.5 * 730.5 * 0.24)


@pytest.mark.parametrize("store", sorted(STORES))
def test_every_store_has_its_rows(store: str) -> None:
    catalog = load_catalog()
    on = max(row.read_on for row in catalog.rows("embeddings"))

    def price(name: str) -> float:
        whole = name.startswith("retrieval.")
        return catalog.row(name if whole else f"vector_store/{name}", on).mode

    bill = store_bill(store=store, use=USE, price=price)
    assert all(np.all(np.asarray(item.usd) >= 0) for item in bill.items)
    assert any(float(item.usd) > 0 for item in bill.items)
    more = store_bill(store=store, use=replace(USE, vectors=2e6, memory_bytes=1e10), price=price)
    month = [sum(float(i.usd) * {"once": 0, "month": 1, "query": 1e5}[i.when] for i in b.items) for b in (bill, more)]
    assert month[1] >= month[0] * (1 - 1e-12)


def test_unknown_store_offers_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'pinecone'"):
        store_bill(store="pinecon", use=USE, price=lambda _: 0.0)
