"""Bytes of pgvector: HNSW and IVFFlat indexes, and the table with its TOAST, all in whole pages of PostgreSQL."""

from collections.abc import Callable
from functools import cache

import numpy as np

from estimator.retrieval.shape import Shape
from estimator.units import Array, Value

PAGE_BYTES = 8192.0
INDEX_PAGE_BYTES = 8160  # less header and special space
HEAP_PAGE_BYTES = 8168  # less header
ITEM_BYTES = 4  # line pointer of each tuple
CHUNK_BYTES = 1996  # TOAST
TOAST_ABOVE_BYTES = 2032
TUPLE_HEADER_BYTES = 24
KEY_BYTES = 8
POINTER_BYTES = 18  # of a toasted value
SHORT_VALUE_BYTES = 127  # one-byte header up to here
B_TREE_ENTRY_BYTES = 20 / 0.9 * PAGE_BYTES / 8152  # key and pointer, pages 90 % full
HNSW_TUPLE_BYTES = 72 + 8  # element header, vector header
LEVEL_ODDS = 1e-7


def _aligned(size: float) -> int:
    return int(-(-size // 8) * 8)


def hnsw_bytes(element_bits: float) -> Callable[[Shape, Value], Value]:
    """Size of an HNSW index over elements of so many bits.

    Args:
        element_bits: Of one element of a vector. [bit]

    Returns:
        Function of shape and vectors. [B]

    Source: pgvector 0.6 and 0.8, `CreateGraphPages` and `HNSW_NEIGHBOR_TUPLE_SIZE`.
    """

    def sized(s: Shape, vectors: Value) -> Value:
        pages = _each(lambda d, m: _hnsw_pages(round(d * element_bits / 8 + 0.499), round(m)), s.dimensions, s.links)
        total: Value = PAGE_BYTES * (1.0 + np.ceil(np.asarray(vectors * pages) - 1e-6))
        return total

    return sized


@cache
def _hnsw_pages(vector_bytes: int, links: int) -> float:
    """Pages per vector in the long run.

    An element and its neighbours go on the current page where both fit, else on a new page; where one page
    cannot hold both, the neighbours get the next page. Walks over all fillings of a page, then over the tuples that
    start a page.
    """
    element = _aligned(HNSW_TUPLE_BYTES + vector_bytes) + ITEM_BYTES
    count = max(1, int(np.ceil(-np.log(LEVEL_ODDS) / np.log(links))))
    odds = np.array([links**-level * (1 - 1 / links) for level in range(count)])
    odds /= odds.sum()
    neighbours = [_aligned(4 + 6 * links * (level + 2)) + ITEM_BYTES for level in range(count)]
    starts = sorted({size for near in neighbours for size in (element + near, near) if size <= INDEX_PAGE_BYTES})

    @cache
    def walk(used: int) -> tuple[float, float, tuple[float, ...]]:
        """Vectors placed from here to the end of a page, pages begun, odds of what starts the next page."""
        placed, begun, following = 0.0, 0.0, np.zeros(len(starts))
        for odd, near in zip(odds, neighbours, strict=True):
            both = element + near
            placed += odd
            if used + both <= INDEX_PAGE_BYTES:
                more = walk(used + both)
                placed, begun, following = (
                    placed + odd * more[0],
                    begun + odd * more[1],
                    following + odd * np.array(more[2]),
                )
                continue
            begun += odd
            if both > INDEX_PAGE_BYTES:
                begun += odd * (used + element > INDEX_PAGE_BYTES)
                following[starts.index(near)] += odd
            else:
                following[starts.index(both)] += odd
        return placed, begun, tuple(following)

    table = [walk(used) for used in starts]
    moves = np.array([row[2] for row in table])
    system = np.vstack([moves.T - np.eye(len(starts)), np.ones(len(starts))])
    share = np.linalg.lstsq(system, np.append(np.zeros(len(starts)), 1.0), rcond=None)[0]
    return float(share @ [row[1] for row in table] / (share @ [row[0] for row in table]))


def ivfflat_bytes(element_bits: float) -> Callable[[Shape, Value], Value]:
    """Size of an IVFFlat index: whole pages per list, list heads, one page of header.

    Args:
        element_bits: Of one element of a vector. [bit]

    Returns:
        Function of shape and vectors. [B]

    Source: pgvector 0.6 and 0.8, `CreateListPages` and `InsertTuples`.
    """

    def sized(s: Shape, vectors: Value) -> Value:
        count = np.asarray(vectors, dtype=float)
        advised = np.maximum(np.where(count > 1e6, np.sqrt(count), count / 1000.0), 1.0)
        lists = np.where(np.asarray(s.lists) > 0, s.lists, advised)
        vector = 8.0 + np.ceil(element_bits * np.asarray(s.dimensions, dtype=float) / 8)
        tuple_bytes = np.ceil((8.0 + vector) / 8) * 8 + ITEM_BYTES
        together = np.floor(INDEX_PAGE_BYTES / tuple_bytes)
        data = count / together + lists * (together - 1) / (2 * together)
        total: Value = PAGE_BYTES * (1.0 + np.ceil(lists / together) + np.ceil(data))
        return total

    return sized


def table_bytes_per_vector(*, dimensions: Value, element_bits: float = 32.0, text_bytes: Value = 0.0) -> Value:
    """Bytes of a table row of key and vector: heap, TOAST chunks, their index and the primary key.

    A row above 2,032 bytes moves its vector out of line, in chunks of 1,996 bytes that fill pages in order.

    Args:
        dimensions: d. [count]
        element_bits: 32 of a vector, 16 of a halfvec. [bit]
        text_bytes: Text and payload of the row, stored as they are. [B]

    Returns:
        Bytes. [B/vector]

    Source: PostgreSQL 15 documentation, "Database Page Layout" and "TOAST"; tables of pgvector 0.6 and 0.8.

    >>> round(float(table_bytes_per_vector(dimensions=768.0)))
    4223
    """
    return _each(lambda d, _: _row_bytes(round(d * element_bits / 8 + 0.499)), dimensions, 1.0) + text_bytes


@cache
def _row_bytes(vector_bytes: int) -> float:
    stored = vector_bytes + 8
    inline = stored - 3 if stored - 3 <= SHORT_VALUE_BYTES else stored
    row = TUPLE_HEADER_BYTES + KEY_BYTES + inline
    if row <= TOAST_ABOVE_BYTES:
        return PAGE_BYTES / (HEAP_PAGE_BYTES // (_aligned(row) + ITEM_BYTES)) + B_TREE_ENTRY_BYTES
    heap = PAGE_BYTES / (HEAP_PAGE_BYTES // (_aligned(TUPLE_HEADER_BYTES + KEY_BYTES + POINTER_BYTES) + ITEM_BYTES))
    full, rest = divmod(stored - 4, CHUNK_BYTES)
    chunks = [CHUNK_BYTES] * full + ([rest] if rest else [])
    return heap + _chunk_pages(chunks) * PAGE_BYTES + (1 + len(chunks)) * B_TREE_ENTRY_BYTES


def _chunk_pages(chunks: list[int], rows: int = 840) -> float:
    """Pages per row when chunks go on the current page, else on a new one; the pattern repeats well within rows."""
    sizes = [_aligned(TUPLE_HEADER_BYTES + 8 + 4 + size) + ITEM_BYTES for size in chunks] * rows
    pages, used = 1, 0
    for size in sizes:
        if used + size > HEAP_PAGE_BYTES:
            pages, used = pages + 1, 0
        used += size
    return pages / rows


def _each(size: Callable[[float, float], float], dimensions: Value, links: Value) -> Array:
    """A size of whole numbers for each pair, once per distinct pair."""
    pairs = np.stack(np.broadcast_arrays(np.asarray(dimensions, float), np.asarray(links, float)), axis=-1).round()
    distinct, where = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    found: Array = np.array([size(d, m) for d, m in distinct])[where].reshape(pairs.shape[:-1])
    return found
