"""Ways to pay for the GPUs of a replica: on demand, spot, reserved, bought."""

from datetime import date

from estimator.catalog import Accelerator, Catalog
from estimator.errors import InfeasibleError, InputError
from estimator.record import record
from estimator.training.owned import owned_gpu_usd_per_hour
from estimator.units import HOURS_PER_MONTH, THOUSAND, central

DEAREST = 1e7
"""Largest price that is taken seriously. [USD]"""


@record(kw_only=True)
class Rent:
    """One way to pay for a replica."""

    term: str
    """yours, on_demand, spot, reserved or owned."""
    provider: str
    instance: str
    usd_per_replica_hour: float
    source: str


def ways_to_pay(
    *,
    catalog: Catalog,
    on: date,
    device: Accelerator,
    gpus: int,
    usd_per_gpu_hour: float | None = None,
    purchase_usd: float | None = None,
) -> tuple[Rent, ...]:
    """Cheapest offer of each term, whole instances at a time; a price of one's own and bought GPUs come first.

    Args:
        catalog: Offers and defaults.
        on: Day of the prices.
        device: The GPU.
        gpus: Devices of one replica. [count]
        usd_per_gpu_hour: A price of one's own. [USD/hour]
        purchase_usd: Price of a bought device. [USD]

    Returns:
        Ways to pay; the first is to be used. [USD/hour]

    Raises:
        InfeasibleError: nobody offers the GPU and no price is given.
        InputError: a price that is not above 0.

    Source: rows of pricing/gpu_offers.csv; straight-line amortisation with power and hosting for bought ones.
    """
    for name, price in (("usd-per-gpu-hour", usd_per_gpu_hour), ("purchase-usd", purchase_usd)):
        if price is not None and not 0 < price <= DEAREST:
            raise InputError(f"{name}: {price:g} is not above 0 and at most {DEAREST:g} USD; give a price")
    found: list[Rent] = []
    if usd_per_gpu_hour is not None:
        hourly = usd_per_gpu_hour * gpus
        found.append(Rent(term="yours", provider="–", instance="–", usd_per_replica_hour=hourly, source="your price"))
    if purchase_usd is not None:
        found.append(_owned(catalog, on, device, gpus, purchase_usd))
    found += [
        rent for term in ("on_demand", "spot", "reserved") if (rent := _cheapest(catalog, on, device, gpus, term))
    ]
    if not found:
        raise InfeasibleError(f"nobody offers {device.name} on {on}; give --usd-per-gpu-hour or choose another --gpu")
    return tuple(found)


def _cheapest(catalog: Catalog, on: date, device: Accelerator, gpus: int, term: str) -> Rent | None:
    offers = catalog.gpu_offers(on=on, gpu=device.name, term=term)
    if not offers:
        return None
    best = min(offers, key=lambda offer: (-(-gpus // offer.gpus) * offer.usd_per_instance_hour, offer.row.id))
    return Rent(
        term=term,
        provider=best.provider,
        instance=best.instance,
        usd_per_replica_hour=-(-gpus // best.gpus) * best.usd_per_instance_hour,
        source=f"{best.row.source} ({best.row.source_kind}, read {best.row.read_on})",
    )


def _owned(catalog: Catalog, on: date, device: Accelerator, gpus: int, purchase_usd: float) -> Rent:
    def default(key: str) -> float:
        row = catalog.default(f"serving.owned.{key}", None, on)
        return row.mode if row is not None else 0.0

    hourly = owned_gpu_usd_per_hour(
        purchase_usd=purchase_usd,
        life_months=default("life_months"),
        utilisation=default("utilisation"),
        hosting_usd_per_month=default("hosting_usd_per_month"),
        power_kw=device.tdp_w / THOUSAND,
        pue=catalog.row("infrastructure/pue", on).mode,
        usd_per_kwh=catalog.row("infrastructure/electricity", on).mode,
        hours_per_month=HOURS_PER_MONTH,
    )
    return Rent(
        term="owned",
        provider="owned",
        instance=f"{gpus} × {device.name}",
        usd_per_replica_hour=central(hourly) * gpus,
        source="your purchase price over its life, with power and hosting",
    )
