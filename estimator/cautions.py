"""What a reader should know before trusting an estimate as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from estimator.decision import Check, Decision, Outcome
from estimator.inputs import Input
from estimator.money import Currency, amount
from estimator.record import record
from estimator.warnings import Warned

OLD_DAYS = 90
"""Age from which a price is called old. Judgement. [day]"""
DRIVES = 0.1
"""Share of the spread from which a judgement is worth a warning. Judgement. [1]"""
WIDE = 3.0
"""High over low from which a range is called wide. Judgement. [1]"""


@record
class Notice:
    """One warning."""

    code: str
    """One of `estimator.warnings.CODES`."""
    option: str | None
    """None where it concerns the whole estimate."""
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.option}: {self.text}" if self.option else f"{self.code} {self.text}"


def cautions(
    *, decision: Decision, outcomes: Mapping[str, Outcome], inputs: Sequence[Input], on: date
) -> tuple[Warned, ...]:
    """Old prices, wide judgements, drivers that are all defaults, and too few futures."""
    return (
        *_old_prices(inputs, on),
        *_wide_judgements(decision, inputs),
        *_defaults(decision),
        *_noise(decision, outcomes),
    )


def unchecked(checks: Sequence[Check]) -> tuple[Warned, ...]:
    """Constraints that can neither be shown to hold nor to be broken."""
    return tuple(Warned("W013", f"{check.constraint}: {check.text}") for check in checks if check.holds is None)


def old_prices(inputs: Sequence[Input], on: date) -> tuple[tuple[date, str], ...]:
    """Day of reading and key of every catalog price that was read long before a day, oldest first."""
    read = [(item.read_on, item.key) for item in inputs if item.origin == "catalog" and item.unit.startswith("USD")]
    return tuple(sorted((day, key) for day, key in read if day is not None and (on - day).days > OLD_DAYS))


def _old_prices(inputs: Sequence[Input], on: date) -> Iterator[Warned]:
    old = old_prices(inputs, on)
    if old:
        day, key = old[0]
        many = "1 price was" if len(old) == 1 else f"{len(old)} prices were"
        yield Warned(
            "W012",
            f"{many} read more than {OLD_DAYS} days before {on}, {key} first, on {day}; "
            "estimator catalog stale lists them",
        )


def old_rate(currency: Currency, on: date) -> tuple[Warned, ...]:
    """An exchange rate of the result that is much older than its prices."""
    if currency.on is None or (on - currency.on).days <= OLD_DAYS:
        return ()
    return (Warned("W012", f"{currency.words}: the exchange rate is {(on - currency.on).days} days old; give --rates"),)


def _wide_judgements(decision: Decision, inputs: Sequence[Input]) -> Iterator[Warned]:
    known = {item.key: item for item in inputs}
    for driver in decision.drivers:
        item = known.get(driver.key)
        if item is None or driver.share <= DRIVES or item.basis != "judgement":
            continue
        if item.low <= 0 or item.high / item.low >= WIDE:
            yield Warned(
                "W014",
                f"{item.key} drives {driver.share:.0%} of the spread and is a judgement from {item.low:g} to "
                f"{item.high:g} {item.unit}; measure it, or state your own",
            )


def _defaults(decision: Decision) -> Iterator[Warned]:
    named = decision.ownership.drivers
    if named and not any(driver.origin == "yours" for driver in named):
        yield Warned("W015", f"none of the {len(named)} largest drivers of the choice is your own figure")


def _noise(decision: Decision, outcomes: Mapping[str, Outcome]) -> Iterator[Warned]:
    best, second = decision.verdict.best, decision.verdict.runner_up
    if best is None or second is None:
        return
    gap = (outcomes[best].net_benefit - outcomes[second].net_benefit)[1:]
    if gap.size < 2 or not gap.std() > 0:
        return
    error = float(gap.std(ddof=1) / np.sqrt(gap.size))
    if abs(float(gap.mean())) < 2.0 * error:
        yield Warned(
            "W016",
            f"{best} leads {second} by {amount(float(gap.mean()))} with a standard error of {amount(error)}: "
            "raise draws",
        )
