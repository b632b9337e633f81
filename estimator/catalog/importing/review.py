"""Rows of a file beside those of the catalog: new, changed, same, or held back."""

import math
from collections import Counter
from collections.abc import Mapping

from estimator.catalog.catalog import Catalog
from estimator.catalog.importing.reading import Reading
from estimator.catalog.tables import series_of
from estimator.catalog.types import Row
from estimator.catalog.units import GPU_HOUR_BOUNDS, implausible
from estimator.record import record

SAME = 1e-6
"""Relative difference up to which two values are one, as feeds print six digits."""
LARGE_RATIO = 3.0
"""Ratio to the old value from which a change deserves a second look. Team judgement: prices of GPUs move by less."""
OLDER = "older than the value of the catalog"


@record
class Proposal:
    """A row that could be appended."""

    row: Row
    old: Row | None
    """The value that it would follow; None where the id is new or has ended."""

    @property
    def change_percent(self) -> float | None:
        """Change of the most likely value; None where there is nothing to compare. [%]"""
        if self.old is None or self.old.mode == 0:
            return None
        return (self.row.mode / self.old.mode - 1) * 100

    @property
    def warning(self) -> str:
        """What to look at before the row is appended; empty where nothing strikes."""
        if self.old is None or min(self.old.mode, self.row.mode) <= 0:
            return ""
        ratio = self.row.mode / self.old.mode
        if 1 / LARGE_RATIO < ratio < LARGE_RATIO:
            return ""
        return f"moved by more than a factor of {LARGE_RATIO:g}"


@record
class Review:
    """What a file would change."""

    new: tuple[Proposal, ...]
    changed: tuple[Proposal, ...]
    same: int
    held: tuple[tuple[Row, str], ...]
    """Rows that must not be appended as they are, with the reason."""
    skipped: Mapping[str, int]
    unknown: Mapping[str, int]
    notes: tuple[str, ...]

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What can be appended: changed values first."""
        return (*self.changed, *self.new)


def reviewed(reading: Reading, catalog: Catalog) -> Review:
    """Lay the rows of a file beside those of a catalog.

    A value follows the one in force on its day; a file older than the catalog changes nothing.

    Args:
        reading: What the file says.
        catalog: The rows that there are, an overlay included.

    Returns:
        The difference. [1]

    Source: definition.
    """
    rows = [row for table in catalog.tables() for row in catalog.rows(table)]
    known = series_of(rows)
    new, changed, held, skipped = list[Proposal](), list[Proposal](), list[tuple[Row, str]](), Counter(reading.skipped)
    same = 0
    for row in reading.rows:
        series = known.get(row.id, ())
        started = [old for old in series if old.valid_from <= row.valid_from]
        old = started[-1] if started and _in_force(started[-1], row) else None
        if old is not None and _equal(old, row):
            same += 1
        elif len(started) < len(series):
            skipped[OLDER] += 1
        elif reason := _outside(row):
            held.append((row, reason))
        elif started and started[-1].valid_from == row.valid_from:
            held.append((row, f"the catalog has another value from {row.valid_from}; correct one or take a later day"))
        else:
            (new if old is None else changed).append(Proposal(row, old))
    return Review(
        new=tuple(new),
        changed=tuple(changed),
        same=same,
        held=tuple(held),
        skipped=dict(skipped),
        unknown=reading.unknown,
        notes=reading.notes,
    )


def _in_force(old: Row, row: Row) -> bool:
    return old.available_until is None or old.available_until >= row.valid_from


def _equal(old: Row, row: Row) -> bool:
    pairs = zip((old.low, old.mode, old.high), (row.low, row.mode, row.high), strict=True)
    return old.available_until == row.available_until and all(math.isclose(a, b, rel_tol=SAME) for a, b in pairs)


def _outside(row: Row) -> str:
    if reason := implausible(unit=row.unit, low=row.low, high=row.high):
        return reason
    gpus = row.attributes.get("gpus", "")
    if not row.id.startswith("gpu/") or not gpus.isdecimal() or int(gpus) < 1:
        return ""
    least, most = GPU_HOUR_BOUNDS
    each = row.mode / int(gpus)
    if least <= each <= most:
        return ""
    return f"outside {least:g} to {most:g} USD per GPU-hour: {each:g}; check for cents or a factor of 1000"
