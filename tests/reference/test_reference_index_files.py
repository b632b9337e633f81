"""Index bytes against files that were built and measured: 50,000 vectors of 768 dimensions where not said otherwise."""

import pytest

from estimator.retrieval import Shape, index_bytes

FILES = [
    ("hnswlib_file", 20_000, 128, 16, 0, 0, 13_211_896),
    ("faiss_hnsw", 20_000, 128, 16, 0, 0, 13_123_834),
    ("faiss_hnsw_sq8", 50_000, 768, 16, 0, 0, 45_621_470),
    ("faiss_hnsw_fp16", 50_000, 768, 16, 0, 0, 84_015_326),
    ("faiss_hnsw_binary", 50_000, 768, 16, 0, 0, 12_015_266),
    ("faiss_hnsw_pq", 50_000, 768, 16, 96, 0, 12_801_763),
    ("usearch", 50_000, 768, 16, 0, 0, 161_028_456),
    ("usearch_fp16", 50_000, 768, 16, 0, 0, 84_228_456),
    ("usearch_i8", 50_000, 768, 16, 0, 0, 45_828_456),
    ("faiss_flat", 50_000, 768, 16, 0, 0, 153_600_045),
    ("faiss_sq8", 50_000, 768, 16, 0, 0, 38_406_225),
    ("faiss_rabitq", 50_000, 768, 16, 0, 0, 5_203_146),
    ("faiss_pq", 50_000, 768, 16, 96, 0, 5_586_518),
    ("faiss_ivf_flat", 50_000, 768, 16, 0, 512, 155_577_099),
    ("faiss_ivf_sq8", 50_000, 768, 16, 0, 512, 40_383_288),
    ("faiss_ivf_pq", 50_000, 768, 16, 96, 512, 7_563_572),
    ("diskann", 20_000, 128, 32, 0, 0, 13_660_160),
    ("diskann", 10_000, 768, 64, 0, 0, 40_964_096),
]
PAGES = [
    (128, 16, 16_629_760),
    (384, 16, 40_968_192),
    (768, 16, 81_928_192),
    (1024, 16, 163_848_192),
    (1536, 16, 163_848_192),
    (768, 32, 81_928_192),
]


@pytest.mark.parametrize(("system", "vectors", "dimensions", "links", "code", "lists", "measured"), FILES)
def test_file_bytes_within_a_tenth_of_a_percent(
    system: str, vectors: int, dimensions: int, links: int, code: int, lists: int, measured: int
) -> None:
    shape = Shape(dimensions=float(dimensions), links=float(links), code_bytes=float(code), lists=float(lists))
    assert float(index_bytes(system=system, vectors=float(vectors), shape=shape)) == pytest.approx(measured, rel=1e-3)


@pytest.mark.parametrize(("dimensions", "links", "measured"), PAGES)
def test_pgvector_pages_within_one_and_a_half_percent(dimensions: int, links: int, measured: int) -> None:
    shape = Shape(dimensions=float(dimensions), links=float(links))
    assert float(index_bytes(system="pgvector", vectors=20_000.0, shape=shape)) == pytest.approx(measured, rel=0.015)
