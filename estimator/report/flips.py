"""What would turn an answer, in words, and names and values of inputs as people read them."""

from estimator.decision import NOTHING, TUNING, UNTUNED, Flip, Turns
from estimator.report.numbers import compact, money, share
from estimator.results import Estimate

MOST = 4
"""Flips named in a verdict."""
ELSE = "(all else at its central value)"


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
        return (f"None of these turns the answer alone, far beyond its range as well: {looked}",) if looked else ()
    return (f"{lead} {ELSE}", *(flip_words(flip, turns) for flip in flips[:MOST]))


def _lead(estimate: Estimate, turns: Turns) -> tuple[str, list[Flip]]:
    answer, best = estimate.decision.verdict.answer, estimate.decision.verdict.best
    first = [flip for flip in turns.flips if flip.before == turns.now]
    if turns.question == "tuning":
        if turns.now == TUNING and answer in {"yes", "probably"}:
            return "It stops being worth it if", first
        if turns.now == UNTUNED and answer in {"no", "probably not"}:
            return "It becomes worth it if", [flip for flip in first if flip.beyond == TUNING]
    elif turns.now == best:
        return f"{best} stops being the best choice if", first
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
    """A key as a name: task and workload go without their section, an option stands in front.

    >>> called("workload.requests_per_month"), called("options.lora.tuning.labels"), called("labour/ml_engineer")
    ('requests per month', 'tuning labels of lora', 'labour/ml_engineer')
    """
    if "/" in key:
        return key
    option = ""
    if key.startswith("options."):
        _, option, key = key.split(".", 2)
    words = key.removeprefix("workload.").removeprefix("task.").replace("_", " ").replace(".", " ")
    return f"{words} of {option}" if option else words


def in_unit(value: float, unit: str) -> str:
    """A value of an input by its unit: money, a share in percent, else a number.

    >>> in_unit(0.11, "USD"), in_unit(0.019, "share/month"), in_unit(31e3, "requests per month")
    ('$0.11', '1.9 %', '31k')
    """
    if unit.startswith("USD"):
        return money(value)
    return share(value) if unit.startswith(("share", "per ")) else compact(value)
