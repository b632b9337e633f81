"""What all charts share: styles, bands, direct labels, marks and axes."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from estimator.report.colours import COLOURS as COLOURS
from estimator.report.colours import DASHES as DASHES
from estimator.report.colours import option_style as option_style
from estimator.report.numbers import money, month
from estimator.results import Estimate
from estimator.tco import CATEGORIES

CATEGORY_COLOURS: Mapping[str, str] = dict(
    zip(
        CATEGORIES,
        ("#C28500", "#C56C9D", "#D55E00", "#0072B2", "#2F95D0", "#009E73", "#9A8F00", "#8C564B", "#8064A2", "#8F8F8F"),
        strict=True,
    )
)
PATTERNS = ("", "/", "\\", "x", "-", "|", "+", ".", "", "/")
"""Second cue beside the colour of a category."""
HEIGHT = 430
ROW_HEIGHT = 52
OUTSIDE = 170
"""Height of title, axis and legend together."""
AXIS_HEIGHT = 65
LABEL_GAP = 0.065
"""Least distance between two direct labels, as a share of the axis."""
LABEL_CHARACTERS = 16
MANY_POWERS = 4
"""Powers of ten on an axis above which only they are marked. [count]"""
_BAND_OPACITY = 0.13


def alt_text(figure: go.Figure) -> str:
    """The sentence that says what a figure shows."""
    return str(figure.layout.meta["alt"])


def scenario_data(estimate: Estimate, shown: Collection[str] | None = None) -> dict[str, Any]:
    """The charted part of the JSON result; options that are not to be drawn are marked."""
    scenario = estimate.drawn()
    if shown is None:
        return scenario
    options = {name: {**option, "drawn": name in shown} for name, option in scenario["options"].items()}
    return {**scenario, "options": options}


def scaled_options(data: Mapping[str, Any]) -> dict[str, Any]:
    """Options that set the scale: training from scratch is only a comparison and could flatten all others."""
    possible = possible_options(data)
    return {name: option for name, option in possible.items() if option["kind"] != "pretraining"} or possible


def possible_options(data: Mapping[str, Any]) -> dict[str, Any]:
    """Options that can be carried out, and so have costs, and that are to be drawn."""
    return {name: item for name, item in data["options"].items() if item["feasible"] and item.get("drawn", True)}


def blank_figure(title: str, alt: str, *, height: int = HEIGHT) -> go.Figure:
    """An empty figure with title, alternative text and legend in place."""
    return go.Figure(
        layout={
            "template": "plotly_white",
            "title": {"text": title, "x": 0, "xanchor": "left", "font": {"size": 18}},
            "meta": {"alt": alt},
            "height": height,
            "margin": {"l": 10, "r": 20, "t": 50, "b": 10},
            "hovermode": "x unified",
            "legend": {
                "orientation": "h",
                "y": -AXIS_HEIGHT / max(height - OUTSIDE, ROW_HEIGHT),
                "yanchor": "top",
                "x": 0,
            },
            "colorway": COLOURS,
        }
    )


def empty_figure(title: str, words: str) -> go.Figure:
    """A figure that says in words why there is nothing to draw."""
    figure = blank_figure(title, words)
    figure.add_annotation(text=words, showarrow=False)
    return figure


def draw_band(
    figure: go.Figure,
    months: list[int],
    path: Mapping[str, list[float]],
    ends: tuple[str, str],
    *,
    name: str,
    colour: str,
    visible: Any,
) -> None:
    """Fill between two percentiles of a path by month, under the name of its option."""
    low, high = ends
    figure.add_scatter(
        x=[*months, *reversed(months)],
        y=[*path[high], *reversed(path[low])],
        fill="toself",
        fillcolor=transparent(colour),
        line={"width": 0},
        name=f"{name}, {low}–{high}",
        legendgroup=name,
        showlegend=False,
        visible=visible,
        hoverinfo="skip",
    )


def draw_fan(figure: go.Figure, data: Mapping[str, Any], key: str, *, first_month: int, show: Any) -> None:
    """Band and median of every option, with its name at the end of the line."""
    drawn = scaled_options(data)
    styles = option_style(list(data["options"]))
    for name, option in possible_options(data).items():
        colour, dash = styles[name]
        path = option["by_month"][key]
        months = list(range(first_month, first_month + len(path["p50"])))
        visible: Any = True if name in drawn else "legendonly"
        draw_band(figure, months, path, ("p10", "p90"), name=name, colour=colour, visible=visible)
        figure.add_scatter(
            x=months,
            y=path["p50"],
            name=name,
            legendgroup=name,
            visible=visible,
            line={"color": colour, "dash": dash, "width": 2.5},
            customdata=[
                f"{show(middle)} ({show(low)} to {show(high)})"
                for low, middle, high in zip(path["p10"], path["p50"], path["p90"], strict=True)
            ],
            hovertemplate="%{customdata}",
        )
    draw_labels(figure, {name: option["by_month"][key] for name, option in drawn.items()}, first_month)


def draw_labels(figure: go.Figure, paths: Mapping[str, Mapping[str, list[float]]], first_month: int) -> None:
    """Names at the ends of the lines, kept apart."""
    if not paths:
        return
    everything = [value for path in paths.values() for key in ("p10", "p90") for value in path[key]]
    gap = LABEL_GAP * (max(everything) - min(everything))
    places = spread([path["p50"][-1] for path in paths.values()], gap)
    for (name, path), place in zip(paths.items(), places, strict=True):
        figure.add_annotation(
            x=first_month + len(path["p50"]) - 1,
            y=place,
            text=short_name(name),
            xanchor="left",
            xshift=6,
            showarrow=False,
            font={"size": 12},
        )
    figure.update_layout(margin_r=20 + 7 * max(len(short_name(name)) for name in paths))


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Positions near the values, in the same order, at least a gap apart.

    >>> spread([1.0, 5.0, 1.0], 2.0)
    [0.0, 5.0, 2.0]
    """
    order = sorted(range(len(values)), key=lambda place: values[place])
    clusters: list[list[int]] = []
    for index in order:
        clusters.append([index])
        while len(clusters) > 1 and _top(clusters[-2], values, gap) + gap > _bottom(clusters[-1], values, gap):
            last = clusters.pop()
            clusters[-1] += last
    placed = {
        index: _bottom(cluster, values, gap) + gap * step for cluster in clusters for step, index in enumerate(cluster)
    }
    return [placed[index] for index in range(len(values))]


