"""Rules that people use instead of a tool: bytes per parameter, and a constant share of the peak."""

from collections.abc import Callable
from functools import partial

from benchmarks.peers.peer import ADAMW, SIXTEEN_BITS, MemoryRun, Peer, need
from estimator.memory import parameter_count
from estimator.units import GIB
from estimator.validation.time_layout import TimeCase

FLOPS_PER_PARAMETER = 6.0
"""Of one trained token, Kaplan et al. 2020, arXiv:2001.08361, section 2.1. [FLOP]"""
SHARES = (0.35, 0.40, 0.50)
"""Shares of the peak that people assume. [1]"""


def bytes_per_parameter(run: MemoryRun, *, count: float) -> float:
    """Memory of full fine-tuning on one device with Adam; meant for mixed precision, so that groups are shown. [GiB].

    Raises:
        LeftOutError: the rule is not about such runs.
    """
    setup = run.setup
    need(setup.method == "full", "the rule is about full fine-tuning")
    need(setup.optimizer in ADAMW, "the rule is about Adam")
    need(setup.sharding in ("none", "ddp") and setup.offload == "none", "the rule is about a whole model on one device")
    need(
        setup.weights_dtype in SIXTEEN_BITS or setup.autocast != "none",
        "the rule is about training with 16-bit products",
    )
    return count * run.parameters.total / GIB


def constant_share(run: TimeCase, *, share: float) -> float:
    """Rate of a device at a constant share of its peak: share × peak / (6 × active parameters). [token/s].

    Raises:
        LeftOutError: the device has no such peak, or the run multiplies in fewer bits.
    """
    need(run.precision in SIXTEEN_BITS, "8- and 4-bit matrix products have another peak")
    need("bf16" in run.accelerator.peak_flops_per_s, "no bf16 peak of the device is known")
    active = parameter_count(architecture=run.architecture).active
    return share * run.accelerator.peak_flops_per_s["bf16"] / (FLOPS_PER_PARAMETER * active)


def _bytes(name: str, count: float, source: str) -> Peer:
    def prepare() -> Callable[[MemoryRun], float]:
        return partial(bytes_per_parameter, count=count)

    return Peer(
        name=name,
        kind="memory",
        source=source,
        predicts=f"{count:g} bytes × parameters; no activations",
        prepare=prepare,
    )


def _share(share: float) -> Peer:
    def prepare() -> Callable[[TimeCase], float]:
        return partial(constant_share, share=share)

    return Peer(
        name=f"constant MFU {share:.2f}",
        kind="time",
        source="own baseline; 6 FLOP per parameter and token from Kaplan et al. 2020, arXiv:2001.08361",
        predicts=f"{share:.2f} × bf16 peak over 6 × active parameters",
        prepare=prepare,
    )


RULES = (
    _bytes("16 bytes per parameter", 16.0, "Rajbhandari et al. 2020, arXiv:1910.02054, section 3.1"),
    _bytes("18 bytes per parameter", 18.0, "transformers documentation 5.14, GPU memory usage"),
    *(_share(share) for share in SHARES),
)
