"""Factors of the user's own runs: measured over predicted time and memory."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, get_args

from estimator.catalog import Catalog
from estimator.catalog.calibration import HIGHEST, LOWEST, Calibration, Quantity, factor_of
from estimator.catalog.run_logs import LoggedRun
from estimator.errors import CatalogError, InputError, did_you_mean
from estimator.memory import TrainingSetup, training_peak
from estimator.memory.setup import Method
from estimator.training.constants import Precision, Stack
from estimator.training.step import step_time
from estimator.units import GIB, central

Found = TypeVar("Found")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "method": get_args(Method),
    "stack": get_args(Stack),
    "precision": get_args(Precision),
    "checkpointing": ("none", "selective", "full", "offloaded"),
    "sharding": ("none", "ddp", "zero1", "zero2", "zero3", "fsdp"),
    "quantization": ("none", "nf4", "nf4_dq", "fp4", "gptq_int4", "gptq_int8"),
}


class Ratio(NamedTuple):
    """Measured over predicted, of one run."""

    quantity: Quantity
    method: str
    gpu: str
    value: float
    source: str


def calibration_of(runs: Sequence[LoggedRun], *, given: Mapping[str, Any], catalog: Catalog) -> Calibration:
    """Factors by method and GPU, from runs and what the user adds about them.

    Args:
        runs: Runs as logged.
        given: Columns that the logs lack, such as model and gpu.
        catalog: Model shapes and accelerators.

    Returns:
        One factor for time and one for memory per method and GPU, as far as they were measured. [1]

    Raises:
        InputError: something needed is not known, or a ratio is beyond any machine; the message says which.

    Source: definition; geometric mean of measured over predicted.
    """
    groups: dict[tuple[Quantity, str, str], list[Ratio]] = {}
    for run in runs:
        for ratio in _ratios(run, given, catalog):
            groups.setdefault((ratio.quantity, ratio.method, ratio.gpu), []).append(ratio)
    if not groups:
        raise InputError("LOG: no run states tokens_per_s, step_seconds, samples_per_s or peak_memory_gib; add one")
    return Calibration(
        factors=tuple(
            factor_of(*key, [item.value for item in items], [item.source for item in items])
            for key, items in sorted(groups.items())
        )
    )


def _ratios(run: LoggedRun, given: Mapping[str, Any], catalog: Catalog) -> list[Ratio]:
    known = {**{key: value for key, value in given.items() if value is not None}, **run.texts, **run.numbers}
    for key, choices in CHOICES.items():
        if known.get(key, choices[0]) not in choices:
            near = did_you_mean(str(known[key]), choices)
            raise InputError(f"{run.source}: {key}: {known[key]!r:.40} is not one of {', '.join(choices)}{near}")
    architecture = _found(catalog.architecture, known, "model", run)
    accelerator = _found(catalog.accelerator, known, "gpu", run)
    setup = _setup(known)
    micro_batch, seq_len = float(_need(known, "micro_batch", run)), float(_need(known, "seq_len", run))
    found: list[Ratio] = []
    measured = _tokens_per_s(known, micro_batch, seq_len)
    if measured:
        step = step_time(
            architecture=architecture,
            setup=setup,
            accelerator=accelerator,
            micro_batch=micro_batch,
            seq_len=seq_len,
            gpus_per_node=accelerator.devices_per_node,
            stack=known.get("stack", "eager"),
            precision=known.get("precision", "bf16"),
        )
        predicted = central(step.tokens_per_s_per_gpu) * setup.gpus
        found.append(Ratio("time", setup.method, accelerator.name, predicted / measured, run.source))
    if "peak_memory_gib" in known:
        peak = training_peak(architecture=architecture, setup=setup, micro_batch=micro_batch, seq_len=seq_len)
        memory = known["peak_memory_gib"] * GIB / central(peak.allocated_bytes)
        found.append(Ratio("memory", setup.method, accelerator.name, memory, run.source))
    for ratio in found:
        if not LOWEST <= ratio.value <= HIGHEST:
            raise InputError(
                f"{run.source}: measured {ratio.quantity} is {ratio.value:.3g} times the prediction, outside "
                f"{LOWEST:g} to {HIGHEST:g}; check units, gpus and seq_len"
            )
    return found


def _need(known: Mapping[str, Any], key: str, run: LoggedRun) -> Any:
    if known.get(key) in (None, ""):
        option = "--" + key.replace("_", "-")
        raise InputError(f"{run.source}: {key} is not in the log; give it with {option}")
    return known[key]


def _found(look_up: Callable[[str], Found], known: Mapping[str, Any], key: str, run: LoggedRun) -> Found:
    """A row of the catalog; where there is none, the message says where its name was read."""
    try:
        return look_up(str(_need(known, key, run)))
    except CatalogError as error:
        raise InputError(f"{run.source}: {error}" if key in run.texts else f"--{key}: {error}") from None


def _setup(known: Mapping[str, Any]) -> TrainingSetup:
    method, gpus = known.get("method", "lora"), int(known.get("gpus", 1))
    return TrainingSetup(
        method=method,
        quantization=known.get("quantization", "nf4_dq" if method == "qlora" else "none"),
        rank=float(known.get("rank", 16.0)),
        checkpointing=known.get("checkpointing", "full"),
        cross_entropy="eager" if known.get("stack", "eager") == "eager" else "fused_linear",
        gradient_accumulation=float(known.get("gradient_accumulation", 1.0)),
        gpus=gpus,
        sharding=known.get("sharding", "none" if gpus == 1 else "ddp"),
    )


def _tokens_per_s(known: Mapping[str, Any], micro_batch: float, seq_len: float) -> float:
    """Rate of the whole job from whatever the log states; 0 where it states none."""
    if "tokens_per_s" in known:
        return float(known["tokens_per_s"])
    if "samples_per_s" in known:
        return float(known["samples_per_s"]) * seq_len
    per_step = micro_batch * seq_len * float(known.get("gradient_accumulation", 1.0)) * float(known.get("gpus", 1))
    if "step_seconds" in known:
        return per_step / float(known["step_seconds"])
    return per_step * float(known.get("steps_per_s", 0.0))
