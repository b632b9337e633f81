"""A published throughput as the inputs of the step-time model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal, get_args

from estimator.catalog import Catalog
from estimator.catalog.types import Accelerator, Architecture
from estimator.errors import EstimatorError, InputError
from estimator.memory import DEFAULT_MARGIN, TrainingSetup, fit, largest_micro_batch, parameter_count, training_peak
from estimator.training import Parallelism, Precision, Stack
from estimator.training.hardware import Kernel
from estimator.validation.described import described_architecture

STACKS: tuple[tuple[str, Stack], ...] = (
    (r"llm\.?[qc]\b|c\+\+", "fused_cpp"),
    (r"deepspeed|composer|foundry|\beager\b", "eager"),
    (r"automodel", "compiled"),
    (r"megatron|nemo|nvidia|ngc|mxnet|transformer.?engine|llmboost|primus|modelopt", "megatron"),
    (r"liger|foak|fused|unsloth", "fused"),
    (r"titan|compile|torchtune|maxtext|jax|levanter|neuron|optimum|tpu|xla", "compiled"),
)
"""Framework as a user names it → stack class; the first match counts, and what none matches is eager PyTorch."""
Checkpointing = Literal["none", "selective", "full", "offloaded"]
ACCUMULATION = 1
"""Micro-batches per step of an adaptation run whose global batch is not stated. [count]"""
LARGEST_MICRO_BATCH = 64
SECOND_GENERATION = "2024-07"
"""From here on frameworks ship FlashAttention-2 (arXiv:2307.08691) by default."""
MOST_TENSOR_RANKS = 8
LAYERS_PER_CHUNK = 2
"""Layers of a virtual pipeline stage where the source does not say, as in NVIDIA's recipes (1 to 5). [count]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCase:
    """Inputs of the step-time model for one published run."""

    architecture: Architecture
    setup: TrainingSetup
    accelerator: Accelerator
    micro_batch: float
    seq_len: float
    gpus_per_node: int
    stack: Stack
    precision: Precision
    parallelism: Parallelism
    attention_kernel: Kernel
    assumed: tuple[str, ...]
    """What the source does not say. [text]"""


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
    reader = _Reader(str(case["id"]), setup)
    architecture = described_architecture(str(case.get("model", case["id"])), case.get("architecture") or {})
    accelerator = catalog.accelerator(reader.text("gpu"))
    gpus = reader.count("gpus") or _split(reader, 1).model_ranks
    precision = _precision(reader.text("precision", ""))
    stack = _stack(reader, precision)
    split = _split(reader, architecture.layers if stack == "megatron" else 1)
    if gpus % split.model_ranks:
        split = Parallelism(expert=split.expert)
    nodes = reader.count("nodes")
    known = TimeCase(
        architecture=architecture,
        setup=_setup(reader, gpus, split, stack),
        accelerator=accelerator,
        micro_batch=float(reader.count("micro_batch")),
        seq_len=float(reader.need("seq_len")),
        gpus_per_node=max(1, gpus // nodes) if nodes else min(gpus, accelerator.devices_per_node),
        stack=stack,
        precision=precision,
        parallelism=split,
        attention_kernel=_kernel(reader.text("attention", ""), str(case.get("as_of", ""))),
        assumed=(),
    )
    return _accumulated(_completed(_placed(known, reader), reader), reader)


def _placed(case: TimeCase, reader: "_Reader") -> TimeCase:
    """Where the source states no split: the smallest one that holds the model and leaves each replica a sequence."""
    if reader.mapping("parallelism") or case.stack != "megatron":
        return case
    gpus, shape = case.setup.gpus, case.architecture
    batch = reader.count("global_batch") or gpus
    for ranks in (2**power for power in range(gpus.bit_length())):
        tensor = min(ranks, MOST_TENSOR_RANKS)
        more = ranks // tensor
        for split in (Parallelism(tensor=tensor, context=more), _piped(tensor, more, shape.layers)):
            if gpus % ranks or shape.heads % tensor or gpus / ranks > batch:
                continue
            found = replace(case, parallelism=split, assumed=(*case.assumed, "parallelism"))
            if _megatron_bytes(found) <= case.accelerator.usable_memory_bytes:
                return found
    return case


def _piped(tensor: int, pipeline: int, layers: int) -> Parallelism:
    chunks = max(1, layers // (LAYERS_PER_CHUNK * pipeline)) if pipeline > 1 else 1
    return Parallelism(tensor=tensor, pipeline=pipeline, virtual_stages=chunks)


def _megatron_bytes(case: TimeCase) -> float:
    """Weights, gradients, sharded Adam and 34 bytes of activations per token, layer and hidden unit."""
    split, shape = case.parallelism, case.architecture
    count = parameter_count(architecture=shape).total
    replicas = max(1, case.setup.gpus // split.model_ranks)
    trained = case.setup.method == "full"
    weights = (
        count
        / (split.tensor * split.pipeline)
        * (6.0 + 12.0 / replicas if trained else 1.0 if case.precision == "fp8" else 2.0)
    )
    tokens = max(case.micro_batch, 1.0) * case.seq_len / (split.tensor * split.context)
    return weights + 34.0 * tokens * shape.hidden * shape.layers


def _completed(case: TimeCase, reader: "_Reader") -> TimeCase:
    """Checkpointing and micro-batch as users of the framework choose them: the largest that fits, saved memory first."""
    checkpointing = _checkpointing(reader.text("checkpointing", "unstated"))
    assumed = tuple(
        name for name, absent in (("micro_batch", not case.micro_batch), ("checkpointing", not checkpointing)) if absent
    )
    stated = bool(reader.mapping("parallelism"))
    keeps: tuple[Checkpointing, ...] = ("none",) if case.stack == "megatron" else ("none", "full")
    shardings = ("ddp", "fsdp") if case.setup.sharding == "ddp" and not stated else (case.setup.sharding,)
    found = case
    for sharding, choice in product(shardings, (checkpointing,) if checkpointing else keeps):
        setup = replace(case.setup, checkpointing=choice, sharding=sharding)
        found = replace(case, setup=setup, assumed=(*case.assumed, *assumed))
        size = case.micro_batch or float(_largest(found, reader))
        found = replace(found, micro_batch=max(size, 1.0))
        if size and _fits(found):
            break
    return found


def _on_one_device(case: TimeCase) -> tuple[Architecture, TrainingSetup, float]:
    """The slice of the model, the data-parallel set-up and the tokens that one device of a replica holds."""
    split = case.parallelism
    ranks = split.tensor * split.pipeline
    shape = case.architecture
    if ranks > 1 or split.expert > 1:
        held = max(1, split.tensor)
        shape = replace(
            shape,
            layers=max(1, shape.layers // split.pipeline),
            dense_layers=0,
            heads=max(1, shape.heads // held),
            kv_heads=max(1, shape.kv_heads // held),
            ffn=max(1, shape.ffn // held),
            vocab=max(1, shape.vocab // held),
            experts=max(shape.experts_per_token, shape.experts // split.expert),
        )
    return shape, replace(case.setup, gpus=max(1, case.setup.gpus // ranks)), case.seq_len / split.context


def _largest(case: TimeCase, reader: "_Reader") -> int:
    shape, setup, tokens = _on_one_device(case)
    if case.parallelism.pipeline > 1:
        return 1  # many small micro-batches keep the bubble short
    ranks = max(1, case.setup.gpus // case.parallelism.model_ranks)
    limit = max(1, min(LARGEST_MICRO_BATCH, (reader.count("global_batch") or LARGEST_MICRO_BATCH * ranks) // ranks))
    return largest_micro_batch(
        architecture=shape,
        setup=setup,
        seq_len=tokens,
        accelerator=case.accelerator,
        margin=DEFAULT_MARGIN,
        limit=limit,
    )


def _fits(case: TimeCase) -> bool:
    shape, setup, tokens = _on_one_device(case)
    flights = float(case.parallelism.pipeline)  # micro-batches a first stage keeps until the last stage is through
    peak = training_peak(architecture=shape, setup=setup, micro_batch=case.micro_batch * flights, seq_len=tokens)
    return fit(peak=peak, accelerator=case.accelerator, margin=DEFAULT_MARGIN).fits


def _accumulated(case: TimeCase, reader: "_Reader") -> TimeCase:
    replicas = max(1, case.setup.gpus // case.parallelism.model_ranks)
    batch = reader.count("global_batch")
    times = (
        max(1.0, batch / (case.micro_batch * replicas))
        if batch
        else float(max(ACCUMULATION, case.parallelism.pipeline))
    )
    return replace(case, setup=replace(case.setup, gradient_accumulation=times))


def _split(reader: "_Reader", layers: int) -> Parallelism:
    """Degrees as stated; a pipeline whose interleaving is not stated runs small chunks."""
    part = _Reader(reader.name, reader.mapping("parallelism"))
    usual = max(1, layers // (LAYERS_PER_CHUNK * max(1, part.count("pp"))))
    return Parallelism(
        tensor=part.count("tp") or 1,
        pipeline=part.count("pp") or 1,
        context=part.count("cp") or 1,
        expert=part.count("ep") or 1,
        virtual_stages=part.count("vp") or (usual if part.count("pp") > 1 else 1),
    )


def _setup(reader: "_Reader", gpus: int, split: Parallelism, stack: Stack) -> TrainingSetup:
    method = reader.text("method", "full").lower()
    if method not in ("pretrain", "pretraining", "full", "sft", "lora", "qlora", "dora"):
        raise InputError(f"{reader.name}: setup.method: {method!r} is not one of pretrain, full, lora, qlora, dora")
    adapted: Literal["lora", "qlora", "dora"] | None = next((m for m in ("qlora", "lora", "dora") if m == method), None)  # type: ignore[assignment]  # narrowed by the comparison
    return TrainingSetup(
        method=adapted or "full",
        quantization=_quantization(method, reader.text("precision", "").lower()),
        targets="all-linear",
        attention="eager" if re.search(r"eager|non.?flash|math", reader.text("attention", "").lower()) else "flash",
        cross_entropy="fused_linear"
        if stack in ("fused", "fused_cpp")
        else "fused_kernel"
        if stack != "eager"
        else "eager",
        gpus=gpus,
        sharding=_sharding(reader, gpus, split, stack),
        offload=_offload(reader.text("offload", "none").lower()),
        optimizer="adamw_fused",
    )


def _sharding(
    reader: "_Reader", gpus: int, split: Parallelism, stack: Stack
) -> Literal["none", "ddp", "zero1", "zero2", "zero3", "fsdp"]:
    part = _Reader(reader.name, reader.mapping("parallelism"))
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
    low = text.lower().replace("/bnb-nf4", "")
    if "fp8" in low or "float8" in low:
        return "fp8_rowwise" if "rowwise" in low else "fp8"
    if "fp4" in low:
        return "fp4"
    return "fp16" if low.startswith("fp16") else "bf16"


def _stack(reader: "_Reader", precision: Precision) -> Stack:
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
    if low in ("unstated", ""):
        return None
    if low in ("none", "false", "no", "off"):
        return "none"
    if "select" in low or "elementwise" in low:
        return "selective"
    return "offloaded" if "offload" in low else "full"


class _Reader:
    """Typed access to a loosely filled mapping."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        self.name, self._given = name, given

    def mapping(self, key: str) -> Mapping[str, Any]:
        value = self._given.get(key) or {}
        if not isinstance(value, Mapping):
            raise InputError(f"{self.name}: setup.{key}: {value!r:.40} is not a mapping; give tp, pp, dp …")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self._given.get(key)
        if value is None:
            if default is None:
                raise InputError(f"{self.name}: setup.{key} is missing; give it")
            return default
        return str(value)

    def need(self, key: str) -> int:
        return self.count(key) or self._missing(key)

    def count(self, key: str) -> int:
        """A whole number from 1; 0 where it is absent or not a size."""
        value = self._given.get(key)
        if value is None or isinstance(value, bool):
            return 0
        try:
            number = int(float(value))
        except (TypeError, ValueError, OverflowError):
            raise InputError(f"{self.name}: setup.{key}: {value!r:.40} is no whole number; correct it") from None
        return max(0, number)

    def _missing(self, key: str) -> int:
        raise InputError(f"{self.name}: setup.{key} is missing or 0; give a whole number from 1")


__all__ = ["STACKS", "EstimatorError", "TimeCase", "get_args", "time_case"]
