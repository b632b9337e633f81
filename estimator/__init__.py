"""Is fine-tuning an LLM worth it, compared with prompt engineering and retrieval?

>>> from estimator import Scenario, compare, estimate
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from estimator.catalog import Catalog, load_catalog
    from estimator.comparing import compare
    from estimator.errors import EstimatorError
    from estimator.fitting import MemoryAnswer, memory_of
    from estimator.pipeline import estimate
    from estimator.questions import (
        breakeven,
        estimate_precisely,
        flip_points,
        labelling_project,
        learn,
        portfolio,
        retrain,
        sensitivity,
        simulate,
        with_flips,
    )
    from estimator.results import Comparison, Estimate
    from estimator.scenario import Scenario, dumps, load, loads
    from estimator.sweeping import SweepRun, read_sweep, sweep

__version__ = "0.1.0"
__all__ = [
    "Catalog",
    "Comparison",
    "Estimate",
    "EstimatorError",
    "MemoryAnswer",
    "Scenario",
    "SweepRun",
    "__version__",
    "breakeven",
    "compare",
    "dumps",
    "estimate",
    "estimate_precisely",
    "flip_points",
    "labelling_project",
    "learn",
    "load",
    "load_catalog",
    "loads",
    "memory_of",
    "portfolio",
    "read_sweep",
    "retrain",
    "sensitivity",
    "simulate",
    "sweep",
    "with_flips",
]

_HOME = {
    "Catalog": "estimator.catalog",
    "load_catalog": "estimator.catalog",
    "EstimatorError": "estimator.errors",
    "MemoryAnswer": "estimator.fitting",
    "memory_of": "estimator.fitting",
    "compare": "estimator.comparing",
    "estimate": "estimator.pipeline",
    "breakeven": "estimator.questions",
    "estimate_precisely": "estimator.questions",
    "flip_points": "estimator.questions",
    "labelling_project": "estimator.questions",
    "learn": "estimator.questions",
    "portfolio": "estimator.questions",
    "retrain": "estimator.questions",
    "sensitivity": "estimator.questions",
    "simulate": "estimator.questions",
    "with_flips": "estimator.questions",
    "Comparison": "estimator.results",
    "Estimate": "estimator.results",
    "Scenario": "estimator.scenario",
    "dumps": "estimator.scenario",
    "load": "estimator.scenario",
    "loads": "estimator.scenario",
    "SweepRun": "estimator.sweeping",
    "read_sweep": "estimator.sweeping",
    "sweep": "estimator.sweeping",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that `estimator --help` stays fast."""
    if name not in _HOME:
        raise AttributeError(f"module 'estimator' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
