"""Items of a bill by the moment they are paid: once, every month, with every query."""

from typing import Literal

from estimator.record import record
from estimator.units import Value

When = Literal["once", "month", "query"]


@record(kw_only=True)
class CostItem:
    """One item of what retrieval costs."""

    name: str
    label: str
    when: When
    usd: Value


@record(kw_only=True)
class RetrievalCost:
    """All items by the moment they are paid."""

    items: tuple[CostItem, ...]

    @property
    def once_usd(self) -> Value:
        """Before the first query. [USD]"""
        return self._sum("once")

    @property
    def usd_per_month(self) -> Value:
        """Every month, without queries. [USD/month]"""
        return self._sum("month")

    @property
    def usd_per_query(self) -> Value:
        """With every query. [USD/query]"""
        return self._sum("query")

    def total(self, *, months: Value, queries_per_month: Value) -> Value:
        """Over a horizon, undiscounted. [USD]"""
        return self.once_usd + months * (self.usd_per_month + queries_per_month * self.usd_per_query)

    def usd(self, name: str) -> Value:
        """One item by name; 0 where it is not charged. [USD]"""
        return sum((item.usd for item in self.items if item.name == name), start=0.0)

    def _sum(self, when: When) -> Value:
        return sum((item.usd for item in self.items if item.when == when), start=0.0)


def once(name: str, label: str, usd: Value) -> CostItem:
    """An item paid before the first query.

    Args:
        name: Stable name. [1]
        label: In words. [1]
        usd: Amount. [USD]

    Returns:
        Item. [USD]

    Source: definition.
    """
    return CostItem(name=name, label=label, when="once", usd=usd)


def monthly(name: str, label: str, usd: Value) -> CostItem:
    """An item paid every month.

    Args:
        name: Stable name. [1]
        label: In words. [1]
        usd: Amount. [USD/month]

    Returns:
        Item. [USD]

    Source: definition.
    """
    return CostItem(name=name, label=label, when="month", usd=usd)


def per_query(name: str, label: str, usd: Value) -> CostItem:
    """An item paid with every query.

    Args:
        name: Stable name. [1]
        label: In words. [1]
        usd: Amount. [USD/query]

    Returns:
        Item. [USD]

    Source: definition.
    """
    return CostItem(name=name, label=label, when="query", usd=usd)
