"""Label quality: votes, noise, and what a label is really worth."""

from math import comb

import numpy as np

from estimator.errors import InputError
from estimator.units import Value


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


def effective_labels(
    *, human: Value, synthetic: Value, synthetic_value: Value, noise: Value, classes: int = 2
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
    Source: 1/(1 − 2ρ)² sample-complexity law of learning with noise (Natarajan et al. 2013 and earlier).

    >>> round(effective_labels(human=1000, synthetic=0, synthetic_value=0.3, noise=0.15), 6)
    490.0
    """
    if classes < 2:
        raise InputError(f"classes: {classes} is below 2; give the number of labels to choose from")
    usable = np.maximum(1.0 - np.asarray(noise) * classes / (classes - 1.0), 0.0)
    worth: Value = (human + synthetic_value * synthetic) * usable**2
    return worth if isinstance(worth, np.ndarray) and worth.ndim else float(worth)


def cost_per_effective_label(*, usd_per_label: Value, accuracy: Value, annotators: int) -> Value:
    """R c_l / (2 P_R − 1)²: what one clean label costs with R votes.

    Args:
        usd_per_label: c_l, cost of one vote. [USD/label]
        accuracy: Accuracy of one annotator. [1]
        annotators: R, odd. [count]

    Returns:
        Cost per effective label. [USD/label]

    Source: `majority_accuracy` and `effective_labels`.

    >>> round(cost_per_effective_label(usd_per_label=1.0, accuracy=0.85, annotators=1), 2)
    2.04
    """
    return annotators * usd_per_label / (2.0 * majority_accuracy(accuracy=accuracy, annotators=annotators) - 1.0) ** 2


def evaluation_set_size(*, accuracy: Value, half_width: Value, z: float = 1.96) -> Value:
    """Items for a confidence interval of a share: z² a (1 − a)/w².

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
