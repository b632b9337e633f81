"""`estimator report`: the decision memo."""

import enum
from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
    Draws,
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
    note,
    world,
)
from estimator.errors import UsageError


class MemoFormat(enum.StrEnum):
    """Formats of a memo."""

    markdown = "markdown"
    html = "html"


@app.command(
    epilog=examples(
        "estimator report examples/triage.yaml -o memo.html",
        "estimator report examples/triage.yaml -o memo.md --date 2026-11-22 --prepared-by 'A. Analyst'",
        "estimator compare memo.html",
    )
)
def report(
    file: Annotated[str, typer.Argument(help="Scenario file or earlier memo; - reads it from stdin.", metavar="FILE")],
    form: Annotated[
        MemoFormat | None, typer.Option("--format", "-f", help="Default: by suffix of -o, else markdown.")
    ] = None,
    output: Output = None,
    written: Annotated[
        str | None, typer.Option("--date", help="Day of the memo, e.g. 2026-11-22; left open where not given.")
    ] = None,
    prepared_by: Annotated[str, typer.Option(help="Name in the block of signatures.")] = "",
    approved_by: Annotated[str, typer.Option(help="Name in the block of signatures.")] = "",
    changes: Set = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
) -> None:
    """Write the decision memo as HTML or Markdown; the scenario is inside, so the memo can be given in its place."""
    from estimator import comparing, questions
    from estimator.catalog import newest_reading
    from estimator.cli.files import day, read_scenario, write
    from estimator.money import shown_in
    from estimator.questions.sensitivity import advice_on
    from estimator.report import SUFFIXES
    from estimator.report.memo import MEMOS, Frame

    name = form.value if form else SUFFIXES.get(output.suffix.lower(), "") if output else "markdown"
    if name not in MEMOS:
        raise UsageError(f"{output}: a memo is HTML or Markdown; name it memo.html or memo.md, or give -f html")
    catalog = world(overlay, calibration)
    written_on = day(written, "--date")
    scenario, when = read_scenario(file, changes), day(on)
    money = currency_asked(currency, rates, catalog, [scenario], when)
    asked = comparing.compare([scenario], draws=draws, seed=seed, catalog=catalog, on=when, currency=money, lean=True)
    [estimate] = questions.with_flips(asked, catalog=catalog).estimates
    with shown_in(money):
        frame = Frame(
            catalog_read_on=newest_reading(catalog),
            written_on=written_on,
            prepared_by=prepared_by,
            approved_by=approved_by,
            measure=advice_on(estimate, catalog=catalog),
        )
        write(MEMOS[name](estimate, frame), output)
    for text in estimate.warnings:
        note(text)
