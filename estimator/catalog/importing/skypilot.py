"""The SkyPilot catalogue: `catalogs/vN/<provider>/vms.csv`."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Literal

from estimator.catalog.catalog import Catalog
from estimator.catalog.importing.devices import Devices
from estimator.catalog.importing.reading import (
    Dated,
    Found,
    Reading,
    Tally,
    days_of,
    known_instances,
    no_price,
    number,
)
from estimator.catalog.types import Row
from estimator.errors import CatalogError, UsageError, did_you_mean

NEEDED = ("InstanceType", "AcceleratorName", "AcceleratorCount", "GpuInfo", "Price", "SpotPrice", "Region")
LISTED = 5
"""Machines named in a note. [count]"""
PRINTED_DIGITS = 6
"""Digits of a median, as many as the feeds print. [count]"""
Zones = Literal["cheapest", "median"]
Key = tuple[str, str, str]


@dataclass(slots=True)
class _Offers:
    """Prices of one file by instance, region and term; several zones of a region are one offer."""

    provider: str
    zones: Zones
    devices: Devices
    known: dict[tuple[str, str], tuple[str, int]]
    tally: Tally = field(default_factory=Tally)
    prices: dict[Key, list[float]] = field(default_factory=dict)
    machines: dict[Key, tuple[str, int]] = field(default_factory=dict)
    dearer_spot: int = 0
    renamed: dict[str, str] = field(default_factory=dict)

    def add(self, record: dict[str, str], place: str) -> None:
        """Take the prices of one line."""
        name, instance = record["AcceleratorName"], record["InstanceType"]
        if not name:
            self.tally.skipped["machine without an accelerator"] += 1
            return
        count = number(record["AcceleratorCount"], place=place, column="AcceleratorCount")
        prices = {
            term: number(text, place=place, column=column)
            for term, column in (("on_demand", "Price"), ("spot", "SpotPrice"))
            if (text := record[column])
        }
        if not instance:
            self.tally.skipped["accelerator without its machine"] += 1
        elif count < 1 or count != int(count):
            self.tally.skipped["fraction of a device"] += 1
        elif (machine := self._machine(name, instance, int(count), record["GpuInfo"])) is None:
            self.tally.unknown[name[:60]] += 1
        else:
            self._take(machine, (instance, _region(record["Region"])), prices)

    def _machine(self, name: str, instance: str, count: int, info: str) -> tuple[str, int] | None:
        read = self.devices.meant(name, count=count, info=info, hint=instance)
        known = self.known.get((self.provider, instance))
        if known is not None and known != (read, count):
            theirs = f"{count} x {read or name}"
            self.renamed[instance] = f"{instance} ({known[1]} x {known[0]} in the catalog, {theirs} in the file)"
        return known or (None if read is None else (read, count))

    def _take(self, machine: tuple[str, int], place: tuple[str, str], prices: dict[str, float]) -> None:
        if not prices:
            self.tally.skipped["no price"] += 1
        on_demand = prices.get("on_demand", 0.0)
        for term, usd in prices.items():
            if reason := no_price(usd):
                self.tally.skipped[f"{'spot: ' if term == 'spot' else ''}{reason}"] += 1
            elif term == "spot" and usd == on_demand:
                self.tally.skipped["spot price equal to the price on demand, a stand-in"] += 1
            else:
                key = (*place, term)
                self.prices.setdefault(key, []).append(usd)
                self.machines.setdefault(key, machine)
                self.dearer_spot += term == "spot" and 0 < on_demand < usd

    def found(self) -> Iterator[Found]:
        """One price for each offer."""
        for (instance, region, term), prices in self.prices.items():
            gpu, gpus = self.machines[instance, region, term]
            usd = min(prices) if self.zones == "cheapest" else round(median(prices), PRINTED_DIGITS)
            yield Found(
                provider=self.provider,
                instance=instance,
                region=region,
                term=term,
                usd_per_hour=usd,
                gpu=gpu,
                gpus=gpus,
                note="; ".join(filter(None, (self._zones(prices), *self._spot(instance, region, term, usd)))),
            )

    def _spot(self, instance: str, region: str, term: str, usd: float) -> tuple[str, ...]:
        if term != "spot":
            return ()
        on_demand = self.prices.get((instance, region, "on_demand"), [usd])
        return ("spot prices move hourly", "above the price on demand" * (usd > min(on_demand)))

    def _zones(self, prices: list[float]) -> str:
        if len(prices) == 1:
            return ""
        if min(prices) == max(prices):
            return f"the same in {len(prices)} zones"
        return f"{self.zones} of {len(prices)} zones, {min(prices):g} to {max(prices):g}"


def read_skypilot(
    text: str, *, name: str, provider: str, read_on: date | None, catalog: Catalog, zones: Zones = "cheapest"
) -> Reading:
    """Prices of a `vms.csv` of the SkyPilot catalogue.

    Args:
        text: The file. [text]
        name: What to call it in messages and in the source of the rows. [text]
        provider: Whose prices these are. [text]
        read_on: Day on which it was downloaded, as it prints none. [date]
        catalog: Whose accelerators and instances to know.
        zones: Which price stands for the zones of a region.

    Returns:
        Rows of GPU offers, and what was left out. [USD/h]

    Raises:
        CatalogError: it is no such file; the message names file and line.
        UsageError: the day is missing.

    Source: skypilot-org/skypilot-catalog.
    """
    devices = Devices(catalog.accelerator(item) for item in catalog.accelerators())
    offers = _Offers(provider, zones, devices, known_instances(catalog))
    for line, record in _records(text, name):
        offers.add(record, f"{name} line {line}")
    valid_from, read = days_of(name, None, read_on)
    dated = Dated(
        valid_from=valid_from,
        read_on=read,
        source=f"{provider} prices as collected in the SkyPilot catalogue, {provider}/{name}",
    )
    rows: list[Row] = [dated.row(found) for found in offers.found()]
    dearer = offers.dearer_spot and f"spot prices above the price on demand, kept: {offers.dearer_spot}"
    apart = offers.tally.skipped["accelerator without its machine"] and (
        "Lines without an instance price a bare accelerator; the machine is billed on top, so they are no offers."
    )
    return offers.tally.reading(rows, dearer or "", apart or "", _different(list(offers.renamed.values())))


def _different(machines: list[str]) -> str:
    if not machines:
        return ""
    more = f" and {len(machines) - LISTED} more" if len(machines) > LISTED else ""
    return f"The catalog's reading of the machine is kept for {'; '.join(machines[:LISTED])}{more}"


def provider_named(given: str | None, folder: str, catalog: Catalog) -> str:
    """The provider of a file: the one given, else its folder where the catalog knows a provider of that name.

    Args:
        given: What the user says. [text]
        folder: Name of the folder the file lies in. [text]
        catalog: Whose providers to know.

    Returns:
        The provider. [text]

    Raises:
        UsageError: the folder is none, or the given name has signs that an id cannot hold.

    Source: definition.
    """
    if given is not None:
        if re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", given):
            return given
        raise UsageError(f"--provider: {given[:60]!r} is no name of small letters, digits, dots, _ and -; see the ids")
    known = sorted({provider for provider, _ in known_instances(catalog)})
    if folder in known:
        return folder
    near = did_you_mean(folder, known)
    raise UsageError(
        f"--provider: the folder {folder!r} is no provider of the catalog{near}; say whose prices these are"
    )


def _records(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells by column."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader, [])]
        missing = [column for column in NEEDED if column not in header]
        if missing:
            raise CatalogError(
                f"{name} line 1: column {missing[0]!r} is missing; give a vms.csv of the SkyPilot catalogue"
            )
        for fields in reader:
            if fields and len(fields) != len(header):
                raise CatalogError(
                    f"{name} line {reader.line_num}: {len(fields)} fields for {len(header)} columns; "
                    "the file is cut or damaged, download it again"
                )
            if fields:
                yield reader.line_num, dict(zip(header, (text.strip() for text in fields), strict=True))
    except csv.Error as error:
        raise CatalogError(f"{name} line {reader.line_num}: not CSV ({error}); download it again") from None


def _region(text: str) -> str:
    """A region in one word: Vast writes place, country and continent.

    >>> _region("us-east-1"), _region("Bulgaria, BG, EU"), _region(", US, NA"), _region("")
    ('us-east-1', 'bulgaria', 'us', 'global')
    """
    if "," not in text:
        return text or "global"
    return next(("-".join(part.lower().split()) for part in text.split(",") if part.strip()), "global")
