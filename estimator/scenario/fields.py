"""Field types of a scenario: units, limits, durations, months, policies."""

import ast
import inspect
import re
import textwrap
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from estimator.scenario.number import parse_number
from estimator.scenario.quantity import Limits, Quantity

Share = Annotated[Quantity, Limits("share", least=0, most=1)]
Ratio = Annotated[Quantity, Limits("ratio", above=0, most=1e3)]
Tokens = Annotated[Quantity, Limits("tokens", least=0, most=1e9)]
SomeTokens = Annotated[Quantity, Limits("tokens", above=0, most=1e9)]
Count = Annotated[Quantity, Limits("count", least=0, most=1e12)]
SomeCount = Annotated[Quantity, Limits("count", above=0, most=1e12)]
Usd = Annotated[Quantity, Limits("USD", least=0, most=1e12)]
UsdPerHour = Annotated[Quantity, Limits("USD/hour", least=0, most=1e6)]
UsdPerMonth = Annotated[Quantity, Limits("USD/month", least=0, most=1e12)]
UsdPerMtok = Annotated[Quantity, Limits("USD/Mtok", least=0, most=1e5)]
Hours = Annotated[Quantity, Limits("hours", least=0, most=1e7)]
HoursPerMonth = Annotated[Quantity, Limits("hours/month", least=0, most=1e7)]
Minutes = Annotated[Quantity, Limits("minutes", least=0, most=1e5)]
Days = Annotated[Quantity, Limits("days", least=0, most=3650)]
Months = Annotated[Quantity, Limits("months", above=0, most=1e4)]

TaskKind = Literal[
    "classification",
    "sentiment",
    "domain_classification",
    "inference",
    "question_answering",
    "knowledge",
    "extraction",
    "summarisation",
    "generation",
    "code",
    "reasoning",
]
_DURATION = re.compile(r"^(.*?)\s*(months?|years?)$")


def parse_duration(given: Any) -> int:
    """Whole months from `36`, `36 months` or `3 years`.

    Raises:
        ValueError: it is no number of whole months, or they are outside 1 to 240.

    >>> parse_duration("3 years")
    36
    """
    number, factor = given, 1.0
    if isinstance(given, str) and len(given) < 80 and (match := _DURATION.match(given.strip())):
        number, factor = match[1], 12.0 if match[2].startswith("year") else 1.0
    try:
        months = parse_number(number) * factor
    except ValueError:
        months = 0.0
    if not 1 <= months <= 240 or months != int(months):
        shown = f"{given!r:.60}" if isinstance(given, str) else f"{given!s:.60}"
        raise ValueError(f"{shown} is no number of whole months from 1 to 240; give e.g. 36 months or 3 years")
    return int(months)


_CLOCK = re.compile(r"^(.*?)\s*(min|minutes?|h|hours?|d|days?|w|weeks?)$")
_HOURS = {"min": 1.0 / 60.0, "h": 1.0, "d": 24.0, "w": 168.0}


def parse_hours(given: Any) -> float:
    """Hours from `24h`, `3d`, `90 min`, `2 weeks` or a number of hours.

    Raises:
        ValueError: it is no duration above 0.

    >>> parse_hours("24h"), parse_hours("3d"), parse_hours("1.5 days"), parse_hours(8)
    (24.0, 72.0, 36.0, 8.0)
    """
    factor, number = 1.0, given
    if isinstance(given, str) and len(given) < 80 and (match := _CLOCK.match(given.strip().lower())):
        number, unit = match[1], match[2]
        factor = _HOURS["min" if unit.startswith("min") else unit[0]]
    elif isinstance(given, str) and given.strip()[-1:].isalpha():  # 90m would be 90 million hours
        raise ValueError(f"{given!r:.60} ends in no unit of time; give e.g. 24h, 3d or 90min")
    try:
        hours = parse_number(number) * factor
    except ValueError:
        hours = 0.0
    if not hours > 0.0:
        raise ValueError(f"{given!r:.60} is no duration above 0; give e.g. 24h, 3d or 90min")
    return hours


def parse_month(given: Any) -> date:
    """First day of a month from `2027-01` or a date."""
    if isinstance(given, date):
        return date(given.year, given.month, 1)
    match = (
        re.match(r"^(\d{4})-(\d{1,2})(-\d{1,2})?$", given.strip())
        if isinstance(given, str) and len(given) < 80
        else None
    )
    if match and 1 <= int(match[2]) <= 12 and 2000 <= int(match[1]) <= 2100:
        return date(int(match[1]), int(match[2]), 1)
    raise ValueError(f"{given!r:.60} is not a month between 2000-01 and 2100-12; give e.g. 2027-01")


def parse_retrain(given: Any) -> str:
    """A retraining policy: economic, threshold, never, or every N months."""
    text = " ".join(str(given)[:80].split())
    if text in {"economic", "threshold", "never"}:
        return text
    if (match := re.match(r"^every (\d+) months?$", text)) and 1 <= int(match[1]) <= 240:
        return f"every {int(match[1])} months"
    raise ValueError(f"{text!r:.60} is no policy; give economic, threshold, never, or every N months (N 1–240)")


def parse_names(given: Any) -> Any:
    """One name or several.

    >>> parse_names("lakatos-2025")
    ('lakatos-2025',)
    """
    return (given,) if isinstance(given, str) else given


Duration = Annotated[
    int, BeforeValidator(parse_duration), WithJsonSchema({"type": ["string", "integer"], "examples": ["36 months"]})
]
Month = Annotated[
    date,
    BeforeValidator(parse_month),
    PlainSerializer(lambda day: f"{day:%Y-%m}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$", "examples": ["2027-01"]}),
]
Retrain = Annotated[str, BeforeValidator(parse_retrain), Field(examples=["every 6 months"])]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], BeforeValidator(parse_names)]


@cache
def meanings(section: type[BaseModel]) -> Mapping[str, str]:
    """What the fields of a section mean, by the name they have in a file: the text below each in the source."""
    found: dict[str, str] = {}
    for owner in reversed(section.__mro__):
        if issubclass(owner, Part) and owner is not Part:
            body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0].body  # type: ignore[attr-defined]
            for item, text in pairwise(body):
                if isinstance(item, ast.AnnAssign) and isinstance(text, ast.Expr):
                    found[item.target.id] = inspect.cleandoc(text.value.value)  # type: ignore[union-attr,attr-defined]
    return {section.model_fields[name].alias or name: text for name, text in found.items()}


class Part(BaseModel):
    """Frozen, typo-proof base of every section of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema with what each field means; read off the source only here, since every start would wait for it."""
        found = handler(schema)
        properties = handler.resolve_ref_schema(found).get("properties", {})
        for name, meaning in meanings(cls).items():
            properties.get(name, {})["description"] = meaning  # a schema by other names goes without
        return found
