"""Answers that take longer than the estimate: computed once per scenario text and setting, then shared."""

from dataclasses import replace

import streamlit as st

from estimator.comparing import beside
from estimator.dashboard import state
from estimator.questions import (
    Answers,
    BreakEvenGrid,
    FlipPoints,
    Sensitivity,
    Simulation,
    flip_points,
    grid_of,
    learn,
    retrain,
    sensitivity_of,
    serving_of,
    simulate,
    with_flips,
)
from estimator.questions.sensitivity import Method
from estimator.results import Comparison, Estimate
from estimator.serving import ServingPlan
from estimator.validation import Validation, validate

STEPS = 36
"""Values of each input of a map."""


def _base(text: str) -> Estimate:
    return state.computed(text, state.DRAWS, state.SEED)


@st.cache_resource(max_entries=8, show_spinner=False)
def turned(text: str) -> Estimate:
    """The estimate with what would turn its verdict, as the command line gives it."""
    base = _base(text)
    with state.AT_ONCE:
        return with_flips(Comparison((base,))).estimates[0]


@st.cache_resource(max_entries=8, show_spinner=False)
def simulation(text: str) -> Simulation:
    """Odds, regret and acceptability over the futures, which it asks for once more with all their months."""
    base = _base(text)
    with state.AT_ONCE:
        found = simulate(base.scenario, draws=base.draws, seed=base.seed, on=base.on)
    return replace(found, estimate=base)


@st.cache_resource(max_entries=16, show_spinner=False)
def sensitivity(text: str, method: Method) -> Sensitivity:
    """Which inputs move the lead, or are worth measuring."""
    base = _base(text)
    with state.AT_ONCE:
        return sensitivity_of(base, method=method)


@st.cache_resource(max_entries=8, show_spinner=False)
def flips(text: str) -> FlipPoints:
    """Every value of an input at which an answer turns."""
    base = _base(text)
    with state.AT_ONCE:
        return flip_points(base)


@st.cache_resource(max_entries=16, show_spinner=False)
def grid(text: str, x: str, y: str) -> BreakEvenGrid:
    """Gain and best option over two inputs."""
    base = _base(text)
    with state.AT_ONCE:
        return grid_of(base, x=x, y=y, steps=STEPS)


@st.cache_resource(max_entries=8, show_spinner=False)
def learning(text: str) -> Answers:
    """What labels buy."""
    base = _base(text)
    with state.AT_ONCE:
        return learn(base.scenario, draws=base.draws, seed=base.seed, on=base.on)


@st.cache_resource(max_entries=8, show_spinner=False)
def retraining(text: str) -> Answers:
    """What each retraining policy costs."""
    base = _base(text)
    with state.AT_ONCE:
        return retrain(base.scenario, draws=base.draws, seed=base.seed, on=base.on)


@st.cache_resource(max_entries=16, show_spinner=False)
def serving(text: str, option: str) -> ServingPlan | None:
    """One replica of an option under load."""
    base = _base(text)
    with state.AT_ONCE:
        return serving_of(base, option)


@st.cache_resource(max_entries=4, show_spinner=False)
def compared(before: str, after: str) -> Comparison:
    """Two scenarios in the same futures, and what each changed input did."""
    estimates = [_base(before), _base(after)]
    with state.AT_ONCE:
        return beside(estimates)


@st.cache_resource(max_entries=8, show_spinner=False)
def validation(kind: str) -> Validation:
    """Bundled measurements beside predictions."""
    return validate(kind)
