"""`estimator compare`: the options of one file, and several files side by side."""

from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
    Draws,
    Form,
    On,
    Output,
    Overlay,
    Quiet,
    Seed,
    Set,
    app,
    format_name,
    note,
    world,
)
from estimator.errors import UsageError


@app.command(epilog="Example: estimator compare examples/triage.yaml -f markdown -o triage.md")
def compare(
    files: Annotated[list[str], typer.Argument(help="Scenario files; - reads one from stdin.", metavar="FILE...")],
    form: Form = None,
    output: Output = None,
    changes: Set = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
    quiet: Quiet = False,
) -> None:
    """Compare the options within a scenario file, and several files side by side."""
    from estimator import pipeline
    from estimator.cli.files import day, read_scenario, write
    from estimator.report import FORMATS

    if files.count("-") > 1:
        raise UsageError("FILE: - is given twice, but there is one stdin; name the other files")
    name = format_name(form, output)
    scenarios = [read_scenario(file, changes) for file in files]
    result = pipeline.compare(scenarios, draws=draws, seed=seed, catalog=world(overlay, calibration), on=day(on))
    write(FORMATS[name](result), output)
    if not quiet and name != "table":
        for estimate in result.estimates:
            for text in estimate.warnings:
                note(text)
