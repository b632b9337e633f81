"""How a live option ages and what is done about it."""

from datetime import date
from typing import Annotated, Literal

from estimator.scenario.fields import Count, Hours, Minutes, Months, Name, Part, Retrain, Share, Usd, UsdPerMonth
from estimator.scenario.quantity import Limits, Quantity


class Upkeep(Part):
    """Keeping it good."""

    retrain: Retrain = "economic"
    """economic, threshold, never, or every N months."""
    threshold: Annotated[Quantity, Limits("share", above=0, most=1)] | None = None
    """Drop in quality that triggers the threshold policy; that of the economic interval where not given."""
    drift: Annotated[Quantity, Limits("share per month", least=0, most=1)] | None = None
    """Quality a tuned model loses per month at first."""
    drift_shape: Literal["linear", "exponential"] = "linear"
    """exponential decays to a floor: drift_at_stake is lost in the end, half of it after half_life_months."""
    drift_at_stake: Share | None = None
    """Quality that decays in the end, exponential drift."""
    half_life_months: Months | None = None
    """Half-life of that quality, exponential drift."""
    prompted_drift: Share | None = None
    """Drift of an untuned option as a share of a tuned one's; prompt reviews restore it."""
    prompt_review_months: Months | None = None
    """Months between reviews that bring prompts up to date."""
    jumps_per_year: Annotated[Quantity, Limits("1/year", least=0, most=100)] | None = None
    """Changes of policy or product that make the old behaviour wrong at once."""
    jump_loss: Share | None = None
    """Quality lost at such a jump until it is repaired."""
    repair_months: Months | None = None
    """Time from noticing a jump or a provider's change until it is repaired."""
    repair_hours: Hours | None = None
    """Labour per repair of prompts; a tuned model is retrained instead."""
    provider_changes_per_year: Annotated[Quantity, Limits("1/year", least=0, most=100)] | None = None
    """Silent changes of a hosted model that cost quality."""
    provider_change_loss: Share | None = None
    """Quality lost at a provider's change until it is repaired."""
    checks_per_month: Count | None = None
    """Quality checks."""
    detect_drop: Annotated[Quantity, Limits("share", above=0, most=1)] | None = None
    """Smallest drop a check must see: sets labels_per_check."""
    labels_per_check: Count | None = None
    """Answers judged per check."""
    minutes_per_check_label: Minutes | None = None
    """Minutes to judge one answer."""
    refresh_labels: Share | None = None
    """New labels per retraining, as a share of the first ones."""
    release_hours: Hours | None = None
    """Labour to evaluate and release a retrained model."""
    model_life_months: Months | None = None
    """Life of a hosted model."""
    migration_hours: Hours | None = None
    """Labour to move prompts and evaluation to another base model."""
    tooling_usd_per_month: UsdPerMonth | None = None
    """Dashboards and logging."""
    judged_answers: Count | None = None
    """Answers a model judges per month."""
    judge_model: Name | None = None
    """Hosted model that judges them; its tokens set judge_usd_per_answer."""
    judge_usd_per_answer: Usd | None = None
    """Tokens of one judgement."""
    on_call_share: Share | None = None
    """Share of an engineer who answers alarms."""
    platform_closes: date | None = None
    """Day on which the platform that tunes and serves a managed model stops; known days come from the catalog."""
    platform_closure: Annotated[Quantity, Limits("1/year", least=0, most=10)] | None = None
    """Chance per year that a platform without a known day closes."""
