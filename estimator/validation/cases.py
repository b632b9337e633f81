"""Read measured cases: JSON, a list or `{"cases": [...]}`, or CSV with one case per line."""

import csv
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from estimator.errors import InputError, UsageError
from estimator.reading import bounded_text

MAX_BYTES = 64 * 2**20
BUNDLED = {"memory": ("memory", "memory_simulated")}
"""Files of a kind where they are not one file of its name."""
Case = Mapping[str, Any]


def bundled(kind: str) -> tuple[Case, ...]:
    """The published cases that come with the package."""
    folder = files("estimator.validation") / "data"
    found: list[Case] = []
    for name in BUNDLED.get(kind, (kind,)):
        for suffix in (".json", ".csv"):
            path = folder / f"{name}{suffix}"
            if path.is_file():
                found += _parsed(path.read_text(encoding="utf-8"), f"{name}{suffix}")
    return tuple(found)


def read_cases(path: Path) -> tuple[Case, ...]:
    """Cases of a user's own file.

    Raises:
        UsageError: missing, unreadable or too large.
        InputError: not cases; the message names the file and the case.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path}: larger than {MAX_BYTES // 2**20} MiB; split it")
        return tuple(_parsed(bounded_text(path, MAX_BYTES, "utf-8-sig"), str(path)))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give a file of cases") from None


def _parsed(text: str, name: str) -> list[Case]:
    if name.lower().endswith(".csv"):
        return [_case(record, name, line) for line, record in enumerate(csv.DictReader(text.splitlines()), 2)]
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: not JSON ({error}); give a list of cases") from None
    if isinstance(data, dict) and isinstance(data.get("cases"), list):
        data = data["cases"]
    if not isinstance(data, list):
        raise InputError(f"{name}: neither a list of cases nor {{'cases': [...]}}; give one of them")
    return [_case(item, name, number) for number, item in enumerate(data, 1)]


def _case(item: Any, name: str, number: int) -> Case:
    if not isinstance(item, dict):
        raise InputError(f"{name} case {number}: {item!r:.40} is not a mapping; give id, setup and measured")
    return {"id": f"case-{number}", **item}
