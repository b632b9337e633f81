"""The text of an uploaded scenario, or why it is none."""

from typing import Protocol

from estimator.errors import ScenarioError
from estimator.scenario.memo import MAX_BYTES, scenario_text

KINDS = ["yaml", "yml", "json", "html", "md"]
"""Suffixes of files that may hold a scenario."""


class Upload(Protocol):
    """What the browser sent."""

    name: str
    size: int

    def getvalue(self) -> bytes:
        """All of it."""


def given_text(upload: Upload) -> str:
    """Scenario text of a file, of a result or of a memo that carries one.

    Raises:
        ScenarioError: it is too large, not UTF-8, or holds no scenario.
    """
    if upload.size > MAX_BYTES:
        raise ScenarioError(f"{upload.name}: larger than {MAX_BYTES:,} bytes; a scenario is a few kilobytes")
    try:
        return scenario_text(upload.getvalue().decode("utf-8"), origin=upload.name)
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{upload.name}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from None
