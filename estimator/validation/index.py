"""Vector indexes: bytes per vector on disk and in memory beside files that were built and measured."""

import math
import re
from collections.abc import Mapping
from typing import Any

from estimator.errors import EstimatorError, InputError
from estimator.report.numbers import error_percent
from estimator.retrieval import Shape, format_name, index_size
from estimator.retrieval.postgres import table_bytes_per_vector
from estimator.validation.scores import Scored, Skipped, Validation, summary_rows

Case = Mapping[str, Any]

CODES = {
    **dict.fromkeys(("", "flat", "fp32", "f32", "float32"), ""),
    **dict.fromkeys(("fp16", "f16", "sqfp16", "half"), "_fp16"),
    **dict.fromkeys(("bf16", "sqbf16"), "_bf16"),
    **{name: f"_{name}" for name in ("sq8", "sq6", "sq4", "pq", "rabitq", "binary")},
}
"""How measured files name the codes of faiss."""
USEARCH = {
    **dict.fromkeys(("f32", "fp32"), "usearch"),
    **dict.fromkeys(("f16", "fp16", "bf16"), "usearch_fp16"),
    **dict.fromkeys(("i8", "e5m2"), "usearch_i8"),
    **dict.fromkeys(("b1", "bits", "binary"), "usearch_binary"),
}
PGVECTOR = {
    **dict.fromkeys(("hnsw", "hnsw_vector"), "pgvector"),
    "hnsw_halfvec": "pgvector_halfvec",
    "hnsw_bit": "pgvector_bit",
    **dict.fromkeys(("ivfflat", "ivfflat_vector"), "pgvector_ivfflat"),
    "ivfflat_halfvec": "pgvector_ivfflat_halfvec",
}
ELEMENT_BITS = {"vector": 32.0, "halfvec": 16.0, "bit": 1.0}


def validate_index(cases: tuple[Case, ...]) -> Validation:
    """Predict every measured index.

    Args:
        cases: Rows with lib, kind, n, d and, where they matter, M, m, nlist, nbits; measured: serialized_bytes or
            ser_per_vec on disk, rss_per_vec in memory (right after building; after a reload where lib
            ends in it), table_bytes_per_vec of a PostgreSQL table. [B]

    Returns:
        Disk as the cases; memory and tables as groups of their own in `memory` and `table`. [B/vector]

    Source: definition.
    """
    found: dict[str, list[Scored]] = {"disk": [], "memory": [], "table": []}
    skipped: list[Skipped] = []
    for case in cases:
        flat = {**case, **_part(case, "setup"), **_part(case, "measured")}
        try:
            scored = _score(flat)
        except EstimatorError as error:
            skipped.append(Skipped(str(case["id"]), str(error)))
            continue
        if not scored:
            skipped.append(Skipped(str(case["id"]), "nothing was measured: no serialized_bytes, rss_per_vec or table"))
        for kind, item in scored.items():
            found[kind].append(item)
    disk = _validation(tuple(found["disk"]), tuple(skipped))
    apart = {kind: _apart(tuple(found[kind])) for kind in ("memory", "table") if found[kind]}
    notes = tuple(_note(kind, data) for kind, data in apart.items())
    return _validation(disk.scored, disk.skipped, extra=apart, notes=notes)


def _validation(
    scored: tuple[Scored, ...],
    skipped: tuple[Skipped, ...] = (),
    *,
    extra: Mapping[str, Any] | None = None,
    notes: tuple[str, ...] = (),
) -> Validation:
    return Validation(
        kind="index",
        unit="bytes per vector on disk",
        predicted_key="predicted_bytes_per_vector",
        measured_key="measured_bytes_per_vector",
        scored=scored,
        skipped=skipped,
        groupings=((), ("lib",), ("lib", "kind")),
        extra=extra or {},
        notes=notes,
    )


def _apart(scored: tuple[Scored, ...]) -> dict[str, Any]:
    """Cases and errors of what is not a file on disk."""
    data = _validation(scored)
    return {"cases": data.to_dict()["cases"], "summary": summary_rows(data)}


def _note(kind: str, data: Mapping[str, Any]) -> str:
    what = {"memory": "Resident memory, not disk", "table": "PostgreSQL table with TOAST and key, not the index"}[kind]
    groups = "; ".join(
        f"{row['group']} {error_percent(row['median'])} median, {error_percent(row['p90'])} p90 (n {row['n']})"
        for row in data["summary"]
        if row["by"] in {"all", "lib"}
    )
    return f"{what}: {groups}."


def _part(case: Case, name: str) -> Mapping[str, Any]:
    part = case.get(name)
    return part if isinstance(part, Mapping) else {}


