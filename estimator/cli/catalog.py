"""`estimator catalog`: what is known of models, devices, prices and evidence."""

import enum
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from estimator.cli.app import Form, On, Output, Overlay, app, show, world

if TYPE_CHECKING:
    from estimator.catalog import Catalog
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
    licences = "licences"


Which = Annotated[Kind, typer.Argument(help="models, gpus, prices, evidence or licences.", metavar="KIND")]


@catalog.command(name="list", epilog="Example: estimator catalog list gpus -f csv")
def list_(kind: Which, overlay: Overlay = None, form: Form = None, output: Output = None) -> None:
    """List all entries of a kind."""
    show(_sheet(world(overlay), kind, ""), form, output)


@catalog.command(epilog="Example: estimator catalog search prices h100")
def search(
    kind: Which,
    text: Annotated[str, typer.Argument(help="Part of a name or description.", metavar="TEXT")],
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """List the entries whose name or description contains a text."""
    show(_sheet(world(overlay), kind, text), form, output)


@catalog.command(name="show", epilog="Example: estimator catalog show models Qwen/Qwen3-8B")
def show_(
    kind: Which,
    name: Annotated[str, typer.Argument(help="Name or id of the entry.", metavar="NAME")],
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Show one entry in full; a row with all its dated values."""
    from estimator.catalog import evidence_rows, licence_named, price_rows, series_named
    from estimator.report.catalog import device_record, entry_sheet, licence_record, model_record, series_sheet

    known = world(overlay)
    if kind is Kind.models:
        sheet = entry_sheet(model_record(known.architecture(name), known.licence(name)))
    elif kind is Kind.gpus:
        sheet = entry_sheet(device_record(known.accelerator(name)))
    elif kind is Kind.licences:
        sheet = entry_sheet(licence_record(licence_named(known.licences, name)))
    else:
        rows = price_rows(known) if kind is Kind.prices else evidence_rows(known)
        sheet = series_sheet(series_named(rows, name, "row"))
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


def _sheet(known: "Catalog", kind: Kind, text: str) -> "Sheet":
    from estimator.catalog import evidence_rows, matching, price_rows
    from estimator.report.catalog import devices_sheet, licences_sheet, models_sheet, rows_sheet

    title = f"{kind.value} with {text!r}" if text else kind.value
    wanted = text.casefold()
    if kind is Kind.models:
        names = (name for name in known.architectures() if wanted in name.casefold())
        return models_sheet(title, [(known.architecture(name), known.licence(name)) for name in names])
    if kind is Kind.gpus:
        names = (name for name in known.accelerators() if wanted in name.casefold())
        return devices_sheet(title, [known.accelerator(name) for name in names])
    if kind is Kind.licences:
        found = [item for item in known.licences.values() if wanted in f"{item.id} {item.name}".casefold()]
        return licences_sheet(title, found)
    rows = price_rows(known) if kind is Kind.prices else evidence_rows(known)
    return rows_sheet(title, matching(rows, text))
