"""The answer to `estimator portfolio`: scenarios, what they share, budget by month."""

from dataclasses import fields
from typing import Any

from estimator.decision import Band
from estimator.money import shown_currency
from estimator.plain import plain
from estimator.questions import Member, Portfolio, Saving
from estimator.report.layout import Table
from estimator.report.numbers import compact, futures, money
from estimator.report.sheet import Sheet

UNSHARED = "Nothing is shared: no two scenarios tune the same base model on the same GPU or name the same index."


def portfolio_sheet(found: Portfolio) -> Sheet:
    """Tables and data of a portfolio; everything is undiscounted but net benefit.

    Args:
        found: The portfolio.

    Returns:
        Scenarios with their total, what is shared and what it saves, budget by month.
    """
    count = len(found.members)
    title = (
        f"Portfolio of {count} scenario{'s' if count > 1 else ''} · {found.months[0]} to {found.months[-1]} · "
        f"{shown_currency().words} · "
        f"{futures(found.draws)} · seed {found.seed} · prices of {', '.join(dict.fromkeys(found.on))}"
    )
    total = found.total_usd
    words = f"All together cost {money(total.p50)} ({money(total.p10)} – {money(total.p90)}), undiscounted."
    shared = _savings(found) if found.savings else UNSHARED
    return Sheet(
        title=title,
        blocks=(_members(found), words, shared, _budget(found)),
        data=_data(found),
        records=_records(found),
    )


def _members(found: Portfolio) -> Table:
    head = ("Scenario", "Option", "Taken by", "Start", "Months", "Quality", "Cost p50", "p10 – p90", "Net benefit p50")
    rows = [_row(item) for item in found.members]
    gap = ("", "", "", "", "")
    if any(item.applied for item in found.savings):
        rows.append(("saved by sharing", *gap, money(found.saved_usd.p50), _range(found.saved_usd), ""))
    total = ("total", *gap, money(found.total_usd.p50), _range(found.total_usd), money(found.net_benefit_usd.p50))
    note = "Scenarios: cost undiscounted, net benefit as present value at each launch, before sharing"
    return Table(note, head, (*rows, total))


def _row(item: Member) -> tuple[str, ...]:
    return (
        item.label,
        item.option,
        item.chosen,
        item.start,
        str(item.months),
        f"{item.quality.p50:.2f}",
        money(item.cost_usd.p50),
        _range(item.cost_usd),
        money(item.net_benefit_usd.p50),
    )


def _range(values: Band) -> str:
    return f"{money(values.p10)} – {money(values.p90)}"


def _savings(found: Portfolio) -> Table:
    head = ("Shared", "What", "By", "Apart", "Together", "Replica-hours apart", "together", "Counted")
    rows = tuple(_saving(item) for item in found.savings)
    return Table("What is shared, and what it costs apart and together (medians, undiscounted)", head, rows)


def _saving(item: Saving) -> tuple[str, ...]:
    hours = (item.separate_hours, item.shared_hours)
    return (
        item.kind,
        item.name,
        ", ".join(item.users),
        money(item.separate_usd.p50),
        money(item.shared_usd.p50),
        *("–" if value is None else compact(value) for value in hours),
        "yes" if item.applied else "no, dearer",
    )


def _budget(found: Portfolio) -> Table:
    path = found.by_month
    rows = [
        (month, *(money(path[key][place]) for key in ("central", "p10", "p50", "p90")))
        for place, month in enumerate(found.months)
    ]
    title = "Budget by month after what is shared; what is paid before a launch falls in the month before it"
    return Table(title, ("Month", "Central", "p10", "p50", "p90"), tuple(rows))


def _data(found: Portfolio) -> dict[str, Any]:
    return {
        "scenarios": [plain(item) for item in found.members],
        "prices_on": list(found.on),
        "draws": found.draws,
        "seed": found.seed,
        "total_usd": plain(found.total_usd),
        "separate_usd": plain(found.separate_usd),
        "saved_usd": plain(found.saved_usd),
        "net_benefit_usd": plain(found.net_benefit_usd),
        "savings": [_saving_data(item) for item in found.savings],
        "months": list(found.months),
        "budget_usd": found.by_month,
    }


def _saving_data(item: Saving) -> dict[str, Any]:
    return {part.name: plain(getattr(item, part.name)) for part in fields(item) if part.name != "saved"}


def _records(found: Portfolio) -> list[dict[str, Any]]:
    """One row per scenario and its net benefit, per thing shared, for the totals, and per month."""
    rows: list[dict[str, Any]] = [
        {"kind": kind, "name": item.label, "option": item.option, "start": item.start, **_figures(values)}
        for item in found.members
        for kind, values in (("scenario", item.cost_usd), ("net benefit", item.net_benefit_usd))
    ]
    for item in found.savings:
        for kind, values in (("apart", item.separate_usd), ("together", item.shared_usd)):
            rows.append({"kind": f"{item.kind} {kind}", "name": item.name, "option": "", **_figures(values)})
    rows.append({"kind": "saved", "name": "", "option": "", **_figures(found.saved_usd)})
    rows.append({"kind": "total", "name": "", "option": "", **_figures(found.total_usd)})
    rows.append({"kind": "total net benefit", "name": "", "option": "", **_figures(found.net_benefit_usd)})
    path = found.by_month
    for place, month in enumerate(found.months):
        figures = {f"{key}_usd": path[key][place] for key in ("central", "p10", "p50", "p90")}
        rows.append({"kind": "month", "name": month, "option": "", **figures})
    return rows


def _figures(values: Band) -> dict[str, float]:
    return {f"{key}_usd": getattr(values, key) for key in ("central", "mean", "p10", "p50", "p90")}
