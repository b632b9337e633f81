"""Is fine-tuning worth it? The odds, and the word for them."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from estimator.decision.outcome import Outcome
from estimator.decision.standing import Standing
from estimator.decision.words import futures
from estimator.units import Array

Answer = Literal["yes", "probably", "toss-up", "probably not", "no", "no tuned option", "nothing qualifies"]
TUNED = ("tuning", "hybrid")
LATER = "staged"
"""A plan in stages commits to nothing today: it takes no side in whether tuning is worth it now."""
_SCALE: tuple[tuple[float, Answer], ...] = (
    (0.8, "yes"),
    (0.6, "probably"),
    (0.4, "toss-up"),
    (0.2, "probably not"),
    (0.0, "no"),
)
_WORDS: dict[Answer, str] = {
    "yes": "Yes, fine-tuning is worth it",
    "probably": "Fine-tuning is probably worth it",
    "toss-up": "Whether fine-tuning is worth it is a toss-up",
    "probably not": "Fine-tuning is probably not worth it",
    "no": "No, fine-tuning is not worth it",
}


def odds_of_tuning(outcomes: Sequence[Outcome], found: Mapping[str, Standing]) -> float | None:
    """Share of futures in which the best tuned option beats the best untuned one; a tie counts half.

    Args:
        outcomes: Options. [USD]
        found: Their standings by name. [USD]

    Returns:
        Share; None where no option is tuned. [1]

    Source: definition; best is the highest mean, the option that would be committed to.
    """
    tuned = [o for o in outcomes if o.kind in TUNED and found[o.name].eligible]
    plain = [o for o in outcomes if o.kind not in (*TUNED, LATER) and found[o.name].eligible]
    if not tuned:
        return 0.0 if any(o.kind in TUNED for o in outcomes) else None
    if not plain:
        return 1.0
    gain = _top(tuned) - _top(plain)
    return float((gain > 0).mean() + 0.5 * (gain == 0).mean())


def _top(outcomes: Sequence[Outcome]) -> Array:
    best = max(outcomes, key=lambda o: float(_futures(o.net_benefit).mean()))
    return _futures(best.net_benefit)


def _futures(values: Array) -> Array:
    return values[1:] if values.size > 1 else np.asarray(values)


def answer_of(odds: float | None, ranked: Sequence[Standing], *, valued: bool) -> tuple[Answer, str]:
    """The word for the odds and the first sentence; it never goes against the option that is chosen.

    Args:
        odds: Share of futures in which tuning pays, None where no option is tuned. [1]
        ranked: Eligible options that are committed to today, the best first. [USD]
        valued: Whether the scenario says what an answer is worth.

    Returns:
        Answer and sentence. [1]

    Source: definition; the scale is a judgement.
    """
    if odds is None:
        return "no tuned option", "No fine-tuned option was given to compare."
    if not ranked:
        return "toss-up", "No option qualifies when it is committed to today."
    tuned = [item.kind in TUNED for item in ranked]
    if not any(tuned):
        return "no", "No, fine-tuning is not worth it: no tuned option qualifies."
    if all(tuned):
        if valued and ranked[0].net_benefit.mean < 0:
            return "no", "No, fine-tuning is not worth it: nothing else qualifies, and it loses money on average."
        return "yes", "Yes, fine-tuning is worth it: no untuned option qualifies."
    first_tuned, first_plain = tuned.index(True), tuned.index(False)
    if ranked[first_tuned].net_benefit.mean == ranked[first_plain].net_benefit.mean:
        return "toss-up", f"{_WORDS['toss-up']}: on average it earns exactly as much as the best untuned option."
    answer = next(word for least, word in _SCALE if odds >= least)
    if answer in (("probably not", "no") if tuned[0] else ("yes", "probably")):
        average = "earns more" if tuned[0] else "earns less"
        return "toss-up", (
            f"Whether fine-tuning is worth it hangs on rare, large outcomes: it pays in {futures(odds)}, "
            f"yet {average} on average."
        )
    return answer, f"{_WORDS[answer]}: it pays in {futures(odds)}."
