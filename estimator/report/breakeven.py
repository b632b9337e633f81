"""The answers to `estimator breakeven`: flip points of all inputs, a curve, or a map over two inputs."""

from collections.abc import Mapping, Sequence
from typing import Any

from estimator.decision import Flip, Turns
from estimator.plain import plain
from estimator.questions import Axis, BreakEvenCurve, BreakEvenGrid, FlipPoints
from estimator.report.flips import ahead, called, in_unit
from estimator.report.layout import Table
from estimator.report.numbers import money, share
from estimator.report.sheet import Sheet
from estimator.results import Estimate

SHOWN = 20
"""Flips of a question in a table; JSON and CSV hold all."""
NAMED = 12
"""Inputs named in a sentence."""
ROWS, COLUMNS = 13, 12
"""Size of a curve or a map in a table."""
QUESTIONS = {
    "tuning": "Is fine-tuning worth it? (best tuned against best untuned option)",
    "choice": "Which option is chosen?",
    "pair": "Which of the two is ahead?",
}


def flips_sheet(found: FlipPoints) -> Sheet:
    """Tables and data: what would have to be true for another answer."""
    blocks: list[Table | str] = [block for turns in found.turns for block in _turns_blocks(turns)]
    if found.without_effect:
        blocks.append(f"Without effect on any difference between options: {_named(found.without_effect)}.")
    if found.not_moved:
        blocks.append(f"Cannot take another value here: {_named(found.not_moved)}.")
    return Sheet(
        title=f"{found.base.name}: what would have to be true for another answer, one input at a time, all others at "
        "their central values",
        blocks=tuple(blocks),
        data={
            **_head(found.base),
            "questions": [plain(turns) for turns in found.turns],
            "looked_at": {key: {"low": span.low, "high": span.high} for key, span in found.spans.items()},
            "without_effect": list(found.without_effect),
            "not_moved": list(found.not_moved),
        },
        records=[plain(flip) for flip in found.flips],
    )


def _turns_blocks(turns: Turns) -> list[Table | str]:
    now = f"{QUESTIONS[turns.question]} Now {ahead(turns.now)}."
    blocks: list[Table | str] = []
    if turns.flips:
        rows = tuple(_flip_row(flip) for flip in turns.flips[:SHOWN])
        header = ("Input", "Today", "Turns at", "Distance", "In its 90 % range", "Before", "Beyond", "How")
        blocks.append(Table(now, header, rows))
        if len(turns.flips) > SHOWN:
            blocks.append(f"The {SHOWN} nearest of {len(turns.flips)} flips; JSON and CSV hold all.")
    else:
        blocks.append(f"{now} No single input turns this.")
    if turns.never:
        blocks.append(
            f"Never, as far as its field allows or four times beyond its range (ten times its value where it has "
            f"none): {_named(turns.never)}."
        )
    return blocks


def _flip_row(flip: Flip) -> tuple[str, ...]:
    return (
        flip.key,
        in_unit(flip.today, flip.unit),
        f"{'>' if flip.side == 'above' else '<'} {in_unit(flip.value, flip.unit)}",
        _distance(flip.relative),
        "yes" if flip.inside_range else "no",
        flip.before,
        flip.beyond,
        "jumps" if flip.is_jump else "crosses",
    )


def _distance(relative: float) -> str:
    return f"{'+' if 0 < relative < float('inf') else ''}{share(relative)}"


