"""Whether an installation is in order, as a sheet."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Literal

from estimator.record import record
from estimator.report.layout import Table
from estimator.report.sheet import Sheet

State = Literal["ok", "absent", "warning", "broken"]


@record(kw_only=True)
class Check:
    """One thing that was looked at."""

    area: str
    name: str
    found: str
    state: State = "ok"
    """absent: an extra that is not installed; broken: something the tool needs."""
    advice: str = ""
    """What to do where it is not in order."""


def is_healthy(checks: Sequence[Check]) -> bool:
    """Whether nothing that is needed is broken."""
    return all(check.state != "broken" for check in checks)


def health_sheet(checks: Sequence[Check]) -> Sheet:
    """All checks in a table, what to do below it."""
    wrong = [check for check in checks if check.state in ("broken", "warning")]
    broken = sum(check.state == "broken" for check in checks)
    verdict = "everything needed is in order" if not broken else f"{broken} of what is needed is broken"
    rows = tuple((check.area, check.name, check.found, check.state) for check in checks)
    todo = [f"{check.state}: {check.name}: {check.advice}" for check in wrong]
    todo += [f"absent: {check.name}: {check.advice}" for check in checks if check.state == "absent"]
    return Sheet(
        title=f"estimator doctor: {verdict}",
        blocks=(Table("", ("Area", "What", "Found", "State"), rows), *todo),
        data={"ok": not broken, "checks": [asdict(check) for check in checks]},
        records=[asdict(check) for check in checks],
    )
