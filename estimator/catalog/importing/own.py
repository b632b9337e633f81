"""A file of rows in our own schema, such as private prices or rows that somebody has prepared."""

from dataclasses import replace

from estimator.catalog.catalog import Catalog
from estimator.catalog.importing.reading import Reading, Tally
from estimator.catalog.offers import offer_of
from estimator.catalog.overlay import joined
from estimator.catalog.tables import rows_of_text
from estimator.catalog.types import Row
from estimator.errors import CatalogError, UnknownNameError


def read_own_rows(text: str, *, name: str, catalog: Catalog) -> Reading:
    """Rows of a file like those of `pricing/`, checked one by one.

    Args:
        text: The file. [text]
        name: What to call it in messages. [text]
        catalog: Whose rows these may continue: columns left empty are taken from there.

    Returns:
        The rows, and offers of unknown accelerators. [1]

    Raises:
        CatalogError: a row is broken; the message names file, line and field.

    Source: definition.
    """
    before = {row.id: row for table in catalog.tables() for row in catalog.rows(table)}
    tally, rows = Tally(), list[Row]()
    for given in rows_of_text(text, name):
        row = replace(joined(given, before.get(given.id), name), overlay="")
        if row.id.startswith("gpu/") and (unknown := _unknown_gpu(row, name, catalog)):
            tally.unknown[unknown] += 1
        else:
            rows.append(row)
    if not rows and not tally.unknown:
        raise CatalogError(f"{name}: no row in it; add one below the header")
    return tally.reading(rows)


def _unknown_gpu(row: Row, name: str, catalog: Catalog) -> str:
    """The accelerator of an offer where the catalog has none such, else nothing."""
    try:
        offer = offer_of((row,), row.valid_from)
    except CatalogError as error:
        raise CatalogError(f"{name}: {str(error).removeprefix('gpu_offers.csv: ')}") from None
    gpu = row.attributes.get("gpu", "") if offer is None else offer.gpu
    try:
        catalog.accelerator(gpu)
    except UnknownNameError:
        return gpu[:60] or "(no name)"
    return ""
