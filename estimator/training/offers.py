"""Which hardware an option may train on: rented, and bought."""

from datetime import date

from estimator.catalog import Accelerator, GpuOffer, Row
from estimator.errors import InfeasibleError
from estimator.inputs import OptionInputs
from estimator.scenario import Tuning
from estimator.training.families import OWNED
from estimator.training.owned import owned_gpu_usd_per_hour
from estimator.units import HOURS_PER_MONTH, THOUSAND, Value, central

OWNED_COUNTS = (1, 2, 4, 8)
DEFAULT_GPU = "H100-80GB"


def offers_of(option: OptionInputs, tuning: Tuning) -> tuple[GpuOffer, ...]:
    """Offers an option may train on: bought hardware where it has some, else rented.

    Args:
        option: Inputs of the option.
        tuning: Its tuning section.

    Returns:
        The offers. [USD/hour]

    Raises:
        InfeasibleError: nobody offers what is wanted on that day.

    Source: definition.
    """
    if tuning.owned is not None:
        return _owned(option, tuning, most=tuning.owned.devices or OWNED_COUNTS[-1])
    catalog, on = option.world.catalog, option.world.on
    name = option.accelerator("tuning.gpu", tuning.gpu).name if tuning.gpu else None
    terms = ("on_demand", "spot") if tuning.term == "any" else (tuning.term,)
    rented = tuple(
        offer for term in terms for offer in catalog.gpu_offers(on=on, gpu=name, provider=tuning.provider, term=term)
    )
    rented = option.placed(rented)
    if not rented:
        place = f"in {option.spec.region}" if option.spec.region else None
        wanted = " ".join(filter(None, (tuning.provider, name, tuning.term.replace("_", "-"), place)))
        raise InfeasibleError(f"no GPU offer for {wanted} on {on}; drop tuning.provider or choose another tuning.gpu")
    return rented


def _owned(option: OptionInputs, tuning: Tuning, *, most: int) -> tuple[GpuOffer, ...]:
    gpu = option.accelerator("tuning.gpu", tuning.gpu or DEFAULT_GPU)
    counts = sorted({*(count for count in OWNED_COUNTS if count < most), most})
    return tuple(owned_offer(option, "tuning", gpu, gpus) for gpus in counts)


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
    return GpuOffer(row=row, provider=OWNED, instance=f"{gpus}x", gpu=gpu.name, gpus=gpus, term="on_demand")


def _given_or_row(option: OptionInputs, key: str, row_id: str) -> Value:
    return option[key] if option.given(key) is not None else option.price(row_id)


def unpriced_offer(gpu: Accelerator, *, on: date) -> GpuOffer:
    """A server of a device that nobody rents out, at no price.

    Args:
        gpu: The device.
        on: Day of the prices.

    Returns:
        Offer with a price of 0 and no provider. [USD/hour]

    Source: definition.
    """
    row = Row(
        id=f"unpriced/{gpu.name}",
        what=f"{gpu.name}, which no provider of the catalog rents out",
        unit="USD/hour",
        low=0.0,
        mode=0.0,
        high=0.0,
        valid_from=on,
        read_on=on,
        source="no offer in pricing/gpu_offers.csv",
        source_kind="primary",
        basis="judgement",
    )
    return GpuOffer(row=row, provider="", instance="", gpu=gpu.name, gpus=gpu.devices_per_node, term="on_demand")
