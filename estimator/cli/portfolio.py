"""`estimator portfolio`: many scenario files as one budget."""

from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
    Draws,
    Form,
    InCurrency,
    On,
    Output,
    Overlay,
    Rates,
    Seed,
    Set,
    app,
    examples,
    in_currency,
    show,
    world,
)
from estimator.cli.manners import detail


@app.command(
    epilog=examples(
        "estimator portfolio examples --draws 2000",
        "estimator portfolio examples -f markdown -o portfolio.md",
        "estimator portfolio 'examples/*.yaml' --option lora",
    )
)
def portfolio(
    paths: Annotated[
        list[str], typer.Argument(help="Folders, patterns in quotes, or scenario files.", metavar="PATH...")
    ],
    option: Annotated[
        str | None, typer.Option(help="Option taken where a scenario has it; the choice of the verdict elsewhere.")
    ] = None,
    form: Form = None,
    output: Output = None,
    changes: Set = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
) -> None:
    """Options, totals and budget by month of many scenario files, and what they share."""
    from estimator import questions
    from estimator.cli.files import day, distinct, named_files, read_scenario
    from estimator.report.portfolio import portfolio_sheet

    files = distinct(named_files(paths))  # a budget counts each once
    detail(f"read {len(files)} scenario files: {', '.join(files)}")
    scenarios, prices, when = [read_scenario(file, changes) for file in files], world(overlay, calibration), day(on)
    with in_currency(currency, rates, prices, scenarios, when):
        found = questions.portfolio(
            scenarios, labels=files, option=option, draws=draws, seed=seed, catalog=prices, on=when
        )
        show(portfolio_sheet(found), form, output)
