"""The files of a catalog: tables and entries of one folder, and those of an overlay before them."""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from estimator.catalog.overlay import overlay_tables, superseded
from estimator.catalog.tables import read_table, series_of
from estimator.catalog.types import Row
from estimator.errors import CatalogError, UnknownNameError

Series = Mapping[str, tuple[Row, ...]]
Entries = dict[str, dict[str, Any]]


class Store:
    """What the files say, read on first use and kept."""

    def __init__(self, directory: Path, overlay: Path | None) -> None:
        self.directory = directory
        self.overlay = overlay
        self._tables: dict[str, tuple[Row, ...]] = {}
        self._entries: dict[str, Entries] = {}

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of all tables, e.g. `gpu_offers` or `defaults/labels`."""
        return tuple(sorted({*self._own_tables, *self.overlay_rows}))

    @cached_property
    def _own_tables(self) -> tuple[str, ...]:
        files = self.directory.rglob("*.csv")
        return tuple(sorted(file.relative_to(self.directory).with_suffix("").as_posix() for file in files))

    @cached_property
    def overlay_rows(self) -> dict[str, tuple[Row, ...]]:
        """Rows of the overlay under the table that they join."""
        if self.overlay is None:
            return {}
        return overlay_tables(self.overlay, {table: self._own_rows(table) for table in self._own_tables})

    def _own_rows(self, table: str) -> tuple[Row, ...]:
        return read_table(self.directory / f"{table}.csv") if table in self._own_tables else ()

    def rows(self, table: str) -> tuple[Row, ...]:
        """All rows of one table.

        Raises:
            UnknownNameError: no such table.
            CatalogError: one of its rows is broken.
        """
        if table not in self._tables:
            if table not in self.tables:
                raise UnknownNameError("price table", table, self.tables)
            self._tables[table] = superseded(self._own_rows(table), self.overlay_rows.get(table, ()))
        return self._tables[table]

    @cached_property
    def prices(self) -> Series:
        """Series of all tables but the defaults, by id."""
        return self._join(table for table in self.tables if not table.startswith("defaults/"))

    @cached_property
    def defaults(self) -> Series:
        """Series of the defaults, by key."""
        return self._join(table for table in self.tables if table.startswith("defaults/"))

    def _join(self, tables: Iterable[str]) -> Series:
        """Series of several tables; an id must live in one of them."""
        joined: dict[str, tuple[Row, ...]] = {}
        home: dict[str, str] = {}
        for table in tables:
            for row_id, series in series_of(self.rows(table)).items():
                if row_id in joined:
                    raise CatalogError(f"{table}.csv: id {row_id!r} is also in {home[row_id]}.csv; rename one")
                joined[row_id] = series
                home[row_id] = table
        return joined

    def entries(self, name: str) -> Entries:
        """Entries of a JSON file; those of the overlay replace or join the package's.

        Raises:
            CatalogError: a file is missing or no object of entries.
        """
        if name not in self._entries:
            self._entries[name] = {**_json(self.directory / name), **self.overlay_entries(name)}
        return self._entries[name]

    def overlay_entries(self, name: str) -> Entries:
        """Entries of the overlay alone.

        Raises:
            CatalogError: its file is no object of entries.
        """
        file = self.overlay / name if self.overlay is not None else None
        return _json(file) if file is not None and file.is_file() else {}


def _json(path: Path) -> Entries:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise CatalogError(f"{path.name}: cannot be read as JSON ({error}); correct the file") from None
    if not isinstance(data, dict) or not all(isinstance(value, dict) for value in data.values()):
        raise CatalogError(f"{path.name}: must be an object of entries by name; see pricing/README.md")
    return data


def default_directory() -> Path:
    """The packaged rows of a wheel, else those of the checkout.

    Returns:
        Folder of the rows. [text]

    Raises:
        CatalogError: neither is there.

    Source: definition.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_pricing", package.parent / "pricing"):
        if folder.is_dir():
            return folder
    raise CatalogError(f"no price rows: neither {package / '_pricing'} nor {package.parent / 'pricing'}; reinstall")
