"""Entry of the dashboard: pages on top, the scenario's headline inputs at the side."""

from pathlib import Path

import streamlit as st

from estimator.allocating import keep_freed_memory, search_new_objects_only
from estimator.dashboard import state
from estimator.dashboard.sidebar import sidebar

FOLDER = Path(__file__).parent
PAGES = (
    ("decide", "Decide"),
    ("costs", "Cost over time"),
    ("breakeven", "Break-even"),
    ("quality", "Quality and value"),
    ("uncertainty", "Uncertainty"),
    ("sizing", "Sizing"),
    ("upkeep", "Upkeep"),
    ("compare", "Compare"),
    ("sources", "Sources"),
    ("scenario", "Scenario"),
)
"""File in app_pages/ and title of each page, in the order of the navigation; without icons all fit on a laptop."""


def main() -> None:
    """Draw one run of the app."""
    keep_freed_memory()
    st.set_page_config(page_title="estimator", page_icon=str(FOLDER / "icon.svg"), layout="wide")
    state.start()
    page = st.navigation(
        [
            st.Page(FOLDER / "app_pages" / f"{name}.py", title=title, url_path=name, default=place == 0)
            for place, (name, title) in enumerate(PAGES)
        ],
        position="top",
    )
    sidebar()
    page.run()
    state.show_in_address()
    search_new_objects_only()


if __name__ == "__main__":
    main()
