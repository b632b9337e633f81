"""`estimator sweep`: one scenario at every combination of some values, as a folder of Parquet parts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
    Draws,
    File,
    Form,
    InCurrency,
    On,
    Overlay,
    Quiet,
    Rates,
    Seed,
    Set,
    app,
    examples,
    in_currency,
    show,
    world,
)

VARY = "--vary"


@app.command(
    epilog=examples(
        "estimator sweep examples/triage.yaml --vary workload.requests_per_month=10k,50k,250k -o sweep-of-volume",
        "estimator sweep examples/triage.yaml --vary options.lora.tuning.labels=500..5000/4 -o labels --workers 4",
    )
)
def sweep(
    file: File,
    vary: Annotated[
        list[str],
        typer.Option(VARY, metavar="PATH=VALUES", help="Values a,b,c of a key, or low..high/steps; repeatable."),
    ],
    folder: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder of the rows, as Parquet.")],
    workers: Annotated[int, typer.Option(help="Processes that share the work.")] = 1,
    changes: Set = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
    form: Form = None,
    quiet: Quiet = False,
) -> None:
    """Estimate every combination of some values; the same command goes on where it was stopped."""
    from estimator import sweeping
    from estimator.cli.files import day, read_scenario
    from estimator.report.sweep import sweep_sheet

    scenario, prices, when = read_scenario(file, changes), world(overlay, calibration), day(on)
    grid = sweeping.parse_grid(vary, flag=VARY)
    with nullcontext() if workers == 1 else sweeping.worker_pool(workers) as executor, _progress(quiet) as progress:
        run = sweeping.sweep(
            scenario,
            grid=grid,
            out=folder,
            executor=executor,
            draws=draws,
            seed=seed,
            catalog=prices,
            on=when,
            progress=progress,
            flag=VARY,
        )
    with in_currency(currency, rates, prices, [scenario], when):  # the rows in the folder stay in USD
        show(sweep_sheet(scenario.name, run, sweeping.summary_of(folder)), form, None)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int | None], None] | None]:
    """A bar on stderr where somebody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("points")
        yield lambda done, total: bar.update(task, completed=done, total=total)
