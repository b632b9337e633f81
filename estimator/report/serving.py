"""Sheets and the figure of the serving plans."""

from typing import TYPE_CHECKING, Any

import numpy as np

from estimator.money import shown_currency
from estimator.report.layout import Table
from estimator.report.numbers import compact, gib, money, seconds, share, significant
from estimator.report.sheet import Sheet
from estimator.serving import AtLoad, HostedPlan, Path, Quote, ServingPlan
from estimator.units import central

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHOWN_SECONDS = 1e-4
"""Shorter waits are shown as none. [s]"""


def serving_sheet(plan: ServingPlan) -> Sheet:
    """Own replicas: capacity, latency by load, bill, ways to pay, the API beside them."""
    capacity, ask = plan.capacity, plan.ask
    on = capacity.on
    blocks: list[Table | str] = [_capacity_table(plan), _loads_table(plan.loads), _bill(plan.quote)]
    blocks.append(_rents_table(plan))
    if plan.quote.against_api is not None:
        blocks.append(_against(plan))
    blocks += list(capacity.warnings)
    title = (
        f"{ask.model} in {on.precision} on {on.gpus} × {on.accelerator.name} with {on.engine.label}: "
        f"{compact(ask.requests_per_s)} requests/s on average, {compact(plan.peak_requests_per_s)} at the peak of "
        f"profile {ask.profile}, {compact(ask.input_tokens)} tokens in and {compact(ask.output_tokens)} out"
    )
    return Sheet(
        title=title, blocks=tuple(blocks), data=serving_data(plan), records=[_load(item) for item in plan.loads]
    )


def serving_data(plan: ServingPlan) -> dict[str, Any]:
    """A serving plan as JSON data."""
    capacity, on, against = plan.capacity, plan.capacity.on, plan.quote.against_api
    return {
        "kind": "self_hosted",
        "model": plan.ask.model,
        "gpu": on.accelerator.name,
        "gpus_per_replica": on.gpus,
        "precision": on.precision,
        "kv_bytes_per_element": on.cache_bytes,
        "engine": on.engine.label,
        "profile": plan.ask.profile,
        "autoscale": plan.ask.autoscale,
        "adapters": plan.ask.adapters,
        "requests_per_s_mean": plan.ask.requests_per_s,
        "requests_per_s_peak": plan.peak_requests_per_s,
        "weight_bytes": capacity.weight_bytes,
        "kv_room_bytes": capacity.kv_room_bytes,
        "largest_batch": central(capacity.batch),
        "requests_per_s_per_replica": central(capacity.requests_per_s),
        "output_tokens_per_s_per_replica": central(capacity.output_tokens_per_s),
        "first_token_s_idle": central(capacity.first_token_s),
        "replicas_at_peak": plan.peak_replicas,
        "loads": [_load(item) for item in plan.loads],
        "curve": [_load(item) for item in plan.curve],
        **_quote_data(plan.quote),
        "ways_to_pay": [
            {
                "term": rent.term,
                "provider": rent.provider,
                "instance": rent.instance,
                "usd_per_replica_hour": rent.usd_per_replica_hour,
                "source": rent.source,
            }
            for rent in plan.rents
        ],
        "against_api": None
        if against is None or plan.api is None
        else {
            "model": f"{plan.api.provider}/{plan.api.model}",
            "usd_per_month": central(against.api_usd_per_month),
            "break_even_utilisation": central(against.break_even_utilisation),
            "break_even_requests_per_month": central(against.break_even_requests_per_month),
        },
        "warnings": list(capacity.warnings),
    }


def hosted_sheet(plan: HostedPlan) -> Sheet:
    """A hosted model: the bill by kind of token, prices, paths over the horizon."""
    ask, price = plan.ask, plan.price
    tiers = Table(
        f"Prices ({shown_currency().code} per million tokens)",
        ("Input above", "Input", "Cached", "Cache write", "Output"),
        tuple(
            (
                compact(tier.above_input_tokens),
                money(central(tier.input_usd_per_mtok)),
                money(central(tier.cached_input_usd_per_mtok)),
                money(central(tier.cache_write_usd_per_mtok)),
                money(central(tier.output_usd_per_mtok)),
            )
            for tier in price.tiers
        ),
    )
    paths = Table(
        f"Over {ask.months} months",
        ("Path", "Tokens and moves", "Moves", "Cost of moves", "Last month"),
        tuple(map(_path, plan.paths)),
    )
    ends = f"It is shut down on {price.retires_on}." if price.retires_on else "No end is announced."
    life = f"{ends} Hosted models are retired {significant(plan.migrations_per_year)} times a year; plan for the move."
    title = (
        f"{price.provider}/{price.model} on {price.on}: {compact(ask.requests_per_s)} requests/s, "
        f"{compact(ask.input_tokens)} tokens in and {compact(ask.output_tokens)} out"
    )
    blocks: tuple[Table | str, ...] = (_bill(plan.quote), tiers, paths, life, *price.warnings, *plan.notes)
    return Sheet(title=title, blocks=blocks, data=hosted_data(plan), records=_lines(plan.quote))


def hosted_data(plan: HostedPlan) -> dict[str, Any]:
    """A hosted plan as JSON data."""
    price = plan.price
    return {
        "kind": "api",
        "model": f"{price.provider}/{price.model}",
        "on": price.on.isoformat(),
        "source": price.source,
        "retires_on": price.retires_on.isoformat() if price.retires_on else None,
        **_quote_data(plan.quote),
        "paths": [
            {
                "name": path.name,
                "usd": path.usd,
                "migrations": path.migrations,
                "migration_usd": path.migration_usd,
                "usd_by_month": [float(usd) for usd in path.usd_by_month],
            }
            for path in plan.paths
        ],
        "migrations_per_year": plan.migrations_per_year,
        "warnings": [*price.warnings, *plan.notes],
    }


