"""When does which money flow?"""

import streamlit as st

from estimator.dashboard import state
from estimator.dashboard.parts import chart, heading, line_table
from estimator.dashboard.words import escaped
from estimator.decision import band
from estimator.report.figures import cost_by_category, cumulative_cost, cumulative_net_benefit
from estimator.report.numbers import money
from estimator.results import Estimate


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="When does which money flow?")
    chart(cumulative_cost(result), key="costs-cost")
    chart(cumulative_net_benefit(result), key="costs-benefit")
    chart(cost_by_category(result), key="costs-category")
    _lines(result)


def _lines(result: Estimate) -> None:
    st.subheader("Line by line", anchor=False)
    names = list(result.options)
    best = result.decision.verdict.best or names[0]
    name = st.selectbox("Option", names, index=names.index(best), key=f"line-option@{state.revision()}")
    outcome = result.options[name].outcome
    if outcome.infeasible:
        st.warning(escaped(outcome.infeasible), icon=":material/block:")
    line_table(outcome.costs, outcome.size, key=f"costs-{name}", alt=f"Cost lines of {name}: quantity, price, amount")
    total, cost = band(outcome.costs.total), result.decision.standings[name].cost
    st.markdown(
        escaped(
            f"Total of the lines, central case, undiscounted: {money(total.central)}. Discounted to the start: "
            f"{money(cost.central)} in the central case, {money(cost.p50)} in the median future "
            f"(p10 {money(cost.p10)}, p90 {money(cost.p90)})."
        )
    )
    if outcome.benefits.lines:
        st.markdown("**What the answers are worth**")
        line_table(
            outcome.benefits,
            outcome.size,
            key=f"benefits-{name}",
            alt=f"Value and damage of the answers of {name}",
        )


if __name__ == "__main__":
    page()
