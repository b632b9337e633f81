"""Published functions of sensitivity analysis."""

import numpy as np

from estimator.decision import sobol


def test_ishigami() -> None:
    """Ishigami & Homma 1990: sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1, x in (−π, π); indices in closed form."""

    def ishigami(points: np.ndarray) -> np.ndarray:
        x = np.pi * (2 * points - 1)
        return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    found = sobol(evaluate=ishigami, inputs=3, size=16384, seed=1)
    np.testing.assert_allclose(found.first, [0.3139, 0.4424, 0.0], atol=0.002)
    np.testing.assert_allclose(found.total, [0.5576, 0.4424, 0.2437], atol=0.002)


def test_product_of_three() -> None:
    """N v (1 − a) on [1e4, 1e5] × [0.05, 1] × [0.6, 0.9]: SALib on 8,192 rows, and the closed form of a product."""
    low, high = np.array([1e4, 0.05, 0.6]), np.array([1e5, 1.0, 0.9])

    def value(points: np.ndarray) -> np.ndarray:
        tasks, worth, quality = low[:, None] + (high - low)[:, None] * points
        return tasks * worth * (1 - quality)

    found = sobol(evaluate=value, inputs=3, size=1024, seed=1)
    np.testing.assert_allclose(found.first, [0.296, 0.376, 0.162], atol=0.015)
    np.testing.assert_allclose(found.total, [0.428, 0.501, 0.251], atol=0.015)
    squares = ((high - low) ** 2 / 12) / np.array([55_000, 0.525, 0.25]) ** 2
    variance = (1 + squares).prod() - 1
    np.testing.assert_allclose(found.first, squares / variance, atol=0.01)
    np.testing.assert_allclose(found.total, squares * (1 + squares).prod() / (1 + squares) / variance, atol=0.01)
