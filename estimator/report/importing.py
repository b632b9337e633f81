"""What a price catalogue would change, as a sheet; its CSV is the rows themselves, ready to append."""

from collections.abc import Sequence
from typing import Any

from estimator.catalog import COLUMNS, Row
from estimator.catalog.importing import Proposal, Review
from estimator.report.catalog import row_record
from estimator.report.layout import Table
from estimator.report.numbers import in_digits, percent_change
from estimator.report.sheet import Sheet

SHOWN = 60
"""Lines of a table on the screen; JSON and CSV hold all. [count]"""
SELDOM = ("distribution", "licence")
"""Columns that are written only where a row has something else than the default in them."""


def import_sheet(name: str, review: Review) -> Sheet:
    """New and changed prices, what is the same, and what was left out and why."""
    counts = (
        f"{len(review.changed)} changed, {len(review.new)} new, {review.same} the same, {len(review.held)} held back"
    )
    blocks: list[Table | str] = []
    blocks += _proposals("Changed", review.changed)
    blocks += _proposals("New", review.new)
    blocks += _held(review.held)
    blocks += _counted("Skipped", "Why", review.skipped)
    blocks += _counted("Unknown accelerator", "Name in the file", review.unknown)
    blocks += [f"Note: {note}" for note in review.notes]
    blocks.append("Nothing was written to the catalog. Review the rows, then append them: pricing/README.md.")
    records = [file_record(proposal.row) for proposal in review.proposals]
    return Sheet(
        title=f"{name} beside the catalog: {counts}", blocks=tuple(blocks), data=_data(review), records=_even(records)
    )


def file_record(row: Row) -> dict[str, Any]:
    """A row by the columns of the files in `pricing/`."""
    point = row.is_point and row.unit != "date"
    ranged = not row.is_point
    cells = {
        **{column: getattr(row, "valid_from" if column == "from" else column, None) for column in COLUMNS},
        "value": row.mode if point else None,
        **{column: getattr(row, column) if ranged else None for column in ("low", "mode", "high")},
        **row.attributes,
    }
    note = cells.pop("note")
    return {key: "" if value is None else value for key, value in {**cells, "note": note}.items()}


def _even(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with one set of columns, without those that nobody uses, and the note at the end."""
    idle = [key for key in SELDOM if all(record.get(key) in ("", "pert") for record in records)]
    columns = [key for key in dict.fromkeys(key for record in records for key in record) if key not in (*idle, "note")]
    return [{key: record.get(key, "") for key in (*columns, "note")} for record in records]


def _data(review: Review) -> dict[str, Any]:
    return {
        "changed": [_proposal_data(proposal) for proposal in review.changed],
        "new": [_proposal_data(proposal) for proposal in review.new],
        "same": review.same,
        "held_back": [{"row": row_record(row), "reason": reason} for row, reason in review.held],
        "skipped": dict(review.skipped),
        "unknown_accelerators": dict(review.unknown),
        "notes": list(review.notes),
    }


def _proposal_data(proposal: Proposal) -> dict[str, Any]:
    return {
        "row": row_record(proposal.row),
        "old": proposal.old.mode if proposal.old else None,
        "change_percent": proposal.change_percent,
        "warning": proposal.warning,
    }


def _proposals(title: str, proposals: Sequence[Proposal]) -> list[Table | str]:
    if not proposals:
        return []
    rows = tuple(
        (
            proposal.row.id,
            in_digits(proposal.old.mode) if proposal.old else "–",
            in_digits(proposal.row.mode),
            percent_change(proposal.change_percent),
            proposal.row.unit,
            str(proposal.row.valid_from),
            "; ".join(filter(None, (proposal.warning, proposal.row.note))),
        )
        for proposal in proposals[:SHOWN]
    )
    head = ("Id", "Old", "New", "Change", "Unit", "From", "Look at")
    return [Table(_titled(title, len(proposals)), head, rows)]


def _held(held: Sequence[tuple[Row, str]]) -> list[Table | str]:
    if not held:
        return []
    rows = tuple((row.id, in_digits(row.mode), row.unit, reason) for row, reason in held[:SHOWN])
    return [Table(_titled("Held back", len(held)), ("Id", "Value", "Unit", "Why"), rows)]


def _counted(title: str, head: str, counts: Any) -> list[Table | str]:
    rows = tuple((str(count), name) for name, count in counts.items())
    return [Table(title, ("Rows", head), rows)] if rows else []


def _titled(title: str, count: int) -> str:
    more = f", the first {SHOWN} of them; -f json and -f csv hold all" if count > SHOWN else ""
    return f"{title}: {count}{more}"
