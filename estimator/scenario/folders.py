"""Scenario files by folder and pattern."""

from collections.abc import Sequence
from pathlib import Path

from estimator.errors import ScenarioError, UsageError

SUFFIXES = (".yaml", ".yml", ".json")
MOST_FILES = 500
"""A portfolio of more would be a mistake in the pattern."""


def scenario_files(paths: Sequence[str]) -> tuple[Path, ...]:
    """Files meant by folders, patterns such as `plans/*.yaml`, and names, each once.

    Args:
        paths: What the user wrote.

    Returns:
        Files, in the order of the paths, by name within a folder or pattern.

    Raises:
        UsageError: a path does not exist, or means too many files.
        ScenarioError: a folder or a pattern holds no scenario file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_files(path)))
    if len(found) > MOST_FILES:
        raise UsageError(f"{len(found):,} files are more than the {MOST_FILES} of a portfolio; name fewer")
    return tuple(found)


def _files(path: str) -> list[Path]:
    place = Path(path)
    if place.is_dir():
        inside = sorted(file for file in place.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
        if not inside:
            raise ScenarioError(f"{path}: the folder holds no scenario file ({', '.join(SUFFIXES)}); add one")
        return inside
    if place.exists() or not any(mark in path for mark in "*?["):
        return [place]
    root = Path(place.anchor) if place.is_absolute() else Path()
    matching = sorted(file for file in root.glob(str(place.relative_to(place.anchor))) if file.is_file())
    if not matching:
        raise ScenarioError(f"{path}: no file matches this pattern; check it")
    return matching
