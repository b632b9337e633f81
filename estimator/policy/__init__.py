"""Does a result keep to a policy? Named quantities of a result, conditions on them, and what they found."""

from estimator.policy.checking import Checked, Ruling, check
from estimator.policy.files import POLICY_FAILED, CheckedFile, check_estimate, checks_data, exit_code_of
from estimator.policy.quantities import DOCUMENTED, Documented, documented_as, quantities_of
from estimator.policy.stored import Stored, read_stored

__all__ = [
    "DOCUMENTED",
    "POLICY_FAILED",
    "Checked",
    "CheckedFile",
    "Documented",
    "Ruling",
    "Stored",
    "check",
    "check_estimate",
    "checks_data",
    "documented_as",
    "exit_code_of",
    "quantities_of",
    "read_stored",
]
