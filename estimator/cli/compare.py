"""`estimator compare`: the options of one file, and several files side by side."""

from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
    ColumnSet,
    Form,
    On,
    Output,
    Overlay,
    Quiet,
    app,
    format_name,
    note,
    renderer,
    world,
)
from estimator.errors import UsageError


@app.command(epilog="Example: estimator compare examples/triage.yaml -f markdown -o triage.md")
def compare(
    files: Annotated[list[str], typer.Argument(help="Scenario files; - reads one from stdin.", metavar="FILE...")],
    form: Form = None,
    output: Output = None,
    columns: ColumnSet = None,
    draws: Annotated[int, typer.Option(help="Number of futures.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the futures.")] = 0,
    on: On = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
    quiet: Quiet = False,
) -> None:
    """Compare the options within a scenario file, and several files side by side."""
    from estimator import pipeline
    from estimator.cli.files import day, read_scenario, write

    if files.count("-") > 1:
        raise UsageError("FILE: - is given twice, but there is one stdin; name the other files")
    name, render = format_name(form, output), renderer(form, output, columns)
    scenarios = [read_scenario(file) for file in files]
    result = pipeline.compare(scenarios, draws=draws, seed=seed, catalog=world(overlay, calibration), on=day(on))
    write(render(result), output)
    if not quiet and name != "table":
        for estimate in result.estimates:
            for text in estimate.warnings:
                note(text)
