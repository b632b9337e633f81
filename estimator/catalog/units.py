"""The closed list of units of `pricing/`, each with the range in which a value is plausible."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "USD": (0, 1e8),
        "USD/hour": (0, 500),
        "USD/month": (0, 1e6),
        "USD/year": (0, 1e7),
        "USD/label": (0, 1000),
        "USD/Mtok": (0, 200),
        "USD/1k-requests": (0, 100),
        "USD/1k-queries": (0, 100),
        "USD/M-units": (0, 100),
        "USD/M-dimensions-month": (0, 10),
        "USD/GB": (0, 10),
        "USD/GB-month": (0, 50),
        "USD/currency-unit": (1e-7, 10),
        "USD/kWh": (0.01, 1),
        "USD/kW-month": (20, 1000),
        "share": (-1, 1),
        "share/month": (-1, 1),
        "share/year": (-1, 1),
        "share/reward": (0, 1),
        "ratio": (0, 1000),
        "exponent": (0, 5),
        "pp": (-100, 100),
        "pp/year": (-100, 100),
        "hours": (0, 2000),
        "hours/month": (0, 2000),
        "minutes": (0, 600),
        "months": (0, 480),
        "days": (0, 3660),
        "seconds": (0, 86400),
        "milliseconds": (0, 1e5),
        "microseconds": (0, 1e6),
        "date": (date(2015, 1, 1).toordinal(), date(2040, 1, 1).toordinal()),
        "count": (0, 1e9),
        "count/month": (0, 1e6),
        "1/year": (0, 100),
        "tokens": (0, 1e7),
        "bytes": (0, 1e13),
        "bytes/token": (0, 1e7),
        "FLOP/s": (1e9, 1e17),
        "queries/s/core": (1, 1e6),
        "vectors/s/core": (1, 1e6),
        "gCO2e/kWh": (0, 1500),
    }
)
"""Least and greatest plausible value by unit. A price per thousand that is read as one per million falls outside."""
GPU_HOUR_BOUNDS = (0.05, 45.0)
"""Plausible price of one device for an hour, from old cards to a share of a rack; below 1000 apart. [USD/hour]"""
UNITS = frozenset(BOUNDS)
"""Every unit a row may have."""


def implausible(*, unit: str, low: float, high: float) -> str:
    """What is wrong with a value, in words; empty where it lies inside the bounds of its unit.

    Args:
        unit: One of `UNITS`. [text]
        low: Smallest value of the row. [unit]
        high: Greatest value of the row. [unit]

    Returns:
        The complaint, or nothing. [text]

    Source: team judgement: the range of all rows, with room on both sides.

    >>> implausible(unit="USD/Mtok", low=15.0, high=15.0)
    ''
    >>> implausible(unit="USD/Mtok", low=15000.0, high=15000.0)
    '15000 USD/Mtok is outside 0 to 200, which is plausible for the unit; check for a factor of 1000'
    """
    least, most = BOUNDS[unit]
    if least <= low and high <= most:
        return ""
    value = low if low < least else high
    if unit == "date":
        return f"{date.fromordinal(int(value))} is outside 2015 to 2040; check the year"
    plausible = f"{least:g} to {most:g}, which is plausible for the unit"
    return f"{value:g} {unit} is outside {plausible}; check for a factor of 1000"
