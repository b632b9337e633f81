"""Ledger lines from unit prices and counts: before launch, every month, or with the volume."""

from estimator.record import record
from estimator.tco.ledger import Category, Line
from estimator.tco.months import every_month, upfront
from estimator.units import Array, Value


@record
class Book:
    """Writes the lines of one option over one horizon."""

    months: int
    before_launch: Array
    """One unit before launch, shape (1, months + 1)."""
    each_month: Array
    """One unit in every month after launch, shape (1, months + 1)."""

    @classmethod
    def of(cls, months: int) -> "Book":
        """An empty book for a horizon in months."""
        return cls(months, upfront(months=months), every_month(per_month=1.0, months=months))

    def once(self, key: str, label: str, category: Category, unit: str, *, usd: Value, units: Value) -> Line:
        """A cost before launch: `units` at `usd` each.

        Args:
            key: Stable name of the line.
            label: Name in words.
            category: Group of the line.
            unit: What is counted.
            usd: Price of one unit. [USD]
            units: How many. [unit]

        Returns:
            The line. [USD]

        Source: definition.
        """
        return Line(key, label, category, unit, usd, self.before_launch, units, nature="one_off")

    def monthly(self, key: str, label: str, category: Category, unit: str, *, usd: Value, units: Value) -> Line:
        """The same cost in every month after launch.

        Args:
            key: Stable name of the line.
            label: Name in words.
            category: Group of the line.
            unit: What is counted.
            usd: Price of one unit. [USD]
            units: How many a month. [unit/month]

        Returns:
            The line. [USD]

        Source: definition.
        """
        return Line(key, label, category, unit, usd, self.each_month, units)

    def path(
        self, key: str, label: str, category: Category, unit: str, *, usd: Value, units: Array, count: Value = 1.0
    ) -> Line:
        """A cost whose quantity differs from month to month.

        Args:
            key: Stable name of the line.
            label: Name in words.
            category: Group of the line.
            unit: What is counted.
            usd: Price of one unit. [USD]
            units: Quantity with the empty month 0 in front, shape (1 or n, months + 1). [unit]
            count: What each of them stands for in each future; one where not given. [1]

        Returns:
            The line. [USD]

        Source: definition.
        """
        return Line(key, label, category, unit, usd, units, count)
