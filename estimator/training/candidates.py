"""What the plan search chooses from, and the form of its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from estimator.catalog.types import GpuOffer
from estimator.memory.setup import Method, TrainingSetup
from estimator.units import Value

Sharding = Literal["none", "ddp", "fsdp"]
Checkpointing = Literal["none", "full"]

SHARDINGS: dict[bool, tuple[Sharding, ...]] = {False: ("none",), True: ("ddp", "fsdp")}
CHECKPOINTINGS: tuple[Checkpointing, ...] = ("none", "full")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One memory-feasible plan with its hours and price per run."""

    gpu: str
    provider: str
    instance: str
    gpus: int
    """Devices that compute. [count]"""
    instances: int
    """Whole instances paid. [count]"""
    method: Method
    sharding: Sharding
    checkpointing: Checkpointing
    micro_batch: int
    gradient_accumulation: int
    needed_bytes: float
    """Peak per device with the safety margin. [B]"""
    usable_bytes: float
    """What a framework can allocate on the device. [B]"""
    tokens_per_s: float
    """Of the whole job, central case. [token/s]"""
    hours_per_run: Value
    usd_per_run: Value
    offer: GpuOffer

    @property
    def gpu_hours_per_run(self) -> Value:
        """Device hours paid per run, idle devices of an instance included. [h]."""
        return self.hours_per_run * self.instances * self.offer.gpus


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The cheapest plan that fits, what it was compared with, and why the others lost."""

    chosen: Candidate | None
    considered: tuple[Candidate, ...]
    """Best plan of each GPU type, cheapest first."""
    rejected: tuple[tuple[str, str], ...]
    """GPU type and what it lacks, nearest miss first."""
    reason: str
    """Why the plan was chosen, or what the nearest miss lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Plans that differ only in the offer and the micro-batch."""

    gpus: int
    sharding: Sharding
    checkpointing: Checkpointing


def families(gpu_counts: Sequence[int]) -> list[Family]:
    """Every combination of device count, sharding and checkpointing.

    Args:
        gpu_counts: Device counts to search. [count]

    Returns:
        The families. [1]

    Source: definition.

    >>> len(families((1, 2)))
    6
    """
    return [
        Family(gpus=gpus, sharding=sharding, checkpointing=checkpointing)
        for gpus in gpu_counts
        for sharding in SHARDINGS[gpus > 1]
        for checkpointing in CHECKPOINTINGS
    ]


def setup_of(*, method: Method, rank: float, family: Family, accumulation: Value) -> TrainingSetup:
    """The set-up a current Hugging Face script runs for a method.

    Args:
        method: Fine-tuning method.
        rank: LoRA rank. [count]
        family: Device count, sharding and checkpointing.
        accumulation: Micro-batches per optimizer step. [count]

    Returns:
        Full: bf16 weights and states. LoRA, DoRA: bf16 base, fp32 adapters. QLoRA: double-quantised NF4 base
        prepared by PEFT under bf16 autocast. [1]

    Source: PEFT and TRL documentation, defaults of `prepare_model_for_kbit_training` and `SFTTrainer`.
    """
    quantised = method == "qlora"
    return TrainingSetup(
        method=method,
        quantization="nf4_dq" if quantised else "none",
        autocast="bf16" if quantised else "none",
        kbit_preparation="peft" if quantised else "none",
        rank=rank,
        checkpointing=family.checkpointing,
        sharding=family.sharding,
        gradient_accumulation=accumulation,
        gpus=family.gpus,
    )


def cheapest_offers(offers: Sequence[GpuOffer]) -> list[GpuOffer]:
    """The cheapest offer of each accelerator and instance size.

    Args:
        offers: All offers.

    Returns:
        At most one offer per pair. [USD/h]

    Source: definition.
    """
    best: dict[tuple[str, int], GpuOffer] = {}
    for offer in offers:
        key = (offer.gpu, offer.gpus)
        if key not in best or offer.usd_per_instance_hour < best[key].usd_per_instance_hour:
            best[key] = offer
    return list(best.values())
