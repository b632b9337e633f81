"""What every format of a price catalogue has in common: rows found, lines left out and why, prices that are none."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from estimator.catalog.catalog import Catalog
from estimator.catalog.types import Row
from estimator.errors import CatalogError, UsageError
from estimator.record import record

PLACEHOLDER_USD_PER_HOUR = 9_999.0
"""From here on a price is a placeholder such as 9999 or 999999, not a price. [USD/hour]"""
TERM_WORDS: Mapping[str, str] = MappingProxyType({"on_demand": "on demand", "spot": "spot"})


@record
class Reading:
    """What a file says, before it is laid beside the catalog."""

    rows: tuple[Row, ...]
    skipped: Mapping[str, int]
    """Prices that became no row, by reason."""
    unknown: Mapping[str, int]
    """Prices of accelerators that the catalog does not have, by the name in the file."""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts of what is left out, while a file is read."""

    skipped: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    def reading(self, rows: list[Row], *notes: str) -> Reading:
        """The result, reasons by falling count."""
        return Reading(
            rows=tuple(rows),
            skipped=dict(self.skipped.most_common()),
            unknown=dict(self.unknown.most_common()),
            notes=tuple(note for note in notes if note),
        )


@record(kw_only=True)
class Found:
    """One price of a file."""

    provider: str
    instance: str
    region: str
    term: str
    usd_per_hour: float
    gpu: str
    gpus: int
    note: str = ""


@record(kw_only=True)
class Dated:
    """Where the prices of a file come from, and since when they hold."""

    valid_from: date
    read_on: date
    source: str

    def row(self, found: Found) -> Row:
        """A price as a row of `gpu_offers.csv`."""
        path = (found.provider, found.instance, found.region, found.term)
        return Row(
            id="/".join(("gpu", *(re.sub(r"\s+", "-", part) for part in path))),
            what=f"{found.gpus} x {found.gpu} for an hour, {TERM_WORDS[found.term]}",
            unit="USD/hour",
            low=found.usd_per_hour,
            mode=found.usd_per_hour,
            high=found.usd_per_hour,
            valid_from=self.valid_from,
            read_on=self.read_on,
            source=self.source,
            source_kind="mirror",
            basis="published",
            region=found.region,
            note=found.note,
            attributes=MappingProxyType(
                {
                    "provider": found.provider,
                    "instance": found.instance,
                    "gpu": found.gpu,
                    "gpus": str(found.gpus),
                    "term": found.term,
                }
            ),
        )


def days_of(name: str, printed: date | None, read_on: date | None) -> tuple[date, date]:
    """From when the prices hold, and when they were read: the day printed in the file, else the day of reading.

    Raises:
        UsageError: neither is known, or the file is younger than its reading.
    """
    valid_from, read = printed or read_on, read_on or printed
    if valid_from is None or read is None:
        raise UsageError(f"--read-on: {name} prints no day; give the day you downloaded it, e.g. 2026-11-22")
    if read < valid_from:
        raise UsageError(f"--read-on: {read} is before {valid_from}, the day printed in {name}; give a later day")
    return valid_from, read


def number(text: str, *, place: str, column: str) -> float:
    """A finite number of a file.

    Raises:
        CatalogError: it is none; the message names file, line and column.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CatalogError(f"{place}: {column} {text[:40]!r} is not a number; correct the file or download it again")
    return value


def no_price(usd_per_hour: float) -> str:
    """Why a number is a sentinel and no price; empty where it is a price.

    >>> no_price(0.0), no_price(999999.0), no_price(2.5)
    ('price 0, a sentinel for no price', 'placeholder price of 9999 and above', '')
    """
    if usd_per_hour == 0:
        return "price 0, a sentinel for no price"
    if usd_per_hour < 0:
        return "negative price, a sentinel for no price"
    return "" if usd_per_hour < PLACEHOLDER_USD_PER_HOUR else "placeholder price of 9999 and above"


def known_instances(catalog: Catalog) -> dict[tuple[str, str], tuple[str, int]]:
    """GPU and number of them by provider and instance, as the rows of the catalog say."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for row in catalog.rows("gpu_offers"):
        get = row.attributes.get
        gpus = get("gpus", "")
        if gpus.isdecimal():
            gpu = catalog.accelerator(get("gpu", "")).name
            found[get("provider", ""), get("instance", "")] = (gpu, int(gpus))
    return found
