"""Results as plain data: what JSON and CSV hold, unrounded."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from estimator.decision import (
    PERCENTILES,
    Outcome,
    band,
    gain_of,
    incremental_flow,
    net_flow,
    percentiles,
    spending_of,
)
from estimator.inputs import Input
from estimator.tco import Ledger, Line, Treatment, formula_of
from estimator.training import Candidate, Plan, Sizing, TrainingRun
from estimator.units import Array, central


def plain(value: Any) -> Any:
    """Dataclasses, arrays and numbers as JSON data: draws become bands, infinity becomes None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return plain(band(value)) if value.ndim == 1 else plain(central(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    return value


def percentiles_by_month(values: Array) -> dict[str, list[float]]:
    """Central case and p5, p10, p50, p90, p95 of a path of shape (1 or n, months + 1)."""
    futures = values[1:] if values.shape[0] > 1 else values
    found = zip(PERCENTILES, percentiles(futures=futures).tolist(), strict=True)
    return {"central": values[0].tolist(), **{f"p{percent}": path for percent, path in found}}


def line_data(line: Line, size: int, factors: Array) -> dict[str, Any]:
    """One ledger line: quantity × unit price × price index = amount in the central case; present value, band."""
    return {
        "key": line.key,
        "label": line.label,
        "category": line.category,
        "unit": line.unit,
        "formula": formula_of(line.key).text,
        "nature": line.nature,
        "treatment": line.treatment,
        "quantity": float(line.times[0].sum()) * central(line.count),
        "unit_usd": central(line.unit_usd),
        "price_index": line.mean_index,
        "present_value_usd": line.central_value(factors),
        "amount_usd": plain(band(np.broadcast_to(line.total, (size,)))),
    }


def cash_flow_data(outcome: Outcome, base: Outcome) -> dict[str, Any] | None:
    """Money of one option by month, nature and treatment, and what it earns over the baseline."""
    if outcome.infeasible:
        return None
    net = net_flow(outcome)
    data: dict[str, Any] = {
        **plain(spending_of(outcome.costs)),
        "capex_by_month_usd": _central_by_month(outcome.costs, "capex"),
        "opex_by_month_usd": _central_by_month(outcome.costs, "opex"),
        "net_usd": percentiles_by_month(net),
        "cumulative_net_usd": percentiles_by_month(np.cumsum(net, axis=1, out=net)),
        "against_baseline": None,
    }
    del net  # months of all futures are large: one path at a time
    if outcome is not base and not base.infeasible:
        worth = incremental_flow(outcome, base) * outcome.costs.factors
        gain = {"cumulative_present_value_usd": percentiles_by_month(np.cumsum(worth, axis=1, out=worth))}
        del worth
        gain["cumulative_usd"] = percentiles_by_month(np.cumsum(incremental_flow(outcome, base), axis=1))
        data["against_baseline"] = {**plain(gain_of(outcome, base)), **gain}
    return data


def _central_by_month(costs: Ledger, treatment: Treatment) -> list[float]:
    amounts = [central(line.price) * line.due[0] for line in costs.lines if line.treatment == treatment]
    return [float(amount) for amount in np.sum([np.zeros(costs.months + 1), *amounts], axis=0)]


def category_by_month(costs: Ledger) -> dict[str, list[float]]:
    """Undiscounted money of each category by month in the central case. [USD]"""
    return {
        name: np.sum([central(line.price) * line.due[0] for line in lines], axis=0).tolist()
        for name, lines in costs.by_category().items()
    }


def input_data(item: Input) -> dict[str, Any]:
    """One resolved parameter with its provenance."""
    return {
        "key": item.key,
        "value": item.central,
        "low": item.low,
        "high": item.high,
        "unit": item.unit,
        "origin": item.origin,
        "basis": item.basis,
        "source": item.source,
        "on": item.on.isoformat() if item.on else None,
        "note": item.note,
    }


def sizing_data(sizing: Sizing | None) -> dict[str, Any] | None:
    """Training plan, memory and cost of a run."""
    if sizing is None:
        return None
    run = sizing.run
    data: dict[str, Any] = {
        "plan": plan_data(sizing.plan) if sizing.plan else None,
        "fit": plain(run.fit) if run else None,
        "pretraining": plain(sizing.pretraining),
    }
    return {**data, **run_data(run)} if run is not None else data


def plan_data(plan: Plan) -> dict[str, Any]:
    """Chosen plan, the best of each kind of hardware, the front of price and time, and the near misses."""
    return {
        "chosen": candidate_data(plan.chosen) if plan.chosen else None,
        "considered": [candidate_data(item) for item in plan.considered],
        "front": [candidate_data(item) for item in plan.front],
        "misses": [{**plain(miss), "candidate": candidate_data(miss.candidate)} for miss in plan.misses],
        "plans_searched": plan.searched,
        "plans_fitting": plan.fitting,
        "reason": plan.reason,
    }


def candidate_data(item: Candidate) -> dict[str, Any]:
    """One plan with its totals."""
    data = {**plain(item), "hours": plain(item.hours), "days": plain(item.days), "usd": plain(item.usd)}
    return data if item.is_priced else {**data, "usd": None, "usd_per_run": None}


def run_data(run: TrainingRun) -> dict[str, Any]:
    """One run of a plan: seconds of a micro-batch, hours, memory, energy."""
    return {
        "step": {**plain(run.step), "seconds": central(run.step.seconds), "mfu": central(run.step.mfu)},
        "hours": {**plain(run.hours), "total": plain(run.hours.hours), "days": plain(run.hours.days)},
        "tokens": plain(run.tokens),
        "padding_share": plain(run.padding_share),
        "tokens_per_s_per_gpu": run.tokens_per_s_per_gpu,
        "tokens_per_s": run.tokens_per_s,
        "energy": {**plain(run.energy), "kwh": plain(run.energy.kwh), "co2e_kg": plain(run.energy.co2e_kg)},
        "memory": {
            "phase": run.peak.peak_phase,
            "lines_bytes": plain(dict(run.peak.lines)),
            "allocated_bytes": central(run.peak.allocated_bytes),
            "device_bytes": central(run.peak.device_bytes),
        },
    }
