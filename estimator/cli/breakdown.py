"""`estimator breakdown`: what an option costs, line by line."""

from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
    ColumnSet,
    Draws,
    File,
    Form,
    InCurrency,
    On,
    Output,
    Overlay,
    Rates,
    Seed,
    Set,
    app,
    csv_with,
    examples,
    in_currency,
    show,
    world,
)


@app.command(
    epilog=examples(
        "estimator breakdown examples/triage.yaml --option lora",
        "estimator breakdown examples/triage.yaml -o costs.csv",
    )
)
def breakdown(
    file: File,
    option: Annotated[str | None, typer.Option(help="Break this option down only.")] = None,
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
) -> None:
    """Show what an option costs, line by line: quantity × unit price = amount, and where prices come from."""
    from estimator.cli.files import day, read_scenario, write
    from estimator.questions import breakdown as question
    from estimator.report.breakdown import breakdown_sheet
    from estimator.report.focus import focus_rows
    from estimator.report.layout import csv_lines

    form = csv_with(columns, form, output)
    scenario, prices, when = read_scenario(file, changes), world(overlay, calibration), day(on)
    with in_currency(currency, rates, prices, [scenario], when):
        answer = question.breakdown(scenario, option=option, draws=draws, seed=seed, catalog=prices, on=when)
        if columns is None:
            show(breakdown_sheet(answer), form, output)
        else:
            names = [found.name for found in answer.options]
            write(csv_lines(tuple(focus_rows(answer.estimate, options=names))), output)
