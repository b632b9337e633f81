"""What the catalog holds, for looking at: rows by kind, search, and rows nobody has looked at for long."""

from datetime import date, timedelta
from typing import NamedTuple

from estimator.catalog.catalog import Catalog
from estimator.catalog.types import Row
from estimator.errors import InputError, UnknownNameError
from estimator.units import HOURS_PER_DAY

CENTURY_HOURS = 100 * 365.25 * HOURS_PER_DAY
EVIDENCE = "evidence"
NOT_PRICES = ("defaults/", "constants/", EVIDENCE)


def price_rows(catalog: Catalog) -> tuple[Row, ...]:
    """All dated rows of prices, rates and retirements.

    Args:
        catalog: Where to look.

    Returns:
        Rows of every table but evidence, defaults and constants. [1]

    Source: definition.
    """
    return tuple(row for table in catalog.tables() if not table.startswith(NOT_PRICES) for row in catalog.rows(table))


def evidence_rows(catalog: Catalog) -> tuple[Row, ...]:
    """All rows of evidence, alternatives included.

    Args:
        catalog: Where to look.

    Returns:
        Rows. [1]

    Source: definition.
    """
    return catalog.rows(EVIDENCE)


def matching(rows: tuple[Row, ...], text: str) -> tuple[Row, ...]:
    """Rows whose id or description contains a text, whatever its case.

    Args:
        rows: Where to look.
        text: What to look for. [text]

    Returns:
        Rows. [1]

    Source: definition.
    """
    wanted = text.casefold()
    return tuple(row for row in rows if wanted in row.id.casefold() or wanted in row.what.casefold())


def series_named(rows: tuple[Row, ...], name: str, kind: str) -> tuple[Row, ...]:
    """All dated values of one row.

    Args:
        rows: Where to look.
        name: Its id. [text]
        kind: What it is called in the message. [text]

    Returns:
        Values, oldest first. [1]

    Raises:
        UnknownNameError: no row of that id.

    Source: definition.
    """
    found = tuple(sorted((row for row in rows if row.id == name), key=lambda row: row.valid_from))
    if not found:
        raise UnknownNameError(kind, name, {row.id for row in rows}, "search with: estimator catalog search")
    return found


def stale_rows(catalog: Catalog, *, older_than_hours: float, on: date) -> tuple[Row, ...]:
    """Price rows that nobody has read for long, oldest first; an ended row cannot grow stale.

    Args:
        catalog: Where to look.
        older_than_hours: Age from which a row is stale. [h]
        on: The day from which age counts. [date]

    Returns:
        Rows whose newest value was read before that. [1]

    Raises:
        InputError: the age is above a century.

    Source: definition.
    """
    if older_than_hours > CENTURY_HOURS:
        raise InputError(f"older than: {older_than_hours / HOURS_PER_DAY:g} days is above a century; 90d is usual")
    newest: dict[str, Row] = {}
    for row in price_rows(catalog):
        if row.id not in newest or row.valid_from >= newest[row.id].valid_from:
            newest[row.id] = row
    limit = on - timedelta(hours=older_than_hours)
    open_rows = (row for row in newest.values() if row.available_until is None or row.available_until >= on)
    return tuple(sorted((row for row in open_rows if row.read_on < limit), key=lambda row: (row.read_on, row.id)))


class ReadOn(NamedTuple):
    """The day on which somebody read a price, and how long ago that was."""

    day: date
    days: int


def readings(catalog: Catalog, *, on: date) -> tuple[ReadOn, ReadOn]:
    """When the price longest unread and the price read last were read.

    Args:
        catalog: Where to look.
        on: The day from which age counts. [date]

    Returns:
        The oldest and the newest reading. [date]

    Source: definition.
    """
    days = [row.read_on for row in price_rows(catalog)]
    oldest, newest = (ReadOn(day, (on - day).days) for day in (min(days), max(days)))
    return oldest, newest
