"""The application with all its verbs: importing a module adds the verbs that it has."""

from importlib import import_module

from estimator.cli.app import app
from estimator.cli.verbs import MODULES

for _module in sorted(set(MODULES.values())):
    import_module(f"estimator.cli.{_module}")

__all__ = ["app"]
