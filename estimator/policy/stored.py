"""Read a result that was written earlier by `-f json`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from estimator.errors import UsageError
from estimator.reading import bounded_text
from estimator.record import record
from estimator.results import SCHEMA_VERSION

LARGEST = 200_000_000
"""Bytes of a stored result."""
_NEEDED = ("name", "currency", "options", "verdict", "warnings", "inputs", "stale_prices", "scenario")


@record
class Stored:
    """A result as it was."""

    origin: str
    scenarios: tuple[Mapping[str, Any], ...]

    def like(self, scenario: Mapping[str, Any]) -> Mapping[str, Any]:
        """The stored scenario of the same name as one of today.

        Raises:
            UsageError: there is none, or its amounts are in another currency.
        """
        name = scenario["name"]
        for found in self.scenarios:
            if found["name"] == name:
                if found["currency"] != scenario["currency"]:
                    raise UsageError(
                        f"{self.origin}: amounts are in {found['currency']}, not {scenario['currency']}; "
                        "write it again, or give --currency"
                    )
                return found
        names = ", ".join(str(found["name"]) for found in self.scenarios)
        raise UsageError(f"{self.origin}: holds no scenario named {name!r:.80}, but {names:.200}; write it again")


def read_stored(path: str | Path) -> Stored:
    """Read the JSON of `estimator compare -f json` or `estimator check -f json`.

    Raises:
        UsageError: the file is missing, or is no such result.
    """
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{file}: larger than {LARGEST:,} bytes; write the result of fewer scenarios")
        data = json.loads(bounded_text(file, LARGEST, "utf-8-sig"))
    except (UnicodeDecodeError, RecursionError, json.JSONDecodeError):
        raise UsageError(f"{file}: not JSON; write it with: estimator compare FILE -o {file}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"{file}: cannot be read: {reason}; check the path, or write it with: estimator compare FILE -o {file}"
        ) from None
    scenarios = data.get("scenarios") if isinstance(data, dict) else None
    if data.get("schema_version") != SCHEMA_VERSION if isinstance(data, dict) else True:
        raise UsageError(f"{file}: no result of schema version {SCHEMA_VERSION}; write it again with this version")
    if not isinstance(scenarios, list) or not all(_is_scenario(item) for item in scenarios):
        raise UsageError(f"{file}: no result of estimator compare -f json; write it again with this version")
    return Stored(str(file), tuple(scenarios))


def _is_scenario(item: Any) -> bool:
    return isinstance(item, dict) and all(key in item for key in _NEEDED) and bool(item["options"])
