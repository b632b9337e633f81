"""Charts of an estimate: pure functions that return plotly figures.

Every number drawn is read from the data of the JSON result. Each option has one colour and one dash, by its place in
the scenario, and each figure carries a sentence that says what it shows (`alt_text`).
"""

from collections.abc import Collection

import plotly.graph_objects as go

from estimator.report.drawing import (
    CATEGORY_COLOURS,
    OUTSIDE,
    PATTERNS,
    ROW_HEIGHT,
    alt_text,
    blank_figure,
    draw_bar_totals,
    draw_break_even,
    draw_fan,
    label_money_axis,
    label_time_axes,
    odds_in_words,
    option_style,
    possible_options,
    scaled_options,
    scenario_data,
    short_name,
    spread,
)
from estimator.report.numbers import money, share
from estimator.results import Estimate
from estimator.tco import CATEGORIES

__all__ = [
    "alt_text",
    "cost_by_category",
    "cumulative_cost",
    "cumulative_net_benefit",
    "net_benefit_odds",
    "option_style",
    "quality_over_time",
    "spread",
]


def cumulative_cost(estimate: Estimate, shown: Collection[str] | None = None) -> go.Figure:
    """Cost so far of each option: median line, p10–p90 band, and the month in which it breaks even."""
    data = scenario_data(estimate, shown)
    base = next(iter(data["options"]))
    ends = {name: option["by_month"]["cumulative_cost_usd"] for name, option in scaled_options(data).items()}
    alt = (
        f"Cumulative cost over {data['horizon_months']} months, present value, median future and p10–p90 band: "
        + "; ".join(
            f"{name} ends at {money(path['p50'][-1])} ({money(path['p10'][-1])} to {money(path['p90'][-1])})"
            for name, path in ends.items()
        )
        + f". A diamond marks the month from which an option stays ahead of {base} in net benefit."
    )
    figure = blank_figure("Cost over time", alt)
    draw_fan(figure, data, "cumulative_cost_usd", first_month=0, show=money)
    draw_break_even(figure, data, "cumulative_cost_usd")
    label_time_axes(figure, data, "Cumulative cost, present value (USD)")
    label_money_axis(figure.layout.yaxis)
    return figure


def cumulative_net_benefit(estimate: Estimate, shown: Collection[str] | None = None) -> go.Figure:
    """Value minus cost so far of each option: median line, p10–p90 band, and the month in which it breaks even."""
    data = scenario_data(estimate, shown)
    base = next(iter(data["options"]))
    alt = (
        f"Cumulative net benefit over {data['horizon_months']} months, present value of right answers minus wrong "
        f"answers minus cost, median future and p10–p90 band. A diamond marks the month from which an option stays "
        f"ahead of {base}."
    )
    figure = blank_figure("Net benefit over time", alt)
    draw_fan(figure, data, "cumulative_net_benefit_usd", first_month=0, show=money)
    draw_break_even(figure, data, "cumulative_net_benefit_usd")
    label_time_axes(figure, data, "Cumulative net benefit, present value (USD)")
    label_money_axis(figure.layout.yaxis)
    figure.add_hline(y=0, line={"width": 1, "color": "#888888"})
    return figure


