"""What kinds of prices cost: closer bounds than those of a unit, so that a factor of 1000 always shows."""

import re
from collections.abc import Mapping
from fnmatch import translate
from functools import cached_property
from types import MappingProxyType

from estimator.record import record

SPAN = 1000.0
"""Greatest over least plausible value of a kind stays below this, so no value survives times or through 1000. [1]"""


@record(slots=False)
class PriceKind:
    """Prices of like things, and the range in which they are plausible."""

    pattern: str
    """Of the id after its first part; `*` stands for anything."""
    unit: str
    least: float
    most: float
    name: str

    @cached_property
    def matches(self) -> re.Pattern[str]:
        """The pattern, compiled."""
        return re.compile(translate(self.pattern))


def _kinds(*rows: tuple[str, str, float, float, str]) -> tuple[PriceKind, ...]:
    return tuple(PriceKind(*row) for row in rows)


_NEAR_THE_DOLLAR = (
    *("AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD"),
    *("MXN", "NOK", "NZD", "PLN", "SEK", "SGD", "ZAR"),
)
_MODEL_LABEL = ("USD/label", 0.0005, 0.4, "a label by a model")
_LABEL = ("USD/label", 0.03, 25.0, "a label by a person")
KINDS: Mapping[str, tuple[PriceKind, ...]] = MappingProxyType(
    {
        "embedding": _kinds(("*", "USD/Mtok", 0.002, 1.9, "embedding")),
        "rerank": _kinds(
            ("*", "USD/Mtok", 0.002, 1.9, "reranking by tokens"),
            ("*", "USD/1k-queries", 0.1, 90.0, "reranking by queries"),
        ),
        "fee": _kinds(("*", "USD/label", 0.002, 1.0, "a platform fee per label")),
        "label": _kinds(
            ("*llm", *_MODEL_LABEL), ("cuad_page", "USD/label", 20.0, 1e3, "a page read by lawyers"), ("*", *_LABEL)
        ),
        "project": _kinds(
            ("rlaif_llm/*", *_MODEL_LABEL),
            ("alpaca/*", *_MODEL_LABEL),
            ("gilardi/*", *_MODEL_LABEL),
            ("*", *_LABEL),
            ("*", "USD/hour", 1.0, 500.0, "an hour of labelling"),
            ("cuad/*", "USD", 2e4, 1.9e7, "a data set valued at lawyers' rates"),
            ("*", "USD", 50.0, 4.9e4, "a data set of cheap labels"),
        ),
        "rate": _kinds(
            ("llm", "USD/hour", 0.01, 9.0, "an hour's labels by a model"),
            ("*", "USD/hour", 2.0, 500.0, "an hour of a person"),
        ),
        "labour": _kinds(("*", "USD/hour", 5.0, 500.0, "an hour of work"), ("*", "ratio", 1.0, 3.0, "pay over wages")),
        "infrastructure": _kinds(
            ("*", "USD/GB", 0.002, 1.0, "traffic"),
            ("*", "USD/GB-month", 0.001, 0.9, "object storage"),
            ("*", "USD/1k-requests", 0.0001, 0.09, "storage requests"),
            ("pue*", "ratio", 1.0, 3.0, "power usage effectiveness"),
            ("grid/*", "gCO2e/kWh", 5.0, 1500.0, "carbon of a grid"),
        ),
        "managed": _kinds(
            ("*/cached_input", "USD/Mtok", 0.005, 4.9, "cached input of a tuned model"),
            ("*/input", "USD/Mtok", 0.02, 19.0, "input of a tuned model"),
            ("*", "USD/Mtok", 0.05, 49.0, "training or output of a tuned model"),
            ("*/train_hour", "USD/hour", 2.0, 500.0, "an hour of managed training"),
            ("*", "USD/hour", 0.2, 190.0, "hosting of a tuned model"),
            ("*", "USD/month", 0.1, 90.0, "storage of a tuned model"),
            ("*", "USD/GB-month", 0.01, 9.0, "storage of a tuned model"),
            ("*/minimum", "USD", 0.5, 400.0, "least charge of a tuning job"),
            ("*/pause", "USD", 100.0, 9e4, "cap of a tuning job"),
        ),
        "trend": _kinds(("*", "USD/hour", 0.05, 45.0, "a GPU for an hour")),
        "vector_store": _kinds(
            ("*", "USD/month", 2.0, 1900.0, "a small vector store"),
            ("*", "USD/hour", 0.005, 4.9, "a unit of a vector store"),
            ("*", "USD/GB-month", 0.005, 4.9, "storage of vectors"),
            ("*/query-*", "USD/GB", 1e-8, 9e-6, "data scanned by a query"),
            ("*", "USD/GB", 0.005, 4.9, "vectors written or returned"),
            ("*", "USD/1k-queries", 0.0002, 0.19, "queries"),
            ("*", "USD/1k-requests", 0.005, 4.9, "requests"),
            ("*", "USD/M-units", 0.2, 100.0, "read, write and compute units"),
            ("*", "USD/M-dimensions-month", 0.001, 0.9, "stored dimensions"),
        ),
        "fx": _kinds(
            ("KRW", "USD/currency-unit", 1e-4, 0.05, "a unit of the currency"),
            *((code, "USD/currency-unit", 1e-3, 0.5, "a unit of the currency") for code in ("INR", "JPY")),
            *((code, "USD/currency-unit", 0.02, 9.0, "a unit of the currency") for code in _NEAR_THE_DOLLAR),
        ),
        "host": _kinds(("*", "bytes", 8e9, 7.9e12, "memory of a server")),
    }
)
"""Kinds of prices by the first part of an id; the first that fits counts. Team judgement: the range of all rows of
the kind, with room on both sides and less than `SPAN` between them. Offers of GPUs are held to `GPU_HOUR_BOUNDS`."""


def price_kind(row_id: str, unit: str) -> PriceKind | None:
    """The kind of price that a row is, or None where only the bounds of its unit are known.

    Args:
        row_id: Id of the row. [text]
        unit: Its unit. [text]

    Returns:
        The kind. [1]

    Source: definition.

    >>> price_kind("managed/openai/gpt-4.1/train", "USD/Mtok").most
    49.0
    """
    first, _, rest = row_id.partition("/")
    for kind in KINDS.get(first, ()):
        if kind.unit == unit and kind.matches.match(rest):
            return kind
    return None


def implausible_price(*, row_id: str, unit: str, mode: float, high: float) -> str:
    """What is wrong with a price for its kind, in words; empty where it is plausible or its kind unknown.

    Args:
        row_id: Id of the row. [text]
        unit: Its unit. [text]
        mode: Most likely value. [unit]
        high: Greatest value. [unit]

    Returns:
        The complaint, or nothing. [text]

    Source: team judgement, see `KINDS`.

    >>> implausible_price(row_id="embedding/openai/small", unit="USD/Mtok", mode=0.02, high=0.02)
    ''
    >>> implausible_price(row_id="embedding/openai/small", unit="USD/Mtok", mode=20.0, high=20.0)
    '20 USD/Mtok is outside 0.002 to 1.9, which is plausible for embedding; check for a factor of 1000'
    """
    kind = price_kind(row_id, unit)
    if kind is None or (kind.least <= mode and high <= kind.most):
        return ""
    value = mode if mode < kind.least else high
    plausible = f"{kind.least:g} to {kind.most:g}, which is plausible for {kind.name}"
    return f"{value:g} {unit} is outside {plausible}; check for a factor of 1000"
