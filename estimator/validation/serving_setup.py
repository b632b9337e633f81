"""From a published serving case to a replica under a load, also where keys are missing or names are unknown."""

import re
from collections.abc import Mapping
from typing import Any

from estimator.catalog import Architecture, load_catalog
from estimator.errors import EstimatorError, InputError
from estimator.memory import parameter_count
from estimator.record import record
from estimator.serving import Engine, Replica, engine_of, replica
from estimator.serving.constants import CACHE_BYTES

BILLION = 1e9
LARGEST = 1e12
"""Larger numbers are no description of a model or a run."""
NEAR = 0.03
"""Difference in parameters below which a catalog model of the same shape is the case's model. Judgement. [1]"""


@record(kw_only=True)
class ServingCase:
    """What was run."""

    on: Replica
    input_tokens: float
    output_tokens: float
    open_requests: float | None
    """Batch or concurrency; None where the engine was saturated. [count]"""
    together: bool
    """All requests start at once (a batch) and do not arrive one by one."""
    notes: tuple[str, ...]


def serving_case(case: Mapping[str, Any]) -> ServingCase:
    """A case as a replica and its load.

    Raises:
        InputError: it cannot be built; the message names the field.
    """
    setup, notes = case.get("setup") or {}, []
    if not isinstance(setup, Mapping):
        raise InputError("setup: not a mapping; give gpu, precision, input_tokens, output_tokens …")
    engine, known = _engine(setup, case)
    if not known:
        notes.append(f"unknown engine {setup.get('engine')!r} taken as {engine.label}")
    gpus, split, copied = _devices(setup)
    opened = _number(setup, "batch") or _number(setup, "concurrency")
    return ServingCase(
        on=replica(
            architecture=architecture_of(case),
            accelerator=load_catalog().accelerator(str(setup.get("gpu", ""))),
            gpus=gpus,
            precision=precision_of(str(setup.get("precision") or "bf16")),
            cache_bytes=_cache_bytes(setup),
            engine=engine,
            split=split,
            copies_weights=copied,
            widens_in_memory=_widens(str(setup.get("precision") or "")),
        ),
        input_tokens=_number(setup, "input_tokens") or 1.0,
        output_tokens=_needed(setup, "output_tokens"),
        open_requests=None if setup.get("engine_load") == "maximum" and not _number(setup, "batch") else opened,
        together=setup.get("engine_load") == "batch" or bool(_number(setup, "batch")),
        notes=tuple(notes),
    )


def _engine(setup: Mapping[str, Any], case: Mapping[str, Any]) -> tuple[Engine, bool]:
    name, version = str(setup.get("engine") or ""), setup.get("engine_version")
    day = str(case["as_of"]) if case.get("as_of") else None
    try:
        return engine_of(name, version=None if version is None else str(version), on=day), True
    except InputError:
        return engine_of(on=day), False


