"""A hosted model over time: batch discount, region, reasoning, caching, switching to cheaper models, retirement."""

from datetime import date

import numpy as np

from estimator.catalog import Catalog, TokenPrice
from estimator.errors import InputError
from estimator.record import record
from estimator.serving.api import caching_pays, token_rates
from estimator.serving.constants import CACHE_MINIMUM
from estimator.serving.plan import LARGEST_RATE
from estimator.serving.quote import ByToken, Quote, quote
from estimator.serving.request import Request
from estimator.units import MONTHS_PER_YEAR, SECONDS_PER_MONTH, Array, Value


@record(kw_only=True)
class HostedAsk:
    """What a hosted model is asked to do."""

    model: str
    requests_per_s: float
    input_tokens: float
    output_tokens: float
    cached_prefix: float = 0.0
    """Part of the input that is the same in every request. [token]"""
    hit_rate: float | None = None
    """Share of requests that find it in the cache; the default row where not given. [1]"""
    reasoning_tokens: float = 0.0
    batch_share: float = 0.0
    """Share of requests that can wait for the batch endpoint. [1]"""
    batch_discount: float | None = None
    region_surcharge: float = 0.0
    months: int = 36


@record(kw_only=True)
class Path:
    """What the same capability costs over the months."""

    name: str
    usd_by_month: Array
    migrations: float
    """Moves to another model. [count]"""
    migration_usd: float

    @property
    def usd(self) -> float:
        """All months and migrations, undiscounted. [USD]"""
        return float(self.usd_by_month.sum()) + self.migration_usd


@record(kw_only=True)
class HostedPlan:
    """The bill of a hosted model."""

    ask: HostedAsk
    price: TokenPrice
    request: Request
    quote: Quote
    paths: tuple[Path, ...]
    """Staying with the pinned model, and buying capability anew."""
    migrations_per_year: float
    notes: tuple[str, ...] = ()
    """Why a prefix that is the same each time is not read from a cache."""


def hosted_factor(*, batch_share: Value, batch_discount: Value, region_surcharge: Value) -> Value:
    """Paid over list price: (1 − s_b d)(1 + r).

    Args:
        batch_share: s_b, share of requests sent to the batch endpoint. [1]
        batch_discount: d, its discount. [1]
        region_surcharge: r, what a chosen region costs on top. [1]

    Returns:
        Factor. [1]

    Source: price lists: batch endpoints of OpenAI, Anthropic and Google cost half; regional endpoints cost 10 % more.

    >>> round(hosted_factor(batch_share=0.4, batch_discount=0.5, region_surcharge=0.1), 3)
    0.88
    """
    return (1.0 - batch_share * batch_discount) * (1.0 + region_surcharge)


def price_path(*, months: int, yearly_factor: Value, switch_months: Value) -> Array:
    """Price of equal capability over today's, bought anew every s months: f^(−s ⌊m/s⌋/12); s = ∞ is a pinned model.

    Args:
        months: Horizon. [month]
        yearly_factor: f, factor by which equal capability gets cheaper per year. [1]
        switch_months: s, months between two moves. [month]

    Returns:
        Shape (months,) or (n, months). [1]

    Source: price lists 2024 to 2026: a pinned model keeps its price; row trend/token_price_switching.

    >>> [round(float(x), 3) for x in price_path(months=25, yearly_factor=4.0, switch_months=12.0)[[0, 11, 12, 24]]]
    [1.0, 1.0, 0.25, 0.062]
    """
    month = np.arange(months, dtype=float)
    every = np.asarray(switch_months, dtype=float)[..., None]
    moved = np.where(np.isfinite(every), np.floor(month / every), 0.0)
    since = np.where(np.isfinite(every), moved * np.where(np.isfinite(every), every, 1.0), 0.0)
    path: Array = np.asarray(yearly_factor, dtype=float)[..., None] ** (-since / MONTHS_PER_YEAR)
    return path


