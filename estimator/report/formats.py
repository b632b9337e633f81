"""A comparison in every format, by name."""

from collections.abc import Callable
from functools import partial

from estimator.report.text import text
from estimator.results import Comparison

Renderer = Callable[..., str]


def _json(comparison: Comparison) -> str:
    from estimator.report.data import json_text

    return json_text(comparison)


def _csv(comparison: Comparison) -> str:
    from estimator.report.data import csv_text

    return csv_text(comparison)


def _markdown(comparison: Comparison, *, full: bool = False) -> str:
    from estimator.report.comparison import markdown

    return markdown(comparison, full=full)


def _html(comparison: Comparison, *, full: bool = False) -> str:
    from estimator.report.comparison import html

    return html(comparison, full=full)


FORMATS: dict[str, Renderer] = {"table": text, "json": _json, "csv": _csv, "markdown": _markdown, "html": _html}
"""Renderers by name, each loaded when it is asked for; of several scenarios, tables show what changed."""
FULL_FORMATS: dict[str, Renderer] = {
    **FORMATS,
    **{name: partial(FORMATS[name], full=True) for name in ("table", "markdown", "html")},
}
"""Renderers by name that show every scenario whole."""
