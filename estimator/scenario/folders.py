"""Scenario files by folder and pattern."""

import glob
from collections.abc import Sequence
from pathlib import Path

from estimator.errors import UsageError

SUFFIXES = (".yaml", ".yml")
MOST_FILES = 500
"""More would be a mistake in the pattern."""


def scenario_files(names: Sequence[str], *, recursive: bool = False) -> tuple[str, ...]:
    """Files meant by folders, patterns such as `plans/*.yaml`, and names; a folder adds no file that is there already.

    Args:
        names: What the user wrote; `-` stays as it is.
        recursive: Whether a folder stands for the files of its folders too.

    Returns:
        Files, in the order of the names, sorted within a folder or pattern; hidden files of a folder are left out.

    Raises:
        UsageError: a folder or a pattern holds no scenario file, or they mean too many.
    """
    found: list[str] = []
    for name in names:
        meant = _files(name, recursive=recursive)
        found += meant if meant == [name] else [file for file in meant if file not in found]
    if len(found) > MOST_FILES:
        raise UsageError(f"{len(found):,} files are more than {MOST_FILES}; name fewer")
    return tuple(found)


def _files(name: str, *, recursive: bool) -> list[str]:
    place = Path(name)
    if place.is_dir():
        problem = f"{name}: the folder holds no scenario file ({', '.join(SUFFIXES)}); add one"
        return _scenarios([path for path in place.glob("**/*" if recursive else "*") if path.name[0] != "."], problem)
    if not any(mark in name for mark in "*?[") or place.exists():
        return [name]
    matching = [Path(path) for path in glob.glob(name, recursive=True)]  # noqa: PTH207  # may be absolute
    return _scenarios(matching, f"{name}: no scenario file matches this pattern; check it")


def _scenarios(paths: Sequence[Path], problem: str) -> list[str]:
    files = sorted(str(path) for path in paths if path.suffix.lower() in SUFFIXES and path.is_file())
    if not files:
        raise UsageError(problem)
    return files
