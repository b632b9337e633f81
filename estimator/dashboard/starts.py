"""Scenarios to start from: the packaged examples, and the templates in their sizes."""

from functools import cache
from typing import get_args

from estimator.scenario.templates import NAMES, Size, is_template, template_named, template_text

EXAMPLES = {
    "triage": "Support-ticket triage",
    "contract-review": "Contract clause review",
    "policy-assistant": "Policy assistant",
}
"""Packaged examples by file name, with their titles."""
STARTS = EXAMPLES | {
    f"{name}, {size}": f"{name.replace('-', ' ').capitalize()} template, {size}"
    for name in NAMES
    for size in get_args(Size)
}
"""The examples, then the templates in each of their sizes."""


@cache
def example(name: str) -> str:
    """Text of a packaged example or template."""
    return template_named(name) if is_template(name) else template_text(name)
