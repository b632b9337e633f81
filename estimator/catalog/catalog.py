"""One door to everything known about the world on a day."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, cast

from estimator.catalog import tokens
from estimator.catalog.models import architecture_from_config, read_config
from estimator.catalog.tables import read_table
from estimator.catalog.types import Accelerator, Architecture, GpuOffer, Row, TokenPrice
from estimator.errors import CatalogError, NoPriceError, UnknownNameError
from estimator.units import GB, GIB, TERA

_DTYPES = ("bf16", "fp16", "fp8", "int8", "fp4")


class Catalog:
    """Models, accelerators, prices and evidence, read lazily from one folder of dated rows."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def rows(self, table: str) -> tuple[Row, ...]:
        """All rows of one table, e.g. `gpu_offers` or `defaults/labels`."""
        if table not in self._tables:
            path = self.directory / f"{table}.csv"
            if not path.is_file():
                raise UnknownNameError("price table", table, self.tables())
            self._tables[table] = read_table(path)
        return self._tables[table]

    def tables(self) -> tuple[str, ...]:
        """Names of all tables."""
        return tuple(sorted(str(p.relative_to(self.directory).with_suffix("")) for p in self.directory.rglob("*.csv")))

    @cached_property
    def _tables(self) -> dict[str, tuple[Row, ...]]:
        return {}

    @cached_property
    def _prices(self) -> dict[str, list[Row]]:
        return _series(row for table in self.tables() if not table.startswith("defaults/") for row in self.rows(table))

    @cached_property
    def _defaults(self) -> dict[str, list[Row]]:
        return _series(row for table in self.tables() if table.startswith("defaults/") for row in self.rows(table))

    def row(self, row_id: str, on: date) -> Row:
        """The value in force on a day.

        Raises:
            UnknownNameError: no row of that id.
            NoPriceError: its first value is later, or its platform has ended.
        """
        series = self._prices.get(row_id)
        if series is None:
            raise UnknownNameError("price row", row_id, self._prices, "The rows are in pricing/")
        return _in_force(series, row_id, on)

    def find(self, row_id: str, on: date) -> Row | None:
        """The value in force on a day, or None where there is none."""
        try:
            return self.row(row_id, on)
        except CatalogError:
            return None

    def constant(self, row_id: str) -> Row:
        """The newest value of a calibrated constant."""
        return self.row(row_id, date.max)

    def default(self, key: str, kind: str | None, on: date) -> Row | None:
        """Default of a scenario key: the row of the task kind where there is one, else the general one."""
        for row_id in (f"{key}@{kind}", key):
            if row_id in self._defaults:
                return _in_force(self._defaults[row_id], row_id, on)
        return None

    def default_rows(self) -> Mapping[str, list[Row]]:
        """All default rows by key."""
        return self._defaults

    @cached_property
    def _models(self) -> dict[str, dict[str, Any]]:
        return _json(self.directory / "models.json")

    @cached_property
    def _lower(self) -> dict[str, str]:
        return {name.lower(): name for name in self._models}

    def architectures(self) -> tuple[str, ...]:
        """Hub names of all models."""
        return tuple(self._models)

    def architecture(self, name_or_path: str) -> Architecture:
        """Shape of a model by hub name, or from a path to a `config.json` or its folder.

        Raises:
            UnknownNameError: neither a known name nor a file.
            CatalogError: the file is no usable configuration.
        """
        known = self._lower.get(name_or_path.lower())
        if known is not None:
            return architecture_from_config(known, self._models[known])
        path = Path(name_or_path)
        if "\0" not in name_or_path and len(name_or_path) < 1000 and (path.suffix == ".json" or path.is_dir()):
            return architecture_from_config(name_or_path, read_config(path))
        hint = "Give a name of the catalog, or the path of a Hugging Face config.json"
        raise UnknownNameError("model", name_or_path, (*self._models, *_hosted_near(name_or_path)), hint)

    @cached_property
    def _accelerators(self) -> dict[str, Accelerator]:
        return {name: _accelerator(name, data) for name, data in _json(self.directory / "accelerators.json").items()}

    @cached_property
    def _aliases(self) -> dict[str, str]:
        found = {alias.lower(): item.name for item in self._accelerators.values() for alias in item.aliases}
        return {**found, **{name.lower(): name for name in self._accelerators}}

    def accelerators(self) -> tuple[str, ...]:
        """Names of all accelerators."""
        return tuple(self._accelerators)

    def accelerator(self, name: str) -> Accelerator:
        """An accelerator by name or unambiguous short form.

        Raises:
            UnknownNameError: no such device.
        """
        known = self._aliases.get(name.lower())
        if known is None:
            raise UnknownNameError("GPU", name, (*self._accelerators, *self._aliases))
        return self._accelerators[known]

    def gpu_offers(
        self,
        *,
        on: date,
        gpu: str | None = None,
        provider: str | None = None,
        term: str | None = None,
        region: str | None = None,
    ) -> tuple[GpuOffer, ...]:
        """Offers in force on a day, cheapest per device first."""
        offers = [
            _offer(row)
            for series in _series(self.rows("gpu_offers")).values()
            for row in [_in_force_or_none(series, on)]
            if row is not None
        ]
        wanted = {"gpu": gpu, "provider": provider, "term": term}
        chosen = [
            offer
            for offer in offers
            if all(value is None or getattr(offer, key) == value for key, value in wanted.items())
            and (region is None or offer.row.region == region)
        ]
        return tuple(sorted(chosen, key=lambda offer: (offer.usd_per_gpu_hour, offer.row.id)))

    def is_hosted(self, reference: str) -> bool:
        """Whether a hosted model of that name has a price list entry."""
        return reference.lower() not in self._lower and tokens.is_hosted(reference)

    def token_price(self, reference: str, *, on: date) -> TokenPrice:
        """Token prices of a hosted model on a day; see `tokens.token_price`."""
        return tokens.token_price(reference, on=on, retires_on=self.retires_on(reference))

    def retires_on(self, reference: str) -> date | None:
        """Day on which a hosted model is shut down, where announced."""
        series = _series(self.rows("retirements")).get(f"retires/{reference}")
        return series[-1].available_until if series else None


