"""From the inputs of an option to its training plan and bill."""

from estimator.catalog import Architecture, GpuOffer
from estimator.errors import InfeasibleError, NoPriceError
from estimator.inputs import OptionInputs
from estimator.memory import Fit, Peak, parameter_count
from estimator.record import record
from estimator.training.candidates import Plan
from estimator.training.managed import managed_cost
from estimator.training.planned import architecture_of, billed_tokens_of, job_of, planned_of
from estimator.training.pretraining import Pretraining, pretraining, pretraining_tokens
from estimator.training.run import TrainingRun
from estimator.units import Value, central


@record(kw_only=True)
class Sizing:
    """How an option is trained and what one run costs."""

    tokens_per_run: Value
    usd_per_run: Value
    runs: Value
    """Full-size runs until the keeper. [count]"""
    plan: Plan | None = None
    """Cheapest plan that fits; None where the platform trains."""
    run: TrainingRun | None = None
    """One run of that plan in full."""
    pretraining: Pretraining | None = None

    @property
    def peak(self) -> Peak | None:
        """Memory of the chosen plan, per GPU."""
        return self.run.peak if self.run else None

    @property
    def fit(self) -> Fit | None:
        """Whether that fits on its GPU."""
        return self.run.fit if self.run else None


def sizing_of(option: OptionInputs, *, examples: Value) -> Sizing | None:
    """Training plan and price per run of an option; None when it trains nothing.

    Args:
        option: Inputs of the option.
        examples: Training examples of one run, synthetic ones included. [count]

    Returns:
        Plan, memory and USD per run. [USD]

    Raises:
        InfeasibleError: no GPU holds the run, or the platform takes no more jobs.

    Source: definition.
    """
    if option.spec.pretraining is not None:
        return _from_scratch(option)
    if option.spec.tuning is None:
        return None
    if option.spec.tuning.method == "managed":
        tokens = billed_tokens_of(option, examples=examples)
        return Sizing(tokens_per_run=tokens, usd_per_run=_managed(option, tokens), runs=option["tuning.runs"])
    shared = option.world.shared.setdefault("sizing", {})
    key = (option.model, option.spec.tuning, option.spec.region)
    if key not in shared:
        shared[key] = _own(option, examples)
    found: Sizing = shared[key]
    return found


def _own(option: OptionInputs, examples: Value) -> Sizing:
    planned = planned_of(option, job=job_of(option, examples=examples))
    chosen, run = planned.plan.chosen, planned.run
    if chosen is None or run is None:
        method = option.spec.tuning.method if option.spec.tuning else None
        raise InfeasibleError(f"no plan trains {option.model} with {method}: {planned.plan.reason}")
    return Sizing(
        tokens_per_run=run.tokens,
        usd_per_run=chosen.usd_per_run * _relative_rent(option, chosen.offer),
        runs=planned.job.runs,
        plan=planned.plan,
        run=run,
    )


def _from_scratch(option: OptionInputs) -> Sizing:
    architecture = architecture_of(option)
    tokens = _pretraining_tokens(option, architecture)
    catalog = option.world.catalog
    offers = catalog.gpu_offers(on=option.world.on, term="on_demand")
    run = pretraining(
        architecture=architecture,
        tokens=tokens,
        offers=offers,
        accelerators={offer.gpu: catalog.accelerator(offer.gpu) for offer in offers},
        time_uncertainty=option["tuning.time_error"],
    )
    usd = run.usd * _relative_rent(option, run.offer)
    return Sizing(tokens_per_run=tokens, usd_per_run=usd, runs=1.0, pretraining=run)


def _pretraining_tokens(option: OptionInputs, architecture: Architecture) -> Value:
    """Tokens as written, else as published by the model's makers, else the compute-optimal number."""
    if option.given("pretraining.tokens") is not None:
        return option["pretraining.tokens"]
    key = f"pretraining.tokens/{architecture.name}"
    if architecture.training_tokens is not None:
        return option.fact(key, "tokens", architecture.training_tokens, architecture.training_tokens_source)
    count = float(pretraining_tokens(parameters=float(parameter_count(architecture=architecture).active)))
    return option.fact(key, "tokens", count, "20 per parameter, Hoffmann et al. 2022, arXiv:2203.15556")


def _managed(option: OptionInputs, tokens: Value) -> Value:
    closes, start = option.spec.upkeep.platform_closes if option.spec.upkeep else None, option.scenario.start
    if closes is not None and closes <= start:
        raise InfeasibleError(
            f"{option.model} can no longer be tuned by its platform: upkeep.platform_closes is {closes}, not after the "
            f"start on {start}; give a later day, or another model"
        )
    if option.given("tuning.usd_per_mtok") is not None:
        price = option["tuning.usd_per_mtok"]
    else:
        try:
            price = option.price(f"managed/{option.model}/train", key="tuning.method")
        except NoPriceError as error:
            raise InfeasibleError(f"{option.model} cannot be tuned by its platform: {error}") from None
    return managed_cost(tokens=tokens, usd_per_mtok=price, minimum_usd=0.0)


def _relative_rent(option: OptionInputs, offer: GpuOffer) -> Value:
    """Rent in each future over that of the central case, at which the plan was priced: 1 unless it is pinned."""
    rent = option.rent(offer.row)
    middle = central(rent)
    return rent / middle if middle > 0.0 else 1.0


__all__ = ["Sizing", "sizing_of"]
