"""Charts of upkeep: how quality wears off and comes back, what each interval costs, and when models end."""

import plotly.graph_objects as go

from estimator.questions import RetrainStudy
from estimator.report.drawing import (
    COLOURS,
    OUTSIDE,
    ROW_HEIGHT,
    blank_figure,
    draw_labels,
    empty_figure,
    label_money_axis,
    option_style,
    short_name,
)
from estimator.report.numbers import money, significant
from estimator.results import Estimate, OptionEstimate
from estimator.units import central

MARKS = {"retrainings": ("retraining", "triangle-up"), "migrations": ("forced move to another model", "x")}
"""Name and symbol of what happens to an option, by its field in the upkeep."""


def quality_upkeep(estimate: Estimate) -> go.Figure:
    """Share of correct answers by month in the central case: wear between retrainings, moves and reviews."""
    options = {name: item for name, item in estimate.options.items() if not item.outcome.infeasible}
    title = "Quality wears off and is restored"
    if not options:
        return empty_figure(title, "No option can be carried out, so there is nothing to keep up.")
    words = "; ".join(
        f"{name} between {min(item.outcome.quality[0]):.1%} and {max(item.outcome.quality[0]):.1%}, {_retrained(item)}"
        for name, item in options.items()
    )
    figure = blank_figure(title, f"Share of correct answers by month, central case: {words}.")
    styles = option_style(list(estimate.options))
    for name, item in options.items():
        colour, dash = styles[name]
        path = item.outcome.quality[0].tolist()
        months = list(range(1, len(path) + 1))
        figure.add_scatter(
            x=months,
            y=path,
            name=name,
            legendgroup=name,
            line={"color": colour, "dash": dash, "width": 2.5},
            hovertemplate="%{y:.1%}",
        )
        times = _months(item, "retrainings")
        figure.add_scatter(
            x=times,
            y=[path[time - 1] for time in times],
            mode="markers",
            name=f"{name} retrained",
            legendgroup=name,
            showlegend=False,
            marker={"symbol": "triangle-up", "size": 9, "color": colour, "line": {"width": 1, "color": "white"}},
            hoverinfo="skip",
        )
    paths = {
        name: dict.fromkeys(("p10", "p50", "p90"), item.outcome.quality[0].tolist()) for name, item in options.items()
    }
    draw_labels(figure, paths, 1)
    figure.update_xaxes(title_text=f"Months since launch ({estimate.scenario.start:%Y-%m})", hoverformat="d")
    figure.update_yaxes(title_text="Correct answers (share of requests)", tickformat=".0%", automargin=True)
    return figure


def interval_costs(study: RetrainStudy) -> go.Figure:
    """Cost of retraining, value lost while waiting and their sum, by months between retrainings."""
    costs = study.by_interval()
    title = f"Cost by months between retrainings of {study.option}"
    if not costs:
        return empty_figure(title, "The horizon is too short for a second training.")
    least, own = min(costs, key=lambda item: item.total_usd), study.costs[0]
    alt = (
        f"Cost over the horizon by months between retrainings, central case, undiscounted: least every "
        f"{significant(central(least.policy.interval_months), 2)} months with {money(least.total_usd)}; "
        f"{study.option} is {own.policy.description}, {money(own.total_usd)}."
    )
    figure = blank_figure(title, alt)
    months = [central(item.policy.interval_months) for item in costs]
    for name, colour, dash, values in (
        ("retraining", COLOURS[5], "dash", [item.retraining_usd for item in costs]),
        ("value lost by waiting", COLOURS[1], "dot", [item.lost_usd for item in costs]),
        ("both", COLOURS[0], "solid", [item.total_usd for item in costs]),
    ):
        figure.add_scatter(
            x=months,
            y=values,
            name=name,
            line={"color": colour, "dash": dash, "width": 2.5},
            customdata=[money(value) for value in values],
            hovertemplate="%{customdata}",
        )
    wait = central(own.policy.interval_months)
    if wait < study.case.months:
        figure.add_scatter(
            x=[wait],
            y=[own.total_usd],
            mode="markers+text",
            name="yours",
            text=["yours"],
            textposition="top center",
            marker={"symbol": "star", "size": 15, "color": "#222222", "line": {"width": 1.5, "color": "white"}},
            hovertemplate=f"yours: {money(own.total_usd)}<extra></extra>",
        )
    figure.update_xaxes(title_text="Months between retrainings", hoverformat="d")
    figure.update_yaxes(title_text="Cost over the horizon (USD)", automargin=True, rangemode="tozero")
    label_money_axis(figure.layout.yaxis)
    return figure


def retirements(estimate: Estimate) -> go.Figure:
    """Months of the horizon by option, with its retrainings, expected forced moves and announced end."""
    options = {name: item for name, item in estimate.options.items() if item.parts is not None}
    title = "Retrainings and ends of models"
    if not options:
        return empty_figure(title, "No option can be carried out, so no model has to last.")
    months = estimate.scenario.horizon
    words = "; ".join(f"{name} {_retrained(item)}, {_ended(item)}" for name, item in options.items())
    figure = blank_figure(
        title, f"Over {months} months, central case: {words}.", height=OUTSIDE + ROW_HEIGHT * len(options)
    )
    styles = option_style(list(estimate.options))
    for name, item in options.items():
        row = short_name(name)
        colour, dash = styles[name]
        figure.add_scatter(
            x=[0, months],
            y=[row, row],
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2},
            showlegend=False,
            hoverinfo="skip",
        )
        for kind, (label, symbol) in MARKS.items():
            times = _months(item, kind)
            figure.add_scatter(
                x=times,
                y=[row for _ in times],
                mode="markers",
                name=label,
                showlegend=False,
                marker={"symbol": symbol, "size": 12, "color": colour},
                hovertemplate=f"{name}, {label}: month %{{x}}<extra></extra>",
            )
    for label, symbol in MARKS.values():
        marker = {"symbol": symbol, "size": 12, "color": "#888888"}
        figure.add_scatter(x=[None], y=[None], mode="markers", name=label, marker=marker)
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title_text=f"Months since launch ({estimate.scenario.start:%Y-%m})", range=[-0.5, months + 0.5])
    figure.update_yaxes(autorange="reversed", automargin=True)
    return figure


def _months(item: OptionEstimate, kind: str) -> list[int]:
    if item.parts is None:
        return []
    path = getattr(item.parts.money.care, kind)[0]
    return [place for place, count in enumerate(path, start=1) if count > 0]


def _retrained(item: OptionEstimate) -> str:
    times = len(_months(item, "retrainings"))
    return "never retrained" if not times else f"retrained {times} time{'s' if times > 1 else ''}"


def _ended(item: OptionEstimate) -> str:
    moves = len(_months(item, "migrations"))
    if item.parts is None or not moves:
        return "no end of its model expected"
    day = item.parts.money.care.retires_on
    if day is not None:
        return f"its model ends on {day:%d %B %Y}"
    return f"{moves} forced move{'s' if moves > 1 else ''} expected, no day announced"
