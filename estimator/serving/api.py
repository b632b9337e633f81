"""What one request costs at a provider that bills by token."""

import numpy as np

from estimator.catalog import TokenPrice
from estimator.record import record
from estimator.serving.constants import CACHE_MINIMUM
from estimator.units import MILLION, Array, Value


@record(kw_only=True)
class TokenRates:
    """Prices per token that a request of a certain size pays."""

    input_usd: Value
    cached_input_usd: Value
    cache_write_usd: Value
    output_usd: Value


@record(kw_only=True)
class RequestCost:
    """Cost of one request by kind of token."""

    input: Value
    cached_input: Value
    cache_write: Value
    output: Value

    @property
    def total(self) -> Value:
        """Sum of the parts. [USD]"""
        return self.input + self.cached_input + self.cache_write + self.output


def token_rates(*, price: TokenPrice, input_tokens: Value) -> TokenRates:
    """Prices per token of the tier that the whole request falls into.

    Args:
        price: Prices by size of the request. [USD/Mtok]
        input_tokens: All tokens read, cached ones included. [token]

    Returns:
        Prices per token. [USD]

    Source: price lists with size cliffs: above a threshold every token of the request costs the higher price.
    """
    names = ("input_usd_per_mtok", "cached_input_usd_per_mtok", "cache_write_usd_per_mtok", "output_usd_per_mtok")
    size = np.asarray(input_tokens, dtype=float)
    found: dict[str, Array] = {}
    for name in names:
        rate = np.zeros_like(size) + getattr(price.tiers[0], name)
        for tier in price.tiers[1:]:
            rate = np.where(size > tier.above_input_tokens, getattr(tier, name), rate)
        found[name] = rate / MILLION
    return TokenRates(
        input_usd=found[names[0]],
        cached_input_usd=found[names[1]],
        cache_write_usd=found[names[2]],
        output_usd=found[names[3]],
    )


def scaled_rates(*, rates: TokenRates, factor: Value) -> TokenRates:
    """All prices times one factor, such as a batch discount.

    Args:
        rates: Prices per token. [USD]
        factor: Paid over list price. [1]

    Returns:
        Prices per token. [USD]

    Source: definition.
    """
    return TokenRates(
        input_usd=rates.input_usd * factor,
        cached_input_usd=rates.cached_input_usd * factor,
        cache_write_usd=rates.cache_write_usd * factor,
        output_usd=rates.output_usd * factor,
    )


def api_request_usd(
    *,
    price: TokenPrice,
    fresh_input_tokens: Value,
    cached_input_tokens: Value,
    cache_write_tokens: Value,
    output_tokens: Value,
) -> RequestCost:
    """Σ tokens × price: p_in fresh + p_read cached + p_write written + p_out output.

    Args:
        price: Prices by size of the request. [USD/Mtok]
        fresh_input_tokens: Read at the full price. [token]
        cached_input_tokens: Read from the provider's cache. [token]
        cache_write_tokens: Read and stored in the cache. [token]
        output_tokens: Written, reasoning included. [token]

    Returns:
        Itemised cost of one request. [USD]

    Source: price lists of the providers.
    """
    rates = token_rates(price=price, input_tokens=fresh_input_tokens + cached_input_tokens + cache_write_tokens)
    return RequestCost(
        input=fresh_input_tokens * rates.input_usd,
        cached_input=cached_input_tokens * rates.cached_input_usd,
        cache_write=cache_write_tokens * rates.cache_write_usd,
        output=output_tokens * rates.output_usd,
    )


def caching_pays(*, prefix_tokens: Value, cache_hit_rate: Value, rates: TokenRates) -> Value:
    """1 where the prefix is long enough to be cached and h p_read + (1 − h) p_write < p_in, else 0.

    Args:
        prefix_tokens: Tokens that are the same in every request. [token]
        cache_hit_rate: h, share of requests that find them in the cache. [1]
        rates: Prices per token. [USD]

    Returns:
        1 or 0. [1]

    Source: prompt-caching guides of the providers: shorter prefixes are not cached, writing may cost extra.
    """
    paid = cache_hit_rate * rates.cached_input_usd + (1.0 - cache_hit_rate) * rates.cache_write_usd
    long_enough = np.asarray(prefix_tokens) >= CACHE_MINIMUM
    pays: Value = np.where(long_enough & (np.asarray(paid) < rates.input_usd), 1.0, 0.0)
    return pays
