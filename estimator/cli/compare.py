"""`estimator compare`: the options of one file, and several files side by side."""

from pathlib import Path
from typing import Annotated

import typer

from estimator.cli.app import Calibration, Form, On, Output, Overlay, Quiet, app, format_name, note, world
from estimator.cli.diff import against_stored


@app.command(epilog="Example: estimator compare examples/triage.yaml -f markdown -o triage.md")
def compare(
    files: Annotated[
        list[str],
        typer.Argument(help="Scenario files, folders or patterns; - reads one from stdin.", metavar="FILE..."),
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Show every scenario whole, and what each input did however many changed.")
    ] = False,
    base: Annotated[
        Path | None,
        typer.Option(
            "--compare-to", metavar="BASE.json", help="Tell what changed since a result that compare -o wrote earlier."
        ),
    ] = None,
    recursive: Annotated[bool, typer.Option("--recursive", help="Look into the folders of a folder too.")] = False,
    form: Form = None,
    output: Output = None,
    draws: Annotated[int, typer.Option(help="Number of futures.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the futures.")] = 0,
    on: On = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
    quiet: Quiet = False,
) -> None:
    """Compare the options within a scenario file, and several files side by side.

    Of several files, what changed comes first, then what each changed input did to cost and net benefit, then the
    options side by side.
    """
    from estimator import comparing
    from estimator.cli.files import day, read_scenario, scenario_files, write
    from estimator.report import FORMATS, FULL_FORMATS

    name = format_name(form, output)
    names = scenario_files(files, recursive=recursive)
    scenarios = [read_scenario(file) for file in names]
    prices, when = world(overlay, calibration), day(on)
    if base is not None:
        against_stored(base, scenarios, draws=draws, seed=seed, catalog=prices, on=when, form=name, output=output)
        return
    result = comparing.compare(
        scenarios,
        draws=draws,
        seed=seed,
        catalog=prices,
        on=when,
        origins=names,
        thorough=everything,
    )
    write((FULL_FORMATS if everything else FORMATS)[name](result), output)
    if not quiet and name != "table":
        for estimate in result.estimates:
            for text in estimate.warnings:
                note(text)
