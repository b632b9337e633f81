"""One door to everything known about the world on a day."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from estimator.catalog import tokens
from estimator.catalog.accelerators import accelerator_of, alias_table, short_form
from estimator.catalog.models import architecture_from_config, read_config
from estimator.catalog.offers import matches, offer_of
from estimator.catalog.tables import in_force, read_table, series_of
from estimator.catalog.types import Accelerator, Architecture, GpuOffer, Row, TokenPrice
from estimator.errors import CatalogError, NoPriceError, UnknownNameError

LONGEST_PATH = 1000
Series = Mapping[str, tuple[Row, ...]]


class Catalog:
    """Models, accelerators, prices and evidence, read lazily from one folder of dated rows."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._tables: dict[str, tuple[Row, ...]] = {}

    def tables(self) -> tuple[str, ...]:
        """Names of all tables, e.g. `gpu_offers` or `defaults/labels`."""
        files = self.directory.rglob("*.csv")
        return tuple(sorted(file.relative_to(self.directory).with_suffix("").as_posix() for file in files))

    def rows(self, table: str) -> tuple[Row, ...]:
        """All rows of one table.

        Raises:
            UnknownNameError: no such table.
            CatalogError: one of its rows is broken.
        """
        if table not in self._tables:
            if table not in self.tables():
                raise UnknownNameError("price table", table, self.tables())
            self._tables[table] = read_table(self.directory / f"{table}.csv")
        return self._tables[table]

    @cached_property
    def _prices(self) -> Series:
        return self._join(table for table in self.tables() if not table.startswith("defaults/"))

    @cached_property
    def _defaults(self) -> Series:
        return self._join(table for table in self.tables() if table.startswith("defaults/"))

    def _join(self, tables: Any) -> Series:
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

    def row(self, row_id: str, on: date) -> Row:
        """The value in force on a day.

        Raises:
            UnknownNameError: no row of that id.
            NoPriceError: its first value is later, or it has ended.
        """
        series = self._prices.get(row_id)
        if series is None:
            raise UnknownNameError("price row", row_id, self._prices, "choose a row of pricing/")
        return in_force(series, on)

    def find(self, row_id: str, on: date) -> Row | None:
        """The value in force on a day, or None where there is none."""
        try:
            return self.row(row_id, on)
        except (UnknownNameError, NoPriceError):
            return None

    def evidence(self, row_id: str) -> Row:
        """The newest value of a piece of evidence.

        Raises:
            UnknownNameError: no row of that id.
        """
        return self._newest("evidence row", row_id)

    def finding(self, name: str) -> Row | None:
        """The newest value that a published finding gives a scenario key, `NAME/KEY`, or None where it gives none."""
        series = self._prices.get(f"finding/{name}")
        return series[-1] if series else None

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """Names of published findings that can replace defaults."""
        return tuple(dict.fromkeys(row_id.split("/")[1] for row_id in self._prices if row_id.startswith("finding/")))

    def constant(self, row_id: str) -> Row:
        """The newest value of a calibrated constant.

        Raises:
            UnknownNameError: no row of that id.
        """
        return self._newest("constant", row_id)

    def _newest(self, kind: str, row_id: str) -> Row:
        series = self._prices.get(row_id)
        if series is None:
            raise UnknownNameError(kind, row_id, self._prices, "choose a row of pricing/")
        return series[-1]

    def default(self, key: str, kind: str | None, on: date) -> Row | None:
        """Default of a scenario key: the row of the task kind where there is one, else the general one.

        Raises:
            NoPriceError: the default has no value on that day.
        """
        for row_id in (f"{key}@{kind}", key):
            if row_id in self._defaults:
                return in_force(self._defaults[row_id], on)
        return None

    def default_rows(self) -> Series:
        """All default rows by key, oldest first."""
        return self._defaults

    @cached_property
    def _models(self) -> dict[str, dict[str, Any]]:
        return _json(self.directory / "models.json")

    @cached_property
    def _model_names(self) -> dict[str, str]:
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
        known = self._model_names.get(name_or_path.lower())
        if known is not None:
            return architecture_from_config(known, self._models[known])
        if _looks_like_a_path(name_or_path):
            return architecture_from_config(name_or_path, read_config(Path(name_or_path)))
        near = (*self._models, *(tokens.hosted_names(name_or_path) if "/" in name_or_path else ()))
        raise UnknownNameError(
            "model", name_or_path, near, "give a catalog name or the path of a Hugging Face config.json"
        )

    @cached_property
    def _accelerators(self) -> dict[str, Accelerator]:
        return {name: accelerator_of(name, data) for name, data in _json(self.directory / "accelerators.json").items()}

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return alias_table(self._accelerators.values())

    def accelerators(self) -> tuple[str, ...]:
        """Names of all accelerators."""
        return tuple(self._accelerators)

    def accelerator(self, name: str) -> Accelerator:
        """An accelerator by name or unambiguous short form, e.g. `H100-80GB`, `4090`.

        Raises:
            UnknownNameError: no such device.
        """
        known = self._aliases.get(short_form(name))
        if known is None:
            aliases = (alias for item in self._accelerators.values() for alias in item.aliases)
            raise UnknownNameError(
                "GPU", name, (*self._accelerators, *aliases), "choose a name of pricing/accelerators.json"
            )
        return self._accelerators[known]

    @cached_property
    def _offers(self) -> Series:
        return series_of(self.rows("gpu_offers"))

    @cached_property
    def _offers_by_day(self) -> dict[date, list[GpuOffer]]:
        return {}

    def gpu_offers(
        self,
        *,
        on: date,
        gpu: str | None = None,
        provider: str | None = None,
        term: str | None = None,
        region: str | None = None,
    ) -> tuple[GpuOffer, ...]:
        """Offers in force on a day, cheapest per device first; None means any.

        Raises:
            UnknownNameError: no such device.
        """
        name = None if gpu is None else self.accelerator(gpu).name
        wanted = {"gpu": name, "provider": provider, "term": term, "region": region}
        if on not in self._offers_by_day:
            offers = [offer for series in self._offers.values() if (offer := offer_of(series, on)) is not None]
            self._offers_by_day[on] = sorted(offers, key=lambda offer: (offer.usd_per_gpu_hour, offer.row.id))
        return tuple(offer for offer in self._offers_by_day[on] if matches(offer, wanted))

    def is_hosted(self, reference: str) -> bool:
        """Whether a hosted model of that name is known; a hub name counts only where it is billed by the token."""
        if reference.lower() not in self._model_names:
            return tokens.is_hosted(reference)
        try:
            return bool(tokens.token_price(reference, on=date.max).tiers)
        except CatalogError:
            return False

    def token_price(self, reference: str, *, on: date) -> TokenPrice:
        """Token prices of a hosted model on a day; see `tokens.token_price`."""
        return tokens.token_price(reference, on=on, retires_on=self.retires_on(reference))

    @cached_property
    def _retirements(self) -> Series:
        return series_of(self.rows("retirements")) if "retirements" in self.tables() else {}

    def retires_on(self, reference: str) -> date | None:
        """Day on which a hosted model is shut down, where one is announced."""
        series = self._retirements.get(f"retires/{tokens.canonical(reference)}")
        return series[-1].available_until if series else None


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


@cache
def load_catalog(directory: Path | None = None) -> Catalog:
    """The catalog of a folder, or of the package's own rows where none is named; read on first use.

    Args:
        directory: Folder with the tables. [text]

    Returns:
        The catalog; the same object for the same folder. [1]

    Raises:
        CatalogError: there is no such folder.

    Source: definition.
    """
    folder = default_directory() if directory is None else directory
    if not folder.is_dir():
        raise CatalogError(f"catalog: {folder} is no folder; give one with tables like those of pricing/")
    return Catalog(folder)


def _looks_like_a_path(name: str) -> bool:
    if not 0 < len(name) < LONGEST_PATH or "\0" in name:
        return False
    return name.endswith(".json") or (Path(name) / "config.json").is_file()


def _json(path: Path) -> dict[str, dict[str, Any]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogError(f"{path.name}: cannot be read as JSON ({error}); correct the file") from None
    if not isinstance(data, dict) or not all(isinstance(value, dict) for value in data.values()):
        raise CatalogError(f"{path.name}: must be an object of entries by name; see pricing/README.md")
    return data
