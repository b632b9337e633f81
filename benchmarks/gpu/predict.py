"""What the estimator says about a case, kept beside it before anything runs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from estimator import __version__
from estimator.catalog import load_catalog
from estimator.errors import EstimatorError
from estimator.units import GIB, central
from estimator.validation.serving import predicted_loop
from estimator.validation.serving_setup import serving_case
from estimator.validation.setups import measured_peak
from estimator.validation.time import predicted_step
from estimator.validation.time_case import time_case

COUNTERS = ("allocated", "reserved", "device")


def _stamped(found: Mapping[str, Any]) -> dict[str, Any]:
    return {**found, "estimator": __version__, "made": datetime.now(UTC).isoformat(timespec="seconds")}


def training_prediction(case: Mapping[str, Any]) -> dict[str, Any]:
    """Peak by counter with its interval, and tokens per second; what cannot be predicted says why."""
    found: dict[str, Any] = {}
    try:
        peak = measured_peak(case).peak
        for name in COUNTERS:
            interval = getattr(peak, name)
            found[f"{name}_gib"] = central(interval.value) / GIB
            found[f"{name}_gib_range"] = [central(interval.low) / GIB, central(interval.high) / GIB]
        found["peak_phase"] = peak.peak_phase
    except EstimatorError as error:
        found["memory_refused"] = str(error)
    try:
        step = predicted_step(time_case(case, catalog=load_catalog()))
        found["tokens_per_s_per_gpu"] = float(step.tokens_per_s_per_gpu)
        found["tokens_per_s_per_gpu_range"] = [float(bound) for bound in step.tokens_per_s_range]
    except EstimatorError as error:
        found["time_refused"] = str(error)
    return _stamped(found)


def serving_prediction(case: Mapping[str, Any]) -> dict[str, Any]:
    """Output rate, time to the first token and between tokens; what cannot be predicted says why."""
    try:
        run = serving_case(case)
        loop = predicted_loop(run)
    except EstimatorError as error:
        return _stamped({"refused": str(error)})
    return _stamped(
        {
            "output_tokens_per_s_total": central(loop.requests_per_s) * run.output_tokens,
            "ttft_ms": central(loop.first_token_s) * 1000.0,
            "itl_ms": central(loop.token_s) * 1000.0,
        }
    )
