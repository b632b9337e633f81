"""Every index format that can be sized, by name: bytes on disk and bytes resident while it answers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from estimator.errors import InputError, did_you_mean
from estimator.record import record
from estimator.retrieval.layouts import (
    CODES,
    Sized,
    diskann_file,
    extra_levels,
    faiss_flat,
    faiss_graph,
    faiss_lists,
    hnswlib_file,
    lists_by_codes,
    pairs_of_codes,
    usearch_file,
)
from estimator.retrieval.postgres import hnsw_bytes, ivfflat_bytes
from estimator.retrieval.shape import Shape
from estimator.units import Value

HNSWLIB_FIXED_BYTES = 2.73e6  # 65,536 label locks and allocator
HNSWLIB_SLACK_BYTES = 6.2
FAISS_FIXED_BYTES = 0.92e6
FAISS_GRAPH_SLACK_BYTES = 5.5
USEARCH_SLACK_BYTES = 115.0

Kind = Literal["graph", "lists", "flat", "disk", "vendor"]


@record
class Format:
    """How large an index is and where it lives."""

    kind: Kind
    stored: Sized
    """File or pages. [B]"""
    resident: Sized
    """Memory while serving. [B]"""
    keeps_vectors: bool = True
    """The index holds vectors in full precision; else they are kept beside it to rerank and rebuild."""
    trained: bool = False
    code: str = "fp32"
    note: str = ""


def _plus(sized: Sized, *, each: float = 0.0, fixed: float = 0.0, table: Sized | None = None) -> Sized:
    return lambda s, n: sized(s, n) + each * n + fixed + (table(s, n) if table is not None else 0.0)


def _hnswlib_memory(s: Shape, n: Value) -> Value:
    """Ground level, and per element a mutex and a node of the label table."""
    each = 4 * s.dimensions + 8 * s.links + 108 + extra_levels(s.links) * (4 * s.links + 4) + 16 / s.links
    return n * (each + HNSWLIB_SLACK_BYTES) + HNSWLIB_FIXED_BYTES


def _faiss() -> dict[str, Format]:
    found: dict[str, Format] = {}
    for name, code in CODES.items():
        full, learns = name == "fp32", name.startswith(("sq", "pq", "rabitq"))
        suffix = "" if full else f"_{name}"
        flat, lists = faiss_flat(code), faiss_lists(code, keeps_training=name != "rabitq")
        table = lists_by_codes if name == "pq" else None
        flat_name = "faiss_flat" if full else f"faiss_{name}"
        found[flat_name] = Format("flat", flat, _plus(flat, fixed=FAISS_FIXED_BYTES), full, learns, name)
        in_lists = _plus(lists, fixed=FAISS_FIXED_BYTES, table=table)
        found[f"faiss_ivf{suffix or '_flat'}"] = Format("lists", lists, in_lists, full, trained=True, code=name)
        if name != "rabitq":
            graph = faiss_graph(code, binary=name == "binary")
            pairs = pairs_of_codes if name == "pq" else None
            in_graph = _plus(graph, each=FAISS_GRAPH_SLACK_BYTES, fixed=FAISS_FIXED_BYTES, table=pairs)
            found[f"faiss_hnsw{suffix}"] = Format("graph", graph, in_graph, full, learns, name)
    return found


def _usearch() -> dict[str, Format]:
    found: dict[str, Format] = {}
    for name, code, bits in (("", "fp32", 32), ("_fp16", "fp16", 16), ("_i8", "sq8", 8), ("_binary", "binary", 1)):
        file = usearch_file(bits)
        found[f"usearch{name}"] = Format(
            "graph", file, _plus(file, each=USEARCH_SLACK_BYTES), not name, trained=False, code=code
        )
    return found


def _pages(sized: Sized, kind: Kind, *, full: bool, trained: bool = False) -> Format:
    return Format(kind, sized, sized, full, trained, note="pages are cached in memory to answer quickly")


def _vendor(memory: Sized, stored: Sized | None = None, *, full: bool = True, note: str) -> Format:
    return Format("vendor", stored or memory, memory, full, note=note)


def _lucene(name: str, code: Sized, *, full: bool) -> Format:
    def memory(s: Shape, n: Value) -> Value:
        return code(s, n) + n * 4 * s.links

    return _vendor(memory, memory, full=full, note=f"Elastic's sizing page for {name}; off-heap memory, links included")


_VENDORS: dict[str, Format] = {
    "elastic": _lucene("float", lambda s, n: n * 4 * s.dimensions, full=True),
    "elastic_int8": _lucene("int8", lambda s, n: n * (s.dimensions + 4), full=False),
    "elastic_int4": _lucene("int4", lambda s, n: n * (s.dimensions / 2 + 4), full=False),
    "elastic_bbq": _lucene("bbq", lambda s, n: n * (s.dimensions / 8 + 14), full=False),
    "qdrant": _vendor(lambda s, n: n * 1.5 * 4 * s.dimensions, note="Qdrant's rule of thumb, metadata included"),
    "weaviate": _vendor(lambda s, n: n * 2.0 * 4 * s.dimensions, note="Weaviate's rule of thumb, twice the vectors"),
    "milvus": _vendor(
        lambda s, n: n * (4 * s.dimensions + 8 * s.links), note="vectors and ground-level links; segments come on top"
    ),
    "opensearch": _vendor(
        lambda s, n: n * 1.1 * (4 * s.dimensions + 8 * s.links), note="OpenSearch's k-NN memory estimate"
    ),
    "opensearch_fp16": _vendor(
        lambda s, n: n * 1.1 * (2 * s.dimensions + 8 * s.links), full=False, note="OpenSearch's k-NN memory estimate"
    ),
    "opensearch_byte": _vendor(
        lambda s, n: n * 1.1 * (s.dimensions + 8 * s.links), full=False, note="OpenSearch's k-NN memory estimate"
    ),
    "scylladb": _vendor(
        lambda s, n: n * 1.2 * (4 * s.dimensions + 16 * s.links), note="ScyllaDB's sizing page, headroom included"
    ),
}

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "hnswlib": Format("graph", hnswlib_file, _hnswlib_memory),
        **_faiss(),
        **_usearch(),
        "diskann": Format(
            "disk",
            diskann_file,
            lambda s, n: n * s.code_bytes + 4 * s.centroids * s.dimensions,
            trained=True,
            note="the graph stays on disk; memory holds one product-quantized code per vector",
        ),
        "pgvector": _pages(hnsw_bytes(32), "graph", full=True),
        "pgvector_halfvec": _pages(hnsw_bytes(16), "graph", full=False),
        "pgvector_bit": _pages(hnsw_bytes(1), "graph", full=False),
        "pgvector_ivfflat": _pages(ivfflat_bytes(32), "lists", full=True, trained=True),
        "pgvector_ivfflat_halfvec": _pages(ivfflat_bytes(16), "lists", full=False, trained=True),
        **_VENDORS,
    }
)
"""Index formats by name."""

_PLAIN = {name.replace("_", ""): name for name in FORMATS}
_ALIASES = {"elasticsearch": "elastic", "faissivf": "faiss_ivf_flat", "pgvectorhnsw": "pgvector", "faiss": "faiss_hnsw"}


def format_name(system: str) -> str:
    """The name of a format, however it is hyphenated.

    Args:
        system: Name as written. [1]

    Returns:
        Name in `FORMATS`. [1]

    Raises:
        InputError: unknown format.

    Source: definition.

    >>> format_name("faiss-ivfpq")
    'faiss_ivf_pq'
    """
    plain = system.lower().replace("_", "").replace("-", "").replace(" ", "")
    found = _PLAIN.get(plain) or _ALIASES.get(plain)
    if found is None:
        near = did_you_mean(system, FORMATS) or f"; known: {', '.join(FORMATS)}"
        raise InputError(f"retrieval.index: unknown index {system!r}{near}")
    return found
