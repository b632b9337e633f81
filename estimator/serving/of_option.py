"""From the inputs of an option to what it costs to answer requests: by token, or by replica-hour."""

from typing import Literal

import numpy as np

from estimator.catalog import Accelerator, Architecture, GpuOffer, TokenPrice
from estimator.errors import InfeasibleError
from estimator.inputs import OptionInputs
from estimator.memory import lora_parameters
from estimator.record import record
from estimator.serving.api import TokenRates, caching_pays, scaled_rates, token_rates
from estimator.serving.capacity import Capacity, self_hosted_capacity, smallest_gpus
from estimator.serving.engines import Engine, engine_of
from estimator.serving.hosted import hosted_factor
from estimator.serving.load import usd_per_million_output_tokens
from estimator.serving.managed import hosting_usd_per_hour, managed_price
from estimator.serving.plan import ADAPTER_BYTES, MOST_GPUS, SERVING_GPU
from estimator.serving.request import Request
from estimator.serving.roofline import largest_batch, weight_memory_bytes
from estimator.serving.work import replica
from estimator.training import owned_offer
from estimator.units import GIB, MILLION, Value, central
from estimator.warnings import Warned


@record(kw_only=True)
class ApiAnswer:
    """Prices per token of a hosted or managed model."""

    rates: TokenRates
    hit_rate: Value
    """Share of requests that find the fixed prefix in the cache. [1]"""
    hosting_usd_per_hour: Value
    """Endpoint that is billed even when idle. [USD/hour]"""
    retires_on: str | None
    warnings: tuple[Warned, ...]

    def caching_usd(self, prefix: Value) -> Value:
        """What caching the prefix changes per request, at most 0. [USD]"""
        paid = self.hit_rate * self.rates.cached_input_usd + (1.0 - self.hit_rate) * self.rates.cache_write_usd
        pays = caching_pays(prefix_tokens=prefix, cache_hit_rate=self.hit_rate, rates=self.rates)
        return pays * prefix * (paid - self.rates.input_usd)


@record(kw_only=True)
class OwnAnswer:
    """One replica of an open-weights model: rate, latency, price."""

    gpu: str
    gpus: int
    precision: str
    provider: str
    region: str
    """Where it is rented; empty for bought devices."""
    batch: Value
    requests_per_s: Value
    """Saturated rate of one replica. [1/s]"""
    unsaved_requests_per_s: Value
    """The same if tuning had not shortened the prompt. [1/s]"""
    first_token_s: Value
    token_s: Value
    """Time per output token at full batch. [s]"""
    usd_per_replica_hour: Value
    usd_per_mtok_full: Value
    """USD per million output tokens at full load: a lower bound, not a plan. [USD/Mtok]"""


Answer = ApiAnswer | OwnAnswer
Mode = Literal["api", "self_hosted", "managed"]


def mode_of(option: OptionInputs) -> Mode:
    """Where an option is served: as written, else by API when hosted, on the platform when managed.

    Args:
        option: Inputs of the option.

    Returns:
        api, self_hosted or managed. [1]

    Source: definition.
    """
    serving = option.spec.serving
    if serving is not None and serving.mode is not None:
        return serving.mode
    if option.spec.tuning is not None and option.spec.tuning.method == "managed":
        return "managed"
    return "api" if option.token_price is not None else "self_hosted"


def answer_of(option: OptionInputs, *, request: Request) -> Answer:
    """What answering costs for an option.

    Args:
        option: Inputs of the option.
        request: Tokens of one request.

    Returns:
        Prices per token, or rate and price of a replica. [USD]

    Raises:
        InfeasibleError: the model fits on none of the GPUs, is not offered, or its platform has ended.

    Source: formulas of this room.
    """
    mode = mode_of(option)
    if mode == "self_hosted":
        return _own(option, request)
    return _api(option, request, managed=mode == "managed")


def _api(option: OptionInputs, request: Request, *, managed: bool) -> ApiAnswer:
    price = managed_price(option) if managed else option.token_price
    if _given(option, "serving.input_usd_per_mtok") and _given(option, "serving.output_usd_per_mtok"):
        rates = _written_rates(option)
    elif price is None:
        raise InfeasibleError(
            f"{option.model} has no API price; give serving.input_usd_per_mtok and output_usd_per_mtok, "
            "or serving.mode: self_hosted"
        )
    else:
        rates = token_rates(price=price, input_tokens=request.input)
        if not managed:
            _record(option, price)
    factor = hosted_factor(
        batch_share=option["serving.batch_share"],
        batch_discount=option["serving.batch_discount"],
        region_surcharge=option["serving.region_surcharge"],
    )
    return ApiAnswer(
        rates=scaled_rates(rates=rates, factor=factor),
        hit_rate=option["prompt.cache_hit_rate"],
        hosting_usd_per_hour=hosting_usd_per_hour(option, managed=managed),
        retires_on=price.retires_on.isoformat() if price is not None and price.retires_on else None,
        warnings=price.warnings if price is not None else (),
    )


def _written_rates(option: OptionInputs) -> TokenRates:
    read = np.asarray(option["serving.input_usd_per_mtok"]) / MILLION
    written = np.asarray(option["serving.output_usd_per_mtok"]) / MILLION
    return TokenRates(input_usd=read, cached_input_usd=read, cache_write_usd=read, output_usd=written)


