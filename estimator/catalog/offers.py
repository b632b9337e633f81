"""Offers to rent accelerators, from the rows of `gpu_offers.csv`."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal, cast

from estimator.catalog.regions import lies_in
from estimator.catalog.tables import in_force
from estimator.catalog.types import GpuOffer, Row
from estimator.catalog.units import GPU_HOUR_BOUNDS
from estimator.errors import CatalogError, NoPriceError

TERMS = ("on_demand", "spot", "reserved")


def offer_of(series: tuple[Row, ...], on: date) -> GpuOffer | None:
    """The offer in force on a day, or None where there is none yet or any more.

    Args:
        series: Rows of one offer, oldest first.
        on: The day. [date]

    Returns:
        The offer. [USD/h]

    Raises:
        CatalogError: the number of devices or the term is missing or wrong, or the price of a device implausible.

    Source: the source of the row.
    """
    try:
        row = in_force(series, on)
    except NoPriceError:
        return None
    values = row.attributes
    gpus = values.get("gpus", "")
    if not gpus.isdecimal() or int(gpus) < 1:
        raise CatalogError(f"gpu_offers.csv: {row.id}: gpus {gpus!r} is no whole number from 1 on; correct it")
    if values.get("term") not in TERMS:
        raise CatalogError(f"gpu_offers.csv: {row.id}: term {values.get('term')!r} is not one of {', '.join(TERMS)}")
    _check_price(row, int(gpus))
    return GpuOffer(
        row=row,
        provider=values.get("provider", ""),
        instance=values.get("instance", ""),
        gpu=values.get("gpu", ""),
        gpus=int(gpus),
        term=cast(Literal["on_demand", "spot", "reserved"], values["term"]),
    )


def _check_price(row: Row, gpus: int) -> None:
    """Held per device: an instance of eight may cost what one device never does."""
    least, most = GPU_HOUR_BOUNDS
    usd = row.mode / gpus
    if not least <= usd <= most:
        raise CatalogError(
            f"{row.overlay or 'gpu_offers.csv'}: {row.id}: {usd:g} USD per GPU-hour is outside {least:g} to {most:g}; "
            "check for a factor of 1000 and the number of gpus"
        )


def matches(offer: GpuOffer, wanted: Mapping[str, str | None]) -> bool:
    """Whether an offer has every wanted property.

    Args:
        offer: The offer.
        wanted: Value by `gpu`, `provider`, `term`, `region`; None means any. [text]

    Returns:
        True where all agree. [1]

    Source: definition.
    """
    found = {"gpu": offer.gpu, "provider": offer.provider, "term": offer.term, "region": offer.row.region}
    return all(value is None or found[key] == value for key, value in wanted.items())


def offers_within(offers: tuple[GpuOffer, ...], regions: Collection[str]) -> tuple[GpuOffer, ...]:
    """Offers in some regions; all of them where none is asked for.

    Args:
        offers: The offers.
        regions: Areas, countries or regions of a cloud. [text]

    Returns:
        Offers that surely lie there. [1]

    Source: `lies_in`.
    """
    if not regions:
        return offers
    allowed = frozenset(region.lower() for region in regions)
    return tuple(offer for offer in offers if lies_in(region=offer.row.region, allowed=allowed))
