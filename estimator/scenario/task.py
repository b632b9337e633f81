"""How much is asked, what is asked, and what an answer is worth."""

from typing import Annotated, Literal

from estimator.scenario.fields import Count, Names, Part, Ratio, Share, SomeCount, SomeTokens, TaskKind, Tokens, Usd
from estimator.scenario.quantity import Limits, Quantity


class RequestTokens(Part):
    """Size of one request before few-shot examples and retrieved passages."""

    prompt: SomeTokens
    """Tokens sent with every request: instructions and the user's text."""
    output: SomeTokens
    """Tokens of the answer, without reasoning."""
    instructions: Tokens | None = None
    """Fixed instructions within `prompt`; a tuned model needs fewer of them."""


class Workload(Part):
    """How much is asked."""

    requests_per_month: Annotated[Quantity, Limits("requests per month", above=0, most=1e12)]
    """Requests in the first month after start."""
    growth: Annotated[Quantity, Limits("per month", least=-0.5, most=1)] | None = None
    """Growth of the volume per month."""
    ramp_months: Annotated[Quantity, Limits("months", least=0, most=240)] | None = None
    """Months until the full volume has arrived, in equal steps."""
    ramp_share: Share | None = None
    """Share of the full volume from which the ramp starts; used where ramp_months is given."""
    tokens: RequestTokens
    """Size of one request."""


class PilotPoint(Part):
    """A measured quality: 0 labels is the prompted base model, more is a tuned one."""

    labels: Count
    """Labels the measured model was tuned on; 0 for a prompted one."""
    quality: Share
    """Share of correct answers measured with them."""
    items: SomeCount | None = None
    """Answers judged for it; 400 are assumed where not given."""


class Task(Part):
    """What is asked, and what an answer is worth."""

    kind: TaskKind
    """Picks the evidence rows for learning curve, gains and drift."""
    value_per_success: Usd | None = None
    """Worth of one correct answer."""
    cost_per_error: Usd | None = None
    """Damage of one wrong answer that nobody catches."""
    minimum_quality: Share | None = None
    """Share of correct answers below which an option is not acceptable."""
    pilot: tuple[PilotPoint, ...] = ()
    """What was measured; beats every default."""
    evidence: Names = ()
    """Published findings that replace the defaults, by name, where findings disagree; the first that speaks counts."""
    classes: Annotated[Quantity, Limits("count", least=2, most=1e6)] | None = None
    """Answers to choose from; how much a wrong label harms depends on it."""
    start_error: Share | None = None
    """Error of a plainly prompted small open model (e0)."""
    error_floor: Share | None = None
    """Error that labels cannot remove (c)."""
    curve_scale: SomeCount | None = None
    """Labels at which the learning curve bends (n0)."""
    curve_exponent: Ratio | None = None
    """Steepness of the learning curve (b)."""
    knowledge_share: Share | None = None
    """Share of the error that is missing knowledge rather than behaviour."""
    facts_change: Share | None = None
    """Share of the needed facts that go out of date per month."""
    base_facts_change: Share | None = None
    """How fast facts that a base model knows go out of date, as a share of facts_change."""
    off_task_share: Share | None = None
    """Share of requests unlike the training examples, on which a tuned model may have forgotten."""
    invented_share: Share | None = None
    """Share of the answers wrong for want of facts that are stated as facts: hallucinations."""
    style_error: Share | None = None
    """Share of prompted answers off the house style; counts where style is true."""
    style_scale: SomeCount | None = None
    """Labels after which half of the style errors are gone."""
    escalation_share: Share | None = None
    """Share of wrong answers that are caught and handed to a person."""
    escalation_usd: Usd | None = None
    """Cost of one such hand-over; cost_per_error where not given."""
    retry_share: Share | None = None
    """Share of wrong answers after which the same question is asked again."""
    evaluation_rate: str = "rate/crowd"
    """Who labels evaluation sets and quality checks: a row of the annotation table, or USD per hour as a number."""
    domain: Literal["general", "specialised", "deep"] = "general"
    """Depth of domain knowledge that good answers need."""
    narrow: bool = False
    """One well-defined task with a stable output schema: no requests unlike the training examples."""
    style: bool = False
    """A brand voice or house style is part of the task."""
    must_cite: bool = False
    """Answers have to name their sources."""
