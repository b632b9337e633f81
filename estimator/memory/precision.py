"""Which dtype each kind of tensor has, derived from the setup."""

import re
from functools import lru_cache

from estimator.memory.setup import TrainingSetup
from estimator.record import record

BYTES = {"bf16": 2.0, "fp16": 2.0, "fp32": 4.0}
CURRENT_TRANSFORMERS = 5.0
OLD_TRANSFORMERS = 4.44
NEW_TORCH = 2.05
ENGINES = ("zero1", "zero2", "zero3")
"""DeepSpeed casts the whole model to 16 bits itself and runs without autocast."""
_VERSION = re.compile(r"transformers\D{0,3}(\d+)\.(\d+)")
_TORCH = re.compile(r"\btorch\D{0,3}(\d+)\.(\d+)")


@record
class Precision:
    """Bytes per element of each kind of tensor, and the switches that follow from them."""

    trains_base: bool
    quantized: bool
    autocast: bool
    weights: float
    """Of 16- or 32-bit base weights. [B]"""
    compute: float
    """Of matrix products. [B]"""
    stream: float
    """Of the residual stream. [B]"""
    norm_out: float
    """Of what a norm hands to the linear layers. [B]"""
    norms: float
    """Of frozen norm weights. [B]"""
    embeddings: float
    """Of embedding and LM head weights. [B]"""
    adapters: float
    wide_linear: bool
    """Quantized layers return fp32 because their input is fp32."""


@lru_cache(maxsize=256)
def transformers_version(framework: str) -> float:
    """Major and minor version named in a free text, as major + minor/100; the current one if nothing is named.

    Where only torch is named, a torch before 2.5 (October 2024) means a transformers of its time.

    Args:
        framework: E.g. "torch 2.4.1, transformers 4.45.2". [text]

    Returns:
        Comparable version. [1]

    Source: definition.

    >>> transformers_version("torch 2.4.1, transformers 4.45.2"), transformers_version("")
    (4.45, 5.0)
    """
    for pattern in (_VERSION, _TORCH):
        match = pattern.search(framework)
        if match:
            version = int(match[1]) + int(match[2]) / 100.0
            if pattern is _VERSION:
                return version
            return CURRENT_TRANSFORMERS if version >= NEW_TORCH else OLD_TRANSFORMERS
    return CURRENT_TRANSFORMERS


def precision_of(setup: TrainingSetup, *, float_norm: bool, layer_norm: bool = False) -> Precision:
    """Dtypes of a setup.

    Args:
        setup: Training configuration.
        float_norm: The family's norm casts back to the dtype of its input.
        layer_norm: The family uses LayerNorm, which autocast runs in fp32.

    Returns:
        Bytes per element. [B]

    Source: PEFT `prepare_model_for_kbit_training`, TRL `peft_module_casting_to_bf16`, PyTorch autocast rules.
    """
    own_loop = setup.sharding in ENGINES and setup.weights_dtype != "fp32"
    sharded_kbit = setup.quantization != "none" and setup.sharding == "fsdp"
    return _precision(
        setup.method == "full",
        setup.quantization != "none",
        setup.autocast != "none" and not (own_loop or sharded_kbit),
        BYTES[setup.weights_dtype],
        BYTES[setup.weights_dtype if own_loop else setup.adapter_dtype],
        "none" if sharded_kbit else setup.kbit_preparation,
        float_norm,
        layer_norm,
        setup.sharding == "fsdp",
    )


@lru_cache(maxsize=256)
def _precision(
    full: bool,
    quantized: bool,
    autocast: bool,
    weights: float,
    adapters: float,
    preparation: str,
    float_norm: bool,
    layer_norm: bool,
    fsdp: bool,
) -> Precision:
    compute = BYTES["bf16"] if autocast else weights
    if fsdp and full and autocast:  # FSDP casts the gathered shard itself, so the block sees 16-bit weights only
        autocast = False
    embeddings = BYTES["fp32"] if preparation == "peft" else weights
    norms = BYTES["fp32"] if preparation != "none" else weights
    float_out = layer_norm and (autocast or quantized)  # quantized layers are run under autocast in practice
    wide = (float_out and quantized) or preparation == "peft" or (preparation == "trl" and not float_norm)
    stream = BYTES["fp32"] if wide else compute if fsdp and full else weights
    return Precision(
        trains_base=full,
        quantized=quantized,
        autocast=autocast,
        weights=weights,
        compute=compute,
        stream=stream,
        norm_out=BYTES["fp32"] if float_out else stream,
        norms=norms,
        embeddings=embeddings,
        adapters=adapters,
        wide_linear=quantized and wide,
    )