def _record(option: OptionInputs, price: TokenPrice) -> None:
    name = f"{price.provider}/{price.model}"
    for kind in ("input", "cached_input", "cache_write", "output"):
        value = getattr(price.tiers[0], f"{kind}_usd_per_mtok")
        note = f"{len(price.tiers) - 1} dearer tiers for long requests" if len(price.tiers) > 1 else ""
        option.fact(f"token/{name}/{kind}", "USD/Mtok", value, price.source, note=note)


def _own(option: OptionInputs, request: Request) -> OwnAnswer:
    architecture = option.architecture
    if architecture is None:
        raise InfeasibleError(f"{option.model} is hosted only: its weights are not public; serve it with mode: api")
    serving, precision = option.spec.serving, _precision(option)
    accelerator = option.accelerator("serving.gpu", (serving.gpu if serving is not None else None) or SERVING_GPU)
    gpus = _gpus(option, architecture, accelerator, precision, request)
    offer, copies = _offer(option, accelerator, gpus)
    full = _capacity(option, architecture, accelerator, gpus, request.input, request.written)
    unsaved = _capacity(option, architecture, accelerator, gpus, request.unsaved_input, request.written)
    price = _replica_price(option, offer, copies, gpus)
    return OwnAnswer(
        gpu=accelerator.name,
        gpus=gpus,
        precision=precision,
        provider=offer.provider,
        region=offer.row.region,
        batch=full.batch,
        requests_per_s=full.requests_per_s,
        unsaved_requests_per_s=unsaved.requests_per_s,
        first_token_s=full.first_token_s,
        token_s=full.token_s,
        usd_per_replica_hour=price,
        usd_per_mtok_full=usd_per_million_output_tokens(
            usd_per_hour=price, output_tokens_per_s=full.output_tokens_per_s, utilisation=1.0
        ),
    )


def _capacity(
    option: OptionInputs, architecture: Architecture, accelerator: Accelerator, gpus: int, read: Value, written: Value
) -> Capacity:
    serving = option.spec.serving
    shared_base = serving is not None and not serving.merged_adapter and option.spec.tuning is not None
    kept = serving.adapters if serving is not None and shared_base else 0
    rank = option["tuning.rank"] if shared_base else 0.0
    return self_hosted_capacity(
        architecture=architecture,
        accelerator=accelerator,
        gpus=gpus,
        precision=_precision(option),
        input_tokens=read,
        output_tokens=written,
        throughput_error=option["serving.throughput_error"],
        kv_precision=serving.kv_precision if serving is not None else None,
        engine=_engine(option),
        adapters=kept,
        adapter_bytes=ADAPTER_BYTES * lora_parameters(architecture=architecture, rank=rank, targets="all-linear"),
        lora_throughput=option["serving.lora_throughput"] if shared_base else 1.0,
    )


def _gpus(
    option: OptionInputs, architecture: Architecture, accelerator: Accelerator, precision: str, request: Request
) -> int:
    """Devices of one replica: as written, else the fewest that hold the model and one request."""
    serving = option.spec.serving
    read, written = central(request.input), central(request.written)
    wanted = serving.gpus if serving is not None else None
    gpus = wanted or smallest_gpus(
        architecture=architecture,
        accelerator=accelerator,
        precision=precision,
        limit=MOST_GPUS,
        input_tokens=read,
        output_tokens=written,
        engine=_engine(option),
    )
    on = replica(
        architecture=architecture,
        accelerator=accelerator,
        gpus=gpus or MOST_GPUS,
        precision=precision,
        engine=_engine(option),
    )
    if central(largest_batch(on=on, input_tokens=read, output_tokens=written)) >= 1.0:
        return gpus
    need = central(weight_memory_bytes(on=on)) / GIB
    have = on.gpus * accelerator.usable_memory_bytes / GIB
    raise InfeasibleError(
        f"{option.model} in {precision} needs {need:.0f} GiB for its weights alone, "
        f"{on.gpus} × {accelerator.name} have {have:.0f} GiB; "
        "choose a larger serving.gpu, more serving.gpus or a smaller serving.precision"
    )


def _engine(option: OptionInputs) -> Engine:
    serving = option.spec.serving
    return engine_of(serving.engine) if serving is not None else engine_of()


def _precision(option: OptionInputs) -> str:
    serving = option.spec.serving
    return serving.precision if serving is not None else "bf16"


def _offer(option: OptionInputs, accelerator: Accelerator, gpus: int) -> tuple[GpuOffer, int]:
    """Cheapest way to rent or own the GPUs of one replica, and how many instances that takes."""
    serving = option.spec.serving
    if serving is not None and serving.owned is not None:
        return owned_offer(option, "serving", accelerator, gpus), 1
    provider = serving.provider if serving is not None else None
    offers = option.world.catalog.gpu_offers(
        on=option.world.on, gpu=accelerator.name, provider=provider, term="on_demand"
    )
    offers = option.placed(offers)
    if not offers:
        at = f" from {provider}" if provider else ""
        at += f" in {option.spec.region}" if option.spec.region else ""
        raise InfeasibleError(
            f"no on-demand offer of {accelerator.name}{at} on {option.world.on}; choose another serving.gpu or provider"
        )
    best = min(offers, key=lambda offer: (-(-gpus // offer.gpus) * offer.usd_per_instance_hour, offer.row.id))
    return best, -(-gpus // best.gpus)


def _replica_price(option: OptionInputs, offer: GpuOffer, copies: int, gpus: int) -> Value:
    if _given(option, "serving.usd_per_gpu_hour"):
        return option["serving.usd_per_gpu_hour"] * gpus
    return option.rent(offer.row) * copies


def _given(option: OptionInputs, key: str) -> bool:
    return option.given(key) is not None
