"""Every kind of prediction in one place: how right it is, by source, and why its worst cases are wrong."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from estimator.report import Sheet
from estimator.report.layout import Table
from estimator.report.numbers import error_percent, significant
from estimator.validation.scores import Scored, Validation, score, summary_rows

WHAT = {
    "memory": "peak memory of a training step",
    "fit": "does a training run fit?",
    "time": "training throughput",
    "serving": "serving throughput",
    "index": "bytes of a vector index",
    "quality": "quality after tuning, from public curves",
}
"""Kinds of predictions in the order of the rooms."""
REPLAYED = "simulated"
"""Counter of runs that are no runs: the tensors of a simulated training step."""
WORST = 10
NEEDS_WORDS = 0.1
"""Error from which a case among the worst is explained. [1]"""


def worst_cases(validation: Validation) -> tuple[Scored, ...]:
    """The cases that are most wrong, those with equal errors by name.

    >>> cases = [Scored(id=name, predicted=value, measured=1.0) for name, value in (("a", 1.1), ("b", 0.5))]
    >>> found = Validation(kind="", unit="", predicted_key="", measured_key="", scored=tuple(cases))
    >>> [case.id for case in worst_cases(found)]
    ['b', 'a']
    """
    wrong = [case for case in validation.scored if case.signed_error]
    return tuple(sorted(wrong, key=lambda case: (-abs(case.signed_error), case.id))[:WORST])


@cache
def explanations() -> tuple[tuple[str, str, str], ...]:
    """Kind, pattern of case names and the explanation, in the order in which they are looked through."""
    text = (files("estimator.validation") / "data" / "worst.csv").read_text(encoding="utf-8")
    return tuple((row["kind"], row["cases"], row["why"]) for row in csv.DictReader(text.splitlines()))


def explanation(kind: str, case: str) -> str:
    """Why a case is wrong, as far as we know; empty where nobody has looked.

    >>> explanation("fit", "litgpt_rt-016")
    'At the edge: 40.1 GiB with the safety margin of 5 %, on a device of 39.5.'
    """
    return next((why for of, names, why in explanations() if of == kind and fnmatchcase(case, names)), "")


def overview_table(validations: Sequence[Validation]) -> Table:
    """One row per kind of prediction."""
    rows = []
    for what, found in (part for whole in validations for part in _parts(whole)):
        figures = score(found.scored)
        shares = ("–", "–", "–") if found.yes_or_no else _errors(figures)
        wrong = error_percent(figures["wrong"]) if found.yes_or_no else "–"
        covered = "–" if figures["coverage"] is None else error_percent(figures["coverage"])
        command = f"estimator validate {found.kind}"
        rows.append((what, str(figures["n"]), *shares, covered, wrong, command))
    header = ("What", "Cases", "Median |error|", "p90", "Bias", "Covered", "Wrong answers", "Command")
    return Table("How right is it?", header, tuple(rows))


def _parts(validation: Validation) -> list[tuple[str, Validation]]:
    """A kind in words; replayed runs apart from those on devices, which say more."""
    what = WHAT[validation.kind]
    replayed = [case for case in validation.scored if case.groups.get("counter") == REPLAYED]
    if not replayed:
        return [(what, validation)]
    measured = tuple(case for case in validation.scored if case.groups.get("counter") != REPLAYED)
    return [
        (f"{what}, on devices", replace(validation, scored=measured)),
        (f"{what}, replayed", replace(validation, scored=tuple(replayed))),
    ]


def group_tables(validation: Validation) -> list[Table]:
    """Errors by each grouping of a kind but the whole, its sources last."""
    rows = [row for row in summary_rows(validation) if row["by"] != "all"]
    names = list(dict.fromkeys(row["by"] for row in rows))
    return [_group_table(name, [row for row in rows if row["by"] == name], validation.yes_or_no) for name in names]


def left_out_table(validation: Validation) -> Table | None:
    """Errors with constants fitted without the source of each case; nothing where that was not done."""
    if not validation.left_out:
        return None
    rows = [row for row in summary_rows(replace(validation, scored=validation.left_out)) if row["by"] != "source"]
    body = [(row["by"], row["group"], str(row["n"]), *_errors(row)) for row in rows]
    title = "Leave one source out: errors with constants fitted without the source of the case"
    return Table(title, ("By", "Group", "n", "Median |error|", "p90", "Bias"), tuple(body))


def worst_table(validation: Validation) -> Table:
    """The worst cases with what we know of them."""
    rows = [_worst_row(validation, case) for case in worst_cases(validation)]
    if validation.yes_or_no:
        return Table("Wrong answers", ("Case", "Belongs to", "Why, as far as we know"), tuple(rows))
    header = ("Case", f"Predicted ({validation.unit})", "Measured", "Error", "Why, as far as we know")
    return Table("Worst cases", header, tuple(rows))


def ledger_sheet(validations: Sequence[Validation]) -> Sheet:
    """All kinds as a sheet: the overview, then the worst cases of each."""
    records: list[dict[str, Any]] = []
    for found in validations:
        records += [{"kind": found.kind, **row} for row in summary_rows(found)]
    blocks: list[Table | str] = [overview_table(validations)]
    for found in validations:
        table = worst_table(found)
        if _needs_words(found) and table.rows:
            blocks.append(Table(f"{found.kind}: {table.title.lower()}", table.header, table.rows))
    data = {
        "kind": "all",
        "kinds": {
            found.kind: {
                "what": WHAT[found.kind],
                "unit": found.unit,
                "summary": summary_rows(found),
                "worst": [
                    {"id": case.id, "error": case.signed_error, "why": explanation(found.kind, case.id) or None}
                    for case in worst_cases(found)
                ],
                "skipped": len(found.skipped),
            }
            for found in validations
        },
    }
    return Sheet(
        title="How right is it? Predictions beside published measurements",
        blocks=tuple(blocks),
        data=data,
        records=records,
    )


def _needs_words(validation: Validation) -> bool:
    return any(abs(case.signed_error) >= NEEDS_WORDS for case in worst_cases(validation))


def _errors(figures: dict[str, Any]) -> tuple[str, str, str]:
    return (
        error_percent(figures["median"]),
        error_percent(figures["p90"]),
        error_percent(figures["bias"], signed=True),
    )


def _group_table(name: str, rows: Sequence[dict[str, Any]], yes_or_no: bool) -> Table:
    if yes_or_no:
        body = [(row["group"], str(row["n"]), error_percent(row["wrong"])) for row in rows]
        return Table(f"By {name}", (name.capitalize(), "n", "Wrong, weighted"), tuple(body))
    covered = any(row["coverage"] is not None for row in rows)
    last = [(error_percent(row["coverage"]),) if covered and row["coverage"] is not None else ("–",) for row in rows]
    body = [
        (row["group"], str(row["n"]), *_errors(row), *(more if covered else ()))
        for row, more in zip(rows, last, strict=True)
    ]
    header = (name.capitalize(), "n", "Median |error|", "p90", "Bias", *(("Covered",) if covered else ()))
    return Table(f"By {name}", header, tuple(body))


def _worst_row(validation: Validation, case: Scored) -> tuple[str, ...]:
    why = explanation(validation.kind, case.id) or ("–" if abs(case.signed_error) < NEEDS_WORDS else "not looked into")
    if validation.yes_or_no:
        return (case.id, ", ".join(case.groups.values()), why)
    error = error_percent(case.signed_error, signed=True)
    return (case.id, significant(case.predicted), significant(case.measured), error, why)
