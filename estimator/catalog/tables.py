"""Read the dated rows of `pricing/`: one row, one value, one source."""

import csv
import math
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from estimator.catalog.types import Basis, Row, SourceKind
from estimator.errors import CatalogError

UNITS = frozenset(
    """USD USD/hour USD/month USD/year USD/Mtok USD/1k-requests USD/1k-queries USD/GB-month USD/GB USD/label USD/kWh
    USD/kW-month USD/M-dimensions-month USD/M-units share share/month share/year share/reward ratio hours hours/month
    minutes months days seconds milliseconds microseconds tokens count count/month 1/year bytes bytes/token FLOP/s
    queries/s/core vectors/s/core gCO2e/kWh pp pp/year exponent date""".split()
)
COLUMNS = (
    "id",
    "what",
    "unit",
    "value",
    "low",
    "mode",
    "high",
    "from",
    "read_on",
    "source",
    "source_kind",
    "basis",
    "available_until",
    "region",
    "note",
)


def read_table(path: Path) -> tuple[Row, ...]:
    """All rows of one CSV file.

    Raises:
        CatalogError: a row is broken; the message names file, line and field.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise CatalogError(f"{path.name} line 1: column {missing[0]!r} is missing; see pricing/README.md")
        return tuple(_rows(reader, path.name))


def _rows(reader: "csv.DictReader[str]", name: str) -> Iterator[Row]:
    seen: set[tuple[str, date]] = set()
    try:
        for record in reader:
            where = f"{name} line {reader.line_num}"
            if None in record or None in record.values():
                raise CatalogError(f"{where}: not {len(reader.fieldnames or ())} columns; quote text that has commas")
            row = _row(record, where)
            if (row.id, row.valid_from) in seen:
                raise CatalogError(f"{where}: id {row.id!r} from {row.valid_from} is there twice; give a later date")
            seen.add((row.id, row.valid_from))
            yield row
    except csv.Error as error:
        raise CatalogError(f"{name} line {reader.line_num}: not CSV: {error}; correct the quotes") from None


def _row(record: Mapping[str, str], where: str) -> Row:
    for key in ("id", "what", "source"):
        if not record[key].strip():
            raise CatalogError(f"{where}: {key} is empty; every row needs one")
    unit = _one_of(record, "unit", UNITS, where)
    low, mode, high = _numbers(record, where)
    return Row(
        id=record["id"],
        what=record["what"],
        unit=unit,
        low=low,
        mode=mode,
        high=high,
        valid_from=_day(record, "from", where),
        read_on=_day(record, "read_on", where),
        source=record["source"],
        source_kind=_one_of(record, "source_kind", get_args(SourceKind), where),  # type: ignore[arg-type]  # checked
        basis=_one_of(record, "basis", get_args(Basis), where),  # type: ignore[arg-type]  # checked
        available_until=_day(record, "available_until", where) if record["available_until"] else None,
        region=record["region"],
        note=record["note"],
        attributes=MappingProxyType({key: value for key, value in record.items() if key not in COLUMNS}),
    )


def _one_of(record: Mapping[str, str], key: str, known: object, where: str) -> str:
    value = record[key]
    names = sorted(known) if isinstance(known, (frozenset, tuple)) else []
    if value not in names:
        raise CatalogError(f"{where}: {key} {value!r} is not one of {', '.join(names)}")
    return value


def _numbers(record: Mapping[str, str], where: str) -> tuple[float, float, float]:
    if record["value"]:
        if record["low"] or record["mode"] or record["high"]:
            raise CatalogError(f"{where}: gives value and a range; keep one of them")
        value = _number(record, "value", where)
        return value, value, value
    low, mode, high = (_number(record, key, where) for key in ("low", "mode", "high"))
    if not low <= mode <= high:
        raise CatalogError(f"{where}: low ≤ mode ≤ high does not hold for {low:g}, {mode:g}, {high:g}; reorder them")
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
        raise CatalogError(f"{where}: {key} {record[key]!r} is not a date; give e.g. 2026-11-22") from None
