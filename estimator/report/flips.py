"""What would turn an answer, in words, and names and values of inputs as people read them."""

from estimator.decision import NOTHING, TUNING, UNTUNED, Flip, Turns
from estimator.report.numbers import compact, money, share
from estimator.results import Estimate

MOST = 4
"""Flips named in a verdict."""
ELSE = "(all else unchanged; over all futures the verdict may turn elsewhere)"
FITTED = {
    "task.pilot.fitted_start_error": "error before any labels",
    "task.pilot.fitted_floor": "error that no labels remove",
    "task.pilot.fitted_scale": "labels after which learning slows",
    "task.pilot.fitted_exponent": "steepness of the learning curve",
    "task.pilot.fitted_beyond": "gain beyond the largest pilot over its forecast",
}
"""Parameters of the learning curve in words."""
PRICES = {
    "embedding": "price of embedding with",
    "gpu": "price of the GPU",
    "labour": "hourly rate of",
    "rate": "hourly rate of",
    "token": "price of tokens of",
}
"""What a row of a table of prices is, by the table."""


def flip_lines(estimate: Estimate) -> list[str]:
    """What would turn the verdict, in one line; none where nobody asked or nothing qualifies."""
    lead, *flips = flip_items(estimate) or ("",)
    return [" · ".join((lead, *flips))] if lead else []


def flip_items(estimate: Estimate) -> tuple[str, ...]:
    """The same in parts: what turns, then each value at which it does."""
    turns = estimate.flips
    if turns is None or estimate.decision.verdict.best is None:
        return ()
    lead, flips = _lead(estimate, turns)
    if not flips:
        looked = ", ".join(called(key) for key in turns.never)
        if not looked:
            return _left_out(estimate)
        return (f"No single input turns the answer, not even far beyond its range: {looked}", *_left_out(estimate))
    return (f"{lead} {ELSE}", *(flip_words(flip, turns) for flip in flips[:MOST]))


def _left_out(estimate: Estimate) -> tuple[str, ...]:
    """What else decides: the constraints, each with the options that it leaves out."""
    found: dict[str, list[str]] = {}
    for name, option in estimate.options.items():
        for key in (key for blocker in option.standing.blockers for key in blocker.trace):
            if key.startswith("constraints."):
                found.setdefault(key, []).append(name)
    return tuple(f"{key} leaves out {', '.join(dict.fromkeys(names))}" for key, names in found.items())


def _lead(estimate: Estimate, turns: Turns) -> tuple[str, list[Flip]]:
    answer, best = estimate.decision.verdict.answer, estimate.decision.verdict.best
    first = [flip for flip in turns.flips if flip.before == turns.now]
    if turns.question == "tuning":
        if turns.now == TUNING and answer in {"yes", "probably"}:
            return "In the central case it stops being worth it if", first
        if turns.now == UNTUNED and answer in {"no", "probably not"}:
            return "In the central case it becomes worth it if", [flip for flip in first if flip.beyond == TUNING]
    elif turns.now == best:
        return f"In the central case {best} stops being the best choice if", first
    return f"With every input at its central value {ahead(turns.now)}, which turns if", first


def ahead(name: str) -> str:
    """Who is ahead, as a clause."""
    return "no option qualifies" if name == NOTHING else f"{name} is ahead"


def flip_words(flip: Flip, turns: Turns) -> str:
    """One flip: the input, where it turns, and its value today."""
    sign = ">" if flip.side == "above" else "<"
    text = f"{called(flip.key)} {sign} {in_unit(flip.value, flip.unit)} (now {in_unit(flip.today, flip.unit)})"
    if flip.beyond == NOTHING and turns.now != NOTHING:
        return f"{text}, where nothing qualifies"
    return text if turns.question == "tuning" else f"{text}, then {flip.beyond}"


def called(key: str) -> str:
    """A key as a name: task and workload go without their section, an option stands behind.

    >>> called("workload.requests_per_month"), called("options.lora.tuning.labels"), called("labour/ml_engineer")
    ('requests per month', 'tuning labels of lora', 'hourly rate of ml engineer')
    >>> called("task.pilot.fitted_floor")
    'error that no labels remove, as fitted to the pilot'
    """
    bare, _, place = key.partition("@")
    if bare in FITTED:
        return f"{FITTED[bare]}, as fitted to the pilot{f' (from {place})' if place else ''}"
    table, _, row = key.partition("/")
    if row:
        return f"{PRICES[table]} {row.replace('_', ' ')}" if table in PRICES else key
    option = ""
    if key.startswith("options."):
        _, option, key = key.split(".", 2)
    words = key.removeprefix("workload.").removeprefix("task.").replace("_usd", "").replace("_", " ").replace(".", " ")
    return f"{words} of {option}" if option else words


def in_unit(value: float, unit: str) -> str:
    """A value of an input by its unit: money, a share in percent, else a number.

    >>> in_unit(0.11, "USD"), in_unit(0.019, "share/month"), in_unit(31e3, "requests per month")
    ('$0.11', '1.9 %', '31k')
    """
    if unit.startswith("USD"):
        return money(value)
    return share(value) if unit.startswith(("share", "per ")) else compact(value)
