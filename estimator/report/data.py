"""JSON and CSV: unrounded, from the same plain data."""

import csv
import io
import json
import re
from typing import Any

from estimator.report.layout import safe_cell
from estimator.results import Comparison

COLUMNS = (
    "scenario",
    "option",
    "line",
    "label",
    "category",
    "unit",
    "quantity",
    "unit_usd",
    "central_usd",
    "mean_usd",
    "p10_usd",
    "p50_usd",
    "p90_usd",
)


def json_text(comparison: Comparison) -> str:
    """The comparison as JSON text; the same scenario gives the same bytes."""
    return json.dumps(comparison.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def csv_text(comparison: Comparison) -> str:
    """One row per scenario, option and line, then totals and net benefit; text cells cannot become formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    suffix = comparison.currency.suffix
    writer.writerow([re.sub(r"usd$", suffix, column) for column in COLUMNS])
    for label, scenario in zip(comparison.labels, comparison.to_dict()["scenarios"], strict=True):
        for name, option in scenario["options"].items():
            for row in _rows(option, suffix):
                writer.writerow([safe_cell(label), safe_cell(name), *map(safe_cell, row)])
    return out.getvalue()


def _rows(option: dict[str, Any], suffix: str) -> list[list[Any]]:
    rows = [
        [
            line["key"],
            line["label"],
            line["category"],
            line["unit"],
            line["quantity"],
            line[f"unit_{suffix}"],
            *_band(line[f"amount_{suffix}"]),
        ]
        for line in option["lines"]
    ]
    for key, label in (
        ("cost_undiscounted", "total cost, undiscounted"),
        ("cost", "total cost, present value"),
        ("net_benefit", "net benefit, present value"),
    ):
        if (found := option[f"{key}_{suffix}"]) is not None:
            rows.append([f"total.{key}_{suffix}", label, "total", "", "", "", *_band(found)])
    return rows


def _band(band: dict[str, float]) -> list[float]:
    return [band[key] for key in ("central", "mean", "p10", "p50", "p90")]
