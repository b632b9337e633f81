"""`estimator catalog`: what is known of models, devices, prices and evidence."""

import enum
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimator.cli.app import Form, On, Output, Overlay, app, examples, format_name, note, show, world
from estimator.cli.completing import entry_names
from estimator.errors import UsageError

if TYPE_CHECKING:
    from estimator.catalog import Catalog, Row
    from estimator.catalog.importing import Reading
    from estimator.report import Sheet

STALE = 4
catalog = typer.Typer(help="Look at models, devices, prices and evidence.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(catalog, name="catalog")


class Source(enum.StrEnum):
    """Formats of price catalogues."""

    skypilot = "skypilot"
    karpenter_aws = "karpenter-aws"
    karpenter_azure = "karpenter-azure"
    csv = "csv"


class Zones(enum.StrEnum):
    """Which price stands for the zones of a region."""

    cheapest = "cheapest"
    median = "median"


class Kind(enum.StrEnum):
    """What the catalog holds."""

    models = "models"
    gpus = "gpus"
    prices = "prices"
    evidence = "evidence"
    licences = "licences"


Which = Annotated[Kind, typer.Argument(help="models, gpus, prices, evidence or licences.", metavar="KIND")]
OnDay = Annotated[str | None, typer.Option("--on", help="Only the value in force on that day, e.g. 2026-11-22.")]


@catalog.command(
    name="list", epilog=examples("estimator catalog list gpus", "estimator catalog list prices -o prices.csv")
)
def list_(kind: Which, on: OnDay = None, overlay: Overlay = None, form: Form = None, output: Output = None) -> None:
    """List all entries of a kind."""
    show(_sheet(world(overlay), kind, "", on), form, output)


@catalog.command(
    epilog=examples("estimator catalog search prices h100", "estimator catalog search models qwen3 -f json")
)
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


@catalog.command(
    name="show",
    epilog=examples("estimator catalog show models Qwen/Qwen3-8B", "estimator catalog show gpus H100-80GB -f json"),
)
def show_(
    kind: Which,
    name: Annotated[str, typer.Argument(help="Name or id of the entry.", metavar="NAME", autocompletion=entry_names)],
    on: OnDay = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Show one entry in full; a row with all its dated values, or the one of a day."""
    from estimator.catalog import licence_named, series_named
    from estimator.report.catalog import device_record, entry_sheet, licence_record, model_record, series_sheet

    known = world(overlay)
    _check_dated(kind, on)
    if kind is Kind.models:
        sheet = entry_sheet(model_record(known.architecture(name), known.licence(name)))
    elif kind is Kind.gpus:
        sheet = entry_sheet(device_record(known.accelerator(name)))
    elif kind is Kind.licences:
        sheet = entry_sheet(licence_record(licence_named(known.licences, name)))
    else:
        sheet = series_sheet(_on(series_named(_rows(known, kind), name, "row"), on))
    show(sheet, form, output)


@catalog.command(
    epilog=examples("estimator catalog stale --older-than 90d", "estimator catalog stale --on 2026-12-01 -f csv")
)
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


@catalog.command(
    name="import",
    epilog=examples(
        "estimator catalog import karpenter-aws zz_generated.pricing_aws.go",
        "estimator catalog import skypilot catalogs/v8/aws/vms.csv -o rows.csv",
    ),
)
def import_(
    source: Annotated[
        Source, typer.Argument(help="skypilot, karpenter-aws, karpenter-azure or csv.", metavar="FORMAT")
    ],
    path: Annotated[Path, typer.Argument(help="The downloaded file.", metavar="PATH")],
    provider: Annotated[
        str | None, typer.Option(help="Whose prices, for skypilot; default: the name of the file's folder.")
    ] = None,
    read_on: Annotated[
        str | None, typer.Option(help="Day of the download; default: the day printed in the file.", metavar="DATE")
    ] = None,
    zones: Annotated[
        Zones | None, typer.Option(help="Price of several zones of a region, for skypilot; default: cheapest.")
    ] = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Lay a downloaded price catalogue beside the rows there are; its CSV is rows to append. Nothing is overwritten."""
    from estimator.catalog.importing import reviewed
    from estimator.cli.files import refuse_to_replace
    from estimator.report.importing import import_sheet

    known = world(overlay)
    if output is not None:
        refuse_to_replace(output, known.directory)
    for flag, value, formats in (
        ("--provider", provider, [Source.skypilot]),
        ("--zones", zones, [Source.skypilot]),
        ("--read-on", read_on, [item for item in Source if item is not Source.csv]),
    ):
        if value is not None and source not in formats:
            raise UsageError(f"{flag}: goes with {', '.join(formats)}, not with {source.value}; leave it out")
    reading = _reading(source, path, provider, read_on, zones or Zones.cheapest, known)
    sheet = import_sheet(path.name, reviewed(reading, known))
    if format_name(form, output) == "csv" and not sheet.records:
        note("nothing new or changed, so no rows were written; -f table says what was read")
        return
    show(sheet, form, output)


def _reading(
    source: Source, path: Path, provider: str | None, read_on: str | None, zones: Zones, known: "Catalog"
) -> "Reading":
    from estimator.catalog import importing
    from estimator.cli.files import day, read_text

    text, name, read = read_text(path), path.name, day(read_on, "--read-on")
    if source is Source.karpenter_aws:
        return importing.read_karpenter_aws(text, name=name, read_on=read, catalog=known)
    if source is Source.karpenter_azure:
        return importing.read_karpenter_azure(text, name=name, read_on=read, catalog=known)
    if source is Source.csv:
        return importing.read_own_rows(text, name=name, catalog=known)
    folder = path.resolve().parent
    return importing.read_skypilot(
        text,
        name=name,
        provider=importing.provider_named(provider, folder.name, known),
        read_on=read,
        catalog=known,
        zones=zones.value,
    )


def _sheet(known: "Catalog", kind: Kind, text: str, on: str | None) -> "Sheet":
    from estimator.catalog import matching, matching_devices, matching_licences, matching_models
    from estimator.report.catalog import devices_sheet, licences_sheet, models_sheet, rows_sheet

    _check_dated(kind, on)
    title = " ".join((kind.value, *([f"with {text!r}"] if text else []), *([f"on {on}"] if on else [])))
    if kind is Kind.models:
        return models_sheet(title, [(model, known.licence(model.name)) for model in matching_models(known, text)])
    if kind is Kind.gpus:
        return devices_sheet(title, matching_devices(known, text))
    if kind is Kind.licences:
        return licences_sheet(title, matching_licences(known, text))
    return rows_sheet(title, _on(matching(_rows(known, kind), text), on))


def _check_dated(kind: Kind, on: str | None) -> None:
    if on is not None and kind not in (Kind.prices, Kind.evidence):
        raise UsageError(f"--on: {kind.value} carry no dates; use it with prices or evidence")


def _rows(known: "Catalog", kind: Kind) -> "tuple[Row, ...]":
    from estimator.catalog import evidence_rows, price_rows

    return price_rows(known) if kind is Kind.prices else evidence_rows(known)


def _on(rows: "tuple[Row, ...]", on: str | None) -> "tuple[Row, ...]":
    from estimator.catalog import on_day
    from estimator.cli.files import day

    asked = day(on)
    return rows if asked is None else on_day(rows, asked)
