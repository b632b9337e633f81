"""Charts of what labels buy: quality by number of labels, with what a pilot measured."""

import plotly.graph_objects as go

from estimator.labels import Learning, LearningStep
from estimator.questions import Answers
from estimator.report.drawing import blank_figure, empty_figure, option_style, transparent
from estimator.report.numbers import compact, share
from estimator.scenario.task import PilotPoint

LEAST_LABELS = 30.0
"""No labels stand here on the logarithmic axis. [count]"""
MARKS = {LEAST_LABELS: "0", 100: "100", 1000: "1k", 10_000: "10k", 50_000: "50k"}


def learning_curve(answers: Answers) -> go.Figure:
    """Quality of every tuned option by number of labels: median and p10–p90, the plan, and the points of the pilot."""
    title = "Quality by number of labels"
    if not answers.learning:
        return empty_figure(title, "No tuned option can be carried out, so labels buy nothing.")
    words = "; ".join(f"{name} {_words(_planned(item))}" for name, item in answers.learning.items())
    pilot = answers.scenario.task.pilot
    measured = f"Stars are the {len(pilot)} points that the pilot measured." if pilot else "No pilot is given."
    figure = blank_figure(
        title,
        f"Share of correct answers at launch by number of labels, median and p10–p90, with a diamond at the plan: "
        f"{words}. {measured}",
    )
    styles = option_style(list(answers.scenario.options))
    for name, item in answers.learning.items():
        _draw_option(figure, name, item, styles[name])
    if pilot:
        _draw_pilot(figure, pilot)
    figure.update_xaxes(
        title_text="Labels (none at the left end)", type="log", tickvals=list(MARKS), ticktext=list(MARKS.values())
    )
    figure.update_yaxes(title_text="Correct answers at launch (share of requests)", tickformat=".0%", automargin=True)
    return figure


def _draw_option(figure: go.Figure, name: str, item: Learning, style: tuple[str, str]) -> None:
    colour, dash = style
    places = [_place(step.labels) for step in item.steps]
    low, middle, high = zip(*(step.quality for step in item.steps), strict=True)
    figure.add_scatter(
        x=[*places, *reversed(places)],
        y=[*high, *reversed(low)],
        fill="toself",
        fillcolor=transparent(colour),
        line={"width": 0},
        name=f"{name}, p10–p90",
        legendgroup=name,
        showlegend=False,
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=places,
        y=middle,
        name=name,
        legendgroup=name,
        line={"color": colour, "dash": dash, "width": 2.5},
        customdata=[compact(step.labels) for step in item.steps],
        hovertemplate="%{customdata} labels: %{y:.1%}",
    )
    plan = _planned(item)
    figure.add_scatter(
        x=[_place(plan.labels)],
        y=[plan.quality[1]],
        mode="markers",
        name=f"{name}, planned",
        legendgroup=name,
        showlegend=False,
        marker={"symbol": "diamond", "size": 12, "color": colour, "line": {"width": 2, "color": "white"}},
        hovertemplate=f"{name} as planned: {compact(plan.labels)} labels, %{{y:.1%}}<extra></extra>",
    )


def _draw_pilot(figure: go.Figure, pilot: tuple[PilotPoint, ...]) -> None:
    figure.add_scatter(
        x=[_place(point.labels.mode) for point in pilot],
        y=[point.quality.mode for point in pilot],
        mode="markers",
        name="measured in the pilot",
        marker={"symbol": "star", "size": 14, "color": "#222222", "line": {"width": 1, "color": "white"}},
        hovertemplate="pilot: %{y:.1%}<extra></extra>",
    )


def _planned(item: Learning) -> LearningStep:
    return next(step for step in item.steps if step.labels == item.planned)


def _words(step: LearningStep) -> str:
    low, middle, high = step.quality
    return f"{share(middle)} ({share(low)} to {share(high)}) at {compact(step.labels)} labels"


def _place(labels: float) -> float:
    return max(labels, LEAST_LABELS)
