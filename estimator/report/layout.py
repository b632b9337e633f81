"""What every answer is set from: tables of text, wrapped lines, and cells that no other program takes for commands."""

import html
import re
import textwrap
import unicodedata
from dataclasses import dataclass
from typing import Any

WIDTH = 118
_FIGURE = re.compile(r"[$€£¥+–\d-]|[A-Z]{3} \d|month |never|at once")
"""How a cell that holds a number begins."""


@dataclass(frozen=True, slots=True)
class Table:
    """Header and rows; every cell is text."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def wrapped(line: str, width: int) -> list[str]:
    """A line wrapped to a width, further lines indented."""
    indent = "    " if line.startswith("  ") else "  "
    clean = printable(line)
    return textwrap.wrap(clean, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False) or [""]


def text_table(table: Table) -> list[str]:
    """Aligned columns: the first to the left, the others to the right where they are numbers."""
    rows = [tuple(printable(cell) for cell in row) for row in (table.header, *table.rows)]
    widths = [max(map(_length, column)) for column in zip(*rows, strict=True)]
    numeric = [all(_is_figure(row[i]) for row in rows[1:]) for i in range(len(widths))]
    return [" " + "  ".join(_cell(*item) for item in zip(row, widths, numeric, strict=True)).rstrip() for row in rows]


def _cell(cell: str, width: int, numeric: bool) -> str:
    space = " " * (width - _length(cell))
    return space + cell if numeric else cell + space


def _is_figure(cell: str) -> bool:
    return _FIGURE.match(cell) is not None


def _length(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cell)


def printable(value: str) -> str:
    """Text without control characters, so that a name cannot steer the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in value)


def escape(value: str) -> str:
    """Text that neither Markdown nor HTML takes for markup."""
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", html.escape(printable(value), quote=False))


def markdown_table(table: Table) -> str:
    """A table in pipe syntax."""
    rows = [table.header, tuple("---" for _ in table.header), *table.rows]
    return "\n".join("| " + " | ".join(cell if cell == "---" else escape(cell) for cell in row) + " |" for row in rows)


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front.

    >>> safe_cell("=1+1"), safe_cell(-2.5)
    ("'=1+1", -2.5)
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