def _score(case: Case) -> dict[str, Scored]:
    vectors = _number(case, "n")
    lib, kind = str(case.get("lib") or ""), str(case.get("kind") or "")
    system, shape = _format(case, lib, kind)
    size = index_size(system=system, vectors=vectors, shape=shape)
    file = _maybe(case, "serialized_bytes")
    resident = size.memory_bytes if lib.lower().endswith("reload") else size.fresh_bytes
    predicted = {"disk": float(size.file_bytes) / vectors, "memory": float(resident) / vectors}
    measured = {
        "disk": file / vectors if file is not None else _maybe(case, "ser_per_vec"),
        "memory": _maybe(case, "rss_per_vec"),
        "table": _maybe(case, "table_bytes_per_vec"),
    }
    if system.startswith("pgvector"):
        bits = ELEMENT_BITS.get(kind.rsplit("_", 1)[-1], 32.0)
        predicted["table"] = float(table_bytes_per_vector(dimensions=shape.dimensions, element_bits=bits))
    weight = _maybe(case, "weight")
    return {
        what: Scored(
            id=str(case["id"]),
            predicted=predicted[what],
            measured=value,
            weight=1.0 if weight is None else weight,
            groups={"lib": lib, "kind": kind},
            facts={"format": system, "n": vectors, "d": float(shape.dimensions)},
        )
        for what, value in measured.items()
        if value is not None and what in predicted
    }


def _format(case: Case, lib: str, kind: str) -> tuple[str, Shape]:
    """Format and shape of a case; parameters stand in columns or, like `IVF_pq96` and `disk_R32`, in the kind."""
    family = re.split(r"[ @_-]", lib.lower().strip())[0]
    lower = kind.lower().strip().replace(",", "_")
    code_count, bits = _maybe(case, "m"), _maybe(case, "nbits") or 8.0
    links = _maybe(case, "M")
    if spelled := re.search(r"pq(\d+)(?:x(\d+))?", lower):
        code_count = float(spelled[1])
        bits = float(spelled[2]) if spelled[2] else bits
        lower = lower.replace(spelled[0], "pq")
    lists = _maybe(case, "nlist") or 0.0
    if numbered := re.match(r"(binary_?)?(hnsw|ivf)(\d+)", lower):
        links = links or (float(numbered[3]) if numbered[2] == "hnsw" else None)
        lists = lists or (float(numbered[3]) if numbered[2] == "ivf" else 0.0)
        lower = lower.replace(numbered[2] + numbered[3], numbered[2], 1)
    if degree := re.search(r"_?r(\d+)$", lower):
        links = links or float(degree[1])
    if family == "hnswlib":
        system = "hnswlib"
    elif family == "faiss":
        system = _faiss(lower)
    elif family == "usearch":
        system = _named(USEARCH, lower, kind)
    elif family == "pgvector":
        system = _named(PGVECTOR, lower, kind)
    elif family in {"diskann", "diskannpy"}:
        system = "diskann"
    else:
        raise InputError(f"lib {lib!r} is not one that can be sized from a file layout")
    if "pq" in system and code_count is None:
        raise InputError(f"kind {kind!r} needs m, the number of codes")
    return system, Shape(
        dimensions=_number(case, "d"),
        links=links or (32.0 if system == "diskann" else 16.0),
        code_bytes=math.ceil((code_count or 96.0) * bits / 8.0),
        code_bits=bits,
        lists=lists,
    )


def _faiss(kind: str) -> str:
    """Name of a faiss format: structure, then code, in either order for binary ones."""
    parts = [part for part in re.split(r"[_ ]|(binary|hnsw|ivf)", kind) if part]
    structure = next((part for part in parts if part in {"hnsw", "ivf"}), "")
    codes = [part for part in parts if part not in {"hnsw", "ivf", "flat"}]
    if len(codes) > 1 or not set(codes) <= set(CODES):
        raise InputError(f"kind {kind!r} of faiss is not one that can be sized")
    suffix = CODES[codes[0]] if codes else ""
    if structure == "hnsw":
        return format_name(f"faiss_hnsw{suffix}")
    if structure == "ivf":
        return format_name(f"faiss_ivf{suffix or '_flat'}")
    return format_name(f"faiss{suffix or '_flat'}")


def _named(names: Mapping[str, str], lower: str, kind: str) -> str:
    if lower not in names:
        raise InputError(f"kind {kind!r} is not one that can be sized; known: {', '.join(names)}")
    return names[lower]


def _maybe(case: Case, key: str) -> float | None:
    value = case.get(key)
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{key}: {value!r} is not a number") from None
    if not math.isfinite(number) or number < 0:
        raise InputError(f"{key}: {value!r} is not a finite number of at least 0")
    return number


def _number(case: Case, key: str) -> float:
    value = _maybe(case, key)
    if not value:
        raise InputError(f"{key}: missing or 0; give a number above 0")
    return value
