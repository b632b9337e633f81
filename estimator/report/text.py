"""Plain text for the terminal: aligned columns, no colour, the same on a screen and in a pipe."""

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
from estimator.report.layout import WIDTH, Table, text_table, wrapped
from estimator.report.numbers import rate_lines
from estimator.report.tables import (
    categories_table,
    header_line,
    options_note,
    options_table,
    set_up_lines,
    verdict_lines,
)
from estimator.results import Comparison, Estimate


def text(comparison: Comparison, *, width: int | None = None, full: bool = False) -> str:
    """A comparison as text, tables keep to a width where one is given; of several only what changed, unless full."""
    with shown_in(comparison.currency):
        return _text(comparison, width, full)


def _text(comparison: Comparison, width: int | None, full: bool) -> str:
    if len(comparison.estimates) == 1:
        return _scenario(comparison.estimates[0], width) + "\n"
    blocks = [_several(comparison, width, full)]
    if full:
        blocks += [_scenario(estimate, width) for estimate in comparison.estimates]
    return "\n\n".join(blocks) + "\n"


def _several(comparison: Comparison, width: int | None, full: bool) -> str:
    room = min(width or WIDTH, WIDTH)
    lines: list[str] = []
    for line in (*map(header_line, comparison.estimates), *(() if full else rate_lines(comparison.currency))):
        lines += wrapped(line, room)
    for difference, found in zip(comparison.differences, causes(comparison), strict=True):
        lines += ["", *wrapped(f"{difference.before} → {difference.after}", room), ""]
        lines += _block(inputs_changed_table(difference, full=full), width)
        for block in effect_tables(found, before=difference.before, after=difference.after, full=full):
            lines += ["", *_block(block, width)]
        lines += [part for line in only_lines(difference) for part in wrapped(line, room)]
    same = unmoved(comparison)
    table = side_by_side_table(comparison, full=full)
    lines += ["", *_block(table, width)] if table.rows else []
    if same and not full:
        lines += wrapped(f" unchanged: {', '.join(same)}", room)
    lines += ["", "Worth it?"]
    lines += [part for line in conclusion_lines(comparison) for part in wrapped(f"  {line}", room)]
    return "\n".join(lines)


def _block(block: Table | str, width: int | None) -> list[str]:
    room = min(width or WIDTH, WIDTH)
    if isinstance(block, str):
        return wrapped(block, room)
    return [*wrapped(block.title, room), *text_table(block, width)]


def _scenario(estimate: Estimate, width: int | None) -> str:
    room = min(width or WIDTH, WIDTH)
    head = [part for line in (header_line(estimate), *rate_lines(estimate.currency)) for part in wrapped(line, room)]
    lines = [*head, "", *text_table(options_table(estimate), width)]
    if any(not option.standing.eligible for option in estimate.options.values()):
        lines.append(" ✗ may not be chosen, see below")
    lines += wrapped(f" {options_note(estimate)}", room)
    lines.append("")
    for line in verdict_lines(estimate):
        lines += wrapped(line, room)
    categories = categories_table(estimate)
    lines += ["", *wrapped(categories.title, room), *text_table(categories, width)]
    set_up = [part for line in set_up_lines(estimate) for part in wrapped(f" {line}", room)]
    if set_up:
        lines += ["", "How it is done", *set_up]
    return "\n".join(lines)
