"""From the inputs of an option to its training plan and bill."""

from dataclasses import dataclass

from estimator.catalog import Accelerator, Architecture, GpuOffer, Row
from estimator.errors import InfeasibleError, NoPriceError
from estimator.inputs import OptionInputs
from estimator.memory import DEFAULT_MARGIN, Fit, Peak, fit, parameter_count, training_peak
from estimator.scenario import Tuning
from estimator.training.candidates import Candidate, Family, Plan, setup_of
from estimator.training.job import training_tokens
from estimator.training.managed import managed_cost
from estimator.training.owned import owned_gpu_usd_per_hour
from estimator.training.plan import plan
from estimator.training.pretraining import Pretraining, pretraining, pretraining_tokens
from estimator.units import HOURS_PER_MONTH, THOUSAND, Value, central


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """How an option is trained and what one run costs."""

    tokens_per_run: Value
    usd_per_run: Value
    runs: Value
    """Full-size runs until the keeper. [count]"""
    plan: Plan | None = None
    """Cheapest plan that fits; None where the platform trains."""
    peak: Peak | None = None
    """Memory of the chosen plan, per GPU."""
    fit: Fit | None = None
    pretraining: Pretraining | None = None


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
    tokens = _tokens(option, examples)
    if option.spec.tuning.method == "managed":
        return Sizing(tokens_per_run=tokens, usd_per_run=_managed(option, tokens), runs=option["tuning.runs"])
    shared = option.world.shared.setdefault("sizing", {})
    key = (option.model, option.spec.tuning)
    if key not in shared:
        shared[key] = _own(option, option.spec.tuning, tokens)
    found: Sizing = shared[key]
    return found


def _tokens(option: OptionInputs, examples: Value) -> Value:
    given = option.given("tuning.tokens_per_example")
    size = (
        option["tuning.tokens_per_example"]
        if given is not None
        else option["workload.tokens.prompt"] + option["workload.tokens.output"]
    )
    return training_tokens(
        examples=examples,
        tokens_per_example=size,
        epochs=option["tuning.epochs"],
        padding_waste=option["tuning.padding_waste"],
    )


def _own(option: OptionInputs, tuning: Tuning, tokens: Value) -> Sizing:
    architecture = architecture_of(option)
    catalog = option.world.catalog
    offers = _offers(option, tuning)
    names = {offer.gpu for offer in offers}
    found = plan(
        architecture=architecture,
        method="lora" if tuning.method is None or tuning.method == "managed" else tuning.method,
        tokens=tokens,
        seq_len=option["workload.tokens.prompt"] + option["workload.tokens.output"],
        global_batch=central(option["tuning.global_batch"]),
        offers=offers,
        accelerators={name: catalog.accelerator(name) for name in names},
        margin=DEFAULT_MARGIN,
        rank=option["tuning.rank"],
        time_uncertainty=option["tuning.time_error"],
        startup_hours=option["tuning.startup_hours"],
        evaluation_share=option["tuning.evaluation_share"],
    )
    if found.chosen is None:
        raise InfeasibleError(f"no plan trains {option.model} with {tuning.method}: {found.reason}")
    peak = _peak(option, architecture, found.chosen)
    accelerator = catalog.accelerator(found.chosen.gpu)
    _record_offer(option, found.chosen.offer)
    return Sizing(
        tokens_per_run=tokens,
        usd_per_run=found.chosen.usd_per_run,
        runs=option["tuning.runs"],
        plan=found,
        peak=peak,
        fit=fit(peak=peak, accelerator=accelerator, margin=DEFAULT_MARGIN),
    )


