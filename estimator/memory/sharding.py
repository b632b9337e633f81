"""What one of several devices holds, and the buffers that their exchange needs."""

import numpy as np

from estimator.memory.constants import (
    DDP_BUCKET_COPIES,
    DEEPSPEED_BUCKET_ELEMENTS,
    DEEPSPEED_BUCKETS,
    DEEPSPEED_LIVE_PARAMETERS,
    GATHERED_BLOCKS,
)
from estimator.memory.counts import ParameterCount
from estimator.memory.precision import Precision
from estimator.memory.setup import TrainingSetup
from estimator.memory.states import States
from estimator.record import record
from estimator.units import Value

ENGINES = ("zero1", "zero2", "zero3")
PARAMETERS = ("zero3", "fsdp", "layer_split")
GRADIENTS = ("zero2", *PARAMETERS)
OPTIMIZER = ("zero1", *GRADIENTS)


@record
class Shares:
    """Share of each kind of state that stays on one device."""

    weights: Value
    adapters: Value
    gradients: Value
    optimizer: Value
    layers: Value
    """Share of the blocks that run on one device. [1]"""


def replicas(setup: TrainingSetup) -> Value:
    """Devices that hold the same part of the model and share its states: all over tensor × pipeline parallel.

    Args:
        setup: Training configuration.

    Returns:
        Data-parallel devices, context parallel included; at least 1. [count]

    Source: Megatron-LM, process groups.
    """
    devices: Value = np.maximum(setup.gpus / (setup.tensor_parallel * setup.pipeline_parallel), 1.0)
    return devices


def share_of_model(setup: TrainingSetup) -> float:
    """Share of the parameters that one tensor- and pipeline-parallel rank holds: 1 / (tensor · pipeline).

    Args:
        setup: Training configuration.

    Returns:
        Share before data-parallel sharding. [1]

    Source: Narayanan et al. 2021, arXiv:2104.04473.

    >>> share_of_model(TrainingSetup(gpus=16, tensor_parallel=4, pipeline_parallel=2))
    0.125
    """
    return 1.0 / (setup.tensor_parallel * setup.pipeline_parallel)


def shares(setup: TrainingSetup, *, routed: float = 0.0) -> Shares:
    """Share of weights, gradients and optimizer states per device, after sharding and offload to the host.

    Args:
        setup: Training configuration.
        routed: Share of the parameters in routed experts, which expert-parallel devices split among them. [1]

    Returns:
        Shares between 0 and 1. [1]

    Source: Rajbhandari et al. 2019, arXiv:1910.02054 (ZeRO stages 1 to 3); FSDP full shard equals stage 3;
    Lepikhin et al. 2020, arXiv:2006.16668 (expert parallelism).

    >>> held = shares(TrainingSetup(sharding="zero2", gpus=4))
    >>> held.weights, float(held.gradients)
    (1.0, 0.25)
    """
    model = share_of_model(setup)
    part = model / replicas(setup)
    moved = setup.offload in ("params", "all")
    own = model * (1.0 - routed * (1.0 - 1.0 / setup.expert_parallel))  # what is sharded anyway is 1/N of it all
    states = own if setup.method == "full" else model
    return Shares(
        weights=0.0 if moved else part if setup.sharding in PARAMETERS else own,
        adapters=0.0 if moved else part if setup.sharding in PARAMETERS else model,
        gradients=0.0 if moved else part if setup.sharding in GRADIENTS else states,
        optimizer=0.0 if moved or setup.offload == "optimizer" else part if setup.sharding in OPTIMIZER else states,
        layers=1.0 / (setup.gpus if setup.sharding == "layer_split" else setup.pipeline_parallel),
    )


def communication_bytes(*, setup: TrainingSetup, states: States, count: ParameterCount, precision: Precision) -> Value:
    """Reducer buckets of DDP, or the gathered parameters of the blocks in flight and of the LM head.

    Args:
        setup: Training configuration.
        states: Bytes before sharding. [B]
        count: Parameters by part. [count]
        precision: Dtypes. [B]

    Returns:
        Bytes per device. [B]

    Source: PyTorch DDP reducer (one bucket view per gradient) and FSDP (the next block is gathered ahead).
    """
    if setup.sharding == "ddp":
        return DDP_BUCKET_COPIES * share_of_model(setup) * states.gradients
    buckets = DEEPSPEED_BUCKETS * precision.compute * DEEPSPEED_BUCKET_ELEMENTS if setup.sharding in ENGINES else 0.0
    gathers = setup.sharding in ("fsdp", "zero3") or setup.offload in ("params", "all")
    if setup.sharding == "zero3":
        whole = min(DEEPSPEED_LIVE_PARAMETERS, count.total) * states.weights / count.total
        return buckets + share_of_model(setup) * whole
    alone = (np.asarray(setup.gpus) == 1) & (setup.offload not in ("params", "all"))
    if not gathers or np.all(alone):
        return buckets
    share = precision.compute / precision.weights if precision.trains_base else 1.0
    block = share * states.weights / count.total * count.per_layer
    gathered = share_of_model(setup) * (GATHERED_BLOCKS * block + precision.compute * count.embedding)
    return np.where(alone, buckets, gathered)
