"""Values at which the choice changes, checked by putting them in."""

import numpy as np
import pytest

from estimator.decision import Change, choice_changes, choice_changes_of, distances, sign_changes, winner_map
from estimator.errors import InputError


def test_every_root_of_a_sine_is_found_in_order_with_its_direction() -> None:
    found = sign_changes(difference=np.sin, low=0.5, high=20.0)
    assert [item.value for item in found] == pytest.approx([np.pi * k for k in range(1, 7)], abs=1e-9)
    assert [(item.below, item.above) for item in found] == [(0, 1), (1, 0)] * 3
    assert all(abs(np.sin(item.value)) < 1e-9 and not item.is_jump for item in found)


def test_a_root_over_many_decades_is_put_in_again() -> None:
    def gain(volume: np.ndarray) -> np.ndarray:
        return 0.02 * volume - 40_000 / 24

    [found] = sign_changes(difference=gain, low=1.0, high=1e9, logarithmic=True)
    assert found.value == pytest.approx(83333.3333, rel=1e-9)
    assert abs(float(gain(np.array([found.value]))[0])) < 1e-4
    assert found.gap_usd == pytest.approx(0, abs=1e-4)


def test_few_passes_each_with_all_points() -> None:
    sizes = []

    def gain(points: np.ndarray) -> np.ndarray:
        sizes.append(points.size)
        return np.sin(points)

    sign_changes(difference=gain, low=0.5, high=20.0)
    assert len(sizes) <= 6
    assert sum(sizes) < 1000


@pytest.mark.parametrize(
    "gain",
    [lambda x: 1 + x * x, lambda x: -((x - 0.3) ** 2), lambda x: 0 * x, lambda x: np.where(x > 0, np.inf, 5.0)],
)
def test_never_when_nothing_changes(gain: object) -> None:
    assert sign_changes(difference=gain, low=-1.0, high=1.0) == ()


@pytest.mark.parametrize("worst", [-100.0, -np.inf])
def test_a_jump_is_found_and_called_one(worst: float) -> None:
    [found] = sign_changes(difference=lambda x: np.where(x < 3.3, worst, 50.0 + x), low=0.0, high=20.0)
    assert found.value == pytest.approx(3.3, abs=1e-5)
    assert found.is_jump
    assert (found.below, found.above) == (1, 0)


def test_a_small_step_in_a_long_range_is_a_jump_and_a_steep_slope_is_not() -> None:
    step = sign_changes(difference=lambda x: 1e-3 * (x - 7e5) + np.where(x > 7e5, 50.0, -50.0), low=1.0, high=1e6)
    slope = sign_changes(difference=lambda x: 1e3 * (x - 7e5), low=1.0, high=1e6)
    assert [item.is_jump for item in (*step, *slope)] == [True, False]


def test_a_third_option_may_take_over_first() -> None:
    found = choice_changes(net_benefit=lambda x: np.stack([0 * x + 10, 2 * x, x * x - 20]), low=0.0, high=10.0)
    assert [(item.below, item.above) for item in found] == [(0, 1), (1, 2)]
    assert [item.value for item in found] == pytest.approx([5.0, 1 + 21**0.5])


def test_distance_from_today() -> None:
    changes = (Change(10.0, 0, 1, 0.0, False), Change(4.0, 1, 0, 0.0, False))
    near, far = distances(changes=changes, today=5.0, p5=3.0, p95=7.0)
    assert (near.change.value, near.absolute, near.relative, near.ranges) == (4.0, -1.0, -0.2, -0.25)
    assert (far.absolute, far.relative, far.ranges) == (5.0, 1.0, 1.25)
    [from_zero] = distances(changes=changes[1:], today=0.0, p5=0.0, p95=0.0)
    assert (from_zero.relative, from_zero.ranges) == (np.inf, np.inf)


def test_a_bad_range_or_result_is_said() -> None:
    for low, high, logarithmic in ((2.0, 1.0, False), (0.0, 1.0, True), (0.0, np.inf, False)):
        with pytest.raises(InputError, match="low, high"):
            sign_changes(difference=np.sin, low=low, high=high, logarithmic=logarithmic)
    with pytest.raises(InputError, match="not a number where the input is"):
        sign_changes(difference=lambda x: np.where(x > 1, np.nan, x), low=-1.0, high=2.0)


def test_map_over_two_inputs() -> None:
    benefit = np.random.default_rng(1).normal(size=(4, 7, 5))
    found = winner_map(net_benefit=benefit, baseline=2)
    ranked = np.sort(benefit, axis=0)
    np.testing.assert_array_equal(found.chosen, benefit.argmax(axis=0))
    np.testing.assert_allclose(found.lead_usd, ranked[-1] - ranked[-2])
    np.testing.assert_allclose(found.over_baseline_usd, ranked[-1] - benefit[2])
    assert np.isinf(winner_map(net_benefit=benefit[:1]).lead_usd).all()


def test_many_lines_together_are_what_each_is_alone() -> None:
    def benefit(asked: dict[float, np.ndarray]) -> dict[float, np.ndarray]:
        calls.append(sum(points.size for points in asked.values()))
        return {line: np.stack([np.sin(line * x), 0 * x]) for line, x in asked.items()}

    calls: list[int] = []
    points = {line: np.linspace(0.5, 9.0, 65) for line in (1.0, 1.7, 2.9)}
    together = choice_changes_of(net_benefit=benefit, points=points)
    assert len(calls) == 5
    for line, values in points.items():
        assert choice_changes_of(net_benefit=benefit, points={line: values})[line] == together[line]
        roots = [np.pi * k / line for k in range(1, 20) if 0.5 < np.pi * k / line < 9.0]
        assert [change.value for change in together[line]] == pytest.approx(roots, abs=1e-9)


def test_a_line_that_cannot_be_evaluated_is_left_out() -> None:
    found = choice_changes_of(
        net_benefit=lambda asked: {"a": np.stack([asked["a"] - 2.0, 0 * asked["a"]])},
        points={"a": np.linspace(0.0, 5.0, 9), "b": np.linspace(0.0, 5.0, 9)},
    )
    assert set(found) == {"a"}
    assert found["a"][0].value == pytest.approx(2.0)


def test_of_options_that_are_always_equal_the_first_stands_for_both() -> None:
    found = choice_changes(net_benefit=lambda x: np.stack([0 * x + 3.0, x, x]), low=0.0, high=10.0)
    assert [(item.value, item.below, item.above) for item in found] == [(pytest.approx(3.0), 0, 1)]


def test_options_that_differ_by_rounding_alone_never_change_places() -> None:
    def benefit(x: np.ndarray) -> np.ndarray:
        return np.stack([1e6 + 0 * x, 1e6 + 1e-8 * np.sin(x)])

    assert choice_changes(net_benefit=benefit, low=0.0, high=20.0) == ()


def test_where_nothing_may_be_chosen_on_one_side_the_change_is_a_jump() -> None:
    def benefit(x: np.ndarray) -> np.ndarray:
        floor = np.where(x < 4.0, x, -np.inf)
        return np.stack([floor, np.where(x < 4.0, -np.inf, 0.0)])

    [found] = choice_changes(net_benefit=benefit, low=0.0, high=10.0)
    assert found.value == pytest.approx(4.0, abs=1e-5)
    assert found.is_jump
    assert np.isinf(found.gap_usd)
