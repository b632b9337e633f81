"""Constants in code are those of the sourced rows."""

import dataclasses
from datetime import date

import pytest

from estimator.catalog import load_catalog
from estimator.training import CONSTANTS

ROWS = {row.id: row for row in load_catalog().rows("constants/training")}


@pytest.mark.parametrize("field", dataclasses.fields(CONSTANTS), ids=lambda field: field.name)
def test_training_constants_have_a_row(field: dataclasses.Field[float]) -> None:
    row = ROWS[f"training.{field.name}"]
    assert row.mode == getattr(CONSTANTS, field.name)
    assert row.valid_from <= date(2026, 11, 24)
