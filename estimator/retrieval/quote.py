"""Retrieval alone: everything it costs, labour and the passages in the prompt included."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from estimator.catalog import Catalog
from estimator.errors import ScenarioError
from estimator.inputs import Input, OptionInputs, resolve, used
from estimator.record import record
from estimator.retrieval.bill import RetrievalBill
from estimator.retrieval.items import CostItem, RetrievalCost, monthly, once, per_query
from estimator.retrieval.nodes import NodePlan
from estimator.retrieval.of_option import nodes_of, retrieval_of
from estimator.scenario import Scenario
from estimator.units import MILLION, central

NAME = "rag"


@record(kw_only=True)
class RetrievalQuote:
    """What retrieval costs, at the central case."""

    bill: RetrievalBill
    cost: RetrievalCost
    """All items, labour and passages included. [USD]"""
    plan: NodePlan | None
    queries_per_month: float
    on: date
    inputs: tuple[Input, ...]
    warnings: tuple[str, ...]

    @property
    def usd_per_month(self) -> float:
        """A month with its queries. [USD/month]"""
        return central(self.cost.usd_per_month) + self.queries_per_month * central(self.cost.usd_per_query)


def retrieval_scenario(
    *,
    retrieval: Mapping[str, Any],
    model: str,
    queries_per_month: Any,
    question_tokens: Any,
    output_tokens: Any,
    catalog: Catalog,
    on: date | None = None,
) -> Scenario:
    """A scenario that asks about retrieval only.

    Args:
        retrieval: Keys of the section, as in a scenario file. [1]
        model: Model that reads the passages. [1]
        queries_per_month: Questions. [1/month]
        question_tokens: Tokens of a prompt without passages. [token]
        output_tokens: Tokens of an answer. [token]
        catalog: Prices.
        on: Day of the prices; the day on which the newest embedding price was read where not given.

    Returns:
        Scenario with the one option `rag`. [1]

    Raises:
        ScenarioError: a value is malformed; the message names it.

    Source: definition.
    """
    from estimator.scenario.files import from_data

    start = on or max(row.read_on for row in catalog.rows("embeddings"))
    return from_data(
        {
            "name": "retrieval",
            "start": f"{start:%Y-%m}",
            "horizon": 12,
            "prices_on": start.isoformat(),
            "workload": {
                "requests_per_month": queries_per_month,
                "tokens": {"prompt": question_tokens, "output": output_tokens},
            },
            "task": {"kind": "question_answering", "value_per_success": 0, "cost_per_error": 0},
            "options": {NAME: {"model": model, "retrieval": dict(retrieval)}},
        }
    )


def quote(scenario: Scenario, *, catalog: Catalog) -> RetrievalQuote:
    """Everything that retrieval costs in the only or first option that retrieves.

    Args:
        scenario: What is asked.
        catalog: Prices.

    Returns:
        Sizes and items at the central case. [USD]

    Raises:
        InfeasibleError: the passages exceed the model's context window.
        ScenarioError: no option retrieves.

    Source: formulas of this room.
    """
    options = resolve(scenario, catalog=catalog, draws=1, seed=0)
    option = next((item for item in options.values() if item.spec.retrieval is not None), None)
    found = None if option is None else retrieval_of(option)
    if option is None or found is None:
        raise ScenarioError("no option of this file has a retrieval section; add one")
    engineer = option.price("labour/ml_engineer")
    judge = option.price("labour/qa")
    items = [
        *found.cost.items,
        once("build", "building retrieval", option["retrieval.build_hours"] * engineer),
        once("evaluation", "questions with known passages", option["retrieval.evaluation_hours"] * judge),
        monthly("operations", "operating retrieval", option["retrieval.operations_hours"] * engineer),
        *_passages(option, found),
    ]
    priced = any(item.name == "context" for item in items)
    missing = () if priced else (f"{option.model} has no token price: passages are counted, not priced",)
    return RetrievalQuote(
        bill=found,
        cost=RetrievalCost(items=tuple(items)),
        plan=nodes_of(option, found),
        queries_per_month=central(option["workload.requests_per_month"]),
        on=option.world.on,
        inputs=used(option.world.touched.values()),
        warnings=(*found.warnings, *missing),
    )


def _passages(option: OptionInputs, found: RetrievalBill) -> list[CostItem]:
    """Passages in the prompt at the input price of a hosted model; they stand behind the cached prefix."""
    if option.token_price is None:
        return []
    whole = central(found.context_tokens + option["workload.tokens.prompt"])
    tier = [tier for tier in option.token_price.tiers if whole >= tier.above_input_tokens][-1]
    usd = np.asarray(found.context_tokens) * tier.input_usd_per_mtok / MILLION
    return [per_query("context", "passages in the prompt", usd)]
