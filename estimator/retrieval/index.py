"""Bytes of a vector index, by library; fixed parts included."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from estimator.errors import InputError, did_you_mean
from estimator.units import Value

PAGE_BYTES = 8192.0  # PostgreSQL page
PAGE_USABLE_BYTES = 8160.0  # without header and special space
SECTOR_BYTES = 4096.0  # DiskANN disk page
HNSWLIB_FILE_FIXED = 100.0  # header
HNSWLIB_MEMORY_FIXED = 65_536 * 40.0 + 1.1e5  # label locks and allocator, measured as 2.73 MB
HNSWLIB_MEMORY_SLACK = 6.2  # bytes per vector, measured over 12 builds

CODES = 256.0  # centroids of an 8-bit product quantiser, faiss default

DEFAULT_LINKS = 16.0  # M, default of hnswlib, faiss, pgvector


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Vectors of an index and the parameters of its structure."""

    dimensions: Value
    links: Value = DEFAULT_LINKS
    """M, graph neighbours per level (R of DiskANN). [count]"""
    code_bytes: Value = 96.0
    """Bytes of a product-quantised vector. [B]"""
    lists: Value = 0.0
    """Inverted lists; 0 leaves their centroids out. [count]"""


@dataclass(frozen=True, slots=True)
class _Format:
    per_vector: Callable[[Shape], Value]
    fixed: Callable[[Shape], Value]


def _levels(shape: Shape) -> Value:
    """Mean number of extra HNSW levels of a vector, 1/(M − 1)."""
    return 1.0 / (shape.links - 1.0)


def _none(_: Shape) -> Value:
    return 0.0


def _hnswlib_file(s: Shape) -> Value:
    return 4 * s.dimensions + 8 * s.links + 16 + _levels(s) * (4 * s.links + 4)


def _hnswlib_memory(s: Shape) -> Value:
    return 4 * s.dimensions + 8 * s.links + 108 + _levels(s) * (4 * s.links + 4) + 16 / s.links


def _faiss_graph(s: Shape) -> Value:
    return 4 * (2 * s.links + s.links / (s.links - 1)) + 12


def _usearch(s: Shape) -> Value:
    return 16 + 8 * s.links + _levels(s) * (4 + 4 * s.links)


def _aligned(size: Value) -> Value:
    rounded: Value = np.floor((np.asarray(size, dtype=float) + 7) / 8) * 8
    return rounded


def _pgvector(s: Shape, element: float) -> Value:
    node = _aligned(80 + element * s.dimensions) + 4
    neighbours: Value = 0.0
    for level in range(8):
        share = s.links**-level * (1 - 1 / s.links)
        neighbours = neighbours + share * (_aligned(4 + 6 * s.links * (level + 2)) + 4)
    fitting = np.floor(PAGE_USABLE_BYTES / (node + neighbours))
    pages: Value = PAGE_BYTES / np.maximum(fitting, 1.0)
    return pages


def _diskann(s: Shape) -> Value:
    node = np.asarray(4 * s.dimensions + 4 * (s.links + 1), dtype=float)
    small = SECTOR_BYTES / np.maximum(np.floor(SECTOR_BYTES / node), 1)
    sized: Value = np.where(node <= SECTOR_BYTES, small, SECTOR_BYTES * np.ceil(node / SECTOR_BYTES))
    return sized


def _lists(s: Shape) -> Value:
    return s.lists * (4 * s.dimensions + 8)


def _pairs_of_codes(s: Shape) -> Value:
    """Table of distances between all pairs of 8-bit codes, which faiss builds in memory for an HNSW over PQ."""
    return 4.0 * s.code_bytes * CODES**2


def _lists_by_codes(s: Shape) -> Value:
    """Table of distances between lists and 8-bit codes, which faiss builds in memory for IVF over PQ."""
    return 4.0 * s.lists * s.code_bytes * CODES


