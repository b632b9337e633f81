"""Charts of a break-even: the gain along one input, and the best option over two, with the line of no gain."""

import math

import numpy as np
import plotly.graph_objects as go

from estimator.questions import Axis, BreakEvenCurve, BreakEvenGrid
from estimator.report.drawing import (
    blank_figure,
    label_log_axis,
    label_money_axis,
    option_style,
    short_name,
    transparent,
)
from estimator.report.flips import ahead, in_unit
from estimator.report.naming import spoken
from estimator.report.numbers import money

HERE = "you are here"
INK = "#808080"
"""Seen on a light and on a dark page."""
CLIPPED = 0.95
"""Share of the points whose gain keeps its own shade; the few largest would make all others pale. [1]"""


def break_even_curve(found: BreakEvenCurve) -> go.Figure:
    """Gain of one side over another along an input: line, roots, and today's value."""
    x = found.x
    roots = ", ".join(in_unit(flip.value, x.unit) for flip in found.flips) or "no value shown"
    figure = blank_figure(
        "Break-even",
        f"Gain of {found.option} over {found.against} in net benefit along {spoken(x.key)}: it is "
        f"{money(found.gain_today_usd)} at today's {in_unit(x.today, x.unit)} and breaks even at {roots}.",
    )
    figure.add_scatter(
        x=x.values,
        y=found.gain_usd,
        mode="lines",
        name=f"{short_name(found.option)} − {short_name(found.against)}",
        line={"width": 2.5},
        customdata=[[money(gain), best] for gain, best in zip(found.gain_usd, found.best, strict=True)],
        hovertemplate="%{customdata[0]}, best: %{customdata[1]}<extra></extra>",
    )
    figure.add_scatter(
        x=[flip.value for flip in found.flips],
        y=[0.0 for _ in found.flips],
        mode="markers",
        name="break-even",
        marker={"symbol": "diamond", "size": 12, "line": {"width": 2, "color": "white"}},
        hovertemplate="breaks even at %{x:.4s}<extra></extra>",
    )
    if math.isfinite(found.gain_today_usd):
        _draw_today(figure, x.today, found.gain_today_usd, money(found.gain_today_usd), is_log=(x.log, False))
    figure.add_hline(y=0, line={"width": 1, "color": "#888888"})
    _label(figure.layout.xaxis, x)
    figure.update_yaxes(title_text="Gain in net benefit, present value (USD)", automargin=True)
    label_money_axis(figure.layout.yaxis)
    return figure


def break_even_map(found: BreakEvenGrid) -> go.Figure:
    """Best option at every point of a grid in its own colour, the line of no gain, and today's point."""
    x, y = found.x, found.y
    here = f"today's {in_unit(x.today, x.unit)} and {in_unit(y.today, y.unit)}"
    shown = list(dict.fromkeys(name for row in found.best for name in row))
    crossed = "the line of no gain crosses the map" if found.contour.size else "there is no break-even inside the map"
    figure = blank_figure(
        "Break-even map",
        f"Best option by {spoken(x.key)} and {spoken(y.key)}: {', '.join(shown)}; at {here} {ahead(found.best_today)}, "
        f"and {found.option} gains {money(found.gain_today_usd)} over {found.against}; {crossed}.",
    )
    _draw_options(figure, found, shown)
    _draw_no_gain(figure, found)
    _draw_today(figure, x.today, y.today, money(found.gain_today_usd), is_log=(x.log, y.log))
    figure.update_layout(hovermode="closest")
    _label(figure.layout.xaxis, x)
    _label(figure.layout.yaxis, y)
    return figure


