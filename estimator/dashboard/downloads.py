"""What can be taken away: the scenario and the result."""

import streamlit as st

from estimator.catalog import load_catalog, newest_reading
from estimator.dashboard import state
from estimator.report import csv_text, json_text
from estimator.report.memo import Frame, memo_html, memo_markdown
from estimator.results import Comparison, Estimate


def downloads(result: Estimate, *, place: str) -> None:
    """Buttons that save the scenario, and the result as the command line writes it."""
    taken = Comparison((result,))
    row = st.container(horizontal=True)
    frame = Frame(catalog_read_on=newest_reading(load_catalog()))
    row.download_button(
        "Scenario (YAML)",
        state.text(),
        file_name="scenario.yaml",
        mime="application/yaml",
        key=f"yaml@{place}",
        on_click="ignore",
        icon=":material/download:",
    )
    row.download_button(
        "Decision memo (HTML)",
        lambda: memo_html(result, frame),
        file_name="memo.html",
        mime="text/html",
        key=f"memo@{place}",
        on_click="ignore",
        icon=":material/download:",
    )
    row.download_button(
        "Decision memo (Markdown)",
        lambda: memo_markdown(result, frame),
        file_name="memo.md",
        mime="text/markdown",
        key=f"markdown@{place}",
        on_click="ignore",
        icon=":material/download:",
    )
    row.download_button(
        "Result (JSON)",
        lambda: json_text(taken),
        file_name="result.json",
        mime="application/json",
        key=f"json@{place}",
        on_click="ignore",
        icon=":material/download:",
    )
    row.download_button(
        "Result (CSV)",
        lambda: csv_text(taken),
        file_name="result.csv",
        mime="text/csv",
        key=f"csv@{place}",
        on_click="ignore",
        icon=":material/download:",
    )
