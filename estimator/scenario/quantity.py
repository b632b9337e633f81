"""A number as people write it: `63k`, `5%`, `"20k to 200k"`, or a mapping with a range and a source."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

_SUFFIXES = {"": 1.0, "%": 0.01, "k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
_NUMBER = re.compile(r"^([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([%kKmMBGT]?)$")
_RANGE = re.compile(r"\s+to\s+")
_LONGEST = 80
"""Characters of the longest text tried as a number; longer ones would only cost time."""
_FORMS = 'a number, "a to b", or {low, mode, high, source}'
_MAPPING_KEYS = (
    frozenset({"value"}),
    frozenset({"low", "high"}),
    frozenset({"low", "mode", "high"}),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its uncertainty.

    A `point` is certain. A `range` states p5 and p95 of a lognormal (of a normal where low ≤ 0).
    A `pert` states smallest, most likely and largest value.
    """

    kind: Literal["point", "range", "pert"]
    low: float
    mode: float
    high: float
    source: str = ""

    @classmethod
    def point(cls, value: float, source: str = "") -> "Quantity":
        """A certain value."""
        return cls("point", value, value, value, source)

    @classmethod
    def parse(cls, given: Any) -> "Quantity":
        """Read one of the three forms.

        Raises:
            ValueError: the text is no number, the bounds are reversed, or a number is not finite.

        >>> Quantity.parse("20k to 200k").high
        200000.0
        >>> Quantity.parse("5%").mode
        0.05
        """
        if isinstance(given, Quantity):
            return given
        if isinstance(given, Mapping):
            return cls._from_mapping(given)
        if isinstance(given, str) and len(given) <= 3 * _LONGEST and len(bounds := _RANGE.split(given.strip())) == 2:
            return cls._range(parse_number(bounds[0]), parse_number(bounds[1]))
        return cls.point(parse_number(given))

    @classmethod
    def _from_mapping(cls, given: Mapping[str, Any]) -> "Quantity":
        source = given.get("source", "")
        if not isinstance(source, str):
            raise ValueError(f"source must be text, got {source!r}")
        keys = frozenset(given) - {"source"}
        if keys not in _MAPPING_KEYS:
            found = ", ".join(map(str, given))
            raise ValueError(f"keys {{{found}}} make no quantity; give {_FORMS}")
        number = {key: parse_number(given[key]) for key in keys}
        if "value" in number:
            return cls.point(number["value"], source)
        if "mode" not in number:
            return cls._range(number["low"], number["high"], source)
        low, mode, high = number["low"], number["mode"], number["high"]
        if not low <= mode <= high:
            raise ValueError(f"low ≤ mode ≤ high does not hold for {low:g}, {mode:g}, {high:g}; reorder them")
        return cls.point(mode, source) if low == high else cls("pert", low, mode, high, source)

    @classmethod
    def _range(cls, low: float, high: float, source: str = "") -> "Quantity":
        if low > high:
            raise ValueError(f'the range "{low:g} to {high:g}" is reversed; write the smaller number first')
        if low == high:
            return cls.point(low, source)
        middle = math.sqrt(low * high) if low > 0 else (low + high) / 2
        return cls("range", low, middle, high, source)

    @property
    def is_point(self) -> bool:
        """Whether the value is certain."""
        return self.kind == "point"

    def scaled(self, factor: float) -> "Quantity":
        """The same quantity in another unit."""
        return Quantity(self.kind, self.low * factor, self.mode * factor, self.high * factor, self.source)

    def dump(self) -> Any:
        """The shortest form that reads back as the same quantity."""
        if self.kind == "pert":
            mapping: dict[str, Any] = {"low": self.low, "mode": self.mode, "high": self.high}
        elif self.kind == "range":
            if not self.source:
                return f"{_plain(self.low)} to {_plain(self.high)}"
            mapping = {"low": self.low, "high": self.high}
        else:
            if not self.source:
                return _shortest(self.mode)
            mapping = {"value": self.mode}
        mapping = {key: _shortest(value) for key, value in mapping.items()}
        return {**mapping, "source": self.source} if self.source else mapping

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.dump()),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"anyOf": [{"type": "number"}, {"type": "string"}]}
        properties = dict.fromkeys(("value", "low", "mode", "high"), number)
        return {
            "anyOf": [
                {"type": "number"},
                {"type": "string", "description": "63k, 5%, or a 90 % interval such as 20k to 200k"},
                {
                    "type": "object",
                    "properties": {**properties, "source": {"type": "string"}},
                    "additionalProperties": False,
                },
            ]
        }


def _plain(value: float) -> str:
    return repr(_shortest(value))


def _shortest(value: float) -> float | int:
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def parse_number(given: Any) -> float:
    """One finite number, with an optional suffix `k`, `M`, `B`, `T` or `%`.

    Raises:
        ValueError: it is none.

    >>> parse_number("1.5M")
    1500000.0
    """
    if isinstance(given, bool):
        raise ValueError(f"{str(given).lower()} is a boolean, not a number; give {_FORMS}")
    if isinstance(given, (int, float)):
        number = _finite(given)
    elif isinstance(given, str) and len(given) <= _LONGEST and (match := _NUMBER.match(given.strip())):
        number = _finite(float(match[1].replace("_", "")))
        if match[2]:
            number = float(f"{number * _SUFFIXES[match[2]]:.15g}")
    else:
        shown = _shown(given)
        raise ValueError(f"{shown} is not a number; give {_FORMS}")
    return number


def _shown(given: Any) -> str:
    text = repr(given[:_LONGEST] if isinstance(given, str) else given)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _finite(given: float) -> float:
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{given!r:.40} is not a finite number")
    return number


@dataclass(frozen=True, slots=True)
class Limits:
    """Unit and allowed range of a quantity; put into the `Annotated` of a field."""

    unit: str
    above: float | None = None
    least: float | None = None
    most: float | None = None

    def check(self, quantity: Quantity) -> Quantity:
        """The quantity itself when all of its bounds are allowed."""
        for value in (quantity.low, quantity.high):
            below = (self.least is not None and value < self.least) or (self.above is not None and value <= self.above)
            if below or (self.most is not None and value > self.most):
                raise ValueError(f"{value:g} is outside {self}; give a value inside")
        return quantity

    def __str__(self) -> str:
        opening = (
            f"({self.above:g}" if self.above is not None else "[-inf" if self.least is None else f"[{self.least:g}"
        )
        closing = "inf)" if self.most is None else f"{self.most:g}]"
        return f"{opening}, {closing} {self.unit}"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        inner: dict[str, Any] = dict(handler(schema))
        return {**inner, "x-unit": self.unit, "x-range": str(self)}
