"""Every warning of an estimate has a code, so that it can be looked up, counted and silenced by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

CODES: Mapping[str, str] = MappingProxyType(
    {
        "W001": "priced as another entry of the price list",
        "W002": "price changes with the time of day",
        "W003": "model is shut down already",
        "W004": "model is deprecated",
        "W005": "base model retires inside the horizon",
        "W006": "platform stops training inside the horizon",
        "W007": "tuned model ends on a known day",
        "W008": "pilot leaves the learning curve uncertain",
        "W009": "pilot contradicts itself",
        "W010": "quality extrapolated beyond the pilot",
        "W011": "licence has conditions, forbids the use, or is unknown",
        "W012": "price older than 90 days",
        "W013": "constraint cannot be checked",
        "W014": "wide judgement drives the choice",
        "W015": "every driver of the choice is a default",
        "W016": "too few futures to tell the best two options apart",
        "W017": "tuned weights stay on a closed platform",
        "W018": "embedding model retires inside the horizon",
    }
)
"""What each code means."""


class Warned(str):
    """A warning in words that knows its code."""

    code: str

    def __new__(cls, code: str, text: str) -> Self:
        """Words under a code of `CODES`.

        >>> Warned("W004", "old").code, Warned("W004", "old") == "old"
        ('W004', True)
        """
        if code not in CODES:
            raise ValueError(f"{code} is no code of a warning")
        made = super().__new__(cls, text)
        made.code = code
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        """What a copy is made of."""
        return type(self), (self.code, str(self))
