"""`estimator explain`: formula, inputs and sources of every number of a result."""

from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
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
    examples,
    in_currency,
    show,
    world,
)


@app.command(
    epilog=examples(
        "estimator explain examples/triage.yaml",
        "estimator explain examples/triage.yaml inference.gpu",
        "estimator explain examples/triage.yaml workload.growth --option lora -f json",
    )
)
def explain(
    context: typer.Context,
    file: File,
    key: Annotated[
        str | None,
        typer.Argument(
            help="An input, a price row, a constant or a ledger line; all are listed where none is given.",
            metavar="KEY",
        ),
    ] = None,
    option: Annotated[str | None, typer.Option(help="Show this option only.")] = None,
    changes: Set = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Tell where a number comes from: value, source, formula, and what it moves."""
    from estimator import explaining
    from estimator.cli.files import day, read_scenario
    from estimator.cli.settings import settings_of
    from estimator.report.explain import explain_sheet

    scenario, prices, when = read_scenario(file, changes), world(overlay, calibration), day(on)
    with in_currency(currency, rates, prices, [scenario], when):
        answer = explaining.explain(scenario, key=key, option=option, draws=draws, seed=seed, catalog=prices, on=when)
        show(explain_sheet(answer, settings_of(context, answer.estimate, changes or ())), form, output)
