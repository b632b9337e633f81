"""Every field of a scenario with its unit and allowed range, read off the models."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from estimator.record import record
from estimator.scenario.fields import meanings
from estimator.scenario.quantity import Limits, Quantity
from estimator.scenario.scenario import Scenario


@record
class Field:
    """One leaf of the scenario format."""

    key: str
    """Dotted name; inside an option without the option's own name, e.g. `tuning.labels`."""
    limits: Limits | None
    """Unit and range of a quantity; None for names and choices."""
    required: bool
    section: type[BaseModel]
    """The model it is a field of."""

    @property
    def description(self) -> str:
        """What it means, in a sentence."""
        return meanings(self.section).get(self._name, "")

    @property
    def kind(self) -> str:
        """What may stand there, in words: unit and range of a quantity, the choices, a day, true or false."""
        return str(self.limits) if self.limits else _kind(self._schema)

    @property
    def default(self) -> str:
        """What stands there where nothing is written; empty where that follows from something else."""
        value = self._schema.get("default")
        if value is None or value in ([], {}):
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    @property
    def _name(self) -> str:
        return self.key.rpartition(".")[2]

    @property
    def _schema(self) -> dict[str, Any]:
        found: dict[str, Any] = _properties(self.section)[self._name]
        return found


KINDS = {"boolean": "true or false", "integer": "whole number", "number": "number", "object": "mapping"}
"""Types of JSON in words; the rest is text."""
ALSO_MEANT = dict.fromkeys(("region", "regions"), ("constraints.data_residency", "options.NAME.region"))
"""Keys by which people also mean another one."""
MOST_PLACES = 3
"""Places named for a key."""


@cache
def reference() -> dict[str, Field]:
    """All fields by key, in the order of the file format."""
    return {field.key: field for field in _walk(Scenario, "")}


def places_of_key(key: str) -> list[str]:
    """Where a key belongs that stands at a wrong place; none where it belongs nowhere.

    >>> places_of_key("region"), places_of_key("growth"), places_of_key("nonsense")
    (['constraints.data_residency', 'options.NAME.region'], ['workload.growth'], [])
    """
    found = dict.fromkeys(ALSO_MEANT.get(key, ()))
    for place in reference():
        head, within, _ = f".{place}.".partition(f".{key}.")
        if within:
            whole = f"{head}.{key}"[1:]
            found[whole if whole.split(".")[0] in Scenario.model_fields else f"options.NAME.{whole}"] = None
    return list(found)[:MOST_PLACES]


@cache
def _properties(section: type[BaseModel]) -> dict[str, Any]:
    properties: dict[str, Any] = section.model_json_schema()["properties"]
    return properties


def _walk(model: type[BaseModel], prefix: str) -> list[Field]:
    found: list[Field] = []
    for name, info in model.model_fields.items():
        annotation: Any = info.annotation
        if name == "options":
            found += _walk(_models_in(annotation)[0], "")
            continue
        key = f"{prefix}{info.alias or name}"
        inner = _models_in(annotation)
        if inner:
            found += _walk(inner[0], f"{key}.")
            continue
        limits = next((item for item in [*info.metadata, *_metadata(annotation)] if isinstance(item, Limits)), None)
        found.append(Field(key, limits, info.is_required(), model))
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    """What a JSON schema allows, in words.

    >>> _kind({"anyOf": [{"enum": ["a", "b"]}, {"type": "null"}]}), _kind({"type": "integer", "minimum": 1})
    ('one of a, b', 'whole number from 1')
    """
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(item) for item in schema["anyOf"] if item.get("type") != "null"))
    if "enum" in schema or "const" in schema:
        return f"one of {', '.join(map(str, schema.get('enum') or [schema['const']]))}"
    if schema.get("type") == "array":
        return f"list of {_kind((schema.get('prefixItems') or [schema.get('items', {})])[0])}"
    if schema.get("format") == "date":
        return "day, e.g. 2027-01-31"
    words = KINDS.get(str(schema.get("type")), "text")
    least, most = (schema.get(f"{end}", schema.get(f"exclusive{end.title()}")) for end in ("minimum", "maximum"))
    words += f" from {least:g}" if least is not None else ""
    words += f" to {most:g}" if most is not None else ""
    return f"{words}, e.g. {schema['examples'][0]}" if "examples" in schema else words


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _metadata(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, Quantity):
        return []
    own = list(getattr(annotation, "__metadata__", ()))
    return own + [item for part in get_args(annotation) if not isinstance(part, Limits) for item in _metadata(part)]
