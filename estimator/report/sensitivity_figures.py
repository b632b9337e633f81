"""Charts of a sensitivity: pure functions that return plotly figures, each with a sentence that says what it shows."""

import plotly.graph_objects as go

from estimator.questions.sensitivity import Sensitivity
from estimator.report.drawing import COLOURS, OUTSIDE, blank_figure, empty_figure, label_money_axis
from estimator.report.naming import worded
from estimator.report.numbers import compact, money, share

BAR_HEIGHT = 30
KEY_CHARACTERS = 44
GREY = "#888888"


def tornado_chart(found: Sensitivity) -> go.Figure:
    """The result with each input at its low and high end, around today's."""
    title = found.pair.words.capitalize()
    study = found.tornado
    if study is None or not study.moved:
        return empty_figure(title, "No input moves the result.")
    first = study.moved[0]
    alt = (
        f"{title}, today {money(study.central)}: {len(study.moved)} inputs moved one at a time; "
        f"{_worded(found, first.factor.name)} moves it most, from {money(first.bar.at_low)} to "
        f"{money(first.bar.at_high)}."
    )
    figure = _bars(title, alt, len(study.moved))
    names = [short_key(_worded(found, item.factor.name)) for item in study.moved]
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
    figure.add_vline(x=study.central, line={"width": 2, "color": GREY})
    figure.add_vline(x=0, line={"width": 1, "dash": "dot", "color": GREY})
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text="Net benefit (USD)")
    label_money_axis(figure.layout.xaxis)
    return figure


def sobol_bars(found: Sensitivity) -> go.Figure:
    """Share of the variance of each input, alone and with others, with 90 % intervals."""
    study = found.sobol
    title = f"What makes the spread of the {found.pair.words}"
    if study is None or not study.indices:
        return empty_figure(title, "Nothing is uncertain.")
    words = ", ".join(f"{_worded(found, item.factor.name)} {share(item.total)}" for item in study.indices[:3])
    figure = _bars(title, f"Shares of the variance with all interactions: {words} lead.", len(study.indices))
    names = [short_key(_worded(found, item.factor.name)) for item in study.indices]
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
        return empty_figure("Measure this next", "Nothing is uncertain, so nothing is worth measuring.")
    figure = _bars("Measure this next", _worded(found, study.advice), len(study.inputs))
    figure.add_bar(
        y=[short_key(_worded(found, item.name)) for item in study.inputs],
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
    """A name for the side of a bar, cut in the middle."""
    return key if len(key) <= KEY_CHARACTERS else f"{key[:18]}…{key[-(KEY_CHARACTERS - 19) :]}"


def _worded(found: Sensitivity, text: str) -> str:
    return worded(text, (item.key for item in found.estimate.inputs))


def _bars(title: str, alt: str, count: int) -> go.Figure:
    figure = blank_figure(title, alt, height=OUTSIDE + BAR_HEIGHT * count)
    figure.update_layout(hovermode="closest")
    figure.update_yaxes(autorange="reversed", automargin=True)
    return figure


def _beyond(values: list[float], start: float | list[float]) -> list[float]:
    starts = start if isinstance(start, list) else [start] * len(values)
    return [value - begin for value, begin in zip(values, starts, strict=True)]
