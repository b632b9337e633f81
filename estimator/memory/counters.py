"""What three counters show."""

from typing import NamedTuple

from estimator.units import Value


class Interval(NamedTuple):
    """A value with its p5 and p95."""

    low: Value
    value: Value
    high: Value
