"""What set each setting of a command: a flag, the environment, the scenario file, or nothing."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from estimator.cli.app import format_name
from estimator.report import SUFFIXES

if TYPE_CHECKING:
    from estimator.report.settings import Origin, Setting
    from estimator.results import Estimate

SHOWN = {
    "draws": "draws",
    "seed": "seed",
    "on": "on",
    "currency": "currency",
    "rates": "rates",
    "catalog": "overlay",
    "calibration": "calibration",
    "format": "form",
}
"""Parameters of a verb by the name of their flag."""


def settings_of(context: typer.Context, estimate: "Estimate", changes: Iterable[str]) -> "tuple[Setting, ...]":
    """Settings with which an estimate was computed."""
    from estimator.report.settings import Setting

    by_source: dict[str, Origin] = {"COMMANDLINE": "flag", "ENVIRONMENT": "env"}
    found = []
    for name, parameter in SHOWN.items():
        source = context.get_parameter_source(parameter)
        origin: Origin = by_source.get(source.name if source else "", "default")
        value = context.params.get(parameter)
        if name == "on":
            value = estimate.on.isoformat()
            if origin == "default" and estimate.scenario.prices_on is not None:
                origin = "file"
        elif name == "currency":
            value = estimate.currency.words
        elif name == "format":
            value, origin = _format(context, origin)
        shown = str(value) if value is not None else "the package's own" if name in {"catalog", "rates"} else "none"
        found.append(Setting(name, shown, origin))
    for change in changes:
        path, _, value = change.partition("=")
        found.append(Setting(f"set {path.strip()}", value.strip(), "flag"))
    return tuple(found)


def _format(context: typer.Context, origin: "Origin") -> "tuple[str, Origin]":
    """The format, which also the suffix of a file or ESTIMATOR_FORMAT can ask for."""
    form, output = context.params.get("form"), context.params.get("output")
    name = format_name(form, output)
    if origin == "flag" or (output is not None and name == SUFFIXES.get(output.suffix.lower())):
        return name, "flag"
    return name, "env" if os.environ.get("ESTIMATOR_FORMAT") else "default"
