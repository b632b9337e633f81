"""One training run, and the plans it was chosen from, as sheets."""

from collections.abc import Mapping
from typing import Any

from estimator.plain import candidate_data, input_data, plain, plan_data, run_data
from estimator.planning import TrainingAnswer
from estimator.report.layout import Table
from estimator.report.numbers import compact, futures, gib, hours, money, origins, share, significant
from estimator.report.plans import SHOWN_PLANS, considered_table, front_table, how, misses_table, offer_words
from estimator.report.sheet import Sheet
from estimator.training import Candidate, Planned, TrainingRun, lost_because
from estimator.units import GIB, Value, central, p5_p95

STEP_PARTS = (
    *("matmul", "attention", "elementwise", "dequantization", "optimizer"),
    *("communication", "launch", "bubble", "offload"),
)
HOUR_PARTS = {
    "training": "training steps",
    "evaluation": "evaluation",
    "checkpoints": "writing checkpoints",
    "interruptions": "interruptions: lost work and restarts",
    "startup": "start-up: booking, image, data",
    "loading": "download of the weights",
}


def train_sheet(answer: TrainingAnswer) -> Sheet:
    """Step, hours, price, energy and memory of one training run."""
    planned, run, plan = answer.planned, answer.planned.run, answer.planned.shown
    if run is None or plan is None:
        return Sheet(title=_title(answer, plan), blocks=(planned.plan.reason,), data={**_head(answer), "fits": False})
    blocks = (
        _summary_table(planned, run, plan),
        _step_table(run),
        _hours_table(run),
        *(() if run.fits else (f"! {plan.gpu}: {planned.plan.reason}",)),
        _reading(answer),
    )
    figures = _figures(run, plan)
    data = {**_head(answer), **figures, **run_data(run), "inputs": [input_data(item) for item in answer.inputs]}
    return Sheet(title=_title(answer, plan), blocks=blocks, data=data, records=(figures,))


def plan_sheet(answer: TrainingAnswer) -> Sheet:
    """Considered hardware with the chosen plan, near misses, and the front of price and time."""
    planned, plan = answer.planned, answer.planned.plan
    chosen = f"{'Chosen' if plan.chosen else 'Nothing chosen'}: {plan.reason}"
    blocks: list[Table | str] = [_limits(planned)] if plan.chosen else [chosen, _limits(planned)]
    if plan.considered:
        blocks.append(considered_table(plan))
    if len(plan.considered) > SHOWN_PLANS:
        blocks.append(f"Dearer kinds of hardware left out here: {len(plan.considered[SHOWN_PLANS:])} (-f json, -f csv)")
    if plan.misses:
        blocks.append(misses_table(plan))
    if len(plan.front) > 1:
        blocks.append(front_table(plan))
    if planned.run is not None and plan.chosen is not None:
        blocks.append(_hours_table(planned.run))
    blocks += [chosen, _reading(answer)] if plan.chosen else [_reading(answer)]
    figures = _figures(planned.run, plan.chosen) if planned.run and plan.chosen else {}
    data = {
        "feasible": plan.chosen is not None,
        "reason": plan.reason,
        **_head(answer),
        "deadline_hours": plain(planned.bounds.deadline_hours),
        "budget_usd": plain(planned.bounds.budget_usd),
        **figures,
        **plan_data(plan),
        "run": run_data(planned.run) if planned.run else None,
        "inputs": [input_data(item) for item in answer.inputs],
    }
    title = _title(answer, plan.chosen, "" if plan.chosen else ": no plan keeps every limit")
    return Sheet(title=title, blocks=tuple(blocks), data=data, records=_records(planned))


def _title(answer: TrainingAnswer, shown: Candidate | None, verdict: str = "") -> str:
    planned, job = answer.planned, answer.planned.job
    method = shown.method if shown else job.methods[0]
    where = f" on {shown.gpus} × {shown.gpu} ({offer_words(shown)})" if shown else ""
    return (
        f"{method} of {planned.model}{where}{verdict} · {compact(central(job.examples))} examples, "
        f"{_count(job.epochs, 'epoch')}, {_count(job.runs, 'run')} · prices of {answer.on}"
    )


def _count(value: Value, noun: str) -> str:
    number = compact(central(value))
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"


def _limits(planned: Planned) -> str:
    deadline, budget = planned.bounds.deadline_hours, planned.bounds.budget_usd
    plan = planned.plan
    return (
        f"{plan.searched:,} plans searched, {plan.fitting:,} fit in memory. All runs one after the other: "
        f"deadline {'none' if deadline == float('inf') else hours(deadline)}, "
        f"budget {'none' if budget == float('inf') else money(budget)}."
    )


def _reading(answer: TrainingAnswer) -> str:
    return (
        f"Inputs: {origins(answer.inputs)}, "
        f"each with its source in -f json. Ranges are p5 – p95 of {futures(answer.draws)}."
    )


def _range(value: Value, text: Any) -> str:
    low, high = p5_p95(value)
    middle = text(central(value))
    return middle if low == high else f"{middle} ({text(low)} – {text(high)})"


def _cost(usd: Value | None) -> str:
    return "no offer known" if usd is None else _range(usd, money)


