"""Every input with its value, range, origin and source."""

from collections.abc import Sequence

import streamlit as st

from estimator.dashboard import computed, state
from estimator.dashboard.parts import blocks, heading, text_table
from estimator.dashboard.words import escaped
from estimator.inputs import Input
from estimator.report.capital import formulas_table
from estimator.report.numbers import age
from estimator.results import Estimate
from estimator.validation import KINDS, validation_sheet

MANY = 15
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
    st.dataframe(
        {
            "Input": [item.key for item in items],
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
        height="content" if len(items) <= MANY else 560,
        placeholder="",
        key="inputs",
        alt="Inputs with value, range, unit, origin, basis and source",
        column_config={
            **{name: st.column_config.NumberColumn(format="%,.6g") for name in ("Value", "Low", "High")},
            "Input": st.column_config.TextColumn(pinned=True),
            "Source": st.column_config.TextColumn(width="large"),
        },
    )
    st.caption(
        "Yours: from the scenario. Catalog: dated prices and model shapes. Default: used because the scenario does not "
        "say. Low and high are p5 and p95 of a range, or the ends of a three-point estimate."
    )


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
