"""Markdown for pull requests and wikis; names are escaped."""

import html

from estimator.money import shown_in
from estimator.report.layout import Table, escape, markdown_table, printable
from estimator.report.tables import (
    categories_table,
    changed_inputs_table,
    changed_options_table,
    differences,
    header_line,
    inputs_table,
    lines_table,
    only_lines,
    options_table,
    rate_lines,
    set_up_lines,
    verdict_lines,
)
from estimator.results import Comparison, Estimate

MARKER = "<!-- estimator: comparison -->"
"""Hidden first line, by which a bot finds and updates its own comment."""


def markdown(comparison: Comparison) -> str:
    """A comparison as Markdown."""
    with shown_in(comparison.currency):
        return _markdown(comparison)


def _markdown(comparison: Comparison) -> str:
    blocks = [MARKER]
    for difference in differences(comparison):
        blocks.append(f"## {escape(difference.before)} → {escape(difference.after)}")
        blocks += [markdown_table(changed_inputs_table(difference)), markdown_table(changed_options_table(difference))]
        blocks += [escape(line) for line in only_lines(difference)]
    for estimate in comparison.estimates:
        blocks += _scenario(estimate)
    return "\n\n".join(blocks) + "\n"


def _scenario(estimate: Estimate) -> list[str]:
    first, *rest = verdict_lines(estimate)
    blocks = [f"## {escape(estimate.name)}", f"**{escape(first)}**", markdown_table(options_table(estimate))]
    blocks.append("\n".join(f"- {_bullet(line.strip())}" for line in rest))
    categories = categories_table(estimate)
    blocks += [escape(categories.title), markdown_table(categories)]
    if set_up := set_up_lines(estimate):
        blocks.append("\n".join(f"- {escape(line)}" for line in set_up))
    blocks += [f"_{escape(line)}_" for line in (header_line(estimate), *rate_lines(estimate))]
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
