"""Charts of a training plan: price against time, and where the wall time of a run goes."""

import plotly.graph_objects as go

from estimator.report.drawing import COLOURS, blank_figure, label_log_axis
from estimator.report.numbers import hours, money
from estimator.report.plans import how, offer_words
from estimator.report.training import HOUR_PARTS
from estimator.training import Candidate, Plan, TrainingRun
from estimator.units import central

LEAST_HOURS = 1 / 3600
"""Parts of a run that take less are left out: a second. [h]"""


def price_against_time(plan: Plan, *, title: str = "Price against time of training") -> go.Figure:
    """The best plan of each kind of hardware, the front that no plan beats, and the chosen one."""
    chosen = plan.chosen
    alt = (
        f"{len(plan.considered)} kinds of hardware keep every limit; {len(plan.front)} plans are beaten by no other. "
        + (f"Chosen: {_words(chosen)}." if chosen else f"None is chosen: {plan.reason}.")
    )
    figure = blank_figure(title, alt)
    _points(figure, "best of each kind of hardware", plan.considered, {"color": COLOURS[0], "size": 8, "opacity": 0.6})
    _points(
        figure, "no other is cheaper and faster", plan.front, {"color": COLOURS[1], "size": 8}, mode="lines+markers"
    )
    if chosen is not None:
        _points(figure, "chosen", (chosen,), {"color": COLOURS[2], "size": 15, "symbol": "star"})
    figure.update_xaxes(title_text="Wall time of all runs (hours)", type="log")
    figure.update_yaxes(title_text="Price of all runs (USD)", type="log")
    label_log_axis(figure.layout.xaxis, [central(item.hours) for item in plan.considered])
    label_log_axis(figure.layout.yaxis, [central(item.usd) for item in plan.considered], form="$~s")
    figure.update_layout(hovermode="closest")
    return figure


def _points(
    figure: go.Figure, name: str, plans: tuple[Candidate, ...], marker: dict[str, object], mode: str = "markers"
) -> None:
    figure.add_scatter(
        name=name,
        x=[central(item.hours) for item in plans],
        y=[central(item.usd) for item in plans],
        mode=mode,
        marker=marker,
        text=[_words(item) for item in plans],
        hovertemplate="%{text}<extra></extra>",
    )


def _words(item: Candidate) -> str:
    price = money(central(item.usd)) if item.is_priced else "no price"
    return f"{item.gpus} × {item.gpu} ({offer_words(item)}), {how(item)}: {hours(central(item.hours))}, {price}"


def time_of_a_run(run: TrainingRun, *, title: str = "Wall time of a run") -> go.Figure:
    """One bar per part of the wall time, central case."""
    parts = [(label, central(getattr(run.hours, name))) for name, label in HOUR_PARTS.items()]
    shown = [(label, value) for label, value in parts if value > LEAST_HOURS]
    alt = f"A run takes {hours(central(run.hours.hours))}: " + "; ".join(
        f"{label} {hours(value)}" for label, value in shown
    )
    figure = blank_figure(title, f"{alt}.")
    figure.add_bar(
        y=[label for label, _ in shown],
        x=[value for _, value in shown],
        orientation="h",
        marker={"color": COLOURS[0]},
        text=[hours(value) for _, value in shown],
        hovertemplate="%{y}: %{text}<extra></extra>",
        showlegend=False,
    )
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title_text="Hours", rangemode="tozero")
    return figure


__all__ = ["price_against_time", "time_of_a_run"]