FORMATS: Mapping[str, _Format] = MappingProxyType(
    {
        "hnswlib": _Format(_hnswlib_memory, lambda _: HNSWLIB_MEMORY_FIXED),
        "hnswlib_file": _Format(_hnswlib_file, lambda _: HNSWLIB_FILE_FIXED),
        "faiss_hnsw": _Format(lambda s: 4 * s.dimensions + _faiss_graph(s), _none),
        "faiss_hnsw_fp16": _Format(lambda s: 2 * s.dimensions + _faiss_graph(s), lambda s: 8 * s.dimensions),
        "faiss_hnsw_sq8": _Format(lambda s: s.dimensions + _faiss_graph(s), lambda s: 8 * s.dimensions),
        "faiss_hnsw_pq": _Format(lambda s: s.code_bytes + _faiss_graph(s), lambda s: 1024 * s.dimensions),
        "faiss_hnsw_pq_memory": _Format(
            lambda s: s.code_bytes + _faiss_graph(s), lambda s: 1024 * s.dimensions + _pairs_of_codes(s)
        ),
        "faiss_hnsw_binary": _Format(lambda s: s.dimensions / 8 + _faiss_graph(s), _none),
        "faiss_flat": _Format(lambda s: 4 * s.dimensions, _none),
        "faiss_fp16": _Format(lambda s: 2 * s.dimensions, _none),
        "faiss_sq4": _Format(lambda s: s.dimensions / 2, lambda s: 8 * s.dimensions),
        "faiss_binary": _Format(lambda s: s.dimensions / 8, _none),
        "faiss_sq8": _Format(lambda s: s.dimensions, lambda s: 8 * s.dimensions),
        "faiss_pq": _Format(lambda s: s.code_bytes, lambda s: 1024 * s.dimensions),
        "faiss_rabitq": _Format(lambda s: s.dimensions / 8 + 8, lambda s: 4 * s.dimensions),
        "faiss_ivf_flat": _Format(lambda s: 4 * s.dimensions + 8, _lists),
        "faiss_ivf_fp16": _Format(lambda s: 2 * s.dimensions + 8, _lists),
        "faiss_ivf_rabitq": _Format(lambda s: s.dimensions / 8 + 16, lambda s: _lists(s) + 4 * s.dimensions),
        "faiss_ivf_sq8": _Format(lambda s: s.dimensions + 8, _lists),
        "faiss_ivf_pq": _Format(lambda s: s.code_bytes + 8, lambda s: _lists(s) + 1024 * s.dimensions),
        "faiss_ivf_pq_memory": _Format(
            lambda s: s.code_bytes + 8, lambda s: _lists(s) + 1024 * s.dimensions + _lists_by_codes(s)
        ),
        "usearch": _Format(lambda s: 4 * s.dimensions + _usearch(s), _none),
        "usearch_fp16": _Format(lambda s: 2 * s.dimensions + _usearch(s), _none),
        "usearch_i8": _Format(lambda s: s.dimensions + _usearch(s), _none),
        "usearch_binary": _Format(lambda s: s.dimensions / 8 + _usearch(s), _none),
        "diskann": _Format(_diskann, lambda _: SECTOR_BYTES),
        "pgvector": _Format(lambda s: _pgvector(s, 4.0), _none),
        "pgvector_halfvec": _Format(lambda s: _pgvector(s, 2.0), _none),
        "elastic": _Format(lambda s: 4 * s.dimensions + 4 * s.links, _none),
        "elastic_int8": _Format(lambda s: s.dimensions + 4 + 4 * s.links, _none),
        "elastic_int4": _Format(lambda s: s.dimensions / 2 + 4 + 4 * s.links, _none),
        "elastic_bbq": _Format(lambda s: s.dimensions / 8 + 14 + 4 * s.links, _none),
        "qdrant": _Format(lambda s: 1.5 * 4 * s.dimensions, _none),
        "opensearch": _Format(lambda s: 1.1 * (4 * s.dimensions + 8 * s.links), _none),
    }
)
"""Index formats by name; `hnswlib` and `…_memory` are resident memory, the others bytes on disk or as documented by the
vendor."""


def index_bytes_per_vector(*, system: str, shape: Shape) -> Value:
    """Bytes one more vector adds to an index.

    Args:
        system: Name of a format, see `FORMATS`.
        shape: Dimensions and structure.

    Returns:
        Bytes. [B/vector]

    Raises:
        InputError: unknown format, or dimensions not above 0.

    Source: file layouts of hnswlib, faiss, usearch, DiskANN, pgvector 0.6; sizing pages of Elastic, Qdrant, OpenSearch.

    >>> round(float(index_bytes_per_vector(system="hnswlib", shape=Shape(dimensions=1536.0))), 2)
    6385.53
    """
    if system not in FORMATS:
        raise InputError(
            f"retrieval.index: unknown index {system!r}{did_you_mean(system, FORMATS)}; known: {', '.join(FORMATS)}"
        )
    if np.any(np.asarray(shape.dimensions) <= 0):
        raise InputError(f"retrieval.dimensions: {np.min(shape.dimensions):g} is not above 0; 384 to 3072 are usual")
    return FORMATS[system].per_vector(shape)


def index_bytes(*, system: str, vectors: Value, shape: Shape) -> Value:
    """Bytes of a whole index: n B + fixed.

    Args:
        system: Name of a format. [1]
        vectors: n. [count]
        shape: Dimensions and structure.

    Returns:
        Bytes. [B]

    Raises:
        InputError: as in `index_bytes_per_vector`.

    Source: as in `index_bytes_per_vector`; fixed parts measured.

    >>> float(index_bytes(system="faiss_flat", vectors=1000.0, shape=Shape(dimensions=128.0)))
    512000.0
    """
    slack = HNSWLIB_MEMORY_SLACK if system == "hnswlib" else 0.0
    each = index_bytes_per_vector(system=system, shape=shape) + slack
    return vectors * each + FORMATS[system].fixed(shape)
