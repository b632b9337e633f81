"""Charts of training memory: stacked bars of what is alive at the peak, beside what each device holds."""

from collections.abc import Mapping, Sequence
from html import escape

import plotly.graph_objects as go

from estimator.memory import Fit, Peak
from estimator.record import record
from estimator.report.drawing import OUTSIDE, PATTERNS, ROW_HEIGHT, blank_figure, short_name
from estimator.report.numbers import gib
from estimator.units import GIB, central

LINE_COLOURS = {
    "weights": "#0072B2",
    "adapters": "#2F95D0",
    "gradients": "#D55E00",
    "optimizer states": "#C28500",
    "saved activations": "#009E73",
    "checkpoints": "#9A8F00",
    "logits and loss": "#C56C9D",
}
"""Colour of the items that most runs have, in the order in which they are stacked."""
FURTHER_COLOURS = ("#8C564B", "#8064A2", "#7F7F7F", "#3D8FC7", "#A46A93")
OVERHEAD = "allocator, context, margin"
"""What the device must hold besides live tensors."""
OVERHEAD_COLOUR = "#949494"
LIMIT_COLOUR = "#808080"
"""Seen on a light and on a dark page."""
LEGEND = 110
"""Room for a legend with one item a row, as on a phone."""
SHOWN_SHARE = 0.005
"""Lines below this share of every bar are drawn together as the rest. [1]"""
ROOM = 1.25
"""The axis ends here times the largest device drawn, or the largest need if that is less. [1]"""


@record
class Bar:
    """One run on one device."""

    name: str
    """Option or method; the device is named by `fit`."""
    peak: Peak
    fit: Fit


def memory_bars(bars: tuple[Bar, ...], *, title: str = "Memory per GPU at the peak") -> go.Figure:
    """Memory of each run, stacked by item, with a mark where the device ends."""
    stacks = [_stack(bar) for bar in bars]
    items = _items(stacks)
    figure = blank_figure(title, _alt(bars), height=OUTSIDE + LEGEND + ROW_HEIGHT * len(bars))
    names = [f"{short_name(bar.name)}<br><sup>{escape(bar.fit.accelerator)}</sup>" for bar in bars]
    for item in items:
        sizes = [_size(stack, item, items) for stack in stacks]
        figure.add_bar(
            name=item,
            y=names,
            x=sizes,
            orientation="h",
            customdata=[gib(size * GIB) for size in sizes],
            hovertemplate=f"%{{y}}, {item}: %{{customdata}}<extra></extra>",
            marker=_style(item, items),
        )
    _limits(figure, bars, names)
    figure.update_layout(barmode="relative", hovermode="closest", legend={"traceorder": "normal"})
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title_text="GiB per GPU", rangemode="tozero", range=[0, _end(bars)])
    return figure


def _stack(bar: Bar) -> dict[str, float]:
    """Items of a bar; they sum to what is needed. [GiB]."""
    lines = {name: size / GIB for name, size in sorted(bar.peak.lines.items(), key=lambda item: -item[1])}
    return {**lines, OVERHEAD: bar.fit.beyond(sum(bar.peak.lines.values())) / GIB}


def _items(stacks: Sequence[Mapping[str, float]]) -> list[str]:
    """Items worth drawing, what stays first; small ones are one rest, and the overhead comes last."""
    sums: dict[str, float] = {}
    for stack in stacks:
        total = sum(stack.values())
        for item, size in stack.items():
            sums[item] = max(sums.get(item, 0.0), size / total)
    kept = [item for item, part in sums.items() if part >= SHOWN_SHARE and item != OVERHEAD]
    known = [item for item in LINE_COLOURS if item in kept]
    ranked = known + sorted((item for item in kept if item not in known), key=lambda item: -sums[item])
    rest = ["rest"] if any(part < SHOWN_SHARE for item, part in sums.items() if item != OVERHEAD) else []
    return [*ranked, *rest, OVERHEAD]


def _size(stack: Mapping[str, float], item: str, items: Sequence[str]) -> float:
    if item == "rest":
        return sum(size for name, size in stack.items() if name not in items)
    return stack.get(item, 0.0)


def _style(item: str, items: Sequence[str]) -> dict[str, object]:
    if item == OVERHEAD:
        return {"color": OVERHEAD_COLOUR}
    further = [name for name in items if name not in LINE_COLOURS]
    colour = LINE_COLOURS.get(item) or FURTHER_COLOURS[further.index(item) % len(FURTHER_COLOURS)]
    place = items.index(item)
    return {"color": colour, "pattern": {"shape": PATTERNS[place % len(PATTERNS)], "size": 5, "solidity": 0.15}}


def _limits(figure: go.Figure, bars: tuple[Bar, ...], names: list[str]) -> None:
    """A line across each bar where its device ends, and what is needed at the end of the bar."""
    end = _end(bars)
    for place, (bar, name) in enumerate(zip(bars, names, strict=True)):
        usable, needed = central(bar.fit.usable_bytes) / GIB, central(bar.fit.needed_bytes) / GIB
        line = {"color": LIMIT_COLOUR, "width": 3}
        figure.add_shape(type="line", x0=usable, x1=usable, y0=place - 0.46, y1=place + 0.46, line=line)
        cut = needed > end
        figure.add_annotation(
            x=min(max(needed, usable), end),
            y=name,
            text=f"<b>{gib(needed * GIB)}</b> {'fits' if bar.fit.fits else 'does not fit'}{' →' if cut else ''}",
            xanchor="right" if cut or max(needed, usable) > 0.8 * end else "left",
            xshift=-6 if cut or max(needed, usable) > 0.8 * end else 6,
            showarrow=False,
            bgcolor="rgba(255,255,255,0.85)",
            font={"color": "#222222"},
        )
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="lines",
        line={"color": LIMIT_COLOUR, "width": 3},
        name="usable memory of the GPU",
    )


def _end(bars: tuple[Bar, ...]) -> float:
    """End of the axis: far enough to see every device end and how much is too much. [GiB]."""
    usable = max(central(bar.fit.usable_bytes) for bar in bars) / GIB
    needed = max(central(bar.fit.needed_bytes) for bar in bars) / GIB
    return ROOM * min(max(usable, needed), 2.0 * usable)


def _alt(bars: tuple[Bar, ...]) -> str:
    parts = []
    for bar in bars:
        largest = max(bar.peak.lines, key=lambda item: bar.peak.lines[item])
        verdict = "fits on" if bar.fit.fits else "does not fit on"
        parts.append(
            f"{bar.name} needs {gib(central(bar.fit.needed_bytes))}, mostly {largest}, and {verdict} "
            f"{bar.fit.accelerator} with {gib(central(bar.fit.usable_bytes))}"
        )
    return f"Memory per GPU at the peak of a training step, margin included: {'; '.join(parts)}."
