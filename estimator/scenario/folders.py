"""Scenario files by folder and pattern."""

import glob
import re
from collections.abc import Sequence
from pathlib import Path

from estimator.errors import UsageError
from estimator.reading import bounded_text
from estimator.scenario.memo import MAX_BYTES

SUFFIXES = (".yaml", ".yml")
_TELLING = re.compile(r"^[\"']?(options|template|workload|task)[\"']?\s*:", re.MULTILINE)
MOST_FILES = 500
"""More would be a mistake in the pattern."""


def scenario_files(names: Sequence[str], *, recursive: bool = False) -> tuple[str, ...]:
    """Files meant by folders, patterns such as `plans/*.yaml`, and names; a folder adds no file that is there already.

    Args:
        names: What the user wrote; `-` stays as it is.
        recursive: Whether a folder stands for the files of its folders too.

    Returns:
        Files, in the order of the names, sorted within a folder or pattern; of a folder, hidden files and YAML of other
            kinds are left out.

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
        inside = [path for path in place.glob("**/*" if recursive else "*") if path.name[0] != "."]
        return _scenarios([path for path in inside if _may_be_scenario(path)], problem)
    if not any(mark in name for mark in "*?[") or place.exists():
        return [name]
    matching = [Path(path) for path in glob.glob(name, recursive=True)]  # noqa: PTH207  # may be absolute
    return _scenarios(matching, f"{name}: no scenario file matches this pattern; check it")


def _may_be_scenario(path: Path) -> bool:
    """Whether a file has a key that only scenarios have; one that cannot be read is left to those who read it."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    try:
        return _TELLING.search(bounded_text(path, MAX_BYTES, "utf-8-sig")) is not None
    except (OSError, ValueError):
        return True


def _scenarios(paths: Sequence[Path], problem: str) -> list[str]:
    files = sorted(str(path) for path in paths if path.suffix.lower() in SUFFIXES and path.is_file())
    if not files:
        raise UsageError(problem)
    return files
