"""Truth from many votes: one-coin Dawid–Skene by expectation maximisation."""

import numpy as np
import numpy.typing as npt

from estimator.errors import InputError
from estimator.record import record
from estimator.units import Array

MISSING = -1
"""A vote that was not given."""
MOST_ROUNDS = 200
SETTLED = 1e-8
PRIOR_RIGHT, PRIOR_WRONG = 2.0, 1.0
"""Weak prior of a few votes: keeps an annotator with few votes from being declared perfect. Judgement."""


@record(kw_only=True)
class Consensus:
    """What the votes say together."""

    labels: npt.NDArray[np.intp]
    """Most likely class of each item."""
    confidence: Array
    """Its probability, shape (items,). [1]"""
    annotator_accuracy: Array
    """Estimated accuracy of each annotator, shape (annotators,). [1]"""
    class_shares: Array
    rounds: int
    notes: tuple[str, ...]

    @property
    def expected_accuracy(self) -> float:
        """Mean confidence: the accuracy the model expects of its own labels. [1]"""
        return float(self.confidence.mean())


def dawid_skene(votes: npt.ArrayLike, *, classes: int | None = None) -> Consensus:
    """One accuracy per annotator, wrong votes spread evenly over the other K − 1 classes; EM until settled.

    E: P(class k) ∝ π_k Π_i pᵢ^[vᵢ = k] ((1 − pᵢ)/(K − 1))^[vᵢ ≠ k];  M: pᵢ = expected share of right votes.

    Args:
        votes: Class of each vote from 0 up, shape (items, annotators); −1 where none was given. [count]
        classes: K; the largest vote plus one where not given. [count]

    Returns:
        Labels, their confidence and the accuracy of each annotator. [1]

    Raises:
        InputError: not a table of whole numbers, no vote, or a class outside 0 to K − 1.

    Source: Dawid & Skene 1979, with one parameter per annotator.

    >>> found = dawid_skene([[0, 0, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1], [1, 1, 0]])
    >>> found.labels.tolist(), bool(found.annotator_accuracy[2] < found.annotator_accuracy[0])
    ([0, 1, 0, 1, 1], True)
    """
    table, size = _checked(votes, classes)
    given = table != MISSING
    counts = np.stack([(table == k).sum(axis=1) for k in range(size)], axis=1).astype(float)
    belief = (counts + 1.0 / size) / (counts + 1.0 / size).sum(axis=1, keepdims=True)
    accuracy = np.zeros(table.shape[1])
    rounds, moved = 0, np.inf
    while rounds < MOST_ROUNDS and moved >= SETTLED:
        rounds += 1
        right = np.stack([((table == k) * belief[:, [k]]) for k in range(size)]).sum(axis=0)
        new = (right.sum(axis=0) + PRIOR_RIGHT) / (given.sum(axis=0) + PRIOR_RIGHT + PRIOR_WRONG)
        shares = np.maximum(belief.mean(axis=0), 1e-12)
        log_right, log_wrong = np.log(new), np.log((1.0 - new) / (size - 1))
        score = _score(table, given, log_right, log_wrong, size) + np.log(shares)
        belief = np.exp(score - score.max(axis=1, keepdims=True))
        belief /= belief.sum(axis=1, keepdims=True)
        moved = float(np.abs(new - accuracy).max())
        accuracy = new
    return Consensus(
        labels=belief.argmax(axis=1),
        confidence=belief.max(axis=1),
        annotator_accuracy=accuracy,
        class_shares=belief.mean(axis=0),
        rounds=rounds,
        notes=_notes(given, accuracy, size),
    )


def _score(
    table: npt.NDArray[np.intp], given: npt.NDArray[np.bool_], log_right: Array, log_wrong: Array, size: int
) -> Array:
    """Log likelihood of each class for each item."""
    wrong = (given * log_wrong).sum(axis=1, keepdims=True)
    gain = log_right - log_wrong
    score: Array = wrong + np.stack([((table == k) * gain).sum(axis=1) for k in range(size)], axis=1)
    return score


def _checked(votes: npt.ArrayLike, classes: int | None) -> tuple[npt.NDArray[np.intp], int]:
    raw = np.asarray(votes)
    if raw.ndim != 2 or raw.size == 0 or not np.issubdtype(raw.dtype, np.number) or np.any(raw != np.floor(raw)):
        raise InputError("votes: not a table of whole numbers; give one row per item, one column per annotator")
    table = raw.astype(np.intp)
    size = classes if classes is not None else max(int(table.max()) + 1, 2)
    if size < 2 or table.min() < MISSING or table.max() >= size:
        raise InputError(f"votes: classes must be 0 to {size - 1}, or −1 for no vote, and there must be at least two")
    if not (table != MISSING).any(axis=1).all():
        row = int(np.argmin((table != MISSING).any(axis=1)))
        raise InputError(f"votes: item {row} has no vote; remove it")
    return table, size


def _notes(given: npt.NDArray[np.bool_], accuracy: Array, size: int) -> tuple[str, ...]:
    notes = []
    if given.sum(axis=1).max() < 2:
        notes.append("every item has one vote: who is right cannot be told from votes alone")
    worse = np.flatnonzero(accuracy < 1.0 / size)
    if worse.size:
        names = ", ".join(str(int(index)) for index in worse[:5])
        notes.append(f"annotators below chance, perhaps with the classes swapped: {names}")
    return tuple(notes)
