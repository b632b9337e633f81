"""`estimator check`: scenario files against their schema, the age of their prices, and a policy."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    currency_asked,
    examples,
    show,
    world,
)

if TYPE_CHECKING:
    from estimator.policy import CheckedFile


@app.command(
    epilog=examples(
        "estimator check examples --policy examples/ci/policy.yaml",
        "estimator check examples --policy examples/ci/policy.yaml --github",
    )
)
def check(
    paths: Annotated[
        list[str],
        typer.Argument(help="Scenario files, folders, or patterns in quotes; - reads stdin.", metavar="PATH..."),
    ],
    policy: Annotated[
        Path | None,
        typer.Option(
            envvar="ESTIMATOR_POLICY",
            metavar="FILE",
            help="Conditions to hold the result against; policy: of the scenario where not given.",
        ),
    ] = None,
    compare_to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Result before, written by -f json, for increase. and change. in a policy."),
    ] = None,
    github: Annotated[bool, typer.Option("--github", help="Annotations for GitHub Actions on stderr.")] = False,
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
    """Hold scenario files against schema, prices and policy: exit 4 where a condition of fail_if holds.

    The result is written first. Every file is checked, also where an earlier one is invalid.
    """
    from estimator.cli.files import day, named_files, read_scenario
    from estimator.errors import EstimatorError
    from estimator.pipeline import estimate
    from estimator.policy import CheckedFile, check_estimate, exit_code_of, read_stored
    from estimator.report.policy import check_sheet, github_lines
    from estimator.scenario import load_policy

    rules = load_policy(policy) if policy else None
    base = read_stored(compare_to) if compare_to else None
    prices, when = world(overlay, calibration), day(on)

    def one(file: str) -> "CheckedFile":
        try:
            scenario = read_scenario(file, changes)
            money = currency_asked(currency, rates, prices, [scenario], when)
            found = estimate(scenario, draws=draws, seed=seed, catalog=prices, on=when, currency=money, lean=True)
            return check_estimate(file, found, policy=rules, origin=str(policy), base=base)
        except EstimatorError as error:
            text = " ".join(str(error).split())
            named = text if text.startswith(file) else f"{file}: {text}"
            return CheckedFile(file, None, None, error=named, exit_code=error.exit_code)

    checked = [one(file) for file in named_files(paths)]
    show(check_sheet(checked), form, output)
    for file in checked:
        if file.error:
            print(f"error: {file.error}", file=sys.stderr)
    for line in github_lines(checked) if github else ():
        print(line, file=sys.stderr)
    if code := exit_code_of(checked):
        raise typer.Exit(code)
