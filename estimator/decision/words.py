"""Figures in words: never rounder than the truth."""

from estimator.money import shown_currency


def money(usd: float) -> str:
    """An amount with three significant digits, in the currency of the result.

    Args:
        usd: Amount. [USD]

    Returns:
        Words. [text]

    Source: definition.

    >>> money(61234.5), money(-0.0371)
    ('$61.2k', '-$0.0371')
    """
    currency = shown_currency()
    sign = f"-{currency.sign}" if usd < 0 else currency.sign
    size = abs(currency.of(usd))
    for limit, suffix in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= 0.9995 * limit:
            return f"{sign}{size / limit:.3g}{suffix}"
    return f"{sign}{size:.3g}"


def futures(odds: float) -> str:
    """A share of futures; none and every only where it is exactly so.

    Args:
        odds: Share. [1]

    Returns:
        Words. [text]

    Source: definition.

    >>> futures(0.0), futures(0.002), futures(0.68), futures(0.998), futures(1.0)
    ('no future', 'fewer than 1 of 100 futures', '68 of 100 futures', 'more than 99 of 100 futures', 'every future')
    """
    if odds <= 0.0:
        return "no future"
    if odds >= 1.0:
        return "every future"
    if odds < 0.01:
        return "fewer than 1 of 100 futures"
    return "more than 99 of 100 futures" if odds > 0.99 else f"{odds * 100:.0f} of 100 futures"
