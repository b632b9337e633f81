"""Turn a validation error into one clear line: field, value, allowed range, what to do."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from estimator.errors import did_you_mean

Path = tuple[str | int, ...]


def explain(
    error: ValidationError, model: type[BaseModel], places: Callable[[str], Sequence[str]] = lambda _: ()
) -> tuple[Path, str]:
    """Path and message of the first problem, with the number of further ones; `places` tells where a key belongs."""
    problems = error.errors(include_url=False, include_context=True)
    first = min(problems, key=lambda problem: (problem["type"] != "extra_forbidden", not problem["loc"]))
    path = tuple(step for step in first["loc"] if step != "[key]")
    message = _message(first, path, model, places)
    if len(problems) > 1:
        message += f" (and {len(problems) - 1} more)"
    return path, " ".join(message.split())


def _message(problem: ErrorDetails, path: Path, model: type[BaseModel], places: Callable[[str], Sequence[str]]) -> str:
    field = ".".join(map(str, path))
    kind = problem["type"]
    if kind == "extra_forbidden":
        key, known = str(path[-1]), _fields_at(model, path[:-1])
        belongs = " or ".join(places(key))
        near = f"; it belongs at {belongs}" if belongs else did_you_mean(key, known)
        hint = near or f"; allowed here: {', '.join(known)}"
        return f"unknown key {field!r}{hint}"
    if kind == "missing":
        return f"{field} is missing; add it"
    given = _shown(problem["input"])
    if kind == "literal_error":
        return f"{field}: {given} is not one of {problem['ctx']['expected']}{_near(problem)}"
    if kind == "value_error":
        text = str(problem["ctx"]["error"])
        return f"{field}: {text}" if field else text
    if kind == "string_pattern_mismatch":
        return f"{field}: {given} does not match {problem['ctx']['pattern']}; rename it"
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        if problem["input"] is None:
            return f"{field} is empty; write its keys below it"
        return f"{field}: {given} is not a mapping of keys; allowed keys: {', '.join(_fields_at(model, path))}"
    if kind == "too_short" and problem["ctx"]["actual_length"] == 0:
        return f"{field} is empty; add at least {problem['ctx']['min_length']}"
    if kind == "too_long":
        return f"{field}: more than {problem['ctx']['max_length']}; remove some"
    return f"{field}: {problem['msg'][0].lower()}{problem['msg'][1:]}, got {given}; correct it"


def _near(problem: ErrorDetails) -> str:
    expected = [word.strip().strip("'") for word in problem["ctx"]["expected"].replace(" or ", ",").split(",")]
    return did_you_mean(str(problem["input"]), expected) or "; choose one of them"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """Names allowed below a path of the model."""
    here: type[BaseModel] | None = model
    inside_dict = False
    for step in path:
        if inside_dict:
            inside_dict = False
            continue
        if here is None or step not in here.model_fields:
            continue
        annotation = here.model_fields[str(step)].annotation
        inside_dict = getattr(annotation, "__origin__", None) is dict
        here = _model_in(annotation)
    return [info.alias or name for name, info in here.model_fields.items()] if here is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [model for part in get_args(annotation) if (model := _model_in(part)) is not None]
    return found[0] if found else None
