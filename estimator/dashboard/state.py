"""What a session remembers: the last valid scenario text, and why a later edit was refused."""

from importlib.resources import files

import streamlit as st

from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError
from estimator.pipeline import estimate
from estimator.questions import with_flips
from estimator.results import Comparison, Estimate
from estimator.scenario import loads

DRAWS = 10_000
SEED = 0
EXAMPLES = {
    "triage": "Support-ticket triage",
    "contract-review": "Contract clause review",
    "policy-assistant": "Policy assistant",
}
"""Packaged examples by file name, with their titles."""


def start() -> None:
    """Begin a session with the first example."""
    if "text" not in st.session_state:
        st.session_state.update(text=example(next(iter(EXAMPLES))), revision=0, problems={})


def example(name: str) -> str:
    """Text of a packaged example."""
    return (files("estimator.scenario") / "templates" / f"{name}.yaml").read_text(encoding="utf-8")


def text() -> str:
    """The last valid scenario, as text."""
    return str(st.session_state.text)


def revision() -> int:
    """Counts the accepted scenarios; part of the key of each input, so that it shows the new value."""
    return int(st.session_state.revision)


def current() -> Estimate:
    """The estimate of the last valid scenario."""
    return computed(text(), DRAWS, SEED)


def propose(new: str, *, place: str) -> bool:
    """Take a scenario text if it is valid; otherwise keep the last valid one and note the message for a place."""
    try:
        computed(new, DRAWS, SEED)
    except EstimatorError as error:
        refuse(place, str(error))
        return False
    st.session_state.update(text=new, revision=revision() + 1, problems={})
    return True


def refuse(place: str, message: str) -> None:
    """Note why an edit was not taken."""
    st.session_state.problems = {**st.session_state.problems, place: message}


def forget_problems() -> None:
    """Start an edit with a clean sheet."""
    st.session_state.problems = {}


def has_problems() -> bool:
    """Whether the last edit was refused somewhere."""
    return bool(st.session_state.problems)


def problem(place: str) -> None:
    """Show the message of a place, if there is one."""
    message = st.session_state.problems.get(place)
    if message:
        st.error(escaped(message), icon=":material/error:")


@st.cache_resource(max_entries=12, show_spinner=False)
def computed(scenario_text: str, draws: int, seed: int) -> Estimate:
    """Estimate of a scenario text, with what would turn it; results are frozen, so sessions may share them."""
    found = estimate(loads(scenario_text, origin="scenario"), draws=draws, seed=seed)
    return with_flips(Comparison((found,))).estimates[0]
