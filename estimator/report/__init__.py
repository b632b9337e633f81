"""How is it shown? Numbers, tables, text, Markdown, JSON, CSV and figures, all from one result."""

from estimator.report.data import csv_text, json_text
from estimator.report.markdown import markdown
from estimator.report.sheet import SHEET_FORMATS, Sheet
from estimator.report.text import text

FORMATS = {"table": text, "json": json_text, "csv": csv_text, "markdown": markdown}
"""Renderers by name."""
SUFFIXES = {".txt": "table", ".json": "json", ".csv": "csv", ".md": "markdown"}
"""Format that a file name asks for."""

__all__ = ["FORMATS", "SHEET_FORMATS", "SUFFIXES", "Sheet", "csv_text", "json_text", "markdown", "text"]
