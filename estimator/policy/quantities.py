"""The quantities of a result that a policy may speak of, by name."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from estimator.record import record
from estimator.tco import CATEGORIES
from estimator.warnings import CODES

Figure = float | bool | None
"""An amount, a yes or no, or None where the result has no such figure."""
STATISTICS = ("central", "mean", "p5", "p10", "p50", "p90", "p95")
_MONEY = ("cost", "cost_undiscounted", "net_benefit", "cost_per_success")
_ODDS = ("probability_best", "probability_good_enough", "probability_break_even")
_RESERVED = frozenset({"best", "baseline", "options", "verdict", "warnings", "stale", "inputs", "increase", "change"})
"""First words with a meaning of their own; an option of that name is reached by `options.NAME`."""


@record
class Documented:
    """A family of quantities."""

    name: str
    """Words in capitals stand for several."""
    unit: str
    meaning: str


DOCUMENTED = (
    Documented("OPTION.cost.STAT", "currency", "present value of all costs over the horizon"),
    Documented("OPTION.cost_undiscounted.STAT", "currency", "sum of all costs over the horizon"),
    Documented("OPTION.category.CATEGORY", "currency", "present value of one category of cost, central case"),
    Documented("OPTION.net_benefit.STAT", "currency", "present value of benefits minus costs"),
    Documented("OPTION.cost_per_success.STAT", "currency", "undiscounted cost per correct answer"),
    Documented("OPTION.quality.STAT", "share", "share of correct answers over the horizon"),
    Documented("OPTION.break_even_month.STAT", "months", "month from which it stays ahead of the baseline; never is ∞"),
    Documented("OPTION.probability_break_even", "share", "futures in which it gets and stays ahead of the baseline"),
    Documented("OPTION.probability_best", "share", "futures in which it has the highest net benefit"),
    Documented("OPTION.probability_good_enough", "share", "futures in which it reaches the minimum quality"),
    Documented("OPTION.regret", "currency", "expected loss against the best option of each future"),
    Documented("OPTION.relative_cost", "ratio", "median cost over that of the baseline"),
    Documented("OPTION.eligible", "yes or no", "it may be chosen"),
    Documented("OPTION.feasible", "yes or no", "it can be carried out"),
    Documented("OPTION.warnings.count", "count", "warnings of this option"),
    Documented("verdict.probability_tuning_pays", "share", "futures in which the best tuned option beats the others"),
    Documented("verdict.qualifies", "yes or no", "some option may be chosen"),
    Documented("perfect_information", "currency", "worth of knowing every input before choosing"),
    Documented("warnings.count", "count", "all warnings of the result"),
    Documented("warnings.CODE", "count", "warnings of one code, such as warnings.W004"),
    Documented("stale.count", "count", "prices read more than 90 days before the day of the prices"),
    Documented("stale.oldest_days", "days", "days from reading the oldest of them to the day of the prices"),
    Documented("inputs.ORIGIN", "count", "inputs that are yours, preset, default or catalog"),
    Documented("increase.QUANTITY", "share", "change since --compare-to as a share of it; without OPTION that of best"),
    Documented("change.QUANTITY", "as QUANTITY", "change since --compare-to; without OPTION that of best"),
)
"""Every family, in the order of the documentation."""
_WORDS = {
    "OPTION": r"(?:best|baseline|options\.[A-Za-z][\w-]*|[A-Za-z][\w-]*)",
    "STAT": f"(?:{'|'.join(STATISTICS)})",
    "CATEGORY": f"(?:{'|'.join(CATEGORIES)})",
    "CODE": f"(?:{'|'.join(CODES)})",
    "ORIGIN": "(?:yours|preset|default|catalog)",
    "QUANTITY": r"[A-Za-z][\w.-]*",
}


def documented_as(name: str) -> Documented | None:
    """The family of a quantity, or None where there is none."""
    special = name.split(".")[0] in {"increase", "change", "verdict", "warnings", "stale", "inputs"}
    for family in DOCUMENTED:
        pattern = re.escape(family.name)
        for word, meaning in _WORDS.items():
            pattern = re.sub(rf"\b{word}\b", lambda _, meaning=meaning: meaning, pattern)  # type: ignore[misc]
        if re.fullmatch(pattern, name) and not (special and family.name.startswith("OPTION")):
            return family
    return None


def quantities_of(result: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> dict[str, Figure]:
    """Every quantity of one scenario of a result, as its plain data (`Estimate.to_dict`) holds it.

    Args:
        result: The scenario.
        base: The same scenario as it was, for `increase.` and `change.`.
    """
    now = dict(_figures(result))
    if base is not None:
        now |= _since(now, dict(_figures(base)))
    return now


def _figures(data: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    options = data["options"]
    ending = f"_{str(data['currency']).lower()}"
    best = data["verdict"]["best"]
    chosen = options.get(best) if best is not None else None
    some = next(iter(options.values()))
    named = {"best": chosen, "baseline": some}
    named |= {f"options.{name}" if name in _RESERVED else name: option for name, option in options.items()}
    for name, option in named.items():
        for leaf, figure in _option(some if option is None else option, ending):
            yield f"{name}.{leaf}", None if option is None else figure
    yield "verdict.probability_tuning_pays", data["verdict"]["probability_tuning_pays"]
    yield "verdict.qualifies", best is not None
    yield "perfect_information", data[f"perfect_information{ending}"]
    codes = [item["code"] for item in data["warnings"]]
    yield "warnings.count", len(codes)
    yield from ((f"warnings.{code}", codes.count(code)) for code in CODES)
    ages = [item["days"] for item in data["stale_prices"]]
    yield "stale.count", len(ages)
    yield "stale.oldest_days", max(ages, default=0)
    origins = [item["origin"] for item in data["inputs"]]
    yield from ((f"inputs.{origin}", origins.count(origin)) for origin in ("yours", "preset", "default", "catalog"))


def _option(option: Mapping[str, Any], ending: str) -> Iterator[tuple[str, Figure]]:
    for measure in _MONEY:
        yield from _band(measure, option[f"{measure}{ending}"], never=None)
    yield from _band("quality", option["quality"], never=None)
    yield from _band("break_even_month", option["break_even_month"], never=math.inf)
    spent = option[f"cost_by_category{ending}"]
    yield from ((f"category.{name}", spent.get(name, 0.0)) for name in CATEGORIES)
    yield from ((odds, option[odds]) for odds in _ODDS)
    yield "regret", option[f"regret{ending}"]
    yield "relative_cost", option["relative_cost"]
    yield "eligible", option["eligible"]
    yield "feasible", option["feasible"]
    yield "warnings.count", len(option["warnings"])


def _band(measure: str, band: Mapping[str, Any] | None, *, never: Figure) -> Iterator[tuple[str, Figure]]:
    for statistic in STATISTICS:
        figure = None if band is None else band[statistic]
        yield f"{measure}.{statistic}", never if figure is None and band is not None else figure


def _since(now: Mapping[str, Figure], before: Mapping[str, Figure]) -> dict[str, Figure]:
    """Changes of every amount; those of the chosen option also under its bare name."""
    found: dict[str, Figure] = {}
    for name, figure in now.items():
        if isinstance(figure, bool):
            continue
        old = before.get(name)
        change = _change(old, figure)
        share = change / abs(old) if change is not None and old else None
        for key in (name, name.removeprefix("best.")):
            found[f"change.{key}"] = change
            found[f"increase.{key}"] = share if change != 0 else 0.0
    return found


def _change(old: Figure, new: Figure) -> float | None:
    """New minus old; from never to never is no change, and from or to never is no amount."""
    if old is None or new is None:
        return None
    if old == new:
        return 0.0
    return new - old if math.isfinite(old) and math.isfinite(new) else None
