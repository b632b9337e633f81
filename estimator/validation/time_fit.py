"""Fit the few free constants of the step-time model to published throughput, all of it or without one source."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

import numpy as np
import numpy.typing as npt

from estimator.record import record
from estimator.training import CONSTANTS, StepConstants, Work, hardware, work
from estimator.training.constants import Stack
from estimator.training.hardware import Hardware, fast_domain
from estimator.training.step import combine
from estimator.units import Array
from estimator.validation.time_layout import TimeCase

PRIORS: Mapping[str, tuple[float, float]] = {
    "matmul_efficiency": (0.77, 0.1),
    "matmul_efficiency_fp8": (0.72, 0.1),
    "rowwise_scaling": (0.7, 0.3),
    "attention_efficiency": (0.85, 0.1),
    "elementwise_factor": (3.0, 0.4),
    "adapter_factor": (4.0, 0.6),
    "launch_seconds_per_layer": (4e-3, 0.4),
    "launch_seconds_quantized": (3e-3, 0.5),
    "launch_seconds_experts": (1e-3, 0.8),
    "overlap_leak": (0.4, 0.4),
    "tensor_parallel_exposed": (0.7, 0.3),
    "expert_parallel_exposed": (0.7, 0.4),
    "message_seconds": (2e-5, 0.5),
    "expert_tokens": (200.0, 0.7),
    "expert_width": (700.0, 0.6),
    "permute_factor": (4.0, 0.5),
    "stack_fused": (0.9, 0.1),
    "stack_compiled": (1.0, 0.1),
    "stack_megatron": (1.0, 0.1),
    "stack_fused_cpp": (0.8, 0.1),
}
"""Free constants with what was expected before the data: median and standard deviation of the logarithm."""
NOISE = 0.12
"""Residual in log(time) from which on a case counts less than by its square. [1]"""
CASES_PER_WEIGHT = 8.0
"""Independent cases that one unit of weight (one source) is worth beside the priors. [count]"""


@record(kw_only=True)
class TimeRuns:
    """Published runs as columns, so that one evaluation prices them all."""

    load: Work
    device: Hardware
    stacks: tuple[Stack, ...]
    bubble_share: Array
    measured: Array
    """[token/s] per device."""
    weights: Array
    sources: tuple[str, ...]
    """Who measured; all rounds of one benchmark are one source."""


def time_runs(cases: Sequence[TimeCase], measured: Array, weights: Array, sources: Sequence[str]) -> TimeRuns:
    """Stack cases into columns.

    Args:
        cases: Inputs of the model.
        measured: Published rate per device. [token/s]
        weights: Weight of each case. [1]
        sources: Who measured.

    Returns:
        The columns. [1]

    Source: definition.
    """
    loads, devices = [_load(case) for case in cases], [_device(case) for case in cases]
    return TimeRuns(
        load=Work(**{f.name: np.array([float(getattr(load, f.name)) for load in loads]) for f in fields(Work)}),
        device=Hardware(**{f.name: np.array([getattr(d, f.name) for d in devices]) for f in fields(Hardware)}),
        stacks=tuple(case.stack for case in cases),
        bubble_share=np.array([case.parallelism.bubble(case.setup.gradient_accumulation) for case in cases]),
        measured=measured,
        weights=weights,
        sources=tuple(sources),
    )


def _load(case: TimeCase) -> Work:
    return work(
        architecture=case.architecture,
        setup=case.setup,
        micro_batch=case.micro_batch,
        seq_len=case.seq_len,
        parallelism=case.parallelism,
        stack=case.stack,
        constants=CONSTANTS,
        precision=case.precision,
        fast_domain=fast_domain(case.accelerator, case.gpus_per_node),
    )


def _device(case: TimeCase) -> Hardware:
    return hardware(
        accelerator=case.accelerator,
        gpus=case.setup.gpus,
        gpus_per_node=case.gpus_per_node,
        stack=case.stack,
        precision=case.precision,
        constants=CONSTANTS,
        attention_kernel=case.attention_kernel,
    )


def predicted(runs: TimeRuns, constants: StepConstants) -> Array:
    """Rate of each run under some constants.

    Args:
        runs: The runs.
        constants: Constants of the step-time model.

    Returns:
        Tokens per second and device. [token/s]

    Source: see `estimator.training.step.combine`.
    """
    step = combine(
        load=runs.load, device=runs.device, stack=runs.stacks, bubble_share=runs.bubble_share, constants=constants
    )
    return np.asarray(step.tokens_per_s_per_gpu, dtype=np.float64)


def fitted(runs: TimeRuns, used: npt.NDArray[np.bool_]) -> StepConstants:
    """Constants that fit some of the runs: robust least squares of log(time) with weak priors.

    Args:
        runs: The runs.
        used: Which of them count.

    Returns:
        The constants; those without a prior stay. [1]

    Source: soft-L1 loss of Triggs et al. 2000, doi:10.1007/3-540-44480-7_21; optimum by scipy's `least_squares`.
    """
    from scipy.optimize import least_squares

    some = _chosen(runs, used)
    prior = np.log([middle for middle, _ in PRIORS.values()])
    spread = np.array([deviation for _, deviation in PRIORS.values()])
    scale = np.sqrt(some.weights * CASES_PER_WEIGHT)

    def residuals(logarithms: Array) -> Array:
        rate = predicted(some, _constants(logarithms))
        miss = (np.log(some.measured) - np.log(rate)) / NOISE
        soft = np.sign(miss) * np.sqrt(2.0 * (np.sqrt(1.0 + miss**2) - 1.0))
        return np.concatenate([scale * soft, (logarithms - prior) / spread])

    found = least_squares(residuals, prior, diff_step=1e-4, ftol=1e-5, xtol=1e-5, max_nfev=60)
    return _constants(found.x)


def _constants(logarithms: Array) -> StepConstants:
    return replace(CONSTANTS, **dict(zip(PRIORS, map(float, np.exp(logarithms)), strict=True)))


def _chosen(runs: TimeRuns, used: npt.NDArray[np.bool_]) -> TimeRuns:
    return TimeRuns(
        load=Work(**{f.name: getattr(runs.load, f.name)[used] for f in fields(Work)}),
        device=Hardware(**{f.name: getattr(runs.device, f.name)[used] for f in fields(Hardware)}),
        stacks=tuple(stack for stack, keep in zip(runs.stacks, used, strict=True) if keep),
        bubble_share=runs.bubble_share[used],
        measured=runs.measured[used],
        weights=runs.weights[used],
        sources=tuple(source for source, keep in zip(runs.sources, used, strict=True) if keep),
    )


def left_out(runs: TimeRuns) -> Array:
    """Rate of each run with constants fitted to all other sources.

    Args:
        runs: The runs.

    Returns:
        Tokens per second and device. [token/s]

    Source: definition of leave-one-group-out cross-validation.
    """
    sources, rates = np.array(runs.sources), np.zeros(len(runs.sources))
    for source in sorted(set(runs.sources)):
        held = sources == source
        if held.all():  # nothing is left to fit
            return predicted(runs, CONSTANTS)
        rates[held] = predicted(_chosen(runs, held), fitted(runs, ~held))
    return rates
