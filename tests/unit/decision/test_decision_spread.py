"""Tornado bars and Sobol' indices by hand; the published functions are in tests/reference."""

import subprocess
import sys

import numpy as np
import pytest

from estimator.decision import sobol, sobol_design, sobol_indices, sobol_intervals, tornado
from estimator.errors import InputError
from estimator.units import Array


def test_bars_are_sorted_and_reach_to_the_central_result() -> None:
    bars = tornado(
        names=("a", "b", "c"), at_low=np.array([-1.0, 2.0, 4.0]), at_high=np.array([5.0, 2.5, 4.5]), central=3.0
    )
    assert [(bar.name, bar.swing, bar.changes_sign) for bar in bars] == [
        ("a", 6.0, True),
        ("c", 1.5, False),
        ("b", 1.0, False),
    ]


def test_a_sign_that_only_the_central_result_has_is_a_change() -> None:
    [bar] = tornado(names=("a",), at_low=np.array([-1.0]), at_high=np.array([-2.0]), central=1.0)
    assert bar.changes_sign


def test_the_design_swaps_one_input_at_a_time() -> None:
    blocks = sobol_design(inputs=3, size=16, seed=2).reshape(3, 5, 16)
    a, b = blocks[:, 0], blocks[:, 1]
    for swapped in range(3):
        for row in range(3):
            np.testing.assert_array_equal(blocks[row, swapped + 2], b[row] if row == swapped else a[row])
    assert ((blocks >= 0) & (blocks < 1)).all()
    np.testing.assert_array_equal(blocks.reshape(3, -1), sobol_design(inputs=3, size=16, seed=2))


def test_an_additive_result_has_shares_that_add_up() -> None:
    weights = np.array([3.0, 2.0, 1.0, 0.0])
    found = sobol(evaluate=lambda points: 1e6 + weights @ points, inputs=4, size=1024, seed=1)
    shares = weights**2 / (weights**2).sum()
    np.testing.assert_allclose(found.first, shares, atol=0.01)
    np.testing.assert_allclose(found.total, shares, atol=0.01)


def test_a_pure_interaction_has_total_but_no_first_share() -> None:
    found = sobol(evaluate=lambda points: (points[0] - 0.5) * (points[1] - 0.5), inputs=2, size=2048, seed=1)
    np.testing.assert_allclose(found.first, 0, atol=0.03)
    np.testing.assert_allclose(found.total, 1, atol=0.03)


def test_standard_errors_bound_the_spread_between_scrambles() -> None:
    runs = [sobol(evaluate=lambda points: points.prod(axis=0), inputs=3, size=256, seed=seed) for seed in range(40)]
    assert (
        np.std([run.first for run in runs], axis=0) < np.mean([run.first_standard_error for run in runs], axis=0)
    ).all()
    assert (
        np.std([run.total for run in runs], axis=0) < np.mean([run.total_standard_error for run in runs], axis=0)
    ).all()


def test_a_constant_result_has_no_spread_to_share() -> None:
    found = sobol_indices(results=np.full(20, 7.0), inputs=3)
    assert not found.first.any()
    assert not found.total.any()


def test_a_wrong_size_or_result_is_said() -> None:
    with pytest.raises(InputError, match="power of 2"):
        sobol_design(inputs=2, size=1000, seed=0)
    with pytest.raises(InputError, match="finite"):
        sobol_indices(results=np.array([1.0, np.nan, 2.0, 3.0]), inputs=2)
    with pytest.raises(InputError, match="n · 4"):
        sobol_indices(results=np.arange(5.0), inputs=2)


def test_scipy_waits_until_a_design_is_asked_for() -> None:
    code = "import sys, estimator.decision; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_bootstrap_intervals_hold_the_closed_form_and_shrink_with_points() -> None:
    def ishigami(uniform: Array) -> Array:
        x = np.pi * (2.0 * uniform - 1.0)
        return np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    widths = []
    for size in (512, 8192):
        results = ishigami(sobol_design(inputs=3, size=size, seed=5))
        first, total = sobol_intervals(results=results, inputs=3, seed=1)
        assert np.all((first[0] <= [0.3139, 0.4424, 0.0]) & (first[1] >= [0.3139, 0.4424, 0.0]))
        assert np.all((total[0] <= [0.5576, 0.4424, 0.2437]) & (total[1] >= [0.5576, 0.4424, 0.2437]))
        widths.append(np.ptp(total, axis=0))
    assert np.all(widths[1] < 0.5 * widths[0])