def cost_by_category(estimate: Estimate) -> go.Figure:
    """Cost of each option in the central case, present value, stacked by category."""
    data = scenario_data(estimate)
    options = possible_options(data)
    sums = {name: option["cost_by_category_usd"] for name, option in options.items()}
    totals = {name: option["cost_usd"]["central"] for name, option in options.items()}
    largest = {name: max(parts, key=lambda key: parts[key]) for name, parts in sums.items() if parts}
    alt = "Cost by category over the horizon, central case, present value: " + "; ".join(
        f"{name} {money(totals[name])}" + (f", mostly {largest[name]}" if name in largest else "") for name in options
    )
    figure = blank_figure("Cost by category", f"{alt}.", height=OUTSIDE + ROW_HEIGHT * len(options))
    for place, category in enumerate(CATEGORIES):
        if not any(category in parts for parts in sums.values()):
            continue
        amounts = [parts.get(category, 0.0) for parts in sums.values()]
        figure.add_bar(
            name=category,
            y=list(options),
            x=amounts,
            orientation="h",
            customdata=[money(amount) for amount in amounts],
            hovertemplate=f"%{{y}}, {category}: %{{customdata}}<extra></extra>",
            marker={
                "color": CATEGORY_COLOURS[category],
                "pattern": {"shape": PATTERNS[place], "size": 5, "solidity": 0.15},
            },
        )
    draw_bar_totals(figure, totals, scaled_options(data))
    figure.update_layout(barmode="relative", hovermode="closest", legend={"traceorder": "normal"})
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title_text="Present value, central case (USD)")
    label_money_axis(figure.layout.xaxis)
    return figure


def quality_over_time(estimate: Estimate) -> go.Figure:
    """Share of correct answers of each option by month, with the wanted minimum."""
    data = scenario_data(estimate)
    minimum = estimate.scenario.task.minimum_quality
    ends = "; ".join(
        f"{name} starts at {share(path['p50'][0])} and ends at {share(path['p50'][-1])}"
        for name, path in ((name, option["by_month"]["quality"]) for name, option in scaled_options(data).items())
    )
    wanted = "" if minimum is None else f" The dotted line is the minimum quality of {share(minimum.mode)}."
    figure = blank_figure(
        "Quality over time", f"Share of correct answers by month, median and p10–p90: {ends}.{wanted}"
    )
    draw_fan(figure, data, "quality", first_month=1, show=share)
    label_time_axes(figure, data, "Correct answers (share of requests)")
    figure.update_yaxes(tickformat=".0%", rangemode="normal")
    if minimum is not None:
        figure.add_hline(
            y=minimum.mode,
            line={"dash": "dot", "width": 1.5, "color": "#888888"},
            annotation={"text": f"minimum {share(minimum.mode)}", "xanchor": "left", "x": 0},
            annotation_position="top left",
        )
    return figure


def net_benefit_odds(estimate: Estimate) -> go.Figure:
    """Net benefit of each option: median and p10–p90, with the odds of being the best."""
    data = scenario_data(estimate)
    options = scaled_options(data)
    styles = option_style(list(data["options"]))
    alt = "Net benefit over the horizon, present value, median and p10–p90: " + "; ".join(
        f"{name} {money(option['net_benefit_usd']['p50'])} ({money(option['net_benefit_usd']['p10'])} to "
        f"{money(option['net_benefit_usd']['p90'])}), {odds_in_words(option)}"
        for name, option in options.items()
    )
    figure = blank_figure("Net benefit and odds", f"{alt}.", height=OUTSIDE + ROW_HEIGHT * len(options))
    for name, option in options.items():
        benefit = option["net_benefit_usd"]
        figure.add_scatter(
            name=name,
            x=[benefit["p50"]],
            y=[f"<b>{short_name(name)}</b><br>{odds_in_words(option)}"],
            mode="markers",
            marker={"size": 12, "color": styles[name][0], "symbol": "diamond" if option["eligible"] else "x"},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [benefit["p90"] - benefit["p50"]],
                "arrayminus": [benefit["p50"] - benefit["p10"]],
                "color": styles[name][0],
                "thickness": 3,
            },
            hovertemplate=f"{name}: {money(benefit['p50'])} ({money(benefit['p10'])} to {money(benefit['p90'])}), "
            f"{odds_in_words(option)}<extra></extra>",
        )
    figure.update_layout(showlegend=False, hovermode="closest")
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=True)
    figure.update_xaxes(title_text="Net benefit, present value (USD)", zeroline=True)
    label_money_axis(figure.layout.xaxis)
    return figure
