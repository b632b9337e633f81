"""Change single values of a scenario text and keep everything else: order, comments, way of writing."""

import io
import json
from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from estimator.errors import ScenarioError
from estimator.record import record
from estimator.scenario import Scenario, from_data
from estimator.scenario.places import places_of

MAX_CHARACTERS = 300
HINT = 'A number (63k, 5%), a range ("20k to 200k") or {low: …, mode: …, high: …}; empty for the default.'


@record
class Field:
    """One headline input: where it stands in the scenario and what it means."""

    path: tuple[str, ...]
    label: str
    help: str
    required: bool = False

    @property
    def key(self) -> str:
        """Dotted name, as messages have it."""
        return ".".join(self.path)


_HEADLINES = (
    Field(("workload", "requests_per_month"), "Requests per month", "In the first month, e.g. 20k to 200k.", True),
    Field(("workload", "growth"), "Growth per month", "Of the volume, e.g. 2%."),
    Field(("task", "value_per_success"), "Value per success (USD)", "What one right answer is worth."),
    Field(("task", "cost_per_error"), "Cost per error (USD)", "Damage of one wrong answer that nobody catches."),
    Field(("task", "minimum_quality"), "Minimum quality", "Share of right answers below which an option is out."),
    Field(("horizon",), "Horizon", "Months or years, e.g. 36 months.", True),
    Field(("discount_rate",), "Discount rate per year", "Opportunity cost of money, e.g. 8%."),
)


HEADLINE_KEYS = frozenset(field.key for field in _HEADLINES)
"""Dotted names of the headline inputs of every task."""


def headlines(scenario: Scenario) -> tuple[Field, ...]:
    """The headline inputs of a scenario: those of every task, and the labels of each option that writes its own."""
    labels = []
    for name, option in scenario.options.items():
        if option.tuning is not None and "labels" in option.tuning.model_fields_set:
            path = ("options", name, "tuning", "labels")
            labels.append(Field(path, f"Labels for {name}", _labels_help(scenario, name), option.extends is None))
    return (*_HEADLINES, *labels)


def written(text: str, fields: Sequence[Field]) -> dict[str, str]:
    """Each field as it is written in a valid scenario text; empty where it is not given."""
    root = _parsed(text)
    return {field.key: _shown(_find(root, field.path)) for field in fields}


def with_value(text: str, field: Field, given: str) -> str:
    """The scenario text with one value replaced, or removed where nothing is given.

    Raises:
        ScenarioError: the value is not allowed there; the message names the field.
    """
    yaml = _reader()
    root = deepcopy(_parsed(text))
    try:
        value = yaml.load(given) if given.strip() else None
    except (YAMLError, ValueError):  # the latter of a day such as 2026-99-99
        raise ScenarioError(
            f'{field.key}: {given!r:.60} cannot be read; give a number, "a to b", or {{low: a, mode: b, high: c}}'
        ) from None
    if value is None and field.required:
        raise ScenarioError(f"{field.key} is empty, but needed; give a value")
    _put(root, field.path, value)
    from_data(root, origin=field.label)
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def with_input(text: str, scenario: Scenario, key: str, given: str) -> str:
    """The scenario text with another value for one input of its result, at each place that gives it its value.

    Raises:
        ScenarioError: the value is not allowed, or a scenario cannot hold it; the message names the input.
    """
    places = places_of(scenario, key)
    if not places:
        raise ScenarioError(
            f"{key} stands in the catalog or is derived, not in a scenario; change what it is made of, or put a row of "
            "this name into a catalog of your own (--catalog of the command line)"
        )
    for path in places:
        text = with_value(text, Field(path, key, ""), given)
    return text


def as_written(text: str, scenario: Scenario, keys: Sequence[str]) -> list[str]:
    """Each input as the text gives it, empty where the text does not say."""
    root = _parsed(text)
    found = (next((_find(root, path) for path in places_of(scenario, key)), None) for key in keys)
    return [_shown(value) for value in found]


def _labels_help(scenario: Scenario, name: str) -> str:
    heirs = [
        other
        for other, option in scenario.options.items()
        if option.extends == name and (option.tuning is None or "labels" not in option.tuning.model_fields_set)
    ]
    return f"Training examples labelled; also for {', '.join(heirs)}." if heirs else "Training examples labelled."


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    """A valid scenario text as it is written, to be read only: each run of the app asks for the same one again.

    What a change was made in is no such thing: it still knows the comments of values that were taken out.
    """
    return _reader().load(text)


def _reader() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _find(root: Any, path: Sequence[str]) -> Any:
    for step in path:
        root = root.get(step) if isinstance(root, dict) else None
    return root


def _put(root: Any, path: Sequence[str], value: Any) -> None:
    *parents, last = path
    for step in parents:
        root = root.setdefault(step, CommentedMap())
    if value is None:
        root.pop(last, None)
    else:
        root[last] = value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        parts = (f"{key}: {json.dumps(item) if isinstance(item, str) else _shown(item)}" for key, item in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, str):
        return str(value)
    out = io.StringIO()
    _reader().dump(value, out)
    return out.getvalue().removesuffix("\n").removesuffix("...").strip()
