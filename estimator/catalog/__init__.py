"""What is the world like? Model shapes, accelerators, prices, evidence: dated, sourced rows of `pricing/`."""

from estimator.catalog.calibration import Calibration, Factor, read_calibration
from estimator.catalog.catalog import Catalog
from estimator.catalog.exchange import currency_of, exchange_rate
from estimator.catalog.licences import Licence, Permission, licence_named
from estimator.catalog.listing import (
    evidence_rows,
    matching,
    matching_devices,
    matching_licences,
    matching_models,
    newest_reading,
    on_day,
    price_rows,
    readings,
    series_named,
    stale_rows,
)
from estimator.catalog.loading import load_catalog
from estimator.catalog.models import architecture_from_config
from estimator.catalog.offers import offers_within
from estimator.catalog.regions import areas_of, lies_in
from estimator.catalog.schema import COLUMNS, row_schema
from estimator.catalog.store import default_directory
from estimator.catalog.tables import read_table
from estimator.catalog.types import (
    Accelerator,
    Architecture,
    Basis,
    GpuOffer,
    PriceTier,
    Row,
    SourceKind,
    TokenPrice,
)
from estimator.catalog.units import BOUNDS, UNITS

__all__ = [
    "BOUNDS",
    "COLUMNS",
    "UNITS",
    "Accelerator",
    "Architecture",
    "Basis",
    "Calibration",
    "Catalog",
    "Factor",
    "GpuOffer",
    "Licence",
    "Permission",
    "PriceTier",
    "Row",
    "SourceKind",
    "TokenPrice",
    "architecture_from_config",
    "areas_of",
    "currency_of",
    "default_directory",
    "evidence_rows",
    "exchange_rate",
    "licence_named",
    "lies_in",
    "load_catalog",
    "matching",
    "matching_devices",
    "matching_licences",
    "matching_models",
    "newest_reading",
    "offers_within",
    "on_day",
    "price_rows",
    "read_calibration",
    "read_table",
    "readings",
    "row_schema",
    "series_named",
    "stale_rows",
]
