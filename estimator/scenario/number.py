"""One number as people write it: `63k`, `5%`, `1.5M`."""

import math
import re
from typing import Any

FORMS = 'a number, "a to b", {low, mode, high}, {p5, p50, p95} or {values, weights}'
"""What a quantity may be, for messages."""
_SUFFIXES = {"": 1.0, "%": 0.01, "k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
_NUMBER = re.compile(r"^([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([%kKmMBGT]?)$")
LONGEST = 80
"""Characters of the longest text tried as a number; longer ones would only cost time."""


def parse_number(given: Any) -> float:
    """One finite number, with an optional suffix `k`, `M`, `B`, `T` or `%`.

    Raises:
        ValueError: it is none.

    >>> parse_number("1.5M")
    1500000.0
    """
    if isinstance(given, bool):
        raise ValueError(f"{str(given).lower()} is a boolean, not a number; give {FORMS}")
    if isinstance(given, (int, float)):
        number = _finite(given)
    elif isinstance(given, str) and len(given) <= LONGEST and (match := _NUMBER.match(given.strip())):
        number = _finite(float(match[1].replace("_", "")))
        if match[2]:
            number = float(f"{number * _SUFFIXES[match[2]]:.15g}")
    else:
        shown = _shown(given)
        raise ValueError(f"{shown} is not a number; give {FORMS}")
    return number


def _shown(given: Any) -> str:
    text = repr(given[:LONGEST] if isinstance(given, str) else given)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _finite(given: float) -> float:
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{given!r:.40} is not a finite number")
    return number
