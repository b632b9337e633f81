"""From what a user says about a run to a complete set-up: defaults of the method, checked values, no contradictions."""

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Literal, Union, get_args, get_origin

from estimator.errors import InputError, did_you_mean
from estimator.memory.setup import TrainingSetup
from estimator.units import Value

USUAL: Mapping[str, Mapping[str, Any]] = {
    "full": {},
    "lora": {},
    "dora": {},
    "qlora": {"quantization": "nf4_dq", "autocast": "bf16", "kbit_preparation": "peft"},
}
"""What a current script runs for a method where its user says nothing."""
LARGEST: Mapping[str, float] = {"rank": 65_536.0, "gpus": 100_000.0, "gradient_accumulation": 1e6}
LARGEST_NUMBER = 1e5
ZERO_UP = frozenset({"lora_dropout"})
LONGEST_TEXT = 200
WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
ADAPTER_CHOICES = ("rank", "targets", "modules_to_save", "adapter_dtype", "lora_dropout")
STATES = ("zero1", "zero2", "zero3", "fsdp")
"""Shardings that also make sense on one device, if the host holds what does not fit."""
PARAMETERS = ("zero3", "fsdp")


def choices() -> dict[str, str]:
    """Every choice of a set-up, with what it may be.

    Returns:
        Allowed values by field name. [text]

    Source: definition.

    >>> choices()["method"]
    'full, lora, qlora or dora'
    """
    return {field.name: _allowed(field.name, field.type) for field in fields(TrainingSetup)}


def usual_setup(**given: object) -> TrainingSetup:
    """The set-up a current script runs for a method, changed by what is given.

    Args:
        given: Fields of `TrainingSetup`; text is read as the type of the field.

    Returns:
        Full: bf16 weights and states. LoRA, DoRA: bf16 base, fp32 adapters. QLoRA: double-quantized NF4 base prepared
        by PEFT under bf16 autocast. Several devices: FSDP; parameters on the host: ZeRO-3. [1]

    Raises:
        InputError: an unknown field, a value outside its range, or values that contradict each other.

    Source: PEFT and TRL documentation, defaults of `prepare_model_for_kbit_training` and `SFTTrainer`.

    >>> usual_setup(method="qlora", rank="32").quantization, usual_setup(method="full", gpus=8).sharding
    ('nf4_dq', 'fsdp')
    """
    known = {field.name: field.type for field in fields(TrainingSetup)}
    for name in given:
        if name not in known:
            near = did_you_mean(name[:LONGEST_TEXT], known) or f"; give one of {', '.join(known)}"
            raise InputError(f"unknown choice {name[:40]!r}{near}")
    stated = {name: _parsed(name, known[name], value) for name, value in given.items() if value is not None}
    method = stated.get("method", "lora")
    setup = TrainingSetup(**{"sharding": _sharding(stated), **USUAL[method], **stated})
    for wrong, message in _contradictions(setup, stated):
        if wrong:
            raise InputError(message)
    return setup


def _sharding(stated: Mapping[str, Any]) -> str:
    if stated.get("offload") in ("params", "all"):
        return "zero3"
    split = math.prod(value for name, value in stated.items() if name.endswith("_parallel"))
    return "fsdp" if stated.get("gpus", 1) > split else "none"


def _contradictions(setup: TrainingSetup, stated: Mapping[str, Any]) -> list[tuple[bool, str]]:
    """What cannot be meant together, with the message."""
    full = setup.method == "full"
    quantized = setup.quantization != "none"
    adapters = next((name for name in ADAPTER_CHOICES if name in stated), "")
    alone = setup.gpus == 1
    host = setup.offload in ("params", "optimizer", "all")
    split = math.prod(int(getattr(setup, field.name)) for field in fields(setup) if field.name.endswith("_parallel"))
    return [
        (
            full and bool(adapters),
            f"{adapters}: full fine-tuning has no adapters; drop it or choose method lora, qlora or dora",
        ),
        (
            full and quantized,
            f"quantization: {setup.quantization} weights cannot be trained; choose none, or method qlora",
        ),
        (
            setup.method == "qlora" and not quantized,
            "quantization: none contradicts method qlora; choose nf4_dq, or method lora",
        ),
        (
            setup.kbit_preparation != "none" and not quantized,
            f"kbit_preparation: {setup.kbit_preparation} needs a quantized base; choose none, or method qlora",
        ),
        (
            setup.optimizer_in_backward and float(setup.gradient_accumulation) > 1.0,
            "optimizer_in_backward: gradients cannot accumulate then; choose gradient_accumulation 1",
        ),
        (
            alone and setup.sharding != "none" and not (host and setup.sharding in STATES),
            f"sharding: {setup.sharding} shares nothing on 1 GPU; give gpus 2 or more, or choose sharding none",
        ),
        (
            setup.gpus > split and setup.sharding == "none",
            f"sharding: none says nothing about {setup.gpus} GPUs; choose ddp, fsdp or another",
        ),
        (
            setup.gpus % split > 0,
            f"gpus: {setup.gpus} is not a multiple of the {split} devices of one replica; change gpus or the split",
        ),
        (
            setup.offload in ("params", "all") and setup.sharding not in PARAMETERS,
            f"offload: {setup.offload} needs sharding zero3 or fsdp, not {setup.sharding}; with fewer, choose "
            "offload optimizer or activations",
        ),
    ]


