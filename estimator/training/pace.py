"""How fast a run goes, checkpoints that travel to the host included."""

from dataclasses import fields

from estimator.errors import InputError
from estimator.memory import TrainingSetup
from estimator.training.constants import CONSTANTS
from estimator.training.parallel import Parallelism
from estimator.training.rungs import SizedRun
from estimator.training.step import exposed, step_time
from estimator.units import Value, central

CHECKPOINT_BYTES = 2.0
"""A hidden state in 16 bits. [B]"""
CROSSINGS = 2.0
"""Out in the forward pass, back in the backward pass. [count]"""


def checkpoint_offload_bytes(*, tokens: Value, hidden: Value, layers: Value) -> Value:
    """Host traffic of offloaded checkpoints per micro-batch: 2 · 2 B · tokens · h · L.

    Args:
        tokens: Tokens of the micro-batch. [token]
        hidden: h, width of the residual stream. [count]
        layers: L. [count]

    Returns:
        Bytes per micro-batch. [B]

    Source: definition; one 16-bit hidden state per block and token, out and back.

    >>> checkpoint_offload_bytes(tokens=1024, hidden=4096, layers=32)
    536870912.0
    """
    return CROSSINGS * CHECKPOINT_BYTES * tokens * hidden * layers


def tokens_per_s(run: SizedRun) -> float | None:
    """Rate of the whole job; the devices of a layer split take turns.

    Args:
        run: The run.

    Returns:
        The rate, or None where the device has no known one. [token/s]

    Source: `step_time`, and offloaded checkpoints overlapped like any other traffic.
    """
    setup = run.setup
    try:
        step = step_time(
            architecture=run.architecture,
            setup=setup,
            accelerator=run.accelerator,
            micro_batch=run.micro_batch,
            seq_len=run.seq_len,
            gpus_per_node=run.accelerator.devices_per_node,
            parallelism=_split(setup),
        )
    except InputError:
        return None
    seconds = central(step.seconds)
    if setup.checkpointing == "offloaded" or setup.offload in ("activations", "all"):
        moved = checkpoint_offload_bytes(
            tokens=run.micro_batch * run.seq_len, hidden=run.architecture.hidden, layers=run.architecture.layers
        )
        transfer = central(moved) / CONSTANTS.pcie_bytes_per_s
        seconds += central(exposed(compute=seconds, transfer=transfer, leak=CONSTANTS.overlap_leak))
    workers = 1 if setup.sharding == "layer_split" else setup.gpus
    return central(step.tokens_per_gpu) / seconds * workers


def _split(setup: TrainingSetup) -> Parallelism:
    """The degrees in which the set-up splits the model itself."""
    ending = "_parallel"
    names = [field.name for field in fields(setup) if field.name.endswith(ending)]
    return Parallelism(**{name.removesuffix(ending): getattr(setup, name) for name in names})
