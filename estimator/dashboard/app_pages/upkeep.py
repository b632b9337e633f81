"""How does quality wear off, how often to retrain, and when do models end?"""

import streamlit as st

from estimator.dashboard import computed, state
from estimator.dashboard.parts import blocks, chart, heading
from estimator.report.retrain import retrain_sheet
from estimator.report.upkeep_figures import interval_costs, quality_upkeep, retirements
from estimator.results import Estimate


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="How does quality wear off, how often to retrain, and when do models end?")
    chart(quality_upkeep(result), key="upkeep-quality")
    chart(retirements(result), key="upkeep-ends")
    st.subheader("How often to retrain", anchor=False)
    _retraining(result)


@st.fragment
def _retraining(result: Estimate) -> None:
    if all(option.tuning is None for option in result.scenario.composed.values()):
        st.info("No option of this scenario is tuned, so there is nothing to retrain.", icon=":material/info:")
        return
    with st.spinner("Computing what each policy costs …"):
        found = computed.retraining(state.text())
    if not found.retraining:
        st.info("No tuned option of this scenario can be carried out.", icon=":material/info:")
    else:
        name = st.selectbox("Tuned option", list(found.retraining), key=f"upkeep-option@{state.revision()}")
        chart(interval_costs(found.retraining[name]), key="upkeep-interval")
    with st.expander("Every policy of every tuned option", icon=":material/table:"):
        blocks(retrain_sheet(found).blocks, result)


if __name__ == "__main__":
    page()
