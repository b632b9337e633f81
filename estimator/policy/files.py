"""Scenario files that were checked: the estimate, the policy, what was found."""

from collections.abc import Sequence
from typing import Any, Literal

from estimator.errors import ScenarioError
from estimator.plain import plain
from estimator.policy.checking import Checked, Status, check
from estimator.policy.stored import Stored
from estimator.record import record
from estimator.results import SCHEMA_VERSION, Estimate
from estimator.scenario import Policy

POLICY_FAILED = 4
"""Exit code of a result that a policy fails."""
_MARKS = {"invalid": 3, "failed": 2, "warned": 1, "ok": 0}


@record
class CheckedFile:
    """One scenario file and what was found."""

    file: str
    estimate: Estimate | None
    """None where the file is invalid."""
    checked: Checked | None
    """None where there is no policy, or the file is invalid."""
    policy: str = ""
    """Where the policy comes from; empty where there is none."""
    error: str = ""
    """Why the file is invalid."""
    exit_code: int = 0
    """Of that error."""

    @property
    def status(self) -> Status | Literal["invalid"]:
        """The worst that was found."""
        if self.error:
            return "invalid"
        return self.checked.status if self.checked else "ok"

    @property
    def data(self) -> dict[str, Any] | None:
        """The scenario of the result as plain data; None where the file is invalid."""
        found: dict[str, Any] | None = self.estimate.to_dict()["scenarios"][0] if self.estimate else None
        return found

    def to_dict(self) -> dict[str, Any]:
        """What was found as plain data."""
        return {
            "file": self.file,
            "scenario": self.estimate.name if self.estimate else None,
            "status": self.status,
            "policy": self.policy or None,
            "rules": plain(self.checked.rulings if self.checked else ()),
            "stale_prices": self.data["stale_prices"] if self.data else [],
            "error": self.error or None,
        }


def check_estimate(
    file: str, estimate: Estimate, *, policy: Policy | None, origin: str, base: Stored | None = None
) -> CheckedFile:
    """Hold an estimate against a policy, or against that of its scenario where none is given.

    Args:
        file: Where the scenario comes from.
        estimate: Its result.
        policy: The policy; that of the scenario where None.
        origin: What to call the policy that is given.
        base: The result before.

    Raises:
        EstimatorError: a condition or the stored result cannot be used.
    """
    used, named = (policy, origin) if policy else (estimate.scenario.policy, "policy of the scenario")
    if used is None:
        return CheckedFile(file, estimate, None)
    data = estimate.to_dict()["scenarios"][0]
    try:
        return CheckedFile(file, estimate, check(used, data, base.like(data) if base else None), named)
    except ScenarioError as error:
        raise ScenarioError(f"{named}: {error}") from None


def exit_code_of(files: Sequence[CheckedFile]) -> int:
    """0 where nothing failed; that of the first error where a file is invalid; else 4."""
    if invalid := next((file for file in files if file.error), None):
        return invalid.exit_code
    return POLICY_FAILED if any(file.status == "failed" for file in files) else 0


def checks_data(files: Sequence[CheckedFile]) -> dict[str, Any]:
    """All files as plain data; `scenarios` holds the results as `estimator compare -f json` writes them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "status": max((file.status for file in files), key=_MARKS.__getitem__),
        "checks": [file.to_dict() for file in files],
        "scenarios": [file.data for file in files if file.data is not None],
    }
