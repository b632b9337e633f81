"""Token prices of hosted models, through the `genai-prices` package and nothing else."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from estimator.catalog.types import PriceTier, TokenPrice
from estimator.errors import NoPriceError, UnknownNameError
from estimator.later import later
from estimator.warnings import Warned

PROVIDERS: Mapping[str, str] = MappingProxyType(
    {
        "azure_ai": "azure",
        "azure_openai": "azure",
        "bedrock": "aws",
        "amazon": "aws",
        "fireworks_ai": "fireworks",
        "gemini": "google",
        "vertex": "google",
        "vertex_ai": "google",
        "together_ai": "together",
        "moonshot": "moonshotai",
        "voyage": "voyageai",
        "x": "x-ai",
        "xai": "x-ai",
    }
)
"""Prefixes in use elsewhere that differ from the provider ids of genai-prices."""

TOKEN_PRICES = ("input_mtok", "cache_read_mtok", "cache_write_mtok", "output_mtok")
NOON = time(12, tzinfo=UTC)
RELATED_SHARE = 0.5
"""Least share of the words of a matched model id that the asked name must contain; team judgement. [1]"""


@cache
def _providers() -> dict[str, Any]:
    with later("httpx2", "asyncio"):  # it can fetch prices, but does so only where it is asked to
        from genai_prices import data_snapshot

    return {provider.id: provider for provider in data_snapshot.get_snapshot().providers}


def canonical(reference: str) -> str:
    """The reference in lower case with the provider id of the price list.

    Args:
        reference: `provider/model`. [text]

    Returns:
        The same model, spelled uniformly. [text]

    Source: definition.

    >>> canonical("xAI/Grok-4")
    'x-ai/grok-4'
    """
    provider, separator, model = reference.lower().partition("/")
    return f"{PROVIDERS.get(provider, provider)}{separator}{model}"


@lru_cache(maxsize=4096)
def _find(reference: str) -> tuple[Any, Any]:
    """Provider and model, or None where there is none; the named provider is asked, no other is guessed."""
    provider_id, _, asked = canonical(reference).partition("/")
    provider = _providers().get(provider_id)
    if provider is None or not asked:
        return None, None
    model = next((model for model in provider.models if model.id.lower() == asked), None)
    model = model or provider.find_model(asked, all_providers=list(_providers().values()))
    return (provider, model) if model is not None and _related(asked, model.id) else (None, None)


def _related(asked: str, found: str) -> bool:
    """Whether a fuzzy match still speaks of the asked model."""
    words = [word for word in re.findall(r"[a-z]+|\d{1,3}(?!\d)", found.lower()) if word not in ("latest", "regional")]
    known = set(re.findall(r"[a-z]+|\d+", asked))
    return sum(word in known for word in words) >= RELATED_SHARE * len(words)


def is_hosted(reference: str) -> bool:
    """Whether the price list has an entry of that name.

    Args:
        reference: `provider/model`. [text]

    Returns:
        True where `token_price` finds the model, whether or not it has a price. [1]

    Source: genai-prices, bundled price lists.
    """
    return _find(reference)[1] is not None


def hosted_names(reference: str) -> list[str]:
    """Known names to suggest: those of the provider, or of all providers where it is unknown.

    Args:
        reference: `provider/model`. [text]

    Returns:
        References that `token_price` finds. [text]

    Source: genai-prices, bundled price lists.
    """
    known = _providers()
    provider_id = canonical(reference).partition("/")[0]
    chosen = [known[provider_id]] if provider_id in known else list(known.values())
    return [f"{provider.id}/{model.id}" for provider in chosen for model in provider.models]


def token_price(reference: str, *, on: date, retires_on: date | None = None) -> TokenPrice:
    """Price of a hosted model on one day; a tier holds for the whole request once its input exceeds a size.

    Args:
        reference: `provider/model`. [text]
        on: Day of the price; of several prices the one in force that day is taken. [date]
        retires_on: Day the model is shut down, where known. [date]

    Returns:
        Prices by size of the request. A cached or cache-writing token without a price of its own costs what any input
        token costs. [USD/Mtok]

    Raises:
        UnknownNameError: the provider has no such model; the nearest names are offered.
        NoPriceError: the model is known but has no price for input and output tokens on that day.

    Source: genai-prices, bundled price lists.
    """
    provider, model = _find(reference)
    if model is None:
        raise UnknownNameError("hosted model", reference, hosted_names(reference))
    from genai_prices import __version__  # loaded by now

    prices = _in_force(reference, model, on)
    steps = sorted({float(tier.start) for tier in _tiers(prices)})
    tiers = tuple(_tier(prices, above) for above in (0.0, *steps))
    if any(tier.input_usd_per_mtok <= 0 or tier.output_usd_per_mtok <= 0 for tier in tiers):
        raise NoPriceError(
            f"{reference}: {provider.id}/{model.id} has no price for input and output tokens on {on}; "
            "name a model that is billed by the token"
        )
    return TokenPrice(
        provider=provider.id,
        model=model.id,
        tiers=tiers,
        on=on,
        source=f"genai-prices {__version__}, price list of {provider.name}",
        retires_on=retires_on,
        warnings=tuple(_warnings(reference, provider, model, on, retires_on)),
        context_window=model.context_window,
    )


def _in_force(reference: str, model: Any, on: date) -> Any:
    """Prices at noon UTC; genai-prices itself would answer with the oldest price where none had started."""
    dated = model.prices if isinstance(model.prices, list) else []
    first = min((getattr(item.constraint, "start_date", date.min) for item in dated), default=date.min)
    if first > on:
        raise NoPriceError(f"{reference}: no price on {on}, the first is from {first}; ask for a later day")
    return model.get_prices(datetime.combine(on, NOON))


def _warnings(reference: str, provider: Any, model: Any, on: date, retires_on: date | None) -> Iterator[Warned]:
    if model.id.lower() != canonical(reference).partition("/")[2]:
        entry = f"{provider.id}/{model.id}"
        yield Warned("W001", f"{reference}: priced as {entry}, the entry of the price list that matches it")
    if isinstance(model.prices, list) and any(hasattr(item.constraint, "start_time") for item in model.prices):
        yield Warned("W002", f"{reference}: its price changes with the time of day; the one at noon UTC is used")
    if retires_on is not None and retires_on <= on:
        yield Warned("W003", f"{reference}: shut down on {retires_on}; its last price is used")
    elif model.deprecated:
        yield Warned("W004", f"{reference}: marked as deprecated by {provider.name}")


def _tiers(prices: Any) -> Iterator[Any]:
    for key in TOKEN_PRICES:
        yield from getattr(getattr(prices, key), "tiers", ())


def _tier(prices: Any, above: float) -> PriceTier:
    usual = _price(prices.input_mtok, above)
    return PriceTier(
        above_input_tokens=above,
        input_usd_per_mtok=usual,
        cached_input_usd_per_mtok=_price(prices.cache_read_mtok, above, usual),
        cache_write_usd_per_mtok=_price(prices.cache_write_mtok, above, usual),
        output_usd_per_mtok=_price(prices.output_mtok, above),
    )


def _price(value: Any, above: float, missing: float = 0.0) -> float:
    """Price that holds for requests of more than `above` input tokens; tiers are sorted by size."""
    if value is None:
        return missing
    reached = [tier.price for tier in getattr(value, "tiers", ()) if above > 0 and tier.start <= above]
    return float(reached[-1] if reached else getattr(value, "base", value))
