"""File layouts of vector libraries: bytes of n vectors, headers included.

The level of a vector in an HNSW graph is random, ⌊−ln U/ln M⌋; sizes take its expected value, 1/(M − 1).
"""

from collections.abc import Callable

import numpy as np

from estimator.record import record
from estimator.retrieval.shape import BITS_PER_BYTE, FLOAT_BYTES, Shape
from estimator.units import Array, Value

Sized = Callable[[Shape, Value], Value]
"""Bytes from a shape and a number of vectors."""

SECTOR_BYTES = 4096.0  # DiskANN disk page
LEVEL_ODDS = 1e-9  # faiss plans levels down to this share
HNSWLIB_HEADER = 96.0
USEARCH_HEADER = 112.0


@record
class Code:
    """How one vector is stored."""

    per_vector: Callable[[Shape], Value]
    trained: Callable[[Shape], Value]
    """What the quantizer has learned. [B]"""
    flat_header: float
    """Header of a faiss index that holds nothing but codes. [B]"""
    lists_header: float
    """Header of a faiss index that holds them in inverted lists. [B]"""


def _bytes(bits: Value) -> Array:
    whole: Array = np.ceil(np.asarray(bits, dtype=float) / BITS_PER_BYTE)
    return whole


def _nothing(_: Shape) -> Value:
    return 0.0


def _ranges(s: Shape) -> Value:
    """Smallest value and range of each dimension."""
    return 2 * FLOAT_BYTES * s.dimensions


def _codebook(s: Shape) -> Value:
    return FLOAT_BYTES * s.centroids * s.dimensions


CODES: dict[str, Code] = {
    "fp32": Code(lambda s: FLOAT_BYTES * s.dimensions, _nothing, 45, 139),
    "fp16": Code(lambda s: 2 * s.dimensions, _nothing, 81, 184),
    "bf16": Code(lambda s: 2 * s.dimensions, _nothing, 81, 184),
    "sq8": Code(lambda s: 1.0 * s.dimensions, _ranges, 81, 184),
    "sq6": Code(lambda s: _bytes(6 * s.dimensions), _ranges, 81, 184),
    "sq4": Code(lambda s: _bytes(4 * s.dimensions), _ranges, 81, 184),
    "pq": Code(lambda s: s.code_bytes, _codebook, 86, 180),
    "rabitq": Code(lambda s: _bytes(s.dimensions) + 8, lambda s: FLOAT_BYTES * s.dimensions, 74, 169),
    "binary": Code(lambda s: _bytes(s.dimensions), _nothing, 33, 115),
}
"""Codes of faiss by name."""


def extra_levels(links: Value) -> Value:
    """Mean number of levels of a vector above the ground: 1/(M − 1).

    Args:
        links: M. [count]

    Returns:
        Levels. [count]

    Source: Malkov and Yashunin 2016 (arXiv:1603.09320), level = ⌊−ln U/ln M⌋.

    >>> float(extra_levels(11.0))
    0.1
    """
    levels: Value = 1.0 / (np.asarray(links, dtype=float) - 1.0)
    return levels


def hnswlib_file(s: Shape, vectors: Value) -> Value:
    """Links, vector and label on the ground level, a length and links above it.

    Args:
        s: Dimensions and structure.
        vectors: n. [count]

    Returns:
        Bytes. [B]

    Source: hnswlib 0.8, `saveIndex`.
    """
    each = FLOAT_BYTES * s.dimensions + 8 * s.links + 16 + extra_levels(s.links) * (4 * s.links + 4)
    return HNSWLIB_HEADER + vectors * each


def usearch_file(element_bits: float) -> Sized:
    """Vectors, levels, and a key, a level and counted links for each node.

    Args:
        element_bits: Of one element of a vector. [bit]

    Returns:
        Function of shape and vectors. [B]

    Source: usearch 2.26, serialisation of index_dense.
    """

    def sized(s: Shape, vectors: Value) -> Value:
        each = _bytes(element_bits * s.dimensions) + 16 + 8 * s.links + extra_levels(s.links) * (4 + 4 * s.links)
        return USEARCH_HEADER + vectors * each

    return sized


