"""What an option must not break, however much it would earn."""

from datetime import date
from typing import Annotated, Literal

from estimator.scenario.fields import Month, Names, Part, SomeCount, Usd
from estimator.scenario.quantity import Limits, Quantity

Skill = Literal["prompting", "retrieval", "fine_tuning", "serving"]
_Seconds = Annotated[Quantity, Limits("seconds", above=0, most=1e5)]


class LatencyLimit(Part):
    """How long an answer may take in the median."""

    first_token: _Seconds | None = None
    """Until the first token arrives."""
    answer: _Seconds | None = None
    """Until the last token arrives."""


class Budget(Part):
    """What may be spent; held in nine of ten futures."""

    upfront: Usd | None = None
    """Before launch."""
    per_month: Usd | None = None
    """In any month after launch."""


class Constraints(Part):
    """Each one excludes the options that break it, with the reason; what cannot be checked is a warning."""

    data_residency: Names = ()
    """Regions in which data may be processed: areas (eu, us), countries (de) or regions of a cloud (europe-west4)."""
    self_hosted_only: bool = False
    """Data stays on machines that are owned or rented: no hosted model, store or outside labeller."""
    no_training_on_data: bool = False
    """No third party trains on the data: no managed tuning; for the rest see providers_cleared."""
    providers_cleared: Names = ()
    """Providers whose contract rules out that they train on the data."""
    providers_barred: Names = ()
    """Providers that may not be used, whatever for."""
    latency_seconds: LatencyLimit | None = None
    must_cite: bool = False
    """Answers without retrieved passages to cite are out; task.must_cite only argues for retrieval."""
    licence: Literal["commercial"] | None = None
    """The licence of the base model has to allow commercial use, and tuning where it is tuned."""
    deadline: Month | None = None
    """The option has to be live by the end of this month."""
    work_starts: date | None = None
    """Day on which work begins; the day of the prices where not given."""
    weeks_to_launch: Annotated[Quantity, Limits("weeks", above=0, most=1e3)] | None = None
    """Weeks of work after which the option has to be live."""
    team: SomeCount | None = None
    """People who build it."""
    team_hours_per_month: Annotated[Quantity, Limits("hours/month", above=0, most=744)] | None = None
    """Hours each of them gives."""
    skills: tuple[Skill, ...] | None = None
    """What the team can do; an option that needs more is out."""
    budget_usd: Budget | None = None
