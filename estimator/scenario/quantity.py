"""A number as people write it: `63k`, `5%`, `"20k to 200k"`, or a mapping with a distribution and a source."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from estimator.record import record
from estimator.scenario.number import FORMS, LONGEST, parse_number

Kind = Literal["point", "range", "pert", "triangular", "uniform", "p5_p50_p95", "p10_p50_p90", "discrete"]
_RANGE = re.compile(r"\s+to\s+")
_SHAPES: dict[frozenset[str], tuple[Kind, ...]] = {
    frozenset({"low", "high"}): ("range", "uniform"),
    frozenset({"low", "mode", "high"}): ("pert", "triangular"),
}
"""What `shape` may say for each set of keys; the first is meant where it is not written."""
_PERCENTILES: dict[frozenset[str], Kind] = {
    frozenset({"p5", "p50", "p95"}): "p5_p50_p95",
    frozenset({"p10", "p50", "p90"}): "p10_p50_p90",
}
_DISCRETE = (frozenset({"values"}), frozenset({"values", "weights"}))


@record
class Quantity:
    """A value with its uncertainty; `mode` is its central case.

    A `point` is certain. A `range` states p5 and p95 of a lognormal (of a normal where low ≤ 0). A `pert` or a
    `triangular` states smallest, most likely and largest value, a `uniform` the smallest and the largest.
    `p5_p50_p95` and `p10_p50_p90` state three percentiles as low, mode and high. A `discrete` takes one of its
    values, with odds in proportion to their weights (equal where there are none).
    """

    kind: Kind
    low: float
    mode: float
    high: float
    source: str = ""
    values: tuple[float, ...] = ()
    """What a discrete quantity may be, as written."""
    weights: tuple[float, ...] = ()

    @classmethod
    def point(cls, value: float, source: str = "") -> "Quantity":
        """A certain value."""
        return cls("point", value, value, value, source)

    @classmethod
    def parse(cls, given: Any) -> "Quantity":
        """Read one of the forms.

        Raises:
            ValueError: the text is no number, the bounds are reversed, or a number is not finite.

        >>> Quantity.parse("20k to 200k").high
        200000.0
        >>> Quantity.parse("5%").mode
        0.05
        >>> Quantity.parse({"values": [0.1, 0.3], "weights": [0.7, 0.3]}).mode
        0.1
        """
        if isinstance(given, Quantity):
            return given
        if isinstance(given, Mapping):
            return cls._from_mapping(given)
        if isinstance(given, str) and len(given) <= 3 * LONGEST and len(bounds := _RANGE.split(given.strip())) == 2:
            return cls._between("range", parse_number(bounds[0]), parse_number(bounds[1]))
        return cls.point(parse_number(given))

    @classmethod
    def _from_mapping(cls, given: Mapping[str, Any]) -> "Quantity":
        source = given.get("source", "")
        if not isinstance(source, str):
            raise ValueError(f"source must be text, got {source!r}")
        keys = frozenset(given) - {"source"}
        return replace(cls._of_keys(keys, given), source=source)

    @classmethod
    def _of_keys(cls, keys: frozenset[str], given: Mapping[str, Any]) -> "Quantity":
        if keys in _DISCRETE:
            weights = _numbers("weights", given["weights"]) if "weights" in keys else ()
            return cls._one_of(_numbers("values", given["values"]), weights)
        numbers = keys - {"shape"}
        if numbers not in ({"value"}, *_SHAPES, *_PERCENTILES) or ("shape" in keys and numbers not in _SHAPES):
            raise ValueError(f"keys {{{', '.join(map(str, given))}}} make no quantity; give {FORMS}")
        number = {key: parse_number(given[key]) for key in numbers}
        if "value" in number:
            return cls.point(number["value"])
        if numbers in _PERCENTILES:
            names = _PERCENTILES[numbers].split("_")
            return cls._rising(_PERCENTILES[numbers], {name: number[name] for name in names})
        kind = _shape(given.get("shape"), _SHAPES[numbers])
        if "mode" not in number:
            return cls._between(kind, number["low"], number["high"])
        return cls._rising(kind, {name: number[name] for name in ("low", "mode", "high")})

    @classmethod
    def _between(cls, kind: Kind, low: float, high: float) -> "Quantity":
        if low > high:
            raise ValueError(f'the range "{low:g} to {high:g}" is reversed; write the smaller number first')
        if low == high:
            return cls.point(low)
        middle = math.sqrt(low * high) if kind == "range" and low > 0 else (low + high) / 2
        return cls(kind, low, middle, high)

    @classmethod
    def _rising(cls, kind: Kind, number: Mapping[str, float]) -> "Quantity":
        low, mode, high = number.values()
        if not low <= mode <= high:
            raise ValueError(f"{' ≤ '.join(number)} does not hold for {low:g}, {mode:g}, {high:g}; reorder them")
        return cls.point(mode) if low == high else cls(kind, low, mode, high)

    @classmethod
    def _one_of(cls, values: tuple[float, ...], weights: tuple[float, ...]) -> "Quantity":
        if weights and len(weights) != len(values):
            raise ValueError(f"{len(values)} values, but {len(weights)} weights; give one weight for each value")
        if any(weight <= 0 for weight in weights):
            raise ValueError(f"weight {min(weights):g} is not above 0; leave out a value that never happens")
        if len(set(values)) == 1:
            return cls.point(values[0])
        return cls("discrete", min(values), _median(values, weights), max(values), "", values, weights)

    @property
    def is_point(self) -> bool:
        """Whether the value is certain."""
        return self.kind == "point"

    def scaled(self, factor: float) -> "Quantity":
        """The same quantity in another unit."""
        low, mode, high = self.low * factor, self.mode * factor, self.high * factor
        return replace(self, low=low, mode=mode, high=high, values=tuple(value * factor for value in self.values))

    def dump(self) -> Any:
        """The shortest form that reads back as the same quantity."""
        source = {"source": self.source} if self.source else {}
        if self.kind == "point":
            return {"value": _shortest(self.mode), **source} if source else _shortest(self.mode)
        if self.kind == "discrete":
            lists = {"values": self.values, "weights": self.weights} if self.weights else {"values": self.values}
            return {**{key: [_shortest(number) for number in numbers] for key, numbers in lists.items()}, **source}
        low, mode, high = _shortest(self.low), _shortest(self.mode), _shortest(self.high)
        if self.kind == "range":
            return {"low": low, "high": high, **source} if source else f"{low!r} to {high!r}"
        if self.kind == "uniform":
            return {"low": low, "high": high, "shape": self.kind, **source}
        if self.kind in _PERCENTILES.values():
            return {**dict(zip(self.kind.split("_"), (low, mode, high), strict=True)), **source}
        shape = {} if self.kind == "pert" else {"shape": self.kind}
        return {"low": low, "mode": mode, "high": high, **shape, **source}

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.dump()),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"anyOf": [{"type": "number"}, {"type": "string"}]}
        properties: dict[str, Any] = dict.fromkeys(("value", "low", "mode", "high", *_NAMES), number)
        properties["shape"] = {"enum": [shape for shapes in _SHAPES.values() for shape in shapes]}
        properties |= {key: {"type": "array", "items": number, "minItems": 1} for key in ("values", "weights")}
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


_NAMES = sorted({name for names in _PERCENTILES for name in names}, key=lambda name: int(name[1:]))


def _shape(given: Any, allowed: tuple[Kind, ...]) -> Kind:
    if given is None:
        return allowed[0]
    found = next((kind for kind in allowed if kind == given), None)
    if found is None:
        raise ValueError(f"shape {given!r:.40} is not one of {', '.join(allowed)}; choose one of them, or leave it out")
    return found


def _numbers(name: str, given: Any) -> tuple[float, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise ValueError(f"{name}: {given!r:.40} is not a list of numbers; give e.g. [0.1, 0.3]")
    return tuple(parse_number(item) for item in given)


def _median(values: tuple[float, ...], weights: tuple[float, ...]) -> float:
    """The smallest value that at least half of the weight does not exceed."""
    ranked = sorted(zip(values, weights or (1.0,) * len(values), strict=True))
    half, below = math.fsum(weight for _, weight in ranked) / 2, 0.0
    for value, weight in ranked:
        below += weight
        if below >= half:
            return value
    return ranked[-1][0]


def _shortest(value: float) -> float | int:
    return int(value) if value == int(value) and abs(value) < 1e15 else value


@record
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
