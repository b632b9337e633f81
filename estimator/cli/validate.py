"""`estimator validate`: predictions beside published measurements, or beside the user's own."""

from pathlib import Path
from typing import Annotated

import typer

from estimator.cli.app import Form, Output, app, examples, show
from estimator.cli.completing import prediction_names
from estimator.errors import UsageError


@app.command(
    epilog=examples(
        "estimator validate memory",
        "estimator validate all -o ledger.md",
        "estimator validate index -f json",
        "estimator validate memory --cases my_runs.json -o errors.csv",
    )
)
def validate(
    what: Annotated[
        str,
        typer.Argument(
            help="memory, fit, time, serving, index, quality or all.", metavar="WHAT", autocompletion=prediction_names
        ),
    ],
    cases: Annotated[Path | None, typer.Option(help="Cases of your own; the bundled ones where not given.")] = None,
    live: Annotated[
        str | None, typer.Option(help="index only: build with hnswlib, faiss, usearch or pgvector and compare.")
    ] = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Compare predictions with measurements: n, median, p90, bias by group, and the worst cases."""
    from estimator.validation import ALL, ledger_sheet, validate_all, validation_sheet
    from estimator.validation import validate as run_validation

    if live is not None:
        from estimator.validation.index_live import validate_live

        show(validation_sheet(validate_live(what, live, cases)), form, output)
        return
    if what == ALL:
        if cases is not None:
            raise UsageError("--cases: holds cases of one kind; name that kind in place of all")
        show(ledger_sheet(validate_all()), form, output)
        return
    show(validation_sheet(run_validation(what, cases)), form, output)
