"""What does an option cost, line by line? The ledger as a tree, each line with the prices it is made of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from estimator.catalog import Catalog, load_catalog
from estimator.errors import EstimatorError, UnknownNameError
from estimator.inputs import Input
from estimator.pipeline import DRAWS, estimate, outcomes_of
from estimator.record import record
from estimator.results import Estimate
from estimator.scenario import Scenario
from estimator.tco import CATEGORIES

STEP = 0.1
"""How much a price is raised to see which lines are made of it. [1]"""
SMALLEST_SHARE = 1e-6
"""Share of a line below which a price is not part of it. [1]"""
VALUE = "value."
"""Start of the keys of the lines that are no cost."""


@record
class PriceOf:
    """A price a line is made of."""

    item: Input
    share: float
    """Share of the amount that follows the price in proportion. [1]"""


@record
class LineCost:
    """One ledger line in the central case: quantity × unit price = amount."""

    data: Mapping[str, Any]
    """Key, label, unit, nature, treatment, quantity, formula … as in the JSON of compare."""
    usd: float
    """Undiscounted. [USD]"""
    present_value_usd: float
    share: float | None
    """Of the present value of all costs; None for a value, or where there is no cost. [1]"""
    prices: tuple[PriceOf, ...]

    @property
    def paid_unit_usd(self) -> float:
        """What one unit costs on average over the horizon: today's price × price index. [USD]"""
        return float(self.data["unit_usd"] * self.data["price_index"])


@record
class CategoryCost:
    """The lines of one category; its totals are their sums."""

    name: str
    lines: tuple[LineCost, ...]

    @property
    def usd(self) -> float:
        """Undiscounted. [USD]"""
        return sum(line.usd for line in self.lines)

    @property
    def present_value_usd(self) -> float:
        """Discounted. [USD]"""
        return sum(line.present_value_usd for line in self.lines)

    @property
    def share(self) -> float | None:
        """Of the present value of all costs. [1]"""
        shares = [line.share for line in self.lines if line.share is not None]
        return sum(shares) if len(shares) == len(self.lines) else None


@record
class OptionCost:
    """One option as a tree of costs, and the lines of what it earns."""

    name: str
    model: str
    why_not: str
    """Why it has no costs; else empty."""
    categories: tuple[CategoryCost, ...]
    value: tuple[LineCost, ...]

    @property
    def lines(self) -> tuple[LineCost, ...]:
        """All lines of cost."""
        return tuple(line for category in self.categories for line in category.lines)

    @property
    def usd(self) -> float:
        """Total cost, undiscounted. [USD]"""
        return sum(category.usd for category in self.categories)

    @property
    def present_value_usd(self) -> float:
        """Total cost, discounted. [USD]"""
        return sum(category.present_value_usd for category in self.categories)

    @property
    def value_usd(self) -> float:
        """Present value of right and wrong answers. [USD]"""
        return sum(line.present_value_usd for line in self.value)

    @property
    def net_benefit_usd(self) -> float:
        """Present value of the answers minus that of all costs. [USD]"""
        return self.value_usd - self.present_value_usd

    def part(self, key: str, value: str) -> float:
        """Present value of the lines of one nature or treatment. [USD]"""
        return sum(line.present_value_usd for line in self.lines if line.data[key] == value)


@record
class Breakdown:
    """The costs of some options of one scenario."""

    estimate: Estimate
    options: tuple[OptionCost, ...]


def breakdown(
    scenario: Scenario,
    *,
    option: str | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> Breakdown:
    """The cost of options as a tree of categories and lines, in the central case.

    Args:
        scenario: What the user asks.
        option: The one option that is broken down; all where not given.
        draws: Futures of the estimate, for the bands of the lines. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.

    Returns:
        Lines sum to categories, categories to the total. [USD]

    Raises:
        EstimatorError: no such option, or an input cannot be used.

    Source: a line is made of the prices that move it when they alone are raised by 10 %, all in one pass.
    """
    world = catalog or load_catalog()
    result = estimate(scenario, draws=draws, seed=seed, catalog=world, on=on)
    if option is not None and option not in result.options:
        raise UnknownNameError("option", option, result.options, f"choose among {', '.join(result.options)}")
    names = [name for name in result.options if option in {None, name}]
    made_of = _prices(result, world)
    return Breakdown(result, tuple(_option(result, name, made_of) for name in names))


Parts = dict[tuple[str, str], tuple[PriceOf, ...]]
"""Prices by option and line."""


def _option(result: Estimate, name: str, made_of: Parts) -> OptionCost:
    found = result.options[name]
    total = sum(found.costs_by_category().values())
    lines = [
        LineCost(
            data=data,
            usd=data["amount_usd"]["central"],
            present_value_usd=data["present_value_usd"],
            share=data["present_value_usd"] / total if total and not data["key"].startswith(VALUE) else None,
            prices=made_of.get((name, data["key"]), ()),
        )
        for data in found.lines_data()
    ]
    costs = [line for line in lines if not line.data["key"].startswith(VALUE)]
    groups = ((category, tuple(line for line in costs if line.data["category"] == category)) for category in CATEGORIES)
    return OptionCost(
        name=name,
        model=found.model,
        why_not=found.outcome.infeasible,
        categories=tuple(CategoryCost(category, group) for category, group in groups if group),
        value=tuple(line for line in lines if line.data["key"].startswith(VALUE)),
    )


def _prices(result: Estimate, catalog: Catalog) -> Parts:
    """Which price is part of which line: the share by which the line follows it."""
    prices = [item for item in result.inputs if item.unit.startswith("USD") and item.central > 0]
    return _followed(result, catalog, prices)


def _followed(result: Estimate, catalog: Catalog, prices: Sequence[Input]) -> Parts:
    if not prices:
        return {}
    held = {item.key: np.full(len(prices) + 1, item.central) for item in prices}
    for place, item in enumerate(prices):
        held[item.key][place + 1] *= 1.0 + STEP
    try:
        outcomes = outcomes_of(
            result.scenario,
            draws=len(prices),
            seed=result.seed,
            catalog=catalog,
            on=result.on,
            pinned=held,
            typical=True,
        )
    except EstimatorError:
        if len(prices) == 1:
            return {}
        halves = (prices[: len(prices) // 2], prices[len(prices) // 2 :])
        found = [_followed(result, catalog, half) for half in halves]
        return {key: (*found[0].get(key, ()), *found[1].get(key, ())) for key in {**found[0], **found[1]}}
    parts: Parts = {}
    for outcome in outcomes:
        for line in (*outcome.costs.lines, *outcome.benefits.lines):
            totals = np.broadcast_to(line.total, (len(prices) + 1,))
            if totals[0] == 0:
                continue
            shares = (totals[1:] / totals[0] - 1.0) / STEP
            ranked = np.argsort(-np.abs(shares), kind="stable")
            parts[outcome.name, line.key] = tuple(
                PriceOf(prices[place], float(shares[place])) for place in ranked if abs(shares[place]) > SMALLEST_SHARE
            )
    return parts
