"""What an estimate and a comparison hold, and how they become plain data."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import PurePath
from typing import Any

from estimator.attribution import Causes, causes_data, figures_of
from estimator.cautions import Notice, cautions, old_prices, old_rate
from estimator.decision import Decision, Turns
from estimator.differences import COMPARED_BY, Change, Difference, changed_inputs, difference_data
from estimator.inputs import Input
from estimator.money import USD, Currency, converted, currency_data, shown_in
from estimator.option import OptionEstimate as OptionEstimate
from estimator.option import OptionParts as OptionParts
from estimator.option import drawn_data, option_data
from estimator.plain import input_data, plain
from estimator.record import record
from estimator.scenario import Scenario, to_data

SCHEMA_VERSION = 1


@record(slots=False)
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

    @cached_property
    def _drawn_in_usd(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "start": f"{self.scenario.start:%Y-%m}",
            "horizon_months": self.scenario.horizon,
            "currency": self.currency.code,
            "options": {name: drawn_data(option) for name, option in self.options.items()},
        }

    @cached_property
    def _drawn(self) -> dict[str, Any]:
        drawn: dict[str, Any] = converted(self._drawn_in_usd, self.currency)
        return drawn

    def _data_in_usd(self) -> dict[str, Any]:
        base = next(iter(self.options.values())).outcome
        drawn = self._drawn_in_usd
        return {
            **drawn,
            **currency_data(self.currency),
            "prices_on": self.on.isoformat(),
            "draws": self.draws,
            "seed": self.seed,
            "options": {
                name: option_data(option, base, drawn["options"][name]) for name, option in self.options.items()
            },
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

    def drawn(self) -> dict[str, Any]:
        """The part of the plain data that charts show: cash flows, lines and sizes left out, which take long."""
        return self._drawn


@record(slots=False)
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
