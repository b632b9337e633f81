"""Provenance as a sheet: the list of all keys, the story of an input, the making of a ledger line."""

from collections.abc import Iterable, Sequence
from typing import Any

from estimator.explaining import Amount, Explanation, InputStory, LineStory, Move
from estimator.inputs import Input
from estimator.money import shown_currency
from estimator.plain import input_data, plain
from estimator.report.layout import Table
from estimator.report.numbers import money, significant
from estimator.report.settings import Setting, setting_data, settings_table
from estimator.report.sheet import Sheet
from estimator.tco import formula_of

NOT_FEASIBLE = "not feasible"


def explain_sheet(answer: Explanation, settings: Sequence[Setting] = ()) -> Sheet:
    """Tables and data of where numbers, and the settings they were computed with, come from."""
    name = answer.estimate.name
    if answer.key is None:
        return Sheet(
            title=f"{name}: every number and where it comes from, prices of {answer.estimate.on}",
            blocks=(
                *([settings_table(settings)] if settings else []),
                _inputs_table("Inputs and constants", answer.keys),
                _amounts_table(answer.amounts),
                "A key behind the file tells more: estimator explain FILE KEY.",
            ),
            data={**_list_data(answer), **_settings(settings)},
            records=[*map(_input_record, answer.keys), *map(_amount_record, answer.amounts)],
        )
    blocks = [block for story in answer.inputs for block in _input_blocks(story)]
    blocks += [block for story in answer.lines for block in _line_blocks(story)]
    return Sheet(
        title=f"{name}: {answer.key}, prices of {answer.estimate.on}",
        blocks=tuple(blocks),
        data={
            **_head(answer),
            **_settings(settings),
            "inputs": list(map(_story_data, answer.inputs)),
            "lines": list(map(_made, answer.lines)),
        },
        records=[
            *(_input_record(story.item) for story in answer.inputs),
            *(record for story in answer.inputs for record in _move_records(story)),
            *(_amount_record(amount) for story in answer.lines for amount in story.amounts),
            *(_input_record(item) for story in answer.lines for item in story.inputs),
        ],
    )


def _head(answer: Explanation) -> dict[str, Any]:
    return {
        "name": answer.estimate.name,
        "prices_on": answer.estimate.on.isoformat(),
        "options": list(answer.options),
        "key": answer.key,
    }


def _settings(settings: Sequence[Setting]) -> dict[str, Any]:
    return {"settings": list(map(setting_data, settings))} if settings else {}


def _list_data(answer: Explanation) -> dict[str, Any]:
    return {
        **_head(answer),
        "inputs": list(map(input_data, answer.keys)),
        "lines": [_amount_data(amount) for amount in answer.amounts],
    }


def _amount_data(amount: Amount) -> dict[str, Any]:
    return {**plain(amount), "formula": _formula(amount)}


def _formula(amount: Amount) -> str:
    return formula_of(amount.key).text


def _story_data(story: InputStory) -> dict[str, Any]:
    return {
        **input_data(story.item),
        "table": story.table,
        "default": plain(_default(story)),
        "moved_to": {"low": story.low, "high": story.high},
        "moves": [plain(move) for move in story.moves],
        "remark": story.note,
    }


def _default(story: InputStory) -> dict[str, Any] | None:
    row = story.default
    if row is None:
        return None
    ends = {"low": row.low, "mode": row.mode, "high": row.high}
    return {"id": row.id, "unit": row.unit, **ends, "source": row.cited, "basis": row.basis, "on": row.valid_from}


def _made(story: LineStory) -> dict[str, Any]:
    return {
        "key": story.key,
        "formula": story.formula.text,
        "amounts": [plain(amount) for amount in story.amounts],
        "inputs": [input_data(item) for item in story.inputs],
    }


def _input_record(item: Input) -> dict[str, Any]:
    return {"kind": "input", **input_data(item)}


