"""One answer as a sheet: tables and sentences for people, plain data for programs, rendered in every format.

The single-question verbs (`memory`, `train`, `serve`, `catalog` …) each make one sheet; nothing is rounded in
`data` and `records`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from estimator.money import USD, converted, currency_data, shown_currency
from estimator.record import record
from estimator.report.layout import WIDTH, Table, csv_lines, text_table, wrapped
from estimator.report.numbers import rate_lines
from estimator.report.page import Page, page_markdown


@record(kw_only=True)
class Sheet:
    """What one command answers."""

    title: str
    """First line: what was asked, in words."""
    blocks: tuple[Table | str, ...]
    """Tables and paragraphs, in reading order."""
    data: Mapping[str, Any]
    """The answer as JSON data; `schema_version` is added."""
    records: Sequence[Mapping[str, Any]] = field(default=())
    """The main table unrounded, one mapping per row, for CSV."""
    name: str = ""
    """Short and the same from run to run, so that a bot finds its own comment; the head of the title otherwise."""


SCHEMA_VERSION = 1


def in_shown_currency(sheet: Sheet) -> Sheet:
    """The sheet with its data in the currency of the result, as its words are already, and the rate of that."""
    money = shown_currency()
    if money.code == USD.code:
        return sheet
    return replace(
        sheet,
        blocks=(*sheet.blocks, *rate_lines(money)),
        data={**converted(sheet.data, money), **currency_data(money)},
        records=[converted(record, money) for record in sheet.records],
    )


def sheet_text(sheet: Sheet, width: int | None = None) -> str:
    """The sheet for a terminal; tables keep to a width where one is given."""
    room = min(width or WIDTH, WIDTH)
    parts = ["\n".join(wrapped(sheet.title, room))]
    for block in sheet.blocks:
        if isinstance(block, str):
            parts.append("\n".join(wrapped(block, room)))
        else:
            head = wrapped(block.title, room) if block.title and width else [block.title] if block.title else []
            parts.append("\n".join([*head, *text_table(block, width)]))
    return "\n\n".join(parts) + "\n"


def sheet_page(sheet: Sheet) -> Page:
    """The sheet as a page; what stands behind the first dot of its title are settings, not its name."""
    return Page(sheet.name or sheet.title.partition(" · ")[0], sheet.title, sheet.blocks)


def sheet_markdown(sheet: Sheet) -> str:
    """The sheet as Markdown."""
    return page_markdown(sheet_page(sheet))


def sheet_html(sheet: Sheet) -> str:
    """The sheet as one HTML file."""
    from estimator.report.html import page_html

    return page_html(sheet_page(sheet))


def sheet_json(sheet: Sheet) -> str:
    """The sheet as JSON, unrounded."""
    data = {"schema_version": SCHEMA_VERSION, **sheet.data}
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def sheet_csv(sheet: Sheet) -> str:
    """The records of the sheet as CSV; text cells cannot become formulas."""
    return csv_lines(sheet.records)


SHEET_FORMATS = {
    "table": sheet_text,
    "json": sheet_json,
    "csv": sheet_csv,
    "markdown": sheet_markdown,
    "html": sheet_html,
}
"""Renderers by name."""
