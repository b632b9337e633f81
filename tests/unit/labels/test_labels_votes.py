"""Dawid–Skene, weighted votes, and what an imperfect judge measures."""

import numpy as np
import pytest

from estimator.errors import InputError
from estimator.labels import (
    dawid_skene,
    disagreement_share,
    majority_accuracy,
    measured_share,
    odd_jury,
    redundancy_plan,
    reviewed_accuracy,
    weighted_vote_accuracy,
)
from estimator.questions import votes_of


def _votes(accuracy: list[float], items: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, items)
    right = rng.random((items, len(accuracy))) < np.array(accuracy)
    wrong = (truth[:, None] + rng.integers(1, classes, right.shape)) % classes
    return truth, np.where(right, truth[:, None], wrong)


@pytest.mark.parametrize("classes", [2, 4])
def test_dawid_skene_finds_who_is_reliable(classes: int) -> None:
    accuracy = [0.95, 0.85, 0.75, 0.65, 0.6]
    truth, votes = _votes(accuracy, 3000, classes, 1)
    found = dawid_skene(votes)
    assert found.annotator_accuracy == pytest.approx(accuracy, abs=0.03)
    majority = np.array([np.bincount(row, minlength=classes).argmax() for row in votes])
    assert (found.labels == truth).mean() > (majority == truth).mean() + 0.005
    assert found.expected_accuracy == pytest.approx((found.labels == truth).mean(), abs=0.015)


def test_dawid_skene_reaches_the_analytic_expectation() -> None:
    accuracy = [0.9, 0.8, 0.7, 0.6, 0.6]
    truth, votes = _votes(accuracy, 20_000, 2, 2)
    assert (dawid_skene(votes).labels == truth).mean() == pytest.approx(weighted_vote_accuracy(accuracy), abs=0.01)


def test_missing_votes_are_left_out() -> None:
    truth, votes = _votes([0.9, 0.8, 0.8, 0.7], 2000, 3, 3)
    holes = np.random.default_rng(4).random(votes.shape) < 0.4
    holes[np.arange(2000), np.random.default_rng(5).integers(0, 4, 2000)] = False
    found = dawid_skene(np.where(holes, -1, votes), classes=3)
    assert (found.labels == truth).mean() > 0.85
    assert found.annotator_accuracy[0] > found.annotator_accuracy[3]


def test_single_votes_and_swapped_classes_are_said_in_words() -> None:
    assert "one vote" in dawid_skene([[0], [1], [1]]).notes[0]
    _, votes = _votes([0.9, 0.9, 0.9, 0.1], 500, 2, 6)
    assert any("below chance" in note for note in dawid_skene(votes).notes)


@pytest.mark.parametrize(
    ("votes", "message"),
    [([], "not a table"), ([[0.5, 1]], "not a table"), ([[0, 5]], "classes must be"), ([[-1, -1], [0, 1]], "no vote")],
)
def test_bad_votes_are_refused(votes: list[list[float]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        dawid_skene(votes, classes=2 if votes == [[0, 5]] else None)


def test_equal_annotators_vote_like_a_majority() -> None:
    for accuracy in (0.6, 0.8, 0.95):
        for annotators in (1, 3, 5, 7):
            expected = majority_accuracy(accuracy=accuracy, annotators=annotators)
            assert weighted_vote_accuracy([accuracy] * annotators) == pytest.approx(expected)
    assert weighted_vote_accuracy([0.8] * 4) == pytest.approx(weighted_vote_accuracy([0.8] * 3))
    with pytest.raises(InputError, match="1 to 15"):
        weighted_vote_accuracy([0.8] * 16)


def test_small_formulas() -> None:
    assert [odd_jury(n) for n in (0.4, 1, 2, 3, 4, 7)] == [1, 1, 1, 3, 3, 7]
    assert disagreement_share(accuracy=0.9, annotators=2) == pytest.approx(0.18)
    assert reviewed_accuracy(accuracy=0.8, review_share=1.0, reviewer_accuracy=1.0) == pytest.approx(1.0)
    assert measured_share(accuracy=0.5, judge_accuracy=0.7) == pytest.approx(0.5)


@pytest.mark.parametrize("accuracy", [0.7, 0.8, 0.9, 0.95])
def test_votes_belong_into_the_evaluation_set(accuracy: float) -> None:
    plan = redundancy_plan(accuracy=accuracy, usd_per_vote=0.1, quality=0.85, half_width=0.05)
    assert plan.training_votes == 1
    assert plan.evaluation_votes is None or plan.evaluation_votes >= 3
    biases = [jury.evaluation_bias for jury in plan.juries]
    assert biases == sorted(biases, reverse=True)
    with pytest.raises(InputError, match=r"not above 0\.5"):
        redundancy_plan(accuracy=0.5, usd_per_vote=0.1, quality=0.85, half_width=0.05)


def test_a_table_of_votes_as_text() -> None:
    found = votes_of("ann,bob,cid\nspam,spam,ham\nham,ham,ham\nspam,spam,spam\nham,ham,\nspam,spam,ham\n")
    assert found.labels == ("spam", "ham", "spam", "ham", "spam")
    assert found.votes == (5, 5, 4)
    assert found.consensus.annotator_accuracy[2] < found.consensus.annotator_accuracy[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no votes"),
        ("a,b\nx\n", "line 2: 1 cells for 2"),
        ("a,b\nx,y\n,\n", "different votes|no vote"),
        ("id,a\n1,x\n2,y\n3,z\n", "no column of item names"),
    ],
)
def test_bad_tables_of_votes(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        votes_of(text)
