"""The ledger as a bill: one charge per line and month, each with the days between which it falls."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from estimator.record import record
from estimator.tco.ledger import Ledger, Line
from estimator.units import MONTHS_PER_YEAR, Array, central


@record
class Charge:
    """One line in one month of the central case: quantity × unit price = amount."""

    line: Line
    starts: date
    ends: date
    """First day after it."""
    quantity: float
    """Negative where the line saves money. [unit]"""
    unit_usd: float
    """Price of that month, never negative. [USD/unit]"""
    amount_usd: float


def charges_of(*, ledger: Ledger, start: date) -> Iterator[Charge]:
    """Charges of one option, line by line and month by month, undiscounted: amount = quantity × price × index.

    What falls before launch is put into the month before the horizon begins. Where nothing is due there is no charge.

    Args:
        ledger: Costs of the option on the calendar of the scenario. [USD]
        start: First day of the horizon. [date]

    Yields:
        Charges whose sum is the undiscounted total of the central case. [USD]

    Source: definition; a saving is a negative quantity, since unit prices of bills are not negative.

    >>> line = Line("a", "a", "data", "label", -2.0, np.array([[0.0, 3.0]]))
    >>> [charge] = charges_of(ledger=Ledger((line,), 1, 0.0), start=date(2027, 1, 1))
    >>> charge.starts.isoformat(), charge.quantity, charge.unit_usd, charge.amount_usd
    ('2027-01-01', -3.0, 2.0, -6.0)
    """
    for line in ledger.lines:
        amounts, prices = central(line.price) * line.due[0], central(line.unit_usd) * _index(line)
        for month in np.flatnonzero(amounts):
            amount, price = float(amounts[month]), abs(float(prices[month]))
            yield Charge(
                line=line,
                starts=month_start(start=start, months=int(month) - 1),
                ends=month_start(start=start, months=int(month)),
                quantity=amount / price,
                unit_usd=price,
                amount_usd=amount,
            )


def month_start(*, start: date, months: int) -> date:
    """First day of the month that lies some months after another.

    Args:
        start: A day of the month to count from. [date]
        months: How many months later; negative is earlier. [month]

    Returns:
        The first of that month. [date]

    Source: definition.

    >>> month_start(start=date(2027, 1, 1), months=-1), month_start(start=date(2026, 11, 1), months=14)
    (datetime.date(2026, 12, 1), datetime.date(2028, 1, 1))
    """
    years, month = divmod(start.month - 1 + months, int(MONTHS_PER_YEAR))
    return date(start.year + years, month + 1, 1)


def _index(line: Line) -> Array:
    return np.ones(line.times.shape[1]) if line.index is None else line.index[0]
