"""Where the catalog of a sweep lies, so that every worker reads the same rows."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from estimator.catalog import Calibration, Catalog, default_directory
from estimator.errors import CatalogError, InputError
from estimator.record import record
from estimator.units import central


@record
class CatalogPlace:
    """Folders of a catalog and its calibration, small enough to send to a worker."""

    directory: Path | None
    """None for the package's own rows, which lie elsewhere on another machine."""
    overlay: Path | None
    calibration: Calibration
    pins: tuple[tuple[str, float], ...]
    """Prices that stand for those of the rows. [USD]"""
    digest: str
    """Digest of all rows: the version of the catalog."""


def place_of(catalog: Catalog) -> CatalogPlace:
    """Where a catalog lies, what it is pinned to, and the version of its rows.

    Raises:
        InputError: a price is pinned to several values.
    """
    own = catalog.directory == default_directory()
    if many := [key for key, value in catalog.pins.items() if np.size(value) > 1]:
        raise InputError(
            f"{many[0]}: pinned to {np.size(catalog.pins[many[0]]):,} prices; a sweep takes one price each"
        )
    pins = tuple(sorted((key, central(value)) for key, value in catalog.pins.items()))
    digest = _digest(catalog.directory, catalog.overlay, (catalog.calibration.factors, pins))
    return CatalogPlace(None if own else catalog.directory, catalog.overlay, catalog.calibration, pins, digest)


@cache
def catalog_at(place: CatalogPlace) -> Catalog:
    """The catalog of a place, read once per process.

    Raises:
        CatalogError: the rows there are not those of the sweep.
    """
    directory = place.directory or default_directory()
    if _digest(directory, place.overlay, (place.calibration.factors, place.pins)) != place.digest:
        raise CatalogError(f"{directory}: other rows than those of the sweep; give every worker the same catalog")
    found = Catalog(directory, place.overlay, place.calibration)
    return found.pinned(dict(place.pins)) if place.pins else found


def _digest(directory: Path, overlay: Path | None, settings: object) -> str:
    """Digest of the files of a catalog, what else it was given, and the list of token prices."""
    found = hashlib.sha256(repr(settings).encode())
    found.update(_token_prices().encode())
    for folder in (directory, overlay):
        for file in sorted(folder.rglob("*")) if folder is not None else ():
            if file.suffix in {".csv", ".json"} and file.is_file():
                found.update(file.relative_to(folder or directory).as_posix().encode() + b"\0")
                found.update(file.read_bytes())
    return found.hexdigest()


def _token_prices() -> str:
    try:
        return version("genai-prices")
    except PackageNotFoundError:
        return ""
