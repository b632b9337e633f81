"""How far a measured time may lie from the predicted one."""

import numpy as np

from estimator.training.constants import StepConstants
from estimator.units import Value


def time_spread(*, overhead: Value, routed: Value, constants: StepConstants) -> Value:
    """Spread of measured over predicted time: s = √(s₀² + (s₁ o)² + (s₂ m)²).

    Matmuls and memory traffic follow the device; launches, exposed communication and pipeline bubbles depend on the
    software and the network behind it, and routed experts on kernels that change from release to release.

    Args:
        overhead: o, share of the step in launches, communication and bubbles. [1]
        routed: m, 1 where tokens are routed to experts, else 0. [1]
        constants: s₀, s₁, s₂ of the model.

    Returns:
        Scale of the logarithm of measured over predicted time. [1]

    Source: residuals of published throughput under constants fitted without their source; see
    docs/method/training.md.

    >>> from estimator.training.constants import CONSTANTS
    >>> round(float(time_spread(overhead=0.0, routed=0.0, constants=CONSTANTS)), 3)
    0.13
    """
    squares = constants.spread_base**2 + (constants.spread_overhead * np.asarray(overhead)) ** 2
    spread: Value = np.sqrt(squares + (constants.spread_experts * np.asarray(routed)) ** 2)
    return spread


def time_bounds(*, spread: Value, constants: StepConstants) -> tuple[Value, Value]:
    """p5 and p95 of measured over predicted time: exp(− a s) and exp(b s); slower by more than faster.

    Args:
        spread: s, scale of the logarithm. [1]
        constants: a and b of the model.

    Returns:
        Factors on the predicted time. [1]

    Source: as `time_spread`; p5 and p95 of the residuals over s.

    >>> from estimator.training.constants import CONSTANTS
    >>> low, high = time_bounds(spread=0.13, constants=CONSTANTS)
    >>> round(float(low), 3), round(float(high), 3)
    (0.791, 1.331)
    """
    low: Value = np.exp(-constants.spread_faster * np.asarray(spread))
    high: Value = np.exp(constants.spread_slower * np.asarray(spread))
    return low, high
