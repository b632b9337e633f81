"""One door to everything known about the world on a day."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from estimator.catalog import tokens
from estimator.catalog.accelerators import accelerator_of, alias_table, short_form
from estimator.catalog.calibration import Calibration
from estimator.catalog.licences import FILE, Licence, licence_of, licences_of
from estimator.catalog.models import architecture_from_config, looks_like_a_path, read_config
from estimator.catalog.offers import matches, offer_of
from estimator.catalog.pinned import repriced_offers, repriced_tokens
from estimator.catalog.store import Series, Store
from estimator.catalog.tables import in_force, series_of
from estimator.catalog.types import Accelerator, Architecture, GpuOffer, Row, TokenPrice
from estimator.errors import CatalogError, NoPriceError, UnknownNameError, did_you_mean
from estimator.units import Value


class Catalog:
    """Models, accelerators, prices and evidence, read lazily from a folder of dated rows and an overlay before it."""

    def __init__(self, directory: Path, overlay: Path | None = None, calibration: Calibration | None = None) -> None:
        self.directory = directory
        self.overlay = overlay
        self.calibration = calibration or Calibration()
        self._store = Store(directory, overlay)
        self._held: Mapping[str, Value] = {}

    def tables(self) -> tuple[str, ...]:
        """Names of all tables, e.g. `gpu_offers` or `defaults/labels`."""
        return self._store.tables

    def rows(self, table: str) -> tuple[Row, ...]:
        """All rows of one table.

        Raises:
            UnknownNameError: no such table.
            CatalogError: one of its rows is broken.
        """
        return self._store.rows(table)

    def check_overlay(self) -> None:
        """Read all of the overlay, so that a mistake in it is reported before anything is computed.

        Raises:
            CatalogError: a row or an entry is broken; the message names the file.
        """
        for name, config in self._store.overlay_entries("models.json").items():
            licence_of(architecture_from_config(name, config), self.licences)
        if self._store.overlay_entries("accelerators.json"):
            _ = self._aliases
        for row in self._store.overlay_rows.get("gpu_offers", ()):
            self._offer((row,), row.valid_from)
        _ = self._store.prices, self._store.defaults

    def row(self, row_id: str, on: date) -> Row:
        """The value in force on a day.

        Raises:
            UnknownNameError: no row of that id.
            NoPriceError: its first value is later, or it has ended.
        """
        series = self._store.prices.get(row_id)
        if series is None:
            raise UnknownNameError("price row", row_id, self._store.prices, "choose a row of pricing/")
        return in_force(series, on)

    def find(self, row_id: str, on: date) -> Row | None:
        """The value in force on a day, or None where there is none."""
        if row_id not in self._store.prices:
            return None
        try:
            return self.row(row_id, on)
        except NoPriceError:
            return None

    def evidence(self, row_id: str) -> Row:
        """The newest value of a piece of evidence.

        Raises:
            UnknownNameError: no row of that id.
        """
        return self._newest("evidence row", row_id)

    def finding(self, name: str) -> Row | None:
        """The newest value that a published finding gives a scenario key, `NAME/KEY`, or None where it gives none."""
        series = self._store.prices.get(f"finding/{name}")
        return series[-1] if series else None

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """Names of published findings that can replace defaults."""
        return tuple(
            dict.fromkeys(row_id.split("/")[1] for row_id in self._store.prices if row_id.startswith("finding/"))
        )

    def constant(self, row_id: str) -> Row:
        """The newest value of a calibrated constant.

        Raises:
            UnknownNameError: no row of that id.
        """
        return self._newest("constant", row_id)

    def _newest(self, kind: str, row_id: str) -> Row:
        series = self._store.prices.get(row_id)
        if series is None:
            raise UnknownNameError(kind, row_id, self._store.prices, "choose a row of pricing/")
        return series[-1]

    def default(self, key: str, kind: str | None, on: date) -> Row | None:
        """Default of a scenario key: the row of the task kind where there is one, else the general one.

        Raises:
            NoPriceError: the default has no value on that day.
        """
        for row_id in (f"{key}@{kind}", key):
            if row_id in self._store.defaults:
                return in_force(self._store.defaults[row_id], on)
        return None

    def default_rows(self) -> Series:
        """All default rows by key, oldest first."""
        return self._store.defaults

    @cached_property
    def _model_names(self) -> dict[str, str]:
        return {name.lower(): name for name in self._store.entries("models.json")}

    def architectures(self) -> tuple[str, ...]:
        """Hub names of all models."""
        return tuple(self._store.entries("models.json"))

    def has_shape(self, name: str) -> bool:
        """Whether the catalog knows the shape of a model, so that it can run on own devices."""
        return name.lower() in self._model_names

    def architecture(self, name_or_path: str) -> Architecture:
        """Shape of a model by hub name, or from a path to a `config.json` or its folder.

        Raises:
            UnknownNameError: neither a known name nor a file.
            CatalogError: the file is no usable configuration, or the model is only hosted.
        """
        known = self._model_names.get(name_or_path.lower())
        if known is not None:
            return architecture_from_config(known, self._store.entries("models.json")[known])
        if looks_like_a_path(name_or_path):
            return architecture_from_config(name_or_path, read_config(Path(name_or_path)))
        if tokens.is_hosted(name_or_path):
            hint = did_you_mean(name_or_path, self.architectures(), limit=1) or ", e.g. Qwen/Qwen3-8B"
            raise CatalogError(
                f"model: {name_or_path} is hosted only, its weights are not public; name an open-weights model{hint}"
            )
        near = (*self._store.entries("models.json"), *tokens.hosted_names(name_or_path))
        hint = "give a name of estimator catalog list models, or the path of a Hugging Face config.json"
        raise UnknownNameError("model", name_or_path, near, hint)

    @cached_property
    def licences(self) -> dict[str, Licence]:
        """Terms by the id that `models.json` gives."""
        return licences_of(self._store.entries(FILE))

    def licence(self, model: str) -> Licence:
        """Terms of open weights; raises as `architecture` does, and where the model names no known licence."""
        return licence_of(self.architecture(model), self.licences)

    @cached_property
    def _accelerators(self) -> dict[str, Accelerator]:
        return {name: accelerator_of(name, data) for name, data in self._store.entries("accelerators.json").items()}

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
                "GPU", name, (*self._accelerators, *aliases), "list them with: estimator catalog list gpus"
            )
        return self._accelerators[known]

    @cached_property
    def _offers(self) -> Series:
        return series_of(self.rows("gpu_offers"))

    @cached_property
    def _offers_by_day(self) -> dict[date, list[GpuOffer]]:
        return {}

    @cached_property
    def _offers_found(self) -> dict[tuple[date | str | None, ...], tuple[GpuOffer, ...]]:
        """Offers of one day by what was asked for: options ask for the same ones again and again."""
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
        asked = (on, name, provider, term, region)
        if asked not in self._offers_found:
            wanted = {"gpu": name, "provider": provider, "term": term, "region": region}
            self._offers_found[asked] = tuple(offer for offer in self._offers_on(on) if matches(offer, wanted))
        return self._offers_found[asked]

    def _offers_on(self, day: date) -> list[GpuOffer]:
        if day not in self._offers_by_day:
            offers = [offer for series in self._offers.values() if (offer := self._offer(series, day)) is not None]
            self._offers_by_day[day] = sorted(offers, key=lambda offer: (offer.usd_per_gpu_hour, offer.row.id))
        return self._offers_by_day[day]

    def _offer(self, series: tuple[Row, ...], on: date) -> GpuOffer | None:
        offer = offer_of(series, on)
        if offer is None:
            return None
        try:
            return replace(offer, gpu=self.accelerator(offer.gpu).name)
        except UnknownNameError as error:
            raise CatalogError(f"{offer.row.overlay or 'gpu_offers.csv'}: {offer.row.id}: {error}") from None

    def pinned(self, values: Mapping[str, Value]) -> "Catalog":
        """The same catalog in which offers of GPUs and token prices of these keys cost what is given."""
        other = copy(self)
        other._held = {**self._held, **values}
        other.__dict__["_offers"] = repriced_offers(self._offers, values)
        other.__dict__["_offers_by_day"], other.__dict__["_offers_found"] = {}, {}
        return other

    @property
    def pins(self) -> Mapping[str, Value]:
        """Prices that stand for those of the rows, by key."""
        return self._held

    def is_hosted(self, reference: str) -> bool:
        """Whether a hosted model of that name is known; a hub name counts only where it is billed by the token."""
        listed = tokens.is_hosted(reference)
        if not listed or not self.has_shape(reference):
            return listed
        try:
            return bool(tokens.token_price(reference, on=date.max).tiers)
        except CatalogError:
            return False

    def token_price(self, reference: str, *, on: date) -> TokenPrice:
        """Token prices of a hosted model on a day; see `tokens.token_price`."""
        price = tokens.token_price(reference, on=on, retires_on=self.retires_on(reference))
        return repriced_tokens(price, self._held)

    @cached_property
    def _retirements(self) -> Series:
        return series_of(self.rows("retirements")) if "retirements" in self.tables() else {}

    def retires_on(self, reference: str) -> date | None:
        """Day on which a hosted model is shut down, where one is announced."""
        series = self._retirements.get(f"retires/{tokens.canonical(reference)}")
        return series[-1].available_until if series else None
