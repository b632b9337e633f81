"""Tuned models on somebody else's platform: prices per token, hosting by the hour, units that scale to zero, ends."""

import numpy as np

from estimator.catalog import PriceTier, TokenPrice
from estimator.errors import InfeasibleError, NoPriceError
from estimator.inputs import OptionInputs
from estimator.serving.profiles import OFFICE_DAY, profile_of
from estimator.units import SECONDS_PER_MONTH, Array, Value, central
from estimator.warnings import Warned

WINDOW_SECONDS = 300.0
"""Shortest time a unit is billed once a request has woken it: five minutes at AWS custom model import. [s]"""


def awake_share(*, requests_per_s: Value, window_seconds: Value = WINDOW_SECONDS, profile: Array = OFFICE_DAY) -> Value:
    """Share of time in which an endpoint that scales to zero is billed: mean over the hours of 1 − exp(−λ_h w).

    Args:
        requests_per_s: Mean λ. [1/s]
        window_seconds: w, billed after each request. [s]
        profile: Load by hour over the peak hour. [1]

    Returns:
        Share of the hours of a month. [1]

    Source: windows that see at least one request of a Poisson stream; five-minute windows of AWS custom model import.

    >>> round(float(awake_share(requests_per_s=1 / 300, profile=np.ones(24))), 3)
    0.632
    """
    by_hour = np.asarray(requests_per_s, dtype=float)[..., None] * profile / profile.mean()
    share: Value = np.mean(-np.expm1(-by_hour * np.asarray(window_seconds, dtype=float)[..., None]), axis=-1)
    return share


def managed_price(option: OptionInputs) -> TokenPrice:
    """Prices per token of a tuned model; nothing where its units are billed by the hour.

    Args:
        option: Inputs of the option.

    Returns:
        Prices with the day the platform or its base model ends. [USD/Mtok]

    Raises:
        InfeasibleError: the platform has ended.

    Source: rows of pricing/managed_finetuning.csv and pricing/retirements.csv.
    """
    on, catalog, model = option.world.on, option.world.catalog, option.model
    ends = catalog.retires_on(model)
    if ends is not None and ends <= on:
        raise InfeasibleError(f"the tuned {model} is no longer served: its base model was shut down on {ends}")
    if _units(option):
        tier = PriceTier(0.0, 0.0, 0.0, 0.0, 0.0)
        return TokenPrice(provider="managed", model=model, tiers=(tier,), on=on, source="billed by the hour")
    try:
        read = central(option.price(f"managed/{model}/input", key="serving.mode"))
        written = central(option.price(f"managed/{model}/output", key="serving.mode"))
    except NoPriceError as error:
        raise InfeasibleError(f"the tuned {model} is no longer served: {error}") from None
    cached = catalog.find(f"managed/{model}/cached_input", on)
    tier = PriceTier(
        above_input_tokens=0.0,
        input_usd_per_mtok=read,
        cached_input_usd_per_mtok=cached.mode if cached else read,
        cache_write_usd_per_mtok=read,
        output_usd_per_mtok=written,
    )
    return TokenPrice(
        provider="managed",
        model=model,
        tiers=(tier,),
        on=on,
        source="managed fine-tuning table",
        retires_on=ends,
        warnings=_ends(option),
    )


def hosting_usd_per_hour(option: OptionInputs, *, managed: bool) -> Value:
    """What an endpoint costs by the hour, averaged over the month: also when idle, or only while it is awake.

    Args:
        option: Inputs of the option.
        managed: Whether a tuned model is hosted by its vendor.

    Returns:
        As written, else the vendor's row, else 0; adapters on a shared base cost nothing by the hour. [USD/hour]

    Source: rows managed/…/hosting.
    """
    units = _units(option)
    if units:
        price = option.price("managed/aws/custom-model-import/hosting", key="serving.hosting_usd_per_hour")
        asked = option["workload.requests_per_month"] / SECONDS_PER_MONTH
        serving = option.spec.serving
        profile = profile_of(serving.profile if serving is not None else "office")
        return units * price * awake_share(requests_per_s=asked, profile=profile)
    if option.given("serving.hosting_usd_per_hour") is not None:
        return option["serving.hosting_usd_per_hour"]
    if not managed:
        return 0.0
    provider = option.model.partition("/")[0]
    for row in (f"managed/{option.model}/hosting", f"managed/{provider}/standard-deployment/hosting"):
        if option.world.catalog.find(row, option.world.on) is not None:
            return option.price(row, key="serving.hosting_usd_per_hour")
    return 0.0


def _units(option: OptionInputs) -> int:
    serving = option.spec.serving
    return serving.import_units or 0 if serving is not None else 0


def _ends(option: OptionInputs) -> tuple[Warned, ...]:
    row = option.world.catalog.find(f"managed/{option.model}/input", option.world.on)
    told = [Warned("W017", f"tuned {option.model} stays on the platform of its vendor: its weights cannot be moved")]
    if row is not None and row.available_until is not None:
        told.append(Warned("W007", f"tuned {option.model} can be had until {row.available_until}"))
    ends = option.world.catalog.retires_on(option.model)
    if ends is not None:
        told.append(Warned("W007", f"inference on tuned {option.model} ends with its base model on {ends}"))
    return tuple(told)
