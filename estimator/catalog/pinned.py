"""What if a price were another? GPU offers and token prices with some of their prices replaced."""

from collections.abc import Mapping
from dataclasses import replace

from estimator.catalog.types import Row, TokenPrice
from estimator.units import Value, central

TOKEN_KINDS = ("input", "cached_input", "cache_write", "output")

Series = Mapping[str, tuple[Row, ...]]


def repriced_offers(series: Series, values: Mapping[str, Value]) -> Series:
    """Series of offers in which those of some ids cost what is given.

    Args:
        series: Dated rows by id.
        values: Price of an instance by id of its row; offers are chosen at its central case. [USD/h]

    Returns:
        The series; the same rows but for those ids. [USD/h]

    Source: definition.

    >>> repriced_offers({}, {"gpu/none": 2.0})
    {}
    """
    middle = {row_id: central(values[row_id]) for row_id in series if row_id in values}
    changed = {
        row_id: tuple(replace(row, low=usd, mode=usd, high=usd) for row in series[row_id])
        for row_id, usd in middle.items()
    }
    return {**series, **changed}


def repriced_tokens(price: TokenPrice, values: Mapping[str, Value]) -> TokenPrice:
    """Token prices in which some kinds cost what is given; dearer tiers keep their ratio to the first.

    Args:
        price: Prices of a hosted model.
        values: Price by `token/PROVIDER/MODEL/KIND`. [USD/Mtok]

    Returns:
        The prices. [USD/Mtok]

    Source: definition.

    >>> from datetime import date
    >>> repriced_tokens(TokenPrice("a", "b", (), date(2026, 1, 1), ""), {}).model
    'b'
    """
    name = f"token/{price.provider}/{price.model}"
    tiers = price.tiers
    for kind in TOKEN_KINDS:
        wanted = values.get(f"{name}/{kind}")
        if wanted is None or not tiers:
            continue
        field = f"{kind}_usd_per_mtok"
        first = getattr(tiers[0], field)
        ratio = wanted / first if central(first) else 1.0
        tiers = tuple(replace(tier, **{field: getattr(tier, field) * ratio}) for tier in tiers)
    return replace(price, tiers=tiers)