def gain_map(found: BreakEvenGrid) -> go.Figure:
    """Gain of one side over another at every point of a grid, the line of no gain, and today's point."""
    x, y = found.x, found.y
    finite = found.gain_usd[np.isfinite(found.gain_usd)]
    most = float(np.quantile(np.abs(finite), CLIPPED)) if finite.size else 1.0
    crossed = "the grey line is where it is zero" if found.contour.size else "it is nowhere zero on this map"
    figure = blank_figure(
        "Gain map",
        f"Gain of {found.option} over {found.against} in net benefit by {spoken(x.key)} and {spoken(y.key)}: "
        f"{money(found.gain_today_usd)} at today's {in_unit(x.today, x.unit)} and {in_unit(y.today, y.unit)}; "
        f"{crossed}.",
    )
    figure.add_heatmap(
        x=x.values,
        y=y.values,
        z=found.gain_usd,
        zmin=-most,
        zmax=most,
        colorscale="RdBu",
        colorbar={"title": {"text": "Gain (USD)"}, "tickformat": "$~s", "thickness": 14},
        customdata=[[money(gain) for gain in row] for row in found.gain_usd],
        hovertemplate="%{x:.3s}, %{y:.3s}: %{customdata}<extra></extra>",
    )
    _draw_no_gain(figure, found)
    _draw_today(figure, x.today, y.today, money(found.gain_today_usd), is_log=(x.log, y.log))
    figure.update_layout(hovermode="closest")
    _label(figure.layout.xaxis, x)
    _label(figure.layout.yaxis, y)
    return figure


def _draw_no_gain(figure: go.Figure, found: BreakEvenGrid) -> None:
    figure.add_contour(
        x=found.x.values,
        y=found.y.values,
        z=found.gain_usd,
        contours={"coloring": "none", "start": 0, "end": 0, "size": 1},
        line={"width": 3, "color": INK},
        showscale=False,
        showlegend=True,
        name=f"{short_name(found.option)} = {short_name(found.against)}",
        hoverinfo="skip",
    )


def _draw_options(figure: go.Figure, found: BreakEvenGrid, shown: list[str]) -> None:
    """The map itself, one colour per option as in all other charts; grey where nothing qualifies."""
    styles = option_style(list(found.base.options))
    colours = {name: styles[name][0] if name in styles else "#888888" for name in shown}
    places = {name: place for place, name in enumerate(shown)}
    count = len(shown)
    bands = [
        [(place + end) / count, transparent(colours[name], 0.35)] for name, place in places.items() for end in (0, 1)
    ]
    figure.add_heatmap(
        x=found.x.values,
        y=found.y.values,
        z=[[places[name] for name in row] for row in found.best],
        zmin=-0.5,
        zmax=count - 0.5,
        colorscale=bands,
        showscale=False,
        customdata=[
            [[name, money(gain)] for name, gain in zip(row, gains, strict=True)]
            for row, gains in zip(found.best, found.gain_usd, strict=True)
        ],
        hovertemplate=f"%{{x:.3s}}, %{{y:.3s}}: %{{customdata[0]}}; {short_name(found.option)} gains %{{customdata[1]}}"
        "<extra></extra>",
    )
    for name, colour in colours.items():
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            name=short_name(name),
            marker={"symbol": "square", "size": 12, "color": transparent(colour, 0.35)},
        )


def _draw_today(figure: go.Figure, across: float, up: float, gain: str, *, is_log: tuple[bool, bool]) -> None:
    figure.add_scatter(
        x=[across],
        y=[up],
        mode="markers",
        name=HERE,
        marker={"symbol": "star", "size": 15, "color": "#222222", "line": {"width": 1.5, "color": "white"}},
        hovertemplate=f"{HERE}: gain {gain}<extra></extra>",
    )
    figure.add_annotation(
        x=math.log10(across) if is_log[0] else across,
        y=math.log10(up) if is_log[1] else up,
        text=HERE,
        showarrow=False,
        yshift=20,
        bgcolor="white",
        font={"color": "#222222"},
    )


def _label(axis: go.layout.XAxis | go.layout.YAxis, item: Axis) -> None:
    name = spoken(item.key)
    axis.update(title={"text": name if name == item.unit else f"{name} ({item.unit})"}, type="linear", automargin=True)
    if item.log:
        label_log_axis(axis, item.values, form="$~s" if item.unit.startswith("USD") else "~s")
