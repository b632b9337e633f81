"""Single changes that make a training run need less memory."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from estimator.catalog.types import Accelerator, Architecture
from estimator.memory import DEFAULT_MARGIN, Fit, Peak, TrainingSetup, fit, training_peak
from estimator.record import record
from estimator.units import central

Kind = Literal["same result", "rounding", "method", "hardware"]
"""What a change touches: nothing but time; the numbers' last digits; what is trained; the machine."""
KINDS: tuple[Kind, ...] = ("same result", "rounding", "method", "hardware")
EIGHT_BIT = {"adamw": "adamw_8bit", "adamw_fused": "adamw_8bit", "paged_adamw": "paged_adamw_8bit"}
PAGED = {"adamw": "paged_adamw", "adamw_fused": "paged_adamw", "adamw_8bit": "paged_adamw_8bit"}
SHARED_PARAMETERS = ("zero3", "fsdp")


@record(kw_only=True)
class SizedRun:
    """A run on a kind of device, with the margin it must leave free."""

    architecture: Architecture
    setup: TrainingSetup
    micro_batch: float
    """Sequences per device and step of accumulation. [count]"""
    seq_len: float
    accelerator: Accelerator
    margin: float = DEFAULT_MARGIN

    @property
    def peak(self) -> Peak:
        """Memory per device. [B]."""
        return training_peak(
            architecture=self.architecture, setup=self.setup, micro_batch=self.micro_batch, seq_len=self.seq_len
        )

    @property
    def fit(self) -> Fit:
        """Needed and usable memory. [B]."""
        return fit(peak=self.peak, accelerator=self.accelerator, margin=self.margin)

    @property
    def sequences(self) -> float:
        """Sequences per device and optimizer step. [count]."""
        return self.micro_batch * central(self.setup.gradient_accumulation)


@record
class Change:
    """One thing that can be done, and what it costs besides time."""

    name: str
    kind: Kind
    note: str
    apply: Callable[[SizedRun], SizedRun | None]
    """The changed run; None where it is no change."""
    words: Callable[[SizedRun], str]
    """The change in words, from the changed run."""


def with_setup(run: SizedRun, **changes: object) -> SizedRun:
    """The same run with another set-up.

    Args:
        run: The run.
        changes: Fields of its set-up.

    Returns:
        The changed run. [1]

    Source: definition.
    """
    return replace(run, setup=replace(run.setup, **changes))  # type: ignore[arg-type]


def _flash(run: SizedRun) -> SizedRun | None:
    flash = run.setup.attention == "flash"
    return None if flash else with_setup(run, attention="flash", attention_mask=False)


def _fused_loss(run: SizedRun) -> SizedRun | None:
    return None if run.setup.cross_entropy == "fused_linear" else with_setup(run, cross_entropy="fused_linear")


def smaller_micro_batch(run: SizedRun) -> SizedRun | None:
    """The largest micro-batch that fits and divides the sequences of a step, else 1; the rest is accumulated.

    Args:
        run: The run.

    Returns:
        The changed run; None where the micro-batch is 1 already, or gradients may not accumulate. [1]

    Source: definition.
    """
    if run.micro_batch <= 1.0 or run.setup.optimizer_in_backward:
        return None
    sequences = round(run.sequences)
    for size in range(math.ceil(run.micro_batch) - 1, 0, -1):
        if sequences % size:
            continue
        changed = replace(with_setup(run, gradient_accumulation=sequences / size), micro_batch=float(size))
        if size == 1 or changed.fit.fits:
            return changed
    return None


def _checkpointing(run: SizedRun) -> SizedRun | None:
    return with_setup(run, checkpointing="full") if run.setup.checkpointing in ("none", "selective") else None


def _eight_bit(run: SizedRun) -> SizedRun | None:
    found = EIGHT_BIT.get(run.setup.optimizer)
    return with_setup(run, optimizer=found) if found else None


def _paged(run: SizedRun) -> SizedRun | None:
    found = PAGED.get(run.setup.optimizer)
    return with_setup(run, optimizer=found) if found else None


def _in_backward(run: SizedRun) -> SizedRun | None:
    setup = run.setup
    possible = setup.method == "full" and setup.sharding == "none" and central(setup.gradient_accumulation) <= 1.0
    return with_setup(run, optimizer_in_backward=True) if possible and not setup.optimizer_in_backward else None


def _offload_activations(run: SizedRun) -> SizedRun | None:
    return None if run.setup.checkpointing == "offloaded" else with_setup(run, checkpointing="offloaded")


def _offload_optimizer(run: SizedRun) -> SizedRun | None:
    return with_setup(run, offload="optimizer") if run.setup.offload == "none" else None


def _offload_all(run: SizedRun) -> SizedRun | None:
    if run.setup.offload == "all" or run.setup.optimizer_in_backward:
        return None
    sharding = run.setup.sharding if run.setup.sharding in SHARED_PARAMETERS else "zero3"
    return with_setup(run, offload="all", sharding=sharding)


def _share(run: SizedRun) -> SizedRun | None:
    alone = run.setup.gpus == 1 or run.setup.sharding in ("layer_split", "fsdp", "zero3")
    return None if alone else with_setup(run, sharding="fsdp")


def _lora(run: SizedRun) -> SizedRun | None:
    full = run.setup.method == "full"
    return with_setup(run, method="lora", optimizer_in_backward=False) if full else None


def _qlora(run: SizedRun) -> SizedRun | None:
    if run.setup.quantization != "none":
        return None
    method = "qlora" if run.setup.method in ("full", "lora") else run.setup.method
    return with_setup(
        run,
        method=method,
        quantization="nf4_dq",
        autocast="bf16",
        kbit_preparation="peft",
        optimizer_in_backward=False,
    )


def _micro_batch_words(run: SizedRun) -> str:
    return f"micro-batch {run.micro_batch:g}, {central(run.setup.gradient_accumulation):g} accumulated"


def _fixed(words: str) -> Callable[[SizedRun], str]:
    return lambda _: words


CHANGES: tuple[Change, ...] = (
    Change("attention", "same result", "no padding masks", _flash, _fixed("flash attention")),
    Change("loss", "same result", "a fused kernel", _fused_loss, _fixed("fused linear loss")),
    Change("micro_batch", "same result", "smaller kernels", smaller_micro_batch, _micro_batch_words),
    Change(
        "checkpointing", "same result", "the forward pass runs twice", _checkpointing, _fixed("gradient checkpointing")
    ),
    Change(
        "in_backward", "same result", "no gradient clipping", _in_backward, _fixed("optimizer step in the backward")
    ),
    Change("optimizer_8bit", "rounding", "rounded states", _eight_bit, _fixed("8-bit optimizer")),
    Change("paged", "same result", "states may leave the device", _paged, _fixed("paged optimizer")),
    Change("sharding", "same result", "gathers each block", _share, _fixed("FSDP over the GPUs there are")),
    Change(
        "offload_activations",
        "same result",
        "host link traffic",
        _offload_activations,
        _fixed("checkpoints on the host"),
    ),
    Change(
        "offload_optimizer",
        "same result",
        "host link traffic",
        _offload_optimizer,
        _fixed("optimizer on the host"),
    ),
    Change("lora", "method", "trains adapters only", _lora, _fixed("LoRA instead of full")),
    Change("qlora", "method", "4-bit base", _qlora, _fixed("QLoRA: 4-bit base")),
    Change(
        "offload_all",
        "same result",
        "host link traffic",
        _offload_all,
        _fixed("weights and optimizer on the host"),
    ),
)
"""Changes on the same devices, in the order in which the ladder is climbed."""
