"""Charts of an estimate: pure functions that return plotly figures.

Every number drawn is read from the data of the JSON result. Each option has one colour and one dash, by its place in
the scenario, and each figure carries a sentence that says what it shows (`alt_text`).
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from estimator.report.numbers import money, month, share
from estimator.results import Estimate
from estimator.tco import CATEGORIES

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#9A8F00")
"""Okabe–Ito, the yellow darkened so that it shows on white."""
DASHES = ("solid", "dash", "dashdot", "dot", "longdash", "longdashdot")
CATEGORY_COLOURS: Mapping[str, str] = dict(
    zip(
        CATEGORIES,
        ("#E69F00", "#CC79A7", "#D55E00", "#0072B2", "#56B4E9", "#009E73", "#F0E442", "#8C564B", "#7F7F7F", "#B8B8B8"),
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
_BAND_OPACITY = 0.13


def option_style(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and dash of every option, by its place in the scenario."""
    return {name: (COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]) for place, name in enumerate(names)}


def alt_text(figure: go.Figure) -> str:
    """The sentence that says what a figure shows."""
    return str(figure.layout.meta["alt"])


def cumulative_cost(estimate: Estimate) -> go.Figure:
    """Cost so far of each option: median line, p10–p90 band, and the month in which it breaks even."""
    data = _data(estimate)
    base = next(iter(data["options"]))
    ends = {name: option["by_month"]["cumulative_cost_usd"] for name, option in _drawn(data).items()}
    alt = (
        f"Cumulative cost over {data['horizon_months']} months, present value, median future and p10–p90 band: "
        + "; ".join(
            f"{name} ends at {money(path['p50'][-1])} ({money(path['p10'][-1])} to {money(path['p90'][-1])})"
            for name, path in ends.items()
        )
        + f". A diamond marks the month from which an option stays ahead of {base} in net benefit."
    )
    figure = _figure("Cost over time", alt)
    _fan(figure, data, "cumulative_cost_usd", first_month=0, show=money)
    _break_even_marks(figure, data, "cumulative_cost_usd")
    _time_axes(figure, data, "Cumulative cost, present value (USD)")
    _money_axis(figure.layout.yaxis)
    return figure


def cumulative_net_benefit(estimate: Estimate) -> go.Figure:
    """Value minus cost so far of each option: median line, p10–p90 band, and the month in which it breaks even."""
    data = _data(estimate)
    base = next(iter(data["options"]))
    alt = (
        f"Cumulative net benefit over {data['horizon_months']} months, present value of right answers minus wrong "
        f"answers minus cost, median future and p10–p90 band. A diamond marks the month from which an option stays "
        f"ahead of {base}."
    )
    figure = _figure("Net benefit over time", alt)
    _fan(figure, data, "cumulative_net_benefit_usd", first_month=0, show=money)
    _break_even_marks(figure, data, "cumulative_net_benefit_usd")
    _time_axes(figure, data, "Cumulative net benefit, present value (USD)")
    _money_axis(figure.layout.yaxis)
    figure.add_hline(y=0, line={"width": 1, "color": "#888888"})
    return figure


def cost_by_category(estimate: Estimate) -> go.Figure:
    """Cost of each option in the central case, present value, stacked by category."""
    data = _data(estimate)
    options = _possible(data)
    sums = {name: option["cost_by_category_usd"] for name, option in options.items()}
    totals = {name: option["cost_usd"]["central"] for name, option in options.items()}
    largest = {name: max(parts, key=lambda key: parts[key]) for name, parts in sums.items() if parts}
    alt = "Cost by category over the horizon, central case, present value: " + "; ".join(
        f"{name} {money(totals[name])}" + (f", mostly {largest[name]}" if name in largest else "") for name in options
    )
    figure = _figure("Cost by category", f"{alt}.", height=OUTSIDE + ROW_HEIGHT * len(options))
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
    _bar_totals(figure, totals, _drawn(data))
    figure.update_layout(barmode="relative", hovermode="closest", legend={"traceorder": "normal"})
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title_text="Cost over the horizon, central case, present value (USD)")
    _money_axis(figure.layout.xaxis)
    return figure


