"""From folders and files to one catalog."""

from functools import cache
from pathlib import Path

from estimator.catalog.calibration import read_calibration
from estimator.catalog.catalog import Catalog
from estimator.catalog.store import default_directory
from estimator.errors import CatalogError


def load_catalog(
    directory: Path | None = None, *, overlay: Path | None = None, calibration: Path | None = None
) -> Catalog:
    """The catalog of a folder, or of the package's own rows where none is named.

    Args:
        directory: Folder with the tables; read on first use. [text]
        overlay: Folder of private rows that stand before those; read and checked at once. [text]
        calibration: File with factors of the user's own runs. [text]

    Returns:
        The catalog; without an overlay the same object for the same folder. [1]

    Raises:
        CatalogError: there is no such folder, or the overlay is empty or broken.
        InputError: the calibration is none, or out of range.

    Source: definition.

    >>> load_catalog() is load_catalog()
    True
    """
    if directory is None and overlay is None and calibration is None:
        return _own()
    folder = directory or default_directory()
    if not folder.is_dir():
        raise CatalogError(f"catalog: {folder} is no folder; give one with tables like those of pricing/")
    if overlay is None and calibration is None:
        return _catalog(folder)
    catalog = Catalog(folder, overlay, read_calibration(calibration) if calibration else None)
    if overlay is not None:
        catalog.check_overlay()
    return catalog


@cache
def _own() -> Catalog:
    return _catalog(default_directory())


@cache
def _catalog(folder: Path) -> Catalog:
    return Catalog(folder)
