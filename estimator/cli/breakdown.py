"""`estimator breakdown`: what an option costs, line by line."""

from typing import Annotated

import typer

from estimator.cli.app import Calibration, Draws, Form, On, Output, Overlay, Seed, Set, app, examples, show, world


@app.command(
    epilog=examples(
        "estimator breakdown examples/triage.yaml --option lora",
        "estimator breakdown examples/triage.yaml -o costs.csv",
    )
)
def breakdown(
    file: Annotated[str, typer.Argument(help="Scenario file; - reads it from stdin.", metavar="FILE")],
    option: Annotated[str | None, typer.Option(help="Break this option down only.")] = None,
    form: Form = None,
    output: Output = None,
    changes: Set = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
) -> None:
    """Show what an option costs, line by line: quantity × unit price = amount, and where prices come from."""
    from estimator.cli.files import day, read_scenario
    from estimator.questions import breakdown as question
    from estimator.report.breakdown import breakdown_sheet

    scenario = read_scenario(file, changes)
    answer = question.breakdown(
        scenario, option=option, draws=draws, seed=seed, catalog=world(overlay, calibration), on=day(on)
    )
    show(breakdown_sheet(answer), form, output)
