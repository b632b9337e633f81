"""What a session remembers: the last valid scenario text, and why a later edit was refused."""

import os
from threading import BoundedSemaphore

import streamlit as st

from estimator.dashboard.address import START, is_ours, parameters_of, text_of
from estimator.dashboard.starts import EXAMPLES, STARTS, example
from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError
from estimator.pipeline import estimate
from estimator.results import Estimate
from estimator.scenario import loads
from estimator.scenario.link import PARAMETER
from estimator.scenario.opening import opened_text

DRAWS = 10_000
SEED = 0
AT_ONCE = BoundedSemaphore(min(os.cpu_count() or 1, 4))
"""Computations at the same time: more would only wait for each other and hold memory while they do."""
EXAMPLE, LINK = "example", "link"
UPLOAD_MB = 2
"""Largest file that the browser may send, as in .streamlit/config.toml."""
MAX_STEPS = 50
"""Accepted texts that can be taken back."""


def start() -> None:
    """Begin a session with the scenario of the address, else of the file that was named, else the first example."""
    if "text" in st.session_state:
        return
    st.session_state.update(text=_first(), revision=0, problems={}, past=(), future=())
    _open_file()
    try:
        shared = text_of(st.query_params.to_dict())
    except EstimatorError as error:
        refuse(LINK, str(error))
        return
    if shared is not None and propose(shared, place=LINK):
        start = st.query_params.get(START, next(iter(STARTS))) if PARAMETER not in st.query_params else None
        st.session_state.update({EXAMPLE: start, "past": ()})


def show_in_address() -> None:
    """Keep the scenario in the address, so that the address can be sent; the first example needs none."""
    wanted = {} if text() == _first() else _parameters(text(), st.session_state.get(EXAMPLE))
    for name in [name for name in st.query_params if is_ours(name) and name not in wanted]:
        del st.query_params[name]
    for name, value in wanted.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value


@st.cache_data(max_entries=64, show_spinner=False)
def _parameters(scenario_text: str, start: str | None) -> dict[str, str]:
    return parameters_of(scenario_text, start)


def _first() -> str:
    return example(next(iter(EXAMPLES)))


def _open_file() -> None:
    """Begin with the file that `estimator dashboard FILE` names; the example stands where it is no longer valid."""
    try:
        opened = opened_text()
    except EstimatorError as error:
        refuse(LINK, str(error))
        return
    if opened is not None and propose(opened, place=LINK):
        st.session_state.update({EXAMPLE: None, "past": ()})


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
    if new != text():
        st.session_state.update(past=(*st.session_state.past, text())[-MAX_STEPS:], future=())
    _take(new)
    return True


def can_undo() -> bool:
    """Whether an accepted scenario can be taken back."""
    return bool(st.session_state.past)


def before() -> str:
    """The accepted scenario before the last change; the present one where nothing has changed."""
    return str(st.session_state.past[-1]) if can_undo() else text()


def can_redo() -> bool:
    """Whether a scenario that was taken back can return."""
    return bool(st.session_state.future)


def undo() -> None:
    """Return to the valid scenario before this one."""
    if can_undo():
        *past, before = st.session_state.past
        st.session_state.update(past=tuple(past), future=(text(), *st.session_state.future))
        _take(before)


def redo() -> None:
    """Return to the scenario that was taken back last."""
    if can_redo():
        after, *future = st.session_state.future
        st.session_state.update(past=(*st.session_state.past, text()), future=tuple(future))
        _take(after)


def _take(accepted: str) -> None:
    st.session_state.update(text=accepted, revision=revision() + 1, problems={})


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
    """Estimate of a scenario text; results are frozen, so sessions may share them."""
    scenario = loads(scenario_text, origin="scenario")
    with AT_ONCE:
        return estimate(scenario, draws=draws, seed=seed, lean=True)
