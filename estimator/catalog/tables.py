"""Read the dated rows of `pricing/`: one row, one value, one source."""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import cast, get_args

from estimator.catalog.types import Basis, Row, SourceKind
from estimator.errors import CatalogError, NoPriceError

UNITS = frozenset(
    {
        *("USD", "USD/hour", "USD/month", "USD/year", "USD/label"),
        *("USD/Mtok", "USD/1k-requests", "USD/1k-queries", "USD/M-units", "USD/M-dimensions-month"),
        *("USD/GB", "USD/GB-month", "USD/kWh", "USD/kW-month"),
        *("share", "share/month", "share/year", "share/reward", "ratio", "exponent", "pp", "pp/year"),
        *("hours", "hours/month", "minutes", "months", "days", "seconds", "milliseconds", "microseconds", "date"),
        *("count", "count/month", "1/year", "tokens", "bytes", "bytes/token"),
        *("FLOP/s", "queries/s/core", "vectors/s/core", "gCO2e/kWh"),
    }
)
"""Every unit a row may have."""
TEXT = ("id", "what", "source")
COLUMNS = (
    *("id", "what", "unit", "value", "low", "mode", "high", "from", "read_on"),
    *("source", "source_kind", "basis", "available_until", "region", "note"),
)
"""Columns of every table; further ones become attributes of the row."""


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
        raise CatalogError(f"{path.name}: cannot be read ({error}); save it as CSV in UTF-8") from None


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
    seen: set[tuple[str, date]] = set()
    line = 0
    try:
        columns = next(reader, [])
        missing = [column for column in COLUMNS if column not in columns]
        if missing:
            raise CatalogError(f"{name} line 1: column {missing[0]!r} is missing; copy the header of another table")
        for fields in reader:
            line = reader.line_num  # type: ignore[attr-defined]  # of csv readers
            if not fields:
                continue
            where = f"{name} line {line}"
            if len(fields) != len(columns):
                raise CatalogError(
                    f"{where}: {len(fields)} fields for {len(columns)} columns; quote text that contains a comma"
                )
            row = _row(dict(zip(columns, fields, strict=True)), where)
            if (row.id, row.valid_from) in seen:
                raise CatalogError(f"{where}: id {row.id!r} from {row.valid_from} is there twice; give a later from")
            seen.add((row.id, row.valid_from))
            yield row
    except csv.Error as error:
        raise CatalogError(f"{name} after line {line}: not CSV ({error}); check the quotes") from None


def _row(record: Mapping[str, str], where: str) -> Row:
    for key in TEXT:
        if not record[key].strip():
            raise CatalogError(f"{where}: {key} is empty; every row needs one")
    unit = _one_of(record, "unit", UNITS, where)
    valid_from = _day(record, "from", where)
    until = _day(record, "available_until", where) if record["available_until"] else None
    if until is not None and until < valid_from:
        raise CatalogError(f"{where}: available_until {until} is before from {valid_from}; correct one of them")
    low, mode, high = _as_date(until, where) if unit == "date" else _numbers(record, where)
    return Row(
        id=record["id"],
        what=record["what"],
        unit=unit,
        low=low,
        mode=mode,
        high=high,
        valid_from=valid_from,
        read_on=_day(record, "read_on", where),
        source=record["source"],
        source_kind=cast(SourceKind, _one_of(record, "source_kind", get_args(SourceKind), where)),
        basis=cast(Basis, _one_of(record, "basis", get_args(Basis), where)),
        available_until=until,
        region=record["region"],
        note=record["note"],
        attributes=MappingProxyType({key: value for key, value in record.items() if key not in COLUMNS}),
    )


def _one_of(record: Mapping[str, str], key: str, known: Iterable[str], where: str) -> str:
    value = record[key]
    if value not in known:
        raise CatalogError(f"{where}: {key} {value!r} is not one of {', '.join(sorted(known))}")
    return value


def _as_date(until: date | None, where: str) -> tuple[float, float, float]:
    """A date is kept in `available_until`; its number is the day since year 1."""
    if until is None:
        raise CatalogError(f"{where}: available_until is empty; a row of unit date keeps its day there")
    day = float(until.toordinal())
    return day, day, day


def _numbers(record: Mapping[str, str], where: str) -> tuple[float, float, float]:
    if record["value"]:
        if record["low"] or record["mode"] or record["high"]:
            raise CatalogError(f"{where}: value and a range are both given; keep one of them")
        value = _number(record, "value", where)
        return value, value, value
    low, mode, high = (_number(record, key, where) for key in ("low", "mode", "high"))
    if not low <= mode <= high:
        raise CatalogError(f"{where}: low {low:g}, mode {mode:g}, high {high:g} are not in rising order; reorder them")
    return low, mode, high


def _number(record: Mapping[str, str], key: str, where: str) -> float:
    try:
        number = float(record[key])
    except ValueError:
        raise CatalogError(f"{where}: {key} {record[key]!r} is not a number; give value, or low, mode, high") from None
    if not math.isfinite(number):
        raise CatalogError(f"{where}: {key} {record[key]!r} is not finite; give a finite number")
    return number


def _day(record: Mapping[str, str], key: str, where: str) -> date:
    try:
        return date.fromisoformat(record[key])
    except ValueError:
        raise CatalogError(f"{where}: {key} {record[key]!r} is not a date; give it as 2026-11-22") from None
