"""Charts of a simulation: pure functions that return plotly figures.

Each option keeps the colour and dash of its place in the scenario; each figure carries a sentence that says what it
shows (`alt_text`).
"""

from math import log10

import plotly.graph_objects as go

from estimator.decision import PERCENTILES
from estimator.questions.simulate import OptionFutures, Simulation
from estimator.report.drawing import (
    OUTSIDE,
    blank_figure,
    draw_band,
    draw_labels,
    empty_figure,
    label_log_axis,
    label_money_axis,
    option_style,
    short_name,
)
from estimator.report.numbers import compact, money
from estimator.units import Array

BINS = 60
REGRET_ROW = 75
"""Height of the histogram of one option."""
GREY = "#888888"


def fan(found: Simulation, *, net_benefit: bool = True) -> go.Figure:
    """Cumulative net benefit, or cost, of every option: median, p10–p90 and p5–p95 by month."""
    what = "net benefit" if net_benefit else "cost"
    paths = {name: _named(item, net_benefit) for name, item in _scaled(found).items()}
    if not paths:
        return empty_figure(f"Cumulative {what} over the futures", "No option can be carried out.")
    drawn = {name: path for name, path in paths.items() if name in found.eligible} or paths
    ends = "; ".join(
        f"{name} ends at {money(path['p50'][-1])} ({money(path['p5'][-1])} to {money(path['p95'][-1])})"
        for name, path in paths.items()
    )
    figure = blank_figure(
        f"Cumulative {what} over the futures", f"Cumulative {what} by month, median and p5–p95: {ends}."
    )
    styles = option_style(list(found.estimate.options))
    for name, path in paths.items():
        colour, dash = styles[name]
        months = list(range(len(path["p50"])))
        visible = True if name in drawn else "legendonly"
        for band in (("p5", "p95"), ("p10", "p90")):
            draw_band(figure, months, path, band, name=name, colour=colour, visible=visible)
        figure.add_scatter(
            x=months,
            y=path["p50"],
            name=name,
            legendgroup=name,
            visible=visible,
            line={"color": colour, "dash": dash, "width": 2.5},
        )
    draw_labels(figure, drawn, 0)
    figure.update_xaxes(title_text="Months since launch")
    figure.update_yaxes(title_text=f"Cumulative {what}, present value (USD)", automargin=True)
    label_money_axis(figure.layout.yaxis)
    return figure


def acceptability_curve(found: Simulation) -> go.Figure:
    """Odds of each option of being the best, by what one correct answer is worth; the frontier is drawn thick."""
    curve = found.acceptability
    if curve is None:
        return empty_figure("What is one correct answer worth?", "No option qualifies, so none has odds.")
    names = dict.fromkeys(found.eligible[int(place)] for place in curve.chosen)
    chosen = ", then ".join(names)
    alt = (
        f"Odds of being the best option by the worth of one correct answer, {money(curve.worth_usd[0])} to "
        f"{money(curve.worth_usd[-1])}. The highest mean has {chosen}."
    )
    figure = blank_figure("What is one correct answer worth?", alt)
    styles = option_style(list(found.estimate.options))
    for place, name in enumerate(found.eligible):
        figure.add_scatter(
            x=curve.worth_usd,
            y=curve.probability_best[place],
            name=name,
            line={"color": styles[name][0], "dash": styles[name][1], "width": 2},
            hovertemplate="%{y:.0%}",
        )
    figure.add_scatter(
        x=curve.worth_usd,
        y=curve.frontier,
        name="chosen by mean",
        line={"color": GREY, "width": 7},
        opacity=0.5,
        hovertemplate="%{y:.0%}",
    )
    today = found.worth_today.central
    if today > 0:
        figure.add_vline(x=today, line={"dash": "dot", "width": 1.5, "color": GREY})
        figure.add_annotation(
            x=log10(today), y=1.02, text=f"today {money(today)}", xanchor="left", xshift=4, showarrow=False
        )
    title = "Worth of one correct answer (USD)"
    figure.update_xaxes(title_text=title, autorange=True)
    label_log_axis(figure.layout.xaxis, curve.worth_usd, form="$~g")
    figure.update_yaxes(title_text="Odds of being the best", tickformat=".0%", range=[0, 1.02])
    return figure


