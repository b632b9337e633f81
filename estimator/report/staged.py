"""A staged plan in words: what it does, what waiting is worth, and from where on the move pays."""

from estimator.decision import Advice, StagedPlan, Step
from estimator.report.numbers import compact, money, share

WHAT = {"requests_per_month": "requests a month", "quality": "quality"}
SIDE = {">": "above", "<": "below"}


def plan_lines(name: str, plan: StagedPlan) -> list[str]:
    """Sentences about one plan, each built from its figures.

    Args:
        name: Name of the plan.
        plan: Its moves and value of waiting.

    Returns:
        What it does, what waiting is worth, one piece of advice per move.
    """
    moves = "; ".join(_move(step) for step in plan.steps)
    waiting = plan.value_of_waiting_usd
    worth = f"waiting is worth {money(waiting)}" if waiting >= 0 else f"waiting costs {money(abs(waiting))}"
    return [
        f"{name}: starts with {plan.starts_with}; {moves}",
        f"{name}: {worth} on average against committing to {plan.best_alone} today",
        *(f"{name}: {_advice(step)}" for step in plan.steps),
    ]


def _move(step: Step) -> str:
    seen = " and ".join(f"{WHAT[key]} {text}" for key, text in step.conditions.items())
    when = f" where {seen}" if seen else ""
    return f"after month {step.month} moves to {step.use}{when}, in {share(step.moves)} of futures"


def _advice(step: Step) -> str:
    advice, when = step.advice, f"after month {step.month}"
    if advice.threshold is not None:
        bound = f"{SIDE[advice.sign]} {_number(advice)}"
        return f"moving to {step.use} {when} pays most {bound}, in {share(advice.moves)} of futures"
    if advice.moves:
        return f"moving to {step.use} {when} pays on average whatever the {WHAT[advice.measure]} may be"
    return f"moving to {step.use} {when} does not pay on average, whatever the {WHAT[advice.measure]} may be"


def _number(advice: Advice) -> str:
    number = advice.threshold or 0.0
    if advice.measure == "quality":
        return f"a quality of {number:.3g}"
    return f"{compact(number)} requests a month"
