"""What a table of votes says about the labels and about those who gave them."""

import csv

import numpy as np

from estimator.errors import InputError
from estimator.labels import Consensus, dawid_skene
from estimator.labels.dawid_skene import MISSING
from estimator.record import record

MOST_CELLS = 2_000_000


@record(kw_only=True)
class Votes:
    """The votes of several annotators, settled."""

    annotators: tuple[str, ...]
    classes: tuple[str, ...]
    votes: tuple[int, ...]
    """Votes given by each annotator. [count]"""
    items: int
    consensus: Consensus

    @property
    def mean_accuracy(self) -> float:
        """Accuracy of one vote, all votes counted alike. [1]"""
        return float(np.average(self.consensus.annotator_accuracy, weights=self.votes))

    @property
    def labels(self) -> tuple[str, ...]:
        """Most likely class of each item."""
        return tuple(self.classes[index] for index in self.consensus.labels)


def votes_of(text: str, *, origin: str = "votes") -> Votes:
    """Settle votes by one-coin Dawid–Skene.

    Args:
        text: CSV with a header of annotators and one line per item; an empty cell is no vote.
        origin: Where the text comes from, for messages.

    Returns:
        Most likely labels, their confidence, and the accuracy of each annotator. [1]

    Raises:
        InputError: no table of votes; the message names the line.
    """
    rows = [row for row in csv.reader(text.splitlines()) if any(cell.strip() for cell in row)]
    if len(rows) < 2 or len(rows[0]) < 2:
        raise InputError(f"{origin}: no votes; give a CSV with a header of annotators and one line per item")
    if len(rows) * len(rows[0]) > MOST_CELLS:
        raise InputError(f"{origin}: more than {MOST_CELLS:,} cells; give a sample")
    names, body = [cell.strip() for cell in rows[0]], rows[1:]
    for number, row in enumerate(body, 2):
        if len(row) != len(names):
            raise InputError(f"{origin} line {number}: {len(row)} cells for {len(names)} annotators; correct the line")
        if not any(cell.strip() for cell in row):
            raise InputError(f"{origin} line {number}: no vote; remove the line")
    found = sorted({cell.strip() for row in body for cell in row if cell.strip()})
    if not 2 <= len(found) <= len(body):
        raise InputError(
            f"{origin}: {len(found)} different votes on {len(body)} items; give classes, and no column of item names"
        )
    place = {name: index for index, name in enumerate(found)}
    table = np.array([[place.get(cell.strip(), MISSING) for cell in row] for row in body])
    return Votes(
        annotators=tuple(names),
        classes=tuple(found),
        votes=tuple(int(count) for count in (table != MISSING).sum(axis=0)),
        items=len(body),
        consensus=dawid_skene(table, classes=len(found)),
    )
