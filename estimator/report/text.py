"""Plain text for the terminal: aligned columns, no colour, the same on a screen and in a pipe."""

from estimator.money import shown_in
from estimator.report.layout import WIDTH, text_table, wrapped
from estimator.report.tables import (
    categories_table,
    changed_inputs_table,
    changed_options_table,
    differences,
    header_line,
    only_lines,
    options_table,
    rate_lines,
    set_up_lines,
    verdict_lines,
)
from estimator.results import Comparison, Estimate


def text(comparison: Comparison, *, width: int | None = None) -> str:
    """A comparison as text; tables keep to a width where one is given."""
    with shown_in(comparison.currency):
        return _text(comparison, width)


def _text(comparison: Comparison, width: int | None) -> str:
    blocks = [_scenario(estimate, width) for estimate in comparison.estimates]
    for difference in differences(comparison):
        lines = [f"{difference.before} → {difference.after}", ""]
        lines += [
            *text_table(changed_inputs_table(difference), width),
            "",
            *text_table(changed_options_table(difference), width),
        ]
        lines += only_lines(difference)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _scenario(estimate: Estimate, width: int | None) -> str:
    room = min(width or WIDTH, WIDTH)
    head = [part for line in (header_line(estimate), *rate_lines(estimate)) for part in wrapped(line, room)]
    lines = [*head, "", *text_table(options_table(estimate), width)]
    if any(not option.standing.eligible for option in estimate.options.values()):
        lines.append(" ✗ may not be chosen, see below")
    lines.append("")
    for line in verdict_lines(estimate):
        lines += wrapped(line, room)
    categories = categories_table(estimate)
    lines += ["", *wrapped(categories.title, room), *text_table(categories, width)]
    set_up = [part for line in set_up_lines(estimate) for part in wrapped(f" {line}", room)]
    if set_up:
        lines += ["", "How it is done", *set_up]
    return "\n".join(lines)
