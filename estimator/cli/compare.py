"""`estimator compare`: the options of one file, and several files side by side."""

from pathlib import Path
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
    Rates,
    Seed,
    Set,
    app,
    csv_with,
    currency_asked,
    examples,
    format_name,
    note,
    refuse_given,
    rendered,
    world,
)
from estimator.cli.diff import against_stored


@app.command(
    epilog=examples(
        "estimator compare examples/triage.yaml",
        "estimator compare examples/triage.yaml examples/policy-assistant.yaml --draws 2000",
        "estimator compare examples/triage.yaml -f markdown -o triage.md",
        "estimator examples/triage.yaml                 # a file in place of a verb is compared",
    )
)
def compare(
    context: typer.Context,
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
    """Compare the options within a scenario file, and several files side by side.

    Of several files, what changed comes first, then what each changed input did to cost and net benefit, then the
    options side by side.
    """
    from estimator.cli.files import day, named_files, read_scenario, write
    from estimator.money import shown_in

    if base is not None:
        refuse_given(context, ("everything", "columns"), "has no meaning with --compare-to; drop one of them")
    form = csv_with(columns, form, output)
    names = named_files(files, recursive=recursive)
    scenarios = [read_scenario(file, changes) for file in names]

    from estimator import comparing  # after the files: one that is not valid is refused without the rooms
    from estimator.report import FORMATS, FULL_FORMATS

    prices, when = world(overlay, calibration), day(on)
    money = currency_asked(currency, rates, prices, scenarios, when)
    if base is not None:
        with shown_in(money):
            against_stored(base, scenarios, draws=draws, seed=seed, catalog=prices, on=when, form=form, output=output)
        return
    result = comparing.compare(
        scenarios,
        draws=draws,
        seed=seed,
        catalog=prices,
        on=when,
        currency=money,
        origins=names,
        thorough=everything,
        lean=True,
    )
    whole = everything or len(names) == 1 or format_name(form, output) == "json"
    if whole and format_name(form, output) != "csv":  # what several files differ in leaves out what would turn each
        from estimator.questions import with_flips

        result = with_flips(result, catalog=prices)
    shown = FULL_FORMATS if everything else FORMATS
    if columns is not None:
        from estimator.report.focus import FOCUS

        shown = FOCUS
    write(rendered(shown, result, form, output), output)
    if format_name(form, output) != "table" or not whole:
        for label, estimate in zip(result.labels, result.estimates, strict=True):
            for text in estimate.warnings:
                note(text if len(names) == 1 else f"{label}: {text}")
