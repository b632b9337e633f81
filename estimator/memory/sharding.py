"""What one of several devices holds, and the buffers that their exchange needs."""

from dataclasses import dataclass

from estimator.memory.constants import DDP_BUCKET_COPIES, GATHERED_BLOCKS
from estimator.memory.counts import ParameterCount
from estimator.memory.precision import Precision
from estimator.memory.setup import TrainingSetup
from estimator.memory.states import States
from estimator.units import Value

PARAMETERS = ("zero3", "fsdp", "layer_split")
GRADIENTS = ("zero2", *PARAMETERS)
OPTIMIZER = ("zero1", *GRADIENTS)


@dataclass(frozen=True, slots=True)
class Shares:
    """Share of each kind of state that stays on one device."""

    weights: float
    gradients: float
    optimizer: float
    layers: float
    """Share of the blocks that run on one device. [1]"""


def shares(setup: TrainingSetup) -> Shares:
    """Share of weights, gradients and optimizer states per device, after sharding and offload to the host.

    Args:
        setup: Training configuration.

    Returns:
        Shares between 0 and 1. [1]

    Source: Rajbhandari et al. 2019, arXiv:1910.02054 (ZeRO stages 1 to 3); FSDP full shard equals stage 3.

    >>> shares(TrainingSetup(sharding="zero2", gpus=4))
    Shares(weights=1.0, gradients=0.25, optimizer=0.25, layers=1.0)
    """
    part = 1.0 / setup.gpus
    moved = setup.offload in ("params", "all")
    return Shares(
        weights=0.0 if moved else part if setup.sharding in PARAMETERS else 1.0,
        gradients=0.0 if moved else part if setup.sharding in GRADIENTS else 1.0,
        optimizer=0.0 if moved or setup.offload == "optimizer" else part if setup.sharding in OPTIMIZER else 1.0,
        layers=part if setup.sharding == "layer_split" else 1.0,
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
        return DDP_BUCKET_COPIES * states.gradients
    gathers = setup.sharding in ("fsdp", "zero3") or setup.offload in ("params", "all")
    if not gathers or (setup.gpus == 1 and setup.offload not in ("params", "all")):
        return 0.0
    share = precision.compute / precision.weights if precision.trains_base else 1.0
    block = share * states.weights / count.total * count.per_layer
    return GATHERED_BLOCKS * block + precision.compute * count.embedding
