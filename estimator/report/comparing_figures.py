"""Charts of two scenarios beside each other: where each option stands, and which change moved it."""

from collections.abc import Sequence

import plotly.graph_objects as go

from estimator.attribution import Attribution
from estimator.report.colours import option_style
from estimator.report.comparing import MEASURES
from estimator.report.cost_figures import draw_waterfall
from estimator.report.drawing import HEIGHT, ROW_HEIGHT, blank_figure, empty_figure, label_money_axis
from estimator.report.naming import spoken
from estimator.report.numbers import money, money_change
from estimator.results import Comparison

MARKS = ("circle-open", "circle", "diamond", "square")
"""Marks of the scenarios, the first one open."""
TOGETHER = "only together"


def benefit_side_by_side(comparison: Comparison) -> go.Figure:
    """Mean net benefit of each option in each scenario, with its p10–p90."""
    title = "Net benefit of each option in each scenario"
    names = list(dict.fromkeys(name for estimate in comparison.estimates for name in estimate.options))
    shown = [
        (label, mark, {name: option for name, option in estimate.options.items() if not option.outcome.infeasible})
        for label, estimate, mark in zip(comparison.labels, comparison.estimates, MARKS, strict=False)
    ]
    styles = option_style(names)
    best = "; ".join(
        f"{label}: {name} is best with {money(estimate.decision.standings[name].net_benefit.mean)}"
        for label, estimate in zip(comparison.labels, comparison.estimates, strict=True)
        if (name := estimate.decision.verdict.best) is not None
    )
    ends = best or "No option qualifies"
    alt = f"Mean net benefit over the horizon by option and scenario, bars from p10 to p90. {ends}."
    figure = blank_figure(title, alt, height=max(HEIGHT, ROW_HEIGHT * len(names) + 2 * ROW_HEIGHT))
    for label, mark, options in shown:
        bands = [option.standing.net_benefit for option in options.values()]
        figure.add_scatter(
            name=label,
            x=[band.mean for band in bands],
            y=list(options),
            mode="markers",
            orientation="h",
            offsetgroup=label,
            marker={"symbol": mark, "size": 11, "color": [styles[name][0] for name in options]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [band.p90 - band.mean for band in bands],
                "arrayminus": [band.mean - band.p10 for band in bands],
                "thickness": 1,
                "color": "#888888",
            },
            text=[f"{money(band.mean)} ({money(band.p10)} to {money(band.p90)})" for band in bands],
            hovertemplate="%{y}: %{text}",
        )
    figure.update_layout(hovermode="closest", scattermode="group")
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=names, automargin=True)
    figure.update_xaxes(title_text="Net benefit, present value (USD)", automargin=True, zeroline=True)
    label_money_axis(figure.layout.xaxis)
    return figure


def effect_waterfall(comparison: Comparison, item: Attribution, *, before: str, after: str) -> go.Figure:
    """Steps from the figure of an option in one scenario to its figure in the other, one per change."""
    causes = next(found for found in comparison.causes if item in found.shares)
    measure = MEASURES[item.measure]
    title = f"What moved the {measure} of {item.option}"
    steps = _steps(causes.changes, item)
    if not steps:
        return empty_figure(title, f"Nothing moved the {measure} of {item.option}.")
    words = ", ".join(f"{name} {money_change(usd)}" for name, usd in steps)
    alt = (
        f"Central case, present value: the {measure} of {item.option} is {money(item.before)} in {before} and "
        f"{money(item.after)} in {after}; {words}."
    )
    figure = blank_figure(title, alt)
    bars = [
        (before, item.before, money(item.before), "absolute"),
        *((name, usd, money_change(usd), "relative") for name, usd in steps),
        (after, item.after, money(item.after), "total"),
    ]
    draw_waterfall(figure, bars, rise="#0072B2", fall="#D55E00")
    figure.update_yaxes(title_text=f"{measure.capitalize()}, present value (USD)")
    return figure


def _steps(changes: Sequence[tuple[str, ...]], item: Attribution) -> list[tuple[str, float]]:
    """Changes that move the figure alone, then what they do only together."""
    alone = [(_named(keys), usd) for keys, usd in zip(changes, item.effects, strict=True) if usd]
    return [*alone, *([(TOGETHER, item.interaction)] if item.interaction else [])]


def _named(keys: tuple[str, ...]) -> str:
    return spoken(keys[0]) + (f" and {len(keys) - 1} more" if len(keys) > 1 else "")
