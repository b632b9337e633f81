"""How many answers to judge, by whom, and what that costs."""

from statistics import NormalDist

import numpy as np

from estimator.errors import InputError
from estimator.labels.noise import cost_per_effective_label, majority_accuracy
from estimator.record import record
from estimator.units import MINUTES_PER_HOUR, Value, central

JURIES = (1, 3, 5, 7, 9)
"""Votes per label that are compared. [count]"""


def evaluation_set_size(*, accuracy: Value, half_width: Value, z: float = 1.96) -> Value:
    """Items for a confidence interval of a share, Wald: z² a (1 − a)/w².

    Args:
        accuracy: a, expected share of correct answers. [1]
        half_width: w, half the width of the interval. [1]
        z: Normal quantile; 1.96 for 95 %. [1]

    Returns:
        Items. [count]

    Source: normal approximation of the binomial.

    >>> round(evaluation_set_size(accuracy=0.85, half_width=0.03), 3)
    544.227
    """
    return z**2 * accuracy * (1.0 - accuracy) / half_width**2


def wilson_interval(*, correct: Value, items: Value, z: float = 1.96) -> tuple[Value, Value]:
    """Score interval of a share: (p + z²/2n ± z √(p (1 − p)/n + z²/4n²))/(1 + z²/n).

    Args:
        correct: Correct answers, k; p = k/n. [count]
        items: n. [count]
        z: Normal quantile. [1]

    Returns:
        Lower and upper end. [1]

    Source: Wilson 1927.

    >>> low, high = wilson_interval(correct=9, items=10)
    >>> round(float(low), 4), round(float(high), 4)
    (0.5958, 0.9821)
    """
    share = np.asarray(correct, dtype=float) / items
    centre = share + z**2 / (2.0 * items)
    spread = z * np.sqrt(share * (1.0 - share) / items + z**2 / (4.0 * np.asarray(items, dtype=float) ** 2))
    scale = 1.0 + z**2 / items
    low: Value = (centre - spread) / scale
    high: Value = (centre + spread) / scale
    return low, high


def wilson_set_size(*, accuracy: Value, half_width: Value, z: float = 1.96) -> Value:
    """Items for a Wilson interval of a half width: n = (z²/2w²) [pq − 2w² + √((pq − 2w²)² + w² (1 − 4w²))].

    Args:
        accuracy: p, expected share of correct answers; q = 1 − p. [1]
        half_width: w, below .5. [1]
        z: Normal quantile. [1]

    Returns:
        Items; near 0 and 1 more than `evaluation_set_size`, which there promises too much. [count]

    Source: Wilson 1927, solved for n; Piegorsch 2004.

    >>> round(float(wilson_set_size(accuracy=0.99, half_width=0.01))), round(float(wilson_set_size(accuracy=0.85,
    ...                                                                                          half_width=0.03)))
    (454, 544)
    """
    room = np.asarray(accuracy) * (1.0 - np.asarray(accuracy)) - 2.0 * np.asarray(half_width) ** 2
    root = np.sqrt(room**2 + np.asarray(half_width) ** 2 * (1.0 - 4.0 * np.asarray(half_width) ** 2))
    needed: Value = z**2 / (2.0 * np.asarray(half_width) ** 2) * (room + root)
    return needed


def paired_set_size(
    *, difference: Value, discordant_share: Value, false_alarm: float = 0.05, miss: float = 0.2
) -> Value:
    """Items on which two options must both be judged: (z_α/2 √d + z_β √(d − Δ²))²/Δ².

    Args:
        difference: Δ, difference in quality to be seen, not 0. [1]
        discordant_share: d, share of items that exactly one of them gets right; at least |Δ|. [1]
        false_alarm: α, two-sided. [1]
        miss: β. [1]

    Returns:
        Items. [count]

    Raises:
        InputError: no difference, or fewer discordant items than the difference itself needs.

    Source: McNemar's test, normal approximation; Connor 1987.

    >>> round(float(paired_set_size(difference=0.05, discordant_share=0.15)))
    469
    """
    delta, share = np.abs(np.asarray(difference, dtype=float)), np.asarray(discordant_share, dtype=float)
    if np.any(delta <= 0) or np.any(delta > share) or np.any(share > 1):
        raise InputError(
            f"discordant_share: {np.min(share):g} and difference {np.max(delta):g} do not go together; "
            "give 0 < difference ≤ discordant_share ≤ 1"
        )
    normal = NormalDist()
    alpha, beta = normal.inv_cdf(1.0 - false_alarm / 2.0), normal.inv_cdf(1.0 - miss)
    needed: Value = (alpha * np.sqrt(share) + beta * np.sqrt(share - delta**2)) ** 2 / delta**2
    return needed


def typical_discordant_share(*, quality: Value) -> Value:
    """Share of items that exactly one of two options gets right: half of what independent errors give, a (1 − a).

    Args:
        quality: a, quality of both. [1]

    Returns:
        Share for `paired_set_size` where none was measured. [1]

    Source: judgement; hard items are hard for both, so errors overlap. Independent errors give 2 a (1 − a).

    >>> round(typical_discordant_share(quality=0.85), 4)
    0.1275
    """
    return quality * (1.0 - quality)


