"""A folder of private rows, such as negotiated rates, that stands before the package's own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from estimator.catalog.tables import read_table
from estimator.catalog.types import Row
from estimator.errors import CatalogError

TABLE_OF_PREFIX: Mapping[str, str] = MappingProxyType({"gpu": "gpu_offers", "retires": "retirements"})
"""Tables that are read as a whole; a new row of their id pattern joins them, whatever its file is called."""
ENTRY_FILES = ("models.json", "accelerators.json", "licences.json")


def overlay_tables(folder: Path, base: Mapping[str, Iterable[Row]]) -> dict[str, tuple[Row, ...]]:
    """Rows of an overlay folder, under the table that they join.

    A row joins the table that has its id; a new id joins the table of its pattern, else that of its file's name.
    Columns that the overlay lacks or leaves empty are taken from the row it stands before.

    Args:
        folder: Folder with tables like those of `pricing/`.
        base: Rows of the package by table.

    Returns:
        Rows by table. [1]

    Raises:
        CatalogError: there is no such folder, nothing in it, a row is broken or in two files, or its unit differs
            from the row's it stands before.

    Source: definition.
    """
    home = {row.id: (table, row) for table, rows in base.items() for row in rows}
    found: dict[str, list[Row]] = {}
    seen: dict[tuple[str, date], Path] = {}
    for file in _files(folder):
        own = file.relative_to(folder).with_suffix("").as_posix()
        for row in read_table(file):
            if (first := seen.setdefault((row.id, row.valid_from), file)) != file:
                raise CatalogError(
                    f"{file}: id {row.id!r} from {row.valid_from} is also in {first}; keep one, or give a later from"
                )
            table, before = home.get(row.id, (TABLE_OF_PREFIX.get(row.id.partition("/")[0], own), None))
            found.setdefault(table, []).append(joined(row, before, str(file)))
    return {table: tuple(rows) for table, rows in found.items()}


def superseded(base: tuple[Row, ...], over: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows of a table where each id of the overlay replaces the package's values from its first day on.

    Args:
        base: Rows of the package.
        over: Rows of the overlay.

    Returns:
        Older values of the package, then those of the overlay. [1]

    Source: definition.
    """
    first: dict[str, date] = {}
    for row in over:
        first[row.id] = min(row.valid_from, first.get(row.id, row.valid_from))
    kept = (row for row in base if row.id not in first or row.valid_from < first[row.id])
    return (*kept, *over)


def joined(row: Row, before: Row | None, file: str) -> Row:
    """A private row with what it leaves empty taken from the row it stands before.

    Args:
        row: The private row.
        before: The row of the same id; None where there is none.
        file: Where the private row stands. [text]

    Returns:
        The row. [1]

    Raises:
        CatalogError: the units differ.

    Source: definition.
    """
    if before is None:
        return replace(row, overlay=file)
    if row.unit != before.unit:
        raise CatalogError(f"{file}: {row.id} is in {row.unit}, the row it replaces in {before.unit}; convert it")
    stated = {key: value for key, value in row.attributes.items() if value}
    attributes = MappingProxyType({**before.attributes, **stated})
    return replace(row, overlay=file, region=row.region or before.region, attributes=attributes)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CatalogError(f"catalog: {folder} is no folder; give one with tables like those of pricing/")
    files = sorted(folder.rglob("*.csv"))
    if not files and not any((folder / name).is_file() for name in ENTRY_FILES):
        raise CatalogError(f"catalog: {folder} holds no .csv table and no {' or '.join(ENTRY_FILES)}; add one")
    return files
