"""Charts of a simulation and of a sensitivity: pure functions that return plotly figures.

Each option keeps the colour and dash of its place in the scenario; each figure carries a sentence that says what it
shows (`alt_text`).
"""

import plotly.graph_objects as go

from estimator.decision import PERCENTILES
from estimator.questions.sensitivity import Sensitivity
from estimator.questions.simulate import OptionFutures, Simulation
from estimator.report.drawing import (
    COLOURS,
    OUTSIDE,
    blank_figure,
    draw_labels,
    label_money_axis,
    option_style,
    transparent,
)
from estimator.report.numbers import compact, money, share
from estimator.units import Array

BAR_HEIGHT = 30
BINS = 60
GREY = "#888888"


def fan(found: Simulation, *, net_benefit: bool = True) -> go.Figure:
    """Cumulative net benefit, or cost, of every option: median, p10–p90 and p5–p95 by month."""
    what = "net benefit" if net_benefit else "cost"
    paths = {name: _named(item, net_benefit) for name, item in _scaled(found).items()}
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
        for low, high in (("p5", "p95"), ("p10", "p90")):
            figure.add_scatter(
                x=[*months, *reversed(months)],
                y=[*path[high], *reversed(path[low])],
                fill="toself",
                fillcolor=transparent(colour),
                line={"width": 0},
                name=f"{name}, {low}–{high}",
                legendgroup=name,
                showlegend=False,
                hoverinfo="skip",
            )
        figure.add_scatter(
            x=months, y=path["p50"], name=name, legendgroup=name, line={"color": colour, "dash": dash, "width": 2.5}
        )
    draw_labels(figure, paths, 0)
    figure.update_xaxes(title_text="Months since launch")
    figure.update_yaxes(title_text=f"Cumulative {what}, present value (USD)", automargin=True)
    label_money_axis(figure.layout.yaxis)
    return figure


def acceptability_curve(found: Simulation) -> go.Figure:
    """Odds of each option of being the best, by what one correct answer is worth; the frontier is drawn thick."""
    curve = found.acceptability
    if curve is None:
        return _empty("What is one correct answer worth?", "No option qualifies, so none has odds.")
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
        name="the choice by mean (frontier)",
        line={"color": "#222222", "width": 5},
        opacity=0.35,
        hovertemplate="%{y:.0%}",
    )
    if found.worth_today.central > 0:
        figure.add_vline(
            x=found.worth_today.central,
            line={"dash": "dot", "width": 1.5, "color": GREY},
            annotation_text=f"today {money(found.worth_today.central)}",
        )
    figure.update_xaxes(type="log", title_text="Worth of one correct answer (USD)", tickprefix="$")
    figure.update_yaxes(title_text="Odds of being the best", tickformat=".0%", range=[0, 1.02])
    return figure


def cost_effectiveness(found: Simulation) -> go.Figure:
    """Extra correct answers and extra cost of every option against the first, one point per future."""
    plane = found.plane
    if plane is None or not plane.means:
        return _empty("More answers for more money?", "Fewer than two options qualify, so none is set beside another.")
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
        return _empty("Regret", "No option qualifies, so none has regret.")
    words = "; ".join(
        f"{name} {money(item.regret.mean)} on average, p95 {money(item.regret.p95)}"
        for name, item in options.items()
        if item.regret is not None
    )
    figure = blank_figure("Regret", f"Loss against the best option of each future: {words}.")
    styles = option_style(list(found.estimate.options))
    for name, item in options.items():
        figure.add_histogram(
            x=item.regrets,
            name=name,
            nbinsx=BINS,
            histnorm="probability",
            bingroup=1,
            opacity=0.55,
            marker={"color": styles[name][0]},
        )
    figure.update_layout(barmode="overlay", hovermode="closest")
    figure.update_xaxes(title_text="Loss against the best option of that future (USD)")
    figure.update_yaxes(title_text="Share of futures", tickformat=".0%")
    label_money_axis(figure.layout.xaxis)
    return figure


