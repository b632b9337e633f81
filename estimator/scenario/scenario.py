"""A scenario: one task over one horizon, and the options to compare."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from estimator.errors import did_you_mean
from estimator.scenario.constraints import Constraints
from estimator.scenario.correlation import Correlation
from estimator.scenario.fields import Duration, Month, Name, Names, Part
from estimator.scenario.option import Option, missing_keys
from estimator.scenario.policy import Policy
from estimator.scenario.quantity import Limits, Quantity
from estimator.scenario.stages import check_stages
from estimator.scenario.task import Task, Workload
from estimator.scenario.templates import NAMES, is_template

OptionName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]


class Scenario(Part):
    """The whole question: file format, URL state and cache key in one."""

    name: Name
    """Name of the task; results are told and stored under it."""
    template: str | None = None
    """Template and size the file started from; a value that still equals it counts as a preset, not as yours."""
    start: Month
    """First month of the horizon."""
    horizon: Duration
    """Months over which cost and value are counted."""
    discount_rate: Annotated[Quantity, Limits("per year", least=-0.5, most=1)] | None = None
    """Opportunity cost of money, per year, inflation included."""
    money: Literal["nominal", "real"] = "nominal"
    """nominal: amounts as they are paid; real: in money of the day before launch, deflated by inflation."""
    inflation: Annotated[Quantity, Limits("per year", least=-0.5, most=1)] | None = None
    """Rise of the general price level, per year; only deflates where money is real, prices rise by escalation."""
    escalation: dict[Name, Annotated[Quantity, Limits("per year", least=-0.9, most=2)]] = Field(default_factory=dict)
    """Rise of prices per year by category of cost, line or group (labour, gpu, value); may be negative."""
    capitalise: Names | None = None
    """Categories, lines or groups of cost that the books capitalise; what builds the option where not given."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    """ISO code of the amounts written in this file; results are in USD unless asked for otherwise."""
    usd_per_currency_unit: Annotated[Quantity, Limits("USD", above=0, most=1e6)] | None = None
    """Exchange rate of the amounts in this file; the dated rate of the catalog where not given."""
    prices_on: date | None = None
    """Day whose prices are used; the first day of start where not given."""
    workload: Workload
    task: Task
    constraints: Constraints | None = None
    """What an option must not break, however much it would earn."""
    options: Annotated[dict[OptionName, Option], Field(min_length=1, max_length=40)]
    """Ways to do the task; the first is the baseline."""
    correlations: Annotated[tuple[Correlation, ...], Field(max_length=100)] = ()
    """Inputs that move together; all others are independent."""
    policy: Policy | None = None
    """Conditions that `estimator check` holds the result against."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.template is not None and not is_template(self.template):
            raise ValueError(
                f"template: {self.template!r:.60} is not one of {', '.join(NAMES)} with a size, e.g. triage, small; "
                "leave it out where the values are your own"
            )
        if self.currency == "USD" and self.usd_per_currency_unit is not None:
            raise ValueError("usd_per_currency_unit is given, but currency is USD; remove it or name the currency")
        if self.money == "real" and self.inflation is None:
            raise ValueError("money: real needs inflation to deflate with; give it per year, e.g. 2%")
        if self.workload.ramp_share is not None and self.workload.ramp_months is None:
            raise ValueError("workload.ramp_share is given without workload.ramp_months; add the length of the ramp")
        self._check_staged()
        for name, option in self.composed.items():
            if (option.launch_month or 0) >= self.horizon:
                raise ValueError(
                    f"options.{name}.launch_month: {option.launch_month} is not before the end of the horizon of "
                    f"{self.horizon} months; launch earlier or lengthen the horizon"
                )
            if option.model is None:
                raise ValueError(f"options.{name}.model is missing; name a catalog model or a config.json path")
            for key in missing_keys(option):
                raise ValueError(f"options.{name}.{key} is missing; add it")
            if option.pretraining is not None and option.tuning is not None:
                raise ValueError(f"options.{name} has both tuning and pretraining; keep one of them")
        tokens = self.workload.tokens
        if tokens.instructions is not None and tokens.instructions.high > tokens.prompt.high:
            raise ValueError(
                f"workload.tokens.instructions ({tokens.instructions.high:g}) exceeds workload.tokens.prompt "
                f"({tokens.prompt.high:g}), of which it is a part; lower it"
            )
        return self

    def _check_staged(self) -> None:
        staged = {name: option.stages is not None for name, option in self.options.items()}
        for place, (name, option) in enumerate(self.options.items()):
            if option.switching_usd is not None and option.stages is None:
                raise ValueError(f"options.{name}.switching_usd needs stages; remove it, or write the stages")
            if option.stages is None:
                continue
            if other := sorted(option.model_fields_set - {"stages", "switching_usd"}):
                raise ValueError(
                    f"options.{name} has stages and {', '.join(other)}; a staged plan has stages and switching_usd only"
                )
            if place == 0:
                raise ValueError(f"options.{name} is the baseline and has stages; put an option with a model first")
            check_stages(name, option.stages, options=staged, horizon=self.horizon)
            for stage in option.stages:
                if self.composed[stage.use].launch_month:
                    raise ValueError(
                        f"options.{name}.stages uses {stage.use}, which has a launch_month; "
                        "remove that, its stage says when it starts"
                    )

    @cached_property
    def composed(self) -> dict[str, Option]:
        """Every option with what it extends filled in; staged plans are left out."""
        return {name: self._compose(name, ()) for name, option in self.options.items() if option.stages is None}

    @cached_property
    def staged(self) -> dict[str, Option]:
        """The staged plans."""
        return {name: option for name, option in self.options.items() if option.stages is not None}

    def uses(self, name: str) -> tuple[str, ...]:
        """The options that one of this name consists of: itself, or the stages of a plan."""
        stages = self.options[name].stages
        return (name,) if stages is None else tuple(stage.use for stage in stages)

    def _compose(self, name: str, seen: tuple[str, ...]) -> Option:
        option = self.options[name]
        if option.extends is None:
            return option
        chain = (*seen, name)
        if option.extends in chain:
            raise ValueError(f"options.{name}.extends goes in a circle: {' → '.join((*chain, option.extends))}")
        if option.extends not in self.options:
            raise ValueError(
                f"options.{name}.extends names no option of this file: {option.extends!r}"
                f"{did_you_mean(option.extends, self.options)}"
            )
        if self.options[option.extends].stages is not None:
            raise ValueError(f"options.{name}.extends names a staged plan: {option.extends!r}; name one of its stages")
        base = _written(self._compose(option.extends, chain))
        merged = _merge(base, {key: value for key, value in _written(option).items() if key != "extends"})
        return Option.model_validate(merged)


def _written(option: Option) -> dict[str, Any]:
    return option.model_dump(exclude_unset=True)


def _merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`change` over `base`; sections merge key by key, everything else replaces."""
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        is_section = isinstance(old, dict) and isinstance(value, dict) and key in _SECTIONS
        merged[key] = _merge(old, value) if is_section and isinstance(old, dict) else value
    return merged


_SECTIONS = frozenset(
    {"prompt", "retrieval", "tuning", "annotation", "collection", "owned", "pretraining", "serving", "upkeep"}
)
