"""A published throughput as the inputs of the step-time model."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from estimator.catalog import Catalog
from estimator.errors import InputError
from estimator.memory import TrainingSetup
from estimator.training import Parallelism, Precision, Stack
from estimator.training.hardware import Kernel
from estimator.validation.described import described_architecture
from estimator.validation.reader import Reader
from estimator.validation.time_layout import Checkpointing, Sharding, Stated, TimeCase, completed, usual_chunks

STACKS: tuple[tuple[str, Stack], ...] = (
    (r"llm\.?[qc]\b|c\+\+", "fused_cpp"),
    (r"deepspeed|composer|foundry|\beager\b", "eager"),
    (r"automodel", "compiled"),
    (r"megatron|nemo|nvidia|ngc|mxnet|transformer.?engine|llmboost|primus|modelopt", "megatron"),
    (r"liger|foak|fused|unsloth", "fused"),
    (r"titan|compile|torchtune|maxtext|jax|levanter|neuron|optimum|tpu|xla", "compiled"),
)
"""Framework as a user names it → stack class; the first match counts, and what none matches is eager PyTorch."""
METHODS = ("pretrain", "pretraining", "full", "sft", "lora", "qlora", "dora")
LOSSES: Mapping[Stack, Literal["eager", "fused_kernel", "fused_linear"]] = {
    "eager": "eager",
    "fused": "fused_linear",
    "compiled": "fused_kernel",
    "megatron": "fused_kernel",
    "fused_cpp": "fused_linear",
}
"""How a software class makes the loss."""
UNSTATED_LENGTH = 2048
"""Sequence of a run whose length is not stated. [token]"""
SECOND_GENERATION = "2024-07"
"""From here on frameworks ship FlashAttention-2 (arXiv:2307.08691) by default."""


def time_case(case: Mapping[str, Any], *, catalog: Catalog) -> TimeCase:
    """Inputs of the model from one case.

    Args:
        case: A case with `architecture` and `setup`.
        catalog: Where the accelerator is looked up.

    Returns:
        The inputs. [1]

    Raises:
        EstimatorError: the case cannot be described to the model; the message says why.

    Source: definition.
    """
    setup = case.get("setup") or {}
    if not isinstance(setup, Mapping):
        raise InputError(f"{case['id']}: setup: {setup!r:.40} is not a mapping; give method, gpu, seq_len")
    reader = Reader(str(case["id"]), setup)
    architecture = described_architecture(str(case.get("model", case["id"])), case.get("architecture") or {})
    accelerator = catalog.accelerator(reader.text("gpu"))
    gpus = reader.count("gpus") or _split(reader, 1).model_ranks
    precision = _precision(reader.text("precision", ""))
    stack = _stack(reader, precision)
    split = _split(reader, architecture.layers if stack == "megatron" else 1)
    if gpus % split.model_ranks:
        split = Parallelism(expert=split.expert)
    nodes, seq_len = reader.count("nodes"), reader.count("seq_len")
    known = TimeCase(
        architecture=architecture,
        setup=_setup(reader, gpus, split, stack),
        accelerator=accelerator,
        micro_batch=float(reader.count("micro_batch")),
        seq_len=float(seq_len or UNSTATED_LENGTH),
        gpus_per_node=max(1, gpus // nodes) if nodes else min(gpus, accelerator.devices_per_node),
        stack=stack,
        precision=precision,
        parallelism=split,
        attention_kernel=_kernel(reader.text("attention", ""), str(case.get("as_of", ""))),
        assumed=() if seq_len else ("seq_len",),
    )
    stated = Stated(
        global_batch=reader.count("global_batch"),
        parallelism=bool(reader.mapping("parallelism")),
        checkpointing=_checkpointing(reader.text("checkpointing", "")),
    )
    return completed(known, stated)


def _split(reader: Reader, layers: int) -> Parallelism:
    """Degrees as stated; a pipeline whose interleaving is not stated runs small chunks."""
    part = Reader(reader.name, reader.mapping("parallelism"))
    pipeline = part.count("pp") or 1
    return Parallelism(
        tensor=part.count("tp") or 1,
        pipeline=pipeline,
        context=part.count("cp") or 1,
        expert=part.count("ep") or 1,
        virtual_stages=part.count("vp") or usual_chunks(pipeline, layers),
    )


def _setup(reader: Reader, gpus: int, split: Parallelism, stack: Stack) -> TrainingSetup:
    method = reader.text("method", "full").lower()
    if method not in METHODS:
        raise InputError(f"{reader.name}: setup.method: {method!r} is not one of {', '.join(METHODS)}; correct it")
    attention = reader.text("attention", "").lower()
    return TrainingSetup(
        method="qlora" if method == "qlora" else "lora" if method == "lora" else "dora" if method == "dora" else "full",
        quantization=_quantization(method, reader.text("precision", "").lower()),
        attention="eager" if re.search(r"eager|non.?flash|math", attention) else "flash",
        cross_entropy=LOSSES[stack],
        gpus=gpus,
        sharding=_sharding(reader, gpus, split, stack),
        offload=_offload(reader.text("offload", "none").lower()),
    )


def _sharding(reader: Reader, gpus: int, split: Parallelism, stack: Stack) -> Sharding:
    part = Reader(reader.name, reader.mapping("parallelism"))
    zero = part.count("zero")
    if gpus <= split.tensor * split.pipeline:
        return "none"
    if zero == 3 or (part.count("fsdp") > 1 and not zero):
        return "fsdp"
    if zero:
        return "zero2" if zero == 2 else "zero1"
    return "zero1" if stack == "megatron" else "ddp"


def _offload(text: str) -> Literal["none", "params", "optimizer", "activations", "all"]:
    if text in ("", "none", "false", "no"):
        return "none"
    if "optim" in text:
        return "all" if "param" in text else "optimizer"
    return "params" if "param" in text or "weight" in text else "activations" if "activ" in text else "all"


def _quantization(method: str, precision: str) -> Literal["none", "nf4_dq", "gptq_int4", "gptq_int8"]:
    if method != "qlora":
        return "none"
    if "gptq" in precision or "int4" in precision:
        return "gptq_int4"
    return "gptq_int8" if "int8" in precision or "8bit" in precision else "nf4_dq"


def _precision(text: str) -> Precision:
    low = text.lower()
    if "fp8" in low or "float8" in low:
        return "fp8_rowwise" if "rowwise" in low else "fp8"
    if "fp4" in low and "bnb" not in low:  # bitsandbytes' fp4 is a storage format
        return "fp4"
    return "fp16" if low.startswith("fp16") else "bf16"


def _stack(reader: Reader, precision: Precision) -> Stack:
    name = reader.text("framework", "").lower()
    found: Stack | None = next((stack for pattern, stack in STACKS if re.search(pattern, name)), None)
    if found is None and precision in ("fp8", "fp4"):
        return "megatron"  # eight-bit matmuls come from Transformer Engine unless a compiler is named
    return found or "eager"


def _kernel(attention: str, as_of: str) -> Kernel:
    """FlashAttention without a version number, in tables read before its successor was the default."""
    return "flash1" if attention.lower() in ("flash", "flash1") and "" < as_of < SECOND_GENERATION else "usual"


def _checkpointing(text: str) -> Checkpointing | None:
    low = text.lower()
    if not low:
        return None
    if low in ("none", "false", "no", "off"):
        return "none"
    if "select" in low or "elementwise" in low:
        return "selective"
    return "offloaded" if "offload" in low else "full"
