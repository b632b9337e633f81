"""The costs of options as a tree: categories, their lines, and the prices the lines are made of."""

from typing import Any

from estimator.money import shown_currency
from estimator.plain import input_data
from estimator.questions.breakdown import Breakdown, CategoryCost, LineCost, OptionCost
from estimator.report.layout import Table
from estimator.report.numbers import money, share, significant
from estimator.report.sheet import Sheet
from estimator.tco.formulas import formula_of

HEADER = ("Cost", "Quantity", "Unit price", "Amount", "Present value", "Share", "When", "Books", "Price from")
INDENT = "  "
WHEN = {"one_off": "once", "recurring": "recurring"}
SHOWN_PRICES = 1
"""Prices of a line that the table names; JSON and CSV hold all."""


def breakdown_sheet(answer: Breakdown) -> Sheet:
    """Tables and data of what options cost, line by line."""
    estimate = answer.estimate
    title = (
        f"{estimate.name} · {estimate.scenario.horizon} months · "
        f"{shown_currency().words}, central case · prices of {estimate.on} · "
        "quantity × unit price = amount, before discounting; unit prices are means over the horizon"
    )
    blocks: list[Table | str] = []
    for option in answer.options:
        blocks += _blocks(option)
    return Sheet(
        title=title,
        blocks=tuple(blocks),
        data={
            "name": estimate.name,
            "horizon_months": estimate.scenario.horizon,
            "currency": "USD",
            "prices_on": estimate.on.isoformat(),
            "options": {option.name: _option_data(option) for option in answer.options},
        },
        records=[record for option in answer.options for record in _records(option)],
    )


def _blocks(option: OptionCost) -> list[Table | str]:
    if not option.categories:
        return [f"{option.name}: cannot be carried out: {option.why_not}"]
    rows = []
    for category in option.categories:
        rows.append(_sum_row(category.name, category))
        rows += [_line_row(line) for line in category.lines]
    rows.append(_sum_row("total cost", option))
    return [
        Table(f"{option.name} ({option.model})", HEADER, tuple(rows)),
        f"Present value of {option.name}: {money(option.part('nature', 'one_off'))} once and "
        f"{money(option.part('nature', 'recurring'))} recurring; {money(option.part('treatment', 'capex'))} capex and "
        f"{money(option.part('treatment', 'opex'))} opex; right and wrong answers {money(option.value_usd)}, "
        f"net benefit {money(option.net_benefit_usd)}.",
    ]


def _sum_row(name: str, group: CategoryCost | OptionCost) -> tuple[str, ...]:
    part = share(group.share) if isinstance(group, CategoryCost) else share(1.0)
    return (name, "", "", money(group.usd), money(group.present_value_usd), part, "", "", "")


def _line_row(line: LineCost) -> tuple[str, ...]:
    return (
        f"{INDENT}{line.data['label']}",
        f"{significant(line.data['quantity'])} {line.data['unit']}",
        money(line.paid_unit_usd),
        money(line.usd),
        money(line.present_value_usd),
        share(line.share),
        WHEN[line.data["nature"]],
        line.data["treatment"],
        _made_of(line),
    )


def _made_of(line: LineCost) -> str:
    named = ", ".join(price.item.key for price in line.prices[:SHOWN_PRICES])
    rest = len(line.prices[SHOWN_PRICES:])
    made_of = " × ".join((named, *formula_of(line.data["key"]).shares)) if named else ""
    return f"{made_of} +{rest}" if rest else made_of or "–"


def _option_data(option: OptionCost) -> dict[str, Any]:
    return {
        "model": option.model,
        "why_not": option.why_not,
        "categories": [
            {
                "category": category.name,
                "amount_usd": category.usd,
                "present_value_usd": category.present_value_usd,
                "share": category.share,
                "lines": [_line_data(line) for line in category.lines],
            }
            for category in option.categories
        ],
        "amount_usd": option.usd,
        "present_value_usd": option.present_value_usd,
        "nature_usd": {name: option.part("nature", name) for name in WHEN},
        "treatment_usd": {name: option.part("treatment", name) for name in ("capex", "opex")},
        "value": [_line_data(line) for line in option.value],
        "value_usd": option.value_usd,
        "net_benefit_usd": option.net_benefit_usd,
    }


def _line_data(line: LineCost) -> dict[str, Any]:
    return {
        **line.data,
        "paid_unit_usd": line.paid_unit_usd,
        "share": line.share,
        "prices": [{"share": price.share, **input_data(price.item)} for price in line.prices],
    }


def _records(option: OptionCost) -> list[dict[str, Any]]:
    """Lines only, so that a column can be summed: costs, then values."""
    return [
        {
            "option": option.name,
            "category": line.data["category"],
            "line": line.data["key"],
            "label": line.data["label"],
            "quantity": line.data["quantity"],
            "unit": line.data["unit"],
            "paid_unit_usd": line.paid_unit_usd,
            "amount_usd": line.usd,
            "present_value_usd": line.present_value_usd,
            "share": line.share,
            "nature": line.data["nature"],
            "treatment": line.data["treatment"],
            "formula": line.data["formula"],
            "prices": "; ".join(price.item.key for price in line.prices),
            "sources": "; ".join(dict.fromkeys(price.item.source for price in line.prices)),
        }
        for line in (*option.lines, *option.value)
    ]
