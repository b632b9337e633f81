"""Changes of a choice told as flips: side, names, distances and the range of the input."""

import math

import numpy as np
import pytest

from estimator.decision import Change, flips_of
from estimator.inputs import Input

NAMES = ("prompt", "lora", "rag")


def volume(value: float | np.ndarray) -> Input:
    return Input("workload.requests_per_month", "requests/month", value, 0.0, 1.0, "yours", "", "")


def test_a_flip_is_read_from_todays_value_outwards() -> None:
    futures = np.concatenate(([100.0], np.arange(101.0)))  # p5 5, p95 95
    changes = (Change(80.0, 0, 1, 0.25, False), Change(130.0, 1, 2, 7.0, True))
    below, above = flips_of(changes=changes, names=NAMES, item=volume(futures), question="choice")
    assert (below.side, below.before, below.beyond) == ("below", "lora", "prompt")
    assert (above.side, above.before, above.beyond) == ("above", "lora", "rag")
    assert (below.value, below.absolute, below.relative, below.gap_usd) == (80.0, -20.0, -0.2, 0.25)
    assert (above.value, above.absolute, above.relative, above.gap_usd) == (130.0, 30.0, 0.3, 7.0)
    assert (below.inside_range, above.inside_range) == (True, False)
    assert (below.is_jump, above.is_jump) == (False, True)
    for flip in (below, above):
        assert (flip.question, flip.key, flip.unit) == ("choice", "workload.requests_per_month", "requests/month")
        assert flip.today == 100.0


@pytest.mark.parametrize(("value", "inside"), [(4.9, False), (5.0, True), (95.0, True), (95.1, False)])
def test_the_range_holds_its_ends(value: float, inside: bool) -> None:
    item = volume(np.concatenate(([50.0], np.arange(101.0))))
    [flip] = flips_of(changes=(Change(value, 0, 1, 0.0, False),), names=NAMES, item=item, question="pair")
    assert flip.inside_range is inside


def test_a_certain_input_has_no_range_and_a_change_today_lies_above() -> None:
    [flip] = flips_of(changes=(Change(100.0, 0, 1, 0.0, False),), names=NAMES, item=volume(100.0), question="pair")
    assert (flip.inside_range, flip.side, flip.before, flip.relative) == (False, "above", "prompt", 0.0)


def test_a_share_of_zero_is_infinite() -> None:
    [flip] = flips_of(changes=(Change(-2.0, 0, 1, 0.0, False),), names=NAMES, item=volume(0.0), question="pair")
    assert (flip.absolute, flip.relative) == (-2.0, -math.inf)