def hosted_plan(*, ask: HostedAsk, catalog: Catalog, on: date) -> HostedPlan:
    """A month at a hosted model by kind of token, and its price over the horizon, pinned or switching.

    Args:
        ask: Model and load.
        catalog: Prices and defaults.
        on: Day of the prices.

    Returns:
        Itemised month and paths. [USD]

    Raises:
        InputError: an impossible size, share or horizon.
        UnknownNameError: no such hosted model.

    Source: price lists of the providers; rows of pricing/.
    """
    _check(ask)
    price = catalog.token_price(ask.model, on=on)
    request = Request(
        instructions=ask.cached_prefix,
        instructions_saved=0.0,
        user_text=ask.input_tokens - ask.cached_prefix,
        few_shot=0.0,
        retrieved_context=0.0,
        output=ask.output_tokens,
        reasoning=ask.reasoning_tokens,
    )
    hit = ask.hit_rate if ask.hit_rate is not None else _default(catalog, "prompt.cache_hit_rate", on)
    discount = ask.batch_discount
    if discount is None:
        discount = _default(catalog, "serving.batch_discount", on)
    month = quote(
        by=ByToken(
            price=price,
            cache_hit_rate=hit,
            factor=hosted_factor(
                batch_share=ask.batch_share, batch_discount=discount, region_surcharge=ask.region_surcharge
            ),
        ),
        request=request,
        requests_per_month=ask.requests_per_s * SECONDS_PER_MONTH,
    )
    life = _default(catalog, "upkeep.model_life_months", on)
    return HostedPlan(
        ask=ask,
        price=price,
        request=request,
        quote=month,
        paths=_paths(ask, catalog, on, float(np.asarray(month.usd_per_month)), life),
        migrations_per_year=MONTHS_PER_YEAR / life,
        notes=_uncached(request, hit, price),
    )


def _uncached(request: Request, hit_rate: float, price: TokenPrice) -> tuple[str, ...]:
    """Why a prefix that is the same each time is billed as fresh input; nothing where it is cached."""
    prefix = float(np.asarray(request.prefix))
    rates = token_rates(price=price, input_tokens=request.input)
    if prefix <= 0.0 or caching_pays(prefix_tokens=prefix, cache_hit_rate=hit_rate, rates=rates) > 0.0:
        return ()
    if prefix < CACHE_MINIMUM:
        why = f"providers cache no prefix below {CACHE_MINIMUM:,.0f} tokens"
    else:
        why = f"at a hit rate of {hit_rate:g} writing to the cache costs more than reading from it saves"
    return (f"cached-prefix: the {prefix:,.0f} tokens are billed as fresh input, since {why}",)


def _paths(ask: HostedAsk, catalog: Catalog, on: date, usd: float, life: float) -> tuple[Path, ...]:
    """A pinned model is replaced when it retires; who switches moves every year."""
    each = _default(catalog, "upkeep.migration_hours", on) * catalog.row("labour/ml_engineer", on).mode
    every = _default(catalog, "serving.switch_months", on)
    trend = catalog.row("trend/token_price_switching", on).mode
    found = []
    for name, months, factor in (("pinned", life, 1.0), ("switching", every, trend)):
        moves = float(np.floor((ask.months - 1) / months))
        path = price_path(months=ask.months, yearly_factor=factor, switch_months=months)
        found.append(Path(name=name, usd_by_month=usd * path, migrations=moves, migration_usd=moves * each))
    return tuple(found)


def _check(ask: HostedAsk) -> None:
    for name, value in (("rps", ask.requests_per_s), ("input", ask.input_tokens), ("output", ask.output_tokens)):
        if not np.isfinite(value) or value <= 0:
            raise InputError(f"{name}: {value:g} is not above 0; give a number above 0")
    if ask.requests_per_s > LARGEST_RATE:
        raise InputError(f"rps: {ask.requests_per_s:g} is above {LARGEST_RATE:g}; give requests per second")
    shares = (("hit-rate", ask.hit_rate), ("batch-share", ask.batch_share), ("batch-discount", ask.batch_discount))
    for name, share in shares:
        if share is not None and not 0.0 <= share <= 1.0:
            raise InputError(f"{name}: {share:g} is not from 0 to 1; give a share")
    if not 0.0 <= ask.cached_prefix <= ask.input_tokens:
        raise InputError(
            f"cached-prefix: {ask.cached_prefix:g} is not from 0 to the input of {ask.input_tokens:g} tokens"
        )
    if not 0.0 <= ask.region_surcharge <= 1.0 or not 0.0 <= ask.reasoning_tokens < np.inf:
        raise InputError("region-surcharge must be a share from 0 to 1 and reasoning at least 0 tokens; correct them")
    if not 1 <= ask.months <= 240:
        raise InputError(f"months: {ask.months} is not from 1 to 240; give a horizon in months")


def _default(catalog: Catalog, key: str, on: date) -> float:
    row = catalog.default(key, None, on)
    if row is None:
        raise InputError(f"{key}: no default on {on}; ask for a later day")
    return row.mode
