"""Training throughput: predictions beside published runs, also with constants fitted without their source."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from estimator.catalog import Catalog, load_catalog
from estimator.errors import EstimatorError, InputError
from estimator.training import CONSTANTS, StepTime, gpu_family, step_time
from estimator.validation.scores import Scored, Skipped, Validation
from estimator.validation.time_case import time_case
from estimator.validation.time_fit import left_out, time_runs
from estimator.validation.time_layout import TimeCase

ROUNDS = "mlperf"
"""Benchmark whose rounds count as one source: the same submitters hand in the same software."""
METHODS = {"qlora": "QLoRA", "lora": "LoRA", "dora": "LoRA"}
GROUPINGS = ((), ("architecture",), ("method",), ("source",), ("gpu_family",), ("stack",))


class _Pair(NamedTuple):
    """A run as the model sees it, and its score."""

    run: TimeCase
    scored: Scored


def validate_time(cases: tuple[Mapping[str, Any], ...]) -> Validation:
    """Tokens per second and device of every case, beside the measurement.

    Args:
        cases: Cases as in docs/method/validation.md.

    Returns:
        Scored and skipped cases, and errors with each source left out of the fit.
    """
    catalog = load_catalog()
    pairs: list[_Pair] = []
    skipped: list[Skipped] = []
    for case in cases:
        try:
            pairs.append(_scored(case, catalog))
        except EstimatorError as error:
            skipped.append(Skipped(id=str(case["id"]), reason=str(error).removeprefix(f"{case['id']}: ")))
    return Validation(
        kind="time",
        unit="tokens/s per GPU",
        predicted_key="predicted_tokens_per_s_per_gpu",
        measured_key="measured_tokens_per_s_per_gpu",
        scored=tuple(pair.scored for pair in pairs),
        skipped=tuple(skipped),
        groupings=GROUPINGS,
        notes=_notes(pairs),
        left_out=_left_out(pairs),
    )


def predicted_step(run: TimeCase) -> StepTime:
    """The step time of a run as the model sees it."""
    return step_time(
        architecture=run.architecture,
        setup=run.setup,
        accelerator=run.accelerator,
        micro_batch=run.micro_batch,
        seq_len=run.seq_len,
        gpus_per_node=run.gpus_per_node,
        stack=run.stack,
        precision=run.precision,
        parallelism=run.parallelism,
        attention_kernel=run.attention_kernel,
    )


def _scored(case: Mapping[str, Any], catalog: Catalog) -> _Pair:
    run = time_case(case, catalog=catalog)
    step = predicted_step(run)
    low, high = step.tokens_per_s_range
    scored = Scored(
        id=str(case["id"]),
        predicted=float(step.tokens_per_s_per_gpu),
        measured=_measured(case, run.setup.gpus),
        low=float(low),
        high=float(high),
        weight=1.0 if case.get("weight") is None else _positive(case, "weight", case["weight"]),
        groups=_groups(case, run),
        facts={"assumed": list(run.assumed), "mfu": float(step.mfu)},
    )
    return _Pair(run, scored)


def _groups(case: Mapping[str, Any], run: TimeCase) -> dict[str, str]:
    setup = case.get("setup") or {}
    method = METHODS.get(str(setup.get("method", "full")).lower(), "full and pretraining")
    routed = run.architecture.is_moe
    return {
        "architecture": "mixture of experts" if routed else "dense",
        "method": "mixture of experts" if routed else f"dense, {method}",
        "source": str(case.get("source_group") or case.get("source") or "–"),
        "gpu_family": gpu_family(run.accelerator.name)
        if run.accelerator.vendor == "NVIDIA"
        else run.accelerator.vendor,
        "stack": run.stack,
        "gpu": run.accelerator.name,
        "model": run.architecture.name,
    }


def _measured(case: Mapping[str, Any], gpus: int) -> float:
    measured = case.get("measured") or {}
    if not isinstance(measured, Mapping):
        raise InputError(f"{case['id']}: measured: {measured!r:.40} is not a mapping; give tokens_per_s_per_gpu")
    if measured.get("tokens_per_s_per_gpu") is not None:
        return _positive(case, "measured.tokens_per_s_per_gpu", measured["tokens_per_s_per_gpu"])
    total = measured.get("tokens_per_s_total", measured.get("tokens_per_s"))
    if total is None:
        raise InputError(f"{case['id']}: measured.tokens_per_s_per_gpu is missing; give it")
    return _positive(case, "measured.tokens_per_s_total", total) / gpus


def _positive(case: Mapping[str, Any], name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not 0.0 < number < float("inf"):
        raise InputError(f"{case['id']}: {name}: {value!r:.40} is no number above 0; correct it")
    return number


def _left_out(pairs: list[_Pair]) -> tuple[Scored, ...]:
    """The same scores with the constants refitted to all other sources; the interval moves with the prediction."""
    sources = [pair.scored.groups["source"] for pair in pairs]
    sources = [ROUNDS if source.startswith(ROUNDS) else source for source in sources]
    if len(set(sources)) < 2:
        return ()
    measured = np.array([pair.scored.measured for pair in pairs])
    weights = np.array([pair.scored.weight for pair in pairs])
    rates = left_out(time_runs([pair.run for pair in pairs], measured, weights, sources))
    return tuple(_moved(pair.scored, float(rate)) for pair, rate in zip(pairs, rates, strict=True))


def _moved(scored: Scored, rate: float) -> Scored:
    by = rate / scored.predicted
    return replace(scored, predicted=rate, low=(scored.low or 0.0) * by, high=(scored.high or 0.0) * by)


def _notes(pairs: list[_Pair]) -> tuple[str, ...]:
    silent = sum(bool(pair.run.assumed) for pair in pairs)
    return (
        f"Constants as in pricing/constants/training.csv (matmul efficiency {CONSTANTS.matmul_efficiency:g}). "
        f"{silent} of {len(pairs)} sources do not state the micro-batch, recomputation, split or length; assumed is "
        "what users of that framework run, named as `assumed` in the JSON.",
    )
