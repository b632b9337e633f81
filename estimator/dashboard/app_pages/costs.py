"""When does which money flow?"""

import streamlit as st

from estimator.dashboard import state
from estimator.dashboard.parts import chart, heading, line_table, text_table
from estimator.dashboard.words import escaped
from estimator.decision import band
from estimator.report.capital import budget_table, capital_table
from estimator.report.cost_figures import cost_waterfall, monthly_cost
from estimator.report.figures import cost_by_category, cumulative_cost, cumulative_net_benefit
from estimator.report.numbers import money
from estimator.results import Estimate


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="When does which money flow?")
    _over_time(result)
    chart(cost_by_category(result), key="costs-category")
    st.subheader("The view of a finance department", anchor=False)
    text_table(capital_table(result))
    st.caption(
        "Capex: what is written off over years; opex: what is spent as it goes. NPV, IRR (internal rate of return) and "
        "payback are of the gain over the first option, value of right answers and damage of wrong ones included."
    )
    _one_option(result)


def _over_time(result: Estimate) -> None:
    possible = [name for name, option in result.options.items() if not option.outcome.infeasible]
    shown = st.pills(
        "Options shown", possible, default=possible, selection_mode="multi", key=f"costs-shown@{state.revision()}"
    )
    if not shown:
        st.info("No option is shown; choose one above.", icon=":material/info:")
        return
    chart(cumulative_cost(result, shown), key="costs-cost")
    chart(cumulative_net_benefit(result, shown), key="costs-benefit")


@st.fragment
def _one_option(result: Estimate) -> None:
    st.subheader("One option, line by line", anchor=False)
    names = list(result.options)
    best = result.decision.verdict.best or names[0]
    name = st.selectbox("Option", names, index=names.index(best), key=f"line-option@{state.revision()}")
    outcome = result.options[name].outcome
    if outcome.infeasible:
        st.warning(escaped(outcome.infeasible), icon=":material/block:")
        return
    chart(cost_waterfall(result, name), key="costs-waterfall")
    chart(monthly_cost(result, name), key="costs-monthly")
    _lines(result, name)
    with st.expander("Budget by month", icon=":material/calendar_month:"):
        text_table(budget_table(result, name))


def _lines(result: Estimate, name: str) -> None:
    outcome = result.options[name].outcome
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
