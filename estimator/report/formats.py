"""A comparison in every format, by name."""

from collections.abc import Callable
from functools import partial

from estimator.report.comparison import html, markdown
from estimator.report.data import csv_text, json_text
from estimator.report.text import text

Renderer = Callable[..., str]

FORMATS: dict[str, Renderer] = {
    "table": text,
    "json": json_text,
    "csv": csv_text,
    "markdown": markdown,
    "html": html,
}
"""Renderers by name; of several scenarios, tables show what changed."""
FULL_FORMATS: dict[str, Renderer] = {
    **FORMATS,
    "table": partial(text, full=True),
    "markdown": partial(markdown, full=True),
    "html": partial(html, full=True),
}
"""Renderers by name that show every scenario whole."""
