"""Memory, step and hours of one plan; arrays of devices and micro-batches, and rows of offers, give many at once."""

from functools import lru_cache

import numpy as np

from estimator.catalog.types import Accelerator, Architecture, GpuOffer
from estimator.memory import lora_parameters, parameter_count, training_peak
from estimator.memory.peak import Peak
from estimator.training.families import NODE_DEVICES, Family, setup_of, stage_of
from estimator.training.hardware import Hardware, hardware
from estimator.training.job import JobHours, checkpoint_bytes, evaluation_share, forward_share, job_hours
from estimator.training.spec import Job
from estimator.training.step import StepTime, combine
from estimator.training.work import Work, work
from estimator.units import SECONDS_PER_HOUR, Value, central

DOWNLOADED_BYTES = 2.0  # of a weight: models come in 16 bits and are quantized on arrival
QUANTISED_BYTES = 0.5  # of a weight in NF4
RECOMPUTED = {"none": 0.0, "selective": 0.5, "full": 1.0}


def device_peak(*, job: Job, family: Family, gpus: Value, micro_batch: Value) -> Peak:
    """Peak memory of one device of a plan.

    Args:
        job: What is trained, central case.
        family: Discrete choices.
        gpus: Devices of the job. [count]
        micro_batch: Sequences per data-parallel copy and pass. [count]

    Returns:
        Bytes by phase. [B]

    Source: `training_peak` of the part of the model a device holds; a pipeline stage keeps as many micro-batches in
    flight as there are stages (Narayanan et al. 2021, arXiv:2104.04473, section 2.2).
    """
    setup = setup_of(
        family=family,
        gpus=gpus / family.ranks,
        rank=central(job.rank),
        accumulation=2.0,
        optimizer=job.optimizer,
        targets=job.targets,
    )
    part = stage_of(job.architecture, tensor=family.tensor, pipeline=family.pipeline)
    rows = micro_batch * float(family.pipeline)
    return training_peak(architecture=part, setup=setup, micro_batch=rows, seq_len=job.row_tokens)


def host_bytes(*, job: Job, family: Family) -> float:
    """Host memory of the whole job: states of the trained weights, and the model itself where it lives on the host.

    Args:
        job: What is trained, central case.
        family: Discrete choices.

    Returns:
        Bytes over all servers; 0 without offload. [B]

    Source: Ren et al. 2021, arXiv:2101.06840, section 3 (states), plus the stored weights.
    """
    if family.offload == "none":
        return 0.0
    weights, adapters = _weights(job.architecture, central(job.rank), job.targets)
    states = job.host_bytes_trained * (weights if family.method == "full" else adapters)
    stored = QUANTISED_BYTES if family.method == "qlora" else DOWNLOADED_BYTES
    return states + (stored * weights if family.offload == "params" else 0.0)


def server_bytes(*, job: Job, offer: GpuOffer) -> float:
    """Memory of one server of an offer: its own where it is known, else the usual one per device.

    Args:
        job: What is trained, and what is known of servers.
        offer: The offer.

    Returns:
        Bytes. [B]

    Source: rows of `pricing/host_memory.csv` and `pricing/constants/training_job.csv`.
    """
    return job.server_bytes.get((offer.provider, offer.instance), job.host_bytes_per_gpu * offer.gpus)


def plan_work(*, job: Job, family: Family, gpus: Value, micro_batch: Value, accumulation: Value) -> Work:
    """FLOPs and bytes one device of a plan spends on one micro-batch.

    Args:
        job: What is trained, central case.
        family: Discrete choices.
        gpus: Devices of the job. [count]
        micro_batch: Rows per data-parallel copy and pass. [count]
        accumulation: Micro-batches per optimizer step. [count]

    Returns:
        The work. [FLOP, B]

    Source: step-time model; rows of packed examples count as more, shorter sequences.
    """
    attended = job.lengths.attended_tokens(micro_batch)
    rows = micro_batch * job.row_tokens / attended if job.lengths.packing else micro_batch
    setup = setup_of(
        family=family,
        gpus=gpus,
        rank=central(job.rank),
        accumulation=accumulation,
        optimizer=job.optimizer,
        targets=job.targets,
    )
    return work(
        architecture=job.architecture,
        setup=setup,
        micro_batch=rows,
        seq_len=attended,
        parallelism=family.split,
        stack=job.stack,
        constants=job.constants,
    )