def quality_over_time(estimate: Estimate) -> go.Figure:
    """Share of correct answers of each option by month, with the wanted minimum."""
    data = _data(estimate)
    minimum = estimate.scenario.task.minimum_quality
    ends = "; ".join(
        f"{name} starts at {share(path['p50'][0])} and ends at {share(path['p50'][-1])}"
        for name, path in ((name, option["by_month"]["quality"]) for name, option in _drawn(data).items())
    )
    wanted = "" if minimum is None else f" The dotted line is the minimum quality of {share(minimum.mode)}."
    figure = _figure("Quality over time", f"Share of correct answers by month, median and p10–p90: {ends}.{wanted}")
    _fan(figure, data, "quality", first_month=1, show=share)
    _time_axes(figure, data, "Correct answers (share of requests)")
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
    data = _data(estimate)
    options = _drawn(data)
    styles = option_style(list(data["options"]))
    alt = "Net benefit over the horizon, present value, median and p10–p90: " + "; ".join(
        f"{name} {money(option['net_benefit_usd']['p50'])} ({money(option['net_benefit_usd']['p10'])} to "
        f"{money(option['net_benefit_usd']['p90'])}), {_odds(option)}"
        for name, option in options.items()
    )
    figure = _figure("Net benefit and odds", f"{alt}.", height=OUTSIDE + ROW_HEIGHT * len(options))
    for name, option in options.items():
        benefit = option["net_benefit_usd"]
        figure.add_scatter(
            name=name,
            x=[benefit["p50"]],
            y=[f"<b>{_short(name)}</b><br>{_odds(option)}"],
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
            f"{_odds(option)}<extra></extra>",
        )
    figure.update_layout(showlegend=False, hovermode="closest")
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=True)
    figure.update_xaxes(title_text="Net benefit, present value (USD)", zeroline=True)
    _money_axis(figure.layout.xaxis)
    return figure


def _data(estimate: Estimate) -> dict[str, Any]:
    scenario: dict[str, Any] = estimate.to_dict()["scenarios"][0]
    return scenario


def _drawn(data: Mapping[str, Any]) -> dict[str, Any]:
    """Options that set the scale: training from scratch is only a comparison and could flatten all others."""
    possible = _possible(data)
    return {name: option for name, option in possible.items() if option["kind"] != "pretraining"} or possible


def _possible(data: Mapping[str, Any]) -> dict[str, Any]:
    """Options that can be carried out, and so have costs."""
    return {name: option for name, option in data["options"].items() if option["feasible"]}


def _figure(title: str, alt: str, *, height: int = HEIGHT) -> go.Figure:
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


def _fan(figure: go.Figure, data: Mapping[str, Any], key: str, *, first_month: int, show: Any) -> None:
    """Band and median of every option, with its name at the end of the line."""
    drawn = _drawn(data)
    styles = option_style(list(data["options"]))
    for name, option in _possible(data).items():
        colour, dash = styles[name]
        path = option["by_month"][key]
        months = list(range(first_month, first_month + len(path["p50"])))
        visible: Any = True if name in drawn else "legendonly"
        figure.add_scatter(
            x=[*months, *reversed(months)],
            y=[*path["p90"], *reversed(path["p10"])],
            fill="toself",
            fillcolor=_transparent(colour),
            line={"width": 0},
            name=f"{name}, p10–p90",
            legendgroup=name,
            showlegend=False,
            visible=visible,
            hoverinfo="skip",
        )
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
    _direct_labels(figure, {name: option["by_month"][key] for name, option in drawn.items()}, first_month)


def _direct_labels(figure: go.Figure, paths: Mapping[str, Mapping[str, list[float]]], first_month: int) -> None:
    if not paths:
        return
    everything = [value for path in paths.values() for key in ("p10", "p90") for value in path[key]]
    gap = LABEL_GAP * (max(everything) - min(everything))
    places = spread([path["p50"][-1] for path in paths.values()], gap)
    for (name, path), place in zip(paths.items(), places, strict=True):
        figure.add_annotation(
            x=first_month + len(path["p50"]) - 1,
            y=place,
            text=_short(name),
            xanchor="left",
            xshift=6,
            showarrow=False,
            font={"size": 12},
        )
    figure.update_layout(margin_r=20 + 7 * max(len(_short(name)) for name in paths))


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


def _break_even_marks(figure: go.Figure, data: Mapping[str, Any], key: str) -> None:
    base = next(iter(data["options"]))
    styles = option_style(list(data["options"]))
    for name, option in _drawn(data).items():
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


def _bar_totals(figure: go.Figure, totals: Mapping[str, float], drawn: Mapping[str, Any]) -> None:
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


def _time_axes(figure: go.Figure, data: Mapping[str, Any], title: str) -> None:
    figure.update_xaxes(
        title_text=f"Months since launch ({data['start']})", hoverformat="d", range=[0, data["horizon_months"]]
    )
    figure.update_yaxes(title_text=title, automargin=True)


def _money_axis(axis: Any) -> None:
    axis.update(tickformat="$~s")


def _odds(option: Mapping[str, Any]) -> str:
    if not option["eligible"]:
        return "not eligible"
    return f"best in {100 * option['probability_best']:.0f} of 100"


def _short(name: str) -> str:
    text = name if len(name) <= LABEL_CHARACTERS else f"{name[: LABEL_CHARACTERS - 1]}…"
    return escape(text)


def _transparent(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{_BAND_OPACITY})"
