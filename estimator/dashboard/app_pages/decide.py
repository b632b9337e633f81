"""Is fine-tuning worth it, which option to take, and why."""

from typing import Literal, TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from estimator.dashboard import computed, state
from estimator.dashboard.downloads import downloads
from estimator.dashboard.parts import bullets, chart, heading, keys_of, metrics, options_table
from estimator.dashboard.words import escaped
from estimator.decision import Answer
from estimator.report.figures import cumulative_cost, net_benefit_odds
from estimator.report.flips import flip_items
from estimator.report.naming import worded
from estimator.report.numbers import money
from estimator.report.tables import other_lines
from estimator.results import Estimate

Color: TypeAlias = Literal["green", "orange", "red", "gray"]
# Colour and icon of each answer to: is fine-tuning worth it?
ANSWERS: dict[Answer, tuple[Color, str]] = {
    "yes": ("green", ":material/check_circle:"),
    "probably": ("green", ":material/check_circle:"),
    "toss-up": ("orange", ":material/balance:"),
    "probably not": ("red", ":material/cancel:"),
    "no": ("red", ":material/cancel:"),
    "no tuned option": ("gray", ":material/help:"),
    "nothing qualifies": ("red", ":material/block:"),
}


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="Is fine-tuning worth it?")
    _verdict(result)
    st.subheader("Options", anchor=False)
    options_table(result)
    st.caption(
        "Median of the futures, of net benefit their mean, by which the verdict goes; in brackets p10 to p90; money as "
        "present value. P(best): share of the futures in which "
        "an option has the highest net benefit. Break-even: month from which it stays ahead of the first one."
    )
    turns = _why(result)
    left, right = st.columns(2)
    with left:
        chart(cumulative_cost(result), key="decide-cost")
    with right:
        chart(net_benefit_odds(result), key="decide-odds")
    turned = computed.turned(state.text())  # after all that needs it not: the answer does not wait for it
    with turns:
        _turns(turned)
    st.subheader("Take it with you", anchor=False)
    downloads(turned, place="decide")


def _verdict(result: Estimate) -> None:
    verdict = result.decision.verdict
    color, icon = ANSWERS[verdict.answer]
    with st.container(border=True, key="verdict"):
        st.badge(f"Is fine-tuning worth it? {verdict.answer.capitalize()}", icon=icon, color=color)
        st.subheader(escaped(verdict.sentence), anchor=False)
    if verdict.best is not None:
        st.markdown(
            f"**{escaped(verdict.best)}** over the whole horizon: median, of net benefit the mean, and p10 to p90"
        )
        metrics(result, verdict.best)


def _why(result: Estimate) -> DeltaGenerator:
    """Reasons, and a place for what would turn them."""
    verdict = result.decision.verdict
    reasons, against = st.columns(2)
    with reasons:
        st.subheader("Why", anchor=False)
        bullets(verdict.reasons, empty="No reason applies.")
    with against:
        st.subheader("What speaks against it", anchor=False)
        bullets(verdict.against, empty="Nothing in these figures.")
    turns = st.container()
    others = other_lines(result)
    if others:
        st.subheader("The other options", anchor=False)
        bullets(others, empty="")
    rests = worded(result.decision.ownership.sentence, keys_of(result))
    st.markdown(
        f"**What the answer rests on:** {escaped(rests)}\\. Knowing every input before "
        f"choosing would be worth up to {escaped(money(result.decision.perfect_information_usd))}\\."
    )
    if result.notices:
        with st.expander(f"Warnings ({len(result.notices)})", icon=":material/warning:"):
            bullets(result.warnings, empty="")
    return turns


def _turns(result: Estimate) -> None:
    """Flips in words."""
    lead, *flips = flip_items(result) or ("",)
    if lead:
        st.subheader("What would turn it", anchor=False)
        keys = keys_of(result)
        st.markdown(f"{escaped(lead)}{':' if flips else '.'}")
        bullets([worded(flip, keys) for flip in flips], empty="")


if __name__ == "__main__":
    page()
