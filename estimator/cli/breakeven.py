"""`estimator breakeven`: what would have to be true for another answer."""

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
from estimator.errors import UsageError


@app.command(
    epilog=examples(
        "estimator breakeven examples/triage.yaml",
        "estimator breakeven examples/triage.yaml --x requests_per_month --y value_per_success",
    )
)
def breakeven(
    context: typer.Context,
    file: File,
    x: Annotated[
        str | None, typer.Option("--x", metavar="KEY", help="Input to move; every input is looked at without it.")
    ] = None,
    y: Annotated[str | None, typer.Option("--y", metavar="KEY", help="Second input, for a map over two.")] = None,
    option: Annotated[
        str | None, typer.Option(help="Option whose gain is asked for; tuned against untuned ones where not given.")
    ] = None,
    against: Annotated[str | None, typer.Option(help="Option to hold against it; else the best of the others.")] = None,
    steps: Annotated[int, typer.Option(help="Values of each input.")] = 50,
    x_range: Annotated[
        str | None, typer.Option("--range", metavar="LOW..HIGH", help="Range of --x, e.g. 10k..1M.")
    ] = None,
    y_range: Annotated[str | None, typer.Option("--range-y", metavar="LOW..HIGH", help="Range of --y.")] = None,
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
    """Find the values of inputs at which the choice changes: for every input, along one, or over two."""
    from estimator import pipeline, questions
    from estimator.cli.files import day, read_scenario
    from estimator.report import breakeven as sheets

    if x is None:
        refuse_given(context, ("y", "steps", "x_range", "y_range"), "given without --x; name the first input by --x")
    prices, when, scenario = world(overlay, calibration), day(on), read_scenario(file, changes)
    with in_currency(currency, rates, prices, [scenario], when):
        if x is None:
            base = pipeline.estimate(scenario, draws=draws, seed=seed, catalog=prices, on=when)
            flips = questions.flip_points(base, catalog=prices, option=option, against=against)
            show(sheets.flips_sheet(flips), form, output)
            return
        found = questions.breakeven(
            scenario,
            x=x,
            y=y,
            steps=steps,
            option=option,
            against=against,
            x_range=_bounds("--range", x_range),
            y_range=_bounds("--range-y", y_range),
            draws=draws,
            seed=seed,
            catalog=prices,
            on=when,
        )
        if isinstance(found, questions.BreakEvenGrid):
            show(sheets.grid_sheet(found), form, output)
        else:
            show(sheets.curve_sheet(found), form, output)


def _bounds(flag: str, text: str | None) -> tuple[float, float] | None:
    """Two numbers with dots between them."""
    from estimator.scenario.number import parse_number

    if text is None:
        return None
    low, dots, high = text.partition("..")
    if not dots:
        raise UsageError(f"{flag}: {text!r} is no range; give two numbers such as 10k..1M")
    try:
        return parse_number(low), parse_number(high)
    except ValueError as error:
        raise UsageError(f"{flag}: {error}") from None
