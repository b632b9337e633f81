"""`estimator simulate` and `estimator sensitivity`: how sure, what moves the result, what is worth measuring."""

import enum
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
    refuse_given,
    show,
    world,
)


class Method(enum.StrEnum):
    """Ways of asking what matters."""

    tornado = "tornado"
    sobol = "sobol"
    evppi = "evppi"


@app.command(
    epilog=examples(
        "estimator simulate examples/triage.yaml",
        "estimator simulate examples/triage.yaml --precision 0.01",
    )
)
def simulate(
    file: File,
    precision: Annotated[
        float | None,
        typer.Option(help="Double the futures until the errors of lead and odds are below this share, e.g. 0.01."),
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
    """Odds, regret and fans by month, and how the choice depends on what one correct answer is worth."""
    from estimator import questions
    from estimator.cli.files import day, read_scenario
    from estimator.report.simulate import simulation_sheet

    scenario, prices, when = read_scenario(file, changes), world(overlay, calibration), day(on)
    with in_currency(currency, rates, prices, [scenario], when):
        found = questions.simulate(scenario, precision=precision, draws=draws, seed=seed, catalog=prices, on=when)
        show(simulation_sheet(found), form, output)


@app.command(
    epilog=examples(
        "estimator sensitivity examples/triage.yaml",
        "estimator sensitivity examples/triage.yaml --method evppi -o worth.md",
    )
)
def sensitivity(
    context: typer.Context,
    file: File,
    method: Annotated[
        Method,
        typer.Option(
            "--method",
            "-m",
            help="tornado: one input at a time; sobol: shares of the variance; evppi: what is worth measuring.",
        ),
    ] = Method.tornado,
    top: Annotated[int, typer.Option(help="Inputs shown.")] = 15,
    option: Annotated[str | None, typer.Option(help="Look at this option; the best where none is given.")] = None,
    against: Annotated[
        str | None, typer.Option(help="Compare it with this one; the runner-up or the best where none is given.")
    ] = None,
    points: Annotated[int, typer.Option(help="Points per block of the Sobol' design, a power of 2.")] = 512,
    pilot_labels: Annotated[float, typer.Option(help="Labels of the pilot whose worth is told.")] = 200,
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
    """Which inputs move the choice, and which are worth measuring before it is made."""
    from estimator import questions
    from estimator.cli.files import day, read_scenario
    from estimator.report.sensitivity import sensitivity_sheet

    for name, only in (("points", Method.sobol), ("pilot_labels", Method.evppi)):
        if method is not only:
            refuse_given(context, [name], f"goes with --method {only.value}, not with {method.value}; drop it")
    scenario, prices, when = read_scenario(file, changes), world(overlay, calibration), day(on)
    with in_currency(currency, rates, prices, [scenario], when):
        found = questions.sensitivity(
            scenario,
            method=method.value,
            top=top,
            option=option,
            against=against,
            points=points,
            pilot_labels=pilot_labels,
            draws=draws,
            seed=seed,
            catalog=prices,
            on=when,
        )
        show(sensitivity_sheet(found), form, output)
