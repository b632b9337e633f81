"""Keys of inputs in words, for those who read charts and pages and do not write files."""

import re
from collections.abc import Iterable

from estimator.report.flips import called
from estimator.report.layout import Table

PRICED = {
    "labour": "hourly cost of {}",
    "rate": "hourly pay of {}",
    "embedding": "price of embeddings by {}",
    "gpu": "hourly price of {}",
    "infrastructure": "{}",
    "labeller": "labeller {}",
    "pretraining.tokens": "pretraining tokens of {}",
}
"""What the first part of a catalog key says about the rest of it."""


def spoken(key: str) -> str:
    """A key in words, catalog rows too.

    >>> spoken("task.knowledge_share"), spoken("labour/ml_engineer"), spoken("token/openai/gpt-6-luna/input")
    ('knowledge share', 'hourly cost of ml engineer', 'price of input tokens of openai/gpt-6-luna')
    """
    room, _, row = key.partition("/")
    if room == "token" and "/" in row:
        model, _, way = row.rpartition("/")
        return f"price of {way.replace('_', ' ')} tokens of {model}"
    if row and room in PRICED:
        return PRICED[room].format(row if room in ("gpu", "embedding", "pretraining.tokens") else _plain(row))
    return called(key)


def worded(text: str, keys: Iterable[str]) -> str:
    """A text in which every whole key is put into words.

    >>> worded("task.knowledge_share 28%, task.pilot", ["task.knowledge_share"])
    'knowledge share 28%, task.pilot'
    """
    longest = sorted(keys, key=len, reverse=True)
    if not longest:
        return text
    anyone = "|".join(re.escape(key) for key in longest)
    return re.sub(rf"(?<![\w./-])(?:{anyone})(?![\w/-]|\.\w)", lambda found: spoken(found[0]), text)


def worded_table(table: Table, keys: Iterable[str]) -> Table:
    """A table in which every cell and the title are put into words."""
    known = tuple(keys)
    rows = tuple(tuple(worded(cell, known) for cell in row) for row in table.rows)
    return Table(worded(table.title, known), table.header, rows)


def _plain(row: str) -> str:
    return row.replace("/", " ").replace("_", " ")
