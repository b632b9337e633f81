"""How is it shown? Numbers, tables, text, Markdown, JSON, CSV and figures, all from one result."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from estimator.report.sheet import SHEET_FORMATS, Sheet

if TYPE_CHECKING:
    from estimator.report.data import csv_text, json_text
    from estimator.report.formats import FORMATS, FULL_FORMATS

SUFFIXES = {
    ".txt": "table",
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
}
"""Format that a file name asks for."""

__all__ = ["FORMATS", "FULL_FORMATS", "SHEET_FORMATS", "SUFFIXES", "Sheet", "csv_text", "json_text"]

_HOME = {
    "FORMATS": "estimator.report.formats",
    "FULL_FORMATS": "estimator.report.formats",
    "csv_text": "estimator.report.data",
    "json_text": "estimator.report.data",
}


def __getattr__(name: str) -> Any:
    """Import what renders whole comparisons on first use: a sheet needs none of the rooms behind them."""
    if name not in _HOME:
        raise AttributeError(f"module 'estimator.report' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