def plan_step(
    *, job: Job, family: Family, gpus: Value, devices: Hardware, micro_batch: Value, accumulation: Value
) -> StepTime:
    """Itemised seconds of one micro-batch of a plan.

    Args:
        job: What is trained, central case.
        family: Discrete choices.
        gpus: Devices of the job. [count]
        devices: Rates; rows price many devices at once.
        micro_batch: Rows per data-parallel copy and pass. [count]
        accumulation: Micro-batches per optimizer step. [count]

    Returns:
        Seconds by part. [s]

    Source: step-time model.
    """
    load = plan_work(job=job, family=family, gpus=gpus, micro_batch=micro_batch, accumulation=accumulation)
    bubble = family.split.bubble(accumulation)
    return combine(
        load=load, device=devices, stack=job.stack, bubble_share=bubble, constants=job.constants, ranged=True
    )


def device_of(*, offer: GpuOffer, accelerator: Accelerator, gpus: Value, job: Job) -> Hardware:
    """Rates of one device of an offer in a job of some size.

    Args:
        offer: Instance; small ones come without the network fabric of their class.
        accelerator: The device.
        gpus: Devices of the job. [count]
        job: What is trained.

    Returns:
        Rates. [FLOP/s, B/s]

    Source: definition.
    """
    return hardware(
        accelerator=accelerator,
        gpus=gpus,
        gpus_per_node=np.minimum(offer.gpus, gpus),
        stack=job.stack,
        precision="bf16",
        constants=job.constants,
        network_bytes_per_s=job.constants.network_plain if offer.gpus < NODE_DEVICES else None,
    )


@lru_cache(maxsize=64)
def _weights(architecture: Architecture, rank: float, targets: str | tuple[str, ...]) -> tuple[float, float]:
    """All weights of a model and those of its adapters."""
    adapters = lora_parameters(architecture=architecture, rank=rank, targets=targets)
    return float(parameter_count(architecture=architecture).total), float(np.asarray(adapters))


def plan_hours(
    *, job: Job, family: Family, gpus: Value, tokens: Value, tokens_per_s: Value, instances: Value, is_spot: Value
) -> JobHours:
    """Itemised hours of one run of a plan; draws of the job give draws of hours.

    Args:
        job: What is trained, and its overheads.
        family: Discrete choices.
        gpus: Devices of the job. [count]
        tokens: Worked through in the run, padding included. [token]
        tokens_per_s: Of the whole job. [token/s]
        instances: Instances that must all stay alive. [count]
        is_spot: 1 where the instances are interruptible, else 0. [1]

    Returns:
        Hours by part. [h]

    Source: `job_hours`.
    """
    over, full = job.overheads, family.method == "full"
    weights, adapters = _weights(job.architecture, central(job.rank), job.targets)
    share = over.evaluation_share
    if share is None:
        share = evaluation_share(
            passes=over.evaluations,
            examples=over.evaluation_examples,
            trained_examples=job.examples * job.epochs,
            forward_share=forward_share(base_trained=full, recompute=RECOMPUTED[family.checkpointing]),
        )
    size = checkpoint_bytes(weights=weights, trained_weights=adapters, base_trained=full)
    evictions = over.spot_interruptions_per_hour * instances * is_spot
    return job_hours(
        tokens=tokens,
        tokens_per_s=tokens_per_s,
        time_uncertainty=over.time_uncertainty,
        startup_hours=over.startup_hours,
        loading_hours=DOWNLOADED_BYTES * weights / over.download_bytes_per_s / SECONDS_PER_HOUR,
        evaluation_share=share,
        checkpoint_hours=size / over.checkpoint_bytes_per_s / SECONDS_PER_HOUR,
        checkpoint_interval_hours=over.checkpoint_interval_hours,
        interruptions_per_hour=evictions + over.failures_per_gpu_hour * gpus,
    )
