"""What an estimate and a comparison hold, and how they become plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import PurePath
from typing import Any

import numpy as np

from estimator.attribution import Causes, causes_data, figures_of
from estimator.catalog import Licence
from estimator.cautions import Notice, cautions, old_prices, old_rate, unchecked
from estimator.decision import Check, Decision, Outcome, StagedPlan, Standing, Turns, band
from estimator.differences import COMPARED_BY, Change, Difference, changed_inputs, difference_data
from estimator.inputs import Input
from estimator.labels import Quality
from estimator.money import USD, Currency, converted, currency_data, shown_in
from estimator.plain import cash_flow_data, input_data, line_data, percentiles_by_month, plain, sizing_data
from estimator.scenario import Scenario, to_data
from estimator.serving import ApiAnswer
from estimator.tco import Ledger, Parts
from estimator.training import Sizing
from estimator.upkeep import Policy
from estimator.warnings import Warned

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class OptionParts:
    """What the rooms said about one option that can be carried out."""

    quality: Quality
    money: Parts


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Estimate:
    """All options of one scenario, compared."""

    scenario: Scenario
    on: date
    """Day whose prices were used."""
    draws: int
    seed: int
    options: Mapping[str, OptionEstimate]
    decision: Decision
    inputs: tuple[Input, ...]
    """Every parameter used, with origin and source."""
    constants: tuple[Input, ...] = ()
    """Calibrated constants of the rooms that were asked, figures of devices, sizes of models, with their sources."""
    currency: Currency = USD
    """In which it is shown and written; arrays are in USD."""
    flips: Turns | None = None
    """What would turn the verdict; None where nobody asked (`questions.with_flips` asks)."""

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """Warnings of all options, then those of the whole."""
        outcomes = {name: option.outcome for name, option in self.options.items()}
        with shown_in(self.currency):
            told = [(name, text) for name, option in self.options.items() for text in option.warnings]
            whole = cautions(decision=self.decision, outcomes=outcomes, inputs=self.inputs, on=self.on)
        everything = [*told, *((None, text) for text in (*whole, *old_rate(self.currency, self.on)))]
        return tuple(Notice(text.code, name, str(text)) for name, text in everything)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The same as lines of text: code, name of the option, words."""
        return tuple(map(str, self.notices))

    @property
    def central_figures(self) -> dict[str, dict[str, float]]:
        """Central cost and net benefit of the options that can be carried out, staged plans left out. [USD]"""
        return figures_of([option.outcome for option in self.options.values() if option.plan is None])

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    @cached_property
    def _data(self) -> dict[str, Any]:
        with shown_in(self.currency):
            data: dict[str, Any] = converted(self._data_in_usd(), self.currency)
        return data

    def _data_in_usd(self) -> dict[str, Any]:
        base = next(iter(self.options.values())).outcome
        return {
            "name": self.name,
            "start": f"{self.scenario.start:%Y-%m}",
            "horizon_months": self.scenario.horizon,
            **currency_data(self.currency),
            "prices_on": self.on.isoformat(),
            "draws": self.draws,
            "seed": self.seed,
            "options": {name: _option_data(option, base) for name, option in self.options.items()},
            "verdict": {
                **plain(self.decision.verdict),
                "reasons": list(self.decision.verdict.reasons),
                "against": list(self.decision.verdict.against),
            },
            "ownership": plain(self.decision.ownership),
            "reasons": plain(self.decision.rules),
            "drivers": plain(self.decision.drivers),
            "flips": plain(self.flips),
            "perfect_information_usd": self.decision.perfect_information_usd,
            "inputs": [input_data(item) for item in self.inputs],
            "constants": [input_data(item) for item in self.constants],
            "warnings": plain(self.notices),
            "stale_prices": [
                {"key": key, "read_on": day.isoformat(), "days": (self.on - day).days}
                for day, key in old_prices(self.inputs, self.on)
            ],
            "scenario": to_data(self.scenario),
        }

    def to_dict(self) -> dict[str, Any]:
        """The same plain data as the JSON of the command line, numbers unrounded."""
        return {"schema_version": SCHEMA_VERSION, "scenarios": [self._data]}


