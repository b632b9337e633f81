"""Markdown for pull requests and wikis; names are escaped."""

import html

from estimator.report.comparing import (
    causes,
    conclusion_lines,
    effect_tables,
    inputs_changed_table,
    only_lines,
    side_by_side_table,
    unmoved,
)
from estimator.report.layout import Table, escape, markdown_table, printable
from estimator.report.tables import (
    categories_table,
    header_line,
    inputs_table,
    lines_table,
    options_table,
    set_up_lines,
    verdict_lines,
)
from estimator.results import Comparison, Estimate

MARKER = "<!-- estimator: comparison -->"
"""Hidden first line, by which a bot finds and updates its own comment."""


def markdown(comparison: Comparison, *, full: bool = False) -> str:
    """A comparison as Markdown; of several scenarios only what changed, unless all is asked for."""
    several = len(comparison.estimates) > 1
    blocks = [MARKER, *(_several(comparison, full) if several else ())]
    if full or not several:
        blocks += [block for estimate in comparison.estimates for block in _scenario(estimate)]
    return "\n\n".join(blocks) + "\n"


def _several(comparison: Comparison, full: bool) -> list[str]:
    blocks = []
    for difference, found in zip(comparison.differences, causes(comparison), strict=True):
        before, after = difference.before, difference.after
        blocks.append(f"## {escape(before)} → {escape(after)}")
        blocks.append(markdown_table(inputs_changed_table(difference, full=full)))
        effects = effect_tables(found, before=before, after=after, full=full)
        blocks += [escape(block) if isinstance(block, str) else _details(block.title, block) for block in effects]
        blocks += [escape(line) for line in only_lines(difference)]
    table = side_by_side_table(comparison, full=full)
    blocks += [escape(table.title), markdown_table(table)] if table.rows else []
    same = unmoved(comparison)
    blocks += [f"unchanged: {escape(', '.join(same))}"] if same and not full else []
    blocks.append("\n".join(f"- {escape(line)}" for line in conclusion_lines(comparison)))
    blocks += [f"_{escape(header_line(estimate))}_" for estimate in comparison.estimates]
    return blocks


def _scenario(estimate: Estimate) -> list[str]:
    first, *rest = verdict_lines(estimate)
    blocks = [f"## {escape(estimate.name)}", f"**{escape(first)}**", markdown_table(options_table(estimate))]
    blocks.append("\n".join(f"- {_bullet(line.strip())}" for line in rest))
    categories = categories_table(estimate)
    blocks += [escape(categories.title), markdown_table(categories)]
    if set_up := set_up_lines(estimate):
        blocks.append("\n".join(f"- {escape(line)}" for line in set_up))
    blocks.append(f"_{escape(header_line(estimate))}_")
    costed = [name for name, option in estimate.options.items() if option.ledger.lines]
    blocks += [_details(f"Lines of {name}", lines_table(estimate, name)) for name in costed]
    blocks.append(_details("Inputs and sources", inputs_table(estimate)))
    return blocks


def _bullet(line: str) -> str:
    """A verdict line as list text: signs become words, since Markdown takes them for nested lists."""
    words = {"+ ": "for: ", "− ": "against: ", "! ": "note: "}
    return escape(words[line[:2]] + line[2:] if line[:2] in words else line)


def _details(summary: str, table: Table) -> str:
    return f"<details><summary>{html.escape(printable(summary))}</summary>\n\n{markdown_table(table)}\n\n</details>"
