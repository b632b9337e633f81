"""What every answer is set from: tables of text, wrapped lines, and cells that no other program takes for commands."""

import csv
import html
import io
import json
import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from estimator.record import record

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""First signs that make a spreadsheet compute a cell, the wide ones included."""
WIDTH = 118
"""Columns of running text where no narrower screen says otherwise."""
GAP = 2
NARROWEST = 16
"""Columns that a text keeps, if it is that long."""
_FIGURE = re.compile(r"[$€£¥+–\d-]|[A-Z]{3} \d|month |never|at once")
"""How a cell that holds a number begins."""


@record
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


def text_table(table: Table, width: int | None = None) -> list[str]:
    """Aligned columns: the first to the left, the others to the right where they are numbers.

    Where a width is given, long texts are wrapped, and columns that still find no room follow below, after the first
    column again.
    """
    rows = [tuple(printable(cell) for cell in row) for row in (table.header, *table.rows)]
    numeric = [all(_is_figure(row[i]) for row in rows[1:]) for i in range(len(table.header))]
    widths = [max(map(_length, column)) for column in zip(*rows, strict=True)]
    if width is None or sum(widths) + GAP * len(widths) <= width:
        return _lines(rows, widths, numeric)
    least = [
        _least(column, is_number, fit)
        for column, is_number, fit in zip(zip(*rows, strict=True), numeric, widths, strict=True)
    ]
    lines: list[str] = []
    for block in _blocks(least, width):
        fitted = _fitted([widths[i] for i in block], [least[i] for i in block], width)
        part = [line for row in rows for line in _wrapped_row([row[i] for i in block], fitted)]
        lines += [*([""] if lines else []), *_lines(part, fitted, [numeric[i] for i in block])]
    return lines


def _lines(rows: Sequence[Sequence[str]], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    return [" " + "  ".join(_cell(*item) for item in zip(row, widths, numeric, strict=True)).rstrip() for row in rows]


def _least(column: Sequence[str], is_number: bool, widest: int) -> int:
    """Width below which a column cannot go: figures stay whole, words mostly, texts keep some room."""
    if is_number:
        words = column[0].split()
        return max([_length(cell) for cell in column[1:]] + [_length(word) for word in words])
    return min(widest, NARROWEST)


def _blocks(least: Sequence[int], width: int) -> list[list[int]]:
    """Columns that stand side by side; each block begins with the first column."""
    blocks = [[0]]
    for place in range(1, len(least)):
        block = blocks[-1]
        if len(block) > 1 and sum(least[i] + GAP for i in (*block, place)) > width:
            blocks.append([0])
        blocks[-1].append(place)
    return blocks


def _fitted(widths: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Widths made smaller, the widest first, until they fit or none can give way."""
    fitted = list(widths)
    while sum(fitted) + GAP * len(fitted) > width:
        place = max(range(len(fitted)), key=lambda i: fitted[i] if fitted[i] > least[i] else 0)
        if fitted[place] <= least[place]:
            break
        fitted[place] -= 1
    return fitted


def _wrapped_row(row: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    cells = [textwrap.wrap(cell, room, break_on_hyphens=False) for cell, room in zip(row, widths, strict=True)]
    return list(zip_longest(*cells, fillvalue="")) or [("",) * len(widths)]


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
    r"""Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.

    A carriage return, which some programs take for the end of the row, becomes a space. Lists and mappings are JSON.

    >>> safe_cell("=1+1"), safe_cell("a\r=1+1"), safe_cell(-2.5), safe_cell({"bf16": None})
    ("'=1+1", 'a =1+1', -2.5, '{"bf16": null}')
    """
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", " ")
    return f"'{text}" if value[:1] in FORMULA_STARTS else text


def csv_lines(records: Sequence[Mapping[str, Any]]) -> str:
    r"""Records as CSV, one column per key in order of appearance; text cells cannot become formulas.

    >>> csv_lines([{"a": "=1", "b": -1}])
    "a,b\n'=1,-1\n"
    """
    columns = list(dict.fromkeys(key for record in records for key in record))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(safe_cell, columns))
    writer.writerows([safe_cell(record.get(key, "")) for key in columns] for record in records)
    return out.getvalue()
