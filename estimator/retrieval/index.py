"""How large is a vector index: on disk, in memory, and while it is built?"""

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.retrieval.formats import FORMATS, Format, format_name
from estimator.retrieval.layouts import CODES, list_count
from estimator.retrieval.shape import Shape
from estimator.units import Value

LIST_GROWTH = 1.3
"""Memory of inverted lists over their content while they grow."""
SAMPLE_PER_LIST = 256.0
"""Training vectors that k-means of faiss reads per centroid, at most."""
STRUCTURE = ("links", "lists", "code_bytes")
"""Parts of a shape that not every index has."""


@record(kw_only=True)
class IndexSize:
    """Bytes of an index of n vectors."""

    system: str
    vectors: Value
    file_bytes: Value
    """On disk. [B]"""
    memory_bytes: Value
    """Resident while it answers. [B]"""
    fresh_bytes: Value
    """Resident right after building, before a reload gives back the room that lists grew into. [B]"""
    build_bytes: Value
    """Largest memory while it is built, without a second copy that serves meanwhile. [B]"""
    keeps_vectors: bool
    note: str = ""

    @property
    def file_bytes_per_vector(self) -> Value:
        """On disk, fixed parts included. [B]"""
        return self.file_bytes / self.vectors

    @property
    def memory_bytes_per_vector(self) -> Value:
        """Resident, fixed parts included. [B]"""
        return self.memory_bytes / self.vectors

    @property
    def rebuild_bytes(self) -> Value:
        """Memory of building a new index while the old one answers. [B]"""
        return self.build_bytes + self.memory_bytes


def index_size(*, system: str, vectors: Value, shape: Shape) -> IndexSize:
    """Bytes of an index by its file layout, fixed parts included.

    Args:
        system: Name of a format, see `FORMATS`.
        vectors: n. [count]
        shape: Dimensions and structure.

    Returns:
        Bytes on disk, in memory and at the peak of building. [B]

    Raises:
        InputError: unknown format, no vectors, or a dimension or link out of range.

    Source: file layouts of hnswlib 0.8, faiss 1.15, usearch 2.26, DiskANN, pgvector 0.6 and 0.8; sizing pages of
        Elastic, Qdrant, Weaviate, OpenSearch and ScyllaDB. Fixed parts measured.

    >>> size = index_size(system="pgvector", vectors=300_000.0, shape=Shape(dimensions=1536.0))
    >>> float(size.file_bytes) / 300_000 // 1
    8192.0
    """
    name = format_name(system)
    if not np.all(np.asarray(vectors, dtype=float) > 0):
        raise InputError(f"retrieval vectors: {np.min(vectors):g} is not above 0; give documents and tokens")
    form, checked = FORMATS[name], shape.checked(name)
    resident = form.resident(checked, vectors)
    fresh = resident + _growth(form, checked, vectors)
    return IndexSize(
        system=name,
        vectors=vectors,
        file_bytes=form.stored(checked, vectors),
        memory_bytes=resident,
        fresh_bytes=fresh,
        build_bytes=fresh + _training(form, checked, vectors),
        keeps_vectors=form.keeps_vectors,
        note=form.note,
    )


def _growth(form: Format, shape: Shape, vectors: Value) -> Value:
    """Room of growing lists."""
    if form.kind != "lists":
        return 0.0
    return (LIST_GROWTH - 1.0) * vectors * (CODES[form.code].per_vector(shape) + 8)


def _training(form: Format, shape: Shape, vectors: Value) -> Value:
    """What building needs beyond the index: a training sample in float32; on disk indexes, all vectors and links."""
    if form.kind == "disk":
        return vectors * (4.0 * shape.dimensions + 4.0 * (shape.links + 1))
    if not form.trained:
        return 0.0
    centroids = list_count(shape, vectors) if form.kind == "lists" else shape.centroids
    return 4.0 * shape.dimensions * np.minimum(vectors, SAMPLE_PER_LIST * centroids)


def index_bytes_per_vector(*, system: str, shape: Shape) -> Value:
    """Bytes on disk that one more vector adds to a large index.

    Args:
        system: Name of a format, see `FORMATS`. [1]
        shape: Dimensions and structure.

    Returns:
        Bytes. [B/vector]

    Raises:
        InputError: as in `index_size`.

    Source: as in `index_size`.

    >>> round(float(index_bytes_per_vector(system="hnswlib", shape=Shape(dimensions=1536.0))), 2)
    6292.53
    """
    form, checked = FORMATS[format_name(system)], shape.checked(system)
    many = 1e8
    return (form.stored(checked, 2.0 * many) - form.stored(checked, many)) / many


def structure_of(system: str) -> frozenset[str]:
    """Parts of `STRUCTURE` that an index has: those that move its bytes.

    Args:
        system: Name of a format, see `FORMATS`. [1]

    Returns:
        Names of the parts. [1]

    Raises:
        InputError: unknown format.

    Source: as in `index_size`.

    >>> sorted(structure_of("faiss_ivf_pq")), sorted(structure_of("hnswlib"))
    (['code_bytes', 'lists'], ['links'])
    """

    def sizes(part: str, value: float) -> tuple[Value, Value, Value]:
        size = index_size(system=system, vectors=1e6, shape=Shape(dimensions=768.0, **{part: value}))
        return size.file_bytes, size.memory_bytes, size.build_bytes

    return frozenset(part for part in STRUCTURE if sizes(part, 16.0) != sizes(part, 64.0))
