"""Your scenario beside a second one: what differs, what each change did, where the options stand."""

from dataclasses import replace

import streamlit as st

from estimator.dashboard import computed, starts, state
from estimator.dashboard.parts import blocks, bullets, chart, heading, text_table
from estimator.dashboard.upload import KINDS, given_text
from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError
from estimator.report import comparing
from estimator.report.comparing_figures import benefit_side_by_side, effect_waterfall
from estimator.results import Comparison

BEFORE, OWN = "before", "own"
FEW = 12
"""Changed inputs that are shown unasked."""
OTHER = "compare-file"
WORDS = {BEFORE: "Your scenario before the last change", OWN: "A file of your own"}


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="What would another scenario say?")
    others = [name for name in starts.STARTS if starts.example(name) != state.text()]
    sources = [*([BEFORE] if state.can_undo() else []), *others, OWN]
    source = st.selectbox(
        "Compare with",
        sources,
        format_func=lambda name: WORDS.get(name) or starts.STARTS[name],
        key="compare-with",
        help="Your scenario is the one at the side; differences lead from the other one to it.",
    )
    other = _text_of(source)
    if other is None:
        return
    try:
        with st.spinner("Comparing …"):
            comparison = computed.compared(other, state.text())
    except EstimatorError as error:
        st.error(escaped(error), icon=":material/error:")
        return
    _answers(comparison)
    _causes(comparison)
    st.button("Use the other scenario", on_click=_take, args=(other,), key="compare-use", icon=":material/swap_horiz:")


def _text_of(source: str) -> str | None:
    """The second scenario, or nothing as long as no file is given."""
    if source == BEFORE:
        return state.before()
    if source != OWN:
        return starts.example(source)
    upload = st.file_uploader("Second scenario", type=KINDS, key=OTHER, max_upload_size=state.UPLOAD_MB)
    if upload is None:
        st.info("Give a second scenario file, or choose an example above.", icon=":material/upload_file:")
        return None
    try:
        return given_text(upload)
    except EstimatorError as error:
        st.error(escaped(error), icon=":material/error:")
        return None


def _answers(comparison: Comparison) -> None:
    bullets(comparing.conclusion_lines(comparison), empty="No verdict.")
    chart(benefit_side_by_side(comparison), key="compare-benefit")
    table = comparing.side_by_side_table(comparison, full=False)
    if table.rows:
        text_table(table)
    same = comparing.unmoved(comparison)
    if same:
        st.caption(escaped(f"Unchanged: {', '.join(same)}."))


@st.fragment
def _causes(comparison: Comparison) -> None:
    """Changed inputs, and what each of them did."""
    (difference,), (found,) = comparison.differences, comparing.causes(comparison)
    if not difference.inputs:
        st.info("Both scenarios give every input the same value.", icon=":material/info:")
        return
    changed = comparing.inputs_changed_table(difference, full=False)
    with st.expander(f"{len(changed.rows)} changed inputs", expanded=len(changed.rows) <= FEW, icon=":material/edit:"):
        text_table(replace(changed, title=""))
    for line in comparing.only_lines(difference):
        st.caption(escaped(line))
    moved = [item for item in found.shares if item.moved]
    if found.note or not moved:
        blocks(comparing.effect_tables(found, before=difference.before, after=difference.after, full=False))
        return
    option = st.selectbox("Option", list(dict.fromkeys(item.option for item in moved)), key="compare-option")
    measures = [item.measure for item in moved if item.option == option]
    measure = st.segmented_control(
        "Figure",
        measures,
        default=measures[-1],
        required=True,
        format_func=lambda name: comparing.MEASURES[name].capitalize(),
        key=f"compare-figure@{option}",
    )
    item = next(item for item in moved if (item.option, item.measure) == (option, measure))
    chart(effect_waterfall(comparison, item, before=difference.before, after=difference.after), key="compare-effects")
    with st.expander("All options as tables", icon=":material/table:"):
        blocks(comparing.effect_tables(found, before=difference.before, after=difference.after, full=True))


def _take(other: str) -> None:
    state.forget_problems()
    if state.propose(other, place=state.EXAMPLE):
        st.session_state[state.EXAMPLE] = None


if __name__ == "__main__":
    page()
