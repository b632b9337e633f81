"""The view of a finance department: capital and running cost, what the money earns, and a budget by month."""

from typing import Any

from estimator.report.drawing import possible_options
from estimator.report.layout import Table
from estimator.report.numbers import compact, money, month, share
from estimator.results import Estimate

MOST_PERCENT = 10.0
"""Yearly returns above this are not worth a figure: the outlay is back within weeks. [1]"""


def capital_table(estimate: Estimate) -> Table:
    """Each option: capex, opex, and net present value, rate of return, payback, volume against the first option."""
    data = estimate.to_dict()["scenarios"][0]
    options = possible_options(data)
    base = next(iter(data["options"]))
    head = ("Option", "Capex", "Opex", "NPV", "IRR per year", "Payback", "Pays back in", "Break-even volume")
    rows = tuple((name, *_capital(option["cash_flow"])) for name, option in options.items())
    return Table(f"Capital view: undiscounted spending, and gain over {base} (median future)", head, rows)


def budget_table(estimate: Estimate, name: str) -> Table:
    """What is to be budgeted for an option: spending of each month, with the range in which it falls."""
    data = estimate.to_dict()["scenarios"][0]["options"][name]
    flow, path = data["cash_flow"], data["by_month"]["cost_usd"]
    columns = (flow["capex_by_month_usd"], flow["opex_by_month_usd"], path["p50"], path["p10"], path["p90"])
    rows = tuple(
        ("before launch" if place == 0 else str(place), *map(money, amounts))
        for place, amounts in enumerate(zip(*columns, strict=True))
    )
    head = ("Month", "Capex, central", "Opex, central", "Spending p50", "p10", "p90")
    return Table(f"Budget by month for {name}, undiscounted", head, rows)


def formulas_table(estimate: Estimate, name: str) -> Table:
    """How each line of an option is made, in words, with its amount."""
    rows = tuple(
        (line["category"], line["label"], line["formula"], money(line["amount_usd"]["central"]))
        for line in estimate.to_dict()["scenarios"][0]["options"][name]["lines"]
    )
    return Table(f"Lines of {name}", ("Category", "Line", "Formula", "Amount"), rows)


def _capital(flow: dict[str, Any]) -> tuple[str, ...]:
    spent = (money(flow["capex_usd"]["p50"]), money(flow["opex_usd"]["p50"]))
    gain = flow["against_baseline"]
    if gain is None:
        return (*spent, "baseline", *("–" for _ in range(4)))
    volume = gain["break_even_volume"]
    return (
        *spent,
        money(gain["npv_usd"]["p50"]),
        _rate(gain["irr_per_year"]),
        month(gain["payback_months"]["p50"]),
        f"{share(gain['payback_share'])} of futures",
        _volume(volume["pays"], volume["requests_per_month"]["p50"]),
    )


def _rate(band: dict[str, float] | None) -> str:
    if band is None:
        return "none"
    return "over 1,000 %" if band["p50"] > MOST_PERCENT else share(band["p50"])


def _volume(pays: str, requests: float | None) -> str:
    if pays in {"always", "never"} or requests is None:
        return f"pays at {'any' if pays == 'always' else 'no'} volume"
    return f"{pays} {compact(requests)} requests per month"
