"""`estimator labels`: what a labelling project costs."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from estimator.cli.app import (
    Form,
    InCurrency,
    On,
    Output,
    Overlay,
    Rates,
    app,
    examples,
    in_currency,
    refuse_given,
    show,
    world,
)

OF_PEOPLE = ("fee", "training_hours", "adjudicate")
"""Parameters of labels by people."""
OF_COLLECTION = ("kept_share", "gather_minutes", "redact_minutes")
"""Parameters of raw documents."""


class Labeller(enum.StrEnum):
    """Who labels."""

    crowd = "crowd"
    vendor = "vendor"
    in_house = "in_house"
    expert = "expert"
    llm = "llm"
    synthetic = "synthetic"


@app.command(
    epilog=examples(
        'estimator labels --labels 3000 --by expert --minutes "2 to 6" --review-share 20%',
        "estimator labels --labels 8000 --by llm --model openai/gpt-5-mini -f json",
        "estimator labels --votes votes.csv --by crowd",
    )
)
def labels(
    context: typer.Context,
    count: Annotated[str | None, typer.Option("--labels", help="Labels wanted; 1,000 where not given.")] = None,
    by: Annotated[Labeller | None, typer.Option(help="Preset of rate, fee, accuracy and capacity.")] = None,
    like: Annotated[str, typer.Option(help="Published project: squad, cuad, surge, rlaif_llm, alpaca …")] = "",
    kind: Annotated[str, typer.Option(help="Kind of task: sets the minutes per label.")] = "classification",
    minutes: Annotated[str | None, typer.Option(help="Minutes per label and vote.")] = None,
    rate: Annotated[str | None, typer.Option(help="USD per hour, or a row such as expert/lawyer.")] = None,
    redundancy: Annotated[str | None, typer.Option(help="Votes per label.")] = None,
    accuracy: Annotated[str | None, typer.Option(help="Share of right labels of one annotator.")] = None,
    fee: Annotated[str | None, typer.Option(help="Platform fee over pay.")] = None,
    review_share: Annotated[str | None, typer.Option(help="Share read once more, or audited.")] = None,
    rejected_share: Annotated[str | None, typer.Option(help="Share thrown away and made again.")] = None,
    adjudicate: Annotated[bool, typer.Option("--adjudicate", help="A person settles disputed items.")] = False,
    guideline_hours: Annotated[str | None, typer.Option(help="Hours to write guidelines or prompt.")] = None,
    training_hours: Annotated[str | None, typer.Option(help="Paid hours of training, all annotators.")] = None,
    tooling_usd: Annotated[str | None, typer.Option(help="Labelling software.")] = None,
    annotators: Annotated[str | None, typer.Option(help="People who label at the same time.")] = None,
    hours_per_week: Annotated[str | None, typer.Option(help="Hours each of them gives.")] = None,
    model: Annotated[str | None, typer.Option(help="Hosted model that labels or generates.")] = None,
    usd_per_label: Annotated[str | None, typer.Option(help="Price of one label by a model.")] = None,
    prompt_tokens: Annotated[str, typer.Option(help="Tokens a model reads per label.")] = "700",
    output_tokens: Annotated[str, typer.Option(help="Tokens it writes per label.")] = "50",
    classes: Annotated[str | None, typer.Option(help="Answers to choose from.")] = None,
    kept_share: Annotated[str | None, typer.Option(help="Share of raw documents that are kept.")] = None,
    gather_minutes: Annotated[str | None, typer.Option(help="Minutes to find one raw document.")] = None,
    redact_minutes: Annotated[str | None, typer.Option(help="Minutes to redact one kept example.")] = None,
    votes: Annotated[
        Path | None, typer.Option(help="CSV of votes, a column per annotator: their accuracy is used.")
    ] = None,
    quality: Annotated[float, typer.Option(help="Expected quality of what is evaluated.")] = 0.85,
    half_width: Annotated[float, typer.Option(help="Wanted half width of its 95 % interval.")] = 0.03,
    form: Form = None,
    output: Output = None,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
) -> None:
    """Cost, label quality, evaluation set and calendar time of a labelling project.

    A NUMBER is written as in a scenario: 3, 20%, 3k, or a 90 % interval "2 to 6".
    """
    from estimator.cli.files import day, read_text
    from estimator.questions import labelling_project, votes_of
    from estimator.report.labels import labels_sheet

    if usd_per_label is not None:
        refuse_given(context, ("prompt_tokens", "output_tokens"), "--usd-per-label is the price already; drop one")
    if model is None:
        refuse_given(context, ("prompt_tokens", "output_tokens"), "goes with --model, whose price they make; drop it")
    settled = votes_of(read_text(votes), origin=str(votes)) if votes else None
    annotation = {
        "labeller": by.value if by else None,
        "minutes": minutes,
        "rate": rate,
        "redundancy": redundancy,
        "accuracy": accuracy or (settled.mean_accuracy if settled else None),
        "fee": fee,
        "review_share": review_share,
        "rejected_share": rejected_share,
        "adjudicate": adjudicate or None,
        "guideline_hours": guideline_hours,
        "training_hours": training_hours,
        "tooling_usd": tooling_usd,
        "annotators": annotators,
        "hours_per_week": hours_per_week,
        "model": model,
        "usd_per_label": usd_per_label,
    }
    collection = {"kept_share": kept_share, "gather_minutes": gather_minutes, "redact_minutes": redact_minutes}
    catalog = world(overlay)
    project = labelling_project(
        labels=count,
        kind=kind,
        annotation=annotation,
        collection=collection,
        tokens={"prompt": prompt_tokens, "output": output_tokens},
        classes=classes,
        like=like,
        quality=quality,
        half_width=half_width,
        catalog=catalog,
        on=day(on),
    )
    _refuse_idle(context, project.data.labeller)
    with in_currency(currency, rates, catalog, (), project.on):
        show(labels_sheet(project, settled), form, output)


def _refuse_idle(context: typer.Context, labeller: str) -> None:
    """Refuse flags that say nothing about labels by this labeller."""
    from estimator.labels.labeller import MODELS

    if labeller in MODELS:
        refuse_given(context, OF_PEOPLE, "only people have that, and a model labels; drop it, or choose people in --by")
    if labeller == "synthetic":
        refuse_given(context, OF_COLLECTION, "generated examples are not gathered; drop it, or choose another --by")
