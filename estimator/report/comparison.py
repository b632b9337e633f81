"""A comparison as a page: what to know first, then everything else on demand."""

from dataclasses import replace

from estimator.money import shown_in
from estimator.report.comparing import (
    causes,
    conclusion_lines,
    effect_tables,
    inputs_changed_table,
    only_lines,
    side_by_side_table,
    unmoved,
)
from estimator.report.flips import flip_lines
from estimator.report.numbers import rate_lines
from estimator.report.page import Block, Bullets, Folded, Heading, Page, Strong, page_markdown
from estimator.report.ranges import benefit_chart
from estimator.report.tables import (
    categories_table,
    header_line,
    inputs_table,
    lines_table,
    options_note,
    options_table,
    set_up_lines,
    verdict_lines,
)
from estimator.results import Comparison, Estimate

_SIGNS = {"+ ": "for: ", "− ": "against: ", "! ": "note: "}


def markdown(comparison: Comparison, *, full: bool = False) -> str:
    """A comparison as Markdown for pull requests and wikis."""
    return page_markdown(comparison_page(comparison, full=full))


def html(comparison: Comparison, *, full: bool = False) -> str:
    """A comparison as one HTML file."""
    from estimator.report.html import page_html

    return page_html(comparison_page(comparison, full=full))


def comparison_page(comparison: Comparison, *, full: bool = False) -> Page:
    """What changed, then each scenario where there is one or all are asked for: verdict, options, the rest folded."""
    names = comparison.labels
    with shown_in(comparison.currency):
        several = len(names) > 1
        changes = _changes(comparison, full) if several else ()
        shown = comparison.estimates if full or not several else ()
        scenarios = [block for item in shown for block in _scenario(item, headed=several)]
    return Page(f"comparison {' '.join(names)}", " compared with ".join(names), (*changes, *scenarios))


def reason_lines(estimate: Estimate) -> tuple[str, ...]:
    """Everything behind the verdict, as list items: signs become words, since Markdown takes them for nested lists."""
    flips = flip_lines(estimate)
    stripped = [line.strip() for line in verdict_lines(estimate)[1:] if line.strip() not in flips]
    return tuple(_SIGNS[line[:2]] + line[2:] if line[:2] in _SIGNS else line for line in stripped)


def _changes(comparison: Comparison, full: bool) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for item, found in zip(comparison.differences, causes(comparison), strict=True):
        blocks += [Heading(f"{item.before} → {item.after}"), inputs_changed_table(item, full=full)]
        for block in effect_tables(found, before=item.before, after=item.after, full=full):
            blocks.append(block if isinstance(block, str) else Folded(block.title, (replace(block, title=""),)))
        blocks += only_lines(item)
    table, same = side_by_side_table(comparison, full=full), unmoved(comparison)
    blocks += [table] if table.rows else []
    blocks += [f"unchanged: {', '.join(same)}"] if same and not full else []
    rate = () if full else rate_lines(comparison.currency)
    return (*blocks, Bullets(tuple(conclusion_lines(comparison))), *map(header_line, comparison.estimates), *rate)


def _scenario(estimate: Estimate, *, headed: bool) -> tuple[Block, ...]:
    chart, set_up = benefit_chart(estimate), tuple(set_up_lines(estimate))
    costed = [name for name, option in estimate.options.items() if option.ledger.lines]
    return (
        *([Heading(estimate.name)] if headed else []),
        Strong(verdict_lines(estimate)[0]),
        options_table(estimate),
        options_note(estimate),
        *flip_lines(estimate),
        *([Folded("Chart", (chart,))] if chart else []),
        Folded(_reasons_title(estimate), (Bullets(reason_lines(estimate)),)),
        Folded("Cost by category", (categories_table(estimate),)),
        *([Folded("How it is done", (Bullets(set_up),))] if set_up else []),
        *(Folded(f"Lines of {name}", (lines_table(estimate, name),)) for name in costed),
        Folded("Inputs and sources", (inputs_table(estimate),)),
        header_line(estimate),
        *rate_lines(estimate.currency),
    )


def _reasons_title(estimate: Estimate) -> str:
    count = len(estimate.warnings)
    return f"Reasons, drivers and {count} warning{'' if count == 1 else 's'}" if count else "Reasons and drivers"
