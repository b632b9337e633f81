"""The whole scenario as text: edit it, take it away."""

import streamlit as st

from estimator.dashboard import computed, state
from estimator.dashboard.downloads import downloads
from estimator.dashboard.parts import heading
from estimator.scenario.files import MAX_BYTES

EDITOR = "editor"


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="Everything that can be said about the task and its options.")
    with st.form("whole-scenario", border=False):
        st.text_area(
            "Scenario (YAML)", value=state.text(), height=560, max_chars=MAX_BYTES, key=_key(), help="The whole file."
        )
        state.problem(EDITOR)
        st.form_submit_button(
            "Apply the text", key="apply-text", type="primary", on_click=_apply, icon=":material/refresh:"
        )
    downloads(computed.turned(state.text()), place="scenario")


def _key() -> str:
    return f"{EDITOR}@{state.revision()}"


def _apply() -> None:
    state.forget_problems()
    state.propose(str(st.session_state[_key()] or ""), place=EDITOR)


if __name__ == "__main__":
    page()
