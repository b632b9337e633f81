"""Where does the answer turn?"""

import streamlit as st

from estimator.dashboard import computed, state
from estimator.dashboard.parts import blocks, chart, heading
from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError
from estimator.report.breakeven import flips_sheet
from estimator.report.breakeven_figures import break_even_map, gain_map
from estimator.report.naming import spoken
from estimator.results import Estimate

FIRST_AXES = ("workload.requests_per_month", "task.value_per_success")
"""Inputs that everybody asks about."""


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="Where does the answer turn?")
    _maps(result)
    st.subheader("What turns the answer", anchor=False)
    _flips()


@st.fragment
def _maps(result: Estimate) -> None:
    keys = sorted((item.key for item in result.inputs if _movable(item.key)), key=spoken)
    first = [key for key in (*FIRST_AXES, *keys) if key in keys][:2]
    with st.container(horizontal=True):
        x, y = (
            st.selectbox(
                f"Input {way}",
                keys,
                index=keys.index(first[place]),
                format_func=spoken,
                key=f"map-{way}@{state.revision()}",
            )
            for place, way in enumerate(("across", "up"))
        )
    if x == y:
        st.info("Both axes show the same input; choose another one for one of them.", icon=":material/info:")
        return
    try:
        with st.spinner("Computing the map …"):
            found = computed.grid(state.text(), x, y)
    except EstimatorError as error:
        st.warning(escaped(error), icon=":material/warning:")
        return
    chart(gain_map(found), key="map-gain")
    chart(break_even_map(found), key="map-best")


@st.fragment
def _flips() -> None:
    with st.spinner("Moving every input …"):
        found = computed.flips(state.text())
    blocks(flips_sheet(found).blocks, found.base)


def _movable(key: str) -> bool:
    """Prices and figures of the task and its options; catalog rows of devices and hidden factors have no axis."""
    return key.startswith(("workload.", "task.", "options.", "discount_rate", "upkeep.")) or "/" in key


if __name__ == "__main__":
    page()
