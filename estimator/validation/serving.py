"""Serving throughput and latency beside published measurements."""

import json
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from estimator.errors import EstimatorError, InputError
from estimator.serving import Loop, closed_loop
from estimator.units import THOUSAND, central
from estimator.validation.scores import Scored, Skipped, Validation
from estimator.validation.serving_setup import ServingCase, serving_case

LATENCIES = {"ttft_ms": "first_token_s", "itl_ms": "token_s"}
SHOWN = (("kind",), ("kind", "vendor"), ("kind", "engine"), ("kind", "source"))


def validate_serving(cases: tuple[Mapping[str, Any], ...]) -> Validation:
    """Predict the output rate of every case, and the latencies where they were measured."""
    scored: list[Scored] = []
    skipped: list[Skipped] = []
    for case in cases:
        try:
            scored.append(_scored(case, serving_case(case)))
        except EstimatorError as error:
            skipped.append(Skipped(str(case.get("id")), str(error)))
    return Validation(
        kind="serving",
        unit="output tokens/s",
        predicted_key="predicted_output_tokens_per_s_total",
        measured_key="measured_output_tokens_per_s_total",
        scored=tuple(scored),
        skipped=tuple(skipped),
        groupings=SHOWN,
        extra={"leave_one_source_out": left_out(), "latency": _latency_rows(scored)},
        notes=(_left_out_note(), *_latency_notes(scored)),
    )


def predicted_loop(run: ServingCase) -> Loop:
    """Rates and latencies of a replica under the load of a case."""
    return closed_loop(
        on=run.on,
        input_tokens=run.input_tokens,
        output_tokens=run.output_tokens,
        open_requests=run.open_requests,
        together=run.together,
    )


def _scored(case: Mapping[str, Any], run: ServingCase) -> Scored:
    measured = case.get("measured") or {}
    rate = measured.get("output_tokens_per_s_total") if isinstance(measured, Mapping) else None
    if not isinstance(rate, (int, float)) or isinstance(rate, bool) or not 0 < rate < math.inf:
        raise InputError(f"measured.output_tokens_per_s_total: {rate!r} is no rate above 0; give what was measured")
    loop = predicted_loop(run)
    facts: dict[str, Any] = {"fits": bool(central(loop.fits)), "batch": central(loop.batch)}
    for key, name in LATENCIES.items():
        facts[f"predicted_{key}"] = central(getattr(loop, name)) * THOUSAND
        if isinstance(measured.get(key), (int, float)) and 0 < measured[key] < math.inf:
            facts[f"measured_{key}"] = measured[key]
    if run.notes:
        facts["notes"] = "; ".join(run.notes)
    return Scored(
        id=str(case["id"]),
        predicted=central(loop.requests_per_s) * run.output_tokens,
        measured=float(rate),
        weight=_weight(case.get("weight")),
        groups=_groups(case, run),
        facts=facts,
    )


def _weight(given: Any) -> float:
    usable = isinstance(given, (int, float)) and not isinstance(given, bool) and 0 < given < math.inf
    return float(given) if usable else 1.0


def _groups(case: Mapping[str, Any], run: ServingCase) -> dict[str, str]:
    return {
        "kind": "MoE" if run.on.architecture.is_moe else "dense",
        "vendor": run.on.accelerator.vendor,
        "engine": run.on.engine.label,
        "source": str(case.get("source_group") or case.get("source") or "–"),
        "gpu": run.on.accelerator.name,
        "model": str(case.get("model") or "–"),
    }


def _latency_rows(scored: list[Scored]) -> list[dict[str, Any]]:
    """Errors of the latencies that were measured."""
    from estimator.validation.scores import score

    rows = []
    for key in LATENCIES:
        pairs = [
            Scored(
                id=item.id,
                predicted=item.facts[f"predicted_{key}"],
                measured=item.facts[f"measured_{key}"],
                weight=item.weight,
            )
            for item in scored
            if item.facts.get(f"measured_{key}")
        ]
        if pairs:
            rows.append({"what": key, **score(pairs)})
    return rows


def _latency_notes(scored: list[Scored]) -> list[str]:
    return [
        f"{row['what']}: {row['n']} cases, median {row['median']:.0%}, p90 {row['p90']:.0%}, bias {row['bias']:+.0%}."
        for row in _latency_rows(scored)
    ]


def left_out() -> list[dict[str, Any]]:
    """Errors of each published source predicted by constants refitted without it; from `benchmarks/fit_serving.py`."""
    text = (files("estimator.validation") / "data" / "serving_left_out.json").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def _left_out_note() -> str:
    told = ", ".join(f"{row['group']} {row['median']:.0%} / {row['p90']:.0%}" for row in left_out())
    return f"Refitted without the source of each case (median / p90): {told}."
