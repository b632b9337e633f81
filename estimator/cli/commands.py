"""All verbs, in the order of `estimator --help`: importing a module adds its verbs to the application."""

from estimator.cli import (
    compare,
    labels,
    learn,
    start,
    validate,
)
from estimator.cli.app import app

__all__ = ["app", "compare", "labels", "learn", "start", "validate"]
