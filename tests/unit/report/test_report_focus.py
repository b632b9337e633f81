"""The plan in FOCUS columns: names and values of the specification, and the same money as the ledger."""

import csv
import io
import json
from collections import defaultdict
from datetime import date, datetime

import numpy as np
import pytest

from estimator import Comparison, compare, loads
from estimator.report.focus import focus_csv
from estimator.scenario.templates import template_text
from estimator.tco import Ledger, Line, charges_of, every_month

MANDATORY = {
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart",
    "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost",
    "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName",
    "ServiceCategory", "ServiceName",
}  # fmt: skip
"""Columns of FOCUS 1.2 that every data set has."""
NULLABLE = {"ChargeClass"}
SERVICE_CATEGORIES = {
    "AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools",
    "Multicloud", "Identity", "Integration", "Internet of Things", "Management and Governance", "Media", "Migration",
    "Mobile", "Networking", "Security", "Storage", "Web", "Other",
}  # fmt: skip


@pytest.fixture(scope="module")
def compared() -> Comparison:
    texts = (template_text(name) for name in ("triage", "policy-assistant"))
    return compare([loads(text) for text in texts], draws=50)


@pytest.fixture(scope="module")
def rows(compared: Comparison) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(focus_csv(compared))))


def test_columns_are_those_of_the_specification(rows: list[dict[str, str]]) -> None:
    columns = set(rows[0])
    assert columns >= MANDATORY
    for row in rows:
        assert all(row[key] != "" for key in MANDATORY - NULLABLE)
        assert row["ServiceCategory"] in SERVICE_CATEGORIES
        assert row["ChargeCategory"] in {"Usage", "Purchase"}
        assert row["ChargeFrequency"] in {"One-Time", "Recurring", "Usage-Based"}
        assert (row["ChargeCategory"], row["ChargeFrequency"]) != ("Purchase", "Usage-Based")
        assert float(row["ListUnitPrice"]) >= 0
        assert json.loads(row["Tags"])["option"] == row["ResourceName"]


def test_the_money_is_that_of_the_ledger(compared: Comparison, rows: list[dict[str, str]]) -> None:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        cost = float(row["BilledCost"])
        sums[row["BillingAccountName"], row["ResourceName"]] += cost
        assert float(row["PricingQuantity"]) * float(row["ListUnitPrice"]) == pytest.approx(cost)
        assert {row[key] for key in ("EffectiveCost", "ListCost", "ContractedCost")} == {row["BilledCost"]}
    expected = {
        (item["name"], name): option["cost_undiscounted_usd"]["central"]
        for item in compared.to_dict()["scenarios"]
        for name, option in item["options"].items()
    }
    assert sums == pytest.approx(expected)


def test_months_follow_each_other_and_start_before_the_horizon(rows: list[dict[str, str]]) -> None:
    triage = [row for row in rows if row["ResourceName"] == "lora_rag" and row["BillingAccountName"].startswith("Supp")]
    spans = {tuple(datetime.fromisoformat(row[f"ChargePeriod{end}"]) for end in ("Start", "End")) for row in triage}
    ordered = sorted(spans)
    assert [start for start, _ in ordered[1:]] == [end for _, end in ordered[:-1]]
    assert ordered[0][0].date() == date(2026, 12, 1)
    assert ordered[-1][1].date() == date(2030, 1, 1)
    assert len(ordered) == 37


def test_who_is_paid(rows: list[dict[str, str]]) -> None:
    paid = {(row["x_Line"], row["ProviderName"], row["ServiceCategory"]) for row in rows}
    assert ("inference.output", "openai", "AI and Machine Learning") in paid
    assert ("operations.serving", "own organisation", "Other") in paid
    assert ("retrieval.index", "unspecified vendor", "Databases") in paid
    served = next(row for row in rows if row["x_Line"] == "inference.gpu")
    assert (served["ServiceCategory"], served["ServiceName"]) == ("Compute", "L4-24GB")


def test_a_rising_price_is_the_unit_price_of_its_month() -> None:
    line = Line("a", "a", "data", "label", 2.0, every_month(per_month=3.0, months=2), index=np.array([[1.0, 1.0, 1.5]]))
    first, second = charges_of(ledger=Ledger((line,), 2, 0.0), start=date(2026, 12, 1))
    assert (first.starts, first.ends, first.quantity, first.unit_usd) == (date(2026, 12, 1), date(2027, 1, 1), 3.0, 2.0)
    assert (second.starts, second.quantity, second.unit_usd, second.amount_usd) == (date(2027, 1, 1), 3.0, 3.0, 9.0)
