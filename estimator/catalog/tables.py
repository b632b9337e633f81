"""Read the dated rows of `pricing/`: one row, one value, one source."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from estimator.catalog.schema import COLUMNS, REQUIRED, FileRow, checked, complaint
from estimator.catalog.types import Row
from estimator.errors import CatalogError, NoPriceError


def read_table(path: Path) -> tuple[Row, ...]:
    """All rows of one CSV file.

    Args:
        path: The file, in UTF-8. [text]

    Returns:
        Rows in the order of the file. [1]

    Raises:
        CatalogError: a row is broken; the message names file, line and field.

    Source: definition.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(_rows(csv.reader(file, strict=True), path.name))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CatalogError(f"{path}: cannot be read ({reason}); check the path, and save it as CSV in UTF-8") from None


def rows_of_text(text: str, name: str) -> tuple[Row, ...]:
    """All rows of a CSV text, as `read_table` reads them from a file.

    Args:
        text: The text. [text]
        name: What to call it in messages. [text]

    Returns:
        Rows in the order of the text. [1]

    Raises:
        CatalogError: a row is broken; the message names file, line and field.

    Source: definition.
    """
    return tuple(_rows(csv.reader(io.StringIO(text, newline=""), strict=True), name))


def series_of(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    """The rows of each id, oldest first.

    Args:
        rows: Rows of one or more tables.

    Returns:
        Rows by id. [1]

    Source: definition.
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return {row_id: tuple(sorted(same, key=lambda row: row.valid_from)) for row_id, same in found.items()}


def in_force(series: tuple[Row, ...], on: date) -> Row:
    """The value in force on a day: the last one that started by then, unless it has ended.

    Args:
        series: Rows of one id, oldest first.
        on: The day. [date]

    Returns:
        The row. [1]

    Raises:
        NoPriceError: the first value is later, or the last one has ended; the message names the day.

    Source: definition.
    """
    started = [row for row in series if row.valid_from <= on]
    if not started:
        first = series[0]
        raise NoPriceError(f"{first.id}: no value on {on}, the first is from {first.valid_from}; ask for a later day")
    row = started[-1]
    if row.available_until is not None and on > row.available_until:
        raise NoPriceError(f"{row.id}: ended on {row.available_until}, asked for {on}; choose another one")
    return row


def _rows(reader: "Iterator[list[str]]", name: str) -> Iterator[Row]:
    lines, records, columns = _records(reader, name)
    try:
        rows = checked(records)
    except ValidationError as error:
        place, text = complaint(error)
        raise CatalogError(f"{name} line {lines[place]}: {text}") from None
    further = [column for column in columns if column not in COLUMNS]
    seen: set[tuple[str, date]] = set()
    for line, row in zip(lines, rows, strict=True):
        if (row.id, row.valid_from) in seen:
            raise CatalogError(
                f"{name} line {line}: id {row.id!r} from {row.valid_from} is there twice; give a later from"
            )
        seen.add((row.id, row.valid_from))
        yield _row(row, further)


def _records(reader: "Iterator[list[str]]", name: str) -> tuple[list[int], list[dict[str, str]], list[str]]:
    """Line, filled cells by column of each record, and the header."""
    lines: list[int] = []
    records: list[dict[str, str]] = []
    line = 0
    try:
        columns = next(reader, [])
        missing = [column for column in REQUIRED if column not in columns]
        if missing:
            raise CatalogError(f"{name} line 1: column {missing[0]!r} is missing; copy the header of another table")
        if twice := [column for column in columns if columns.count(column) > 1]:
            raise CatalogError(f"{name} line 1: column {twice[0]!r} is there twice; keep one")
        for fields in reader:
            line = reader.line_num  # type: ignore[attr-defined]  # of csv readers
            if not fields:
                continue
            if "\0" in "".join(fields):
                raise CatalogError(f"{name} line {line}: holds a NUL character; save it as CSV in UTF-8")
            if len(fields) != len(columns):
                raise CatalogError(
                    f"{name} line {line}: {len(fields)} fields for {len(columns)} columns; "
                    "quote text that contains a comma"
                )
            lines.append(line)
            records.append({key: text for key, text in zip(columns, fields, strict=True) if text})
    except csv.Error as error:
        raise CatalogError(f"{name} after line {line}: not CSV ({error}); check the quotes") from None
    return lines, records, columns


def _row(row: FileRow, further: Iterable[str]) -> Row:
    low, mode, high = row.bounds
    extra = row.model_extra or {}
    return Row(
        id=row.id,
        what=row.what,
        unit=row.unit,
        low=low,
        mode=mode,
        high=high,
        valid_from=row.valid_from,
        read_on=row.read_on,
        source=row.source,
        source_kind=row.source_kind,
        basis=row.basis,
        available_until=row.available_until,
        region=row.region,
        note=row.note,
        licence=row.licence,
        distribution=row.distribution,
        attributes=MappingProxyType({key: extra.get(key, "") for key in further}),
    )
