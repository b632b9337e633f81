"""The one schema of all rows of `pricing/`, from which checks, messages and the JSON schema are made."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from estimator.catalog.bounds import implausible_price
from estimator.catalog.types import Basis, Distribution, SourceKind
from estimator.catalog.units import BOUNDS, UNITS, implausible

TITLE = "Row of pricing/"


def _unit(text: str) -> str:
    if text not in UNITS:
        raise ValueError(f"{text!r} is not one of {', '.join(sorted(UNITS))}")
    return text


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"{text!r} is not a date; give it as 2026-11-22") from None


def _number(text: object) -> float:
    try:
        number = float(str(text))
    except ValueError:
        raise ValueError(f"{text!r} is not a number; give value, or low, mode, high") from None
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is not finite; give a finite number")
    return number


Text = Annotated[str, Field(min_length=1)]
Unit = Annotated[str, AfterValidator(_unit), Field(json_schema_extra={"enum": sorted(UNITS)})]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Number = Annotated[float, BeforeValidator(_number, json_schema_input_type=float)]


class FileRow(BaseModel):
    """One value with one source, as it stands in a file. Further columns are attributes of their table."""

    model_config = ConfigDict(extra="allow", frozen=True, title=TITLE, str_strip_whitespace=True)

    id: Text = Field(description="Name of the series; rows with the same id are its values over time.")
    what: Text = Field(description="What is priced or measured, in words.")
    unit: Unit = Field(description="Unit of the value, from the closed list.")
    value: Number | None = Field(None, description="The value, where there is no range.")
    low: Number | None = Field(None, description="Smallest value, or the 5 % point of a lognormal.")
    mode: Number | None = Field(None, description="Most likely value.")
    high: Number | None = Field(None, description="Greatest value, or the 95 % point of a lognormal.")
    distribution: Distribution = Field("pert", description="How a range is drawn.")
    valid_from: Day = Field(alias="from", description="First day on which the value holds.")
    read_on: Day = Field(description="Day on which somebody read the source.")
    source: Text = Field(description="Who says so and where to check: URL or citation.")
    source_kind: SourceKind = Field(description="primary: the source itself; mirror: a copy; secondary: a quotation.")
    basis: Basis = Field(description="How the value came about.")
    available_until: Day | None = Field(None, description="Last day on which it can be had.")
    region: str = Field("", description="Where it holds; empty: everywhere.")
    licence: str = Field("", description="Licence of the source's data, where stated.")
    note: str = Field("", description="Conversions, conditions, doubts.")

    @model_validator(mode="after")
    def _consistent(self) -> "FileRow":
        if self.available_until is not None and self.available_until < self.valid_from:
            raise ValueError(
                f"available_until {self.available_until} is before from {self.valid_from}; correct one of them"
            )
        low, mode, high = self.bounds
        problem = implausible(unit=self.unit, low=low, high=high)
        if problem := problem or implausible_price(row_id=self.id, unit=self.unit, mode=mode, high=high):
            raise ValueError(problem)
        return self

    @property
    def bounds(self) -> tuple[float, float, float]:
        """Low, mode, high; a point is all three, a date is its day since year 1."""
        if self.unit == "date":
            if self.available_until is None:
                raise ValueError("available_until is empty; a row of unit date keeps its day there")
            day = float(self.available_until.toordinal())
            return day, day, day
        given = (self.low, self.mode, self.high)
        if self.value is not None:
            if given != (None, None, None):
                raise ValueError("value and a range are both given; keep one of them")
            return self.value, self.value, self.value
        if self.low is None or self.mode is None or self.high is None:
            empty = next(key for key in ("low", "mode", "high") if getattr(self, key) is None)
            raise ValueError(f"{empty} '' is not a number; give value, or low, mode, high")
        if not self.low <= self.mode <= self.high:
            low, mode, high = self.low, self.mode, self.high
            raise ValueError(f"low {low:g}, mode {mode:g}, high {high:g} are not in rising order; reorder them")
        if self.distribution == "lognormal" and self.low <= 0:
            raise ValueError(f"low {self.low:g} must be above 0 for a lognormal; use pert or a positive low")
        return self.low, self.mode, self.high


COLUMNS = tuple(field.alias or name for name, field in FileRow.model_fields.items())
"""Columns of every table; further ones become attributes of the row."""
REQUIRED = (*COLUMNS[: COLUMNS.index("high") + 1], "from", "read_on", "source", "source_kind", "basis")
"""Columns that every header has; the others may be left out."""
Records = Sequence[Mapping[str, str]]


@cache
def _adapter() -> TypeAdapter[list[FileRow]]:
    return TypeAdapter(list[FileRow])


def checked(records: Records) -> list[FileRow]:
    """Records of a file, checked against the schema; empty cells must be left out of them.

    Args:
        records: Text by column.

    Returns:
        The rows. [1]

    Raises:
        ValidationError: a record is broken; see `complaint`.

    Source: definition.
    """
    return _adapter().validate_python(records)


def complaint(error: ValidationError) -> tuple[int, str]:
    """Number of the first broken record, and what is wrong with it in one line.

    Args:
        error: What `checked` raised.

    Returns:
        Position from 0 on, and the message: field, value, what to do. [1]

    Source: definition.
    """
    problem = min(error.errors(include_url=False), key=lambda item: item["loc"][0])
    place, *path = problem["loc"]
    field = str(path[0]) if path else ""
    if problem["type"] in {"missing", "string_too_short"}:
        text = f"{field} is empty; every row needs one"
    elif problem["type"] == "literal_error":
        text = f"{field} {problem['input']!r} is not one of {', '.join(sorted(_choices(field)))}"
    else:
        reason = str(problem.get("ctx", {}).get("error", problem["msg"]))
        text = f"{field} {reason}".lstrip()
    return int(place), text


def _choices(field: str) -> tuple[str, ...]:
    return get_args({"source_kind": SourceKind, "basis": Basis, "distribution": Distribution}[field])


def row_schema() -> dict[str, Any]:
    """JSON schema of a row, for editors and other readers of the tables.

    Returns:
        The schema; `x-bounds` holds the plausible range of each unit. [1]

    Source: generated from `FileRow`.
    """
    schema: dict[str, Any] = FileRow.model_json_schema(by_alias=True)
    return {**schema, "x-bounds": {unit: list(bounds) for unit, bounds in sorted(BOUNDS.items())}}