def _named(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return f"{', '.join(keys[:NAMED])}{more}"


def _head(base: Estimate) -> dict[str, Any]:
    return {"name": base.name, "prices_on": base.on.isoformat(), "horizon_months": base.scenario.horizon}


def curve_sheet(found: BreakEvenCurve) -> Sheet:
    """Tables and data: gain along one input, with its roots."""
    x = found.x
    rows = tuple(
        (in_unit(x.values[place], x.unit), _gain(found.gain_usd[place]), found.best[place])
        for place in _some(x.values.size, ROWS)
    )
    return Sheet(
        title=f"{found.base.name}: gain of {found.option} over {found.against} in net benefit along {x.key}, present "
        f"value over {found.base.scenario.horizon} months, all other inputs at their central values",
        blocks=(
            _today(found, f"{called(x.key)} {in_unit(x.today, x.unit)}"),
            _roots(found),
            Table("", (x.key, "Gain", "Best option"), rows),
        ),
        data={
            **_head(found.base),
            **_sides(found),
            "x": _axis_data(x),
            "gain_usd": plain(found.gain_usd.tolist()),
            "best": list(found.best),
            "flips": plain(found.flips),
            "choice_flips": plain(found.choice_flips),
        },
        records=[
            {x.key: value, "gain_usd": gain, "best": best}
            for value, gain, best in zip(x.values.tolist(), plain(found.gain_usd.tolist()), found.best, strict=True)
        ],
    )


def _today(found: BreakEvenCurve | BreakEvenGrid, where: str) -> str:
    return f"Today, at {where}: the gain is {_gain(found.gain_today_usd)}, and {ahead(found.best_today)}."


def _roots(found: BreakEvenCurve) -> str:
    x = found.x
    turned = [f"{in_unit(flip.value, x.unit)} ({flip.before} → {flip.beyond})" for flip in found.flips]
    chosen = [f"{in_unit(flip.value, x.unit)} ({flip.before} → {flip.beyond})" for flip in found.choice_flips]
    low, high = in_unit(x.values[0], x.unit), in_unit(x.values[-1], x.unit)
    first = f"Breaks even at {', '.join(turned)}." if turned else f"Never breaks even between {low} and {high}."
    second = f" The choice changes at {', '.join(chosen)}." if chosen else " The choice never changes there."
    return first + second


def _gain(value: float) -> str:
    return money(value)


def _sides(found: BreakEvenCurve | BreakEvenGrid) -> dict[str, Any]:
    return {
        "option": found.option,
        "against": found.against,
        "today": {"gain_usd": plain(found.gain_today_usd), "best": found.best_today},
    }


def _axis_data(axis: Axis) -> dict[str, Any]:
    return {"key": axis.key, "unit": axis.unit, "today": axis.today, "values": axis.values.tolist(), "log": axis.log}


def _some(count: int, most: int) -> list[int]:
    """Places spread over all of them, the last one included.

    >>> _some(5, 12), _some(50, 5)
    ([0, 1, 2, 3, 4], [0, 12, 24, 36, 49])
    """
    shown = min(count, most)
    return [(count - 1) * place // max(shown - 1, 1) for place in range(shown)]


def grid_sheet(found: BreakEvenGrid) -> Sheet:
    """Tables and data: who is ahead over two inputs; the table is coarse, CSV holds every point."""
    x, y = found.x, found.y
    marks = letters([name for row in found.best for name in row] + [found.best_today])
    columns, rows = _some(x.values.size, COLUMNS), _some(y.values.size, ROWS)
    near = _nearest(y.values[rows].tolist(), y.today), _nearest(x.values[columns].tolist(), x.today)
    cells = tuple(
        (
            in_unit(y.values[row], y.unit),
            *(
                _cell(marks[found.best[row][column]], found.gain_usd[row, column], (up, across) == near)
                for across, column in enumerate(columns)
            ),
        )
        for up, row in reversed(list(enumerate(rows)))
    )
    corner = f"{called(y.key)} ↓ {called(x.key)} →"
    legend = ", ".join(f"{mark} = {name}" for name, mark in marks.items())
    return Sheet(
        title=f"{found.base.name}: best option and gain of {found.option} over {found.against} over {x.key} and "
        f"{y.key}, present value over {found.base.scenario.horizon} months, all other inputs at their central values",
        blocks=(
            _today(found, f"{called(x.key)} {in_unit(x.today, x.unit)}, {called(y.key)} {in_unit(y.today, y.unit)}"),
            Table("", (corner, *(in_unit(x.values[at], x.unit) for at in columns)), cells),
            f"{legend}; + where {found.option} gains over {found.against}, − where it loses; the cell nearest to today "
            f"is in brackets. {_border(found)}",
        ),
        data={
            **_head(found.base),
            **_sides(found),
            "x": _axis_data(x),
            "y": _axis_data(y),
            "gain_usd": plain(found.gain_usd.tolist()),
            "best": [list(row) for row in found.best],
            "contour": [
                {"x": place[0], "y": place[1], "gain_usd": gain}
                for place, gain in zip(found.contour.tolist(), plain(found.contour_gain_usd.tolist()), strict=True)
            ],
        },
        records=_grid_records(found),
    )


def _grid_records(found: BreakEvenGrid) -> list[Mapping[str, Any]]:
    gains = plain(found.gain_usd.tolist())
    return [
        {found.x.key: across, found.y.key: up, "gain_usd": gains[row][column], "best": found.best[row][column]}
        for row, up in enumerate(found.y.values.tolist())
        for column, across in enumerate(found.x.values.tolist())
    ]


def _border(found: BreakEvenGrid) -> str:
    if found.contour.size:
        return "The border between + and − is the break-even line; JSON holds its points."
    return "There is no break-even inside this map."


def _cell(mark: str, gain: float, here: bool) -> str:
    text = f"{mark}{'+' if gain > 0 else '−' if gain <= 0 else ''}"
    return f"[{text}]" if here else text


def _nearest(values: Sequence[float], today: float) -> int:
    return min(range(len(values)), key=lambda place: abs(values[place] - today))


def letters(names: Sequence[str]) -> dict[str, str]:
    """One short mark per name: its first letter, or as many as it takes to tell it from the others.

    >>> letters(["lora", "rag", "lora_rag"])
    {'lora': 'L', 'rag': 'R', 'lora_rag': 'L2'}
    """
    marks: dict[str, str] = {}
    for name in dict.fromkeys(names):
        mark, number = name[:1].upper(), 1
        while mark in marks.values():
            number += 1
            mark = f"{name[:1].upper()}{number}"
        marks[name] = mark
    return marks
