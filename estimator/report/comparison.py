"""A comparison as a page: what to know first, then everything else on demand."""

from estimator.money import shown_in
from estimator.report.flips import flip_lines
from estimator.report.page import Block, Bullets, Folded, Heading, Page, Strong, page_markdown
from estimator.report.ranges import benefit_chart
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
from estimator.results import Comparison, Difference, Estimate

_SIGNS = {"+ ": "for: ", "− ": "against: ", "! ": "note: "}


def markdown(comparison: Comparison) -> str:
    """A comparison as Markdown for pull requests and wikis."""
    return page_markdown(comparison_page(comparison))


def html(comparison: Comparison) -> str:
    """A comparison as one HTML file."""
    from estimator.report.html import page_html

    return page_html(comparison_page(comparison))


def comparison_page(comparison: Comparison) -> Page:
    """Differences first, then each scenario: verdict, options, chart, and the rest folded."""
    names = comparison.labels
    with shown_in(comparison.currency):
        changes = [block for item in differences(comparison) for block in _difference(item)]
        scenarios = [block for item in comparison.estimates for block in _scenario(item, headed=len(names) > 1)]
    return Page(f"comparison {' '.join(names)}", " compared with ".join(names), (*changes, *scenarios))


def reason_lines(estimate: Estimate) -> tuple[str, ...]:
    """Everything behind the verdict, as list items: signs become words, since Markdown takes them for nested lists."""
    flips = flip_lines(estimate)
    stripped = [line.strip() for line in verdict_lines(estimate)[1:] if line.strip() not in flips]
    return tuple(_SIGNS[line[:2]] + line[2:] if line[:2] in _SIGNS else line for line in stripped)


def _difference(difference: Difference) -> tuple[Block, ...]:
    return (
        Heading(f"{difference.before} → {difference.after}"),
        changed_inputs_table(difference),
        changed_options_table(difference),
        *only_lines(difference),
    )


def _scenario(estimate: Estimate, *, headed: bool) -> tuple[Block, ...]:
    chart, set_up = benefit_chart(estimate), tuple(set_up_lines(estimate))
    costed = [name for name, option in estimate.options.items() if option.ledger.lines]
    return (
        *([Heading(estimate.name)] if headed else []),
        Strong(verdict_lines(estimate)[0]),
        options_table(estimate),
        *flip_lines(estimate),
        *([Folded("Chart", (chart,))] if chart else []),
        Folded(_reasons_title(estimate), (Bullets(reason_lines(estimate)),)),
        Folded("Cost by category", (categories_table(estimate),)),
        *([Folded("How it is done", (Bullets(set_up),))] if set_up else []),
        *(Folded(f"Lines of {name}", (lines_table(estimate, name),)) for name in costed),
        Folded("Inputs and sources", (inputs_table(estimate),)),
        header_line(estimate),
        *rate_lines(estimate),
    )


def _reasons_title(estimate: Estimate) -> str:
    count = len(estimate.warnings)
    return f"Reasons, drivers and {count} warning{'' if count == 1 else 's'}" if count else "Reasons and drivers"
