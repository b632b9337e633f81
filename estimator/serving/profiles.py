"""How load is spread over the hours of a day or a week."""

import numpy as np

from estimator.errors import InputError, did_you_mean
from estimator.units import Array

OFFICE_PERCENT = (20, 15, 10, 10, 10, 15, 30, 60, 90, 100, 100, 95, 90, 95, 100, 100, 95, 85, 70, 60, 50, 40, 30, 25)
OFFICE_DAY: Array = np.array(OFFICE_PERCENT) / 100.0
"""Load by hour of an office day over its peak; mean 0.58. Judgement."""
WEEKEND = 0.25
"""Load of a weekend day over that of a working day, offices. Judgement. [1]"""
CONSUMER_PERCENT = (45, 30, 20, 15, 15, 20, 30, 45, 55, 60, 65, 70, 75, 75, 75, 75, 80, 85, 90, 95, 100, 100, 85, 65)
CONSUMER_DAY: Array = np.array(CONSUMER_PERCENT) / 100.0
"""Load by hour of a consumer day over its peak, busiest in the evening. Judgement."""
PROFILES: dict[str, Array] = {
    "office": OFFICE_DAY,
    "office-week": np.concatenate([np.tile(OFFICE_DAY, 5), np.tile(OFFICE_DAY * WEEKEND, 2)]),
    "consumer": CONSUMER_DAY,
    "flat": np.ones(24),
}
"""Load by hour over the peak hour, by name; 24 or 168 hours."""


def profile_of(name: str) -> Array:
    """A profile by name.

    Args:
        name: One of `PROFILES`. [text]

    Returns:
        Load by hour over its peak. [1]

    Raises:
        InputError: no such profile.

    Source: team judgement; an office day has mean over peak 0.58.
    """
    if name not in PROFILES:
        raise InputError(f"profile: {name!r} is not one of {', '.join(PROFILES)}{did_you_mean(name, PROFILES)}")
    return PROFILES[name]
