"""When does which money flow? The ledger of months × lines, its discounting, break-even and payback."""

from estimator.tco.cashflow import (
    break_even_month,
    break_even_volume,
    discount_factors,
    internal_rate_of_return,
    net_present_value,
    payback_months,
)
from estimator.tco.costs import benefits_of, costs_of
from estimator.tco.formulas import Formula, formula_of
from estimator.tco.items import Book
from estimator.tco.ledger import CATEGORIES, Category, Ledger, Line, every_month, sum_months, upfront
from estimator.tco.parts import Parts, Retraining, evaluation_set_of, retraining_of
from estimator.tco.staging import Turn, staged_ledger
from estimator.tco.volume import requests_per_month

__all__ = [
    "CATEGORIES",
    "Book",
    "Category",
    "Formula",
    "Ledger",
    "Line",
    "Parts",
    "Retraining",
    "Turn",
    "benefits_of",
    "break_even_month",
    "break_even_volume",
    "costs_of",
    "discount_factors",
    "evaluation_set_of",
    "every_month",
    "formula_of",
    "internal_rate_of_return",
    "net_present_value",
    "payback_months",
    "requests_per_month",
    "retraining_of",
    "staged_ledger",
    "sum_months",
    "upfront",
]
