"""Index bytes against builds of faiss 1.x and usearch: files, and resident memory after loading them again."""

import pytest

from estimator.retrieval import Shape, index_bytes

FILES = [
    ("usearch_binary", 50_000, 768, 16, 0, 12_228_456),
    ("usearch_binary", 30_000, 1536, 32, 0, 14_046_964),
    ("faiss_sq4", 50_000, 768, 16, 0, 19_206_225),
    ("faiss_sq4", 30_000, 1536, 16, 0, 23_052_369),
    ("faiss_fp16", 50_000, 768, 16, 0, 76_800_081),
    ("faiss_binary", 50_000, 768, 16, 0, 4_800_033),
    ("faiss_ivf_fp16", 50_000, 768, 16, 512, 78_777_144),
    ("faiss_ivf_fp16", 30_000, 1536, 16, 512, 95_550_008),
    ("faiss_ivf_rabitq", 50_000, 768, 16, 512, 7_177_129),
    ("faiss_ivf_rabitq", 30_000, 1536, 16, 512, 9_389_993),
    ("faiss_ivf_pq", 30_000, 1536, 16, 512, 7_842_868),
]
RESIDENT = [  # bytes per vector of 100,000 vectors of 768 dimensions after a reload
    ("faiss_ivf_flat", 0, 3104.6, 0.005),
    ("faiss_ivf_sq8", 0, 801.3, 0.015),
    ("faiss_ivf_pq_memory", 96, 643.7, 0.025),
    ("faiss_hnsw_pq_memory", 96, 514.2, 0.03),
    ("faiss_ivf_rabitq", 0, 137.2, 0.075),
]


@pytest.mark.parametrize(("system", "vectors", "dimensions", "links", "lists", "measured"), FILES)
def test_file_bytes_of_more_formats(
    system: str, vectors: int, dimensions: int, links: int, lists: int, measured: int
) -> None:
    shape = Shape(dimensions=float(dimensions), links=float(links), lists=float(lists))
    assert float(index_bytes(system=system, vectors=float(vectors), shape=shape)) == pytest.approx(measured, rel=1e-3)


@pytest.mark.parametrize(("system", "code", "measured", "rel"), RESIDENT)
def test_resident_bytes_after_a_reload(system: str, code: int, measured: float, rel: float) -> None:
    shape = Shape(dimensions=768.0, code_bytes=float(code), lists=512.0)
    found = float(index_bytes(system=system, vectors=1e5, shape=shape)) / 1e5
    assert found == pytest.approx(measured, rel=rel)
