"""Where the catalog of a sweep lies, so that every worker reads the same rows."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from estimator.catalog import Calibration, Catalog, default_directory
from estimator.errors import CatalogError
from estimator.record import record


@record
class CatalogPlace:
    """Folders of a catalog and its calibration, small enough to send to a worker."""

    directory: Path | None
    """None for the package's own rows, which lie elsewhere on another machine."""
    overlay: Path | None
    calibration: Calibration
    digest: str
    """Digest of all rows: the version of the catalog."""


def place_of(catalog: Catalog) -> CatalogPlace:
    """Where a catalog lies, and the version of its rows."""
    own = catalog.directory == default_directory()
    digest = _digest(catalog.directory, catalog.overlay, catalog.calibration)
    return CatalogPlace(None if own else catalog.directory, catalog.overlay, catalog.calibration, digest)


@cache
def catalog_at(place: CatalogPlace) -> Catalog:
    """The catalog of a place, read once per process.

    Raises:
        CatalogError: the rows there are not those of the sweep.
    """
    directory = place.directory or default_directory()
    if _digest(directory, place.overlay, place.calibration) != place.digest:
        raise CatalogError(f"{directory}: other rows than those of the sweep; give every worker the same catalog")
    return Catalog(directory, place.overlay, place.calibration)


def _digest(directory: Path, overlay: Path | None, calibration: Calibration) -> str:
    """Digest of the files of a catalog, its calibration, and the list of token prices."""
    found = hashlib.sha256(repr(calibration.factors).encode())
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
