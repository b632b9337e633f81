"""Which configurations are run: first one of each kind for every shape, then one change at a time."""

from collections.abc import Iterator, Mapping
from typing import Any

Setup = dict[str, Any]
USUAL: Mapping[str, Any] = {
    "method": "full",
    "quantization": "none",
    "weights_dtype": "bf16",
    "autocast": "none",
    "precision": "bf16",
    "optimizer": "adamw",
    "micro_batch": 2,
    "seq_len": 1024,
    "sequence_is_cap": False,
    "checkpointing": "none",
    "attention": "sdpa",
    "attention_mask": False,
    "cross_entropy": "eager",
    "compile": False,
    "packing": True,
    "gpus": 1,
    "sharding": "none",
    "offload": "none",
}
LORA: Mapping[str, Any] = {
    "method": "lora",
    "lora_rank": 16,
    "lora_targets": "all-linear",
    "lora_dropout": 0.0,
    "adapter_dtype": "fp32",
    "kbit_preparation": "none",
}
QLORA: Mapping[str, Any] = {**LORA, "method": "qlora", "quantization": "nf4_dq"}
RECOMPUTED: Mapping[str, Any] = {"checkpointing": "full"}
KINDS: tuple[Mapping[str, Any], ...] = (
    {},
    RECOMPUTED,
    LORA,
    {**LORA, **RECOMPUTED},
    QLORA,
    {**QLORA, **RECOMPUTED},
)
CHANGES: tuple[Mapping[str, Any], ...] = (
    {"attention": "eager"},
    {"optimizer": "adamw_fused"},
    {"optimizer": "sgd"},
    {"optimizer": "adamw_8bit"},
    {"cross_entropy": "fused_linear"},
    {"cross_entropy": "fused_linear", **RECOMPUTED},
    {"weights_dtype": "fp32", "autocast": "bf16"},
    {"micro_batch": 1, "seq_len": 512},
    {"micro_batch": 8},
    {"micro_batch": 1, "seq_len": 4096},
    {"micro_batch": 1, "seq_len": 8192, **RECOMPUTED},
    {**LORA, "micro_batch": 8, **RECOMPUTED},
    {**LORA, "attention": "eager"},
    {**LORA, "lora_rank": 64},
    {**LORA, "adapter_dtype": "bf16"},
    {**LORA, "lora_targets": ["q_proj", "v_proj"]},
    {**LORA, "method": "dora"},
    {**QLORA, "kbit_preparation": "peft", "autocast": "bf16", **RECOMPUTED},
)
LARGE = "llama-8b"
"""Too large to train whole on one device with 80 GB."""
MEDIUM = ("llama-1b", "qwen3-2b", "neox-1b", "qwen3-moe-3b")
VARIED = ("llama-1b", "qwen3-2b")
"""Shapes on which one choice at a time is changed."""
TINY = "tiny-llama"
TINY_SIZES: Mapping[str, Any] = {"micro_batch": 2, "seq_len": 64}
SERVING: Mapping[str, Any] = {"engine": "transformers", "precision": "bf16", "gpus": 1, "engine_load": "batch"}
SERVED: tuple[Mapping[str, Any], ...] = tuple(
    {"batch": batch, "input_tokens": context, "output_tokens": 64}
    for batch, context in ((1, 512), (8, 512), (1, 4096), (32, 512), (8, 4096), (64, 1024), (1, 16384))
)
SERVED_TINY: tuple[Mapping[str, Any], ...] = tuple(
    {"batch": batch, "input_tokens": context, "output_tokens": 8} for batch, context in ((1, 32), (4, 64))
)


def training_runs(device: str) -> Iterator[tuple[str, Setup]]:
    """Shape and setup of every training run, in the order in which they are worth most."""
    if device == "cpu":
        for kind in (*KINDS[:4], {"attention": "eager"}, {"optimizer": "sgd"}):
            yield TINY, {**USUAL, **kind, **TINY_SIZES}
        return
    for kind in KINDS:
        for shape in MEDIUM:
            yield shape, {**USUAL, **kind}
    for kind in KINDS:
        if kind.get("method") and kind.get("checkpointing"):
            yield LARGE, {**USUAL, **kind}
    for change in CHANGES:
        for shape in VARIED:
            yield shape, {**USUAL, **change}


def serving_runs(device: str) -> Iterator[tuple[str, Setup]]:
    """Shape and setup of every serving probe."""
    for sizes in SERVED_TINY if device == "cpu" else SERVED:
        for shape in (TINY,) if device == "cpu" else (*MEDIUM, LARGE):
            yield shape, {**SERVING, **sizes}


def label(shape: str, setup: Mapping[str, Any]) -> str:
    """A name of a run: its shape and what departs from the usual.

    >>> label("llama-1b", {**USUAL, "micro_batch": 8, "checkpointing": "full"})
    'llama-1b micro_batch=8 checkpointing=full'
    """
    changes = (
        f"{key}={'+'.join(value) if isinstance(value, list) else value}"
        for key, value in setup.items()
        if {**USUAL, **SERVING}.get(key) != value
    )
    return " ".join((shape, *changes))
