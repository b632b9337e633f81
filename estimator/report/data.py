"""JSON and CSV: unrounded, from the same plain data."""

import csv
import io
import json
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
    writer.writerow(COLUMNS)
    for scenario in comparison.to_dict()["scenarios"]:
        for name, option in scenario["options"].items():
            for row in _rows(option):
                writer.writerow([safe_cell(scenario["name"]), safe_cell(name), *map(safe_cell, row)])
    return out.getvalue()


def _rows(option: dict[str, Any]) -> list[list[Any]]:
    rows = [
        [
            line["key"],
            line["label"],
            line["category"],
            line["unit"],
            line["quantity"],
            line["unit_usd"],
            *_band(line["amount_usd"]),
        ]
        for line in option["lines"]
    ]
    for key, label in (
        ("cost_undiscounted_usd", "total cost, undiscounted"),
        ("cost_usd", "total cost, present value"),
        ("net_benefit_usd", "net benefit, present value"),
    ):
        if option[key] is not None:
            rows.append([f"total.{key}", label, "total", "", "", "", *_band(option[key])])
    return rows


def _band(band: dict[str, float]) -> list[float]:
    return [band[key] for key in ("central", "mean", "p10", "p50", "p90")]
