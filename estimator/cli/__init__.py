"""The command line: parse, call, render. Exit codes are documented in `docs/cli.md`."""

from estimator.cli.main import main

__all__ = ["main"]
