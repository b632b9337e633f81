"""Print how long the figures of a decision take: python benchmarks/decision.py. Medians of five; no test."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from estimator.decision import (
    acceptability,
    precision_of,
    sign_changes,
    sobol_design,
    sobol_indices,
    value_of_knowing,
    value_of_knowing_together,
    value_of_pilot,
)

OPTIONS, INPUTS, FUTURES, POINTS = 6, 20, 10_000, 1024


def cases() -> dict[str, Callable[[], object]]:
    """What is timed, by name: six options, twenty inputs, 10,000 futures."""
    rng = np.random.default_rng(0)
    values = rng.lognormal(size=(INPUTS, FUTURES))
    benefit = rng.normal(size=(OPTIONS, INPUTS)) @ values + rng.normal(size=(OPTIONS, 1))
    quality = rng.beta(8, 4, (1, FUTURES))
    successes, costs = rng.gamma(2.0, 100.0, (2, OPTIONS, FUTURES))
    results = rng.normal(size=(INPUTS + 2) * POINTS)
    worth = np.geomspace(0.01, 10, 50)
    return {
        "EVPPI of 20 inputs": lambda: value_of_knowing(net_benefit=benefit, values=values),
        "EVPPI of a pair": lambda: value_of_knowing_together(net_benefit=benefit, values=values[:2]),
        "worth of a pilot": lambda: value_of_pilot(net_benefit=benefit, quality=quality, items=200),
        "acceptability, 50 worths": lambda: acceptability(successes=successes, costs=costs, worth_usd=worth),
        "do the draws suffice": lambda: precision_of(lead=benefit[0] - benefit[1], probability_best=0.5),
        "Sobol' design, 20 inputs × 1024": lambda: sobol_design(inputs=INPUTS, size=POINTS, seed=0),
        "Sobol' indices, 20 inputs × 1024": lambda: sobol_indices(results=results, inputs=INPUTS),
        "six roots of a sine": lambda: sign_changes(difference=np.sin, low=0.5, high=20.0),
    }


def main() -> None:
    """Print one row per case."""
    print(f"{'case':34s} {'wall':>9s} {'processor':>10s}")
    for name, case in cases().items():
        case()
        walls, processors = [], []
        for _ in range(5):
            wall, processor = time.perf_counter(), time.process_time()
            case()
            walls.append(time.perf_counter() - wall)
            processors.append(time.process_time() - processor)
        print(f"{name:34s} {statistics.median(walls):7.3f} s {statistics.median(processors):8.3f} s")


if __name__ == "__main__":
    main()
