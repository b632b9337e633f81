"""What set each setting of a command: a flag, the environment, the scenario file, or nothing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from estimator.report.settings import Origin, Setting
    from estimator.results import Estimate

SHOWN = {"draws": "draws", "seed": "seed", "on": "on", "catalog": "overlay", "calibration": "calibration"}
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
        shown = "the package's own" if value is None and name == "catalog" else "none" if value is None else str(value)
        found.append(Setting(name, shown, origin))
    for change in changes:
        path, _, value = change.partition("=")
        found.append(Setting(f"set {path.strip()}", value.strip(), "flag"))
    return tuple(found)
