"""`estimator catalog`: what is known of models, devices, prices and evidence."""

import enum
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from estimator.cli.app import Form, On, Output, Overlay, app, show, world
from estimator.errors import UsageError

if TYPE_CHECKING:
    from estimator.catalog import Catalog, Row
    from estimator.report import Sheet

STALE = 4
catalog = typer.Typer(help="Look at models, devices, prices and evidence.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(catalog, name="catalog")


class Kind(enum.StrEnum):
    """What the catalog holds."""

    models = "models"
    gpus = "gpus"
    prices = "prices"
    evidence = "evidence"


OnDay = Annotated[str | None, typer.Option("--on", help="Only the value in force on that day, e.g. 2026-11-22.")]
Which = Annotated[Kind, typer.Argument(help="models, gpus, prices or evidence.", metavar="KIND")]


@catalog.command(name="list", epilog="Example: estimator catalog list gpus -f csv")
def list_(kind: Which, on: OnDay = None, overlay: Overlay = None, form: Form = None, output: Output = None) -> None:
    """List all entries of a kind."""
    show(_sheet(world(overlay), kind, "", on), form, output)


@catalog.command(epilog="Example: estimator catalog search prices h100")
def search(
    kind: Which,
    text: Annotated[str, typer.Argument(help="Part of a name, description, licence or note.", metavar="TEXT")],
    on: OnDay = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """List the entries whose name, description, licence or note contains a text."""
    show(_sheet(world(overlay), kind, text, on), form, output)


@catalog.command(name="show", epilog="Example: estimator catalog show models Qwen/Qwen3-8B")
def show_(
    kind: Which,
    name: Annotated[str, typer.Argument(help="Name or id of the entry.", metavar="NAME")],
    on: OnDay = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Show one entry in full; a row with all its dated values, or the one of a day."""
    from estimator.catalog import series_named
    from estimator.report.catalog import device_record, entry_sheet, model_record, series_sheet

    known = world(overlay)
    _check_dated(kind, on)
    if kind is Kind.models:
        sheet = entry_sheet(model_record(known.architecture(name)))
    elif kind is Kind.gpus:
        sheet = entry_sheet(device_record(known.accelerator(name)))
    else:
        sheet = series_sheet(_on(series_named(_rows(known, kind), name, "row"), on))
    show(sheet, form, output)


@catalog.command(epilog="Example: estimator catalog stale --older-than 90d")
def stale(
    older_than: Annotated[str, typer.Option(help="Age from which a price is stale, e.g. 90d.")] = "90d",
    on: On = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """List the prices that nobody has read for long; exit code 4 when there is one."""
    from estimator.catalog import stale_rows
    from estimator.cli.files import day, hours
    from estimator.report.catalog import rows_sheet

    asked = day(on) or date.today()  # age is a matter of the user's calendar
    rows = stale_rows(world(overlay), older_than_hours=hours("--older-than", older_than), on=asked)
    show(rows_sheet(f"Read more than {older_than} before {asked}", rows), form, output)
    if rows:
        raise typer.Exit(STALE)


def _sheet(known: "Catalog", kind: Kind, text: str, on: str | None) -> "Sheet":
    from estimator.catalog import matching, matching_devices, matching_models
    from estimator.report.catalog import devices_sheet, models_sheet, rows_sheet

    _check_dated(kind, on)
    title = " ".join((kind.value, *([f"with {text!r}"] if text else []), *([f"on {on}"] if on else [])))
    if kind is Kind.models:
        return models_sheet(title, matching_models(known, text))
    if kind is Kind.gpus:
        return devices_sheet(title, matching_devices(known, text))
    return rows_sheet(title, _on(matching(_rows(known, kind), text), on))


def _check_dated(kind: Kind, on: str | None) -> None:
    if on is not None and kind in (Kind.models, Kind.gpus):
        raise UsageError(f"--on: {kind.value} carry no dates; use it with prices or evidence")


def _rows(known: "Catalog", kind: Kind) -> "tuple[Row, ...]":
    from estimator.catalog import evidence_rows, price_rows

    return price_rows(known) if kind is Kind.prices else evidence_rows(known)


def _on(rows: "tuple[Row, ...]", on: str | None) -> "tuple[Row, ...]":
    from estimator.catalog import on_day
    from estimator.cli.files import day

    asked = day(on)
    return rows if asked is None else on_day(rows, asked)
