"""The price tables generated into the Karpenter providers: Go source with instances and prices, without any GPU."""

import re
from collections.abc import Iterator
from datetime import date

from estimator.catalog.catalog import Catalog
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
from estimator.errors import CatalogError
from estimator.record import record

NOT_USD = re.compile(r"cn-")
"""Regions of AWS China, which are billed in CNY."""
LONGEST_LINE = 10_000
_GENERATED = re.compile(r"^// generated at (\S+)")
_PAIR = re.compile(r'"([^"\\]{1,100})"\s*:\s*([^\s,"]+)\s*,')
_REST = re.compile(r"\s*(//.*)?")


@record
class _Format:
    """How one of the two files is written."""

    provider: str
    source: str
    note: str
    table: re.Pattern[str]
    """A line that only this file has, and its prices follow."""
    region: re.Pattern[str]
    closes: tuple[str, ...]
    hint: str


_AWS = _Format(
    provider="aws",
    source="AWS price feed as generated into karpenter-provider-aws",
    note="",
    table=re.compile(r"^var InitialOnDemandPrices\w*\s*=\s*map\[.*\{\s*$"),
    region=re.compile(r'^"([a-z0-9-]+)"\s*:\s*\{$'),
    closes=("}", "},"),
    hint="zz_generated.pricing_aws.go of karpenter-provider-aws",
)
_AZURE = _Format(
    provider="azure",
    source="Azure retail price feed as generated into karpenter-provider-azure",
    note="Linux, pay as you go",
    table=re.compile(r"^var initialOnDemandPrices\s*=\s*map\[.*\{\}\s*$"),
    region=re.compile(r'^initialOnDemandPrices\["([a-z0-9-]+)"\]\s*=\s*map\[string\]float64\{$'),
    closes=("}", "},", "func init() {"),
    hint="zz_generated.pricing.go of karpenter-provider-azure",
)


def read_karpenter_aws(text: str, *, name: str, read_on: date | None, catalog: Catalog) -> Reading:
    """Prices on demand of the instances whose GPU the catalog knows, from `zz_generated.pricing_aws.go`.

    Args:
        text: The file. [text]
        name: What to call it in messages and in the source of the rows. [text]
        read_on: Day on which it was downloaded; None: the day printed in it. [date]
        catalog: Whose instances to know.

    Returns:
        Rows of GPU offers, and what was left out. [USD/h]

    Raises:
        CatalogError: it is no such file; the message names file and line.
        UsageError: the day is missing or too early.

    Source: aws/karpenter-provider-aws, pkg/providers/pricing.
    """
    return _read(text, _AWS, name, read_on, catalog)


def read_karpenter_azure(text: str, *, name: str, read_on: date | None, catalog: Catalog) -> Reading:
    """Prices on demand of the instances whose GPU the catalog knows, from `zz_generated.pricing.go`.

    Args:
        text: The file. [text]
        name: What to call it in messages and in the source of the rows. [text]
        read_on: Day on which it was downloaded; None: the day printed in it. [date]
        catalog: Whose instances to know.

    Returns:
        Rows of GPU offers, and what was left out. [USD/h]

    Raises:
        CatalogError: it is no such file; the message names file and line.
        UsageError: the day is missing or too early.

    Source: Azure/karpenter-provider-azure, pkg/providers/pricing.
    """
    return _read(text, _AZURE, name, read_on, catalog)


def _read(text: str, form: _Format, name: str, read_on: date | None, catalog: Catalog) -> Reading:
    known, prices = known_instances(catalog), list(_prices(text, form, name))
    valid_from, read = days_of(name, _generated_on(text, name), read_on)
    dated = Dated(valid_from=valid_from, read_on=read, source=f"{form.source}, {name} (Apache-2.0)")
    tally, rows, foreign = Tally(), list[Row](), set[str]()
    for region, instance, usd in prices:
        machine = known.get((form.provider, instance))
        if NOT_USD.match(region):
            foreign.add(region)
            tally.skipped["region billed in another currency"] += 1
        elif machine is None:
            tally.skipped["instance without a known GPU"] += 1
        elif reason := no_price(usd):
            tally.skipped[reason] += 1
        else:
            rows.append(
                dated.row(
                    Found(
                        provider=form.provider,
                        instance=instance,
                        region=region,
                        term="on_demand",
                        usd_per_hour=usd,
                        gpu=machine[0],
                        gpus=machine[1],
                        note=form.note,
                    )
                )
            )
    left = foreign and f"{', '.join(sorted(foreign))}: refused, prices there are not in USD"
    return tally.reading(rows, left or "")


def _generated_on(text: str, name: str) -> date | None:
    for place, line in enumerate(text.split("\n"), start=1):
        if match := _GENERATED.match(line.strip()):
            try:
                return date.fromisoformat(match[1][:10])
            except ValueError:
                raise CatalogError(
                    f"{name} line {place}: {match[1][:40]!r} is no day; the file is damaged, download it again"
                ) from None
    return None


def _prices(text: str, form: _Format, name: str) -> Iterator[tuple[str, str, float]]:
    """Region, instance and price in the order of the file; each pair once."""
    region, started = "", False
    seen: set[tuple[str, str]] = set()
    for place, raw in enumerate(text.split("\n"), start=1):
        line, where = raw.strip(), f"{name} line {place}"
        if len(line) > LONGEST_LINE:
            raise CatalogError(f"{where}: {len(line):,} signs in a line; give {form.hint}")
        if not started:
            started = form.table.match(line) is not None
        elif match := form.region.match(line):
            region = match[1]
        elif line and not line.startswith("//") and line not in form.closes:
            for instance, usd in _pairs(line, where, form, region):
                if (region, instance) in seen:
                    raise CatalogError(f"{where}: {instance!r} is there twice in {region}; download the file again")
                seen.add((region, instance))
                yield region, instance, usd
    if not started:
        raise CatalogError(f"{name} line 1: no table of prices on demand in it; give {form.hint}")
    if not seen:
        raise CatalogError(f"{name}: no price in it; the file is cut, download {form.hint} again")


def _pairs(line: str, where: str, form: _Format, region: str) -> list[tuple[str, float]]:
    found, end = [], 0
    for match in _PAIR.finditer(line):
        if line[end : match.start()].strip():
            break
        found.append((match[1], number(match[2], place=where, column=f"price of {match[1]}")))
        end = match.end()
    if not region or not found or not _REST.fullmatch(line, end):
        raise CatalogError(f"{where}: {line[end : end + 40]!r} is no pair of instance and price; give {form.hint}")
    return found
