"""A policy: conditions on a result that warn or fail, in a scenario or in a file of its own."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from estimator.errors import ScenarioError, UsageError
from estimator.reading import bounded_text
from estimator.scenario.condition import parse_condition
from estimator.scenario.fields import Part
from estimator.scenario.messages import explain
from estimator.scenario.text import parse_yaml

LARGEST = 100_000
"""Bytes of a policy file."""


def _condition(given: Any) -> Any:
    parse_condition(given)
    return given


Condition = Annotated[str, BeforeValidator(_condition)]
Conditions = Annotated[tuple[Condition, ...], Field(max_length=50)]


class Policy(Part):
    """What a result must not be: conditions over its quantities, see docs/method/policy.md."""

    warn_if: Conditions = ()
    """Conditions that warn where they hold, such as stale.count > 5."""
    fail_if: Conditions = ()
    """Conditions that fail where they hold, such as best.cost.p90 > 120k."""


def load_policy(path: str | Path) -> Policy:
    """Read a policy file: a mapping with `warn_if` and `fail_if`.

    Raises:
        UsageError: the file is missing or cannot be read.
        ScenarioError: its content is no policy.
    """
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise ScenarioError(f"{file}: larger than {LARGEST:,} bytes; a policy is a few lines")
        text = bounded_text(file, LARGEST)
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{file}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{file}: cannot be read: {reason}; check the path of the policy") from None
    data, _ = parse_yaml(text, str(file))
    if not isinstance(data, dict):
        raise ScenarioError(f"{file}: no mapping with warn_if and fail_if; write at least one of them")
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(f"{file}: {explain(error, Policy)[1]}") from None
