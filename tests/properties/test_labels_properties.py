"""Closed forms against brute force, and what must hold for every label, jury and set."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.labels import (
    annotation_usd,
    cost_per_effective_label,
    evaluation_set_size,
    labels_for_error,
    learning_curve_error,
    majority_accuracy,
    marginal_value_of_labels,
    noise_discount,
    optimal_labels,
    option_quality,
    paired_set_size,
    weighted_vote_accuracy,
    wilson_interval,
    wilson_set_size,
)

few = settings(max_examples=40, deadline=None)
shares = st.floats(0.01, 0.99)


@st.composite
def curves(draw: st.DrawFn) -> dict[str, float]:
    start = draw(st.floats(0.05, 0.95))
    return {
        "start_error": start,
        "floor": start * draw(st.floats(0.0, 0.9)),
        "scale": draw(st.floats(3.0, 3000.0)),
        "exponent": draw(st.floats(0.3, 1.5)),
    }


@few
@given(curves(), st.floats(1e3, 1e8), st.floats(0.01, 10.0), st.floats(0.01, 50.0))
def test_the_best_number_of_labels_is_that_of_a_search(
    curve: dict[str, float], tasks: float, usd_per_error: float, usd_per_label: float
) -> None:
    best = float(optimal_labels(tasks=tasks, usd_per_error=usd_per_error, usd_per_label=usd_per_label, **curve))
    tried = np.concatenate(([0.0], np.geomspace(0.1, 1e10, 20_001), [best]))
    cost = tasks * usd_per_error * learning_curve_error(labels=tried, **curve) + usd_per_label * tried
    assert cost[-1] <= cost.min() * (1 + 1e-12) + 1e-9


@few
@given(curves(), st.floats(1e3, 1e7), st.floats(0.05, 5.0), st.floats(0.1, 20.0))
def test_the_next_label_pays_exactly_up_to_the_best_number(
    curve: dict[str, float], tasks: float, usd_per_error: float, usd_per_label: float
) -> None:
    best = float(optimal_labels(tasks=tasks, usd_per_error=usd_per_error, usd_per_label=usd_per_label, **curve))
    if best < 2:
        return
    worth = [
        marginal_value_of_labels(labels=n, more=1.0, tasks=tasks, usd_per_error=usd_per_error, **curve)
        for n in (0.9 * best - 1, 1.1 * best + 1)
    ]
    assert worth[0] >= usd_per_label >= worth[1]


@few
@given(curves(), st.floats(0.02, 0.98))
def test_labels_for_an_error_reach_it(curve: dict[str, float], share: float) -> None:
    wanted = curve["floor"] + share * (curve["start_error"] - curve["floor"])
    labels = float(labels_for_error(error=wanted, **curve))
    assert learning_curve_error(labels=labels, **curve) == pytest.approx(wanted, rel=1e-6)
    assert np.isinf(labels_for_error(error=curve["floor"], **curve))


@few
@given(st.floats(0.05, 0.95), st.floats(0.01, 0.2))
def test_wilson_sets_give_the_wanted_interval(accuracy: float, half_width: float) -> None:
    items = float(wilson_set_size(accuracy=accuracy, half_width=half_width))
    low, high = wilson_interval(correct=accuracy * items, items=items)
    assert (high - low) / 2 == pytest.approx(half_width, rel=1e-6)
    wald = evaluation_set_size(accuracy=accuracy, half_width=half_width)
    assert wald * half_width**2 == pytest.approx(1.96**2 * accuracy * (1 - accuracy))


@few
@given(st.floats(0.02, 0.1), st.floats(0.2, 0.5))
def test_paired_sets_have_the_wanted_power(difference: float, discordant: float) -> None:
    items = round(float(paired_set_size(difference=difference, discordant_share=discordant)))
    rng = np.random.default_rng(0)
    wins, losses = (discordant + difference) / 2, (discordant - difference) / 2
    counts = rng.multinomial(items, [wins, losses, 1 - wins - losses], size=4000)
    statistic = (counts[:, 0] - counts[:, 1]) / np.sqrt(np.maximum(counts[:, 0] + counts[:, 1], 1))
    assert (statistic > 1.96).mean() == pytest.approx(0.8, abs=0.05)


@few
@given(st.floats(0.55, 0.99), st.integers(0, 4))
def test_a_larger_jury_is_right_more_often_and_its_labels_cost_more(accuracy: float, half: int) -> None:
    small, large = 2 * half + 1, 2 * half + 3
    assert majority_accuracy(accuracy=accuracy, annotators=large) >= majority_accuracy(
        accuracy=accuracy, annotators=small
    )
    if 0.7 <= accuracy <= 0.95:
        single, jury = (
            cost_per_effective_label(usd_per_label=1.0, accuracy=accuracy, annotators=n) for n in (1, large)
        )
        assert single <= jury


@few
@given(st.lists(st.floats(0.5, 0.99), min_size=1, max_size=7))
def test_a_weighted_vote_is_never_worse_than_its_best_annotator(accuracies: list[float]) -> None:
    assert weighted_vote_accuracy(accuracies) >= max(accuracies) - 1e-9


@few
@given(shares, st.integers(2, 200))
def test_noise_is_worth_between_nothing_and_everything(noise: float, classes: int) -> None:
    worth = float(noise_discount(noise=noise, classes=classes))
    assert 0 <= worth <= 1
    assert worth >= float(noise_discount(noise=noise, classes=2)) - 1e-12 or noise > 0.5


@few
@given(shares, shares, shares, shares, shares, shares, st.floats(-0.1, 0.1))
def test_every_part_of_the_error_is_accounted_for(
    start: float, share: float, gain: float, recall: float, ratio: float, learned: float, interaction: float
) -> None:
    parts = option_quality(
        start_error=start,
        knowledge_share=share,
        prompt_gain=gain,
        recall=recall,
        context_use=0.9,
        tuned_ratio=ratio,
        knowledge_learned=learned,
        interaction=interaction,
        unknown_fact_errors=0.1,
        off_task_share=0.1,
        forgetting=0.1,
        systematic_label_error=0.05,
        off_style=np.asarray(0.2),
        invented_share=0.5,
    )
    summed = (
        parts.knowledge
        + parts.behaviour
        + parts.method
        + parts.interaction
        + parts.hallucination
        + parts.forgetting
        + parts.label_errors
    )
    content = min(max(float(summed), 0.0), 1.0)
    assert float(parts.content_error) == pytest.approx(content)
    assert float(parts.error) == pytest.approx(1 - (1 - content) * 0.8)
    assert 0 <= float(parts.invented) <= float(parts.knowledge + parts.hallucination) + 1e-12
    resting = parts.base_knowledge + parts.learned_knowledge + parts.retrieved_knowledge
    assert float(resting) <= share + 1e-9


@few
@given(st.floats(1, 1e5), st.floats(0.1, 60), st.floats(1, 300), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_bill_is_the_sum_of_its_lines_and_grows(
    labels: float, minutes: float, rate: float, fee: float, rejected: float
) -> None:
    given_ = {"minutes": minutes, "usd_per_hour": rate, "fee_share": fee, "rejected_share": rejected}
    bill = annotation_usd(labels=labels, guideline_hours=3.0, guideline_usd_per_hour=60.0, **given_)
    lines = bill.labelling + bill.fees + bill.rejected + bill.review + bill.adjudication
    assert bill.total == pytest.approx(lines + bill.guidelines + bill.training + bill.tooling)
    assert annotation_usd(labels=2 * labels, **given_).total == pytest.approx(
        2 * annotation_usd(labels=labels, **given_).total
    )
