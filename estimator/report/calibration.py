"""A calibration as a sheet: one row per factor; its JSON is the calibration file."""

from dataclasses import asdict

from estimator.catalog.calibration import Calibration, calibration_data
from estimator.report.layout import Table
from estimator.report.numbers import error_percent, significant
from estimator.report.sheet import Sheet


def calibration_sheet(calibration: Calibration) -> Sheet:
    """Factors by quantity, method and GPU."""
    rows = tuple(
        (item.quantity, item.method, item.gpu, significant(item.factor), error_percent(item.spread), str(item.n))
        for item in calibration.factors
    )
    return Sheet(
        title="Measured over predicted, from your own runs",
        blocks=(
            Table("", ("Quantity", "Method", "GPU", "Factor", "Spread", "n"), rows),
            "Write it with -o calibration.json and give it to any command with --calibration calibration.json.",
        ),
        data=calibration_data(calibration),
        records=[asdict(item) for item in calibration.factors],
    )
