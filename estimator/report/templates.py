"""The scenarios to start from, as a sheet."""

from estimator.report.layout import Table
from estimator.report.sheet import Sheet
from estimator.scenario.templates import NAMES, SIZES, about

_SIZES = ("small", "medium", "large")


def templates_sheet() -> Sheet:
    """Every template: what it is about, and the requests per month of each size."""
    records = [{"template": name, "about": about(name), **_requests(name)} for name in NAMES]
    rows = tuple(tuple(record.values()) for record in records)
    header = ("Template", "About", *_SIZES)
    return Sheet(
        title="Templates of estimator init, with their requests per month",
        blocks=(
            Table("", header, rows),
            "Every value is a preset, an order of magnitude by judgement; write one of them with: "
            "estimator init --template NAME --size SIZE -o FILE",
        ),
        data={"templates": records},
        records=records,
    )


def _requests(name: str) -> dict[str, str]:
    values = next(values for key, *values in SIZES[name] if key == "requests_per_month")
    return dict(zip(_SIZES, values, strict=True))
