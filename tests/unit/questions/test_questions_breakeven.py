"""Break-even along one input and over two: points are what each would be alone, roots and contour are put in again."""

from pathlib import Path

import numpy as np
import pytest

from estimator import breakeven, estimate, load, loads
from estimator.errors import EstimatorError, InputError
from estimator.questions import BreakEvenCurve, BreakEvenGrid

EXAMPLES = Path(__file__).parents[3] / "examples"
TRIAGE = load(EXAMPLES / "triage.yaml")
VOLUME, WORTH = "workload.requests_per_month", "task.value_per_success"


def _curve(**asked: object) -> BreakEvenCurve:
    found = breakeven(TRIAGE, draws=100, **asked)
    assert isinstance(found, BreakEvenCurve)
    return found


def _grid(**asked: object) -> BreakEvenGrid:
    found = breakeven(TRIAGE, draws=100, **asked)
    assert isinstance(found, BreakEvenGrid)
    return found


def test_a_curve_is_the_difference_of_two_options_and_its_root_is_zero() -> None:
    found = _curve(x="requests_per_month", option="lora", against="prompt", steps=9)
    assert (found.x.key, found.x.today, found.x.values.size) == (VOLUME, 120e3, 9)
    for place in (0, 8):
        held = {VOLUME: np.array([found.x.today, found.x.values[place]])}
        alone = estimate(TRIAGE, draws=1, pinned=held, typical=True)
        one, other = (alone.options[name].outcome.net_benefit[1] for name in ("lora", "prompt"))
        assert found.gain_usd[place] == pytest.approx(one - other, rel=1e-9)
    [flip] = found.flips
    assert abs(flip.gap_usd) < 1e-3
    turned = np.flatnonzero(np.diff(np.sign(found.gain_usd)))
    assert turned.size == 1
    assert found.x.values[turned[0]] < flip.value < found.x.values[turned[0] + 1]


def test_swapping_the_options_swaps_the_sign() -> None:
    one = _curve(x=VOLUME, option="lora", against="prompt", steps=5)
    other = _curve(x=VOLUME, option="prompt", against="lora", steps=5)
    np.testing.assert_array_equal(one.gain_usd, -other.gain_usd)
    assert [flip.value for flip in one.flips] == pytest.approx([flip.value for flip in other.flips])


def test_a_grid_is_made_of_single_points_and_its_contour_breaks_even() -> None:
    found = _grid(x=VOLUME, y=WORTH, steps=12)
    assert found.gain_usd.shape == (12, 12)
    assert (len(found.best), len(found.best[0])) == (12, 12)
    held = {VOLUME: np.array([120e3, found.x.values[3]]), WORTH: np.array([0.25, found.y.values[7]])}
    alone = estimate(TRIAGE, draws=1, pinned=held, typical=True)
    benefit = {name: option.outcome.net_benefit[1] for name, option in alone.options.items()}
    assert found.best[7][3] == max(benefit, key=lambda name: benefit[name])
    tuned = max(benefit[name] for name in ("lora", "qlora", "lora_rag"))
    assert found.gain_usd[7, 3] == pytest.approx(tuned - max(benefit["prompt"], benefit["rag"]), rel=1e-9)
    assert len(found.contour) > 0
    assert np.abs(found.contour_gain_usd).max() < 1e-3 * np.abs(found.gain_usd).max()
    assert found.best_today == "lora_rag"
    assert found.gain_today_usd > 0


def test_swapping_the_axes_transposes_the_grid() -> None:
    one, other = _grid(x=VOLUME, y=WORTH, steps=4), _grid(x=WORTH, y=VOLUME, steps=4)
    np.testing.assert_allclose(one.gain_usd, other.gain_usd.T, rtol=1e-12)
    assert one.best == tuple(zip(*other.best, strict=True))


def test_a_range_of_its_own() -> None:
    found = _curve(x=VOLUME, x_range=(1e3, 1e6), steps=4)
    np.testing.assert_allclose(found.x.values, [1e3, 1e4, 1e5, 1e6])


def test_an_input_without_effect_leaves_a_flat_curve() -> None:
    found = _curve(x="infrastructure/pue", steps=3)
    assert np.ptp(found.gain_usd) == 0
    assert found.flips == found.choice_flips == ()


def test_a_lone_option_is_held_against_nothing() -> None:
    text = (EXAMPLES / "triage.yaml").read_text(encoding="utf-8")
    lone = loads(text[: text.index("  rag:")])
    found = breakeven(lone, x=WORTH, steps=5, draws=50)
    assert isinstance(found, BreakEvenCurve)
    assert (found.option, found.against) == ("prompt", "nothing")
    [flip] = found.flips
    alone = estimate(lone, draws=2, pinned={WORTH: flip.value}, typical=True)
    assert alone.options["prompt"].outcome.net_benefit[0] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"x": VOLUME, "steps": 1}, "steps: 1 is outside 2 to 500"),
        ({"x": VOLUME, "y": "requests_per_month"}, "y: workload.requests_per_month is x already"),
        ({"x": VOLUME, "x_range": (5.0, 5.0)}, "range of x: 5 to 5"),
        ({"x": "task.escalation_share", "x_range": (0.0, 2.0)}, "outside 0 to 1"),
        ({"x": VOLUME, "y_range": (1.0, 2.0)}, "without y"),
        ({"x": "task.value"}, "did you mean"),
    ],
)
def test_what_cannot_be_asked_is_said(asked: dict[str, object], expected: str) -> None:
    with pytest.raises(EstimatorError, match=expected) as caught:
        breakeven(TRIAGE, draws=50, **asked)
    assert isinstance(caught.value, InputError) or "unknown input" in str(caught.value)
