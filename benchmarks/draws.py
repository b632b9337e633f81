"""Print what draws, months and options cost: python benchmarks/draws.py. One case takes a minute."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from estimator import Scenario, estimate, load
from estimator.catalog import load_catalog
from estimator.questions.whatif import WhatIf

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "contract-review.yaml"
"""Six options over 36 months."""
PEAK = """
from pathlib import Path
from estimator import estimate, load
estimate(load({path!r}), draws={draws}).to_dict()
status = Path('/proc/self/status').read_text()
print(next(int(line.split()[1]) / 2**10 for line in status.splitlines() if line.startswith('VmHWM')))
"""
RUNS = 5


def seconds(case: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Median wall and processor time of a case, after one run that is not counted."""
    case()
    walls, processors = [], []
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        case()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return statistics.median(walls), statistics.median(processors)


def peak_mib(draws: int) -> float:
    """Largest memory of a fresh process that estimates the example and makes its data."""
    code = PEAK.format(path=str(EXAMPLE), draws=draws)
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def grid(scenario: Scenario) -> Callable[[], object]:
    """Two inputs on 50 × 50 points."""
    whatif = WhatIf(base=estimate(scenario, draws=100), catalog=load_catalog())
    volume, value = np.meshgrid(np.geomspace(1e3, 1e5, 50), np.geomspace(0.5, 50.0, 50))
    held = {"workload.requests_per_month": volume.ravel(), "task.value_per_success": value.ravel()}
    return lambda: whatif.at(held)


def shortened(scenario: Scenario, *, months: int = 36, options: int = 6) -> Scenario:
    """The example with another horizon, or with its first options alone."""
    kept = dict(list(scenario.options.items())[:options])
    return scenario.model_copy(update={"horizon": months, "options": kept})


def main() -> None:
    """Print the aims, then how the cost grows."""
    scenario = load(EXAMPLE)
    print(f"{'case':44s} {'wall':>9s} {'processor':>10s}  aim")
    wall, processor = seconds(lambda: estimate(scenario))
    print(f"{'10,000 draws × 36 months × 6 options':44s} {wall:7.3f} s {processor:8.3f} s  below 0.25 s")
    wall, processor = seconds(grid(scenario))
    print(f"{'what-if grid of 50 × 50 points':44s} {wall:7.3f} s {processor:8.3f} s  below 1.5 s")
    print(f"{'peak, 100,000 draws × 36 months × 6 options':44s} {peak_mib(100_000):5.0f} MiB {'':9s}  below 1,024 MiB")
    print("\nprocessor time of an estimate")
    cases = [(f"{draws:,} draws", scenario, draws) for draws in (100, 1_000, 3_000, 10_000, 30_000)]
    cases += [(f"{months} months", shortened(scenario, months=months), 10_000) for months in (12, 24, 60, 120)]
    cases += [(f"{count} options", shortened(scenario, options=count), 10_000) for count in (1, 2, 3, 4, 5)]
    for name, case, draws in cases:
        _, processor = seconds(lambda case=case, draws=draws: estimate(case, draws=draws), runs=1)  # type: ignore[misc]
        print(f"{name:14s} {processor:6.2f} s  {'█' * round(processor * 20)}")


if __name__ == "__main__":
    main()