def _amount_record(amount: Amount) -> dict[str, Any]:
    return {
        "kind": "line",
        "key": amount.key,
        **_figures_data(amount.usd.central, amount.usd.p10, amount.usd.p90),
        "source": _formula(amount),
        "option": amount.option,
        "quantity": amount.quantity,
        "quantity_unit": amount.unit,
        "unit_usd": amount.unit_usd,
    }


def _move_records(story: InputStory) -> list[dict[str, Any]]:
    return [
        {
            "kind": "move",
            "key": move.key,
            **_figures_data(move.usd, move.low_usd, move.high_usd),
            "source": f"{story.item.key} at {story.low:g} and {story.high:g}",
            "option": move.option,
        }
        for move in story.moves
    ]


def _figures_data(usd: float, low_usd: float | None, high_usd: float | None) -> dict[str, Any]:
    """Amounts in the currency of the result, which is their unit."""
    money = shown_currency()
    low, high = (None if end is None else money.of(end) for end in (low_usd, high_usd))
    return {"value": money.of(usd), "low": low, "high": high, "unit": money.code}


def _inputs_table(title: str, items: Iterable[Input]) -> Table:
    rows = [
        (item.key, significant(item.central), item.unit, item.origin, item.basis, _day(item), item.source)
        for item in items
    ]
    return Table(title, ("Key", "Value", "Unit", "Origin", "Basis", "Date", "Source"), tuple(rows))


def _day(item: Input) -> str:
    return item.on.isoformat() if item.on else ""


def _amounts_table(amounts: Iterable[Amount]) -> Table:
    rows = [
        (
            amount.option,
            amount.key,
            f"{significant(amount.quantity)} {amount.unit}",
            money(amount.unit_usd),
            money(amount.usd.central),
            f"{money(amount.usd.p10)} – {money(amount.usd.p90)}",
        )
        for amount in amounts
    ]
    header = ("Option", "Line", "Quantity", "Unit price", "Amount", "p10 – p90")
    return Table("Ledger lines: quantity × unit price = amount, central case, undiscounted", header, tuple(rows))


def _input_blocks(story: InputStory) -> list[Table | str]:
    item = story.item
    ends = f"{significant(item.low)} – {significant(item.high)}" if item.is_uncertain else "none"
    rows = [
        ("value", f"{significant(item.central)} {item.unit}"),
        ("range", ends),
        ("origin", item.origin),
        ("basis", item.basis),
        ("source", item.source),
        ("date", _day(item) or "as written"),
        ("row", story.table or "none"),
    ]
    if story.default is not None:
        row = story.default
        reach = "" if row.is_point else f" ({significant(row.low)} – {significant(row.high)})"
        rows.append(("default", f"{significant(row.mode)} {row.unit}{reach}, {row.basis}: {row.cited}"))
    if item.note:
        rows.append(("note", item.note))
    blocks: list[Table | str] = [Table(item.key, ("What", "Is"), tuple(rows))]
    blocks.append(_moves_table(story) if story.moves else f"{item.key}: {story.note}.")
    return blocks


def _moves_table(story: InputStory) -> Table:
    low, high = significant(story.low), significant(story.high)
    rows = [(move.option, move.key, *_figures(move)) for move in story.moves]
    title = f"Lines that it moves, {shown_currency().code} over the horizon in the central case"
    return Table(title, ("Option", "Line", f"at {low}", "as it is", f"at {high}"), tuple(rows))


def _figures(move: Move) -> tuple[str, str, str]:
    ends = [NOT_FEASIBLE if usd is None else money(usd) for usd in (move.low_usd, move.high_usd)]
    return ends[0], money(move.usd), ends[1]


def _line_blocks(story: LineStory) -> list[Table | str]:
    return [
        f"{story.amounts[0].label}: {story.formula.text}.",
        _amounts_table(story.amounts),
        _inputs_table("Its direct inputs", story.inputs),
    ]
