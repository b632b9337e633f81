"""One answer as a page of blocks, from which Markdown and HTML are made: the same words and figures in both."""

import html
import re
from dataclasses import field
from typing import ClassVar

from estimator.record import record
from estimator.report.layout import Table, escape, markdown_table, printable

BAR = 48
"""Letters of the axis of a range chart in Markdown."""


@record
class Heading:
    """A heading below the title."""

    text: str
    kind: ClassVar[str] = "heading"


@record
class Strong:
    """The sentence to read first."""

    text: str
    kind: ClassVar[str] = "strong"


@record
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: ClassVar[str] = "bullets"


@record
class RangeRow:
    """One option of a range chart, its places as shares of the axis."""

    label: str
    text: str
    colour: str
    low: float
    middle: float
    high: float


@record
class RangeChart:
    """Median and range of every option on one axis, drawn without any script."""

    title: str
    alt: str
    rows: tuple[RangeRow, ...]
    ends: tuple[str, str]
    """What the two ends of the axis stand for."""
    zero: float | None
    """Place of zero; None where it lies outside."""
    kind: ClassVar[str] = "chart"


@record
class Embedded:
    """A scenario that a program can take out of the page again."""

    text: str
    kind: ClassVar[str] = "embedded"


@record
class Folded:
    """Blocks that are shown on demand."""

    summary: str
    blocks: "tuple[Block, ...]"
    kind: ClassVar[str] = "folded"


Block = str | Table | Heading | Strong | Bullets | RangeChart | Embedded | Folded


@record
class Page:
    """A title and blocks in reading order."""

    name: str
    """Short and the same from run to run, so that a bot finds the comment it wrote before."""
    title: str
    blocks: tuple[Block, ...] = field(default=())

    @property
    def marker(self) -> str:
        """Hidden first line, by which a bot finds and updates its own comment.

        >>> Page("compare a --> b", "").marker
        '<!-- estimator: compare a b -->'
        """
        words = re.findall(r"\w+", self.name)
        return f"<!-- estimator: {' '.join(words)} -->"


def page_markdown(page: Page) -> str:
    """A page as Markdown for pull requests and wikis; every text is escaped."""
    return "\n\n".join([page.marker, f"## {escape(page.title)}", *map(_block, page.blocks)]) + "\n"


def _block(block: Block) -> str:
    match block:
        case str():
            return escape(block)
        case Table():
            title = f"**{escape(block.title)}**\n\n" if block.title else ""
            return title + markdown_table(block)
        case Heading():
            return f"### {escape(block.text)}"
        case Strong():
            return f"**{escape(block.text)}**"
        case Bullets():
            return "\n".join(f"- {_item(item)}" for item in block.items)
        case RangeChart():
            return "\n".join(["```text", printable(block.title), *_bars(block), "```"])
        case Embedded():
            from estimator.scenario.memo import fenced  # scenarios are heavy, and most pages hold none

            return fenced(block.text)
        case Folded():
            inner = "\n\n".join(map(_block, block.blocks))
            return f"<details><summary>{html.escape(printable(block.summary))}</summary>\n\n{inner}\n\n</details>"


def _item(text: str) -> str:
    """An item whose sign Markdown does not take for a list in the list."""
    return f"\\{escape(text)}" if text.startswith(("+", "-")) else escape(text)


def _bars(chart: RangeChart) -> list[str]:
    """A range chart in letters."""
    names = [printable(row.label).replace("`", "'") for row in chart.rows]
    wide = max(map(len, names), default=0)
    rows = [
        f"{name:<{wide}}  {_bar(row):<{BAR}}  {printable(row.text)}"
        for name, row in zip(names, chart.rows, strict=True)
    ]
    return [*rows, f"{'':<{wide}}  {chart.ends[0]:<{BAR // 2}}{chart.ends[1]:>{BAR // 2}}"]


def _bar(row: RangeRow) -> str:
    low, middle, high = (round(place * (BAR - 1)) for place in (row.low, row.middle, row.high))
    return " " * low + "─" * (middle - low) + "●" + "─" * (high - middle)
