"""A comparison in every format, by name."""

from estimator.report.comparison import html, markdown
from estimator.report.data import csv_text, json_text
from estimator.report.text import text

FORMATS = {"table": text, "json": json_text, "csv": csv_text, "markdown": markdown, "html": html}
"""Renderers by name."""
