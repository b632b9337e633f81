"""Every input with its value, range, origin and source."""

from collections.abc import Sequence
from zlib import crc32

import streamlit as st

from estimator.dashboard import computed, state
from estimator.dashboard.edit import HINT, MAX_CHARACTERS, as_written, with_input
from estimator.dashboard.parts import blocks, heading, text_table
from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError
from estimator.inputs import Input
from estimator.report.capital import formulas_table
from estimator.report.numbers import age
from estimator.results import Estimate
from estimator.validation import KINDS, validation_sheet

MANY = 15
INPUTS, YOURS = "inputs", "In your scenario"
COLUMNS = ("Input", YOURS, "Value", "Low", "High", "Unit", "Origin", "Basis", "From", "Age", "Source", "Note")
ORIGINS = {"yours": "Yours", "preset": "Preset", "catalog": "Catalog", "default": "Default"}


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="Which number, from where?")
    counted = {origin: sum(item.origin == origin for item in result.inputs) for origin in ORIGINS}
    shown = st.pills(
        "Origin",
        list(ORIGINS),
        default=list(ORIGINS),
        selection_mode="multi",
        format_func=lambda origin: f"{ORIGINS[origin]} ({counted[origin]})",
        key="origins",
    )
    items = [item for item in result.inputs if item.origin in shown]
    if not items:
        st.info("No input of this origin; choose another one above.", icon=":material/info:")
    else:
        _inputs(items, result)
    _formulas(result)
    _validation()


def _inputs(items: Sequence[Input], result: Estimate) -> None:
    """One row per input; what the scenario says of it can be written in its row."""
    keys = [item.key for item in items]
    written = as_written(state.text(), result.scenario, keys)
    st.data_editor(
        {
            "Input": keys,
            YOURS: written,
            "Value": [item.central for item in items],
            "Low": [item.low for item in items],
            "High": [item.high for item in items],
            "Unit": [item.unit for item in items],
            "Origin": [ORIGINS[item.origin] for item in items],
            "Basis": [item.basis for item in items],
            "From": [item.on for item in items],
            "Age": [age(item.on, result.on) for item in items],
            "Source": [item.source for item in items],
            "Note": [item.note for item in items],
        },
        hide_index=True,
        num_rows="fixed",
        height="content" if len(items) <= MANY else 560,
        placeholder="",
        key=_editor(items),
        disabled=[name for name in COLUMNS if name != YOURS],
        on_change=_take,
        args=(keys, written, _editor(items)),
        alt="Inputs with value, range, unit, origin, basis and source; what your scenario says can be edited",
        column_config={
            **{name: st.column_config.NumberColumn(format="%,.6g") for name in ("Value", "Low", "High")},
            "Input": st.column_config.TextColumn(pinned=True),
            YOURS: st.column_config.TextColumn(max_chars=MAX_CHARACTERS, help=HINT),
            "Source": st.column_config.TextColumn(width="large"),
        },
    )
    state.problem(INPUTS)
    st.caption(
        f"Write your own value under “{YOURS}”; emptied, it falls back to the default. Yours: from the scenario. "
        "Catalog: dated prices and model shapes. Default: used because the scenario does not say. Low and high are p5 "
        "and p95 of a range, or the ends of a three-point estimate."
    )


def _editor(items: Sequence[Input]) -> str:
    """Key of the table: a new one for each accepted scenario and for other rows, so that no edit meets another row."""
    return f"{INPUTS}@{state.revision()}@{crc32(' '.join(item.key for item in items).encode())}"


def _take(keys: Sequence[str], written: Sequence[str], editor: str) -> None:
    """Take all edited rows together, or none of them and say at which one it fails."""
    state.forget_problems()
    text, scenario = state.text(), state.current().scenario
    for row, cells in st.session_state[editor]["edited_rows"].items():
        given = str(cells.get(YOURS) or "").strip()
        if given == written[row]:
            continue
        try:
            text = with_input(text, scenario, keys[row], given)
        except EstimatorError as error:
            state.refuse(INPUTS, str(error))
            return
    if text != state.text():
        state.propose(text, place=INPUTS)


@st.fragment
def _formulas(result: Estimate) -> None:
    """How each line of an option is made."""
    st.subheader("How each amount is made", anchor=False)
    names = [name for name, option in result.options.items() if option.ledger.lines]
    if not names:
        st.info("No option can be carried out, so there are no amounts.", icon=":material/info:")
        return
    name = st.selectbox("Option", names, key=f"formulas@{state.revision()}")
    with st.expander("Formulas", icon=":material/function:"):
        text_table(formulas_table(result, name))


@st.fragment
def _validation() -> None:
    """Predictions beside measurements."""
    st.subheader("How right the predictions are", anchor=False)
    kind = st.segmented_control(
        "Predictions of", list(KINDS), default="memory", required=True, format_func=str.capitalize, key="validation"
    )
    with st.spinner("Predicting every measured case …"):
        sheet = validation_sheet(computed.validation(kind))
    st.caption(escaped(sheet.title))
    with st.expander("Errors by group, and the worst cases", icon=":material/fact_check:"):
        blocks(sheet.blocks)


if __name__ == "__main__":
    page()
