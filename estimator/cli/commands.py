"""All verbs, in the order of `estimator --help`: importing a module adds its verbs to the application."""

from estimator.cli import (
    breakdown,
    calibrate,
    catalog,
    compare,
    diff,
    explain,
    labels,
    learn,
    memory,
    portfolio,
    retrieval,
    serve,
    start,
    training,
    validate,
)
from estimator.cli.app import app

__all__ = [
    "app",
    "breakdown",
    "calibrate",
    "catalog",
    "compare",
    "diff",
    "explain",
    "labels",
    "learn",
    "memory",
    "portfolio",
    "retrieval",
    "serve",
    "start",
    "training",
    "validate",
]