def faiss_flat(code: Code) -> Sized:
    """Codes and what their quantizer has learned.

    Args:
        code: How a vector is stored.

    Returns:
        Function of shape and vectors. [B]

    Source: faiss 1.15, `write_index`.
    """
    return lambda s, vectors: vectors * code.per_vector(s) + code.trained(s) + code.flat_header


def faiss_graph(code: Code, *, binary: bool = False) -> Sized:
    """Level, offset and neighbours of each vector above a flat storage of codes.

    Args:
        code: How a vector is stored.
        binary: Whether it is a binary index. [1]

    Returns:
        Function of shape and vectors. [B]

    Source: faiss 1.15, `write_HNSW`.
    """
    flat = faiss_flat(code)

    def sized(s: Shape, vectors: Value) -> Value:
        links = np.asarray(s.links, dtype=float)
        neighbours = 4 * links * (2 + extra_levels(links))
        levels = np.floor(-np.log(LEVEL_ODDS / (1 - 1 / links)) / np.log(links)) + 1
        header = (25 if binary else 37) + 12 * levels + 72
        total: Value = flat(s, vectors) + vectors * (neighbours + 12) + header
        return total

    return sized


def faiss_lists(code: Code, *, keeps_training: bool = True) -> Sized:
    """Codes and 8-byte ids in lists, a centroid and a length for each list.

    Args:
        code: How a vector is stored.
        keeps_training: Whether the quantizer is stored. [1]

    Returns:
        Function of shape and vectors. [B]

    Source: faiss 1.15, `write_InvertedLists`.
    """

    def sized(s: Shape, vectors: Value) -> Value:
        lists = list_count(s, vectors)
        centroid = code.per_vector(s) if code is CODES["binary"] else FLOAT_BYTES * s.dimensions
        learned = code.trained(s) if keeps_training else 0.0
        total: Value = vectors * (code.per_vector(s) + 8) + lists * (centroid + 8) + learned + code.lists_header
        return total

    return sized


def list_count(s: Shape, vectors: Value) -> Value:
    """Lists as given, else 4 √n, the least that faiss advises.

    Args:
        s: Dimensions and structure.
        vectors: n. [count]

    Returns:
        Lists. [count]

    Source: faiss wiki, guidelines to choose an index.
    """
    advised = np.ceil(4.0 * np.sqrt(np.asarray(vectors, dtype=float)))
    counted: Value = np.where(np.asarray(s.lists) > 0, s.lists, advised)
    return counted


def diskann_file(s: Shape, vectors: Value) -> Value:
    """Nodes of vector and links in whole sectors, after one sector of header; large nodes take several sectors.

    Args:
        s: Dimensions and structure.
        vectors: n. [count]

    Returns:
        Bytes. [B]

    Source: DiskANN, `create_disk_layout`.
    """
    node = np.asarray(FLOAT_BYTES * s.dimensions + 4 * (s.links + 1), dtype=float)
    together = np.maximum(np.floor(SECTOR_BYTES / node), 1.0)
    sectors = np.where(node <= SECTOR_BYTES, np.ceil(vectors / together), vectors * np.ceil(node / SECTOR_BYTES))
    whole: Value = SECTOR_BYTES * (1.0 + sectors)
    return whole


def pairs_of_codes(s: Shape, _: Value) -> Value:
    """Table of distances between all pairs of codes, which faiss builds in memory for an HNSW over PQ.

    Args:
        s: Dimensions and structure.
        _: Not used.

    Returns:
        Bytes. [B]

    Source: faiss, symmetric distance table of `ProductQuantizer`.
    """
    table: Value = 4.0 * s.code_bytes * BITS_PER_BYTE / s.code_bits * s.centroids**2
    return table


def lists_by_codes(s: Shape, vectors: Value) -> Value:
    """Table of distances between lists and codes, which faiss builds in memory for IVF over PQ.

    Args:
        s: Dimensions and structure.
        vectors: n. [count]

    Returns:
        Bytes. [B]

    Source: faiss, precomputed table of `IndexIVFPQ`.
    """
    return 4.0 * list_count(s, vectors) * s.code_bytes * BITS_PER_BYTE / s.code_bits * s.centroids