def _devices(setup: Mapping[str, Any]) -> tuple[int, int, bool]:
    """GPUs, tensor-parallel degree, and whether the rest are copies (data parallel) or stages."""
    written = setup.get("parallelism")
    ways: dict[str, int] = {}
    if isinstance(written, Mapping):
        ways = {
            key: int(value)
            for key, value in written.items()
            if isinstance(value, (int, float)) and 1 <= value < LARGEST
        }
    elif isinstance(written, str):
        ways = {key: int(number) for key, number in re.findall(r"(tp|pp|dp|ep|dep)\D?(\d+)", written.lower())}
    gpus = int(_number(setup, "gpus") or ways.get("tp", 1) * ways.get("pp", 1) * ways.get("dp", 1))
    data = ways.get("dp", ways.get("dep", 1))
    split = ways.get("tp") or max(gpus // (ways.get("pp", 1) * data), 1)
    return gpus, min(split, gpus), data > 1


def _cache_bytes(setup: Mapping[str, Any]) -> float | None:
    text = str(setup.get("kv_precision") or "").lower()
    return next((size for name, size in CACHE_BYTES.items() if name in text), 1.0 if "e4m3" in text else None)


def precision_of(text: str) -> str:
    """Precision of the weights from what people write.

    >>> [precision_of(name) for name in ("nvfp4", "AWQ-int4", "fp8-rowwise", "int8-weight-only", "fp16", "BF16")]
    ['fp4', 'int4', 'fp8', 'w8a16', 'fp16', 'bf16']
    """
    name = text.lower()
    found = [
        ("fp4", "fp4"),
        ("int8", "w8a16" if re.search("weight|gptq|w8a16", name) else "int8"),
        ("w8a8", "int8"),
        ("w8a16", "w8a16"),
        ("fp8|e4m3", "fp8"),
        ("int4|awq|gptq|w4|nf4|4.?bit", "int4"),
        ("fp16|float16|half|mixed", "fp16"),
    ]
    return next((precision for pattern, precision in found if re.search(pattern, name)), "bf16")


def _widens(precision: str) -> bool:
    """Formats of torchao are called weight-only; GPTQ and AWQ have kernels of their own."""
    return "weight-only" in precision.lower() and not re.search("gptq|awq", precision.lower())


def architecture_of(case: Mapping[str, Any]) -> Architecture:
    """The model of a case: a catalog model of the same shape, else the stated shape made to agree with its count.

    Raises:
        InputError: neither a shape nor a known name.
    """
    stated = case.get("architecture") or {}
    name = str(case.get("model") or "model")
    if not isinstance(stated, Mapping) or not all(_number(stated, key) for key in ("layers", "hidden", "heads")):
        try:
            return load_catalog().architecture(name)
        except EstimatorError:
            raise InputError(
                f"architecture: {name!r} is no catalog model and its shape lacks layers, hidden or heads"
            ) from None
    known = _catalog_model(stated)
    if known is not None:
        return known
    return _experts(name, stated) if _is_moe(stated) else _dense(name, stated)


def _is_moe(stated: Mapping[str, Any]) -> bool:
    active, total = _number(stated, "active_params_b"), _number(stated, "params_b")
    return bool(stated.get("moe") or _number(stated, "experts") or (active and total and active < 0.9 * total))


def _catalog_model(stated: Mapping[str, Any]) -> Architecture | None:
    total = _number(stated, "params_b")
    for name in load_catalog().architectures():
        model = load_catalog().architecture(name)
        same = (model.layers, model.hidden, model.heads) == tuple(
            int(_number(stated, key) or 0) for key in ("layers", "hidden", "heads")
        )
        if same and (not total or abs(parameter_count(architecture=model).total / total / BILLION - 1.0) < NEAR):
            return model
    return None


def _shape(name: str, stated: Mapping[str, Any], **more: Any) -> Architecture:
    hidden, heads = int(_needed(stated, "hidden")), int(_needed(stated, "heads"))
    fields: dict[str, Any] = {
        "name": name,
        "model_type": "llama",
        "layers": int(_needed(stated, "layers")),
        "hidden": hidden,
        "heads": heads,
        "kv_heads": int(_number(stated, "kv_heads") or heads),
        "head_dim": int(_number(stated, "head_dim") or max(hidden // heads, 1)),
        "ffn": int(_number(stated, "ffn") or 4 * hidden),
        "vocab": int(_number(stated, "vocab") or 32000),
        "max_positions": 131072,
        "sliding_window": int(_number(stated, "sliding_window") or 0),
        "sliding_share": float(stated.get("sliding_share") or (0.5 if stated.get("sliding_window") else 0.0)),
        "kv_lora_rank": int(_number(stated, "kv_lora_rank") or 0),
        "qk_rope_head_dim": int(_number(stated, "qk_rope_head_dim") or 0),
        "v_head_dim": int(_number(stated, "v_head_dim") or 0),
    }
    return Architecture(**(fields | more))


def _dense(name: str, stated: Mapping[str, Any]) -> Architecture:
    """Of gated or plain blocks and tied or separate heads, the shape nearest to the stated count."""
    shapes = [
        _shape(name, stated, gated_mlp=gated, tied_embeddings=tied) for gated in (True, False) for tied in (False, True)
    ]
    total = _number(stated, "params_b")
    if not total:
        return shapes[0]
    best = min(shapes, key=lambda shape: abs(parameter_count(architecture=shape).total - total * BILLION))
    missing = total * BILLION - parameter_count(architecture=best).total
    matrices = best.layers * best.hidden * (3 if best.gated_mlp else 2)
    width = max(round(best.ffn + missing / matrices), 1) if abs(missing) > NEAR * total * BILLION else best.ffn
    return _shape(name, stated, gated_mlp=best.gated_mlp, tied_embeddings=best.tied_embeddings, ffn=width)


def _experts(name: str, stated: Mapping[str, Any]) -> Architecture:
    """Experts that explain the stated totals: N = s + E x, N_a = s + k x."""
    total = _needed(stated, "params_b") * BILLION
    active = (_number(stated, "active_params_b") or _needed(stated, "params_b") / 4.0) * BILLION
    base = parameter_count(architecture=_shape(name, stated, ffn=1)).total
    layers, hidden = int(_needed(stated, "layers")), int(_needed(stated, "hidden"))
    each = 3.0 * layers * hidden * (_number(stated, "ffn") or 4.0 * hidden)
    experts = int(_number(stated, "experts") or max(round((total - base) / each), 2))
    chosen = int(_number(stated, "experts_per_token") or min(max(round((active - base) / each), 1), experts - 1))
    width = (total - active) / (experts - chosen) / (3.0 * layers * hidden)
    shared = max((active - base) / (3.0 * layers * hidden) - chosen * width, 0.0)
    return _shape(
        name,
        stated,
        experts=experts,
        experts_per_token=chosen,
        expert_ffn=max(round(width), 1),
        shared_expert_ffn=round(shared),
    )


def _number(given: Mapping[str, Any], key: str) -> float | None:
    value = given.get(key)
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value < LARGEST:
        return None
    return float(value)


def _needed(given: Mapping[str, Any], key: str) -> float:
    value = _number(given, key)
    if value is None:
        raise InputError(f"{key}: {given.get(key)!r} is no number above 0; the case needs it")
    return value
