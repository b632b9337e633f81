"""A comparison in every format, by name."""

from collections.abc import Callable
from functools import partial

from estimator.report.data import csv_text, json_text
from estimator.report.markdown import markdown
from estimator.report.text import text
from estimator.results import Comparison

Renderer = Callable[[Comparison], str]

FORMATS: dict[str, Renderer] = {"table": text, "json": json_text, "csv": csv_text, "markdown": markdown}
"""Renderers by name; of several scenarios, tables show what changed."""
FULL_FORMATS: dict[str, Renderer] = {
    **FORMATS,
    "table": partial(text, full=True),
    "markdown": partial(markdown, full=True),
}
"""Renderers by name that show every scenario whole."""
