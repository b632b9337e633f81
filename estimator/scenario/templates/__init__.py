"""Commented scenarios to start from; the same files as in `examples/`."""

from importlib.resources import files

NAMES = ("triage", "contract-review", "policy-assistant")


def template_text(name: str) -> str:
    """Text of a template.

    >>> template_text("triage").startswith("#")
    True
    """
    return (files(__package__) / f"{name}.yaml").read_text(encoding="utf-8")
