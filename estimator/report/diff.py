"""What changed between results, as signed lines: option, then its lines, the largest change first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from estimator.attribution import causes_data
from estimator.differences import Change, change_data, inputs_data
from estimator.money import converted, currency_data, shown_currency
from estimator.questions.diff import Diff, LineChange, OptionChange
from estimator.report.comparing import changed_inputs_table, effect_tables
from estimator.report.layout import WIDTH, printable, text_table, wrapped
from estimator.report.numbers import money, money_change, percent_change, rate_lines
from estimator.report.page import Block, Bullets, Folded, Heading, Page, Strong, page_markdown
from estimator.report.sheet import Sheet, sheet_csv, sheet_json

SIGNS = {"~": "~", "+": "+", "-": "−", "=": " "}
SHOWN_LINES = 8
"""Changed lines of an option that are shown; JSON and CSV hold all."""
CASE = "Cost, present value in the central case; − and + mark what only one of both has"


def diff_text(diffs: Sequence[Diff], width: int | None = None) -> str:
    """Changes for a terminal; tables keep to a width where one is given."""
    parts = ["\n".join(_text(item, width)) for item in diffs]
    rate = ["\n".join(wrapped(line, min(width or WIDTH, WIDTH))) for line in rate_lines(shown_currency())]
    return "\n\n".join([*parts, *rate]) + "\n"


def diff_markdown(diffs: Sequence[Diff]) -> str:
    """Changes as a comment on a pull request."""
    return page_markdown(diff_page(diffs))


def diff_html(diffs: Sequence[Diff]) -> str:
    """Changes as one HTML file."""
    from estimator.report.html import page_html

    return page_html(diff_page(diffs))


def diff_json(diffs: Sequence[Diff]) -> str:
    """Changes as JSON, unrounded."""
    return sheet_json(_sheet(diffs))


def diff_csv(diffs: Sequence[Diff]) -> str:
    """One row per changed input, option, line and effect, unrounded."""
    return sheet_csv(_sheet(diffs))


DIFF_FORMATS = {
    "table": diff_text,
    "json": diff_json,
    "csv": diff_csv,
    "markdown": diff_markdown,
    "html": diff_html,
}
"""Renderers by name."""


def option_line(option: OptionChange) -> str:
    """One option: sign, name, change of its cost."""
    sign = SIGNS[option.sign]
    if option.cost is not None:
        told = _told(option.cost) if option.sign == "~" else f"unchanged ({money(option.cost.after)})"
        return f"{sign} {option.name}  {told}"
    if option.before_usd is None and option.after_usd is None:
        return f"{sign} {option.name}  cannot be carried out"
    if option.sign == "~":
        return f"{sign} {option.name}  {_or_not(option.before_usd)} → {_or_not(option.after_usd)}"
    return f"{sign} {option.name}  {money(option.after_usd if option.sign == '+' else option.before_usd)}"


def _or_not(usd: float | None) -> str:
    return "cannot be carried out" if usd is None else money(usd)


def _told(change: Change) -> str:
    end = f", {percent_change(change.percent)}" if change.percent is not None else ""
    return f"{money_change(change.difference)} ({money(change.before)} → {money(change.after)}{end})"


def _ledger_line(line: LineChange) -> str:
    told = _told(line.usd) if line.sign == "~" else money_change(line.usd.difference)
    return f"    {SIGNS[line.sign]} {line.key}  {told}  {line.label}"


def _option_lines(option: OptionChange) -> list[str]:
    own = option.sign == "~" and option.cost is not None
    benefit = [f"      net benefit {_told(option.net_benefit)}"] if own and option.net_benefit else []
    if not own:
        return [option_line(option)]
    rest = len(option.lines[SHOWN_LINES:])
    more = [f"      and {rest} line{'s' if rest > 1 else ''} that changed less"] if rest else []
    return [option_line(option), *benefit, *map(_ledger_line, option.lines[:SHOWN_LINES]), *more]


def _conclusion(item: Diff) -> list[str]:
    before, after = item.verdict
    return [f"Worth it? {after}"] if before == after else [f"Before: {before}", f"Now: {after}"]


def _drift(item: Diff) -> list[str]:
    return [
        f"{change.option}: the stored cost of {money(change.before)} is {money(change.after)} with the prices and the "
        f"estimator of today ({money_change(change.difference)}); what each change did starts from there"
        for change in item.drift
    ]


def _text(item: Diff, width: int | None) -> list[str]:
    room = min(width or WIDTH, WIDTH)
    lines = [*wrapped(f"{item.before.label} → {item.after.label}", room), ""]
    if item.inputs:
        lines += ["Changed inputs", *text_table(changed_inputs_table(item.inputs, "before", "after"), width), ""]
    else:
        lines += ["No input changed", ""]
    lines += wrapped(CASE, room)
    lines += [printable(line) for option in item.options for line in _option_lines(option)]
    for block in effect_tables(item.causes, before="before", after="after", full=False):
        if isinstance(block, str):
            lines += ["", *wrapped(block, room)]
        else:
            lines += ["", *wrapped(block.title, room), *text_table(block, width)]
    lines.append("")
    for line in (*_conclusion(item), *(f"! {text}" for text in (*_drift(item), *item.notes))):
        lines += wrapped(line, room)
    return lines


def diff_page(diffs: Sequence[Diff]) -> Page:
    """Changes as a page: verdict, inputs and options first; lines and effects are folded."""
    titles = [f"{item.before.label} → {item.after.label}" for item in diffs]
    blocks: list[Block] = []
    for title, item in zip(titles, diffs, strict=True):
        blocks += [*([Heading(title)] if len(titles) > 1 else []), *_blocks(item)]
    return Page("diff", " · ".join(titles), (*blocks, *rate_lines(shown_currency())))


def _blocks(item: Diff) -> tuple[Block, ...]:
    notes = tuple(f"note: {text}" for text in (*_drift(item), *item.notes))
    return (
        *map(Strong, _conclusion(item)),
        *([changed_inputs_table(item.inputs, "before", "after")] if item.inputs else ["No input changed"]),
        CASE,
        Bullets(tuple(option_line(option).strip() for option in item.options)),
        *_folded_lines(item),
        *(
            block if isinstance(block, str) else Folded(block.title, (replace(block, title=""),))
            for block in effect_tables(item.causes, before="before", after="after", full=False)
        ),
        *([Bullets(notes)] if notes else []),
    )


def _folded_lines(item: Diff) -> Iterator[Folded]:
    for option in item.options:
        if len(lines := _option_lines(option)) > 1:
            yield Folded(f"Lines of {option.name}", (Bullets(tuple(line.strip() for line in lines[1:])),))


def _sheet(diffs: Sequence[Diff]) -> Sheet:
    return Sheet(
        title="diff",
        blocks=(),
        data={**currency_data(shown_currency()), "diffs": [_data(item) for item in diffs]},
        records=[record for item in diffs for record in _records(item)],
    )


def _data(item: Diff) -> dict[str, Any]:
    money = shown_currency()
    return {
        "from": item.before.label,
        "to": item.after.label,
        "case": "central",
        "inputs": inputs_data(item.inputs),
        "options": [converted(_option_data(option), money) for option in item.options],
        "attribution": converted(causes_data(item.causes), money),
        "drift": [{"option": change.option, **change_data(change, money)} for change in item.drift],
        "verdict": {"from": item.verdict[0], "to": item.verdict[1]},
        "notes": list(item.notes),
    }


def _option_data(option: OptionChange) -> dict[str, Any]:
    changes = (option.cost, option.net_benefit, option.quality)
    return {
        "option": option.name,
        "sign": option.sign,
        "from_usd": option.before_usd,
        "to_usd": option.after_usd,
        "changes": [change_data(change, shown_currency()) for change in changes if change is not None],
        "lines": [
            {
                "sign": line.sign,
                "key": line.key,
                "label": line.label,
                "category": line.category,
                "from_usd": line.usd.before,
                "to_usd": line.usd.after,
                "difference_usd": line.usd.difference,
                "percent": line.usd.percent,
            }
            for line in option.lines
        ],
    }


def _records(item: Diff) -> list[dict[str, Any]]:
    money = shown_currency()
    ends = {"scenario_from": item.before.label, "scenario_to": item.after.label, "currency": money.code}
    records: list[dict[str, Any]] = []
    records += [_record(ends, "input", key=key, before=old, after=new) for key, old, new in item.inputs]
    for option in item.options:
        for change in (option.cost, option.net_benefit, option.quality):
            if change is not None:
                records.append(_changed(ends, "option", change_data(change, money), option.name, change.measure))
        if option.cost is None:
            before, after = (_of(usd) for usd in (option.before_usd, option.after_usd))
            records.append(_record(ends, "option", option=option.name, key="cost", before=before, after=after))
        for line in option.lines:
            found = {"from": line.usd.before, "to": line.usd.after, "difference": line.usd.difference}
            figures = {name: _of(usd) for name, usd in found.items()}
            records.append(_changed(ends, "line", figures, option.name, line.key))
    for share in item.causes.shares:
        pairs = [*zip(("+".join(keys) for keys in item.causes.changes), share.effects, strict=True)]
        records += [
            _record(ends, share.measure, option=share.option, key=key, difference=_of(effect))
            for key, effect in (*pairs, ("only together", share.interaction))
        ]
    return records


def _of(usd: float | None) -> float | None:
    return None if usd is None else shown_currency().of(usd)


def _changed(ends: dict[str, str], kind: str, figures: Mapping[str, Any], option: str, key: str) -> dict[str, Any]:
    return _record(
        ends,
        kind,
        option=option,
        key=key,
        before=figures["from"],
        after=figures["to"],
        difference=figures["difference"],
    )


def _record(
    ends: dict[str, str],
    kind: str,
    *,
    option: str = "",
    key: str,
    before: Any = "",
    after: Any = "",
    difference: float | str | None = "",
) -> dict[str, Any]:
    """One row: kinds `cost` and `net_benefit` are effects of a change on that measure."""
    return {
        **ends,
        "kind": kind,
        "option": option,
        "key": key,
        "from": _cell(before),
        "to": _cell(after),
        "difference": _cell(difference),
    }


def _cell(value: Any) -> Any:
    return "" if value is None else value
