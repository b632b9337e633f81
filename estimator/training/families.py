"""What the plan search chooses from: device counts, sharding, checkpointing, offload, splits of the model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from estimator.catalog.types import Architecture, GpuOffer
from estimator.memory.setup import Method, TrainingSetup
from estimator.record import record
from estimator.training.parallel import Parallelism
from estimator.units import Value

Sharding = Literal["none", "ddp", "zero1", "zero2", "zero3", "fsdp"]
Checkpointing = Literal["none", "selective", "full"]
Offload = Literal["none", "optimizer", "params"]

FULL_SHARDINGS: tuple[Sharding, ...] = ("ddp", "zero1", "zero2", "zero3", "fsdp")
ADAPTER_SHARDINGS: tuple[Sharding, ...] = ("ddp", "zero3", "fsdp")  # ZeRO-1 and -2 split states adapters hardly have
SPLIT_SHARDINGS: tuple[Sharding, ...] = ("ddp", "zero1")  # what tensor and pipeline splits are combined with
WHOLE_SHARDINGS = ("zero3", "fsdp")
TENSOR_DEGREES = (2, 4, 8)
PIPELINE_DEGREES = (1, 2, 4)
NODE_DEVICES = 8  # instances of this size or more come with the network fabric of their class
OWNED = "owned"
"""Provider name of bought hardware."""


@record(kw_only=True)
class Family:
    """Plans that differ only in the offer and the micro-batch."""

    method: Method = "lora"
    gpus: int = 1
    """Devices of the job. [count]"""
    sharding: Sharding = "none"
    checkpointing: Checkpointing = "none"
    offload: Offload = "none"
    tensor: int = 1
    """Devices that share each layer. [count]"""
    pipeline: int = 1
    """Stages the layers are spread over. [count]"""

    @property
    def replicas(self) -> int:
        """Data-parallel copies of the model. [count]."""
        return self.gpus // self.ranks

    @property
    def ranks(self) -> int:
        """Devices that hold one copy of the model. [count]."""
        return self.tensor * self.pipeline

    @property
    def split(self) -> Parallelism:
        """How the model is split."""
        return Parallelism(tensor=self.tensor, pipeline=self.pipeline)


def families(
    *,
    method: Method,
    gpu_counts: Sequence[int],
    shardings: Sequence[Sharding] | None = None,
    checkpointings: Sequence[Checkpointing] = ("none", "full"),
    offloads: Sequence[Offload] | None = None,
    model_parallel: bool = False,
) -> list[Family]:
    """Every sensible combination of device count, sharding, checkpointing, offload and model split.

    Args:
        method: Fine-tuning method.
        gpu_counts: Device counts to search. [count]
        shardings: Shardings over data-parallel copies; None takes those that differ for the method.
        checkpointings: Kinds of recomputation.
        offloads: What may live on the host; None takes those that differ for the method.
        model_parallel: Whether layers may be split over devices.

    Returns:
        The families. [1]

    Source: definition; tensor splits stay inside a node (Narayanan et al. 2021, arXiv:2104.04473, section 5.4).

    >>> len(families(method="lora", gpu_counts=(1, 2), offloads=("none",)))
    8
    """
    full = method == "full"
    moved: Sequence[Offload] = offloads or (("none", "optimizer", "params") if full else ("none", "params"))
    found = []
    for gpus in gpu_counts:
        for tensor, pipeline in _splits(gpus, model_parallel):
            for sharding in _shardings(gpus // (tensor * pipeline), tensor * pipeline > 1, full, shardings):
                found += [
                    Family(
                        method=method,
                        gpus=gpus,
                        sharding=sharding,
                        checkpointing=checkpointing,
                        offload=offload,
                        tensor=tensor,
                        pipeline=pipeline,
                    )
                    for checkpointing in checkpointings
                    for offload in moved
                    if _may_offload(offload, sharding, tensor * pipeline)
                ]
    return found


def _splits(gpus: int, model_parallel: bool) -> Iterator[tuple[int, int]]:
    yield 1, 1
    if not model_parallel:
        return
    for pipeline in PIPELINE_DEGREES if gpus > NODE_DEVICES else (1,):
        for tensor in TENSOR_DEGREES:
            if gpus % (tensor * pipeline) == 0:
                yield tensor, pipeline


def _shardings(replicas: int, is_split: bool, full: bool, wanted: Sequence[Sharding] | None) -> tuple[Sharding, ...]:
    if replicas == 1:
        return ("none",)
    sensible = SPLIT_SHARDINGS if is_split else FULL_SHARDINGS if full else ADAPTER_SHARDINGS
    if wanted is None:
        return sensible
    return tuple(item for item in wanted if item in FULL_SHARDINGS and (not is_split or item in SPLIT_SHARDINGS))


def _may_offload(offload: Offload, sharding: Sharding, ranks: int) -> bool:
    """Split models stay on the devices; weights move to the host only where each device holds a shard or all."""
    whole = sharding in ("none", *WHOLE_SHARDINGS)
    return offload == "none" or (ranks == 1 and (offload == "optimizer" or whole))


def setup_of(
    *,
    family: Family,
    gpus: Value,
    rank: float,
    accumulation: Value,
    optimizer: str = "adamw_fused",
    targets: str | tuple[str, ...] = "all-linear",
) -> TrainingSetup:
    """The set-up a current Hugging Face script runs for a method.

    Args:
        family: Method, sharding, checkpointing, offload.
        gpus: Devices. [count]
        rank: LoRA rank. [count]
        accumulation: Micro-batches per optimizer step. [count]
        optimizer: Optimizer.
        targets: Modules that get an adapter.

    Returns:
        Full: bf16 weights and states. LoRA, DoRA: bf16 base, fp32 adapters. QLoRA: double-quantized NF4 base
        prepared by PEFT under bf16 autocast. [1]

    Source: PEFT and TRL documentation, defaults of `prepare_model_for_kbit_training` and `SFTTrainer`.
    """
    quantized = family.method == "qlora"
    return TrainingSetup(
        method=family.method,
        quantization="nf4_dq" if quantized else "none",
        autocast="bf16" if quantized else "none",
        kbit_preparation="peft" if quantized else "none",
        rank=rank,
        targets=targets,
        optimizer=optimizer,  # type: ignore[arg-type]  # checked by the scenario
        checkpointing=family.checkpointing,
        sharding=family.sharding,
        offload=family.offload,
        gradient_accumulation=accumulation,
        gpus=gpus,  # type: ignore[arg-type]  # the search asks for jobs of many sizes at once
    )


@lru_cache(maxsize=64)
def stage_of(architecture: Architecture, *, tensor: int, pipeline: int) -> Architecture:
    """The part of a model on one device: heads, feed-forward and vocabulary over t, layers over p, rounded up.

    Args:
        architecture: Whole model.
        tensor: t, devices that share each layer. [count]
        pipeline: p, stages. [count]

    Returns:
        Shape of the part. [count]

    Source: Shoeybi et al. 2019, arXiv:1909.08053, section 3; Narayanan et al. 2021, arXiv:2104.04473, section 2.
    """
    if tensor * pipeline == 1:
        return architecture

    def part(width: int) -> int:
        return -(-width // tensor)

    return replace(
        architecture,
        layers=-(-architecture.layers // pipeline),
        heads=part(architecture.heads),
        kv_heads=part(architecture.kv_heads),
        ffn=part(architecture.ffn),
        vocab=part(architecture.vocab),
        expert_ffn=part(architecture.expert_ffn),
        shared_expert_ffn=part(architecture.shared_expert_ffn),
        dense_layers=-(-architecture.dense_layers // pipeline),
    )


def cheapest_offers(offers: Sequence[GpuOffer], *, memory: Sequence[float]) -> list[GpuOffer]:
    """Offers that no other of the same accelerator, instance size and term beats in both price and server memory.

    Args:
        offers: All offers.
        memory: Memory of the server of each. [B]

    Returns:
        Cheapest first; each further one of a kind has more memory. [USD/h]

    Source: definition.
    """
    kept: list[GpuOffer] = []
    largest: dict[tuple[str, int, str, bool], float] = {}
    for offer, size in sorted(zip(offers, memory, strict=True), key=lambda item: item[0].usd_per_instance_hour):
        key = (offer.gpu, offer.gpus, offer.term, offer.provider == OWNED)
        if key not in largest or size > largest[key]:
            largest[key] = size
            kept.append(offer)
    return kept
