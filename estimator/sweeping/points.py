"""The points of a sweep: scenarios one by one, or one scenario at every combination of some values."""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from estimator.catalog.models import looks_like_a_path
from estimator.errors import FieldError, InputError, ScenarioError, UsageError
from estimator.record import record
from estimator.scenario import Scenario, from_data, parse_number, to_data, with_overrides
from estimator.scenario.text import parse_yaml

Grid = Mapping[str, Sequence[Any]]
"""Values to try by path of a scenario key."""
_STEPS = re.compile(r"^(.+?)\.\.(.+?)/(\d{1,6})$")
GRID = "grid"
"""What a grid is called in messages, unless the caller has a flag for it."""
MOST_STEPS = 100_000
EXAMPLE = "give e.g. workload.requests_per_month=10k,50k or options.lora.tuning.labels=500..5000/4"


@record
class Point:
    """One scenario of a sweep."""

    place: int
    """Its number, from 0."""
    scenario: Scenario | None
    """None where the values make no valid scenario."""
    varied: tuple[Any, ...]
    """Its values in the order of the grid."""
    error: str
    """Why it is no scenario; empty when it is."""
    text: str
    """What identifies it: the scenario as plain data, and the shapes of models that lie in files of their own."""

    def hash(self, *settings: str) -> str:
        """Digest of the point and of the settings it is computed with."""
        return hashlib.sha256("\n".join((self.text, *settings)).encode()).hexdigest()


def points_of(scenarios: Iterable[Scenario]) -> Iterator[Point]:
    """Every scenario as a point, one at a time."""
    for place, scenario in enumerate(scenarios):
        yield Point(place, scenario, (), "", _text(scenario))


def grid_points(base: Scenario, grid: Grid, *, flag: str = GRID) -> Iterator[Point]:
    """A scenario at every combination of some values, the last path moving fastest.

    Raises:
        InputError: a path has no values.
        ScenarioError: a path leads nowhere, or its field does not take a value.
    """
    for path, values in grid.items():
        if isinstance(values, str) or not values:
            raise InputError(f"{flag}: {path} has no values; {EXAMPLE}")
    data = to_data(base)
    first = {path: values[0] for path, values in grid.items()}
    with_overrides(data, first, flag=flag)
    for path, value in ((path, value) for path, values in grid.items() for value in values):
        try:
            from_data(data, overrides={**first, path: value}, flag=flag)
        except FieldError:
            raise
        except ScenarioError:
            continue  # it may suit other values of the grid; if none, its points say why
    return _grid_points(data, grid)


def _grid_points(data: Mapping[str, Any], grid: Grid) -> Iterator[Point]:
    for place, values in enumerate(product(*grid.values())):
        held = dict(zip(grid, values, strict=True))
        try:
            scenario = from_data(with_overrides(data, held, sourced=False))
        except ScenarioError as error:
            text = json.dumps([data, held], ensure_ascii=False, default=str)
            yield Point(place, None, values, str(error).removeprefix("scenario: "), text)
        else:
            yield Point(place, scenario, values, "", _text(scenario))


def size_of(grid: Grid) -> int:
    """Number of combinations. [count]"""
    return math.prod(len(values) for values in grid.values())


def parse_grid(texts: Iterable[str], *, flag: str = GRID) -> dict[str, list[Any]]:
    """Values by path from texts `path=a,b,c` or `path=low..high/steps`.

    Raises:
        UsageError: a text is none of these, or a path comes twice.

    >>> parse_grid(["horizon=12,24", "options.lora.tuning.labels=500..5k/4"])
    {'horizon': [12, 24], 'options.lora.tuning.labels': [500, 2000, 3500, 5000]}
    """
    found: dict[str, list[Any]] = {}
    for text in texts:
        path, sign, written = (part.strip() for part in text.partition("="))
        if not sign or not path or not written:
            raise UsageError(f"{flag}: {text!r:.60} is not PATH=VALUES; {EXAMPLE}")
        if path in found:
            raise UsageError(f"{flag}: {path:.60} is given twice; give it once")
        steps = _STEPS.match(written)
        found[path] = _steps(*steps.groups(), flag=flag) if steps else _listed(written, flag)
    return found


def _steps(low: str, high: str, count: str, *, flag: str) -> list[Any]:
    try:
        ends = parse_number(low), parse_number(high)
    except ValueError:
        raise UsageError(f"{flag}: {low:.30}..{high:.30} are no numbers; {EXAMPLE}") from None
    if not 2 <= int(count) <= MOST_STEPS:
        raise UsageError(f"{flag}: {count} steps are outside 2 to {MOST_STEPS:,}; {EXAMPLE}")
    if not math.isfinite(ends[1] - ends[0]):
        raise UsageError(f"{flag}: {low:.30}..{high:.30} is too wide for a number; {EXAMPLE}")
    values = np.linspace(*ends, int(count)).tolist()
    return [int(value) if value == int(value) else value for value in values]


def _listed(written: str, flag: str) -> list[Any]:
    if _STEPS.match(f"{written}/2") and not set(written) & set(",/"):
        raise UsageError(f"{flag}: {written:.60} does not say in how many steps; {EXAMPLE}")
    try:
        values, _ = parse_yaml(f"[{written}]", flag)
        json.dumps(values, default=str)
    except (ScenarioError, ValueError, TypeError, RecursionError):  # no YAML, or it holds itself
        values = []
    if not isinstance(values, list) or not values:
        raise UsageError(f"{flag}: {written!r:.60} is no list of values; {EXAMPLE}")
    return values


def _text(scenario: Scenario) -> str:
    data = json.dumps(to_data(scenario), ensure_ascii=False, separators=(",", ":"))
    models = (str(option.model) for option in scenario.composed.values())
    shapes = [_shape_file(Path(model)) for model in models if looks_like_a_path(model)]
    return "\n".join((data, *shapes))


def _shape_file(path: Path) -> str:
    file = path / "config.json" if path.is_dir() else path
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "none"
