"""Memory of a training run as a sheet: items of the peak, three counters, fit on each device, and the ladder."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from estimator.fitting import MemoryAnswer, Place
from estimator.report.layout import Table
from estimator.report.numbers import gib, percent_change, share
from estimator.report.sheet import Sheet
from estimator.units import GIB, central

if TYPE_CHECKING:
    from estimator.training.ladder import Ladder, Rung, Tried, Way

COUNTERS = {"allocated": "live tensors", "reserved": "held by the allocator", "device": "shown by the device"}


def memory_data(answer: MemoryAnswer) -> dict[str, Any]:
    """The answer as plain data, unrounded."""
    peak = answer.peak
    return {
        "model": answer.architecture.name,
        "setup": asdict(answer.setup),
        "micro_batch": answer.micro_batch,
        "seq_len": answer.seq_len,
        "margin": answer.margin,
        "peak_phase": peak.peak_phase,
        "lines": _lines(answer),
        "phases_gib": {name: central(total) / GIB for name, total in peak.totals.items()},
        "counters": {
            name: {"gib": value / GIB, "low_gib": low / GIB, "high_gib": high / GIB}
            for name, (low, value, high) in answer.counters.items()
        },
        "gpus": [_place_data(place) for place in answer.places],
        "ladder": None if answer.ladder is None else _ladder_data(answer.ladder),
        "warnings": list(answer.warnings),
    }


def memory_sheet(answer: MemoryAnswer) -> Sheet:
    """Tables and data of the answer."""
    blocks: list[Table | str] = [items_table(answer), counters_table(answer), devices_table(answer)]
    if answer.ladder is not None:
        blocks += _ladder(answer.ladder)
    blocks += [f"! {text}" for text in answer.warnings]
    data = memory_data(answer)
    return Sheet(title=memory_title(answer), blocks=tuple(blocks), data=data, records=_records(data))


def needs(answer: MemoryAnswer) -> str:
    """One sentence: what the run needs, and whether the first device holds it."""
    first = answer.places[0]
    need, usable = central(first.fit.needed_bytes), central(first.fit.usable_bytes)
    verdict = "fits" if first.fit.fits else "does not fit"
    return (
        f"Needs {gib(need)} per device with {share(answer.margin)} kept free; "
        f"{verdict} on {first.accelerator.name} with {gib(usable)} usable."
    )


def memory_title(answer: MemoryAnswer) -> str:
    """What was asked, in words."""
    setup = answer.setup
    parts = [f"{setup.method} of {answer.architecture.name}"]
    if setup.method != "full":
        targets = setup.targets if isinstance(setup.targets, str) else ", ".join(setup.targets)
        parts.append(f"rank {central(setup.rank):g} on {targets}")
    parts.append(setup.quantization if setup.quantization != "none" else setup.weights_dtype)
    parts.append(f"micro-batch {answer.micro_batch:g} × {answer.seq_len:,.0f} tokens")
    parts.append(f"{setup.optimizer}, checkpointing {setup.checkpointing}, {setup.attention} attention")
    parts.append(f"{setup.cross_entropy} loss")
    if setup.gpus > 1:
        parts.append(f"{setup.gpus} GPUs, {setup.sharding}")
    if setup.offload != "none":
        parts.append(f"{setup.offload} on the host")
    return "; ".join(parts)


def _lines(answer: MemoryAnswer) -> list[dict[str, Any]]:
    lines = answer.peak.lines
    total = sum(lines.values())
    ranked = sorted(lines.items(), key=lambda item: -item[1])
    return [{"line": name, "gib": size / GIB, "share": size / total} for name, size in ranked]


def items_table(answer: MemoryAnswer) -> Table:
    """What is alive at the peak, the largest first."""
    rows = [(line["line"], f"{line['gib']:.2f}", share(line["share"])) for line in _lines(answer)]
    total = sum(answer.peak.lines.values())
    title = f"Live memory per GPU at the peak: {answer.peak.peak_phase}"
    return Table(title, ("Line", "GiB", "Share"), (*rows, ("total", f"{total / GIB:.2f}", "100 %")))


def counters_table(answer: MemoryAnswer) -> Table:
    """What the three counters show, with their intervals."""
    rows = []
    for name, (low, value, high) in answer.counters.items():
        between = f"{low / GIB:.1f} to {high / GIB:.1f}" if high > low else "–"
        rows.append((name, f"{value / GIB:.2f}", between, COUNTERS[name]))
    return Table("What the counters show per GPU", ("Counter", "GiB", "Interval", "What"), tuple(rows))


def devices_table(answer: MemoryAnswer) -> Table:
    """Whether the run fits on each device, and how much larger it could be."""
    head = ("GPU", "Usable GiB", "Needs GiB", "Left GiB", "Fits", "Largest micro-batch", "Longest sequence")
    free = share(answer.margin)
    return Table(f"Fit, {free} kept free", head, tuple(_place_row(place) for place in answer.places))


def _place_row(place: Place) -> tuple[str, ...]:
    found = place.fit
    return (
        place.accelerator.name,
        f"{central(found.usable_bytes) / GIB:.1f}",
        f"{central(found.needed_bytes) / GIB:.1f}",
        f"{central(found.headroom_bytes) / GIB:.1f}",
        "yes" if found.fits else "no",
        f"{place.largest_micro_batch:,}",
        f"{place.largest_seq_len:,}",
    )


def _place_data(place: Place) -> dict[str, Any]:
    found = place.fit
    return {
        "gpu": place.accelerator.name,
        "usable_gib": central(found.usable_bytes) / GIB,
        "needed_gib": central(found.needed_bytes) / GIB,
        "headroom_gib": central(found.headroom_bytes) / GIB,
        "fits": found.fits,
        "largest_micro_batch": place.largest_micro_batch,
        "largest_seq_len": place.largest_seq_len,
    }


def _ladder(ladder: "Ladder") -> list[Table | str]:
    blocks: list[Table | str] = [ladder_table(ladder), *ways(ladder)]
    if not ladder.smallest:
        blocks.append("None of these changes, nor a few of them together, makes it fit.")
    if ladder.without_effect:
        blocks.append(f"Saves nothing here: {', '.join(ladder.without_effect)}.")
    return blocks


def ladder_table(ladder: "Ladder") -> Table:
    """One row per change: on its own, and on top of those above it until the run fits."""
    head = ("Change", "GiB", "Saves", "Fits", "Device time", "With those above", "Costs besides")
    rows, done = [], False
    for rung in ladder.rungs:
        together = "" if done else _together(rung)
        if rung.alone is not None or together:
            rows.append((rung.change, *_alone(rung), together, rung.note))
        done = done or (rung.together is not None and rung.together.fits)
    return Table("What would make it fit", head, tuple(rows))


def _alone(rung: "Rung") -> tuple[str, ...]:
    tried = rung.alone
    if tried is None:
        return "–", "–", "no", "–"
    return f"{tried.needed_bytes / GIB:.1f}", f"{tried.saved_bytes / GIB:.1f}", _yes(tried), time_cost(tried)


def _together(rung: "Rung") -> str:
    tried = rung.together
    return "–" if tried is None else f"{tried.needed_bytes / GIB:.1f}{', fits' if tried.fits else ''}"


def _yes(tried: "Tried") -> str:
    return "yes" if tried.fits else "no"


def time_cost(tried: "Tried") -> str:
    """Change of device time per token, in percent or as a factor."""
    factor = tried.device_factor
    if factor is None:
        return "–"
    return f"× {factor:.3g}" if factor >= 2.0 else percent_change(100.0 * (factor - 1.0))


def ways(ladder: "Ladder") -> list[str]:
    """The smallest change that fits and the one that costs least time, one sentence per scope."""
    texts = []
    for small, cheap in zip(ladder.smallest, ladder.cheapest, strict=True):
        text = f"With the {small.scope}" if small.scope.startswith("same") else f"With {small.scope}"
        text += f", the smallest change that fits: {_way(small)}."
        if cheap.changes != small.changes:
            text += f" Cheapest in time: {_way(cheap)}."
        texts.append(text)
    return texts


def _way(way: "Way") -> str:
    return f"{' + '.join(way.changes)} ({way.tried.needed_bytes / GIB:.1f} GiB, {time_cost(way.tried)} time)"


def _ladder_data(ladder: "Ladder") -> dict[str, Any]:
    return {
        "rungs": [
            {
                "name": rung.name,
                "change": rung.change,
                "kind": rung.kind,
                "note": rung.note,
                "alone": _tried_data(rung.alone),
                "together": _tried_data(rung.together),
            }
            for rung in ladder.rungs
        ],
        "without_effect": list(ladder.without_effect),
        "smallest": [_way_data(way) for way in ladder.smallest],
        "cheapest": [_way_data(way) for way in ladder.cheapest],
    }


def _tried_data(tried: "Tried | None") -> dict[str, Any] | None:
    if tried is None:
        return None
    return {
        "gpu": tried.run.accelerator.name,
        "gpus": tried.run.setup.gpus,
        "micro_batch": tried.run.micro_batch,
        "gradient_accumulation": central(tried.run.setup.gradient_accumulation),
        "needed_gib": tried.needed_bytes / GIB,
        "usable_gib": tried.usable_bytes / GIB,
        "saved_gib": tried.saved_bytes / GIB,
        "fits": tried.fits,
        "wall_time_factor": tried.wall_factor,
        "device_time_factor": tried.device_factor,
    }


def _way_data(way: "Way") -> dict[str, Any]:
    return {"scope": way.scope, "changes": list(way.changes), **(_tried_data(way.tried) or {})}


def _records(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Lines, counters, devices and rungs under each other, each row saying what it is."""
    rows = [{"what": "line", "name": line["line"], **_without(line, "line")} for line in data["lines"]]
    rows += [{"what": "counter", "name": name, **values} for name, values in data["counters"].items()]
    rows += [{"what": "gpu", "name": item["gpu"], **_without(item, "gpu")} for item in data["gpus"]]
    for rung in data["ladder"]["rungs"] if data["ladder"] else ():
        rows += [
            {"what": f"change {how}", "name": rung["change"], **rung[how]}
            for how in ("alone", "together")
            if rung[how] is not None
        ]
    return rows


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}
