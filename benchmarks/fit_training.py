"""Refit the free constants of the step-time model to the bundled published runs: python benchmarks/fit_training.py.

Prints each constant with what was expected before the data, and the errors before, after, and with each source left
out. With --write it puts the fitted values, at three digits, into estimator/training/constants.py and
pricing/constants/training.csv.
"""

import argparse
import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from estimator.catalog import load_catalog
from estimator.training import CONSTANTS
from estimator.validation import bundled, weighted_quantile
from estimator.validation.time import ROUNDS
from estimator.validation.time_case import time_case
from estimator.validation.time_fit import PRIORS, TimeRuns, fitted, left_out, predicted, time_runs

ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "estimator" / "training" / "constants.py"
ROWS = ROOT / "pricing" / "constants" / "training.csv"


def runs() -> TimeRuns:
    """The bundled runs as columns."""
    cases, catalog = bundled("time"), load_catalog()
    sources = [str(case["source_group"]) for case in cases]
    return time_runs(
        [time_case(case, catalog=catalog) for case in cases],
        np.array([case["measured"]["tokens_per_s_per_gpu"] for case in cases]),
        np.array([case["weight"] for case in cases]),
        [ROUNDS if source.startswith(ROUNDS) else source for source in sources],
    )


def errors(data: TimeRuns, rates: np.ndarray) -> str:
    """Weighted median and p90 of dense and routed models."""
    routed = np.asarray(data.load.expert_flops) > 0
    miss = np.abs(rates / data.measured - 1.0)
    text = []
    for name, chosen in (("dense", ~routed), ("mixtures of experts", routed)):
        some, weights = miss[chosen].tolist(), data.weights[chosen].tolist()
        median, p90 = (100 * weighted_quantile(some, weights, share) for share in (0.5, 0.9))
        text.append(f"{name} median {median:.1f} % p90 {p90:.0f} %")
    return ", ".join(text)


def write(values: dict[str, float]) -> None:
    """Put values into the module and into the rows."""
    code = CODE.read_text(encoding="utf-8")
    for name, value in values.items():
        code = re.sub(rf"(    {name}: float = ).*", rf"\g<1>{value!r}", code)
    CODE.write_text(code, encoding="utf-8")
    with ROWS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        name = row["id"].removeprefix("training.")
        if name in values:
            row["value"] = repr(values[name])
    text = io.StringIO()
    table = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    ROWS.write_text(text.getvalue(), encoding="utf-8")


def main() -> None:
    """Fit, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the constants in the code and in the rows")
    wanted = parser.parse_args()
    data = runs()
    found = fitted(data, np.ones(len(data.sources), dtype=bool))
    values = {name: float(f"{getattr(found, name):.3g}") for name in PRIORS}
    print(f"{'constant':28s} {'prior':>9s} {'in use':>9s} {'fitted':>9s}")
    for name, value in values.items():
        print(f"{name:28s} {PRIORS[name][0]:9.3g} {getattr(CONSTANTS, name):9.3g} {value:9.3g}")
    print("in use:             ", errors(data, predicted(data, CONSTANTS)))
    print("fitted:             ", errors(data, predicted(data, replace(CONSTANTS, **values))))
    print("without own source: ", errors(data, left_out(data)))
    if wanted.write:
        write(values)


if __name__ == "__main__":
    main()