def default_directory() -> Path:
    """The packaged rows of a wheel, else those of the checkout."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_pricing"
    return packaged if packaged.is_dir() else package.parent / "pricing"


@cache
def load_catalog(directory: Path | None = None) -> Catalog:
    """The catalog of a folder; of the package's own rows where none is named."""
    return Catalog(directory or default_directory())


def _hosted_near(name: str) -> list[str]:
    return tokens.hosted_names(name.partition("/")[0].lower()) if "/" in name else []


def _series(rows: Any) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    for series in found.values():
        series.sort(key=lambda row: row.valid_from)
    return found


def _in_force(series: list[Row], row_id: str, on: date) -> Row:
    started = [row for row in series if row.valid_from <= on]
    if not started:
        raise NoPriceError(f"{row_id}: no value on {on}, the first is from {series[0].valid_from}; ask for a later day")
    row = started[-1]
    if row.available_until is not None and on > row.available_until:
        raise NoPriceError(f"{row_id}: ended on {row.available_until}, asked for {on}; choose another platform")
    return row


def _in_force_or_none(series: list[Row], on: date) -> Row | None:
    try:
        return _in_force(series, series[0].id, on)
    except NoPriceError:
        return None


def _offer(row: Row) -> GpuOffer:
    values = row.attributes
    return GpuOffer(
        row=row,
        provider=values["provider"],
        instance=values["instance"],
        gpu=values["gpu"],
        gpus=int(values["gpus"]),
        term=cast(Literal["on_demand", "spot", "reserved"], values["term"]),
    )


def _json(path: Path) -> dict[str, dict[str, Any]]:
    data: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return data


def _accelerator(name: str, data: Mapping[str, Any]) -> Accelerator:
    return Accelerator(
        name=name,
        vendor=data["vendor"],
        memory_bytes=data["memory_gb"] * GB,
        usable_memory_bytes=data["usable_gib"] * GIB,
        bandwidth_bytes_per_s=data["bandwidth_gb_s"] * GB,
        peak_flops_per_s={dtype: data["peak_tflops"][dtype] * TERA for dtype in _DTYPES if dtype in data["peak_tflops"]},
        matmul_flops_per_s={
            dtype: data["matmul_tflops"][dtype] * TERA for dtype in _DTYPES if dtype in data["matmul_tflops"]
        },
        matmul_is_measured=data["matmul_is_measured"],
        link_bytes_per_s=data["link_gb_s"] * GB,
        tdp_w=data["tdp_w"],
        devices_per_node=data["devices_per_node"],
        aliases=tuple(data["aliases"]),
        source=data["source"],
        note=data["note"],
    )
