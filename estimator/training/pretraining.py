"""What training the same base model from scratch would take."""

from collections.abc import Mapping, Sequence

import numpy as np

from estimator.catalog.types import Accelerator, Architecture, GpuOffer
from estimator.errors import InputError, did_you_mean
from estimator.memory import parameter_count
from estimator.memory.setup import TrainingSetup
from estimator.record import record
from estimator.training.parallel import Parallelism
from estimator.training.step import StepTime, step_time
from estimator.units import HOURS_PER_DAY, SECONDS_PER_HOUR, Value, central

TOKENS_PER_PARAMETER = 20.0  # Hoffmann et al. 2022, arXiv:2203.15556, table 3: compute-optimal training
REPLICA_BYTES_PER_WEIGHT = 6.0  # bf16 weight and fp32 gradient on every rank of a replica
SHARED_BYTES_PER_WEIGHT = 12.0  # fp32 master and moments, split over data-parallel ranks
STATE_SHARE = 0.6  # of device memory; the rest holds activations of one sequence
TENSOR_DEGREES = (1, 2, 4, 8)
PIPELINE_DEGREES = (1, 2, 4, 8, 16)
SEQ_LEN = 4096.0
BATCH_TOKENS = 4e6  # tokens per optimizer step, Llama 2 (Touvron et al. 2023, arXiv:2307.09288, section 2.2)
EFFECTIVE_SHARE = 0.9
"""Share of a long run's hours in which training goes forward, `training.effective_share`. [1]"""


@record(kw_only=True)
class Pretraining:
    """Tokens, work, time and price of one pretraining run."""

    tokens: Value
    flops: Value
    """Needed FLOPs without recomputation. [FLOP]"""
    gpu_hours: Value
    wall_days: Value
    usd: Value
    gpus: int
    offer: GpuOffer
    step: StepTime
    parallelism: Parallelism


def pretraining_tokens(*, parameters: Value) -> Value:
    """Compute-optimal token count: 20 · N.

    Args:
        parameters: N, active weights. [count]

    Returns:
        Tokens. [token]

    Source: Hoffmann et al. 2022, arXiv:2203.15556, table 3. Published models train on 10 to 100 times more.

    >>> pretraining_tokens(parameters=70e9)
    1400000000000.0
    """
    return TOKENS_PER_PARAMETER * parameters


def replica_split(*, architecture: Architecture, accelerator: Accelerator, gpus: int) -> Parallelism:
    """Smallest tensor, then pipeline degree at which weights, gradients and optimizer states fit.

    Args:
        architecture: Model shape.
        accelerator: The device.
        gpus: Devices of the job. [count]

    Returns:
        The split of one replica. [count]

    Raises:
        InputError: no split of the devices holds the model.

    Source: rule of Narayanan et al. 2021, arXiv:2104.04473, section 3 (tensor within a node, then pipeline).
    """
    weights = parameter_count(architecture=architecture).total
    budget = STATE_SHARE * accelerator.usable_memory_bytes
    for pipeline in PIPELINE_DEGREES:
        for tensor in TENSOR_DEGREES:
            ranks = tensor * pipeline
            if gpus % ranks:
                continue
            copies = gpus / ranks
            expert = min(TENSOR_DEGREES[-1], gpus // ranks) if architecture.is_moe else 1
            held = weights / ranks * (REPLICA_BYTES_PER_WEIGHT / expert + SHARED_BYTES_PER_WEIGHT / copies)
            if held <= budget:
                return Parallelism(tensor=tensor, pipeline=pipeline, expert=expert)
    raise InputError(
        f"gpus: {gpus} × {accelerator.name} cannot hold the training states of {architecture.name} "
        f"({weights / 1e9:.0f} B weights); give more GPUs or larger ones"
    )


def pretraining(
    *,
    architecture: Architecture,
    tokens: Value,
    offers: Sequence[GpuOffer],
    accelerators: Mapping[str, Accelerator],
    gpus: int = 512,
    gpu: str = "H100-SXM5-80GB",
    time_uncertainty: Value = 1.0,
) -> Pretraining:
    """Training from scratch in a Megatron-class stack: GPU-hours = D / (tokens/s per GPU) / 3600 / 0.9.

    Args:
        architecture: Model shape.
        tokens: D, training tokens; `pretraining_tokens` where unknown. [token]
        offers: GPU offers; the cheapest of `gpu` per device hour is taken.
        accelerators: Catalog by name.
        gpus: Devices. [count]
        gpu: Accelerator.
        time_uncertainty: Measured over predicted time. [1]

    Returns:
        Tokens, FLOPs, GPU-hours, days and price. [USD]

    Raises:
        InputError: no offer of `gpu`, or the model does not fit.

    Valid for: the compute of one successful run; no staff, data, or failed runs.
    Source: step-time model of this room; memory rule as in `replica_split`; 90 % of the time is effective training,
    Llama team 2024, arXiv:2407.21783, section 3.3.4.
    """
    priced = [offer for offer in offers if offer.gpu == gpu and offer.gpu in accelerators]
    if not priced:
        near = did_you_mean(gpu, sorted({offer.gpu for offer in offers}))
        raise InputError(f"gpu: no offer of {gpu!r} on that day{near}; choose a GPU with a price")
    offer = min(priced, key=lambda row: row.usd_per_gpu_hour)
    split = replica_split(architecture=architecture, accelerator=accelerators[gpu], gpus=gpus)
    replicas = gpus / split.model_ranks
    setup = TrainingSetup(
        method="full",
        checkpointing="selective",
        cross_entropy="fused_kernel",
        gpus=gpus,
        sharding="zero1",
        gradient_accumulation=max(1.0, BATCH_TOKENS / (SEQ_LEN * replicas)),
    )
    step = step_time(
        architecture=architecture,
        setup=setup,
        accelerator=accelerators[gpu],
        micro_batch=1.0,
        seq_len=SEQ_LEN,
        stack="megatron",
        parallelism=split,
    )
    rate = central(step.tokens_per_s_per_gpu)
    gpu_hours = np.asarray(tokens) / rate / SECONDS_PER_HOUR / EFFECTIVE_SHARE * time_uncertainty
    return Pretraining(
        tokens=tokens,
        flops=tokens * central(step.model_flops_per_gpu) / central(step.tokens_per_gpu),
        gpu_hours=gpu_hours,
        wall_days=gpu_hours / gpus / HOURS_PER_DAY,
        usd=gpu_hours * offer.usd_per_gpu_hour,
        gpus=gpus,
        offer=offer,
        step=step,
        parallelism=split,
    )
