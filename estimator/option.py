"""What is known about one option, and how it becomes plain data."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from estimator.catalog import Licence
from estimator.cautions import unchecked
from estimator.decision import Check, Outcome, StagedPlan, Standing, band
from estimator.labels import Quality
from estimator.plain import cash_flow_data, line_data, percentiles_by_month, plain, sizing_data
from estimator.record import record
from estimator.serving import ApiAnswer
from estimator.tco import Ledger, Parts
from estimator.training import Sizing
from estimator.upkeep import Policy
from estimator.warnings import Warned


@record(slots=False)
class OptionParts:
    """What the rooms said about one option that can be carried out."""

    quality: Quality
    money: Parts


@record(slots=False)
class OptionEstimate:
    """Everything known about one option."""

    name: str
    model: str
    outcome: Outcome
    standing: Standing
    parts: OptionParts | None
    """None where the option cannot be carried out, or is a staged plan of others."""
    licence: Licence | None = None
    """Terms of open weights; None for a hosted model."""
    checks: tuple[Check, ...] = ()
    """Hard constraints of the scenario, held against it."""
    plan: StagedPlan | None = None
    """Moves and value of waiting of a staged plan; None for an option of its own."""

    @property
    def ledger(self) -> Ledger:
        """Costs by line and month."""
        return self.outcome.costs

    def lines_data(self) -> list[dict[str, Any]]:
        """Ledger lines of costs and benefits as plain data."""
        ledgers = (self.outcome.costs, self.outcome.benefits)
        return [line_data(line, self.outcome.size, ledger.factors) for ledger in ledgers for line in ledger.lines]

    def costs_by_category(self) -> dict[str, float]:
        """Present value by category in the central case. [USD]"""
        factors = self.ledger.factors
        return {
            name: float(sum(line.central_value(factors) for line in lines))
            for name, lines in self.ledger.by_category().items()
        }

    @property
    def sizing(self) -> Sizing | None:
        """Training plan and memory; None where nothing is trained."""
        return self.parts.money.sizing if self.parts else None

    @property
    def policy(self) -> Policy | None:
        """Retraining policy; None where nothing is tuned."""
        return self.parts.money.care.policy if self.parts else None

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """What a reader should know before trusting the option; each text knows its code."""
        if self.parts is None:
            return ()
        answer = self.parts.money.answer
        priced = answer.warnings if isinstance(answer, ApiAnswer) else ()
        told = self.licence.warnings(model=self.model, tunes=self.sizing is not None) if self.licence else ()
        terms = (Warned("W011", text) for text in told)
        return (*terms, *self.parts.quality.notes, *priced, *self.parts.money.care.warnings, *unchecked(self.checks))


_MEASURED = ("cost_usd", "cost_undiscounted_usd", "net_benefit_usd", "cost_per_success_usd", "quality", "regret_usd")
"""Figures that an option which cannot be carried out does not have; they become null."""


def drawn_data(option: OptionEstimate) -> dict[str, Any]:
    """What charts show: standing, months and categories."""
    outcome = option.outcome
    data: dict[str, Any] = plain(option.standing)
    data |= {
        "feasible": not outcome.infeasible,
        "cost_by_category_usd": option.costs_by_category(),
        "by_month": {
            "cost_usd": percentiles_by_month(outcome.costs.monthly),
            "cumulative_cost_usd": percentiles_by_month(outcome.cumulative_cost),
            "cumulative_net_benefit_usd": percentiles_by_month(outcome.cumulative_net_benefit),
            "quality": percentiles_by_month(outcome.quality),
        },
    }
    for key in ("cost", "net_benefit", "cost_per_success"):
        data[f"{key}_usd"] = data.pop(key)
    return data | dict.fromkeys(_MEASURED) if outcome.infeasible else data


def option_data(option: OptionEstimate, base: Outcome, drawn: Mapping[str, Any]) -> dict[str, Any]:
    """All of the JSON result: what charts show, and cash flow, lines, constraints and what the rooms said."""
    outcome, standing = option.outcome, option.standing
    data = {
        **drawn,
        "model": option.model,
        "why_not": standing.why_not,
        "licence": option.licence.model_dump(mode="json") if option.licence else None,
        "cost_undiscounted_usd": plain(band(np.broadcast_to(outcome.costs.total, (outcome.size,)))),
        "cash_flow": cash_flow_data(outcome, base),
        "lines": option.lines_data(),
        "constraints": plain(option.checks),
        "warnings": [{"code": text.code, "option": option.name, "text": str(text)} for text in option.warnings],
        **_parts_data(option.parts),
    }
    if option.plan is not None:
        data["staged"] = {**plain(option.plan), "value_of_waiting_usd": option.plan.value_of_waiting_usd}
    if outcome.infeasible:
        data |= dict.fromkeys(_MEASURED)
    return {key: data[key] for key in sorted(data)}


def _parts_data(parts: OptionParts | None) -> dict[str, Any]:
    names = ("quality_parts", "request_tokens", "serving", "sizing", "retrieval", "retraining")
    if parts is None:
        return dict.fromkeys(names)
    money = parts.money
    return {
        "quality_parts": plain(parts.quality.parts),
        "request_tokens": plain(money.request),
        "serving": plain(money.answer),
        "sizing": sizing_data(money.sizing),
        "retrieval": plain(money.retrieval),
        "retraining": plain(money.care.policy),
    }
