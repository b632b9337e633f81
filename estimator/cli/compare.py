"""`estimator compare`: the options of one file, and several files side by side."""

from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
    ColumnSet,
    Draws,
    Form,
    InCurrency,
    On,
    Output,
    Overlay,
    Quiet,
    Rates,
    Seed,
    Set,
    app,
    csv_with,
    examples,
    format_name,
    note,
    rendered,
    shown_currency,
    world,
)
from estimator.errors import UsageError


@app.command(
    epilog=examples(
        "estimator compare examples/triage.yaml",
        "estimator compare examples/triage.yaml examples/policy-assistant.yaml --draws 2000",
        "estimator compare examples/triage.yaml -f markdown -o triage.md",
        "estimator examples/triage.yaml                 # a file in place of a verb is compared",
    )
)
def compare(
    files: Annotated[list[str], typer.Argument(help="Scenario files; - reads one from stdin.", metavar="FILE...")],
    form: Form = None,
    output: Output = None,
    columns: ColumnSet = None,
    changes: Set = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
    quiet: Quiet = False,
) -> None:
    """Compare the options within a scenario file, and several files side by side."""
    from estimator import pipeline, questions
    from estimator.cli.files import day, read_scenario, write
    from estimator.report import FORMATS
    from estimator.report.focus import FOCUS

    if files.count("-") > 1:
        raise UsageError("FILE: - is given twice, but there is one stdin; name the other files")
    form = csv_with(columns, form, output)
    scenarios = [read_scenario(file, changes) for file in files]
    prices, when = world(overlay, calibration), day(on)
    money = shown_currency(currency, rates, prices, scenarios, when)
    if columns is not None and money.code != "USD":
        raise UsageError(
            f"--currency {money.code}: the columns of {columns.value} are in USD; leave one of the two out"
        )
    result = pipeline.compare(scenarios, draws=draws, seed=seed, catalog=prices, on=when, currency=money)
    if format_name(form, output) != "csv":
        result = questions.with_flips(result, catalog=prices)
    write(rendered(FORMATS if columns is None else FOCUS, result, form, output), output)
    if not quiet and format_name(form, output) != "table":
        for estimate in result.estimates:
            for text in estimate.warnings:
                note(text)