def _parsed(name: str, kind: Any, value: object) -> Any:
    """A value of the type of its field."""
    if get_origin(kind) is Literal:
        return _word(name, get_args(kind), value)
    reader = _READERS.get(kind)
    return _names(name, kind, value) if reader is None else reader(name, value)


def _word(name: str, allowed: tuple[str, ...], value: object) -> str:
    if value not in allowed:
        near = did_you_mean(str(value)[:LONGEST_TEXT], allowed)
        raise InputError(f"{name}: {str(value)[:40]!r} is not one of {', '.join(allowed)}{near}")
    return str(value)


def _switch(name: str, value: object) -> bool:
    found = value if isinstance(value, bool) else WORDS.get(str(value).lower())
    if found is None:
        raise InputError(f"{name}: {str(value)[:40]!r} is neither true nor false; give one of them")
    return found


def number(name: str, value: object, *, low: float, high: float, whole: bool = False) -> float:
    """A finite number in a range, from a number or from text.

    Args:
        name: What it is, for the message. [text]
        value: What was given.
        low: Least value allowed. [1]
        high: Largest value allowed. [1]
        whole: Whether it must be a whole number.

    Returns:
        The number. [1]

    Raises:
        InputError: it is no number, or outside the range.

    Source: definition.

    >>> number("rank", "16", low=1.0, high=100.0)
    16.0
    """
    try:
        found = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not low <= found <= high or (whole and found != int(found)):
        kind = "a whole number" if whole else "a number"
        raise InputError(f"{name}: {str(value)[:40]!r} is not {kind} from {low:g} to {high:g}; correct it")
    return found


def _count(name: str, value: object) -> int:
    return int(number(name, value, low=1.0, high=LARGEST.get(name, LARGEST_NUMBER), whole=True))


def _figure(name: str, value: object) -> float:
    if name in ZERO_UP:
        return number(name, value, low=0.0, high=0.999)
    return number(name, value, low=1.0, high=LARGEST.get(name, LARGEST_NUMBER), whole=True)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise InputError(f"{name}: {str(value)[:40]!r} is not a text of at most {LONGEST_TEXT} characters; shorten it")
    return value


def _names(name: str, kind: Any, value: object) -> str | tuple[str, ...]:
    """Module names, separated by commas; a single one stays text where the field takes text."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not parts or not all(isinstance(part, str) for part in parts):
        raise InputError(f"{name}: {str(value)[:40]!r} is not module names; give e.g. q_proj,v_proj")
    clean = tuple(_text(name, part.strip()) for part in parts)
    takes_text = get_origin(kind) in (Union, types.UnionType) and str in get_args(kind)
    return clean[0] if takes_text and isinstance(value, str) and len(clean) == 1 and clean[0] in PLAIN else clean


PLAIN = ("all-linear", "attention")
"""Targets that are no module names."""
_READERS: dict[Any, Callable[[str, object], Any]] = {
    bool: _switch,
    int: _count,
    float: _figure,
    Value: _figure,
    str: _text,
}


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _allowed(name: str, kind: Any) -> str:
    if get_origin(kind) is Literal:
        return _listed(get_args(kind))
    if kind is bool:
        return "true or false"
    if kind is str:
        return "text"
    if kind in (int, float, Value):
        return "0 to below 1" if name in ZERO_UP else f"1 to {LARGEST.get(name, LARGEST_NUMBER):g}"
    return "module names, separated by commas"