def _summary_table(planned: Planned, run: TrainingRun, plan: Candidate) -> Table:
    job = planned.job
    rows = (
        ("how", how(plan)),
        ("longest row", f"{job.row_tokens:,.0f} tokens"),
        ("tokens of a run", f"{compact(central(run.tokens))}, of which {share(central(run.padding_share))} padding"),
        (
            "throughput",
            f"{significant(run.tokens_per_s_per_gpu)} tokens/s per GPU, {significant(run.tokens_per_s)} in all",
        ),
        ("model FLOPs utilisation", share(central(run.step.mfu))),
        ("time of a run", _range(run.hours.hours, hours)),
        ("in days", _range(run.hours.days, significant)),
        ("cost of a run", _cost(run.usd)),
        ("all runs", f"{_range(run.hours_all_runs, hours)}, {_cost(run.usd_all_runs)}"),
        (
            "energy of a run",
            f"{_range(run.energy.kwh, significant)} kWh, {_range(run.energy.co2e_kg, significant)} kg CO2e",
        ),
        ("memory", _memory(run)),
    )
    return Table("One run", ("", "Value"), rows)


def _memory(run: TrainingRun) -> str:
    fit = run.fit
    needed, usable, room = (central(part) for part in (fit.needed_bytes, fit.usable_bytes, fit.headroom_bytes))
    state = f"fits, {gib(room)} to spare" if fit.fits else f"does not fit by {gib(abs(room))}"
    if fit.fits and not run.fits:
        lacks = run.host_needed_bytes - run.host_usable_bytes
        return f"does not fit: server memory lacks {gib(lacks)}; the offload needs {gib(run.host_needed_bytes)}"
    return f"{state}: needs {gib(needed)} with the margin, has {gib(usable)}; peak at {run.peak.peak_phase}"


def _step_table(run: TrainingRun) -> Table:
    total = central(run.step.seconds)
    parts = [(name, central(getattr(run.step, name))) for name in STEP_PARTS if hasattr(run.step, name)]
    rows = [(name, significant(value), share(value / total)) for name, value in parts if value > 0]
    return Table("One micro-batch", ("Part", "Seconds", "Share"), (*rows, ("total", significant(total), share(1.0))))


def _hours_table(run: TrainingRun) -> Table:
    total = run.hours.hours
    rows = [
        (label, hours(central(value)), share(central(value) / central(total)))
        for name, label in HOUR_PARTS.items()
        if central(value := getattr(run.hours, name)) > 0
    ]
    return Table("One run, wall time", ("Part", "Time", "Share"), (*rows, ("total", hours(central(total)), share(1.0))))


def _head(answer: TrainingAnswer) -> dict[str, Any]:
    planned, job = answer.planned, answer.planned.job
    return {
        "model": planned.model,
        "option": planned.option,
        "prices_on": answer.on.isoformat(),
        "grid": answer.grid,
        "examples": central(job.examples),
        "epochs": central(job.epochs),
        "runs": central(job.runs),
        "longest_row_tokens": job.row_tokens,
        "notes": list(answer.notes),
    }


def _figures(run: TrainingRun, plan: Candidate) -> dict[str, Any]:
    """The answer in flat figures, central case and range."""
    low, high = p5_p95(run.hours.hours)
    cost = p5_p95(run.usd) if run.usd is not None else (None, None)
    return {
        "method": plan.method,
        "gpu": plan.gpu,
        "gpus": plan.gpus,
        "provider": plan.provider or None,
        "term": plan.term,
        "sharding": plan.sharding,
        "checkpointing": plan.checkpointing,
        "offload": plan.offload,
        "micro_batch": plan.micro_batch,
        "gradient_accumulation": plan.gradient_accumulation,
        "tokens_per_s_per_gpu": run.tokens_per_s_per_gpu,
        "hours_per_run": central(run.hours.hours),
        "hours_p5": low,
        "hours_p95": high,
        "days_per_run": central(run.hours.days),
        "usd_per_run": None if run.usd is None else central(run.usd),
        "usd_p5": cost[0],
        "usd_p95": cost[1],
        "hours_all_runs": central(run.hours_all_runs),
        "usd_all_runs": None if run.usd_all_runs is None else central(run.usd_all_runs),
        "energy_kwh": central(run.energy.kwh),
        "co2e_kg": central(run.energy.co2e_kg),
        "fits": run.fits,
        "needed_gib": central(run.fit.needed_bytes) / GIB,
        "usable_gib": central(run.fit.usable_bytes) / GIB,
    }


def _records(planned: Planned) -> tuple[Mapping[str, Any], ...]:
    chosen = planned.plan.chosen
    kept = [
        _record(item, "chosen" if item is chosen else lost_because(candidate=item, chosen=chosen or item), True)
        for item in planned.plan.considered
    ]
    return (*kept, *(_record(miss.candidate, miss.reason, False) for miss in planned.plan.misses))


def _record(item: Candidate, reason: str, keeps: bool) -> dict[str, Any]:
    flat = {key: value for key, value in candidate_data(item).items() if not isinstance(value, Mapping)}
    flat |= {key: central(getattr(item, key)) for key in ("hours_per_run", "runs", "hours", "days")}
    flat |= {key: central(getattr(item, key)) if item.is_priced else None for key in ("usd_per_run", "usd")}
    return {**flat, "keeps_limits": keeps, "reason": reason}
