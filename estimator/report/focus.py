"""The plan in the columns of FOCUS 1.2, the FinOps Open Cost and Usage Specification, so that it can lie beside bills.

`docs/method/report.md` says what each column holds and what a plan cannot fill.
"""

import json
from collections.abc import Collection, Iterator
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Literal

from estimator.report.layout import csv_lines
from estimator.results import Comparison, Estimate, OptionEstimate
from estimator.serving import OwnAnswer
from estimator.tco import Charge, charges_of

VERSION = "1.2"
Vendor = Literal["answering", "training", "embedding", "index", "model", "labelling", "tools", "labour"]
VENDORS: tuple[tuple[str, Vendor], ...] = (
    ("inference.switching", "labour"),
    ("inference.*", "answering"),
    ("training.*", "training"),
    ("retraining.compute", "training"),
    ("retraining.labels", "labelling"),
    ("migration.embedding", "embedding"),
    ("retrieval.corpus", "embedding"),
    ("retrieval.refresh", "embedding"),
    ("retrieval.reembed", "embedding"),
    ("retrieval.rerank", "embedding"),
    ("retrieval.question", "embedding"),
    ("retrieval.*", "index"),
    ("data.synthetic", "model"),
    ("evaluation.judge", "model"),
    ("data.tooling", "tools"),
    ("evaluation.tooling", "tools"),
    ("data.*", "labelling"),
    ("*", "labour"),
)
"""Who is paid, by pattern of the line; the first that fits."""
UNKNOWN = "unspecified vendor"
INTERNAL = "own organisation"
STEADY_UNITS = frozenset({"month", "hour"})
"""Units that fall due whether or not anything is asked."""


def focus_csv(comparison: Comparison) -> str:
    """One row per scenario, option, month and ledger line, central case, undiscounted."""
    named = zip(comparison.labels, comparison.estimates, strict=True)
    return csv_lines([row for label, estimate in named for row in focus_rows(estimate, label=label)])


FOCUS = {"csv": focus_csv}
"""Renderers of the columns by name of the format."""


def focus_rows(
    estimate: Estimate, *, options: Collection[str] | None = None, label: str = ""
) -> Iterator[dict[str, Any]]:
    """Charges of the options that can be carried out, of all where none are named, as FOCUS rows.

    The label stands for the name of the scenario where several have the same.
    """
    for option in estimate.options.values():
        if options is not None and option.name not in options:
            continue
        for charge in charges_of(ledger=option.ledger, start=estimate.scenario.start):
            yield _row(label or estimate.name, estimate, option, charge)


def _row(scenario: str, estimate: Estimate, option: OptionEstimate, charge: Charge) -> dict[str, Any]:
    line, period = charge.line, {"Start": _instant(charge.starts), "End": _instant(charge.ends)}
    provider, category, service = _vendor(option, line.key)
    kind, frequency = _nature(charge)
    money = estimate.currency
    amount, price = money.of(charge.amount_usd), money.of(charge.unit_usd)
    return {
        "BilledCost": amount,
        "BillingAccountId": "estimate",
        "BillingAccountName": scenario,
        "BillingCurrency": money.code,
        "BillingPeriodEnd": period["End"],
        "BillingPeriodStart": period["Start"],
        "ChargeCategory": kind,
        "ChargeClass": "",
        "ChargeDescription": f"{line.label} ({option.name})",
        "ChargeFrequency": frequency,
        "ChargePeriodEnd": period["End"],
        "ChargePeriodStart": period["Start"],
        "ContractedCost": amount,
        "ContractedUnitPrice": price,
        "EffectiveCost": amount,
        "InvoiceIssuerName": provider,
        "ListCost": amount,
        "ListUnitPrice": price,
        "PricingCategory": "Standard",
        "PricingQuantity": charge.quantity,
        "PricingUnit": line.unit.title(),
        "ProviderName": provider,
        "PublisherName": provider,
        "ResourceId": f"{scenario}/{option.name}",
        "ResourceName": option.name,
        "ServiceCategory": category,
        "ServiceName": service,
        "SkuId": line.key,
        "SkuPriceId": f"{option.model}/{line.key}",
        "SubAccountId": option.name,
        "SubAccountName": option.name,
        "Tags": json.dumps({"scenario": scenario, "option": option.name}, ensure_ascii=False),
        "x_Line": line.key,
        "x_Category": line.category,
        "x_Nature": line.nature,
        "x_Treatment": line.treatment,
        "x_Model": option.model,
        "x_Money": estimate.scenario.money,
        "x_PricesOn": estimate.on.isoformat(),
        "x_UsdPerUnit": money.usd_per_unit,
        "x_RateOn": money.on.isoformat() if money.on else "",
        "x_FocusVersion": VERSION,
    }


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _nature(charge: Charge) -> tuple[str, str]:
    """ChargeCategory and ChargeFrequency."""
    if charge.line.nature == "one_off":
        return "Purchase", "One-Time"
    return "Usage", "Recurring" if charge.line.unit in STEADY_UNITS else "Usage-Based"


def _vendor(option: OptionEstimate, key: str) -> tuple[str, str, str]:
    """ProviderName, ServiceCategory and ServiceName of a line."""
    learning, model_provider = "AI and Machine Learning", option.model.partition("/")[0]
    sizing, parts = option.sizing, option.parts
    match next(vendor for pattern, vendor in VENDORS if fnmatchcase(key, pattern)):
        case "answering":
            answer = parts.money.answer if parts else None
            if isinstance(answer, OwnAnswer):
                return answer.provider or INTERNAL, "Compute", answer.gpu
            return model_provider, learning, option.model
        case "training":
            if sizing is not None and sizing.pretraining is not None:
                return sizing.pretraining.offer.provider or INTERNAL, "Compute", sizing.pretraining.offer.gpu
            plan = sizing.plan.chosen if sizing is not None and sizing.plan is not None else None
            return (
                (plan.provider or INTERNAL, "Compute", plan.gpu) if plan else (model_provider, learning, option.model)
            )
        case "index":
            spec = parts.money.option.spec.retrieval if parts else None
            store = spec.store if spec else None
            return store or UNKNOWN, "Databases", "vector store" if store else "vector index"
        case "embedding":
            return UNKNOWN, learning, "embedding model"
        case "model":
            return UNKNOWN, learning, "language model"
        case "tools":
            return UNKNOWN, "Management and Governance", "tools"
        case "labelling":
            return UNKNOWN, "Other", "labelling"
        case "labour":
            return INTERNAL, "Other", "labour"


__all__ = ["FOCUS", "VERSION", "focus_csv", "focus_rows"]