def human_evaluation_usd(*, items: Value, minutes: Value, usd_per_hour: Value, votes: Value = 1.0) -> Value:
    """Judging by people: n R m/60 w.

    Args:
        items: n, answers judged. [count]
        minutes: m, minutes per answer and vote. [minute]
        usd_per_hour: w. [USD/hour]
        votes: R. [count]

    Returns:
        Cost. [USD]

    Source: definition; 505 biographies of 9 minutes for 2,000 USD (Tian et al. 2023) are 26 USD an hour.

    >>> round(human_evaluation_usd(items=505, minutes=9.0, usd_per_hour=26.4), 1)
    1999.8
    """
    return items * votes * minutes / MINUTES_PER_HOUR * usd_per_hour


def judge_evaluation_usd(
    *, items: Value, usd_per_judgement: Value, orders: Value = 1.0, audit_share: Value = 0.0, audit_usd: Value = 0.0
) -> Value:
    """Judging by a model, a share checked by people: n (o c + s h).

    Args:
        items: n, answers judged. [count]
        usd_per_judgement: c, tokens of one judgement. [USD]
        orders: o, 2 where pairs are shown in both orders. [count]
        audit_share: s, share also judged by a person. [1]
        audit_usd: h, cost of one such check. [USD]

    Returns:
        Cost. [USD]

    Source: definition.

    >>> round(judge_evaluation_usd(items=1000, usd_per_judgement=0.002, audit_share=0.1, audit_usd=0.5), 2)
    52.0
    """
    return items * (orders * usd_per_judgement + audit_share * audit_usd)


def measured_share(*, accuracy: Value, judge_accuracy: Value) -> Value:
    """Share of answers that an imperfect judge calls correct: a P + (1 − a)(1 − P).

    Args:
        accuracy: a, true share of correct answers. [1]
        judge_accuracy: P, accuracy of the judge or of the vote. [1]

    Returns:
        Measured share; its error |2a − 1|(1 − P) does not shrink with more items. [1]

    Source: Rogan & Gladen 1978.

    >>> round(measured_share(accuracy=0.9, judge_accuracy=0.85), 2)
    0.78
    """
    return accuracy * judge_accuracy + (1.0 - accuracy) * (1.0 - judge_accuracy)


@record(kw_only=True)
class Jury:
    """What R votes per label do to a training set and to an evaluation set."""

    votes: int
    vote_accuracy: float
    usd_per_effective_label: float
    """Training: one clean label's worth. [USD/label]"""
    evaluation_bias: float
    """Evaluation: how far the measured quality is off, however many items. [1]"""
    evaluation_items: float
    """Items for the wanted interval, once the bias is corrected for. [count]"""
    evaluation_usd: float


@record(kw_only=True)
class Redundancy:
    """Where votes are worth their money."""

    juries: tuple[Jury, ...]
    training_votes: int
    """Votes with the least cost per effective label. [count]"""
    evaluation_votes: int | None
    """Fewest votes whose bias stays below half the wanted half width; None where none of those compared does."""


def redundancy_plan(
    *, accuracy: float, usd_per_vote: float, quality: float, half_width: float, classes: int = 2
) -> Redundancy:
    """Votes per label: where the cost per effective label is least, and where the measured quality is right.

    Training: R c/(1 − (1 − P_R) K/(K − 1))². Evaluation: bias |2a − 1|(1 − P_R), items a' (1 − a')(z/(w (2 P_R − 1)))².

    Args:
        accuracy: p, accuracy of one annotator, above one half. [1]
        usd_per_vote: c. [USD/label]
        quality: a, expected quality of the option that is measured. [1]
        half_width: w, wanted half width of its confidence interval. [1]
        classes: K. [count]

    Returns:
        One row per jury, and the best for each purpose. [USD]

    Raises:
        InputError: annotators no better than chance.

    Source: `cost_per_effective_label`, `measured_share`.

    >>> plan = redundancy_plan(accuracy=0.85, usd_per_vote=1.0, quality=0.85, half_width=0.03)
    >>> plan.training_votes, plan.evaluation_votes
    (1, 7)
    """
    if not 0.5 < accuracy <= 1.0:
        raise InputError(f"accuracy: {accuracy:g} is not above 0.5; votes of such annotators never become right")
    juries = []
    for votes in JURIES:
        vote = majority_accuracy(accuracy=accuracy, annotators=votes)
        seen = measured_share(accuracy=quality, judge_accuracy=vote)
        items = evaluation_set_size(accuracy=seen, half_width=half_width * (2.0 * vote - 1.0))
        each = cost_per_effective_label(
            usd_per_label=usd_per_vote, accuracy=accuracy, annotators=votes, classes=classes
        )
        juries.append(
            Jury(
                votes=votes,
                vote_accuracy=central(vote),
                usd_per_effective_label=central(each),
                evaluation_bias=abs(central(seen) - quality),
                evaluation_items=central(items),
                evaluation_usd=central(items) * votes * usd_per_vote,
            )
        )
    fair = [jury.votes for jury in juries if jury.evaluation_bias <= half_width / 2.0]
    return Redundancy(
        juries=tuple(juries),
        training_votes=min(juries, key=lambda jury: jury.usd_per_effective_label).votes,
        evaluation_votes=fair[0] if fair else None,
    )