def _bottom(cluster: Sequence[int], values: Sequence[float], gap: float) -> float:
    middle = sum(values[index] for index in cluster) / len(cluster)
    return middle - gap * (len(cluster) - 1) / 2


def _top(cluster: Sequence[int], values: Sequence[float], gap: float) -> float:
    return _bottom(cluster, values, gap) + gap * (len(cluster) - 1)


def draw_break_even(figure: go.Figure, data: Mapping[str, Any], key: str) -> None:
    """A diamond where an option gets ahead of the first for good."""
    base = next(iter(data["options"]))
    styles = option_style(list(data["options"]))
    for name, option in scaled_options(data).items():
        when = option["break_even_month"]
        if when is None or when["p50"] is None:
            continue
        place = round(when["p50"])
        figure.add_scatter(
            x=[place],
            y=[option["by_month"][key]["p50"][place]],
            name=f"{name} breaks even",
            legendgroup=name,
            showlegend=False,
            mode="markers",
            marker={"symbol": "diamond", "size": 12, "color": styles[name][0], "line": {"width": 2, "color": "white"}},
            hovertemplate=f"{name} ahead of {base} from here: {month(when['p50'])} "
            f"(p10 {month(when['p10'])}, p90 {month(when['p90'])})<extra></extra>",
        )


def draw_bar_totals(figure: go.Figure, totals: Mapping[str, float], drawn: Mapping[str, Any]) -> None:
    """Total at the end of each bar; the axis ends where the options worth choosing end."""
    end = 1.22 * max((totals[name] for name in drawn), default=0.0)
    for name, total in totals.items():
        cut = total > end
        figure.add_annotation(
            x=end if cut else total,
            y=name,
            text=f"<b>{money(total)}</b>{' →' if cut else ''}",
            xanchor="right" if cut else "left",
            xshift=-4 if cut else 6,
            showarrow=False,
            **({"bgcolor": "white", "font": {"color": "#222222"}} if cut else {}),
        )
    figure.update_xaxes(range=[0, end or 1])


def label_time_axes(figure: go.Figure, data: Mapping[str, Any], title: str) -> None:
    """Titles and ranges of a chart over months."""
    figure.update_xaxes(
        title_text=f"Months since launch ({data['start']})", hoverformat="d", range=[0, data["horizon_months"]]
    )
    figure.update_yaxes(title_text=title, automargin=True)


def label_money_axis(axis: Any) -> None:
    """Short money marks on an axis."""
    axis.update(tickformat="$~s")


def label_log_axis(axis: Any, values: Iterable[float], *, form: str = "~s") -> None:
    """Few whole marks on a logarithmic axis, instead of the loose digits 2 and 5 between powers of ten."""
    known = [value for value in values if math.isfinite(value) and value > 0]
    if known:
        axis.update(type="log", tickvals=log_marks(min(known), max(known)), tickformat=form, automargin=True)


def log_marks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of every power of ten between two values; powers of ten alone where those are too many.

    >>> log_marks(30, 250), log_marks(0.5, 20_000_000)[:3]
    ([50.0, 100.0, 200.0], [1.0, 10.0, 100.0])
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if len(powers) <= MANY_POWERS else (1,)
    marks = [float(f"{step}e{power}") for power in powers for step in steps]
    return [mark for mark in marks if low <= mark <= high] or [low]


def odds_in_words(option: Mapping[str, Any]) -> str:
    """How often an option is the best."""
    if not option["eligible"]:
        return "not eligible"
    return f"best in {100 * option['probability_best']:.0f} of 100"


def short_name(name: str) -> str:
    """A name cut to the room beside a line."""
    text = name if len(name) <= LABEL_CHARACTERS else f"{name[: LABEL_CHARACTERS - 1]}…"
    return escape(text)


def transparent(colour: str, opacity: float = _BAND_OPACITY) -> str:
    """A colour as the fill of a band or an area."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
