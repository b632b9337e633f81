"""When does which money flow? The ledger of months × lines, its discounting, break-even and payback."""

from estimator.tco.calendar import GROUPS, check_names, delayed, escalation_of, on_calendar, treatment_of
from estimator.tco.cashflow import (
    break_even_month,
    break_even_volume,
    discount_factors,
    net_present_value,
    payback_months,
)
from estimator.tco.charges import Charge, charges_of
from estimator.tco.costs import benefits_of, costs_of
from estimator.tco.escalation import deflator, price_index, real_rate
from estimator.tco.formulas import Formula, formula_of
from estimator.tco.items import Book
from estimator.tco.joining import condensed, held, joined_ledger
from estimator.tco.ledger import (
    CATEGORIES,
    Category,
    Ledger,
    Line,
    Nature,
    Treatment,
    sum_months,
)
from estimator.tco.months import every_month, upfront
from estimator.tco.parts import Parts, Retraining, evaluation_set_of, retraining_of
from estimator.tco.paths import Path, joined_paths, narrowed
from estimator.tco.returns import annual_rate, internal_rate_of_return, internal_rates
from estimator.tco.staging import Turn, staged_ledger
from estimator.tco.volume import ramp, requests_per_month

__all__ = [
    "CATEGORIES",
    "GROUPS",
    "Book",
    "Category",
    "Charge",
    "Formula",
    "Ledger",
    "Line",
    "Nature",
    "Parts",
    "Path",
    "Retraining",
    "Treatment",
    "Turn",
    "annual_rate",
    "benefits_of",
    "break_even_month",
    "break_even_volume",
    "charges_of",
    "check_names",
    "condensed",
    "costs_of",
    "deflator",
    "delayed",
    "discount_factors",
    "escalation_of",
    "evaluation_set_of",
    "every_month",
    "formula_of",
    "held",
    "internal_rate_of_return",
    "internal_rates",
    "joined_ledger",
    "joined_paths",
    "narrowed",
    "net_present_value",
    "on_calendar",
    "payback_months",
    "price_index",
    "ramp",
    "real_rate",
    "requests_per_month",
    "retraining_of",
    "staged_ledger",
    "sum_months",
    "treatment_of",
    "upfront",
]
