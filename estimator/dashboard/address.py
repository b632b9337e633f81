"""A scenario in the address: an example and its headline inputs where that says it all, else the whole, packed."""

from collections.abc import Mapping
from functools import cache

from estimator.dashboard.edit import HEADLINE_KEYS, MAX_CHARACTERS, Field, headlines, with_value, written
from estimator.dashboard.starts import STARTS, example
from estimator.errors import ScenarioError, did_you_mean
from estimator.scenario import loads
from estimator.scenario.link import PARAMETER, packed, unpacked

START = "example"
"""Parameter that names the example or template to start from."""


def parameters_of(text: str, start: str | None) -> dict[str, str]:
    """Parameters that lead back to a scenario text; none where it is too long to travel in an address.

    Args:
        text: A valid scenario.
        start: Example or template it began with, where known.
    """
    if start is not None:
        fields = _fields_of(start)
        was, now = written(example(start), fields), written(text, fields)
        readable = {START: start, **{key: now[key] for key in was if now[key] != was[key]}}
        if _is_text_of(readable, text):
            return readable
    code = packed(text)
    return {} if code is None else {PARAMETER: code}


def is_ours(name: str) -> bool:
    """Whether a parameter of an address speaks of a scenario; others belong to the server."""
    return name in (PARAMETER, START) or name in HEADLINE_KEYS or "." in name


def text_of(parameters: Mapping[str, str]) -> str | None:
    """The scenario text that the parameters of an address describe; nothing where they describe none.

    Raises:
        ScenarioError: a parameter is damaged, unknown, too long, or its value is not allowed; the message names it.
    """
    given = {name: value for name, value in parameters.items() if is_ours(name)}
    if PARAMETER in given:
        return unpacked(given[PARAMETER])
    if not given:
        return None
    start = given.pop(START, next(iter(STARTS)))
    if start not in STARTS:
        raise ScenarioError(f"{START}: {start!r:.60} is not known{did_you_mean(start, STARTS)}; choose one at the side")
    text = example(start)
    fields = {field.key: field for field in _fields_of(start)}
    for name, value in given.items():
        if name not in fields:
            raise ScenarioError(f"{name:.60}: not an input of the address{did_you_mean(name, fields)}; see the side")
        if len(value) > MAX_CHARACTERS:
            raise ScenarioError(f"{name}: longer than {MAX_CHARACTERS} characters; give a number or a range")
        text = with_value(text, fields[name], value)
    return text


@cache
def _fields_of(start: str) -> tuple[Field, ...]:
    return headlines(loads(example(start)))


def _is_text_of(parameters: Mapping[str, str], text: str) -> bool:
    try:
        return text_of(parameters) == text
    except ScenarioError:
        return False
