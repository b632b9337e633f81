"""What quality does the money buy, and what is it worth?"""

import streamlit as st

from estimator.dashboard import computed, state
from estimator.dashboard.parts import blocks, chart, heading
from estimator.report.figures import net_benefit_odds, quality_over_time
from estimator.report.learn import learn_sheet
from estimator.report.learning_figures import learning_curve
from estimator.report.simulation_figures import acceptability_curve, cost_effectiveness
from estimator.results import Estimate


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="What quality does the money buy, and what is it worth?")
    chart(quality_over_time(result), key="quality-time")
    chart(net_benefit_odds(result), key="quality-odds")
    _worth()
    st.subheader("What labels buy", anchor=False)
    _labels(result)


def _worth() -> None:
    found = computed.simulation(state.text())
    left, right = st.columns(2)
    with left:
        chart(cost_effectiveness(found), key="quality-plane")
    with right:
        chart(acceptability_curve(found), key="quality-acceptability")


@st.fragment
def _labels(result: Estimate) -> None:
    if all(option.tuning is None for option in result.scenario.composed.values()):
        st.info("No option of this scenario is tuned, so there is nothing to label.", icon=":material/info:")
        return
    with st.spinner("Computing what labels are worth …"):
        found = computed.learning(state.text())
    chart(learning_curve(found), key="quality-labels")
    with st.expander("Labels by number, with their worth and cost", icon=":material/label:"):
        blocks(learn_sheet(found).blocks, result)


if __name__ == "__main__":
    page()