def cost_effectiveness(found: Simulation) -> go.Figure:
    """Extra correct answers and extra cost of every option against the first, one point per future."""
    plane = found.plane
    if plane is None or not plane.means:
        return empty_figure(
            "More answers for more money?", "Fewer than two options qualify, so none is set beside another."
        )
    words = "; ".join(f"{name} {compact(right)} answers for {money(usd)}" for name, (right, usd) in plane.means.items())
    alt = f"Extra correct answers and extra cost against {plane.baseline}, means with a cloud of futures: {words}."
    figure = blank_figure("More answers for more money?", alt)
    styles = option_style(list(found.estimate.options))
    for name, mean in plane.means.items():
        colour = styles[name][0]
        figure.add_scatter(
            x=plane.successes[name],
            y=plane.costs[name],
            mode="markers",
            name=f"{name}, futures",
            legendgroup=name,
            showlegend=False,
            marker={"size": 4, "color": colour, "opacity": 0.35},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=mean[:1],
            y=mean[1:],
            mode="markers",
            name=name,
            legendgroup=name,
            marker={"size": 14, "color": colour, "symbol": "diamond", "line": {"width": 2, "color": "white"}},
            hovertemplate=f"{name}: {compact(mean[0])} answers, {money(mean[1])}<extra></extra>",
        )
    figure.add_hline(y=0, line={"width": 1, "color": GREY})
    figure.add_vline(x=0, line={"width": 1, "color": GREY})
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title_text=f"Extra correct answers against {plane.baseline}, discounted", tickformat="~s")
    figure.update_yaxes(title_text="Extra cost, damage of errors included (USD)", automargin=True)
    label_money_axis(figure.layout.yaxis)
    return figure


def regret_histogram(found: Simulation) -> go.Figure:
    """How much each option loses against the best one of each future."""
    options = {name: item for name, item in found.options.items() if item.regret is not None}
    if not options:
        return empty_figure("Regret", "No option qualifies, so none has regret.")
    words = "; ".join(
        f"{name} {money(item.regret.mean)} on average, p95 {money(item.regret.p95)}"
        for name, item in options.items()
        if item.regret is not None
    )
    figure = blank_figure(
        "Regret",
        f"Share of futures by loss against the best option of that future, up to the largest p95: {words}.",
        height=OUTSIDE + REGRET_ROW * len(options),
    )
    figure.set_subplots(rows=len(options), cols=1, shared_xaxes=True, vertical_spacing=0.15 / len(options))
    styles = option_style(list(found.estimate.options))
    for row, (name, item) in enumerate(options.items(), start=1):
        figure.add_histogram(
            x=item.regrets,
            name=name,
            nbinsx=BINS,
            histnorm="probability",
            bingroup=1,
            marker={"color": styles[name][0]},
            hovertemplate=f"{name} loses %{{x}}: %{{y:.0%}} of futures<extra></extra>",
            row=row,
            col=1,
        )
        figure.update_yaxes(title_text=short_name(name), tickformat=".0%", automargin=True, row=row, col=1)
        label_money_axis(figure.layout[f"xaxis{row if row > 1 else ''}"])
    most = max(item.regret.p95 for item in options.values() if item.regret is not None)
    figure.update_layout(hovermode="closest", showlegend=False)
    figure.update_xaxes(range=[0, most or 1])
    figure.update_xaxes(title_text="Loss against the best option (USD)", row=len(options), col=1)
    return figure


def _scaled(found: Simulation) -> dict[str, OptionFutures]:
    """Options that set the scale: training from scratch is only a comparison and could flatten all others."""
    options = found.estimate.options
    scaled = {name: item for name, item in found.options.items() if options[name].standing.kind != "pretraining"}
    return scaled or dict(found.options)


def _named(item: OptionFutures, net_benefit: bool) -> dict[str, list[float]]:
    path: Array = item.net_benefit_by_month if net_benefit else item.cost_by_month
    return {f"p{percent}": row.tolist() for percent, row in zip(PERCENTILES, path, strict=True)}
