"""The side of every page: where the scenario comes from, and its headline inputs."""

from collections.abc import Sequence

import streamlit as st

from estimator.dashboard import starts, state
from estimator.dashboard.edit import HINT, MAX_CHARACTERS, Field, headlines, with_value, written
from estimator.dashboard.state import EXAMPLE
from estimator.dashboard.upload import KINDS, given_text
from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError

UPLOAD = "upload"


def sidebar() -> None:
    """Draw the side."""
    with st.sidebar:
        state.problem(state.LINK)
        st.selectbox(
            "Start from an example or a template",
            list(starts.STARTS),
            format_func=starts.STARTS.__getitem__,
            placeholder="Choose an example",
            key=EXAMPLE,
            on_change=_take_example,
            help="Loads it and replaces the scenario you see; templates come in three sizes.",
        )
        state.problem(EXAMPLE)
        st.file_uploader(
            "or from your own file",
            type=KINDS,
            key=UPLOAD,
            on_change=_take_upload,
            max_upload_size=state.UPLOAD_MB,
            help="A scenario file, as the command line reads it, or a decision memo that carries one.",
        )
        state.problem(UPLOAD)
        _steps()
        _form()


def _steps() -> None:
    with st.container(horizontal=True):
        st.button("Undo", key="undo", disabled=not state.can_undo(), on_click=state.undo, icon=":material/undo:")
        st.button("Redo", key="redo", disabled=not state.can_redo(), on_click=state.redo, icon=":material/redo:")


def _form() -> None:
    fields = headlines(state.current().scenario)
    now = written(state.text(), fields)
    with st.form("headlines", border=False):
        st.subheader("Headline inputs", anchor=False)
        for field in fields:
            st.text_input(
                escaped(field.label) if field.path[0] == "options" else field.label,  # it names what the user wrote
                value=now[field.key],
                key=_key(field),
                max_chars=MAX_CHARACTERS,
                placeholder="default",
                help=f"{escaped(field.help)} {escaped(HINT)}",
            )
            state.problem(field.key)
        st.form_submit_button(
            "Apply",
            key="apply",
            type="primary",
            width="stretch",
            on_click=_apply,
            args=(fields,),
            icon=":material/refresh:",
        )
    state.problem("headlines")


def _key(field: Field) -> str:
    return f"{field.key}@{state.revision()}"


def _apply(fields: Sequence[Field]) -> None:
    """Take all changed fields together, or none of them and say at which field it fails."""
    state.forget_problems()
    text = state.text()
    now = written(text, fields)
    for field in fields:
        given = str(st.session_state[_key(field)] or "").strip()
        if given == now[field.key]:
            continue
        try:
            text = with_value(text, field, given)
        except EstimatorError as error:
            state.refuse(field.key, str(error))
    if not state.has_problems() and text != state.text():
        state.propose(text, place="headlines")


def _take_example() -> None:
    state.forget_problems()
    state.propose(starts.example(st.session_state[EXAMPLE]), place=EXAMPLE)


def _take_upload() -> None:
    state.forget_problems()
    upload = st.session_state[UPLOAD]
    if upload is None:
        return
    try:
        text = given_text(upload)
    except EstimatorError as error:
        state.refuse(UPLOAD, str(error))
        return
    if state.propose(text, place=UPLOAD):
        st.session_state[EXAMPLE] = None
