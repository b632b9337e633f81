"""How sure is the answer, what moves it, and what is worth measuring next?"""

import streamlit as st

from estimator.dashboard import computed, state
from estimator.dashboard.parts import blocks, chart, heading
from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError
from estimator.questions.sensitivity import Method
from estimator.report.sensitivity import sensitivity_sheet
from estimator.report.sensitivity_figures import measure_next, sobol_bars, tornado_chart
from estimator.report.simulation_figures import regret_histogram

QUESTIONS: dict[Method, str] = {
    "tornado": "One input at a time",
    "sobol": "All inputs at once",
    "evppi": "What to measure next",
}
EXPLAINED: dict[Method, str] = {
    "tornado": "Each input goes from its p5 to its p95 while all others stay at their central values.",
    "sobol": "Sobol' indices: the share of the spread that each input makes, alone and together with others.",
    "evppi": "What knowing an input exactly before choosing is worth at most; nothing where it cannot turn the choice.",
}
FIGURES = {"tornado": tornado_chart, "sobol": sobol_bars, "evppi": measure_next}


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="How sure is the answer, and what would make it surer?")
    _inputs()
    st.subheader("What a wrong choice costs", anchor=False)
    chart(regret_histogram(computed.simulation(state.text())), key="uncertainty-regret")


@st.fragment
def _inputs() -> None:
    method = st.segmented_control(
        "Which inputs matter?",
        list(QUESTIONS),
        default="tornado",
        required=True,
        format_func=QUESTIONS.__getitem__,
        key="uncertainty-method",
    )
    st.caption(escaped(EXPLAINED[method]))
    try:
        with st.spinner("Computing; this takes a few seconds …"):
            found = computed.sensitivity(state.text(), method)
    except EstimatorError as error:
        st.info(escaped(error), icon=":material/info:")
        return
    chart(FIGURES[method](found), key=f"uncertainty-{method}")
    with st.expander("The same as a table", icon=":material/table:"):
        blocks(sensitivity_sheet(found).blocks, found.estimate)


if __name__ == "__main__":
    page()
