"""Plain text for the terminal: aligned columns, no colour, the same on a screen and in a pipe."""

import textwrap
import unicodedata

from estimator.report.tables import (
    Table,
    categories_table,
    changed_inputs_table,
    changed_options_table,
    differences,
    header_line,
    only_lines,
    options_table,
    set_up_lines,
    verdict_lines,
)
from estimator.results import Comparison, Estimate

WIDTH = 118


def text(comparison: Comparison, *, width: int = WIDTH) -> str:
    """A comparison as text, wrapped to a width."""
    blocks = [_scenario(estimate, width) for estimate in comparison.estimates]
    for difference in differences(comparison):
        lines = [f"{difference.before} → {difference.after}", ""]
        lines += [*text_table(changed_inputs_table(difference)), "", *text_table(changed_options_table(difference))]
        lines += only_lines(difference)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _scenario(estimate: Estimate, width: int) -> str:
    lines = [*wrapped(header_line(estimate), width), "", *text_table(options_table(estimate))]
    if any(not option.standing.eligible for option in estimate.options.values()):
        lines.append(" ✗ may not be chosen, see below")
    lines.append("")
    for line in verdict_lines(estimate):
        lines += wrapped(line, width)
    lines += ["", *text_table(categories_table(estimate))]
    set_up = [part for line in set_up_lines(estimate) for part in wrapped(f" {line}", width)]
    if set_up:
        lines += ["", "How it is done", *set_up]
    return "\n".join(lines)


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
    return bool(cell) and (cell[0] in "$-+–0123456789" or cell.startswith(("month ", "never", "at once")))


def _length(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cell)


def printable(value: str) -> str:
    """Text without control characters, so that a name cannot steer the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in value)
