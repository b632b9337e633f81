"""Values that stand before those of a scenario file: `workload.requests_per_month=63k`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from estimator.errors import ScenarioError, UsageError, did_you_mean
from estimator.scenario.quantity import Quantity
from estimator.scenario.reference import reference
from estimator.scenario.scenario import Scenario
from estimator.scenario.text import parse_yaml

FLAG = "override"
"""What stands before the path in messages and sources, unless the caller has a flag of that purpose."""
EXAMPLE = "give e.g. workload.requests_per_month=63k"


def parse_overrides(texts: Iterable[str], *, flag: str = FLAG) -> dict[str, Any]:
    """Values by path from texts `path=value`, the values read as YAML.

    Raises:
        UsageError: a text has no path or no value, or a path comes twice.
        ScenarioError: a value is no YAML.

    >>> parse_overrides(["horizon=24", "task.cost_per_error={low: 0.1, high: 1}"])
    {'horizon': 24, 'task.cost_per_error': {'low': 0.1, 'high': 1}}
    """
    found: dict[str, Any] = {}
    for text in texts:
        path, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not path or not value:
            raise UsageError(f"{flag}: {text!r:.60} is not PATH=VALUE; {EXAMPLE}")
        if path in found:
            raise UsageError(f"{flag}: {path:.60} is given twice; give it once")
        found[path], _ = parse_yaml(value, f"{flag} {path:.60}")
    return found


def with_overrides(data: Any, overrides: Mapping[str, Any], *, flag: str = FLAG, sourced: bool = True) -> Any:
    """Plain data of a scenario with some values replaced; what was given stays as it is.

    Args:
        data: Plain data of a scenario, as read from a file.
        overrides: Values by path: keys of the file joined by dots, items of a list by their index from 0.
        flag: What brought them, for messages and sources.
        sourced: Each number without a source of its own says that it came with the flag.

    Raises:
        ScenarioError: a path leads nowhere; the nearest ones are offered.
    """
    for path, value in overrides.items():
        source = f"{flag} {path}" if sourced else ""
        try:
            data = _put(Scenario, data, path.split("."), value, source)
        except LookupError as error:
            raise ScenarioError(f"{flag} {path:.100}: {error.args[0] or _unknown(path, data)}") from None
    return data


def _put(annotation: Any, data: Any, steps: Sequence[str], value: Any, source: str) -> Any:
    """The data with one value replaced; LookupError where the steps lead nowhere, empty where a key is unknown."""
    if not steps:
        return _sourced(annotation, value, source)
    kind, inner, step = _bare(annotation), get_args(_bare(annotation)), steps[0]
    if get_origin(kind) is tuple:
        return _put_item(inner[0], data, steps, value, source)
    if kind is Quantity:
        if not isinstance(data, Mapping):
            raise LookupError(f"{_shown(data)} is no mapping; set it as a whole, e.g. {{low: 1, mode: 2, high: 3}}")
        own = {"source": source} if source and step != "source" else {}
        return {**data, ".".join(steps): value, **own}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if step not in kind.model_fields:
            raise LookupError("")
        below = kind.model_fields[step].annotation
    elif get_origin(kind) is dict:
        below = inner[1]
        if _bare(below) is Quantity:  # keys of such a mapping may hold dots
            step, steps = ".".join(steps), (".".join(steps),)
        elif len(steps) > 1 and step not in (data or {}):
            raise LookupError("")
    else:
        raise LookupError(f"{_shown(data)} holds nothing; end the path before {step!r}")
    if data is not None and not isinstance(data, Mapping):
        raise LookupError(f"{_shown(data)} is no mapping, so it has no {step!r}")
    return {**(data or {}), step: _put(below, (data or {}).get(step), steps[1:], value, source)}


def _put_item(annotation: Any, data: Any, steps: Sequence[str], value: Any, source: str) -> list[Any]:
    items = list(data) if isinstance(data, Sequence) and not isinstance(data, str) else []
    place = int(steps[0]) if steps[0].isdecimal() and len(steps[0]) < 5 else len(items)
    if place >= len(items):
        known = f"give an index from 0 to {len(items) - 1}" if items else "there is no such list; set it as a whole"
        raise LookupError(f"{steps[0]!r:.40} is no item of the list; {known}")
    items[place] = _put(annotation, items[place], steps[1:], value, source)
    return items


def _sourced(annotation: Any, value: Any, source: str) -> Any:
    """The value with a source on every number that has none; what is malformed stays for the validation to report."""
    kind, inner = _bare(annotation), get_args(_bare(annotation))
    if not source or value is None:
        return value
    if kind is Quantity:
        try:
            quantity = Quantity.parse(value)
        except ValueError:
            return value
        return quantity if quantity.source else replace(quantity, source=source)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(value, Mapping):
        below = {key: field.annotation for key, field in kind.model_fields.items()}
        return {key: _sourced(below[key], item, source) if key in below else item for key, item in value.items()}
    if get_origin(kind) is dict and isinstance(value, Mapping):
        return {key: _sourced(inner[1], item, source) for key, item in value.items()}
    if get_origin(kind) is tuple and isinstance(value, list):
        return [_sourced(inner[0], item, source) for item in value]
    return value


def _bare(annotation: Any) -> Any:
    """A type without its metadata and without None."""
    while (origin := get_origin(annotation)) in (Annotated, Union, UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        if origin is not Annotated and len(parts) > 1:
            return None
        annotation = parts[0]
    return annotation


def _unknown(path: str, data: Any) -> str:
    options = data.get("options") if isinstance(data, Mapping) else None
    names = list(map(str, options)) if isinstance(options, Mapping) else []
    known: list[str] = []
    for key in reference():
        inside = key.split(".")[0] not in Scenario.model_fields
        known += [f"options.{name}.{key}" for name in names] if inside else [key]
    leaf = path.rsplit(".", 1)[-1]
    same = [key for key in known if key.rsplit(".", 1)[-1] == leaf]
    near = did_you_mean(path, same) or did_you_mean(path, known)
    if not near and same:
        near = f"; did you mean {same[0]!r}?"
    return f"no such key{near or '; docs/scenario.md and estimator schema list all keys'}"


def _shown(value: Any) -> str:
    return f"{value!r:.40}"
