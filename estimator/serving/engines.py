"""Inference engines by generation: what one release costs per step, layer and sequence, and how it schedules."""

import re
from dataclasses import replace
from functools import lru_cache

from estimator.errors import InputError, did_you_mean
from estimator.record import record
from estimator.serving.fitted import ENGINE_FITS
from estimator.units import Value

DEFAULT_ENGINE = "vllm"


@record(kw_only=True)
class Engine:
    """One generation of an engine; numbers may be stacked arrays."""

    name: str
    generation: str
    """First release of the generation."""
    speed: Value
    """Matrix kernels beside those of the common physics. [1]"""
    layer_seconds: Value
    """Launches and gaps per layer and step. [s]"""
    step_seconds: Value
    """Scheduler and host work per step. [s]"""
    sequence_seconds: Value
    """Sampling and bookkeeping per sequence and step, at a vocabulary of 128,256. [s]"""
    largest_batch: Value = 2048.0
    """Sequences the scheduler runs at once by default. [count]"""
    memory_share: Value = 0.9
    """Of the device's memory, or of what is free after loading. [1]"""
    of_free: Value = 0.0
    """1: the memory share is of what is free beside the weights, 0: of all memory."""
    overlaps_launches: Value = 0.0
    """1: launches run beside the device (eager frameworks), 0: they add to it."""
    one_at_a_time: Value = 0.0
    """1: layers are split over GPUs of which one works at a time."""
    expands_cache: Value = 0.0
    """1: keys and values are copied and widened to all heads each step."""
    quantizes_cache: bool = False
    """The cache follows weights of 8 bit or less to 8 bit by default."""

    @property
    def label(self) -> str:
        """Name and generation, e.g. vllm@0.6."""
        return f"{self.name}@{self.generation}"


_TENSORRT = {"memory_share": 0.95, "of_free": 1.0, "quantizes_cache": True}
_EAGER = {"overlaps_launches": 1.0, "one_at_a_time": 1.0, "expands_cache": 1.0, "largest_batch": 256.0}
_TRAITS: dict[str, dict[str, float | bool]] = {
    "tensorrt-llm": _TENSORRT,
    "transformers": _EAGER,
    "vllm": {"largest_batch": 256.0},
    "lmdeploy": {"largest_batch": 256.0},
}
ALIASES = {
    "vllm": ("vllm",),
    "sglang": ("sglang",),
    "lmdeploy": ("lmdeploy", "turbomind"),
    "tgi": ("tgi", "text-generation-inference"),
    "tensorrt-llm": (
        "tensorrt",
        "tensorrtllm",
        "trtllm",
        "trt-llm",
        "triton",
        "tritonserver",
        "fastertransformer",
        "nim",
    ),
    "transformers": ("transformers", "huggingface", "hugging face", "hf"),
}
"""How people write an engine; the first that occurs in the text counts."""
OWN_NUMBERS = re.compile(r"\bnim\b")
"""Products whose releases are not those of the engine inside: the day decides."""
BORROWED = {"sglang": "vllm@0.8", "tgi": "vllm@0.3"}
"""Engines without measurements of their own take the constants of the nearest kin. Judgement."""
RELEASED = {
    "tensorrt-llm": (("2024-06", "0.10"), ("2025-03", "0.17")),
    "vllm": (("2024-01", "0.3"), ("2024-09", "0.6"), ("2025-04", "0.8")),
}
"""Month from which an unnamed version is taken to be of a generation, oldest first; before it the first one."""


def engines() -> tuple[Engine, ...]:
    """All generations, by engine and age.

    Returns:
        Engines with their constants. [1]

    Source: rows `serving.engine.*`.
    """
    return tuple(_all().values())


@lru_cache(maxsize=1)
def _all() -> dict[str, Engine]:
    found = {}
    for label, fitted in ENGINE_FITS.items():
        name, generation = label.split("@")
        traits: dict[str, Value | bool] = dict(_TRAITS[name])
        found[label] = Engine(name=name, generation=generation, **fitted, **traits)  # type: ignore[arg-type]
    for name, kin in BORROWED.items():
        found[f"{name}@0"] = replace(found[kin], name=name, generation="0")
    return found


def engine_of(written: str = DEFAULT_ENGINE, *, version: str | None = None, on: str | None = None) -> Engine:
    """The generation that an engine and its version belong to.

    The version may stand behind an @ or be left out: then the day decides, and without a day the newest counts.

    Args:
        written: Engine as people write it, e.g. vllm@0.6, TensorRT-LLM, NIM. [text]
        version: Release, e.g. 0.6.3. [text]
        on: ISO day of the measurement. [text]

    Returns:
        The newest generation not younger than the version. [1]

    Raises:
        InputError: no such engine, or no release behind the @.

    Source: release notes of the engines for what changed between generations.

    >>> engine_of("vLLM@0.6.3").label, engine_of("TensorRT-LLM", version="v0.9.0").label
    ('vllm@0.6', 'tensorrt-llm@0.5')
    """
    text, _, behind = written.lower().partition("@")
    name = _name(text)
    if name is None:
        known = [*ALIASES, *(label for label in _all())]
        raise InputError(
            f"engine: {written!r} is not one of {', '.join(ALIASES)}{did_you_mean(text, known)}; "
            "add a version behind @, e.g. vllm@0.6"
        )
    if behind and _release(behind) is None:
        raise InputError(f"engine: {written!r} names no release behind @; give e.g. vllm@0.6, or leave it out")
    family = [item for item in _all().values() if item.name == name]
    if OWN_NUMBERS.search(text):
        version, behind = None, ""
    release = _release(version or behind or ("0.5" if re.search("triton|faster", text) else ""))
    if release is None and name in RELEASED and on:
        before = [generation for month, generation in RELEASED[name] if on >= month]
        return next(item for item in family if item.generation == (before[-1] if before else family[0].generation))
    older = [item for item in family if release is None or _order(item.generation) <= release]
    return older[-1] if older else family[0]


def _name(text: str) -> str | None:
    def occurs(form: str) -> bool:
        return re.search(rf"(?<![a-z]){form}(?!(?!v\d)[a-z])", text) is not None

    return next((name for name, forms in ALIASES.items() if any(occurs(form) for form in forms)), None)


def _release(text: str) -> tuple[int, ...] | None:
    found = re.search(r"v?(\d+(?:\.\d+)*)", text)
    if not found:
        return None
    return _order(found[1])


def _order(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))[:2]
