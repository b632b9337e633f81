"""The committed JSON schema is the one of the code, and says what the code checks."""

import csv
import json

import pytest

from estimator.catalog import BOUNDS, COLUMNS, UNITS, default_directory, load_catalog, row_schema
from estimator.catalog.units import GPU_HOUR_BOUNDS

FILE = default_directory() / "row.schema.json"
NUMBERS = {"value", "low", "mode", "high"}


def test_committed_schema_is_fresh() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == row_schema(), "run: python docs/generate.py"


def test_schema_names_columns_units_and_bounds() -> None:
    schema = row_schema()
    assert tuple(schema["properties"]) == COLUMNS
    assert set(schema["properties"]["unit"]["enum"]) == UNITS == set(schema["x-bounds"])
    assert {"id", "what", "unit", "from", "read_on", "source", "source_kind", "basis"} == set(schema["required"])
    assert all("description" in field for field in schema["properties"].values())


@pytest.mark.parametrize("table", load_catalog().tables())
def test_rows_satisfy_the_json_schema_too(table: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(row_schema())
    with (default_directory() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            filled = {key: float(text) if key in NUMBERS else text for key, text in record.items() if text}
            validator.validate(filled)


def test_bounds_are_ordered() -> None:
    assert all(low < high for low, high in (*BOUNDS.values(), GPU_HOUR_BOUNDS))
