"""What it costs to know whether quality holds."""

from dataclasses import dataclass

from estimator.units import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringBill:
    """Monthly cost of watching one option."""

    labels: Value
    """Human labels of the checks. [USD/month]"""
    tooling: Value
    """Dashboards and logging. [USD/month]"""

    @property
    def total(self) -> Value:
        """Sum of the parts. [USD/month]"""
        return self.labels + self.tooling


def monitoring_usd(
    *, checks_per_month: Value, labels_per_check: Value, usd_per_label: Value, tooling_usd_per_month: Value
) -> MonitoringBill:
    """Checks × labels × price + tooling.

    Args:
        checks_per_month: Quality checks. [1/month]
        labels_per_check: Answers judged per check. [count]
        usd_per_label: Cost of judging one answer. [USD/label]
        tooling_usd_per_month: Tools. [USD/month]

    Returns:
        Itemised bill. [USD/month]

    Source: definition.

    >>> monitoring_usd(checks_per_month=1.0, labels_per_check=200.0, usd_per_label=0.5,
    ...                tooling_usd_per_month=50.0).total
    150.0
    """
    return MonitoringBill(labels=checks_per_month * labels_per_check * usd_per_label, tooling=tooling_usd_per_month)
