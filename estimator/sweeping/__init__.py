"""What do thousands of scenarios say? Points in, one Parquet row per point and option out, on any executor."""

from estimator.sweeping.parts import read_sweep
from estimator.sweeping.points import parse_grid
from estimator.sweeping.run import SweepRun, sweep, worker_pool

__all__ = ["SweepRun", "parse_grid", "read_sweep", "sweep", "worker_pool"]
