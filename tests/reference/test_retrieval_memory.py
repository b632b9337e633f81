"""Index bytes against builds of hnswlib, faiss, usearch, DiskANN and pgvector: files, memory, tables."""

import pytest

from estimator.retrieval import Shape, index_size
from estimator.retrieval.postgres import table_bytes_per_vector
from estimator.validation import bundled, summary_rows
from estimator.validation.index import validate_index
from estimator.validation.scores import score

RESULT = validate_index(bundled("index"))
PAGES = [  # pgvector 0.8.5 on PostgreSQL 18, 2,000 vectors, our own builds: element bits, dimensions, links, bytes
    (32, 3, 16, 647_168),
    (32, 200, 16, 2_351_104),
    (32, 300, 5, 2_957_312),
    (32, 512, 24, 5_472_256),
    (32, 1990, 16, 32_776_192),
    (32, 1000, 64, 16_392_192),
    (16, 768, 16, 4_104_192),
    (16, 1536, 16, 8_200_192),
    (16, 4000, 16, 32_776_192),
    (1, 128, 16, 647_168),
    (1, 1536, 16, 1_015_808),
]
LISTS = [(384, 50, 8_454_144), (768, 20, 20_594_688), (1000, 100, 21_135_360)]  # ivfflat, 5,000 vectors
NAMES = {32: "pgvector", 16: "pgvector_halfvec", 1: "pgvector_bit"}


def test_every_bundled_index_is_predicted() -> None:
    assert len(RESULT.scored) == 80
    assert not RESULT.skipped


def test_files_of_libraries_within_a_tenth_of_a_percent() -> None:
    files = score(item for item in RESULT.scored if not item.groups["lib"].startswith("pgvector"))
    assert files["median"] <= 0.001
    assert files["p90"] <= 0.001
    assert max(abs(item.signed_error) for item in RESULT.scored) <= 0.002


def test_pgvector_within_its_pages() -> None:
    pages = score(item for item in RESULT.scored if item.groups["lib"].startswith("pgvector"))
    assert pages["median"] <= 0.0001
    assert pages["p90"] <= 0.002


def test_memory_and_tables_stand_apart() -> None:
    memory = {row["group"]: row for row in RESULT.extra["memory"]["summary"] if row["by"] == "lib"}
    assert memory["hnswlib"]["p90"] <= 0.004
    assert memory["faiss-reload"]["p90"] <= 0.01
    table = RESULT.extra["table"]["summary"][0]
    assert (table["n"], table["p90"] <= 0.01) == (6, True)
    assert all(row["group"] != "memory" for row in summary_rows(RESULT))


@pytest.mark.parametrize(("bits", "dimensions", "links", "measured"), PAGES)
def test_pgvector_pages_of_other_shapes(bits: int, dimensions: int, links: int, measured: int) -> None:
    shape = Shape(dimensions=float(dimensions), links=float(links))
    size = index_size(system=NAMES[bits], vectors=2000.0, shape=shape)
    assert float(size.file_bytes) == pytest.approx(measured, rel=0.005)


@pytest.mark.parametrize(("dimensions", "lists", "measured"), LISTS)
def test_ivfflat_pages(dimensions: int, lists: int, measured: int) -> None:
    shape = Shape(dimensions=float(dimensions), lists=float(lists))
    size = index_size(system="pgvector_ivfflat", vectors=5000.0, shape=shape)
    assert float(size.file_bytes) == pytest.approx(measured, rel=0.005)


@pytest.mark.parametrize(
    ("dimensions", "measured"), [(128, 611.1), (384, 1659.7), (768, 4223.8), (1024, 5611.9), (1536, 8365.7)]
)
def test_tables_with_toast(dimensions: int, measured: float) -> None:
    assert float(table_bytes_per_vector(dimensions=float(dimensions))) == pytest.approx(measured, rel=0.01)
