"""The application that the verbs join, and the options they share.

Heavy imports happen inside the verbs, so that `--help` is quick.
"""

import enum
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from estimator import __version__
from estimator.cli.files import output_asked
from estimator.cli.grouped import WIDEST, Quiet, Verbs
from estimator.cli.manners import detail, note, screen
from estimator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from estimator.catalog import Catalog
    from estimator.money import Currency
    from estimator.report import Sheet
    from estimator.scenario import Scenario

__all__ = [
    "Calibration",
    "ColumnSet",
    "Columns",
    "Draws",
    "File",
    "Form",
    "Format",
    "InCurrency",
    "On",
    "Output",
    "Overlay",
    "Quiet",
    "Rates",
    "Seed",
    "Set",
    "app",
    "csv_with",
    "currency_asked",
    "examples",
    "format_name",
    "in_currency",
    "note",
    "refuse_given",
    "rendered",
    "show",
    "world",
]
Answer = TypeVar("Answer")
app = typer.Typer(
    name="estimator",
    cls=Verbs,
    context_settings={"max_content_width": WIDEST},
    help="Is fine-tuning an LLM worth it, compared with prompt engineering and retrieval?",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Format(enum.StrEnum):
    """Output formats."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"
    html = "html"


class Columns(enum.StrEnum):
    """Sets of columns that other programs know."""

    focus = "focus"


File = Annotated[str, typer.Argument(help="Scenario file; - reads it from stdin.", metavar="FILE")]
Form = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="Default: by suffix of -o, else ESTIMATOR_FORMAT, else table."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", readable=False, callback=output_asked, help="Write to this file instead of stdout."),
]
ColumnSet = Annotated[
    Columns | None,
    typer.Option("--columns", help="focus: CSV by month in the columns of FOCUS 1.2, to lie beside bills."),
]
On = Annotated[str | None, typer.Option(envvar="ESTIMATOR_ON", help="Day of the prices, e.g. 2026-11-22.")]
Draws = Annotated[int, typer.Option(envvar="ESTIMATOR_DRAWS", help="Number of futures.")]
Seed = Annotated[int, typer.Option(envvar="ESTIMATOR_SEED", help="Seed of the futures.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value of the file, e.g. workload.requests_per_month=63k, task.pilot.0.quality=80%; repeatable.",
    ),
]
Overlay = Annotated[
    Path | None,
    typer.Option(
        "--catalog",
        envvar="ESTIMATOR_CATALOG",
        metavar="DIR",
        help="Folder of private rows, such as negotiated prices, that stand before the package's own.",
    ),
]

InCurrency = Annotated[
    str,
    typer.Option(
        "--currency",
        envvar="ESTIMATOR_CURRENCY",
        metavar="CODE",
        help="Currency of the result, e.g. EUR, at a dated rate.",
    ),
]
Rates = Annotated[
    Path | None,
    typer.Option(
        "--rates",
        envvar="ESTIMATOR_RATES",
        metavar="FILE",
        help="Exchange rates of your own, rows as in pricing/exchange_rates.csv.",
    ),
]

Calibration = Annotated[
    Path | None,
    typer.Option(
        "--calibration",
        envvar="ESTIMATOR_CALIBRATION",
        metavar="FILE",
        help="Factors of your own runs, written by estimator calibrate; they scale training time and memory.",
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"estimator {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    del version


def examples(*lines: str) -> str:
    """The end of a verb's help: lines to copy."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def format_name(form: Format | None, output: Path | None) -> str:
    """The format that was asked for: by `-f`, else by the suffix of `-o`, else by ESTIMATOR_FORMAT, else a table."""
    from estimator.report import SUFFIXES

    suffix = output.suffix.lower() if output else ""
    if form is None and "ESTIMATOR_FORMAT" not in os.environ and suffix and suffix not in SUFFIXES:
        raise UsageError(f"-o {output}: no format is written to {suffix}; give {', '.join(SUFFIXES)}, or -f")
    by_suffix = SUFFIXES.get(suffix)
    usual = os.environ.get("ESTIMATOR_FORMAT") or Format.table.value
    if usual not in {item.value for item in Format}:
        raise UsageError(f"ESTIMATOR_FORMAT: {usual!r:.40} is no format; choose among {', '.join(Format)}")
    return form.value if form else by_suffix or usual


def csv_with(columns: Columns | None, form: Format | None, output: Path | None) -> Format | None:
    """The format that was asked for; a set of columns is always CSV."""
    if columns is None:
        return form
    name = format_name(form, output)
    if name != "csv" and (form is not None or output is not None):
        raise UsageError(f"--columns {columns.value}: goes with -f csv, not with {name}; leave -f out or give csv")
    return Format.csv


def refuse_given(context: typer.Context, names: Collection[str], why: str) -> None:
    """Refuse flags, by the names of their parameters, that would do nothing here; defaults are no flags."""
    sources = {name: context.get_parameter_source(name) for name in names}
    given = {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}
    if given:
        flags = [parameter.opts[0] for parameter in context.command.params if parameter.name in given]
        raise UsageError(f"{', '.join(flags)}: {why}")


def rendered(
    formats: Mapping[str, Callable[..., str]], answer: Answer, form: Format | None, output: Path | None
) -> str:
    """An answer in the format that was asked for; a table on a screen keeps to its width."""
    name = format_name(form, output)
    return formats[name](answer, width=screen(output)) if name == "table" else formats[name](answer)


def show(sheet: "Sheet", form: Format | None, output: Path | None) -> None:
    """Write a sheet in the format that was asked for."""
    from estimator.cli.files import write
    from estimator.report import SHEET_FORMATS
    from estimator.report.sheet import in_shown_currency

    write(rendered(SHEET_FORMATS, in_shown_currency(sheet), form, output), output)


def world(overlay: Path | None, calibration: Path | None = None) -> "Catalog":
    """Prices, models and evidence of the package, private rows of `--catalog DIR` and factors of `--calibration`."""
    from estimator.catalog import load_catalog

    found = load_catalog(overlay=overlay, calibration=calibration)
    beside = [f", {what} {path}" for what, path in (("private rows", overlay), ("calibration", calibration)) if path]
    detail(f"catalog {found.directory}{''.join(beside)}")
    return found


@contextmanager
def in_currency(
    code: str, rates: Path | None, prices: "Catalog", scenarios: "Sequence[Scenario]", on: "date | None"
) -> Iterator[None]:
    """Within, a verb computes and shows its answer in the currency of `--currency`."""
    from estimator.money import shown_in

    with shown_in(currency_asked(code, rates, prices, scenarios, on)):
        yield


def currency_asked(
    code: str, rates: Path | None, prices: "Catalog", scenarios: "Sequence[Scenario]", on: "date | None"
) -> "Currency":
    """The currency of the result, at the rate of the given day, or of that whose prices the first scenario uses."""
    from estimator.catalog import currency_of

    return currency_of(prices, code, on=on or scenarios[0].prices_on or scenarios[0].start, rates=rates)
