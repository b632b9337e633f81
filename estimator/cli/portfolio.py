"""`estimator portfolio`: many scenario files as one budget."""

from typing import Annotated

import typer

from estimator.cli.app import Calibration, Form, On, Output, Overlay, app, show, world


@app.command(epilog="Example: estimator portfolio examples -f markdown -o portfolio.md")
def portfolio(
    paths: Annotated[
        list[str], typer.Argument(help="Folders, patterns in quotes, or scenario files.", metavar="PATH...")
    ],
    option: Annotated[
        str | None, typer.Option(help="Option taken where a scenario has it; the choice of the verdict elsewhere.")
    ] = None,
    form: Form = None,
    output: Output = None,
    draws: Annotated[int, typer.Option(help="Number of futures.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the futures.")] = 0,
    on: On = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
) -> None:
    """Options, totals and budget by month of many scenario files, and what they share."""
    from estimator import questions
    from estimator.cli.files import day
    from estimator.report.portfolio import portfolio_sheet
    from estimator.scenario import load, scenario_files

    files = scenario_files(paths)
    found = questions.portfolio(
        [load(file) for file in files],
        labels=[str(file) for file in files],
        option=option,
        draws=draws,
        seed=seed,
        catalog=world(overlay, calibration),
        on=day(on),
    )
    show(portfolio_sheet(found), form, output)
