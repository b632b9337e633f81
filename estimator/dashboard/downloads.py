"""What can be taken away: the scenario and the result."""

import json

import streamlit as st

from estimator.dashboard import state
from estimator.results import Estimate


def downloads(result: Estimate, *, place: str) -> None:
    """Buttons that save the scenario, and the result as the command line writes it."""
    scenario, as_json, as_csv = st.columns(3)
    scenario.download_button(
        "Scenario (YAML)",
        state.text(),
        file_name="scenario.yaml",
        mime="application/yaml",
        key=f"yaml@{place}",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    as_json.download_button(
        "Result (JSON)",
        lambda: json.dumps(result.to_dict(), indent=2, ensure_ascii=False) + "\n",
        file_name="result.json",
        mime="application/json",
        key=f"json@{place}",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
