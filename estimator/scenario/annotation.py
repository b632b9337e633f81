"""How training examples are found, cleaned and labelled."""

from typing import Annotated, Literal

from estimator.scenario.fields import Hours, Minutes, Name, Part, Share, SomeCount, Usd
from estimator.scenario.quantity import Limits, Quantity


class Annotation(Part):
    """How labels are made."""

    labeller: Literal["crowd", "vendor", "in_house", "expert", "llm", "synthetic"] | None = None
    """Preset of rates, fees and accuracy; llm and synthetic are made by a model and audited by people."""
    model: Name | None = None
    """Hosted model that labels or generates: distillation into the tuned model."""
    usd_per_label: Usd | None = None
    """Price of one label by a model; from the tokens of `model` where that is named."""
    minutes: Minutes | None = None
    """Minutes per label and vote."""
    rate: str | None = None
    """A row of the annotation table, or USD per hour as a number; that of the labeller where not given, else crowd."""
    redundancy: Annotated[Quantity, Limits("count", above=0, most=99)] | None = None
    """Votes per training label."""
    accuracy: Share | None = None
    """Share of right labels of one annotator; of `model` its own quality on the task where not given."""
    systematic: Share | None = None
    """Share of the labeller's errors that are the same each time: the tuned model learns them."""
    fee: Share | None = None
    """Platform or vendor fee over pay."""
    review_share: Share | None = None
    """Share of labels read once more by a person; the audit of labels made by a model."""
    adjudicate: bool = False
    """A person settles the items on which the votes disagree."""
    rejected_share: Annotated[Quantity, Limits("share", least=0, most=0.95)] | None = None
    """Share of labels thrown away and made again."""
    guideline_hours: Hours | None = None
    """Writing and testing the labelling guidelines."""
    training_hours: Hours | None = None
    """Paid hours in which annotators learn the guidelines."""
    tooling_usd: Usd | None = None
    """Labelling software for the project."""
    annotators: SomeCount | None = None
    """People who label at the same time: sets the calendar time."""
    hours_per_week: Annotated[Quantity, Limits("hours/week", above=0, most=168)] | None = None
    """Hours each of them gives."""


class Collection(Part):
    """How raw examples are found and cleaned."""

    kept_share: Annotated[Quantity, Limits("share", above=0, most=1)] | None = None
    """Share of gathered documents that survive deduplication and filters."""
    gather_minutes: Minutes | None = None
    """Minutes to find and export one raw document."""
    deduplicate_usd: Usd | None = None
    """Machine cost of deduplication and filters per raw document."""
    redact_minutes: Minutes | None = None
    """Minutes to remove personal data from one kept example."""