def latency_figure(plan: ServingPlan) -> "go.Figure":
    """Time to the first token and per token of one replica against its load, with its output rate."""
    import plotly.graph_objects as go

    from estimator.report.drawing import blank_figure, label_log_axis

    rate = [item.requests_per_s for item in plan.curve]
    last = plan.curve[-1]
    alt = (
        f"One replica of {plan.ask.model} from idle to {significant(last.requests_per_s)} requests/s: the first token "
        f"takes {seconds(central(last.latency.first_token_s))} and each further one "
        f"{seconds(central(last.latency.token_s))} at {last.name} of its rate."
    )
    figure = blank_figure("Latency against load", alt)
    first = [central(at.latency.first_token_s + at.latency.wait_s) for at in plan.curve]
    token = [central(at.latency.token_s) for at in plan.curve]
    for name, dash, values in (("first token, with wait", "solid", first), ("per token", "dot", token)):
        figure.add_trace(go.Scatter(x=rate, y=values, name=name, mode="lines+markers", line={"dash": dash}))
    figure.update_xaxes(title_text="Requests per second on one replica")
    figure.update_yaxes(title_text="Seconds", type="log")
    label_log_axis(figure.layout.yaxis, [*first, *token], form="~g")
    return figure


def _path(path: Path) -> tuple[str, ...]:
    last = money(float(path.usd_by_month[-1]))
    return path.name, money(path.usd), compact(path.migrations), money(path.migration_usd), last


def _capacity_table(plan: ServingPlan) -> Table:
    capacity = plan.capacity
    rows = [
        ("Weights", gib(capacity.weight_bytes)),
        ("Room for the cache", gib(capacity.kv_room_bytes)),
        ("Largest batch", compact(central(capacity.batch))),
        ("Saturated rate", f"{significant(central(capacity.requests_per_s))} requests/s"),
        ("Saturated output", f"{compact(central(capacity.output_tokens_per_s))} tokens/s"),
        ("First token, idle", seconds(central(capacity.first_token_s))),
        ("Replicas at the peak", compact(plan.peak_replicas)),
    ]
    return Table("One replica", ("", ""), tuple(rows))


def _loads_table(loads: tuple[AtLoad, ...]) -> Table:
    rows = [
        (
            item.name,
            significant(item.requests_per_s),
            compact(item.replicas),
            share(item.utilisation),
            _wait(central(item.latency.wait_s)),
            seconds(central(item.latency.first_token_s)),
            seconds(central(item.latency.token_s)),
            seconds(central(item.latency.answer_s)),
        )
        for item in loads
    ]
    head = ("Load", "Requests/s", "Replicas", "Used", "Wait", "First token", "Per token", "Answer")
    return Table("Latency", head, tuple(rows))


def _wait(value: float) -> str:
    return "0 ms" if value < SHOWN_SECONDS else seconds(value)


def _bill(quote: Quote) -> Table:
    rows = [(line.label, money(central(line.usd_per_month))) for line in quote.lines]
    rows.append(("total", money(central(quote.usd_per_month))))
    rows.append(("per 1,000 requests", money(central(quote.usd_per_thousand_requests))))
    rows.append(("per million output tokens", money(central(quote.usd_per_mtok_output))))
    if quote.utilisation is not None:
        rows.append(("use of the replicas paid for", share(central(quote.utilisation))))
    return Table("A month", ("Item", shown_currency().code), tuple(rows))


def _rents_table(plan: ServingPlan) -> Table:
    rows = [
        (rent.term.replace("_", " "), rent.provider, rent.instance, money(rent.usd_per_replica_hour))
        for rent in plan.rents
    ]
    return Table(
        "Ways to pay for a replica", ("Term", "Provider", "Instance", f"{shown_currency().code}/hour"), tuple(rows)
    )


def _against(plan: ServingPlan) -> Table:
    against = plan.quote.against_api
    if against is None or plan.api is None:
        return Table("", (), ())
    rows = [
        ("own replicas, a month", money(central(plan.quote.usd_per_month))),
        ("API, a month", money(central(against.api_usd_per_month))),
        ("break-even use of one replica", share(central(against.break_even_utilisation))),
        ("break-even requests a month", compact(central(against.break_even_requests_per_month))),
    ]
    return Table(f"Against {plan.api.provider}/{plan.api.model}", ("", ""), tuple(rows))


def _load(item: AtLoad) -> dict[str, Any]:
    latency = item.latency
    wait = central(latency.wait_s)
    return {
        "load": item.name,
        "requests_per_s": item.requests_per_s,
        "replicas": item.replicas,
        "utilisation": item.utilisation,
        "output_tokens_per_s": item.output_tokens_per_s,
        "batch": central(latency.batch),
        "wait_s": wait if np.isfinite(wait) else None,
        "first_token_s": central(latency.first_token_s),
        "token_s": central(latency.token_s),
        "answer_s": central(latency.answer_s) if np.isfinite(wait) else None,
    }


def _quote_data(quote: Quote) -> dict[str, Any]:
    return {
        "lines": _lines(quote),
        "usd_per_month": central(quote.usd_per_month),
        "usd_per_request": central(quote.usd_per_request),
        "usd_per_mtok_output": central(quote.usd_per_mtok_output),
        "requests_per_month": central(quote.requests_per_month),
        "replica_hours_per_month": central(quote.replica_hours),
        "utilisation": None if quote.utilisation is None else central(quote.utilisation),
    }


def _lines(quote: Quote) -> list[dict[str, Any]]:
    return [
        {"name": line.name, "label": line.label, "usd_per_month": central(line.usd_per_month)} for line in quote.lines
    ]
