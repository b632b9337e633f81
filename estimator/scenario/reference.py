"""Every field of a scenario with its unit and allowed range, read off the models."""

from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from estimator.scenario.quantity import Limits, Quantity
from estimator.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Field:
    """One leaf of the scenario format."""

    key: str
    """Dotted name; inside an option without the option's own name, e.g. `tuning.labels`."""
    limits: Limits | None
    """Unit and range of a quantity; None for names and choices."""
    description: str
    required: bool


@cache
def reference() -> dict[str, Field]:
    """All fields by key, in the order of the file format."""
    return {field.key: field for field in _walk(Scenario, "")}


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
        found.append(Field(key, limits, info.description or "", info.is_required()))
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _metadata(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, Quantity):
        return []
    own = list(getattr(annotation, "__metadata__", ()))
    return own + [item for part in get_args(annotation) if not isinstance(part, Limits) for item in _metadata(part)]
