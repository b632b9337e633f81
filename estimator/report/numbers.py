"""Numbers as people read them; the only place where results are rounded."""

import math
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from estimator.money import Currency, shown_currency
from estimator.units import DAYS_PER_YEAR, GIB, HOURS_PER_DAY, MINUTES_PER_HOUR, THOUSAND

if TYPE_CHECKING:
    from estimator.inputs import Input

_NOISE = 1e-7
"""Amounts below are what rounding leaves of a difference, not figures."""
_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def significant(value: float, digits: int = 3) -> str:
    """A number with a few significant digits and thousands marks.

    >>> significant(61234.5), significant(0.012345)
    ('61,200', '0.0123')
    """
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    return f"{rounded:,.{max(places, 0)}f}"


def futures(draws: int) -> str:
    """A number of futures in words.

    >>> futures(10_000), futures(1)
    ('10,000 futures', '1 future')
    """
    return f"{draws:,} future{'' if draws == 1 else 's'}"


def compact(value: float) -> str:
    """A number with a suffix for thousands, millions, billions.

    >>> compact(61234.5), compact(-1.5e6), compact(12.0), compact(4.5e-5), compact(-1e-12)
    ('61.2k', '-1.5M', '12', '0.000045', '0')
    """
    if not math.isfinite(value):
        return "–"
    for limit, suffix in _UNITS:
        if abs(value) >= 0.9995 * limit:
            return f"{_three_digits(value / limit)}{suffix}"
    return _three_digits(value)


def money(usd: float | None) -> str:
    """An amount in the currency of the result, three significant digits.

    >>> money(61234.5), money(-0.0371), money(0.000045), money(-1e-12), money(None)
    ('$61.2k', '-$0.0371', '$0.000045', '$0', '–')
    """
    if usd is None or not math.isfinite(usd):
        return "–"
    currency = shown_currency()
    size = compact(abs(currency.of(usd)))
    return f"{'-' if usd < 0 and size != '0' else ''}{currency.sign}{size}"


def money_change(usd: float | None) -> str:
    """A difference of two amounts, with its sign.

    >>> money_change(9100.0), money_change(-3.2), money_change(1e-12), money_change(None)
    ('+$9.1k', '-$3.2', '$0', '–')
    """
    text = money(usd)
    return text if text.startswith(("-", "–")) or text == money(0.0) else f"+{text}"


def share(value: float | None) -> str:
    """A share in percent.

    >>> share(0.683), share(0.0), share(0.0041), share(0.0001)
    ('68 %', '0 %', '0.4 %', '< 0.1 %')
    """
    if value is None or not math.isfinite(value):
        return "–"
    percent = 100.0 * value
    if 0 < abs(percent) < 0.05:
        return "< 0.1 %"
    digits = 0 if percent == 0 or abs(percent) >= 10 else 1
    return f"{percent:.{digits}f} %"


def error_percent(value: float | None, *, signed: bool = False) -> str:
    """An error in percent, two significant digits at least.

    >>> error_percent(0.0007), error_percent(0.123), error_percent(-0.05, signed=True)
    ('0.07 %', '12.3 %', '-5.0 %')
    """
    if value is None or not math.isfinite(value):
        return "–"
    percent = 100.0 * value
    digits = 2 if abs(percent) < 1 else 1
    return f"{percent:{'+' if signed else ''}.{digits}f} %"


def month(value: float | None) -> str:
    """A month of the horizon; infinity and None are never.

    >>> month(11.0), month(float("inf"))
    ('month 11', 'never')
    """
    if value is None or not math.isfinite(value):
        return "never"
    return "at once" if value <= 0 else f"month {value:.0f}"


def percent_change(value: float | None) -> str:
    """A relative change.

    >>> percent_change(12.3), percent_change(None)
    ('+12 %', 'new')
    """
    if value is None:
        return "new"
    if abs(value) < 0.05:
        return "0 %"
    return f"{value:+.0f} %" if abs(value) >= 1 else f"{value:+.1f} %"


def gib(size_bytes: float) -> str:
    """A size of memory.

    >>> gib(2**34), gib(2**43)
    ('16 GiB', '8190 GiB')
    """
    return f"{_three_digits(size_bytes / GIB)} GiB"


def hours(value: float) -> str:
    """A duration in minutes, hours or days.

    >>> hours(0.25), hours(3.0), hours(100.0), hours(30e3)
    ('15 min', '3 h', '4.17 days', '1250 days')
    """
    if value < 1:
        return f"{value * MINUTES_PER_HOUR:.2g} min"
    return f"{value:.3g} h" if value < 2 * HOURS_PER_DAY else f"{_three_digits(value / HOURS_PER_DAY)} days"


def seconds(value: float) -> str:
    """A latency.

    >>> seconds(0.0421), seconds(2.5)
    ('42 ms', '2.5 s')
    """
    return f"{significant(value * THOUSAND, 2)} ms" if value < 1 else f"{significant(value, 2)} s"


def age(read_on: date | None, today: date) -> str:
    """How old a figure is.

    >>> age(date(2026, 11, 1), date(2026, 11, 25)), age(date(2024, 11, 1), date(2026, 11, 25)), age(None, date.max)
    ('24 days', '2.1 years', '–')
    """
    if read_on is None:
        return "–"
    days = (today - read_on).days
    return f"{days} days" if days < DAYS_PER_YEAR else f"{days / DAYS_PER_YEAR:.1f} years"


def points(value: float) -> str:
    """A difference of two shares in percentage points.

    >>> points(-0.031)
    '-3.1 pp'
    """
    return f"{100.0 * value:+.1f} pp"


def in_digits(value: float, digits: int = 6) -> str:
    """A number with six significant digits at most, never with an exponent.

    >>> in_digits(2.0), in_digits(137438953472.0), in_digits(2.5e-6)
    ('2', '137439000000', '0.0000025')
    """
    text = f"{value:.{digits}g}"
    if "e" not in text:
        return text
    return f"{float(text):.0f}" if abs(value) >= 1 else f"{float(text):.12f}".rstrip("0")


def _three_digits(value: float) -> str:
    """Three significant digits; what is only noise is 0."""
    return "0" if abs(value) < _NOISE else in_digits(value, 3)


def rate_lines(found: Currency) -> list[str]:
    """Where the exchange rate of a result comes from; nothing where it is in USD.

    >>> rate_lines(Currency("EUR", 1.25, source="a bank"))
    ['Exchange rate: EUR (1 EUR = 1.25 USD): a bank']
    """
    return [f"Exchange rate: {found.words}: {found.source}"] if found.source else []


def origins(inputs: "Iterable[Input]") -> str:
    """How many inputs come from where; presets are named only where one was chosen.

    >>> origins([])
    '0 yours, 0 default, 0 catalog'
    """
    count = Counter(item.origin for item in inputs)
    names = ("yours", *(("preset",) if count["preset"] else ()), "default", "catalog")
    return ", ".join(f"{count[name]} {name}" for name in names)
