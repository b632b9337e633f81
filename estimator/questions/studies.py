"""What labels are worth and when to retrain, for the tuned options of a scenario."""

from collections.abc import Mapping
from datetime import date

from estimator.catalog import Catalog, load_catalog
from estimator.errors import InputError
from estimator.inputs import OptionInputs, resolve
from estimator.labels import Learning, learning_of, quality_model_of
from estimator.pipeline import DRAWS
from estimator.record import record
from estimator.results import OptionParts
from estimator.rooms import ask_rooms
from estimator.scenario import Scenario
from estimator.tco import discount_factors
from estimator.units import central
from estimator.upkeep import Case, PolicyCost, policies_of, policy_cost, policy_of


@record(kw_only=True)
class RetrainStudy:
    """What each retraining policy of one option costs."""

    option: str
    case: Case
    costs: tuple[PolicyCost, ...]
    """The scenario's own policy first."""
    start_quality: float
    warnings: tuple[str, ...]

    @property
    def best(self) -> PolicyCost:
        """The policy with the lowest total."""
        return min(self.costs, key=lambda item: item.total_usd)

    @property
    def saving_usd(self) -> float:
        """What the best policy costs less than the scenario's own. [USD]"""
        return self.costs[0].total_usd - self.best.total_usd

    def by_interval(self) -> tuple[PolicyCost, ...]:
        """What retraining every 1, 2, 3 … months costs, up to the horizon. [USD]"""
        once = {"retraining": self.case.retrain_usd}
        plans = (policy_of(self.case, kind="every", every_months=float(every)) for every in range(1, self.case.months))
        return tuple(policy_cost(self.case, plan, parts_usd=once) for plan in plans)


@record(kw_only=True)
class Answers:
    """Answers for the tuned options of one scenario."""

    scenario: Scenario
    on: date
    learning: Mapping[str, Learning]
    retraining: Mapping[str, RetrainStudy]
    infeasible: Mapping[str, str]


def learn(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> Answers:
    """Labels → quality → USD of every tuned option, with the best number of labels and a stop rule.

    Args:
        scenario: What the user asks.
        draws: Futures. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.

    Returns:
        One answer per tuned option. [USD, shares]

    Raises:
        EstimatorError: an input cannot be used, or nothing is tuned.
    """
    options = resolve(scenario, catalog=catalog or load_catalog(), on=on, draws=draws, seed=seed)
    parts = ask_rooms(options)
    found = {
        name: _learning(options[name], part, next(iter(options.values())))
        for name, part in parts.items()
        if isinstance(part, OptionParts) and options[name].spec.tuning is not None
    }
    return _answers(scenario, options, parts, learning=found)


def retrain(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> Answers:
    """Interval and cost of every retraining policy of every tuned option.

    Args:
        scenario: What the user asks.
        draws: Futures. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.

    Returns:
        One answer per tuned option. [USD, months]

    Raises:
        EstimatorError: an input cannot be used, or nothing is tuned.
    """
    options = resolve(scenario, catalog=catalog or load_catalog(), on=on, draws=draws, seed=seed)
    parts = ask_rooms(options)
    found: dict[str, RetrainStudy] = {}
    for name, part in parts.items():
        if not isinstance(part, OptionParts) or part.money.retrain_usd is None:
            continue
        money, once = part.money, part.money.retrain_usd.parts
        case, costs = policies_of(options[name], quality=part.quality, retrain_parts=once, requests=money.requests)
        found[name] = RetrainStudy(
            option=name,
            case=case,
            costs=costs,
            start_quality=central(part.quality.start),
            warnings=part.money.care.warnings,
        )
    return _answers(scenario, options, parts, retraining=found)


def _answers(
    scenario: Scenario,
    options: Mapping[str, OptionInputs],
    parts: Mapping[str, OptionParts | str],
    *,
    learning: Mapping[str, Learning] | None = None,
    retraining: Mapping[str, RetrainStudy] | None = None,
) -> Answers:
    tuned = [name for name, option in options.items() if option.spec.tuning is not None]
    if not tuned:
        raise InputError("options: none has a tuning section, so there is nothing to label or to retrain; add one")
    return Answers(
        scenario=scenario,
        on=next(iter(options.values())).world.on,
        learning=learning or {},
        retraining=retraining or {},
        infeasible={name: str(parts[name]) for name in tuned if isinstance(parts[name], str)},
    )


def _learning(option: OptionInputs, parts: OptionParts, baseline: OptionInputs) -> Learning:
    money = parts.money
    data, sizing, once = money.data, money.sizing, money.retrain_usd
    if data is None or sizing is None or once is None:
        raise InputError(f"options.{option.name} has no tuning section; add one")
    factors = discount_factors(annual_rate=option["discount_rate"], months=option.months)[:, 1:]
    times = float(money.care.retrainings.sum())
    examples = data.labels + data.synthetic
    each = data.usd_per_label * (1.0 + option["upkeep.refresh_labels"] * times)
    compute = sizing.usd_per_run * (sizing.runs + times) / examples
    minimum = option["task.minimum_quality"] if option.scenario.task.minimum_quality is not None else None
    return learning_of(
        quality_model_of(option, baseline=baseline),
        tasks=(money.requests * factors).sum(axis=1),
        usd_per_label=each + compute,
        setup_usd=data.bill.total - data.bill.per_label_parts,
        target_quality=minimum,
    )
