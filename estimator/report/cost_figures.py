"""Charts of what one option costs: from nothing to its total by category, and month by month."""

from collections.abc import Sequence

import plotly.graph_objects as go

from estimator.plain import category_by_month
from estimator.report.drawing import (
    CATEGORY_COLOURS,
    PATTERNS,
    blank_figure,
    empty_figure,
    label_money_axis,
)
from estimator.report.numbers import money
from estimator.results import Estimate
from estimator.tco import CATEGORIES


def draw_waterfall(figure: go.Figure, bars: Sequence[tuple[str, float, str, str]], *, rise: str, fall: str) -> None:
    """Steps from bar to bar; each has a name, an amount, a label, and is `relative`, `absolute` or `total`."""
    names, amounts, labels, kinds = zip(*bars, strict=True)
    figure.add_waterfall(
        x=names,
        y=amounts,
        measure=kinds,
        text=labels,
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{text}<extra></extra>",
        increasing={"marker": {"color": rise}},
        decreasing={"marker": {"color": fall}},
        totals={"marker": {"color": "#555555"}},
        connector={"line": {"color": "#888888", "width": 1}},
        showlegend=False,
    )
    figure.update_layout(hovermode="closest", margin_t=70)
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    label_money_axis(figure.layout.yaxis)


def cost_waterfall(estimate: Estimate, name: str) -> go.Figure:
    """Steps from nothing to the cost of an option, one per category."""
    option = estimate.options[name]
    title = f"From nothing to the cost of {name}"
    if option.outcome.infeasible:
        return empty_figure(title, f"{name} cannot be carried out, so it has no cost.")
    parts = {item: usd for item, usd in option.costs_by_category().items() if usd}
    total = option.standing.cost.central
    words = ", ".join(f"{item} {money(usd)}" for item, usd in parts.items())
    figure = blank_figure(
        title, f"Cost of {name} over the horizon, central case, present value: {words}; {money(total)} in all."
    )
    bars = [(name, usd, money(usd), "relative") for name, usd in parts.items()]
    draw_waterfall(figure, [*bars, ("in all", total, money(total), "total")], rise="#0072B2", fall="#009E73")
    figure.update_yaxes(title_text="Cost, present value (USD)")
    return figure


def monthly_cost(estimate: Estimate, name: str) -> go.Figure:
    """Undiscounted cost of an option in each month, stacked by category."""
    outcome = estimate.options[name].outcome
    title = f"What {name} costs each month"
    if outcome.infeasible:
        return empty_figure(title, f"{name} cannot be carried out, so it has no cost.")
    paths = {item: path for item, path in category_by_month(outcome.costs).items() if any(path)}
    months = outcome.costs.monthly[0]
    dearest = max(range(1, len(months)), key=lambda place: months[place])
    figure = blank_figure(
        title,
        f"Undiscounted cost of {name} by month, central case: {money(months[0])} before launch; the dearest month "
        f"after it is month {dearest} with {money(months[dearest])}.",
    )
    for place, category in enumerate(CATEGORIES):
        if category not in paths:
            continue
        figure.add_bar(
            name=category,
            x=list(range(len(months))),
            y=paths[category],
            customdata=[money(usd) for usd in paths[category]],
            hovertemplate="%{customdata}",
            marker={
                "color": CATEGORY_COLOURS[category],
                "pattern": {"shape": PATTERNS[place], "size": 5, "solidity": 0.15},
            },
        )
    figure.update_layout(barmode="relative", bargap=0.1, legend={"traceorder": "normal"})
    figure.update_xaxes(title_text="Months since launch; 0 is all that is spent before it", hoverformat="d")
    figure.update_yaxes(title_text="Cost of the month (USD)", automargin=True)
    label_money_axis(figure.layout.yaxis)
    return figure
