"""What the catalog holds, for looking at: rows by kind, search, and rows nobody has looked at for long."""

from datetime import date, timedelta
from typing import NamedTuple

from estimator.catalog.catalog import Catalog
from estimator.catalog.licences import Licence
from estimator.catalog.tables import in_force, series_of
from estimator.catalog.types import Accelerator, Architecture, Row
from estimator.errors import InputError, NoPriceError, UnknownNameError
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


def newest_reading(catalog: Catalog) -> date:
    """Newest day on which a price was read: how old the catalog is.

    Args:
        catalog: Where to look.

    Returns:
        The day. [date]

    Source: definition.
    """
    return max(row.read_on for row in price_rows(catalog))


def evidence_rows(catalog: Catalog) -> tuple[Row, ...]:
    """All rows of evidence, alternatives included.

    Args:
        catalog: Where to look.

    Returns:
        Rows. [1]

    Source: definition.
    """
    return catalog.rows(EVIDENCE)


def mentions(text: str, *fields: str) -> bool:
    """Whether a text occurs in one of several fields, whatever its case.

    Args:
        text: What to look for. [text]
        fields: Where to look. [text]

    Returns:
        True where it occurs. [1]

    Source: definition.

    >>> mentions("h100", "NVIDIA", "H100-SXM5-80GB")
    True
    """
    wanted = text.casefold()
    return any(wanted in field.casefold() for field in fields)


def matching(rows: tuple[Row, ...], text: str) -> tuple[Row, ...]:
    """Rows whose id, description, region, licence or note contains a text, whatever its case.

    Args:
        rows: Where to look.
        text: What to look for. [text]

    Returns:
        Rows. [1]

    Source: definition.
    """
    return tuple(row for row in rows if mentions(text, row.id, row.what, row.region, row.licence, row.note))


def matching_models(catalog: Catalog, text: str) -> tuple[Architecture, ...]:
    """Models whose name, family, licence or source contains a text.

    Args:
        catalog: Where to look.
        text: What to look for. [text]

    Returns:
        Model shapes. [1]

    Source: definition.
    """
    models = (catalog.architecture(name) for name in catalog.architectures())
    return tuple(model for model in models if mentions(text, model.name, model.model_type, model.licence, model.source))


def matching_devices(catalog: Catalog, text: str) -> tuple[Accelerator, ...]:
    """Accelerators whose name, short forms, vendor or note contains a text.

    Args:
        catalog: Where to look.
        text: What to look for. [text]

    Returns:
        Devices. [1]

    Source: definition.
    """
    devices = (catalog.accelerator(name) for name in catalog.accelerators())
    return tuple(
        device for device in devices if mentions(text, device.name, device.vendor, device.note, *device.aliases)
    )


def matching_licences(catalog: Catalog, text: str) -> tuple[Licence, ...]:
    """Licences whose id, name, conditions or source contains a text.

    Args:
        catalog: Where to look.
        text: What to look for. [text]

    Returns:
        Licences. [1]

    Source: definition.
    """
    found = catalog.licences.values()
    return tuple(item for item in found if mentions(text, item.id, item.name, item.conditions, item.source))


def on_day(rows: tuple[Row, ...], on: date) -> tuple[Row, ...]:
    """The value of each series in force on a day; series that have not begun or have ended are left out.

    Args:
        rows: Rows of any number of series.
        on: The day. [date]

    Returns:
        At most one row a series, in order of the first row of each. [1]

    Raises:
        NoPriceError: no series has a value on that day.

    Source: definition.
    """
    series = series_of(rows)
    if len(series) == 1:
        return (in_force(next(iter(series.values())), on),)
    found = tuple(value for same in series.values() if (value := _value_on(same, on)) is not None)
    if series and not found:
        first = min(row.valid_from for row in rows)
        raise NoPriceError(
            f"no value on {on}: of {len(series)} ids none has begun or all have ended, the first value is from "
            f"{first}; ask for another day"
        )
    return found


def _value_on(series: tuple[Row, ...], on: date) -> Row | None:
    try:
        return in_force(series, on)
    except NoPriceError:
        return None


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
