"""Exchange rates: dated rows of USD per unit of a currency."""

from datetime import date
from pathlib import Path

from estimator.catalog.catalog import Catalog
from estimator.catalog.tables import in_force, read_table, series_of
from estimator.catalog.types import Row
from estimator.errors import CatalogError, UnknownNameError
from estimator.money import USD, Currency

TABLE = "exchange_rates"
UNIT = "USD/currency-unit"


def exchange_rate(catalog: Catalog, code: str, *, on: date, rates: Path | None = None) -> Row:
    """The rate in force on a day.

    Args:
        catalog: Where the rates come from.
        code: ISO code of the currency. [text]
        on: The day. [date]
        rates: A file of rows that stands for the rates of the catalog.

    Returns:
        Row whose mode is the USD that one unit buys. [USD]

    Raises:
        UnknownNameError: no rate of that currency.
        NoPriceError: the first rate is of a later day.
        CatalogError: the rate is in another unit.

    Source: rows of `pricing/exchange_rates.csv`, or of the file.
    """
    rows = read_table(rates) if rates is not None else catalog.rows(TABLE)
    known = {row_id.removeprefix("fx/"): series for row_id, series in series_of(rows).items()}
    if code not in known:
        hint = f"known are USD, {', '.join(sorted(known))}; give a file of rates with --rates"
        raise UnknownNameError("currency", code, known, hint)
    row = in_force(known[code], on)
    if row.unit != UNIT:
        raise CatalogError(f"{rates or TABLE}: {row.id} is in {row.unit}; give the USD that one unit buys, in {UNIT}")
    return row


def currency_of(catalog: Catalog, code: str, *, on: date, rates: Path | None = None) -> Currency:
    """A currency at the rate in force on a day, for results.

    Args:
        catalog: Where the rates come from.
        code: ISO code. [text]
        on: The day. [date]
        rates: A file of rows that stands for the rates of the catalog.

    Returns:
        The currency with its rate. [USD per unit]

    Raises:
        UnknownNameError: no rate of that currency.
        NoPriceError: the first rate is of a later day.

    Source: rows of `pricing/exchange_rates.csv`, or of the file.
    """
    named = code.strip().upper()
    if named == "USD":
        return USD
    row = exchange_rate(catalog, named, on=on, rates=rates)
    return Currency(named, row.mode, row.valid_from, row.source)
