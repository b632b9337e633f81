"""Which values of a scenario are still those of the template it started from?"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from estimator.scenario import Quantity, loads
from estimator.scenario.fields import Part
from estimator.scenario.templates import template_named

PILOT = "task.pilot"


def claim(
    template: str | None, key: str, written: object, source: str = ""
) -> tuple[Literal["yours", "preset"], str, str]:
    """Whose a value of a scenario is: a preset where it still equals the template, else the user's own.

    Args:
        template: Name and size of the template the scenario names. [text]
        key: Key under which results show the value. [text]
        written: The value. [unit of the input]
        source: Source written beside it. [text]

    Returns:
        Origin, source and basis. [text]

    Source: definition.

    >>> claim("triage, small", "workload.growth", Quantity.parse("2%"))
    ('preset', 'template triage, small', 'judgement')
    >>> claim("triage, small", "workload.growth", Quantity.parse("3%"))
    ('yours', 'scenario file', 'given')
    """
    if template is not None and preset_values(template).get(key) == written:
        return "preset", source or f"template {template}", "judgement"
    return "yours", source or "scenario file", "given"


@cache
def preset_values(template: str) -> Mapping[str, Any]:
    """Values of a template by the key under which results show them.

    Args:
        template: Name and size, e.g. `triage, small`. [text]

    Returns:
        Quantities, and the pilot as a whole. [unit of the input]

    Source: definition.

    >>> preset_values("triage, small")["workload.growth"].mode
    0.02
    """
    scenario = loads(template_named(template), origin=template)
    found = dict(_quantities("", scenario))
    for name, option in scenario.composed.items():
        found |= _quantities(f"options.{name}.", option)
    pilot = {f"{PILOT}.quality_at_{item.labels.mode:g}_labels": item.quality for item in scenario.task.pilot}
    return {**found, **pilot, PILOT: scenario.task.pilot}


def _quantities(start: str, part: Part) -> Iterator[tuple[str, Quantity]]:
    for key in type(part).model_fields:
        value = getattr(part, key)
        if isinstance(value, Quantity):
            yield f"{start}{key}", value
        elif isinstance(value, Part):
            yield from _quantities(f"{start}{key}.", value)
