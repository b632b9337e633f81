"""Every input with its value, range, origin and source."""

import streamlit as st

from estimator.dashboard import state
from estimator.dashboard.parts import heading

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
        return
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


if __name__ == "__main__":
    page()