@dataclass(frozen=True)
class Comparison:
    """Several scenarios side by side; differences are against the first."""

    estimates: tuple[Estimate, ...]
    causes: tuple[Causes, ...] = ()
    """For each further scenario, what each changed input did."""
    origins: tuple[str, ...] = ()
    """Files they come from; empty where they come from none."""

    @property
    def currency(self) -> Currency:
        """In which it is shown and written."""
        return self.estimates[0].currency

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Each further scenario against the first."""
        labels = self.labels
        first = self.estimates[0]
        return tuple(
            _difference(first, other, labels[0], label)
            for other, label in zip(self.estimates[1:], labels[1:], strict=True)
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the scenarios; of their files where two are the same, else a number is added."""
        names = [estimate.name for estimate in self.estimates]
        files = tuple(PurePath(origin).name for origin in self.origins)
        if len(set(names)) < len(names) == len(set(files)):
            return files
        return tuple(
            f"{name} ({names[: place + 1].count(name)})" if names.count(name) > 1 else name
            for place, name in enumerate(names)
        )

    def to_dict(self) -> dict[str, Any]:
        """The same plain data as the JSON of the command line, numbers unrounded."""
        data: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "scenarios": [estimate._data for estimate in self.estimates],
        }
        if len(self.estimates) > 1:
            data["differences"] = [
                difference_data(item, self.currency) | {"attribution": converted(causes_data(found), self.currency)}
                for item, found in zip(self.differences, self.causes or [Causes()] * len(self.differences), strict=True)
            ]
        return data


_MEASURED = ("cost_usd", "cost_undiscounted_usd", "net_benefit_usd", "cost_per_success_usd", "quality", "regret_usd")
"""Figures that an option which cannot be carried out does not have; they become null."""


def _option_data(option: OptionEstimate, base: Outcome) -> dict[str, Any]:
    outcome, standing = option.outcome, option.standing
    data = plain(standing)
    data |= {
        "model": option.model,
        "why_not": standing.why_not,
        "licence": option.licence.model_dump(mode="json") if option.licence else None,
        "feasible": not outcome.infeasible,
        "cost_by_category_usd": option.costs_by_category(),
        "cost_undiscounted_usd": plain(band(np.broadcast_to(outcome.costs.total, (outcome.size,)))),
        "cash_flow": cash_flow_data(outcome, base),
        "lines": option.lines_data(),
        "by_month": {
            "cost_usd": percentiles_by_month(outcome.costs.monthly),
            "cumulative_cost_usd": percentiles_by_month(outcome.cumulative_cost),
            "cumulative_net_benefit_usd": percentiles_by_month(outcome.cumulative_net_benefit),
            "quality": percentiles_by_month(outcome.quality),
        },
        "constraints": plain(option.checks),
        "warnings": [{"code": text.code, "option": option.name, "text": str(text)} for text in option.warnings],
        **_parts_data(option.parts),
    }
    for key in ("cost", "net_benefit", "cost_per_success"):
        data[f"{key}_usd"] = data.pop(key)
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


def _difference(before: Estimate, after: Estimate, old_label: str, new_label: str) -> Difference:
    shared = [name for name in before.options if name in after.options]
    changes = [
        Change(name, measure, getattr(getattr(a, measure), by), getattr(getattr(b, measure), by), by)
        for name in shared
        for a, b in [(before.options[name].standing, after.options[name].standing)]
        for measure, by in COMPARED_BY.items()
    ]
    return Difference(
        *(old_label, new_label),
        changed_inputs(to_data(before.scenario), to_data(after.scenario)),
        tuple(changes),
        tuple(name for name in before.options if name not in after.options),
        tuple(name for name in after.options if name not in before.options),
    )
