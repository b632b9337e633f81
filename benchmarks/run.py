"""Print how long things take: python benchmarks/run.py.

Medians of five, and their ratio to `import numpy, pydantic`, which is timed in turn with each case since the speed of a
shared machine wanders; nothing here is a test.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from estimator import breakeven, estimate, flip_points, load
from estimator.allocating import keep_freed_memory
from estimator.catalog import Catalog, default_directory

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
TRIAGE, CONTRACT = (str(ROOT / "examples" / f"{name}.yaml") for name in ("triage", "contract-review"))


def process(*arguments: str) -> Callable[[], None]:
    """A whole Python process that finds its modules compiled, as after an installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def once() -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=kept, check=True, stdout=subprocess.DEVNULL)

    return once


def estimating(draws: int) -> Callable[[], None]:
    """One estimate in this process, which keeps freed memory as the command line and the dashboard do."""
    scenario = load(TRIAGE)
    keep_freed_memory()

    def once() -> None:
        estimate(scenario, draws=draws)

    return once


POLICY = str(ROOT / "examples" / "ci" / "policy.yaml")
YARDSTICK = process("-c", "import numpy, pydantic; pydantic.BaseModel")


def turning() -> Callable[[], None]:
    """Flip points of every input of one estimate."""
    base, catalog = estimate(load(TRIAGE)), Catalog(default_directory())

    def once() -> None:
        flip_points(base, catalog=catalog)

    return once


def mapping() -> None:
    """A break-even grid of 50 × 50 points, with its estimate."""
    breakeven(load(TRIAGE), x="requests_per_month", y="value_per_success")


READ_ALL = "c = Catalog(default_directory()); [c.rows(table) for table in c.tables()]; c.default_rows()"
IMPORT_CATALOG = "from estimator.catalog import Catalog, default_directory"


def reading() -> None:
    """All tables of the catalog, in this process."""
    catalog = Catalog(default_directory())
    for table in catalog.tables():
        catalog.rows(table)
    catalog.default_rows()


def seconds(once: Callable[[], None]) -> float:
    """One run."""
    start = time.perf_counter()
    once()
    return time.perf_counter() - start


def medians(once: Callable[[], None]) -> tuple[float, float]:
    """Seconds of a case and of the yardstick in turn, after one run that does not count."""
    once()
    times = [(seconds(once), seconds(YARDSTICK)) for _ in range(RUNS)]
    took, beside = zip(*times, strict=True)
    return statistics.median(took), statistics.median(beside)


CASES: tuple[tuple[str, str, Callable[[], None]], ...] = (
    ("python -c pass", "", process("-c", "pass")),
    ("import numpy, pydantic", "", YARDSTICK),
    ("import estimator (loads nothing yet)", "", process("-c", "import estimator")),
    (
        "import estimator; from estimator import estimate",
        "at most 2 × numpy, pydantic",
        process("-c", "import estimator; from estimator import estimate"),
    ),
    ("import estimator.catalog", "", process("-c", IMPORT_CATALOG)),
    ("the same, and read all of its rows", "below 0.1 s more", process("-c", f"{IMPORT_CATALOG}; {READ_ALL}")),
    ("read all rows of the catalog again", "below 0.1 s", reading),
    ("estimator --help", "below 0.35 s", process("-m", "estimator", "--help")),
    ("estimator memory", "below 0.6 s", process("-m", "estimator", "memory", "Qwen/Qwen3-8B")),
    ("estimator compare, two files", "below 1.0 s", process("-m", "estimator", "compare", TRIAGE, CONTRACT)),
    ("estimator check, with a policy", "", process("-m", "estimator", "check", TRIAGE, "--policy", POLICY)),
    ("estimate, 5 options × 36 months, 1 future", "", estimating(1)),
    ("estimate, 5 options × 36 months, 10,000 futures", "below 0.3 s", estimating(10_000)),
    ("flip points of all inputs", "below 1.5 s", turning()),
    ("break-even grid, 50 × 50, estimate included", "below 1.5 s", mapping),
)


def main() -> None:
    """Print one row per case."""
    print(f"{'case':50s} {'median':>9s}  {'ratio':>5s}  aim")
    for name, aim, once in CASES:
        took, beside = medians(once)
        print(f"{name:50s} {took:7.3f} s  {took / beside:5.2f}  {aim}")


if __name__ == "__main__":
    main()