def tornado_chart(found: Sensitivity) -> go.Figure:
    """The result with each input at its low and high end, around today's."""
    title = found.pair.words.capitalize()
    study = found.tornado
    if study is None or not study.moved:
        return _empty(title, "No input moves the result.")
    first = study.moved[0]
    alt = (
        f"{title}, today {money(study.central)}: {len(study.moved)} inputs moved one at a time; {first.factor.name} moves "
        f"it most, from {money(first.bar.at_low)} to {money(first.bar.at_high)}."
    )
    figure = _bars(title, alt, len(study.moved))
    names = [short_key(item.factor.name) for item in study.moved]
    for label, colour, values, ends in (
        ("low", COLOURS[5], [item.bar.at_low for item in study.moved], [item.low for item in study.moved]),
        ("high", COLOURS[1], [item.bar.at_high for item in study.moved], [item.high for item in study.moved]),
    ):
        figure.add_bar(
            name=f"input at its {label} end",
            y=names,
            x=_beyond(values, study.central),
            base=study.central,
            orientation="h",
            marker={"color": colour, "pattern": {"shape": "/" if label == "high" else "", "solidity": 0.2}},
            customdata=[f"{compact(end)}: {money(value)}" for end, value in zip(ends, values, strict=True)],
            hovertemplate="%{y} at %{customdata}<extra></extra>",
        )
    figure.add_vline(x=study.central, line={"width": 1.5, "color": "#222222"})
    figure.add_vline(x=0, line={"width": 1, "dash": "dot", "color": GREY})
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text=f"{title} (USD)")
    label_money_axis(figure.layout.xaxis)
    return figure


def sobol_bars(found: Sensitivity) -> go.Figure:
    """Share of the variance of each input, alone and with others, with 90 % intervals."""
    study = found.sobol
    title = f"What makes the spread of the {found.pair.words}"
    if study is None or not study.indices:
        return _empty(title, "Nothing is uncertain.")
    words = ", ".join(f"{item.factor.name} {share(item.total)}" for item in study.indices[:3])
    figure = _bars(title, f"Shares of the variance with all interactions: {words} lead.", len(study.indices))
    names = [short_key(item.factor.name) for item in study.indices]
    parts = (
        ("alone", COLOURS[5], "first", "first_low", "first_high"),
        ("with others", COLOURS[0], "total", "total_low", "total_high"),
    )
    for label, colour, value, low, high in parts:
        figures = [[getattr(item, key) for item in study.indices] for key in (value, low, high)]
        figure.add_bar(
            name=label,
            y=names,
            x=figures[0],
            orientation="h",
            marker={"color": colour, "pattern": {"shape": "" if label == "alone" else "/", "solidity": 0.2}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": _beyond(figures[2], figures[0]),
                "arrayminus": _beyond(figures[0], figures[1]),
            },
            hovertemplate=f"%{{y}}, {label}: %{{x:.1%}}<extra></extra>",
        )
    figure.update_xaxes(title_text="Share of the variance", tickformat=".0%")
    return figure


def measure_next(found: Sensitivity) -> go.Figure:
    """What it is worth at most to know each input before choosing, with standard errors: measure the top one next."""
    study = found.information
    if study is None or not study.inputs:
        return _empty("Measure this next", "Nothing is uncertain, so nothing is worth measuring.")
    figure = _bars("Measure this next", study.advice, len(study.inputs))
    figure.add_bar(
        y=[short_key(item.name) for item in study.inputs],
        x=[item.worth.usd for item in study.inputs],
        orientation="h",
        marker={"color": COLOURS[2]},
        error_x={"type": "data", "array": [item.worth.standard_error_usd for item in study.inputs]},
        customdata=[money(item.worth.usd) for item in study.inputs],
        hovertemplate="%{y}: worth up to %{customdata}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(title_text="Worth at most of knowing it before choosing (USD)", rangemode="tozero")
    label_money_axis(figure.layout.xaxis)
    return figure


def short_key(key: str) -> str:
    """A key for the side of a bar, cut in the middle."""
    return key if len(key) <= KEY_CHARACTERS else f"{key[:18]}…{key[-(KEY_CHARACTERS - 19) :]}"


KEY_CHARACTERS = 44


def _bars(title: str, alt: str, count: int) -> go.Figure:
    figure = blank_figure(title, alt, height=OUTSIDE + BAR_HEIGHT * count)
    figure.update_layout(hovermode="closest")
    figure.update_yaxes(autorange="reversed", automargin=True)
    return figure


def _beyond(values: list[float], start: float | list[float]) -> list[float]:
    starts = start if isinstance(start, list) else [start] * len(values)
    return [value - begin for value, begin in zip(values, starts, strict=True)]


def _empty(title: str, words: str) -> go.Figure:
    figure = blank_figure(title, words)
    figure.add_annotation(text=words, showarrow=False)
    return figure


def _scaled(found: Simulation) -> dict[str, OptionFutures]:
    """Options that set the scale: training from scratch is only a comparison and could flatten all others."""
    options = found.estimate.options
    scaled = {name: item for name, item in found.options.items() if options[name].standing.kind != "pretraining"}
    return scaled or dict(found.options)


def _named(item: OptionFutures, net_benefit: bool) -> dict[str, list[float]]:
    path: Array = item.net_benefit_by_month if net_benefit else item.cost_by_month
    return {f"p{percent}": row.tolist() for percent, row in zip(PERCENTILES, path, strict=True)}
