"""Amounts are in USD everywhere inside; here they become those of the currency in which a result is shown."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from estimator.record import record

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_USD_KEY = re.compile(r"(?<![a-z])usd(?![a-z])")
_AS_WRITTEN = re.compile(r"usd_per_unit|scenario|.*[./].*")
"""Names of parts of a result that stay as their sources have them; those with a dot or a slash are keys of inputs."""


@record
class Currency:
    """A currency on a day."""

    code: str
    """ISO code."""
    usd_per_unit: float
    """USD that one of it buys."""
    on: date | None = None
    """Day of the rate."""
    source: str = ""

    def of(self, usd: float) -> float:
        """An amount in this currency: USD / (USD per unit).

        >>> Currency("EUR", 1.25).of(100.0)
        80.0
        """
        return usd / self.usd_per_unit

    def usd(self, amount: float) -> float:
        """An amount of this currency in USD.

        >>> Currency("EUR", 1.25).usd(80.0)
        100.0
        """
        return amount * self.usd_per_unit

    @property
    def sign(self) -> str:
        """What stands before an amount."""
        return _SIGNS.get(self.code, f"{self.code} ")

    @property
    def suffix(self) -> str:
        """End of the names of amounts in plain data, as in `cost_eur`."""
        return self.code.lower()

    @property
    def words(self) -> str:
        """Code, and where it is not USD its rate with day and source."""
        if self.code == "USD":
            return "USD"
        day = f" of {self.on}" if self.on else ""
        return f"{self.code} (1 {self.code} = {self.usd_per_unit:.6g} USD{day})"


USD = Currency("USD", 1.0)
_shown: ContextVar[Currency] = ContextVar("shown", default=USD)


@contextmanager
def shown_in(currency: Currency) -> Iterator[None]:
    """Within, words about money are in a currency."""
    before = _shown.set(currency)
    try:
        yield
    finally:
        _shown.reset(before)


def shown_currency() -> Currency:
    """The currency in which words about money are now."""
    return _shown.get()


def amount(usd: float, *, decimals: int = 0) -> str:
    """An amount in the shown currency, in full.

    >>> amount(61234.5), amount(0.126, decimals=2)
    ('$61,234', '$0.13')
    """
    currency = _shown.get()
    return f"{currency.sign}{currency.of(usd):,.{decimals}f}"


def converted(data: Any, currency: Currency) -> Any:
    """Plain data with every amount in a currency: `usd` in the name of a key marks it, and becomes the other code.

    Inputs, constants and the scenario stay as their sources have them.

    >>> converted({"cost_usd": {"p50": 100.0}, "months": 3, "usd_per_run": None}, Currency("EUR", 1.25))
    {'cost_eur': {'p50': 80.0}, 'months': 3, 'eur_per_run': None}
    >>> converted({"task.escalation_usd": 1.5}, Currency("EUR", 1.25))
    {'task.escalation_usd': 1.5}
    """
    if currency.code == USD.code:
        return data
    return _converted(data, _USD_KEY, currency.suffix, currency.of, is_money=False)


def in_usd(data: Any, currency: Currency) -> Any:
    """What `converted` made, back in USD.

    >>> in_usd({"cost_eur": {"p50": 80.0}, "months": 3, "eur_per_run": None}, Currency("EUR", 1.25))
    {'cost_usd': {'p50': 100.0}, 'months': 3, 'usd_per_run': None}
    """
    if currency.code == USD.code:
        return data
    key = re.compile(rf"(?<![a-z]){re.escape(currency.suffix)}(?![a-z])")
    return _converted(data, key, USD.suffix, currency.usd, is_money=False)


def currency_data(currency: Currency) -> dict[str, Any]:
    """A currency as plain data of a result.

    >>> currency_data(Currency("EUR", 1.25, source="a bank"))
    {'currency': 'EUR', 'usd_per_unit': 1.25, 'exchange_rate': {'on': None, 'source': 'a bank'}}
    """
    day = currency.on.isoformat() if currency.on else None
    return {
        "currency": currency.code,
        "usd_per_unit": currency.usd_per_unit,
        "exchange_rate": {"on": day, "source": currency.source or None},
    }


def _converted(
    data: Any, amount_key: re.Pattern[str], code: str, convert: Callable[[float], float], *, is_money: bool
) -> Any:
    if isinstance(data, Mapping):
        found = {}
        for key, value in data.items():
            if not is_money and _AS_WRITTEN.fullmatch(str(key)):
                found[key] = value
                continue
            name = amount_key.sub(code, str(key))
            found[name] = _converted(value, amount_key, code, convert, is_money=is_money or name != key)
        return found
    if isinstance(data, list | tuple):
        return [_converted(item, amount_key, code, convert, is_money=is_money) for item in data]
    if is_money and isinstance(data, int | float) and not isinstance(data, bool):
        return convert(data)
    return data
