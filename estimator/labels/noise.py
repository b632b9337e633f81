"""Label quality: votes, review, noise, and what a label is really worth."""

import itertools
from collections.abc import Sequence
from math import comb, log

import numpy as np

from estimator.errors import InputError
from estimator.units import Value

LARGEST_JURY = 15
"""Annotators up to which all patterns of votes are enumerated. [count]"""


def majority_accuracy(*, accuracy: Value, annotators: int) -> Value:
    """Accuracy of the majority of R annotators: Σ_{k>R/2} C(R,k) p^k (1−p)^(R−k).

    Args:
        accuracy: p, accuracy of one annotator. [1]
        annotators: R, odd. [count]

    Returns:
        Accuracy of the vote. [1]

    Raises:
        InputError: `annotators` is even or below 1.

    Source: Condorcet 1785; independent annotators of equal accuracy.

    >>> round(majority_accuracy(accuracy=0.85, annotators=3), 5)
    0.93925
    """
    if annotators < 1 or annotators % 2 == 0:
        raise InputError(f"annotators: {annotators} is not an odd number from 1 up; give 1, 3, 5 or 7")
    wins = range(annotators // 2 + 1, annotators + 1)
    terms = [comb(annotators, k) * accuracy**k * (1.0 - accuracy) ** (annotators - k) for k in wins]
    return sum(terms[1:], terms[0])


def odd_jury(votes: float) -> int:
    """The odd jury that is worth a number of votes: an even jury with ties tossed decides like one vote fewer.

    Args:
        votes: R, votes per label, rounded to a whole number. [count]

    Returns:
        Odd number of votes. [count]

    Source: C(2m, m) p^m (1 − p)^m of ties split in half gives P_2m = P_(2m−1).

    >>> odd_jury(1.0), odd_jury(2.0), odd_jury(4.0), odd_jury(5.0)
    (1, 1, 3, 5)
    """
    whole = max(1, round(votes))
    return whole - 1 + whole % 2


def disagreement_share(*, accuracy: Value, annotators: int) -> Value:
    """Share of items on which R independent votes are not unanimous: 1 − p^R − (1 − p)^R.

    Args:
        accuracy: p, accuracy of one annotator, two classes. [1]
        annotators: R. [count]

    Returns:
        Share that needs adjudication. [1]

    Source: binomial; with more classes wrong votes agree less often, so this is a lower bound.

    >>> round(disagreement_share(accuracy=0.85, annotators=3), 4)
    0.3825
    """
    return 1.0 - accuracy**annotators - (1.0 - accuracy) ** annotators


def weighted_vote_accuracy(accuracies: Sequence[float]) -> float:
    """Expected accuracy of the vote weighted by log(pᵢ/(1 − pᵢ)), two equally likely classes.

    What one-coin Dawid–Skene reaches once it has learned who is reliable; with equal accuracies it is the majority.

    Args:
        accuracies: pᵢ of the annotators of one item. [1]

    Returns:
        Accuracy of the vote; ties are tossed. [1]

    Raises:
        InputError: no annotator, more than 15, or an accuracy outside 0 to 1.

    Source: Nitzan & Paroush 1982; Dawid & Skene 1979.

    >>> round(weighted_vote_accuracy([0.85, 0.85, 0.85]), 5), round(weighted_vote_accuracy([0.95, 0.6, 0.6]), 2)
    (0.93925, 0.95)
    """
    if not 1 <= len(accuracies) <= LARGEST_JURY or not all(0.0 < p < 1.0 for p in accuracies):
        raise InputError(f"accuracies: give 1 to {LARGEST_JURY} numbers between 0 and 1, got {list(accuracies)!r:.80}")
    p = np.array(accuracies, dtype=float)
    right = np.array(list(itertools.product((True, False), repeat=p.size)))
    chance = np.where(right, p, 1.0 - p).prod(axis=1)
    score = np.where(right, 1.0, -1.0) @ np.array([log(each / (1.0 - each)) for each in p])
    return float((chance * np.where(np.abs(score) < 1e-9, 0.5, score > 0)).sum())


def reviewed_accuracy(*, accuracy: Value, review_share: Value, reviewer_accuracy: Value) -> Value:
    """Accuracy after a share of the labels was read again and put right: p + s (1 − p) q.

    Args:
        accuracy: p, before review. [1]
        review_share: s. [1]
        reviewer_accuracy: q, share of the errors read that the reviewer puts right. [1]

    Returns:
        Accuracy after review. [1]

    Source: definition.

    >>> round(reviewed_accuracy(accuracy=0.8, review_share=0.5, reviewer_accuracy=0.9), 3)
    0.89
    """
    return accuracy + review_share * (1.0 - accuracy) * reviewer_accuracy


def noise_discount(*, noise: Value, classes: Value = 2) -> Value:
    """Worth of a noisy label in clean ones: (1 − ρ K/(K − 1))², at least 0.

    Args:
        noise: ρ, share of wrong labels. [1]
        classes: K. [count]

    Returns:
        Worth. [1]

    Raises:
        InputError: fewer than 2 classes.

    Valid for: random label noise; for tuning of language models the law is an assumption.
    Source: 1/(1 − 2ρ)² sample-complexity law of learning with noise (Natarajan et al. 2013 and earlier).

    >>> round(float(noise_discount(noise=0.15)), 6)
    0.49
    """
    if np.any(np.asarray(classes) < 2):
        raise InputError(f"classes: {np.min(classes):g} is below 2; give the number of labels to choose from")
    usable: Value = np.maximum(1.0 - np.asarray(noise) * classes / (np.asarray(classes) - 1.0), 0.0)
    return usable**2


def effective_labels(
    *, human: Value, synthetic: Value, synthetic_value: Value, noise: Value, classes: Value = 2
) -> Value:
    """Clean labels that noisy ones are worth: (n_h + κ n_s)(1 − ρ K/(K − 1))².

    Args:
        human: n_h, human labels. [count]
        synthetic: n_s, generated labels. [count]
        synthetic_value: κ, worth of a generated label in human ones. [1]
        noise: ρ, share of wrong labels. [1]
        classes: K. [count]

    Returns:
        Effective labels. [count]

    Raises:
        InputError: fewer than 2 classes.

    Valid for: random label noise; for tuning of language models the law is an assumption.
    Source: `noise_discount`.

    >>> round(effective_labels(human=1000, synthetic=0, synthetic_value=0.3, noise=0.15), 6)
    490.0
    """
    worth: Value = (human + synthetic_value * synthetic) * noise_discount(noise=noise, classes=classes)
    return worth if isinstance(worth, np.ndarray) and worth.ndim else float(worth)


def cost_per_effective_label(*, usd_per_label: Value, accuracy: Value, annotators: int, classes: int = 2) -> Value:
    """R c_l / (1 − (1 − P_R) K/(K − 1))²: what one clean label costs with R votes; two classes: R c_l/(2 P_R − 1)².

    Args:
        usd_per_label: c_l, cost of one vote. [USD/label]
        accuracy: Accuracy of one annotator. [1]
        annotators: R, odd. [count]
        classes: K. [count]

    Returns:
        Cost per effective label; `inf` where the vote is no better than chance. [USD/label]

    Source: `majority_accuracy` and `noise_discount`.

    >>> round(float(cost_per_effective_label(usd_per_label=1.0, accuracy=0.85, annotators=1)), 2)
    2.04
    """
    vote = majority_accuracy(accuracy=accuracy, annotators=annotators)
    worth = np.asarray(noise_discount(noise=1.0 - vote, classes=classes), dtype=float)
    cost: Value = np.where(worth > 0, annotators * usd_per_label / np.where(worth > 0, worth, 1.0), np.inf)
    return cost


def cost_per_success(*, inference_usd: Value, accuracy: Value, error_usd: Value) -> Value:
    """(c_inf + (1 − a) C_e)/a: what one correct answer costs.

    Args:
        inference_usd: c_inf, cost of one answer. [USD]
        accuracy: a. [1]
        error_usd: C_e, damage of a wrong answer. [USD]

    Returns:
        Cost per correct answer. [USD]

    Source: definition.

    >>> round(cost_per_success(inference_usd=0.005, accuracy=0.85, error_usd=2.0), 6)
    0.358824
    """
    return (inference_usd + (1.0 - accuracy) * error_usd) / accuracy
