"""What do thousands of scenarios say? Points in, one Parquet row per point and option out, on any executor."""

from estimator.sweeping.parts import read_sweep
from estimator.sweeping.points import parse_grid
from estimator.sweeping.pool import worker_pool
from estimator.sweeping.run import SweepRun, sweep
from estimator.sweeping.summary import Choice, OptionOverPoints, Spread, SweepSummary, summary_of

__all__ = [
    "Choice",
    "OptionOverPoints",
    "Spread",
    "SweepRun",
    "SweepSummary",
    "parse_grid",
    "read_sweep",
    "summary_of",
    "sweep",
    "worker_pool",
]