def _peak(option: OptionInputs, architecture: Architecture, chosen: Candidate) -> Peak:
    family = Family(gpus=chosen.gpus, sharding=chosen.sharding, checkpointing=chosen.checkpointing)
    setup = setup_of(
        method=chosen.method,
        rank=central(option["tuning.rank"]),
        family=family,
        accumulation=float(chosen.gradient_accumulation),
    )
    longest = central(option["workload.tokens.prompt"] + option["workload.tokens.output"])
    return training_peak(architecture=architecture, setup=setup, micro_batch=float(chosen.micro_batch), seq_len=longest)


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
    _record_offer(option, run.offer)
    return Sizing(tokens_per_run=tokens, usd_per_run=run.usd, runs=1.0, pretraining=run)


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
    if option.given("tuning.usd_per_mtok") is not None:
        price = option["tuning.usd_per_mtok"]
    else:
        try:
            price = option.price(f"managed/{option.model}/train", key="tuning.method")
        except NoPriceError as error:
            raise InfeasibleError(f"{option.model} can no longer be tuned by its platform: {error}") from None
    return managed_cost(tokens=tokens, usd_per_mtok=price, minimum_usd=0.0)


def _offers(option: OptionInputs, tuning: Tuning) -> tuple[GpuOffer, ...]:
    catalog, on = option.world.catalog, option.world.on
    if tuning.owned is not None:
        gpu = option.accelerator("tuning.gpu", tuning.gpu or "H100-80GB")
        return tuple(owned_offer(option, "tuning", gpu, gpus) for gpus in (1, 2, 4, 8))
    name = option.accelerator("tuning.gpu", tuning.gpu).name if tuning.gpu else None
    offers = catalog.gpu_offers(on=on, gpu=name, provider=tuning.provider, term=tuning.term)
    if not offers:
        wanted = " ".join(filter(None, (tuning.provider, name, tuning.term.replace("_", "-"))))
        raise InfeasibleError(f"no GPU offer for {wanted} on {on}; drop tuning.provider or choose another tuning.gpu")
    return offers


def owned_offer(option: OptionInputs, section: str, gpu: Accelerator, gpus: int) -> GpuOffer:
    """A bought GPU as an offer, so that it competes with rented ones on the same terms.

    Args:
        option: Inputs of the option.
        section: Scenario section it belongs to, `tuning` or `serving`.
        gpu: The device.
        gpus: Devices used together. [count]

    Returns:
        Offer at the cost of a used hour, central case. [USD/hour]

    Source: see `owned_gpu_usd_per_hour`.
    """
    usd = owned_gpu_usd_per_hour(
        purchase_usd=option[f"{section}.owned.purchase_usd"],
        life_months=option[f"{section}.owned.life_months"],
        utilisation=option[f"{section}.owned.utilisation"],
        hosting_usd_per_month=option[f"{section}.owned.hosting_usd_per_month"],
        power_kw=gpu.tdp_w / THOUSAND,
        pue=_given_or_row(option, f"{section}.owned.pue", "infrastructure/pue"),
        usd_per_kwh=_given_or_row(option, f"{section}.owned.usd_per_kwh", "infrastructure/electricity"),
        hours_per_month=HOURS_PER_MONTH,
    )
    price = central(usd) * gpus
    on = option.world.on
    row = Row(
        id=f"owned/{gpu.name}",
        what=f"one used hour of {gpus} owned {gpu.name}",
        unit="USD/hour",
        low=price,
        mode=price,
        high=price,
        valid_from=on,
        read_on=on,
        source="scenario file: purchase price, life, utilisation",
        source_kind="primary",
        basis="judgement",
    )
    return GpuOffer(row=row, provider="owned", instance=f"{gpus}x", gpu=gpu.name, gpus=gpus, term="on_demand")


def _given_or_row(option: OptionInputs, key: str, row_id: str) -> Value:
    return option[key] if option.given(key) is not None else option.price(row_id)


def _record_offer(option: OptionInputs, offer: GpuOffer) -> None:
    option.certain(offer.row)


def architecture_of(option: OptionInputs) -> Architecture:
    """Model shape of an option whose weights are needed.

    Raises:
        InfeasibleError: the model is only hosted, its weights are not public.

    Returns:
        Shape of the model. [1]

    Source: definition.
    """
    if option.architecture is None:
        raise InfeasibleError(f"{option.model} is a hosted model without public weights; name an open-weights model")
    return option.architecture


__all__ = ["Sizing", "architecture_of", "owned_offer", "sizing_of"]
