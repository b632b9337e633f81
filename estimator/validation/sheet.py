"""A validation as a sheet: one row per group, then the worst cases and what was skipped."""

from collections import Counter
from dataclasses import replace
from typing import Any

from estimator.report import Sheet
from estimator.report.layout import Table
from estimator.report.numbers import error_percent, significant
from estimator.validation.scores import Scored, Validation, summary_rows

WORST = 10


def validation_sheet(validation: Validation) -> Sheet:
    """Tables and data of a validation."""
    rows = summary_rows(validation) if validation.scored else []
    total = len(validation.scored) + len(validation.skipped)
    table = _shares if validation.yes_or_no else _summary
    blocks: list[Table | str] = [table(rows)] if rows else ["No case could be predicted."]
    if validation.left_out:
        cross = summary_rows(replace(validation, scored=validation.left_out))
        blocks.append(_summary(cross, "Errors with constants fitted without the source of the case"))
    blocks += list(validation.notes)
    if validation.scored:
        blocks.append(_worst(validation))
    if validation.skipped:
        reasons = Counter(item.reason for item in validation.skipped)
        blocks.append(Table("Skipped", ("n", "Reason"), tuple((str(n), text) for text, n in reasons.most_common())))
    data = validation.to_dict()
    return Sheet(
        title=f"{validation.kind}: {len(validation.scored)} of {total} cases predicted, in {validation.unit}",
        blocks=tuple(blocks),
        data=data,
        records=data["cases"],
    )


def _summary(rows: list[dict[str, Any]], title: str = "Errors") -> Table:
    with_interval = any(row["coverage"] is not None for row in rows)
    head = ("By", "Group", "n", "Median |error|", "p90", "Bias")
    body = [
        (
            row["by"],
            row["group"],
            str(row["n"]),
            error_percent(row["median"]),
            error_percent(row["p90"]),
            error_percent(row["bias"], signed=True),
            *((error_percent(row["coverage"]),) if with_interval else ()),
        )
        for row in rows
    ]
    return Table(title, (*head, "Covered") if with_interval else head, tuple(body))


def _shares(rows: list[dict[str, Any]]) -> Table:
    body = [(row["by"], row["group"], str(row["n"]), error_percent(row["wrong"])) for row in rows]
    return Table("Wrong answers", ("By", "Group", "n", "Wrong, weighted"), tuple(body))


def _worst(validation: Validation) -> Table:
    ranked = sorted(validation.scored, key=lambda item: -abs(item.signed_error))[:WORST]
    if validation.yes_or_no:
        wrong = [(item.id, ", ".join(item.groups.values())) for item in ranked if item.signed_error]
        return Table("Wrong in", ("Case", "Belongs to"), tuple(wrong))
    return Table("Worst cases", ("Case", "Predicted", "Measured", "Error", "Belongs to"), tuple(map(_row, ranked)))


def _row(item: Scored) -> tuple[str, ...]:
    return (
        item.id,
        significant(item.predicted),
        significant(item.measured),
        error_percent(item.signed_error, signed=True),
        ", ".join(item.groups.values()),
    )
